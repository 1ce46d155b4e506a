"""Question banks, quizzes, attempts and results."""

from flask import Flask

from lms.quizzes import (
    accommodation_pages,
    banks,
    bulk_views,
    figure_views,
    file_views,
    judging_pages,
    manage,
    manage_analysis,
    marking_models,
    pages,
    paper_pages,
    paste_views,
    personal,
    print_pages,
    questions,
    views,
)

__all__ = [
    "accommodation_pages",
    "banks",
    "bulk_views",
    "figure_views",
    "file_views",
    "init_app",
    "judging_pages",
    "manage",
    "manage_analysis",
    "marking_models",
    "paper_pages",
    "paste_views",
    "print_pages",
    "questions",
    "views",
]


def init_app(app: Flask) -> None:
    """Register the pages; importing the views has registered the job that closes expired attempts."""
    app.register_blueprint(pages.blueprint)
    personal.register()
