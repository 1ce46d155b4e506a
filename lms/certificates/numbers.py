"""Numbers and codes of certificates: how they are drawn, printed, and read back from what people type.

A verification code is eight letters and digits of Crockford's base 32 (no I, L, O, U): 40 random bits, so that a
number in a register, which anyone can count up, leads nowhere without it.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 8
SYMBOL: Final = re.compile(r"[A-ZĐÀ-Ỹ0-9]+(-[A-ZĐÀ-Ỹ0-9]+)*")
"""The shape of a book's symbol: "GCN-TTĐN"."""

_CONFUSED = str.maketrans("OIL", "011")
_REGISTER_NUMBER = re.compile(r"[0-9OIL]+-[0-9OIL]{4}(-[0-9A-Z]+)+")
_PARTS = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True)
class Written:
    """What someone typed or scanned: the code (None: not given) and what stood before it, both in canonical form."""

    code: str | None
    number: str


def draw_code() -> str:
    """A new verification code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def printed_code(code: str) -> str:
    """A code as it is printed, in two groups: "7K4M-9QXW"."""
    return f"{code[:4]}-{code[4:]}"


def public_number(register_number: str, code: str) -> str:
    """Register number and code as one address: "12/2024/GCN-TTĐN" gives "12-2024-GCN-TTDN-7K4M9QXW"."""
    return f"{_plain(register_number)}-{code}"


def canonical(number: str) -> str:
    """A register number without what people mistake: accents, case, separators, leading zeros, O and 0, I, L and 1."""
    return _PARTS.sub("", _plain(number)).lstrip("0").translate(_CONFUSED).lstrip("0")


def read(text: str) -> Written | None:
    """What was meant by a number, a code, both, or the address in a QR code; None for what can be none of these.

    Spaces, case, accents, dashes for slashes, O for 0 and I or L for 1 are forgiven.
    """
    plain = _plain(re.split(r"/verify/", text.strip(), flags=re.IGNORECASE)[-1])
    packed = plain.replace("-", "")
    if not CODE_LENGTH <= len(packed) <= 80:
        return None
    if _REGISTER_NUMBER.fullmatch(plain) and not _ends_in_code(plain):
        return Written(None, canonical(plain))
    code = packed[-CODE_LENGTH:].translate(_CONFUSED)
    if any(letter not in ALPHABET for letter in code):
        return None
    return Written(code, canonical(packed[:-CODE_LENGTH]))


def _ends_in_code(plain: str) -> bool:
    """Whether the last part, or the last two as the code is printed, can be a code."""
    parts = plain.split("-")
    return len(parts[-1]) == CODE_LENGTH or (len(parts) > 4 and [len(part) for part in parts[-2:]] == [4, 4])


def _plain(text: str) -> str:
    """ASCII capitals and digits, every other run of characters one dash."""
    decomposed = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _PARTS.sub("-", letters).strip("-")
