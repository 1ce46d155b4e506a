"""The door pages: with and without script, and who may use them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
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
COUNTS = f"/events/lam-khe-2024/sessions/{MORNING}/counts"
MATCHES = f"/events/lam-khe-2024/sessions/{MORNING}/matches?q=duc"
People = dict[str, Delegate]


def standing() -> int:
    return session().scalar(select(func.count()).select_from(Scan).where(Scan.voided_at.is_(None))) or 0


@pytest.mark.parametrize("address", [DOOR, SESSION, COUNTS, MATCHES])
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
    scan = {"ticket": people["Đức"].ticket}
    for address, data in ((SCANS, {"json": scan}), (SESSION, {"data": {"entry": people["Đức"].ticket}})):
        assert client.post(address, **data).status_code == 303
        assert client_of(world.stranger).post(address, **data).status_code == 404
        assert client_of(world.instructor).post(address, **data).status_code == 403
    assert standing() == 0


def test_the_half_days_of_today_come_first(client_of: Browser, world: World, people: People) -> None:
    with clock.stopped_at(at(7)):
        page = client_of(world.organizer).get(DOOR).get_data(as_text=True)
    assert page.index("Sáng 07/8/2024") < page.index("Chiều 07/8/2024")
    assert "Hôm nay" in page
    assert "có mặt 0/5" in page
    assert "Nậm Khoang" in page


def test_scanning_by_json(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    uuid = str(uuid4())
    with clock.stopped_at(at(7, 56)):
        first = browser.post(SCANS, json={"ticket": people["Đức"].ticket, "method": "qr", "uuid": uuid}).get_json()
    with clock.stopped_at(at(8, 2)):
        same = browser.post(SCANS, json={"ticket": people["Đức"].ticket, "method": "qr", "uuid": uuid}).get_json()
        again = browser.post(SCANS, json={"delegate": people["Đức"].id, "method": "manual", "uuid": str(uuid4())})
        unknown = browser.post(SCANS, json={"ticket": "2222-2222"}).get_json()
    assert first == same
    assert (first["verdict"], first["word"], first["who"]) == ("welcome", "Mời vào", "Đặng Văn Đức")
    assert (first["unit"], first["detail"], first["undo"]) == ("Nậm Khoang", "07:56", uuid)
    assert again.get_json()["word"] == "Đã vào lúc 07:56"
    assert (unknown["verdict"], unknown["who"]) == ("not-listed", "Mã 2222-2222")
    assert standing() == 1


def test_english_words(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    browser.set_cookie("lms_language", "en")
    with clock.stopped_at(at(7, 56)):
        words = [browser.post(SCANS, json={"ticket": people["Đức"].ticket}).get_json()["word"] for _ in range(2)]
    assert words == ["Welcome", "Already in at 07:56"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "bad-ticket"),
        ({"ticket": "  "}, "bad-ticket"),
        ({"ticket": "AAAA-AAAA", "method": "sheet"}, "bad-method"),
        ({"ticket": "AAAA-AAAA", "method": ["qr"]}, "bad-method"),
        ({"ticket": "AAAA-AAAA", "uuid": "x"}, "bad-uuid"),
        ({"ticket": "AAAA-AAAA", "uuid": 7}, "bad-uuid"),
        ({"ticket": "AAAA-AAAA", "exception": "x" * 301}, "bad-exception"),
        ({"delegate": True}, "bad-ticket"),
    ],
)
def test_a_scan_badly_sent(
    client_of: Browser, world: World, people: People, sent: dict[str, object], code: str
) -> None:
    answer = client_of(world.organizer).post(SCANS, json=sent)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["code"] == code


def test_a_body_that_is_no_json(client_of: Browser, world: World, people: People) -> None:
    answer = client_of(world.organizer).post(SCANS, data="{", content_type="application/json")
    assert answer.get_json()["errors"][0]["code"] == "bad-ticket"
    assert client_of(world.organizer).post(SCANS, json={"delegate": 999999}).status_code == 404


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
    [scan] = session().scalars(select(Scan))
    assert (scan.method, scan.account_id) == (ScanMethod.MANUAL, world.organizer.id)


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
    gone = browser.post(SCANS, json={"ticket": people["Quỳ"].ticket}).get_json()
    assert (gone["look"], gone["word"]) == ("cancelled", "Đăng ký đã hủy")
    assert "Đi công tác" in gone["detail"]
    here = event.points[0].id
    other = browser.post(SCANS, json={"ticket": remote.ticket, "point": here}).get_json()
    assert (other["look"], other["word"], other["exception"]) == ("other", "Vé của điểm cầu Bình Sa", remote.id)
    page = browser.post(f"{SESSION}?point={here}", data={"entry": remote.ticket}, follow_redirects=True)
    assert "Lý do cho vào theo ngoại lệ" in page.get_data(as_text=True)
    let_in = {"delegate": remote.id, "point": here, "exception": "Đổi điểm"}
    assert browser.post(SCANS, json=let_in).get_json()["verdict"] == "welcome"
    assert browser.get(f"{SESSION}?point=999999").status_code == 404


def test_undo_with_and_without_script(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    for headers in ({"Accept": "application/json"}, {}):
        uuid = browser.post(SCANS, json={"ticket": people["Đức"].ticket}).get_json()["undo"]
        assert standing() == 1
        page = browser.get(SESSION).get_data(as_text=True)
        assert f"/scans/{uuid}/annulment" in page
        answer = browser.post(f"{SCANS}/{uuid}/annulment", headers=headers)
        assert answer.status_code == (200 if headers else 303)
        assert standing() == 0
    assert "Đã hoàn tác" in browser.get(SESSION).get_data(as_text=True)


def test_undo_of_anothers_scan_is_refused(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    scan = service.check_in(morning, people["Đức"], world.admin, ScanMethod.QR).scan
    assert scan is not None
    address = f"{SCANS}/{scan.uuid}/annulment"
    answer = client_of(world.organizer).post(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (422, "undo-too-late")
    assert client_of(world.organizer).post(address).status_code == 422
    assert client_of(world.stranger).post(address).status_code == 404
    assert client_of(world.organizer).post(f"{SCANS}/{uuid4()}/annulment").status_code == 404
    assert standing() == 1


def test_matches_say_who_is_in_and_who_withdrew(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    with clock.stopped_at(at(7, 56)):
        browser.post(SCANS, json={"ticket": people["Đức"].ticket})
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
        browser.post(SCANS, json={"ticket": people["Đức"].ticket, "uuid": str(uuid4())})
    assert len(statements) <= 10, statements
