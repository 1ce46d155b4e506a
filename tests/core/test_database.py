"""Migrations make what the models say, on whichever database the run uses."""

from flask import Flask, render_template
from sqlalchemy import func, select

from lms.core import migrations
from lms.core.db import db, session
from lms.units.models import Unit


def test_migrations_make_what_the_models_say(application: Flask) -> None:
    with application.app_context():
        assert migrations.differences(db.engine) == []
        assert migrations.is_current(db.engine)


class Counting:
    """Words of a page that ask the database while they are drawn."""

    def __str__(self) -> str:
        return f"{session().scalar(select(func.count()).select_from(Unit))} units"


def test_a_page_that_tells_of_a_refusal_flushes_nothing_half_made(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        half_made = Unit()
        session().add(half_made)
        assert " units" in render_template("errors/422.html", message=Counting())
        assert session().autoflush
        session().expunge(half_made)
