"""The command's edges: no database yet, another password, a crowd; and what a server says when it starts."""

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine

from lms import create_app
from lms.accounts import passwords
from lms.cli import main
from lms.config import Settings
from lms.core.db import db, session
from lms.demo import logins
from lms.demo.scene import Scene, get_event
from lms.registration import queries as registration
from tests.demo.conftest import TODAY, Command


def test_without_a_database_it_says_what_to_do_first(settings: Settings, tmp_path: Path) -> None:
    empty = replace(settings, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    app = create_app(empty)
    result = CliRunner().invoke(main, ["demo", "--json"], obj=lambda: app)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"][0]["code"] == "no-database"
    with app.app_context():
        db.engine.dispose()


def test_a_password_from_the_environment_is_set_on_all_four(demo: Flask) -> None:
    scene = Scene.on(TODAY)
    before = {login: account.session_epoch for login, account in scene.accounts.items()}
    told = logins.settle_password(scene, "ngắn")
    assert told == logins.Password("ngắn", fresh=True)
    assert all(passwords.matches("ngắn", account.password_hash) for account in scene.accounts.values())
    assert all(account.session_epoch == before[login] + 1 for login, account in scene.accounts.items())
    assert logins.settle_password(scene, "ngắn") == logins.Password(None, fresh=False)
    session().rollback()


def test_without_one_a_password_is_drawn_once(demo: Flask) -> None:
    scene = Scene.on(TODAY)
    scene.trainee.password_hash = None
    first = logins.settle_password(scene, None)
    assert first.fresh
    assert first.text is not None
    assert len(first.text) >= 15
    assert passwords.matches(first.text, scene.trainee.password_hash)
    assert logins.settle_password(scene, None) == logins.Password(None, fresh=False)
    session().rollback()


def test_a_crowd_is_one_more_event(command: Command, demo: Flask) -> None:
    assert command("demo", "--people", "40")["loaded"] == ["tai-lon-40"]
    assert command("demo", "--people", "40")["loaded"] == []
    event = get_event("tai-lon-40")
    assert registration.counts(event).active == 40
    assert event.specimen


def test_a_server_knows_whether_to_introduce_the_demo(demo: Flask, tmp_path: Path) -> None:
    assert logins.are_there(db.engine)
    assert all(address in logins.introduction() for address in logins.ADDRESSES)
    elsewhere = create_engine(f"sqlite:///{tmp_path / 'none' / 'lms.sqlite3'}")
    assert not logins.are_there(elsewhere)
    elsewhere.dispose()
