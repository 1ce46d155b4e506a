"""Columns that are unreadable at rest: sealed with the deployment's data key, opened as they are loaded.

Fernet (AES-128-CBC with HMAC-SHA256) under a key of its own, so that a new session secret loses nothing. Several keys
may be given: the first seals, every one opens.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import Flask, current_app
from sqlalchemy import Dialect, Text, TypeDecorator

from lms.config import Settings


class Sealed(TypeDecorator[str]):
    """Text, sealed in the database; raises ValueError on loading what no key at hand opens."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal; empty text is stored as nothing."""
        return _box().encrypt(value.encode()).decode("ascii") if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open."""
        if value is None:
            return None
        try:
            return _box().decrypt(value.encode("ascii")).decode()
        except InvalidToken as error:
            raise ValueError("a sealed column was written under another data key (LMS_DATA_KEY)") from error


def seal(content: bytes) -> bytes:
    """Bytes that only a holder of the data key can open; sealed twice they differ."""
    return _box().encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises ValueError for what no key at hand opens."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken as error:
        raise ValueError("sealed under another data key (LMS_DATA_KEY)") from error


def _box() -> MultiFernet:
    box: MultiFernet = current_app.extensions["lms_sealing"]
    return box


def init_app(app: Flask) -> None:
    """Make ready the keys; raises ValueError for one that is no Fernet key."""
    settings: Settings = app.extensions["lms_settings"]
    app.extensions["lms_sealing"] = MultiFernet([Fernet(key) for key in settings.data_keys()])
