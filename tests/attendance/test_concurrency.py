"""Eight doors scan the same badge at one moment, each over a connection of its own: one welcome, seven already."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

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
SCANS = f"/events/lam-khe-2024/sessions/{MORNING}/scans"


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
def at_once(held: Flask) -> Callable[[Callable[[int], dict[str, Any]]], list[dict[str, Any]]]:
    """Post what `body(number)` gives from eight browsers of the organizer at one moment; their answers."""
    with held.app_context():
        identifier = World.load().organizer.get_id()
        session().close()
    together = threading.Barrier(DOORS)

    def post(body: dict[str, Any]) -> dict[str, Any]:
        browser = held.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identifier, True
        together.wait()
        answer = browser.post(SCANS, json=body)
        assert answer.status_code == 200, answer.data
        found: dict[str, Any] = answer.get_json()
        return found

    def run(body: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        with ThreadPoolExecutor(DOORS) as pool:
            return list(pool.map(post, [body(number) for number in range(DOORS)]))

    return run


def stored(app: Flask) -> int:
    with app.app_context():
        number = session().scalar(select(func.count()).select_from(Scan)) or 0
        session().close()
    return number


def test_one_badge_at_eight_doors(held: Flask, ticket: str, at_once: Callable[..., list[dict[str, Any]]]) -> None:
    answers = at_once(lambda _number: {"ticket": ticket, "uuid": str(uuid4())})
    assert Counter(answer["verdict"] for answer in answers) == {"welcome": 1, "already": DOORS - 1}
    assert stored(held) == 1


def test_one_scan_sent_eight_times(held: Flask, ticket: str, at_once: Callable[..., list[dict[str, Any]]]) -> None:
    uuid = str(uuid4())
    answers = at_once(lambda _number: {"ticket": ticket, "uuid": uuid})
    assert {(answer["verdict"], answer["undo"]) for answer in answers} == {("welcome", uuid)}
    assert stored(held) == 1
