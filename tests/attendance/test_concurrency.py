"""Eight doors scan the same badge at one moment, each over a connection of its own: one welcome, seven already."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.attendance import queries
from lms.attendance.models import Scan
from lms.core.db import session, transaction
from lms.registration import service as registration
from lms.registration.service import Candidate
from tests.attendance.conftest import MORNING, build_event
from tests.world import World

DOORS = 8
DOOR = f"/events/lam-khe-2024/sessions/{MORNING}/check-in"


@pytest.fixture
def held(own_app: Flask) -> Flask:
    """The application over a database of its own, with the event of today."""
    with own_app.app_context():
        with transaction():
            build_event(World.load())
        session().close()
    return own_app


@pytest.fixture
def ticket(held: Flask) -> str:
    """The badge of someone on the list."""
    with held.app_context():
        with transaction():
            world = World.load()
            candidate = Candidate("Đặng Văn Đức", world.units["nam-khoang"])
            found = registration.register(queries.get_event("lam-khe-2024"), candidate, None).ticket
        session().close()
    return found


@pytest.fixture
def at_once(held: Flask) -> Callable[[str], list[str]]:
    """Type a code into eight browsers of the organizer at one moment; the verdicts."""
    with held.app_context():
        identifier = World.load().organizer.get_id()
        session().close()
    together = threading.Barrier(DOORS)

    def post(entry: str) -> str:
        browser = held.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identifier, True
        together.wait()
        answer = browser.post(DOOR, data={"entry": entry})
        assert answer.status_code == 303, answer.data
        with browser.session_transaction() as cookie:
            return str(cookie["door_plate"]["verdict"])

    def run(entry: str) -> list[str]:
        with ThreadPoolExecutor(DOORS) as pool:
            return list(pool.map(post, [entry] * DOORS))

    return run


def stored(app: Flask) -> int:
    with app.app_context():
        number = session().scalar(select(func.count()).select_from(Scan)) or 0
        session().close()
    return number


def test_one_badge_at_eight_doors(held: Flask, ticket: str, at_once: Callable[[str], list[str]]) -> None:
    assert Counter(at_once(ticket)) == {"welcome": 1, "already": DOORS - 1}
    assert stored(held) == 1
