"""Static files: addressed under a digest of all of them, so that a browser may keep each for a year."""

import hashlib
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from lms.config import Settings
from lms.places import static_folder

_YEAR = 365 * 24 * 3600
_EXTRA_TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}


@lru_cache(maxsize=1)
def digest() -> str:
    """Twelve hex digits that change whenever a static file does."""
    summary = hashlib.sha256()
    for path in _static_files():
        summary.update(path.relative_to(static_folder()).as_posix().encode())
        summary.update(path.read_bytes())
    return summary.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, good for as long as its content stays."""
    return f"/static/{digest()}/{name}"


@lru_cache(maxsize=1000)
def drawn_icon(name: str, label: str | None = None) -> Markup:
    """A reference to an icon of icons.svg; `label` is read out, without it the icon is silent."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, asset("icons.svg"), name)


def init_app(app: Flask) -> None:
    """Give templates `asset("app.css")` and the icons."""
    app.jinja_env.globals.update(asset=asset, drawn_icon=drawn_icon)


def serve(app: Flask) -> None:
    """Serve the static files, compressed once per digest into the data folder."""
    settings: Settings = app.extensions["lms_settings"]
    folder = settings.data_dir / "cache" / f"static-{digest()}"
    if not folder.exists():
        _prepare(folder)
    white_noise = WhiteNoise(
        app.wsgi_app, max_age=_YEAR, immutable_file_test=lambda _path, _url: True, mimetypes=_EXTRA_TYPES
    )
    white_noise.add_files(str(folder), prefix=f"static/{digest()}/")
    app.wsgi_app = white_noise  # type: ignore[method-assign]


def _static_files() -> list[Path]:
    return sorted(path for path in static_folder().rglob("*") if path.is_file())


def _prepare(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent))
    shutil.copytree(static_folder(), staging, dirs_exist_ok=True)
    compressor = Compressor(log=lambda _line: None)
    for path in sorted(staging.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            for _compressed in compressor.compress(str(path)):
                pass
    staging.chmod(0o755)
    try:
        os.rename(staging, folder)
    except OSError:  # another process was first
        shutil.rmtree(staging, ignore_errors=True)
