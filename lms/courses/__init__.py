"""The course catalogue, loaded from files."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
