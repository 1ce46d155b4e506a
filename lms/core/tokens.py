"""Signed tokens in links: they say what they are for, need no table, and cannot be made by anyone else."""

import hashlib
import hmac
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.core.errors import NotFound


def signed(purpose: str, value: Any) -> str:
    """A token that holds a plain value for one purpose; the same value always gives the same token."""
    return str(_serializer(purpose).dumps(value))


def opened(purpose: str, token: str) -> Any:
    """The value of a token; raises NotFound for one that was forged, cut, or made for something else."""
    try:
        return _serializer(purpose).loads(token)
    except BadSignature:
        raise NotFound from None


def keyed_digest(words: str) -> bytes:
    """SHA-256 of words under the deployment's secret (HMAC, RFC 2104): whoever does not hold it cannot make it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"lms.{words}".encode(), hashlib.sha256).digest()


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"lms.{purpose}")
