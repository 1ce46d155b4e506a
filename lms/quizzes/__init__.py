"""Question banks, quizzes, attempts and results."""

from flask import Flask

from lms.quizzes import (
    banks,
    bulk_views,
    figure_views,
    manage,
    manage_analysis,
    marking_models,
    pages,
    paste_views,
    personal,
    questions,
    views,
)

__all__ = [
    "banks",
    "bulk_views",
    "figure_views",
    "init_app",
    "manage",
    "manage_analysis",
    "marking_models",
    "paste_views",
    "questions",
    "views",
]


def init_app(app: Flask) -> None:
    """Register the pages; importing the views has registered the job that closes expired attempts."""
    app.register_blueprint(pages.blueprint)
    personal.register()
