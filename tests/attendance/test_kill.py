"""A real server killed with SIGKILL at random moments while doors send: each scan is there exactly once in the end."""

import json
import random
import threading
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from lms import create_app
from lms.attendance import devices
from lms.attendance.models import Scan
from lms.config import Settings
from lms.core import clock, migrations
from lms.core.db import db, session, transaction
from lms.registration import service as registration
from lms.registration.service import Candidate
from tests.attendance.conftest import at, build_event
from tests.attendance.test_syncing import header, scan
from tests.servers import Deployment, disconnect
from tests.world import World, build_world

KILLS = 3
DOORS = 3
MOST_BATCHES = 25
"""Batches acknowledged before a kill, at most; the kill comes within a batch's time after the last of them."""


def test_every_scan_is_there_once(server: Deployment) -> None:
    chance = random.Random(20261124)
    app = create_app(Settings.from_environment(server.environment))
    with app.app_context():
        doors = prepare(server.port)
    disconnect(app)
    for _kill in range(KILLS):
        server.start(workers=2)
        enough = threading.Semaphore(0)
        sending = [threading.Thread(target=door.send_until_it_breaks, args=(enough,)) for door in doors]
        for thread in sending:
            thread.start()
        for _batch in range(chance.randint(3, MOST_BATCHES)):
            assert enough.acquire(timeout=60), "no batch is acknowledged"
        threading.Event().wait(chance.uniform(0, 0.01))
        server.kill()
        for thread in sending:
            thread.join(30)
            assert not thread.is_alive()
        with app.app_context():
            stored = stored_scans()
            assert set().union(*(door.acknowledged for door in doors)) <= set(stored), "an acknowledged scan is lost"
            assert len(stored) == len(set(stored))
        disconnect(app)
    server.start(workers=2)
    for door in doors:
        door.send_the_rest()
    server.kill()
    with app.app_context():
        assert sorted(stored_scans()) == sorted(uuid for door in doors for uuid in door.lines)
    disconnect(app)


def prepare(port: int) -> "list[Door]":
    """The world with a conference, its list, and doors open on its morning."""
    migrations.upgrade(db.engine)
    with transaction(), clock.stopped_at(at(7)):
        build_world()
        world = World.load()
        event = build_event(world)
        candidates = [Candidate(f"Giàng A {'Sử' * number}", world.units["lam-khe"]) for number in range(1, 7)]
        tickets = [registration.register(event, one, None).ticket for one in candidates]
        doors = []
        for number in range(DOORS):
            key = str(uuid4())
            opened = devices.open_device(event, world.organizer, key, f"Cửa {number}")
            doors.append(Door(port, key, opened.token, tickets, random.Random(number)))
    session().close()
    return doors


def stored_scans() -> list[str]:
    """The uuids of all scans."""
    found = list(session().scalars(select(Scan.uuid)))
    session().close()
    return found


class Door:
    """A device reduced to its log: what it wrote, and what of it the server acknowledged."""

    def __init__(self, port: int, key: str, token: str, tickets: list[str], chance: random.Random) -> None:
        self.port, self.key, self.tickets, self.chance = port, key, tickets, chance
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        self.lines: dict[str, dict[str, Any]] = {}
        self.acknowledged: set[str] = set()

    def send_until_it_breaks(self, enough: threading.Semaphore) -> None:
        """Scan and send, one batch after another, until the server is gone."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while True:
                for _scan in range(self.chance.randint(1, 8)):
                    line = scan(self.chance.choice(self.tickets), at(8))
                    self.lines[line["scan"]] = line
                again = self.chance.sample(sorted(self.lines), min(3, len(self.lines)))
                self.send(connection, [*self.waiting(), *again])
                enough.release()
        except (OSError, HTTPException):
            connection.close()

    def send_the_rest(self) -> None:
        """Send what was never acknowledged."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.send(connection, self.waiting())
        connection.close()
        assert not self.waiting()

    def waiting(self) -> list[str]:
        """The scans not acknowledged yet."""
        return [uuid for uuid in self.lines if uuid not in self.acknowledged]

    def send(self, connection: HTTPConnection, uuids: list[str]) -> None:
        """Send these scans as one batch and note what was acknowledged; raises OSError or HTTPException."""
        rows = [header(clock.now(), device=self.key), *(self.lines[uuid] for uuid in uuids)]
        body = "\n".join(json.dumps(row) for row in rows).encode()
        connection.request("POST", "/api/v1/events/lam-khe-2024/attendance/batches", body, self.headers)
        response = connection.getresponse()
        told = json.loads(response.read())
        assert response.status == 200, told
        assert {one["status"] for one in told["scans"]} <= {"stored", "known"}
        self.acknowledged |= {one["scan"] for one in told["scans"]}
