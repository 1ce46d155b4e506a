"""The code on a badge: eight random letters and digits, "7K3M-X9QD", short enough for a QR code of version 1."""

import re
import secrets
from typing import Final

from lms.core import qr

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 without 0 and 1, so that nothing on paper is taken for O, I or L."""
_SHAPE = re.compile(rf"[{ALPHABET}]{{8}}")


def draw() -> str:
    """A new code; some 39 bits, so that one is not guessed at the door."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def normalise(written: str) -> str | None:
    """The code meant by what was scanned or typed, with or without dash, in any case; None when it cannot be one."""
    letters = re.sub(r"[\s\-]", "", written).upper()
    return f"{letters[:4]}-{letters[4:]}" if _SHAPE.fullmatch(letters) else None


def picture(ticket: str) -> bytes:
    """The QR code as SVG, version 1: few and large modules, for a cheap camera."""
    return qr.svg(ticket, version=1)
