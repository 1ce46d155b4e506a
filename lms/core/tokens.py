"""Signed tokens in links: they say what they are for, need no table, and cannot be made by anyone else."""

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


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"lms.{purpose}")
