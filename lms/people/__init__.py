"""Persons and their dated posts."""

from flask import Flask

from lms.people import views


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
