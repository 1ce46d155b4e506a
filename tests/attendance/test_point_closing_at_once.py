"""Leaders who confirm and close one point at one moment, each over a connection of their own: one closing, whole."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from lms.attendance.models import PointReport, Scan
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session, transaction
from lms.events.models import Event
from lms.registration import service as registration
from lms.registration.service import Candidate
from tests.attendance.conftest import MORNING, at, build_event
from tests.world import World

LEADERS = 6


@pytest.fixture
def people(own_app: Flask) -> list[int]:
    """The ids of six people listed at the first point of an event in a database of its own."""
    with own_app.app_context():
        with transaction():
            world = World.load()
            event = build_event(world)
            unit = world.units["nam-khoang"]
            found = [
                registration.register(event, Candidate(f"Lò Văn {number}", unit, point=event.points[0]), None).id
                for number in range(LEADERS)
            ]
        session().close()
    return found


def test_the_first_closing_holds_and_nothing_is_confirmed_after_it(own_app: Flask, people: list[int]) -> None:
    with own_app.app_context():
        point = session().scalars(select(Event)).one().points[0].id
        identifier = World.load().organizer.get_id()
        session().close()
    together = threading.Barrier(LEADERS)

    def close(number: int) -> int:
        browser = own_app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identifier, True
        together.wait()
        with clock.stopped_at(at(8)):
            sent = {"here": [people[number]], "heads": str(number), "explanation": f"Người thứ {number}"}
            sent |= {"agreed": f"{number}/1"}
            address = f"/events/lam-khe-2024/points/{point}/closing?session={MORNING}"
            return browser.post(address, data=sent).status_code

    with ThreadPoolExecutor(LEADERS) as pool:
        answers = list(pool.map(close, range(LEADERS)))
    assert answers == [303] * LEADERS
    with own_app.app_context():
        report = session().scalars(select(PointReport)).one()
        scan = session().scalars(select(Scan)).one()
        assert people[report.head_count] == scan.delegate_id
        assert report.named_present == 1
        closings = session().scalars(select(AuditEntry).where(AuditEntry.verb == "point.close")).all()
        assert len(closings) == 1
        session().close()
