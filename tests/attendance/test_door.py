"""The door pages without script, and who may use them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.attendance import service
from lms.attendance.models import Scan, ScanMethod
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
DOOR = "/events/lam-khe-2024/check-in"
SESSION = f"/events/lam-khe-2024/sessions/{MORNING}/check-in"
SCANS = f"/events/lam-khe-2024/sessions/{MORNING}/scans"
MATCHES = f"{SESSION}?q=duc"
People = dict[str, Delegate]


def scan(browser: FlaskClient, entry: str, door: str = SESSION, **more: object) -> dict[str, Any]:
    """Type a code at the door, or choose a delegate; the plate that the next page shows."""
    answer = browser.post(door, data={"entry": entry} | more)
    assert (answer.status_code, answer.location) == (303, door)
    with browser.session_transaction() as cookie:
        plate: dict[str, Any] = cookie["door_plate"]
    return plate


def standing() -> int:
    return session().scalar(select(func.count()).select_from(Scan).where(Scan.voided_at.is_(None))) or 0


@pytest.mark.parametrize("address", [DOOR, SESSION, MATCHES])
def test_who_may_open_the_door(
    client: FlaskClient, client_of: Browser, door_keeper: World, people: People, address: str
) -> None:
    assert client.get(address).status_code == 303
    assert client_of(door_keeper.stranger).get(address).status_code == 404
    assert client_of(door_keeper.instructor).get(address).status_code == 403
    for name in ("trainee", "organizer", "admin"):
        answer = client_of(door_keeper.accounts[name]).get(address)
        assert answer.status_code == 200
    assert client_of(door_keeper.organizer).get(address.replace(MORNING, "2024-08-09-sang")).status_code == (
        200 if address == DOOR else 404
    )


def test_who_may_scan(client: FlaskClient, client_of: Browser, world: World, people: People, morning: HalfDay) -> None:
    entry = {"entry": people["Đức"].ticket}
    assert client.post(SESSION, data=entry).location.startswith("/sign-in")
    assert client_of(world.stranger).post(SESSION, data=entry).status_code == 404
    assert client_of(world.instructor).post(SESSION, data=entry).status_code == 403
    assert standing() == 0


def test_the_half_days_of_today_come_first(client_of: Browser, world: World, people: People) -> None:
    with clock.stopped_at(at(7)):
        page = client_of(world.organizer).get(DOOR).get_data(as_text=True)
    assert page.index("Sáng 07/8/2024") < page.index("Chiều 07/8/2024")
    assert "Hôm nay" in page
    assert "có mặt 0/5" in page
    assert "Nậm Khoang" in page


def test_plates_of_two_scans_and_of_a_strange_code(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    with clock.stopped_at(at(7, 56)):
        first = scan(browser, people["Đức"].ticket)
    with clock.stopped_at(at(8, 2)):
        again = scan(browser, "", delegate=people["Đức"].id)
        unknown = scan(browser, "2222-2222")
    assert (first["verdict"], first["word"], first["who"]) == ("welcome", "Mời vào", "Đặng Văn Đức")
    assert (first["unit"], first["detail"]) == ("Nậm Khoang", "07:56")
    assert again["word"] == "Đã vào lúc 07:56"
    assert (unknown["verdict"], unknown["who"]) == ("not-listed", "Mã 2222-2222")
    assert standing() == 1


def test_english_words(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    browser.set_cookie("lms_language", "en")
    with clock.stopped_at(at(7, 56)):
        words = [scan(browser, people["Đức"].ticket)["word"] for _ in range(2)]
    assert words == ["Welcome", "Already in at 07:56"]


def test_someone_of_another_event_is_not_chosen(client_of: Browser, world: World, people: People) -> None:
    assert client_of(world.organizer).post(SESSION, data={"delegate": 999999}).status_code == 404


def test_the_form_takes_a_ticket_and_shows_the_plate_once(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    with clock.stopped_at(at(7, 56)):
        answer = browser.post(SESSION, data={"entry": people["Hường"].ticket.lower().replace("-", "")})
        assert (answer.status_code, answer.location) == (303, SESSION)
        page = browser.get(SESSION).get_data(as_text=True)
        assert "ans-in" in page
        assert "Nguyễn Thị Hường" in page
        assert "1/5" in page
        assert "ans-ready" in browser.get(SESSION).get_data(as_text=True)


def test_the_form_takes_a_name_without_accents_then_a_choice(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    answer = browser.post(SESSION, data={"entry": "dang van duc"}, follow_redirects=True).get_data(as_text=True)
    assert "Đặng Văn Đức" in answer
    assert f'value="{people["Đức"].id}"' in answer
    assert standing() == 0
    with clock.stopped_at(at(8, 2)):
        page = browser.post(SESSION, data={"delegate": people["Đức"].id}, follow_redirects=True).get_data(as_text=True)
    assert "Mời vào" in page
    [stored] = session().scalars(select(Scan))
    assert (stored.method, stored.account_id) == (ScanMethod.MANUAL, world.organizer.id)


def test_nobody_of_that_name(client_of: Browser, world: World, people: People) -> None:
    page = client_of(world.organizer).post(SESSION, data={"entry": "Thanh Nga"}, follow_redirects=True)
    assert "Không thấy ai tên “Thanh Nga”" in page.get_data(as_text=True)


def test_an_empty_form_is_refused_in_words(client_of: Browser, world: World, people: People) -> None:
    answer = client_of(world.organizer).post(SESSION, data={"entry": " "})
    assert answer.status_code == 422
    assert "Chưa nhập gì" in answer.get_data(as_text=True)


def test_plates_of_those_who_may_not_come_in(
    client_of: Browser, event: Event, world: World, people: People, put: Callable[..., Delegate]
) -> None:
    registration.withdraw(people["Quỳ"], world.organizer, "Đi công tác")
    remote = put("Lò Văn Pín", point=event.points[1])
    browser = client_of(world.organizer)
    gone = scan(browser, people["Quỳ"].ticket)
    assert (gone["look"], gone["word"]) == ("cancelled", "Đăng ký đã hủy")
    assert "Đi công tác" in gone["detail"]
    here = event.points[0].id
    door = f"{SESSION}?point={here}"
    other = scan(browser, remote.ticket, door)
    assert (other["look"], other["word"], other["exception"]) == ("other", "Vé của điểm cầu Bình Sa", remote.id)
    assert "Lý do cho vào theo ngoại lệ" in browser.get(door).get_data(as_text=True)
    assert scan(browser, "", door, delegate=remote.id, exception="Đổi điểm")["verdict"] == "welcome"
    assert browser.get(f"{SESSION}?point=999999").status_code == 404


def test_undo(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    uuid = scan(browser, people["Đức"].ticket)["undo"]
    assert standing() == 1
    assert f"/scans/{uuid}/annulment" in browser.get(SESSION).get_data(as_text=True)
    assert browser.post(f"{SCANS}/{uuid}/annulment").status_code == 303
    assert standing() == 0
    assert "Đã hoàn tác" in browser.get(SESSION).get_data(as_text=True)


def test_undo_of_anothers_scan_is_refused(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    anothers = service.check_in(morning, people["Đức"], world.admin, ScanMethod.QR).scan
    assert anothers is not None
    address = f"{SCANS}/{anothers.uuid}/annulment"
    answer = client_of(world.organizer).post(address)
    assert answer.status_code == 422
    assert "trong 10 phút" in answer.get_data(as_text=True)
    assert client_of(world.stranger).post(address).status_code == 404
    assert client_of(world.organizer).post(f"{SCANS}/{uuid4()}/annulment").status_code == 404
    assert standing() == 1


def test_matches_say_who_is_in_and_who_withdrew(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    with clock.stopped_at(at(7, 56)):
        scan(browser, people["Đức"].ticket)
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    assert "đã vào lúc 07:56" in browser.get(MATCHES).get_data(as_text=True)
    assert "đã rút" in browser.get(MATCHES.replace("duc", "quy")).get_data(as_text=True)


def test_the_door_of_another_day_warns(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    assert "không diễn ra hôm nay" in browser.get(SESSION).get_data(as_text=True)
    with clock.stopped_at(at(7)):
        assert "không diễn ra hôm nay" not in browser.get(SESSION).get_data(as_text=True)


def test_a_scan_costs_few_statements(
    client_of: Browser,
    world: World,
    people: People,
    count_statements: Callable[..., AbstractContextManager[list[str]]],
) -> None:
    browser = client_of(world.organizer)
    with count_statements() as statements:
        browser.post(SESSION, data={"entry": people["Đức"].ticket})
    assert len(statements) <= 10, statements
