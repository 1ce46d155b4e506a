"""The dated register of units."""

from flask import Flask

from lms.units import views


def init_app(app: Flask) -> None:
    """Register the register's pages."""
    app.register_blueprint(views.blueprint)
