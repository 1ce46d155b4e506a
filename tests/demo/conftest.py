"""The demo, loaded once by its command into a database of its own, on a Tuesday at ten in the morning."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from lms import create_app
from lms.accounts import queries as accounts
from lms.cli import main
from lms.config import Settings
from lms.core import clock
from lms.core.db import db
from tests.pages import CheckedClient

TODAY = date(2026, 11, 24)
TEN_O_CLOCK = clock.at_local(TODAY, time(10))
PASSWORD = "năm chữ dễ nhớ"


@dataclass(frozen=True)
class Command:
    """Runs `lms …` on the demo's database, as of the demo's day, and gives the JSON it prints."""

    app: Flask

    def __call__(self, *arguments: str) -> Any:
        """The document printed by `lms ARGUMENTS --json`."""
        with clock.stopped_at(TEN_O_CLOCK):
            result = CliRunner().invoke(main, [*arguments, "--json"], obj=lambda: self.app, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture(scope="session")
def demo_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a deployment beside the one of the other tests, with an empty database of the same kind."""
    folder = tmp_path_factory.mktemp("demo")
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(folder / "lms.sqlite3"))
    else:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE demo"))
        engine.dispose()
        url = url.set(database="demo")
    address = url.render_as_string(hide_password=False)
    return replace(settings, data_dir=folder, demo_password=PASSWORD, database_url=address)


@pytest.fixture(scope="session")
def command(demo_settings: Settings) -> Iterator[Command]:
    """The command line of an application with no data yet."""
    app = create_app(demo_settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = CheckedClient
    yield Command(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def loaded(command: Command) -> Any:
    """What the first `lms demo` said."""
    command("init")
    return command("demo")


@pytest.fixture
def demo(command: Command, loaded: Any) -> Iterator[Flask]:
    """The application with the demo in it, inside a context; tests only read."""
    assert loaded["loaded"]
    with command.app.app_context():
        yield command.app


@pytest.fixture
def browser_of(demo: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which one of the four is signed in."""

    def sign_in(login: str) -> FlaskClient:
        account = accounts.find_by_email(f"{login}@example.vn")
        assert account is not None
        browser = demo.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = account.get_id()
            cookie["_fresh"] = True
        return browser

    return sign_in
