"""Taking courses: enrolment, progress, completion."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
