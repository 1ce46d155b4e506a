"""The devices of an event and the app's own addresses: who sees them, pairing, revoking, what the app is made of."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import devices
from lms.attendance.models import DoorDevice
from lms.core import assets, clock
from lms.core.db import session
from lms.events.models import Event
from lms.places import static_folder
from lms.registration.models import Delegate
from tests.attendance.conftest import at, build_event
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
DEVICES = "/events/lam-khe-2024/check-in/devices"
PAIRING = f"{DEVICES}/pairing"


@pytest.fixture
def device(event: Event, world: World) -> DoorDevice:
    """A device that the organizer opened for the point Nậm Khoang."""
    with clock.stopped_at(at(7)):
        opened = devices.open_device(event, world.organizer, str(uuid4()), "Cửa chính", event.points[0])
    return opened.device


def test_who_sees_the_devices(client: FlaskClient, client_of: Browser, door_keeper: World, device: DoorDevice) -> None:
    for address in (DEVICES, PAIRING, f"{PAIRING}.svg"):
        assert client.get(address).status_code == 303
        assert client_of(door_keeper.stranger).get(address).status_code == 404
        assert client_of(door_keeper.instructor).get(address).status_code == 403
    for address in (PAIRING, f"{DEVICES}/{device.id}/revocation"):
        assert client.post(address).status_code == 303
        assert client_of(door_keeper.stranger).post(address).status_code == 404
        assert client_of(door_keeper.instructor).post(address).status_code == 403
    assert device.revoked_at is None
    assert client_of(door_keeper.trainee).get(DEVICES).status_code == 200


def test_the_list_says_what_each_device_still_has(client_of: Browser, world: World, device: DoorDevice) -> None:
    device.waiting = 12
    with clock.stopped_at(at(9)):
        page = client_of(world.organizer).get(DEVICES).get_data(as_text=True)
    for said in ("Cửa chính", "Nậm Khoang", "Lò Thị Mẩy", "07:00 07/8/2024", "12 lượt", "Mở trên máy này"):
        assert said in page
    assert f"{DEVICES}/{device.id}/revocation" in page


def test_a_device_is_revoked_once(client_of: Browser, world: World, device: DoorDevice) -> None:
    browser = client_of(world.organizer)
    for _again in range(2):
        answer = browser.post(f"{DEVICES}/{device.id}/revocation")
        assert (answer.status_code, answer.location) == (303, DEVICES)
    page = browser.get(DEVICES).get_data(as_text=True)
    assert "Đã thu hồi máy “Cửa chính”" in page
    assert f"{device.id}/revocation" not in page
    assert device.revoked_by_id == world.organizer.id
    assert browser.post(f"{DEVICES}/999999/revocation").status_code == 404


def test_a_closed_event_opens_no_device(client_of: Browser, world: World, event: Event) -> None:
    page = client_of(world.organizer).get(DEVICES).get_data(as_text=True)
    assert "không mở thêm máy được" in page
    assert 'id="open-form"' not in page
    assert "Chưa mở máy nào." in page


def test_another_phone_is_paired_by_the_code_on_the_screen(
    client: FlaskClient, client_of: Browser, world: World, event: Event, people: People
) -> None:
    browser, point = client_of(world.organizer), event.points[0]
    with clock.stopped_at(at(7)):
        assert browser.post(PAIRING, data={"pairing_point": point.id}).location == PAIRING
        page = browser.get(PAIRING).get_data(as_text=True)
        assert "Mã dùng được đến 07:10" in page
        assert "Nậm Khoang" in page
        assert browser.get(f"{PAIRING}.svg").data.startswith(b"<svg")
        link = re.search(r'value="http://lms\.test/door/#pair=([^"]+)"', page)
        assert link
        sent = {"code": link[1], "key": str(uuid4()), "name": "Điện thoại của Pín"}
        told = client.post("/api/v1/attendance/devices", json=sent).get_json()
    assert (told["event"], told["point"], told["name"]) == (event.key, point.id, "Điện thoại của Pín")
    found = session().scalars(select(DoorDevice).where(DoorDevice.key == sent["key"])).one()
    assert found.opened_by_id == world.organizer.id
    with clock.stopped_at(at(7) + devices.PAIRING_LIFE + timedelta(seconds=1)):
        assert "đã hết hạn" in browser.get(PAIRING).get_data(as_text=True)
        late = client.post("/api/v1/attendance/devices", json=sent | {"key": str(uuid4())})
    assert (late.status_code, late.get_json()["errors"][0]["code"]) == (422, "pairing-expired")


def test_without_a_code_drawn_there_is_none_to_show(client_of: Browser, world: World, event: Event) -> None:
    browser = client_of(world.organizer)
    assert "đã hết hạn" in browser.get(PAIRING).get_data(as_text=True)
    assert browser.get(f"{PAIRING}.svg").status_code == 404


def test_a_point_of_no_event_is_refused(client_of: Browser, world: World, event: Event) -> None:
    with clock.stopped_at(at(7)):
        answer = client_of(world.organizer).post(PAIRING, data={"pairing_point": "999999"})
    assert answer.status_code == 422
    assert "Mục đã chọn không còn nữa" in answer.get_data(as_text=True)


def told(pattern: str, text: str) -> Any:
    """The JSON that a page or a script holds where the pattern says."""
    found = re.search(pattern, text)
    assert found
    return json.loads(found[1])


def test_the_app_is_the_same_for_everybody(client: FlaskClient, client_of: Browser, world: World) -> None:
    page = client.get("/door/").get_data(as_text=True)
    assert page == client_of(world.organizer).get("/door/").get_data(as_text=True)
    assert "csrf" not in page
    words = told(r'id="door-words">(.+?)</script>', page)
    assert words["already"] == "Đã vào lúc {time}"
    client.set_cookie("lms_language", "en")
    assert "Already in at {time}" in client.get("/door/").get_data(as_text=True)


def test_every_word_that_the_scripts_say_is_in_the_page(client: FlaskClient) -> None:
    page = client.get("/door/").get_data(as_text=True)
    words = told(r'id="door-words">(.+?)</script>', page)
    scripts = "".join(path.read_text(encoding="utf-8") for path in (static_folder() / "js").glob("door-*.js"))
    literal = set(re.findall(r'say\("(\w+)"', scripts))
    assert literal
    assert literal <= words.keys()
    assert all(f'"{name}"' in scripts for name in words), "a word that nobody says"


def test_the_worker_keeps_every_file_the_page_needs(client: FlaskClient) -> None:
    answer = client.get("/door/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    script = answer.get_data(as_text=True)
    kept = told(r"KEPT = (\[.+?\]);", script)
    assert f'VERSION = "{assets.digest()}"' in script
    page = client.get("/door/").get_data(as_text=True)
    asked = set(re.findall(r'(?:href|src)="(/(?:static|door)/[^"#]+)"', page))
    assert asked - {"/door/open"} <= set(kept), "all but where one signs in, for which a network is needed anyway"
    for address in kept:
        if address.startswith("/static/"):
            path = static_folder() / address.removeprefix(f"/static/{assets.digest()}/")
            assert path.is_file(), address
            for name in re.findall(r'from "\./([\w-]+\.js)"', path.read_text(encoding="utf-8", errors="ignore")):
                assert assets.asset(f"js/{name}") in kept, f"{name}, which {path.name} imports"
        else:
            assert client.get(address).status_code == 200, address


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/door/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json(force=True)
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Điểm danh", "/door/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert (static_folder() / icon["src"].removeprefix(f"/static/{assets.digest()}/")).is_file()


def test_signing_in_from_an_unpaired_app_leads_to_opening_the_device(
    client: FlaskClient, client_of: Browser, door_keeper: World, event: Event
) -> None:
    assert 'href="/door/open"' in client.get("/door/").get_data(as_text=True)
    answer = client.get("/door/open")
    assert answer.status_code == 303
    assert answer.location.endswith("?next=/door/open") or "next=%2Fdoor%2Fopen" in answer.location
    assert client_of(door_keeper.instructor).get("/door/open").status_code == 403
    with clock.stopped_at(at(9)):
        only = client_of(door_keeper.trainee).get("/door/open")
        assert (only.status_code, only.location) == (303, DEVICES)
        build_event(door_keeper, "lop-khac")
        choice = client_of(door_keeper.organizer).get("/door/open").get_data(as_text=True)
        assert f'href="{DEVICES}"' in choice
        assert 'href="/events/lop-khac/check-in/devices"' in choice
    with clock.stopped_at(at(9) + timedelta(days=3)):
        assert "Chưa có sự kiện nào còn mở" in client_of(door_keeper.trainee).get("/door/open").get_data(as_text=True)
