"""The database: the declarative base, SQLite's settings, and the one place that commits.

A request is one transaction. Only an unsafe method answered below 400 commits; a GET never writes. Commands and
jobs say `with transaction():`. Work that must wait for the commit (waking a worker) is handed to `after_commit`.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Flask, Response, before_render_template, g, has_request_context, request, template_rendered
from flask_sqlalchemy_lite import SQLAlchemy
from jinja2 import Template
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Session

Value = TypeVar("Value")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_begin: ContextVar[str] = ContextVar("lms_sqlite_begin", default="DEFERRED")
_writer = threading.Lock()
_WRITER_WAIT = 10.0


class Moment(TypeDecorator[datetime]):
    """A point in time: aware UTC in Python, `timestamptz` in PostgreSQL, naive UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime (ValueError) rather than guess its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SortKey = String().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")
"""A column holding a key of `lms.core.text`: compared byte by byte on either database."""


class Base(DeclarativeBase):
    """Parent of every model."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy reads it from the class


db = SQLAlchemy()


def session() -> Session:
    """The session of the running request, command or job."""
    return db.session


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what the block did, or nothing of it."""
    token = _begin.set("IMMEDIATE")
    current = db.session
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        current.info.pop("after_commit", None)
        raise
    finally:
        _begin.reset(token)
    _run_after_commit(current)


@contextmanager
def reading() -> Iterator[Session]:
    """Read inside an unsafe request without holding the write lock: before slow work such as checking a password."""
    token = _begin.set("DEFERRED")
    current = db.session
    try:
        yield current
    finally:
        current.rollback()
        _begin.reset(token)


def keep_despite_refusal() -> None:
    """Commit this request although it answers with a refusal: for what must be remembered of the refusal itself."""
    g.lms_keep = True


def chunks(values: Sequence[Value], size: int = 500) -> Iterator[Sequence[Value]]:
    """A long list in parts, each short enough for the parameters of one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))


def after_commit(work: Callable[[], None]) -> None:
    """Do `work` once the running transaction is committed, never if it is rolled back."""
    db.session.info.setdefault("after_commit", []).append(work)


def init_app(app: Flask, database_url: str) -> None:
    """Bind the engine and the one-commit-a-request rule to the application."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": database_url, **engine_options(database_url)}}
    db.init_app(app)
    _forget_async_sessions(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_open_for_the_method)
    app.after_request(_commit_or_roll_back)
    app.teardown_request(_close)
    before_render_template.connect(_hold_flushing, app)
    template_rendered.connect(_resume_flushing, app)


def _forget_async_sessions(app: Flask) -> None:
    """There are none here, and closing them would start an event loop in every request: 2.6 ms."""
    app.teardown_appcontext_funcs[:] = [
        function for function in app.teardown_appcontext_funcs if function.__name__ != "_close_async_sessions"
    ]


def engine_options(database_url: str) -> dict[str, Any]:
    """Pool settings for a server of many threads."""
    if database_url.startswith("sqlite"):
        return {"pool_size": 64, "max_overflow": 0, "pool_timeout": 30}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine write-ahead logging, foreign keys, patience, and explicit BEGINs."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _emit_begin):
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _emit_begin)
    event.listen(engine, "commit", _release_writer)
    event.listen(engine, "rollback", _release_writer)


def _set_pragmas(dbapi_connection: Any, _record: Any) -> None:
    # synchronous FULL: an acknowledged answer survives a power cut (docs/decisions/0003).
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _emit_begin(connection: Any) -> None:
    """Take the write lock at the start of a writing transaction, one writer of this process at a time.

    Reading first and writing later under BEGIN DEFERRED fails at once with "database is locked", busy timeout
    or not; and SQLite's waiters sleep in steps of up to 100 ms, which a lock in the process avoids.
    """
    option = _begin.get()
    if option == "IMMEDIATE" and _writer.acquire(timeout=_WRITER_WAIT):
        connection.info["lms_writer"] = True
    try:
        connection.exec_driver_sql(f"BEGIN {option}")
    except BaseException:
        _release_writer(connection)
        raise


def _release_writer(connection: Any) -> None:
    if connection.info.pop("lms_writer", False):
        _writer.release()


def _open_for_the_method() -> None:
    _begin.set("DEFERRED" if request.method in SAFE_METHODS else "IMMEDIATE")


def _commit_or_roll_back(response: Response) -> Response:
    current = db.session
    if request.method in SAFE_METHODS or (response.status_code >= 400 and not g.pop("lms_keep", False)):
        current.rollback()
        current.info.pop("after_commit", None)
        return response
    current.commit()
    _run_after_commit(current)
    return response


def _hold_flushing(_app: Flask, template: Template, **_context: Any) -> None:
    """A page drawn in an unsafe request tells of a refusal: what the act left half made must not be flushed by it."""
    if has_request_context() and request.method not in SAFE_METHODS and (template.name or "").endswith(".html"):
        db.session.autoflush = False


def _resume_flushing(_app: Flask, **_context: Any) -> None:
    db.session.autoflush = True


def _close(_error: BaseException | None) -> None:
    _begin.set("DEFERRED")


def _run_after_commit(current: Session) -> None:
    for work in current.info.pop("after_commit", []):
        work()
