"""One database a test run (SQLite or a real PostgreSQL), migrated as in production; a savepoint a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, make_url, text

from lms import create_app
from lms.accounts.models import Account
from lms.attendance.manage_live import LOOKS
from lms.config import Settings
from lms.core import migrations
from lms.core.db import db, transaction
from tests.pages import CheckedClient
from tests.servers import Deployment, free_port
from tests.world import World, build_world

# Examples take as long as they take on a busy machine.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database postgresql` runs the whole suite on a real PostgreSQL that the run starts for itself."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption("--pictures", action="store_true", help="keep screenshots in tests/browser/screenshots")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browsers first, they take longest. On PostgreSQL what asks a database, browsers and job processes excepted."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, "every_page" not in item.nodeid))
    if config.getoption("--database") == "postgresql":
        own = [
            item
            for item in items
            if item.get_closest_marker("browser")
            or item.get_closest_marker("jobs")
            or "database_url" not in getattr(item, "fixturenames", ())
        ]
        config.hook.pytest_deselected(items=own)
        items[:] = [item for item in items if item not in own]


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of the kind asked for, one a worker."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'lms.sqlite3'}"
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415 - starts a server only where it is asked for

    with fresh_database(tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a deployment with no broker and no mail server."""
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        secret_key="a key for tests only",
        base_url="http://lms.test",
        embedded_worker=False,
    )


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    """The application over a migrated database that holds the small named world."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = CheckedClient
    CheckedClient.judging = settings.database_url.startswith("sqlite")
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Every session inside the block works in savepoints of one connection, whose transaction is rolled back."""
    configured = dict(db.sessionmaker.kw)
    with db.engine.connect() as connection:
        outer = connection.begin()
        db.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            db.session.close()
            db.sessionmaker.kw = configured
            outer.rollback()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application inside an application context; what a test writes is rolled back, and looks at it are dropped."""
    application.extensions[LOOKS].drop_all()
    with application.app_context(), rolled_back():
        yield application


@pytest.fixture
def own_database(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the kind asked for, apart from that of the other tests."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
        return
    name = f"own_{uuid4().hex}"
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield make_url(database_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def own_settings(own_database: str, tmp_path: Path) -> Settings:
    """Settings of a deployment over that database, migrated, with the small named world in it."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=own_database,
        secret_key="a key for tests only",
        base_url="http://lms.test",
        embedded_worker=False,
    )
    with create_app(settings).app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
        db.session.close()
        db.engine.dispose()
    return settings


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """An application over that deployment, whose transactions are real: for several connections at once."""
    app = create_app(own_settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def server(own_database: str, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment over such a database; neither migrated nor started yet."""
    made = Deployment(tmp_path / "data", free_port(), {"LMS_DATABASE_URL": own_database})
    yield made
    made.kill()


@pytest.fixture
def world(app: Flask) -> World:
    """The small named world: units, accounts of every role, a stranger."""
    return World.load()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody, not signed in."""
    return app.test_client()


@pytest.fixture
def client_of(app: Flask) -> Callable[[Account], FlaskClient]:
    """A browser in which an account is signed in."""

    def sign_in(account: Account) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = account.get_id()
            cookie["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], "contextmanager[list[str]]"]:
    """`with count_statements() as statements:` collects the SQL that runs inside the block."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
