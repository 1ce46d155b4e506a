"""Batches over the network: who may send them, with the session's token, and what is answered."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.attendance import outcomes
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.attendance.test_syncing import header, scan
from tests.world import World

Browser = Callable[[Account], FlaskClient]
ADDRESS = "/api/v1/events/lam-khe-2024/attendance/batches"
NDJSON = "application/x-ndjson"
People = dict[str, Delegate]


def body(*lines: dict[str, object]) -> bytes:
    return "\n".join(json.dumps(line) for line in lines).encode()


def test_who_may_send(client: FlaskClient, client_of: Browser, door_keeper: World, people: People) -> None:
    sent = {"data": body(header(at(9)), scan(people["Đức"].ticket, at(8))), "content_type": NDJSON}
    assert client.post(ADDRESS, **sent).status_code == 401
    assert client_of(door_keeper.stranger).post(ADDRESS, **sent).status_code == 404
    assert client_of(door_keeper.instructor).post(ADDRESS, **sent).status_code == 403
    assert client_of(door_keeper.trainee).post(ADDRESS, data=b"x", content_type="text/plain").status_code == 415
    assert list(outcomes.marks(people["Đức"].event_id)) == []
    answer = client_of(door_keeper.trainee).post(ADDRESS, **sent)
    assert (answer.status_code, answer.get_json()["stored"]) == (200, 1)


def test_every_scan_is_acknowledged(client_of: Browser, world: World, event: Event, people: People) -> None:
    browser = client_of(world.organizer)
    good, bad = scan(people["Đức"].ticket, at(8)), scan("2222-2222", at(8))
    sent = body(header(at(9)), good, bad) + b'\n{"scan": "' + str(uuid4()).encode()
    with clock.stopped_at(at(9, 5)):
        first, second = (browser.post(ADDRESS, data=sent, content_type=NDJSON).get_json() for _ in range(2))
    assert (first["stored"], first["known"], first["refused"]) == (1, 0, 2)
    assert (second["stored"], second["known"], second["refused"]) == (0, 1, 2)
    assert first["scans"][0] == {"scan": good["scan"], "status": "stored"}
    assert first["scans"][1]["scan"] == bad["scan"]
    assert [(one["code"], one["where"]) for one in first["scans"][1:]] == [
        ("not-listed", "line 3"),
        ("unreadable", "line 4"),
    ]
    [entry] = outcomes.marks(event.id)
    assert entry.at == at(8, 5), "corrected by the difference of the clocks"


def test_a_client_cannot_say_when_the_server_received_it(
    client_of: Browser, world: World, event: Event, people: People
) -> None:
    sent = body(header(at(9), at(20)), scan(people["Đức"].ticket, at(8)))
    with clock.stopped_at(at(9)):
        client_of(world.organizer).post(ADDRESS, data=sent, content_type=NDJSON)
    [entry] = outcomes.marks(event.id)
    assert entry.at == at(8)


def test_the_sessions_token_is_needed(
    app: Flask, client_of: Browser, world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = client_of(world.organizer)
    sent = {"data": body(header(at(9)), scan(people["Đức"].ticket, at(8))), "content_type": NDJSON}
    refused = browser.post(ADDRESS, **sent)
    assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (400, "csrf")
    page = browser.get("/events/lam-khe-2024/check-in").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    session().expire_all()
    assert browser.post(ADDRESS, headers={"X-CSRFToken": token}, **sent).get_json()["stored"] == 1
