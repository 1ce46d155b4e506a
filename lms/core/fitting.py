"""Texts that must print whatever they are, because one row may not stop a whole print: lists, sheets, badges, letters.

What no face has is left out where it is an ornament (an emoji, an invisible character) and becomes "□" where it is a
letter. A word wider than its place goes on on the next line. A text longer than the last step of its ladder is cut
and ends in "…"; the whole text stays in the system. A certificate is never set like this: it says a name exactly, or
refuses (`typefaces.fit`). Widths in mm, sizes in points.
"""

import unicodedata
from typing import Final

from lms.core.typefaces import BOX, NO_BREAK_SPACE, Setting, Typeface, face_for, fitted, lacking, nfc, text_width

CUT: Final = "…"
_ORNAMENTS: Final = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF), (0xE0000, 0xE01EF))
_JOINED: Final = {"\u20e3", *(chr(code) for code in range(0xFE00, 0xFE10))}
"""Marks that belong to an emoji: the keycap and the variation selectors."""


def printable(text: str, face: Typeface) -> str:
    """The text in letters that `face` or its serif companion has; never empty where something was said."""
    text = nfc(text)
    if not lacking(text, face):
        return text
    kept = "".join(letter for one in text if (letter := _kept(one)))
    missing = lacking(kept, face)
    said = "".join(BOX if letter in missing else letter for letter in kept)
    return said if said.strip() or not text.strip() else BOX


def fit_or_cut(text: str, face: Typeface, width: float, *ladder: tuple[float, float, int]) -> Setting:
    """The text set as `typefaces.fit` does, but never refused: broken inside words, and at last cut."""
    whole = fit_whole(text, face, width, *ladder)
    if whole is not None:
        return whole
    _largest, smallest, most = ladder[-1]
    return cut(text, face, width, smallest, most)


def fit_whole(text: str, face: Typeface, width: float, *ladder: tuple[float, float, int]) -> Setting | None:
    """The text set by the steps, broken inside words where one is wider than its place; None where no step holds it."""
    text = printable(text, face)
    face = face_for(text, face, "text")
    whole = fitted(text, face, width, *ladder)
    if whole is not None:
        return whole
    for _largest, smallest, most in ladder:
        parted = " ".join(pieces(text, face, smallest, width))
        setting = fitted(parted, face, width, (smallest, smallest, most))
        if setting is not None:
            return setting
    return None


def cut(text: str, face: Typeface, width: float, size: float, most: int) -> Setting:
    """The beginning of a text on at most `most` lines of one size, with "…" at its end where something was left out."""
    text = printable(text, face)
    face = face_for(text, face, "text")
    lines = [""]
    for word in pieces(text, face, size, width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, face, size) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = _shortened(lines[-1], face, width, size)
            break
    return Setting(face, size, tuple(line for line in lines if line))


def pieces(text: str, face: Typeface, size: float, width: float) -> list[str]:
    """The words of a text; one wider than `width` in parts that fill a line each, but for its last."""
    found: list[str] = []
    for joined in text.split(" "):
        wide = text_width(joined, face, size) > width
        for word in joined.replace(NO_BREAK_SPACE, " ").split(" ") if wide else (joined,):
            found += _parts(word, face, size, width)
    return found


def readable(text: str) -> str:
    """The text composed and without control characters, which no Word file may hold; line breaks become spaces."""
    composed = nfc(text)
    if composed.isprintable():
        return composed
    return "".join(
        " " if letter in "\t\n\v\f\r\x85\u2028\u2029" else letter
        for letter in composed
        if letter in "\t\n\v\f\r" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in "\ufffe\uffff")
    )


def _parts(word: str, face: Typeface, size: float, width: float) -> list[str]:
    """Each as many letters as go on a line, so that no two of them stand on one with a space between."""
    parts: list[str] = []
    while word and text_width(word, face, size) > width:
        length = max(1, len(word) * width // text_width(word, face, size))
        end = int(length)
        while end > 1 and text_width(word[:end], face, size) > width:
            end -= 1
        while text_width(word[: end + 1], face, size) <= width:
            end += 1
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word] if word else parts


def _shortened(line: str, face: Typeface, width: float, size: float) -> str:
    while line and text_width(line.rstrip(" ,;.") + CUT, face, size) > width:
        line = line[:-1]
    return line.rstrip(" ,;.") + CUT


def _kept(letter: str) -> str:
    """The letter, a space for a line break, nothing for an ornament or what cannot be seen."""
    if letter.isspace():
        return letter if letter == NO_BREAK_SPACE else " "
    if unicodedata.category(letter) in {"Cc", "Cf"} or letter in _JOINED:
        return ""
    if unicodedata.category(letter) in {"So", "Sk", "Cn", "Mn", "Cf"} and any(
        first <= ord(letter) <= last for first, last in _ORNAMENTS
    ):
        return ""
    return letter
