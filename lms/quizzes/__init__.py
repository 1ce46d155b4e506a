"""Question banks, quizzes, attempts and results."""

from flask import Flask

from lms.quizzes import banks, figure_views, manage, marking_models, pages, personal, views

__all__ = ["banks", "figure_views", "init_app", "manage", "marking_models", "views"]


def init_app(app: Flask) -> None:
    """Register the pages; importing the views has registered the job that closes expired attempts."""
    app.register_blueprint(pages.blueprint)
    personal.register()
