"""Addresses of events: made from the title and the year, without accents."""

import re

from lms.core.text import fold

LONGEST = 80
RESERVED = frozenset({"new"})
"""Words that are pages of their own under /events/."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORDS = re.compile(r"[a-z0-9]+")
_TITLE_LENGTH = 60


def is_key(key: str) -> bool:
    """Whether the text can be an event's address: small letters, digits and single hyphens, not reserved."""
    return len(key) <= LONGEST and _KEY.fullmatch(key) is not None and key not in RESERVED


def key_of(title: str, year: int) -> str:
    """Whole words of the title, cut at 60 characters, ending with the year: "hoi-nghi-tap-huan-2024"."""
    words = [word for word in _WORDS.findall(fold(title)) if word != str(year)]
    if words and words[-1] == "nam":
        words.pop()
    kept = ""
    for word in words:
        if len(kept) + len(word) + 1 > _TITLE_LENGTH:
            break
        kept = f"{kept}-{word}" if kept else word
    return f"{kept or 'su-kien'}-{year}"


def numbered(key: str, number: int) -> str:
    """The key with a number behind, for the second event that would bear it."""
    return f"{key}-{number}"
