"""Cited documents and their state on a day."""

from flask import Flask

from lms.corpus import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
