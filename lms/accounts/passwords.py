"""Passwords: argon2id at 19 MiB, two passes, one lane (OWASP's minimum); some 30 ms of CPU a check."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM_LENGTH = 10

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("no account has this password")


def hashed(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; with no hash it takes as long and is wrong."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings and should be made anew."""
    return _hasher.check_needs_rehash(password_hash)
