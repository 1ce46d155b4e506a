"""A real server killed with SIGKILL while it writes 3,000 rows: afterwards all are there, or none."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from http.client import HTTPException
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from lms import create_app
from lms.config import Settings
from lms.core import migrations
from lms.core.db import db, session, transaction
from lms.events.models import Event, EventKind
from lms.registration import importing
from tests.registration import sheets
from tests.world import World, build_world

PEOPLE = 3_000
DELAYS = (0.0, 0.06, 0.15, 0.3)
"""Seconds between the beginning of the writing and the kill; it takes about half a second."""
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


class Server:
    """`lms serve` in a process group of its own, over a database that outlives it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {"LMS_DATA_DIR": str(folder), "LMS_SECRET_KEY": "a key for tests only", "PYTHONWARNINGS": "ignore"}
        command = [
            sys.executable,
            "-c",
            "from lms.cli import main; main()",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "1",
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        self.process = subprocess.Popen(
            command,
            env=environment | settings,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def request(self, path: str, cookie: str, data: bytes | None = None) -> str:
        """The page at `path`; asked again until the server listens."""
        for _attempt in range(150):
            asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"Cookie": cookie})
            try:
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    return str(answer.read().decode())
            except urllib.error.HTTPError as answer:
                raise AssertionError(f"{answer.code} for {path}") from answer
            except (ConnectionError, urllib.error.URLError, HTTPException):
                self.wait(0.1)
        raise AssertionError("the server did not start")

    def wait(self, seconds: float) -> None:
        """Let time pass; the server must not end by itself."""
        with pytest.raises(subprocess.TimeoutExpired):
            self.process.wait(seconds)

    def kill(self) -> None:
        """SIGKILL to the server and its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[tuple[Flask, Path]]:
    """An application over a SQLite file with the small world in it."""
    app = create_app(
        Settings(
            tmp_path,
            f"sqlite:///{tmp_path / 'lms.sqlite3'}",
            "a key for tests only",
            "http://127.0.0.1",
            embedded_worker=False,
        )
    )
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
        yield app, tmp_path
        db.session.close()
        db.engine.dispose()


def prepare(app: Flask) -> tuple[str, str, str]:
    """An import that waits to be written: its address, the cookie of the organizer's browser, its form's token."""
    with transaction():
        world = World.load()
        day = date(2024, 8, 7)
        event = Event(
            key="lon",
            unit=world.units["lam-khe"],
            kind=EventKind.CLASS,
            title="Lớp lớn",
            place="Lam Khê",
            starts_on=day,
            ends_on=day,
        )
        session().add(event)
        session().flush()
        letters = len(_LETTERS)
        people = [
            (
                f"Lý {_LETTERS[n // letters // letters]} {_LETTERS[n // letters % letters]} {_LETTERS[n % letters]}",
                "Lam Khê",
                "Chuyên viên",
            )
            for n in range(PEOPLE)
        ]
        imported = importing.upload(event, world.organizer, sheets.delegates(*people), "a.xlsx")
        address, account = f"/events/lon/imports/{imported.id}", world.organizer.get_id()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    seed = "0" * 40
    cookie = serializer.dumps({"_user_id": account, "_fresh": True, "csrf_token": seed})
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(seed)
    return address, f"lms_session={cookie}", f"csrf_token={token}"


def ask(folder: Path, statement: str) -> tuple[int, ...]:
    """One row of the database file, read beside the server."""
    connection = sqlite3.connect(folder / "lms.sqlite3", timeout=10)
    try:
        with connection:
            return tuple(connection.execute(statement).fetchone() or ())
    finally:
        connection.close()


def counts(folder: Path) -> tuple[int, ...]:
    """Delegates, their new people and posts, and the number the import says it wrote."""
    people = "SELECT id FROM people WHERE full_name LIKE 'Lý _ _ _'"
    return ask(
        folder,
        f"SELECT (SELECT count(*) FROM delegates), (SELECT count(*) FROM ({people})), (SELECT count(*) FROM posts"
        f" WHERE person_id IN ({people})), (SELECT sum(written_count) FROM delegate_imports)",
    )


def let_lease_lapse(folder: Path) -> None:
    """The killed worker's lease lapses after a minute; here at once."""
    ask(folder, "UPDATE jobs SET lease_until = NULL, done = 0, total = 0 WHERE finished_at IS NULL RETURNING 1")


def wait_until(server: Server, folder: Path, statement: str) -> None:
    """Wait for a statement to find a row."""
    for _attempt in range(2_000):
        if ask(folder, statement):
            return
        server.wait(0.005)
    raise AssertionError(f"never true: {statement}")


NOTHING, ALL = (0, 0, 0, 0), (PEOPLE, PEOPLE, PEOPLE, PEOPLE)


def test_a_killed_server_leaves_all_rows_or_none_and_the_next_one_ends_the_work(deployment: tuple[Flask, Path]) -> None:
    app, folder = deployment
    address, cookie, token = prepare(app)
    assert counts(folder) == NOTHING
    for delay in DELAYS:
        server = Server(folder)
        try:
            if not ask(folder, "SELECT 1 FROM jobs"):
                server.request(f"{address}/writing", cookie, token.encode())
            wait_until(server, folder, f"SELECT 1 FROM jobs WHERE total = {PEOPLE}")
            server.wait(delay or 0.001)
        finally:
            server.kill()
        assert counts(folder) in {NOTHING, ALL}, f"half an import, killed after {delay} s"
        let_lease_lapse(folder)
    server = Server(folder)
    try:
        wait_until(server, folder, "SELECT 1 FROM jobs WHERE finished_at IS NOT NULL AND error IS NULL")
        assert "Đã nhập 3.000 đại biểu" in server.request(address, cookie)
    finally:
        server.kill()
    assert counts(folder) == ALL
