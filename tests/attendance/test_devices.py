"""Opening a door device, with an account or a pairing code; what it holds; when it serves no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from lms.accounts.models import Account
from lms.attendance import devices, outcomes
from lms.attendance.models import DoorDevice
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.events.models import Event, EventStaff
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at, build_event
from tests.attendance.doors import answers, opened
from tests.attendance.test_syncing import scan
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
OPEN, PAIR = "/api/v1/events/lam-khe-2024/attendance/devices", "/api/v1/attendance/devices"


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    """It is nine in the morning of the conference."""
    with clock.stopped_at(at(9)):
        yield


def asked(**more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "name": "Cửa chính"} | more


def refusal(answer: Any) -> tuple[int, str, str | None]:
    [error] = answer.get_json()["errors"]
    assert error["message"] or answer.status_code != 422
    return answer.status_code, error["code"], error["where"]


def test_who_may_open_a_device(client: FlaskClient, client_of: Browser, door_keeper: World) -> None:
    assert client.post(OPEN, json=asked()).status_code == 401
    assert client_of(door_keeper.stranger).post(OPEN, json=asked()).status_code == 404
    assert client_of(door_keeper.instructor).post(OPEN, json=asked()).status_code == 403
    assert session().scalars(select(DoorDevice)).all() == []
    sent = asked()
    told = client_of(door_keeper.trainee).post(OPEN, json=sent).get_json()
    assert {name: told[name] for name in ("event", "device", "name", "point")} == {
        "event": "lam-khe-2024", "device": sent["key"], "name": "Cửa chính", "point": None,
    }  # fmt: skip
    [device] = session().scalars(select(DoorDevice))
    assert len(told["token"]) >= 43
    assert told["token"] not in device.token, "of the token only its digest is kept"
    assert "door-device.open" in session().scalars(select(AuditEntry.verb)).all()


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [({"key": "x"}, None, "key"), ({"name": " "}, "name-missing", "name"), ({"name": 7}, None, "name")],
)
def test_what_a_device_must_say(
    client_of: Browser, event: Event, world: World, change: dict[str, Any], code: str | None, field: str
) -> None:
    status, told, where = refusal(client_of(world.organizer).post(OPEN, json=asked(**change)))
    assert (status, where) == (422, field)
    assert told == code or code is None
    assert session().scalars(select(DoorDevice)).all() == []


def test_a_point_of_another_event_is_not_found(client_of: Browser, event: Event, world: World) -> None:
    other = build_event(world, "khac")
    assert client_of(world.organizer).post(OPEN, json=asked(point=other.points[0].id)).status_code == 404


def test_an_event_that_is_over_or_cancelled_opens_none(client_of: Browser, event: Event, world: World) -> None:
    with clock.stopped_at(at(9) + timedelta(days=3)):
        assert refusal(client_of(world.organizer).post(OPEN, json=asked()))[:2] == (422, "event-closed")
    event.cancelled_at = clock.now()
    session().flush()
    assert refusal(client_of(world.organizer).post(OPEN, json=asked()))[:2] == (422, "event-cancelled")


def test_opened_again_the_old_token_is_no_longer_good(
    client: FlaskClient, client_of: Browser, event: Event, world: World
) -> None:
    sent, browser = asked(), client_of(world.organizer)
    first = browser.post(OPEN, json=sent).get_json()["token"]
    second = browser.post(OPEN, json=sent | {"held": first}).get_json()["token"]
    statuses = [
        client.get(f"{OPEN[:-7]}pack", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (first, second)
    ]
    assert statuses == [401, 200]


def test_nobody_takes_the_place_of_another_device(
    client: FlaskClient, client_of: Browser, event: Event, world: World
) -> None:
    door = opened(client, event, world.organizer)
    code = devices.pairing_code(event, world.organizer)
    for held in ("", "x", None):
        taking = asked(key=door.key, held=held)
        assert refusal(client.post(PAIR, json=taking | {"code": code}))[:2] == (422, "device-held")
        assert refusal(client_of(world.organizer).post(OPEN, json=taking))[:2] == (422, "device-held")
    assert door.pack().status_code == 200


def test_a_phone_without_an_account_is_paired(client: FlaskClient, event: Event, door_keeper: World) -> None:
    code = devices.pairing_code(event, door_keeper.trainee, event.points[0])
    told = client.post(PAIR, json=asked(code=code, name="Máy của Mẩy")).get_json()
    assert (told["event"], told["name"], told["point"]) == (event.key, "Máy của Mẩy", event.points[0].id)
    [device] = session().scalars(select(DoorDevice))
    assert device.opened_by_id == door_keeper.trainee.id


def test_a_code_too_old_forged_or_of_one_who_keeps_the_door_no_longer(
    client: FlaskClient, event: Event, door_keeper: World
) -> None:
    code = devices.pairing_code(event, door_keeper.trainee)
    with clock.stopped_at(at(9, 11)):
        assert refusal(client.post(PAIR, json=asked(code=code))) == (422, "pairing-expired", "code")
        assert refusal(client.post(PAIR, json={"code": code, "asks": True})) == (422, "pairing-expired", "code")
    assert client.post(PAIR, json={"code": code, "asks": True}).get_json() == {"good": True}
    for forged in (code[:-2] + "xx", "", 7, None):
        assert client.post(PAIR, json={"code": forged, "asks": True}).status_code == 404
        assert client.post(PAIR, json=asked(code=forged)).status_code == 404
    session().execute(delete(EventStaff))
    session().expire_all()
    assert refusal(client.post(PAIR, json=asked(code=code))) == (422, "pairing-expired", "code")
    assert session().scalars(select(DoorDevice)).all() == []


def test_a_revoked_device_stores_and_reads_nothing(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer)
    device = session().scalars(select(DoorDevice)).one()
    devices.revoke(device, world.organizer)
    devices.revoke(device, world.organizer)
    for answer in (door.send(scan(people["Đức"].ticket, at(8))), door.pack()):
        assert refusal(answer)[:2] == (403, "device-revoked")
    assert list(outcomes.marks(event.id)) == []
    verbs = session().scalars(select(AuditEntry.verb)).all()
    assert verbs.count("door-device.revoke") == 1
    with pytest.raises(Exception, match="thu hồi"):
        devices.open_device(event, world.organizer, door.key, "Cửa sau")


def test_a_token_that_is_none_or_of_another_event(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer)
    build_event(world, "khac")
    door.event = "khac"
    assert refusal(door.send(scan(people["Đức"].ticket, at(8))))[:2] == (401, "device-unknown")
    assert door.pack().status_code == 401
    door.event, door.token = event.key, "x"
    assert refusal(door.send(scan(people["Đức"].ticket, at(8))))[:2] == (401, "device-unknown")
    assert list(outcomes.marks(event.id)) == []


def test_what_a_device_of_the_hall_holds(
    client: FlaskClient, event: Event, people: People, world: World, put: Callable[..., Delegate]
) -> None:
    far = put("Giàng A Xa", "binh-sa", point=event.points[0])
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    instead = registration.Candidate("Lê Thị Thay", world.units["binh-sa"])
    named = registration.substitute(people["S"], instead, world.organizer, "Ốm")
    held = opened(client, event, world.organizer).pack().get_json()
    assert [one["key"] for one in held["sessions"]] == [one.key for one in event.sessions]
    assert held["sessions"][0]["starts_at"] == at(7, 30).isoformat()
    assert held["event"]["closes_at"] == devices.closes_at(event).isoformat()
    rows = {row[0]: row for row in held["people"]}
    assert set(rows) == {one.ticket for one in [*people.values(), far, named]}
    duc = rows[people["Đức"].ticket]
    assert (duc[1], held["units"][duc[2]][1], duc[3:]) == (
        "Đặng Văn Đức", "Nậm Khoang", ["Công chức văn hóa – xã hội", None, False, None],
    )  # fmt: skip
    assert rows[people["Quỳ"].ticket][5] is True
    assert rows[named.ticket][6] == people["S"].ticket
    assert (rows[far.ticket][1], rows[far.ticket][4]) == ("Giàng A Xa", event.points[0].id)


def test_a_device_of_a_point_holds_no_names_of_others(
    client: FlaskClient, event: Event, people: People, world: World, put: Callable[..., Delegate]
) -> None:
    own = put("Giàng A Xa", "binh-sa", point=event.points[0])
    other = put("Mùa Thị Khác", "binh-sa", post="Chánh Thanh tra", point=event.points[1])
    answer = opened(client, event, world.organizer, point=event.points[0]).pack()
    rows = {row[0]: row for row in answer.get_json()["people"]}
    assert rows[own.ticket][1] == "Giàng A Xa"
    assert rows[other.ticket] == [other.ticket, "", -1, "", event.points[1].id, False, None]
    assert "Mùa" not in str(answer.get_json())
    assert "Chánh Thanh tra" not in str(answer.get_json())


def test_a_list_that_did_not_change_is_not_sent_again(
    client: FlaskClient, event: Event, people: People, world: World, put: Callable[..., Delegate]
) -> None:
    door = opened(client, event, world.organizer)
    first = door.pack()
    again = door.pack(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    put("Giàng A Mới", "binh-sa")
    changed = door.pack(**{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "Giàng A Mới" in [row[1] for row in changed.get_json()["people"]]


def test_after_the_event_has_closed_the_list_is_gone_and_scans_still_come_home(
    client: FlaskClient, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer)
    with clock.stopped_at(devices.closes_at(event)):
        assert refusal(door.pack())[:2] == (410, "event-closed")
        assert answers(door.send(scan(people["Đức"].ticket, at(8)))) == ["stored"]


def test_the_list_costs_as_many_statements_however_long_it_is(
    client: FlaskClient,
    event: Event,
    people: People,
    world: World,
    put: Callable[..., Delegate],
    count_statements: Callable[..., Any],
) -> None:
    door = opened(client, event, world.organizer)
    counted = []
    for more in (0, 12):
        for number in range(more):
            put(f"Giàng A {'Sử' * (number + 1)}", "binh-sa", point=event.points[number % 2])
        session().expire_all()
        with count_statements() as statements:
            assert len(door.pack().get_json()["people"]) == 5 + more
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 8


def test_a_device_says_how_many_it_still_has(client: FlaskClient, event: Event, people: People, world: World) -> None:
    door = opened(client, event, world.organizer)
    door.send(scan(people["Đức"].ticket, at(8)), waiting=17)
    session().expire_all()
    device = session().scalars(select(DoorDevice)).one()
    assert (device.waiting, device.heard_at) == (17, at(9))
    with clock.stopped_at(at(9, 1)):
        door.send(scan(people["Hường"].ticket, at(8), MORNING), waiting="x")
    session().expire_all()
    assert (device.waiting, device.heard_at) == (17, at(9, 1))


def test_a_device_that_closes_is_neither_in_use_nor_silent(
    client: FlaskClient, client_of: Browser, event: Event, people: People, world: World
) -> None:
    door = opened(client, event, world.organizer, "Bàn 7")
    assert door.send(scan(people["Đức"].ticket, at(8)), waiting=0, closing="yes").status_code == 200
    session().expire_all()
    assert session().scalars(select(DoorDevice)).one().revoked_at is None
    assert door.send(waiting=3, closing=True).status_code == 200
    session().expire_all()
    device = session().scalars(select(DoorDevice)).one()
    assert (device.closed_itself, device.revoked_at, device.waiting) == (True, at(9), 0)
    assert session().scalars(select(AuditEntry.verb)).all().count("door-device.close") == 1
    page = client_of(world.organizer).get("/events/lam-khe-2024/check-in/devices").get_data(as_text=True)
    assert "Đã đóng" in page
    assert "Đã thu hồi" not in page
    assert "Máy đóng khi mất mạng không báo được cho máy chủ" in page
    opened(client, event, world.organizer, "Bàn 8")  # at seven, and silent since
    presence = client_of(world.organizer).get("/events/lam-khe-2024/presence").get_data(as_text=True)
    assert "Bàn 7" not in presence
    assert "Bàn 8" in presence
    assert "Máy đã đóng lúc mất mạng cũng hiện là im" in presence
    assert refusal(door.pack())[:2] == (403, "device-revoked")
    devices.revoke(device, world.organizer)
    devices.close(device.key)
    devices.close("no such device")
    assert device.closed_itself
