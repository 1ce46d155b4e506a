"""UTF-8 that was taken for Windows-1252 (or Latin-1) and written as UTF-8 again, once or several times."""

import re
from functools import lru_cache
from typing import Final

_TIMES: Final = 4
_SUSPECT: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018"
    "\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]|Ã "
)


def _windows_1252() -> dict[str, int]:
    """Character → byte; the five bytes without a character stand for themselves, as browsers read them."""
    table = {chr(byte): byte for byte in range(256)}
    for byte in range(0x80, 0xA0):
        table.setdefault(bytes([byte]).decode("cp1252", "ignore"), byte)
    return table


_BYTES: Final = _windows_1252()
_NATURAL_AFTER: Final = frozenset("\u00a0\u2026\u2013\u2014")
_CAPITALS: Final = frozenset("ÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
_FAIR: Final = re.compile(
    r"[\u0000-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u02c6\u02dc\u0300-\u036f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ab\u20ac\u2122\ufeff]*"
)
_CONTROL: Final = re.compile("[\u0080-\u009f]")


@lru_cache(maxsize=20_000)
def once_less(text: str) -> str | None:
    """The text as it was before it was encoded again and again; None when nothing says that it was."""
    found, read = None, _decoded(text)
    for _more in range(_TIMES):
        if read is None:
            break
        found = read if not _CONTROL.search(read) else found
        read = _decoded(read)
    return found


def _decoded(text: str) -> str | None:
    if text.isascii() or not _SUSPECT.search(text):
        return None
    for attempt, doubtful in ((text, ""), (_with_hard_spaces(text), "Ã\u00a0")):
        try:
            read = bytes(_BYTES[character] for character in attempt).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
        if _FAIR.fullmatch(read) and not all(
            pair == doubtful or _natural(before, pair, after) for before, pair, after in _pairs(attempt)
        ):
            return read.lstrip("\ufeff")
    return None


def _with_hard_spaces(text: str) -> str:
    """ "à" is "Ã" and a hard space, which programs like to make a common one."""
    return re.sub("Ã(?: |$)", "Ã\u00a0", text)


def _pairs(text: str) -> list[tuple[str, str, str]]:
    """(before, lead and next character, after) of each letter that would lead a sequence of bytes."""
    return [
        (text[place - 1] if place else "", text[place : place + 2], text[place + 2 : place + 3])
        for place, character in enumerate(text[:-1])
        if 0xC2 <= _BYTES[character] <= 0xF4
    ]


def _natural(before: str, pair: str, after: str) -> bool:
    """Whether people write this too: a Vietnamese capital at a word's end, then a dash, dots or a hard space."""
    lead, follower = pair[0], pair[1]
    if follower not in _NATURAL_AFTER or lead not in _CAPITALS or before.islower():
        return False
    if follower == "\u00a0":
        return bool(after) and not after.isspace() and not after.islower()
    return not after.isalpha()
