"""Typefaces for print, and the setting of text in them: widths, balanced lines, shrinking, and honest refusal.

Widths are in millimetres, sizes in points. Be Vietnam Pro carries every letter of Vietnamese; Tinos (metrics of Times
New Roman, as NĐ 30/2020/NĐ-CP asks of official papers) has the letters of the Ê Đê, Gia Rai and Ba Na scripts too.
"""

import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from lms.core.linebreaks import break_lines, lines_needed, splits_a_word
from lms.places import PACKAGE

FONTS = PACKAGE / "fonts"
"""The folder of TrueType files; it is filled when the package is built."""

NO_BREAK_SPACE = "\u00a0"
BOX = "□"
"""What stands for a letter that no face has (see `fitting`); no face has this either, a sheet draws it."""
_BOX_WIDTH = 0.7  # ems
_SIZE_STEP = 0.5
_LOADING = threading.Lock()
_LOADED: dict[str, TTFont] = {}


class Typeface(StrEnum):
    """A face for print; its value is the stem of the file and the name inside the PDF."""

    SANS = "BeVietnamPro-Regular"
    SANS_LIGHT = "BeVietnamPro-Light"
    SANS_MEDIUM = "BeVietnamPro-Medium"
    SANS_BOLD = "BeVietnamPro-SemiBold"
    SANS_ITALIC = "BeVietnamPro-Italic"
    SERIF = "Tinos-400-normal"
    SERIF_BOLD = "Tinos-700-normal"
    SERIF_ITALIC = "Tinos-400-italic"
    SERIF_BOLD_ITALIC = "Tinos-700-italic"


_SUBSTITUTES = {
    Typeface.SANS: Typeface.SERIF,
    Typeface.SANS_LIGHT: Typeface.SERIF,
    Typeface.SANS_MEDIUM: Typeface.SERIF_BOLD,
    Typeface.SANS_BOLD: Typeface.SERIF_BOLD,
    Typeface.SANS_ITALIC: Typeface.SERIF_ITALIC,
}


class TextDoesNotFit(Exception):
    """A text cannot be printed whole and legible; nothing was cut and no page was made.

    `field` is the attribute the text came from, `text` the text itself (NFC). `character` is the letter that no face
    has, or None when the text is too long for its place.
    """

    def __init__(self, field: str, text: str, character: str | None = None) -> None:
        self.field = field
        self.text = text
        self.character = character
        super().__init__(field, text, character)

    def __str__(self) -> str:
        if self.character is None:
            return f"{self.field}: “{self.text}” dài quá chỗ in"
        return f"{self.field}: không có chữ in cho ký tự {_described(self.character)} trong “{self.text}”"


@dataclass(frozen=True, slots=True)
class Setting:
    """A text that is known to fit: the face, the size in points, and its lines from top to bottom."""

    face: Typeface
    size: float
    lines: tuple[str, ...]

    @property
    def line_height(self) -> float:
        """One em in millimetres: multiply by the leading wanted, such as 1.3."""
        return self.size / mm


def fit(text: str, face: Typeface, width: float, *ladder: tuple[float, float, int], field: str) -> Setting:
    """Set `text` in `width` mm, as large as it goes, on balanced lines.

    Each step of `ladder` is (largest size, smallest size, most lines); steps are tried in turn, each from its largest
    size down by half points. Words joined by U+00A0 stay together. Raises TextDoesNotFit.
    """
    text = nfc(text)
    setting = fitted(text, face_for(text, face, field), width, *ladder)
    if setting is None:
        raise TextDoesNotFit(field, text)
    return setting


def fitted(text: str, face: Typeface, width: float, *ladder: tuple[float, float, int]) -> Setting | None:
    """Set `text` as `fit` does, in a face that has all its letters; None where no step holds it."""
    words = [word for word in text.split(" ") if word]
    if not words:
        return Setting(face, ladder[0][0], ())
    widths = [text_width(word, face, 1) for word in words]
    space = text_width(" ", face, 1)
    for largest, smallest, most_lines in ladder:
        size = largest
        while size >= smallest:
            lines = lines_needed(widths, space, width / size)
            if lines <= most_lines:
                return _well_broken(face, words, widths, space, width, int(lines), (size, smallest))
            size -= _SIZE_STEP
    return None


def _well_broken(
    face: Typeface, words: list[str], widths: list[float], space: float, width: float, lines: int,
    sizes: tuple[float, float],
) -> Setting:  # fmt: skip
    """The text at its largest size, or up to a tenth smaller if only so no word is split between two lines."""
    largest, smallest = sizes
    first = Setting(face, largest, break_lines(words, widths, space, width / largest, lines))
    size, setting = largest, first
    while splits_a_word(setting.lines):
        size -= _SIZE_STEP
        if size < max(smallest, 0.9 * largest):
            return first
        setting = Setting(face, size, break_lines(words, widths, space, width / size, lines))
    return setting


def face_for(text: str, face: Typeface, field: str) -> Typeface:
    """The face to print `text` in: `face`, or its serif companion if only that one has every letter.

    Raises TextDoesNotFit for a letter neither has, and for anything invisible or not composed, such as a line break
    or a tone mark left apart after NFC.
    """
    if set(text) <= _repertoire(face):
        return face
    missing = lacking(text, face)
    if missing:
        raise TextDoesNotFit(field, text, next(letter for letter in text if letter in missing))
    return _SUBSTITUTES.get(face, face)


def lacking(text: str, face: Typeface) -> set[str]:
    """The letters for which `face_for` refuses the text; none where one of the two faces has them all."""
    letters = set(text)
    if letters <= _repertoire(face):
        return set()
    return letters - _repertoire(_SUBSTITUTES.get(face, face))


def text_width(text: str, face: Typeface, size: float) -> float:
    """The width of one line in millimetres."""
    font, boxes = load(face), text.count(BOX)
    letters = text.replace(BOX, "") if boxes else text
    return (float(font.stringWidth(letters, size)) + boxes * _BOX_WIDTH * size) / mm


def nfc(text: str) -> str:
    """Composed text: letters with separate tone marks would print with the marks beside them."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def load(face: Typeface) -> TTFont:
    """The font, read and registered at its first use in this process. Raises FileNotFoundError if it was not built."""
    loaded = _LOADED.get(face.value)
    if loaded is not None:
        return loaded
    with _LOADING:
        if face.value not in _LOADED:
            path = FONTS / f"{face.value}.ttf"
            if not path.exists():
                raise FileNotFoundError(f"{path}: build the package to fill this folder")
            font = TTFont(face.value, str(path), asciiReadable=False)
            pdfmetrics.registerFont(font)
            _LOADED[face.value] = font
        return _LOADED[face.value]


@lru_cache(maxsize=len(Typeface))
def _repertoire(face: Typeface) -> frozenset[str]:
    letters = {chr(code) for code in load(face).face.charToGlyph}
    visible = {letter for letter in letters if unicodedata.category(letter)[0] not in "CM"}
    return frozenset((visible | {" ", NO_BREAK_SPACE, BOX}) - {"\ufffd"})


def _described(character: str) -> str:
    shown = character if unicodedata.category(character)[0] not in "CM" else ""
    return f"{shown} (U+{ord(character):04X})".strip()
