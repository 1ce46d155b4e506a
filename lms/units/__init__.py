"""The dated register of units."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
