"""A training-course management and e-learning platform for external-information officers."""

from collections.abc import Callable

from flask import Flask

from lms import (
    accounts,
    attendance,
    certificates,
    core,
    corpus,
    courses,
    events,
    home,
    learning,
    paperwork,
    people,
    quizzes,
    registration,
    units,
)
from lms.config import Settings
from lms.places import templates_folder

FEATURES: tuple[Callable[[Flask], None], ...] = (
    core.init_app,
    units.init_app,
    paperwork.init_app,
    people.init_app,
    accounts.init_app,
    corpus.init_app,
    quizzes.init_app,
    courses.init_app,
    learning.init_app,
    events.init_app,
    registration.init_app,
    attendance.init_app,
    certificates.init_app,
    home.init_app,
)
"""Every feature in dependency order: each may know those before it, none those after."""


def create_app(settings: Settings | None = None, *, serve_assets: bool = False) -> Flask:
    """Build the application; `serve_assets` also prepares compressed static files for a server process."""
    app = Flask(__name__, static_folder=None, template_folder=str(templates_folder()))
    settings = settings or Settings.from_environment()
    app.config.from_mapping(settings.flask_config())
    app.extensions["lms_settings"] = settings
    for init_feature in FEATURES:
        init_feature(app)
    if serve_assets:
        core.assets.serve(app)
    return app
