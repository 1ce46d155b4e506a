"""Batches over the network: who may send them, with the session's token, and what is answered."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import news, outcomes
from lms.attendance.models import Scan
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at, build_event
from tests.attendance.doors import answers, opened, undoing
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


def test_a_device_sends_without_a_session(client: FlaskClient, event: Event, people: People, world: World) -> None:
    door = opened(client, event, world.organizer)
    line = scan(people["Đức"].ticket, at(8))
    assert [answers(door.send(line)) for _time in range(2)] == [["stored"], ["known"]]
    [stored] = session().scalars(select(Scan))
    assert (stored.device, stored.account_id) == (door.key, world.organizer.id)


def test_a_device_speaks_for_itself_only(client: FlaskClient, event: Event, people: People, world: World) -> None:
    door = opened(client, event, world.organizer)
    line = scan(people["Đức"].ticket, at(8))
    assert answers(door.send(line, undoing(line["scan"]), device="cua-khac")) == ["bad-device", "bad-device"]
    assert list(outcomes.marks(event.id)) == []


def test_who_was_in_before(client: FlaskClient, event: Event, people: People, world: World) -> None:
    first, second = (opened(client, event, world.organizer, name) for name in ("Cửa A", "Cửa B"))
    line, later = scan(people["Đức"].ticket, at(8)), scan(people["Đức"].ticket, at(8, 30))
    with clock.stopped_at(at(9)):
        assert "earlier" not in first.send(line).get_json()["scans"][0]
        earlier = {"at": at(8).isoformat(), "device": first.key}
        for status in ("stored", "known"):
            [told] = second.send(later).get_json()["scans"]
            assert told == {"scan": later["scan"], "status": status, "earlier": earlier}
        leaving = scan(people["Đức"].ticket, at(11), kind="out")
        assert "earlier" not in second.send(leaving).get_json()["scans"][0]
        assert answers(first.send(undoing(line["scan"]))) == ["stored"]
        assert "earlier" not in second.send(later).get_json()["scans"][0]


def test_an_annulment_before_and_after_its_scan(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door, other = (opened(client, event, world.organizer, name) for name in ("Cửa A", "Cửa B"))
    first, second, third = (scan(people[name].ticket, at(8)) for name in ("Đức", "Hường", "Chứ"))
    before = undoing(second["scan"])
    assert answers(door.send(first, before)) == ["stored", "stored"]
    assert answers(door.send(second, third, before)) == ["stored", "stored", "known"]
    assert answers(door.send(undoing(first["scan"]))) == ["stored"]
    assert answers(other.send(undoing(third["scan"]))) == ["stored"]
    assert answers(door.send(first, second, third)) == ["known"] * 3
    assert [one.delegate_id for one in outcomes.marks(event.id)] == [people["Chứ"].id]
    assert answers(door.send(before | {"of": third["scan"]})) == ["conflict"]
    assert session().scalars(select(Scan).where(Scan.voided_at.is_not(None))).all() != []


def test_what_others_did_comes_with_the_answer(client: FlaskClient, event: Event, people: People, world: World) -> None:
    first, second = (opened(client, event, world.organizer, name) for name in ("Cửa A", "Cửa B"))
    line = scan(people["Đức"].ticket, at(8))
    with clock.stopped_at(at(9)):
        first.send(line)
        assert "changes" not in second.send().get_json()
        told = second.send(after=0).get_json()["changes"]
        mark = [people["Đức"].ticket, MORNING, "in", at(8).isoformat(), line["scan"], first.key]
        assert (told["marks"], told["voided"], told["more"], told["now"]) == ([mark], [], False, at(9).isoformat())
        quiet = second.send(after=told["after"], since=told["now"]).get_json()["changes"]
        assert quiet["after"] == told["after"]
    with clock.stopped_at(at(9, 10)):
        first.send(scan(people["Hường"].ticket, at(9, 10)), undoing(line["scan"]))
        told = second.send(after=told["after"], since=told["now"]).get_json()["changes"]
        assert [one[0] for one in told["marks"]] == [people["Hường"].ticket]
        assert told["voided"] == [line["scan"]]
        assert second.send(after=-1, since="x").get_json().get("changes") is None


def test_much_that_others_did_comes_in_parts(
    client: FlaskClient, event: Event, people: People, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST_MARKS", 3)
    door = opened(client, event, world.organizer)
    lines = [scan(one.ticket, at(8, number)) for number, one in enumerate(people.values())]
    with clock.stopped_at(at(9)):
        door.send(*lines)
    seen, after, parts = [], 0, 0
    with clock.stopped_at(at(10)):
        while True:
            told = door.send(after=after).get_json()["changes"]
            seen += [one[4] for one in told["marks"]]
            after, parts = told["after"], parts + 1
            if not told["more"]:
                break
    assert (seen, parts) == ([one["scan"] for one in lines], 2)


def test_a_point_is_told_of_its_own_people(
    client: FlaskClient, event: Event, people: People, world: World, put: Callable[..., Delegate]
) -> None:
    own, other = (put(f"Giàng A {name}", point=event.points[number]) for number, name in enumerate(("Một", "Hai")))
    hall = opened(client, event, world.organizer)
    point = opened(client, event, world.organizer, point=event.points[0])
    with clock.stopped_at(at(9)):
        hall.send(*(scan(one.ticket, at(8)) for one in (people["Đức"], own, other)))
        told = point.send(after=0).get_json()["changes"]
        assert [one[0] for one in told["marks"]] == [people["Đức"].ticket, own.ticket]
        everything = hall.send(after=0).get_json()["changes"]
        assert len(everything["marks"]) == 3
        assert everything["after"] == told["after"], "what is not told is not asked for again"


def walk_in(ticket: str, world: World, name: str = "Lý Thị Mới", unit: str = "binh-sa", **more: Any) -> dict[str, Any]:
    told = {"full_name": name, "unit": world.units[unit].id, "post": ""}
    return scan(ticket, at(8), walk_in=told | more)


def test_someone_walks_in(client: FlaskClient, event: Event, people: People, world: World) -> None:
    door = opened(client, event, world.organizer, point=event.points[0])
    line = walk_in("2222-2223", world, post="Chuyên viên")
    with clock.stopped_at(at(9)):
        assert answers(door.send(line)) == ["stored"]
        assert answers(door.send(line, scan("2222-2223", at(11), kind="out"))) == ["known", "stored"]
    [new] = session().scalars(select(Delegate).where(Delegate.walked_in_at.is_not(None)))
    assert (new.full_name, new.ticket, new.post, new.walked_in_at) == ("Lý Thị Mới", "2222-2223", "Chuyên viên", at(9))
    assert new.point_id == event.points[0].id
    assert outcomes.summary(event)[0].present == 1


def test_one_person_walks_in_twice(client: FlaskClient, event: Event, people: People, world: World) -> None:
    doors = [opened(client, event, world.organizer, name) for name in ("Cửa A", "Cửa B")]
    for door, ticket in zip(doors, ("3333-3333", "2222-2222"), strict=True):
        assert answers(door.send(walk_in(ticket, world))) == ["stored"]
    [new] = session().scalars(select(Delegate).where(Delegate.walked_in_at.is_not(None)))
    session().refresh(new)
    assert new.ticket == "2222-2222", "the least, whoever came first"
    with clock.stopped_at(at(9)):
        assert doors[0].pack().get_json()["second_tickets"] == [["3333-3333", "2222-2222"]]
    for door, ticket in zip(doors, ("2222-2222", "3333-3333"), strict=True):
        assert answers(door.send(scan(ticket, at(11), kind="out"))) == ["stored"]
    assert len(list(outcomes.marks(event.id, [new.id]))) == 4


def test_someone_on_the_list_walks_in_and_one_who_withdrew(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer)
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    line = walk_in("2222-2223", world, "Trần Thị Quỳ")
    sent = [walk_in("2222-2222", world, "Phạm S", post="Chánh Văn phòng"), line]
    assert answers(door.send(*sent)) == ["stored", "stored"]
    assert {one.delegate_id for one in outcomes.marks(event.id)} == {people["S"].id, people["Quỳ"].id}
    session().expire_all()
    assert people["Quỳ"].withdrawn_at is None
    registration.withdraw(people["Quỳ"], world.organizer, "Về sớm")
    assert answers(door.send(line)) == ["known"]
    session().expire_all()
    assert people["Quỳ"].withdrawn_at is not None, "a batch that comes again puts nobody back"
    assert session().scalars(select(Delegate).where(Delegate.walked_in_at.is_not(None))).all() == []


def test_someone_replaced_who_comes_all_the_same_is_evidence_only(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    instead = registration.Candidate("Lê Thị Thay", world.units["binh-sa"])
    registration.substitute(people["Quỳ"], instead, world.organizer, "Ốm")
    door = opened(client, event, world.organizer)
    assert answers(door.send(walk_in("2222-2223", world, "Trần Thị Quỳ"))) == ["stored"]
    session().expire_all()
    assert people["Quỳ"].withdrawn_at is not None
    assert outcomes.summary(event)[0].present == 0


def test_who_cannot_walk_in(client: FlaskClient, event: Event, people: People, world: World) -> None:
    door = opened(client, event, world.organizer)
    other = registration.register(
        build_event(world, "khac"), registration.Candidate("Lù A Xa", world.units["lam-khe"]), None
    )
    sent = [
        walk_in("2222-2222", world, unit="lam-khe") | {"walk_in": {"full_name": "Lý A", "unit": 2**30, "post": ""}},
        walk_in("2222-2223", world) | {"walk_in": {"full_name": "", "unit": 1}},
        walk_in("2222-2224", world) | {"walk_in": {"full_name": "Lý A", "unit": True}},
        walk_in("2222-2225", world) | {"walk_in": "Lý A"},
        walk_in("O0O0", world),
        walk_in(other.ticket, world),
        walk_in("2222-2226", world),
    ]
    assert answers(door.send(*sent)) == [
        "bad-unit", "bad-full-name", "bad-unit", "bad-walk-in", "bad-ticket", "bad-ticket", "stored",
    ]  # fmt: skip


def test_a_body_that_is_no_batch(app: Flask, client: FlaskClient, event: Event, world: World) -> None:
    door = opened(client, event, world.organizer)
    assert door.post(b"x", "text/plain").status_code == 415
    assert (door.post(b"").status_code, door.post(b"").get_json()["scans"]) == (200, [])
    for body in (b"\xff\xfe", b"[" * 100_000, b"[1]", b"null"):
        assert answers(door.post(body)) == ["unreadable"]
    too_much = b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    answer = door.post(too_much)
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (413, "413")
    assert list(outcomes.marks(event.id)) == []


def test_a_header_that_was_cut_takes_its_lines_along(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer)
    heading, first, second = (json.dumps(one) for one in (
        header(at(9), device=door.key), scan(people["Đức"].ticket, at(8)), scan(people["Chứ"].ticket, at(8)),
    ))  # fmt: skip
    for cut in ('{"ba', heading[:60], first[:50] + heading, "{"):
        sent = "\n".join([heading, first, cut, second]).encode()
        assert answers(door.post(sent))[1:] == ["unreadable", "no-batch"], cut
    for cut in ('{"sc', first[:60]):
        sent = "\n".join([heading, cut, second]).encode()
        assert answers(door.post(sent))[0] == "unreadable"
    assert len(list(outcomes.marks(event.id))) == 2


def test_a_scan_costs_few_statements(
    client: FlaskClient, event: Event, people: People, world: World, count_statements: Callable[..., Any]
) -> None:
    door = opened(client, event, world.organizer)
    door.send(scan(people["Hường"].ticket, at(8)), after=0)
    with count_statements() as statements:
        assert answers(door.send(scan(people["Đức"].ticket, at(8)), after=0)) == ["stored"]
    assert len(statements) <= 12
