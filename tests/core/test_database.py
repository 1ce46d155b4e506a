"""Migrations make what the models say, on whichever database the run uses."""

from flask import Flask

from lms.core import migrations
from lms.core.db import db


def test_migrations_make_what_the_models_say(application: Flask) -> None:
    with application.app_context():
        assert migrations.differences(db.engine) == []
        assert migrations.is_current(db.engine)
