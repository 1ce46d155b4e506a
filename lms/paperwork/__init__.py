"""Number books and official papers."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
