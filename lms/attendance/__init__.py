"""Check-in per half-day and the attendance sheets."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
