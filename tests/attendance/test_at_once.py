"""One batch, one person who walks in, one uuid at two events: sent to two workers of a real server at one moment."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import create_app
from lms.attendance import devices
from lms.attendance.models import Scan
from lms.config import Settings
from lms.core import clock
from lms.core.db import session, transaction
from lms.events.models import Event
from lms.registration import service as registration
from lms.registration.models import Delegate
from lms.registration.service import Candidate
from tests.attendance.conftest import at, build_event
from tests.attendance.test_syncing import header, scan
from tests.servers import Deployment, disconnect
from tests.world import World, build_world

AT_ONCE = 6
ROUNDS = 5
EVENTS = ("lam-khe-2024", "lam-khe-2025")

Device = tuple[str, str, str]
"""The event's key, the device's own, its token."""


@pytest.fixture
def doors(server: Deployment) -> list[Device]:
    """Two doors of one event and one of another, at a running server of two workers."""
    server.command("init")
    app = create_app(Settings.from_environment(server.environment))
    with app.app_context():
        with transaction(), clock.stopped_at(at(7)):
            build_world()
            world = World.load()
            first, second = (build_event(world, key) for key in EVENTS)
            made = []
            for event in (first, first, second):
                key = str(uuid4())
                made.append((event.key, key, devices.open_device(event, world.organizer, key, "Cửa").token))
        session().close()
    disconnect(app)
    server.start(workers=2)
    return made


def test_two_workers_at_one_moment(server: Deployment, doors: list[Device]) -> None:
    app = create_app(Settings.from_environment(server.environment))
    first, second, other = doors
    for number in range(ROUNDS):
        tickets, unit_id = listed(app, number)
        lines = [scan(ticket, at(8)) for ticket in tickets[:3]]
        for line, counted in zip(lines, at_once(server, [first] * AT_ONCE, lines), strict=True):
            assert counted == {"stored": 1, "known": AT_ONCE - 1}, line
        new = {"full_name": f"Lý Thị {'Mới' * (number + 1)}", "unit": unit_id, "post": ""}
        walking = [scan(f"2222-222{number + 2}", at(8), walk_in=new)]
        assert at_once(server, [first] * AT_ONCE, walking) == [{"stored": 1, "known": AT_ONCE - 1}]
        [again] = at_once(server, [first, second], [scan(f"3333-333{number + 2}", at(9), walk_in=new)])
        assert sum(again.values()) == again["stored"] + again["known"] + again["conflict"] == 2
        both = {**scan(tickets[0], at(10)), "walk_in": {**new, "full_name": f"Sùng A {'Xa' * (number + 1)}"}}
        [answered] = at_once(server, [first, other], [both])
        assert set(answered) <= {"stored", "known", "conflict", "bad-ticket"}
    with app.app_context():
        assert session().scalar(select(func.count(Scan.id) - func.count(Scan.uuid.distinct()))) == 0
        walked_in = session().scalars(select(Delegate.full_name).where(Delegate.walked_in_at.is_not(None))).all()
        assert sorted(walked_in) == sorted(set(walked_in))
        assert len(walked_in) == ROUNDS
        session().close()
    disconnect(app)


def listed(app: Flask, number: int) -> tuple[list[str], int]:
    """The tickets of three new people on the list of the first event, and the id of a unit."""
    with app.app_context():
        with transaction():
            unit = World.load().units["lam-khe"]
            event = session().scalars(select(Event).where(Event.key == EVENTS[0])).one()
            names = [f"Giàng A {name * (number + 1)}" for name in ("Sử", "Páo", "Lử")]
            tickets = [registration.register(event, Candidate(name, unit), None).ticket for name in names]
            unit_id = unit.id
        session().close()
    disconnect(app)
    return tickets, unit_id


def at_once(server: Deployment, senders: list[Device], lines: list[dict[str, Any]]) -> list[Counter[str]]:
    """The same lines from all senders at one moment: how often each line was answered with what."""
    together = threading.Barrier(len(senders))

    def send(device: Device) -> list[str]:
        event, key, token = device
        rows = [header(clock.now(), device=key), *lines]
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.connect()
        together.wait()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        body = "\n".join(json.dumps(row) for row in rows).encode()
        connection.request("POST", f"/api/v1/events/{event}/attendance/batches", body, headers)
        response = connection.getresponse()
        told = json.loads(response.read())
        connection.close()
        assert response.status == 200, told
        return [one.get("code") or one["status"] for one in told["scans"]]

    with ThreadPoolExecutor(len(senders)) as pool:
        return [Counter(each) for each in zip(*pool.map(send, senders), strict=True)]
