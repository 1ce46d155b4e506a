"""Cited documents and their state on a day."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
