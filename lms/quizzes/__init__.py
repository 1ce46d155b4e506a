"""Question banks, quizzes, attempts and results."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature."""
