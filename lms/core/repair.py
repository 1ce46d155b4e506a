"""Putting right Vietnamese text that arrived in another encoding; text that is right stays as it is. Pure.

What is read: loose marks (NFD), TCVN3 and VNI-Windows (`core/old_fonts`), UTF-8 taken for Windows-1252 once or more,
Windows-1258 taken for Windows-1252. The font's name decides where it is known; else the evidence does: words that
cannot be Vietnamese as they stand and all can be after another reading (`core/syllables`). Where one cell tells too
little ("Bé" is Bé, or TCVN3 for Bộ), the other cells of its column tell more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lms.core.old_fonts import TCVN3, VNI, encoding_of_font, from_tcvn3, from_vni, is_capital_font
from lms.core.syllables import is_syllable
from lms.core.twice import once_less


@dataclass(frozen=True, slots=True)
class Repair:
    """The text as it should be, and how it came: "nfc" was right, "nfd", "tcvn3", "vni", "utf8-twice" or "cp1258"."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one reading of a text does to its words: `points` for the reading.

    `bad` words cannot be Vietnamese after it; `against` counts those of them that could be before.
    """

    points: float
    bad: int
    against: int

    @property
    def enough(self) -> bool:
        """Whether the text alone decides for this reading."""
        return self.points >= _ENOUGH and self.points >= 4 * self.bad


_ENOUGH: Final = 2.0
_BEYOND: Final = re.compile("[^\u0000-\u00ff\u03bc\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]")
_WORD: Final = re.compile("[A-Za-z\u00a1-\u00ff\u03bc]+")
_HIGH: Final = re.compile("[\u00a1-\u00ff\u03bc]")
_ETH: Final = re.compile(r"(?<![^\W\d_])[Ðð](?=[^\W\d_])")
_UNCASED: Final = re.compile(r"\S+@\S+|\S+://\S+")
_VIETNAMESE_EDGE: Final = re.compile("^(?:ng|nh)|nh$", re.IGNORECASE)
_TCVN3_SIGNS: Final = frozenset(sign for sign in TCVN3 if not sign.isalpha()) | set("ªµ\u03bc×÷")
_TRAILING: Final = frozenset("¹ª©®·»«×")
_FAINT_PAIRS: Final = frozenset(["aï", "oï", "uï", "où", "oû", "aé", "aë", "aú", "aü", "eï"])
_CP1258_PAIR: Final = re.compile("[aeiouyãâêôõýAEIOUYÃÂÊÔÕÝ][ÌÒÞìòþ]|ýõ|ÝÕ")


def repair(text: str, font: str | None = None) -> Repair:
    """One text by itself; `font` is the name of the font it is shown in, if known."""
    if font is not None and encoding_of_font(font) is not None:
        return _by_font(text, font)
    plain = _without_old_fonts(text)
    if plain is not None:
        return plain
    encoding, best = max(_readings(text).items(), key=lambda one: (one[1].enough, one[1].points - 4 * one[1].bad))
    read = _read(text, encoding) if best.enough else text
    return Repair(read, encoding) if read != text else Repair(text, "nfc")


def repair_column(cells: Sequence[str], font: str | None = None, leaning: str | None = None) -> list[Repair]:
    """The cells of one column, each in the light of all; `leaning` is the encoding where the column tells nothing."""
    encoding = (encoding_of_column(cells) or leaning) if encoding_of_font(font) is None else None
    mixed = encoding is not None and has_unicode(cells)
    return [_in_column(cell, font, encoding, mixed) for cell in cells]


def encoding_of_column(cells: Iterable[str]) -> str | None:
    """The old encoding that the cells of a column, or of a whole file, speak for together, else None."""
    points: dict[str, float] = {}
    for cell in set(cells):
        if _without_old_fonts(cell) is None:
            for encoding, evidence in _readings(cell).items():
                points[encoding] = points.get(encoding, 0) + evidence.points - 2 * evidence.against
    best = max(points, key=lambda encoding: points[encoding], default=None)
    return best if best is not None and points[best] >= _ENOUGH else None


def has_unicode(cells: Iterable[str]) -> bool:
    """Whether any cell has Vietnamese that only Unicode can write."""
    return any(_BEYOND.search(cell) and not once_less(cell) for cell in cells if not cell.isascii())


def _in_column(cell: str, font: str | None, encoding: str | None, mixed: bool) -> Repair:
    alone = repair(cell, font)
    if encoding is None or alone.source not in {"nfc", encoding} | set(_DECODERS) or _without_old_fonts(cell):
        return alone
    evidence = _readings(cell)[encoding]
    read = _read(cell, encoding)
    if read == cell or evidence.bad * 2 > len(_WORD.findall(cell)) or (evidence.bad and not evidence.points):
        return alone
    if mixed and not evidence.points:
        return alone
    return Repair(read, encoding)


@lru_cache(maxsize=20_000)
def _without_old_fonts(text: str) -> Repair | None:
    """The repair that needs no guess at an old encoding; None where one may be at work."""
    if text.isascii():
        return Repair(text, "nfc")
    less = once_less(text)
    if less is not None:
        return Repair(unicodedata.normalize("NFC", less), "utf8-twice")
    if not unicodedata.is_normalized("NFC", text) and any(map(unicodedata.combining, text)):
        return Repair(unicodedata.normalize("NFC", text), "nfd")
    if _ETH.search(text):
        barred = _ETH.sub(lambda eth: "Đ" if eth.group() == "Ð" else "đ", text)
        words = zip(re.findall(r"[^\W\d_]+", text), re.findall(r"[^\W\d_]+", barred), strict=True)
        if all(is_syllable(after) for before, after in words if before != after):
            return Repair(barred, "cp1258")
    return Repair(text, "nfc") if _BEYOND.search(text) or not _HIGH.search(text) else None


@lru_cache(maxsize=20_000)
def _readings(text: str) -> dict[str, Evidence]:
    return {encoding: _evidence(text, encoding) for encoding in _DECODERS}


def _evidence(text: str, encoding: str) -> Evidence:
    decode, points, bad, against = _DECODERS[encoding], 0.0, 0, 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        after = decode(word)
        if not any(letter.isascii() and letter.isalpha() for letter in word) and len(word) == 1:
            continue
        if not is_syllable(after):
            bad += 1
            against += is_syllable(word)
        elif after != word and not (is_syllable(word) and _evenly_written(word)):
            telling = not _evenly_written(word) or _VIETNAMESE_EDGE.search(word)
            points += max(_WEIGHTS[encoding](word), 2 if telling else 0)
    return Evidence(points, bad, against)


def _read(text: str, encoding: str) -> str:
    """The whole text in one reading."""
    decoded = _DECODERS[encoding](text)
    return _capitals(text, decoded) if encoding == "tcvn3" else decoded


def _evenly_written(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()


def _weight_tcvn3(word: str) -> float:
    """2 for signs among letters, which no language writes; 1 for foreign letters."""
    signs = [place for place, letter in enumerate(word) if letter in _TCVN3_SIGNS]
    if word in {"µm", "\u03bcm"}:
        return 0
    if len(signs) == 1 and signs[0] == len(word) - 1 and word[-1] in _TRAILING and word[:-1].isascii():
        return 1
    return 2 if signs else 1


def _weight_vni(word: str) -> float:
    """2 for a letter and mark that no language writes side by side, ½ for those that French does."""
    small = word.lower()
    pairs = [small[place : place + 2] for place in range(len(small) - 1)]
    marked = [pair for pair in pairs if pair in VNI or pair == "öô"]
    if any(pair not in _FAINT_PAIRS for pair in marked):
        return 2
    return 0.5 if marked else 1


def _weight_cp1258(word: str) -> float:
    return 2 if _CP1258_PAIR.search(word) else 1


def _from_cp1258(text: str) -> str:
    """Windows-1252 characters as the Windows-1258 bytes they were; a byte that is none there stays."""
    return unicodedata.normalize("NFC", "".join(_CP1258.get(letter, letter) for letter in text))


_CP1258: Final = {
    bytes([byte]).decode("cp1252"): bytes([byte]).decode("cp1258") for byte in range(0xC0, 0x100) if byte != 0xD2
} | {"Ò": "\u0309"}
_DECODERS: Final[dict[str, Callable[[str], str]]] = {"tcvn3": from_tcvn3, "vni": from_vni, "cp1258": _from_cp1258}
_WEIGHTS: Final[dict[str, Callable[[str], float]]] = {
    "tcvn3": _weight_tcvn3,
    "vni": _weight_vni,
    "cp1258": _weight_cp1258,
}


def _by_font(text: str, font: str) -> Repair:
    """What the font's name says, unless the text holds letters that the font never had."""
    encoding = encoding_of_font(font)
    if encoding is None or _BEYOND.search(text):
        return repair(text)
    decoded = _upper(from_tcvn3(text)) if encoding == "tcvn3" and is_capital_font(font) else _read(text, encoding)
    return Repair(decoded, encoding) if decoded != text else Repair(text, "nfc")


def _upper(text: str) -> str:
    """In capitals, but for addresses."""
    kept = [match.span() for match in _UNCASED.finditer(text)]
    return "".join(
        letter if any(start <= place < end for start, end in kept) else letter.upper()
        for place, letter in enumerate(text)
    )


def _capitals(shown: str, decoded: str) -> str:
    """Give back the capitals with tones that TCVN3 has not: in words of capitals, and at the start of names."""
    small = re.search("[a-z]", shown)
    if not small and re.search("[A-Z\u00a1-\u00ff][A-Z]", shown):
        return decoded.upper()
    before, words = shown.split(" "), decoded.split(" ")
    if len(before) != len(words):
        return decoded
    for place, (old, new) in enumerate(zip(before, words, strict=True)):
        if old != new and re.search("[A-Z\u00a1-\u00ff][A-Z]", old) and not re.search("[a-z]", old):
            words[place] = new.upper()
    others = [word for word in words if word and not _lost_capital(word)]
    if others and all(word[0].isupper() for word in others):
        words = [word[0].upper() + word[1:] if _lost_capital(word) else word for word in words]
    return " ".join(words)


def _lost_capital(word: str) -> bool:
    """Whether the word starts with a small letter with a tone."""
    return bool(word) and not word[0].isascii() and word[0].islower() and word[0] not in "ăâđêôơư"
