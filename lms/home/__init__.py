"""Each role's own work, navigation, and the pages that belong to no one feature; the only room that knows all."""

from flask import Flask

from lms.home import navigation, views


def init_app(app: Flask) -> None:
    """Register the pages and the navigation of every page."""
    app.register_blueprint(views.blueprint)
    app.context_processor(navigation.context)
