"""Persons and their dated posts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
