"""A person's page and the matrix: what each half-day was, whether it counts and why not, and what was changed."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import excuses, finding, service
from lms.attendance.models import PresenceChange, Scan, ScanKind, ScanMethod
from lms.attendance.service import check_in
from lms.core import clock
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate
from lms.registration.service import Candidate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.attendance.doors import opened
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
MATRIX = "/events/lam-khe-2024/attendance"


def text_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def scan(half_day: HalfDay, delegate: Delegate, hour: int, minute: int, kind: ScanKind, method: str = "qr") -> Scan:
    moment = at(hour, minute)
    found = Scan(
        uuid=f"{half_day.id:09}-{delegate.id:09}-{hour:02}{minute:02}{kind:>8}", half_day_id=half_day.id,
        delegate_id=delegate.id, kind=kind, method=method, at=moment, stored_at=moment,
    )  # fmt: skip
    session().add(found)
    session().flush()
    return found


@pytest.fixture
def strict(event: Event) -> Event:
    """The conference under a rule that looks at everything."""
    event.late_minutes, event.late_counts = 15, False
    event.early_minutes, event.early_counts = 10, False
    event.evidence = "qr sheet"
    event.hours = 7
    return event


def test_why_a_half_day_does_not_count(
    client_of: Browser, world: World, strict: Event, morning: HalfDay, afternoon: HalfDay, people: People
) -> None:
    scan(morning, people["Đức"], 8, 0, ScanKind.IN)
    scan(morning, people["Đức"], 10, 40, ScanKind.OUT)
    scan(afternoon, people["Đức"], 13, 20, ScanKind.IN, "manual")
    page = text_of(client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}")
    assert "Đến muộn, về sớm</span>" in page
    late, early = "đến muộn quá 15 phút, không có phép", "về sớm quá 10 phút, không có phép"
    assert f"Không được tính: {late}; {early}." in page
    assert "“người tổ chức ghi” không phải căn cứ được tính" in page
    assert "Giờ vào 08:00. Giờ ra 10:40." in page
    excuses.excuse([morning], people["Đức"], world.organizer, "Họp")
    page = text_of(client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}")
    assert "Được tính: 3,5 giờ." in page
    assert ">1<span" in page
    assert ">3,5<span" in page


@pytest.mark.parametrize(
    ("hour", "minute", "proposed"),
    [(5, 0, MORNING), (8, 0, MORNING), (12, 0, MORNING), (12, 40, AFTERNOON), (14, 0, AFTERNOON), (20, 0, AFTERNOON)],
)
def test_the_half_day_that_runs_is_proposed_or_the_last_before(
    client_of: Browser, world: World, event: Event, people: People, hour: int, minute: int, proposed: str
) -> None:
    address, browser = f"{MATRIX}/{people['Đức'].id}", client_of(world.organizer)
    with clock.stopped_at(at(hour, minute)):
        page = text_of(browser, address)
        asked = text_of(browser, f"{address}?session={MORNING}")
        column = re.search(r"data-now>([^<]+)</th>", text_of(browser, MATRIX))
    assert re.findall(r'<option selected value="([^"]+-(?:sang|chieu))">', page) == [proposed, proposed]
    assert re.findall(r'<option selected value="([^"]+-(?:sang|chieu))">', asked) == [MORNING, MORNING]
    assert column is not None
    assert column[1].startswith("Sáng" if proposed == MORNING else "Chiều")


def test_scans_out_alone_prove_nothing(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    scan(morning, people["Đức"], 11, 0, ScanKind.OUT)
    page = text_of(client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}")
    assert "Có lượt ra mà không có lượt vào" in page
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 30))
    assert "Có lượt ra mà không" not in text_of(client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}")


def test_a_correction_is_kept_with_before_and_after(
    client_of: Browser, world: World, morning: HalfDay, people: People
) -> None:
    browser, address = client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}"
    assert "Chưa ai sửa, cho phép hay đổi cách tính" in text_of(browser, address)
    service.mark_present(morning, people["Đức"], world.organizer, "Có chữ ký", method=ScanMethod.SHEET)
    service.mark_absent(morning, people["Đức"], world.admin, "Ký hộ")
    rows = session().scalars(select(PresenceChange).order_by(PresenceChange.id)).all()
    assert [(one.cause, one.was, one.counted, one.became, one.counts, one.reason) for one in rows] == [
        ("correction", "absent", False, "present", True, "Có chữ ký"),
        ("correction", "present", True, "absent", False, "Ký hộ"),
    ]
    page = text_of(browser, address)
    recorded = page[page.index("Thay đổi đã ghi") :]
    assert recorded.index("Ký hộ") < recorded.index("Có chữ ký")
    assert "có mặt, được tính</td>" in recorded
    assert "sửa điểm danh<span" in page
    assert "Trần Quản Trị" in page
    assert "<s>Vào lúc 07:30 07/8/2024</s>" in page


def test_hours_of_a_correction(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    browser, address = client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}"
    sent = {"session": MORNING, "outcome": "present", "method": "sheet", "reason": "Có chữ ký"}
    hours = {"came_at": "07:40", "left_at": "10:30"}
    assert browser.post(f"{address}/corrections", data=sent | hours).status_code == 303
    page = text_of(browser, address)
    assert "Vào lúc 07:40 07/8/2024" in page
    assert "Ra lúc 10:30 07/8/2024 · chữ ký trên danh sách" in page
    assert "Giờ ra 10:30." in page
    assert browser.post(f"{address}/corrections", data=sent | {"left_at": "11:00"}).status_code == 303
    assert "Giờ ra 11:00." in text_of(browser, address)
    assert len(session().scalars(select(Scan).where(Scan.kind == ScanKind.IN)).all()) == 1


@pytest.mark.parametrize(
    ("session_key", "hours", "field", "words"),
    [
        (MORNING, {"came_at": "04:29"}, "came_at", "Hãy ghi từ 04:30 đến 11:30"),
        (MORNING, {"came_at": "11:31"}, "came_at", "Hãy ghi từ 04:30 đến 11:30"),
        (MORNING, {"left_at": "11:31"}, "left_at", "Hãy ghi từ 04:30 đến 11:30"),
        (AFTERNOON, {"came_at": "10:29"}, "came_at", "Hãy ghi từ 10:30 đến 17:00"),
        (MORNING, {"came_at": "09:00", "left_at": "09:00"}, "left_at", "Giờ ra phải sau giờ vào"),
        (MORNING, {"left_at": "07:30"}, "left_at", "Giờ ra phải sau giờ vào"),
        (MORNING, {"left_at": "bảy giờ"}, "left_at", "Giờ chưa đúng"),
    ],
)
def test_hours_outside_the_half_day(
    client_of: Browser, world: World, people: People, session_key: str, hours: dict[str, str], field: str, words: str
) -> None:
    sent = {"session": session_key, "outcome": "present", "method": "manual", "reason": "Quên quét"} | hours
    answer = client_of(world.organizer).post(f"{MATRIX}/{people['Đức'].id}/corrections", data=sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert words in page
    assert session().scalars(select(Scan)).all() == []
    assert session().scalars(select(PresenceChange)).all() == []


def test_hours_at_the_very_edges(morning: HalfDay, people: People, world: World) -> None:
    service.mark_present(morning, people["Đức"], world.organizer, "Quên quét", at=at(4, 30), left_at=at(11, 30))
    with pytest.raises(RuleBroken):
        service.mark_present(morning, people["S"], world.organizer, "Quên quét", at=at(4, 29))


def test_an_hour_still_to_come_is_refused(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    address = f"{MATRIX}/{people['Đức'].id}/corrections"
    sent = {"session": MORNING, "outcome": "present", "method": "manual", "reason": "Quên quét"}
    with clock.stopped_at(at(9)):
        for hours in ({"came_at": "09:01"}, {"came_at": "08:00", "left_at": "11:00"}):
            answer = client_of(world.organizer).post(address, data=sent | hours)
            assert (answer.status_code, "Giờ này chưa đến" in answer.get_data(as_text=True)) == (422, True)
        assert client_of(world.organizer).post(address, data=sent | {"came_at": "09:00"}).status_code == 303


def test_a_presence_before_the_half_day_begins_is_asked_about(
    client_of: Browser, world: World, afternoon: HalfDay, people: People
) -> None:
    browser, person = client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}"
    sent = {"session": AFTERNOON, "outcome": "present", "method": "manual", "reason": "Đến sớm"}
    with clock.stopped_at(at(13)):
        assert "beforehand" not in text_of(browser, person)
        asked = browser.post(f"{person}/corrections", data=sent)
        page = asked.get_data(as_text=True)
        assert (asked.status_code, "Buổi này 13:30 mới bắt đầu" in page) == (422, True)
        assert 'name="beforehand"' in page
        assert session().scalars(select(Scan)).all() == []
        assert browser.post(f"{person}/corrections", data=sent | {"beforehand": "y"}).status_code == 303
        assert session().scalars(select(Scan)).one().at == at(13)
        away = {"session": AFTERNOON, "outcome": "absent", "reason": "Nhầm người"}
        assert browser.post(f"{person}/corrections", data=away).status_code == 303
        page = text_of(browser, person)
    assert page.count("Chưa đến lúc") == 0
    assert page.count("Vắng</span>") == 2


def test_a_mark_names_the_device_that_took_it(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    key = opened(client_of(world.organizer), event, world.organizer, "Cửa 2").key
    for method, delegate in (("manual", people["Đức"]), ("qr", people["S"])):
        scan(morning, delegate, 7, 20, ScanKind.IN, method).device = key
    browser = client_of(world.organizer)
    assert "máy Cửa 2, tìm theo tên" in text_of(browser, f"{MATRIX}/{people['Đức'].id}")
    assert "máy Cửa 2, quét thẻ" in text_of(browser, f"{MATRIX}/{people['S'].id}")


def test_whoever_was_replaced_is_named(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7))
    successor = Candidate("Lò Văn Pín", world.units["nam-khoang"])
    named = registration.substitute(people["Đức"], successor, world.organizer, "Bận")
    browser = client_of(world.organizer)
    with clock.stopped_at(at(18)):
        page = text_of(browser, MATRIX)
        assert "người được thay đã dự: Đặng Văn Đức" in page
        page = text_of(browser, f"{MATRIX}/{named.id}")
    assert "Người được thay đã dự: Đặng Văn Đức</span>" in page
    assert page.count("Vắng</span>") == 1
    service.mark_absent(morning, people["Đức"], world.organizer, "Quét nhầm")
    changed = session().scalars(select(PresenceChange).where(PresenceChange.delegate_id == named.id)).one()
    assert (changed.was, changed.became) == ("substituted", "absent")


def test_the_matrix_says_what_was_and_what_counts(
    client_of: Browser, world: World, strict: Event, morning: HalfDay, people: People
) -> None:
    scan(morning, people["Đức"], 7, 20, ScanKind.IN)
    scan(morning, people["Hường"], 7, 50, ScanKind.IN)
    scan(morning, people["Quỳ"], 7, 10, ScanKind.IN)
    scan(morning, people["Quỳ"], 10, 10, ScanKind.OUT)
    excuses.excuse([morning], people["S"], world.organizer, "Ốm")
    with clock.stopped_at(at(12)):
        page = text_of(client_of(world.organizer), MATRIX)
        book = openpyxl.load_workbook(io.BytesIO(client_of(world.organizer).get(f"{MATRIX}.xlsx").data))
    assert "07:50, đến muộn, không tính" in page
    assert "07:10–10:10, về sớm, không tính" in page
    assert ">vắng có phép</td>" in page
    assert '<td class="num">1</td><td class="num">3,5</td>' in page
    assert "Cách đọc bảng" in page
    rows = {row[1]: row for row in book.active.iter_rows(min_row=3, values_only=True)}
    assert rows["Họ và tên"][4:] == ("Sáng 07/8/2024", "Chiều 07/8/2024", "Số buổi được tính", "Số giờ")
    assert rows["Đặng Văn Đức"][4:] == ("07:20", None, 1, 3.5)
    assert rows["Phạm S"][4:] == ("vắng có phép", None, 0, 0)
    assert rows["Vàng A Chứ"][4:] == ("vắng", None, 0, 0)
    assert rows["Có mặt"][4:] == (3, 0, 1, 3.5)


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("late", {"Hường"}),
        ("left-early", {"Quỳ"}),
        ("excused", {"S"}),
        ("uncounted", {"Hường", "Quỳ"}),
        ("walked-in", {"Chứ"}),
        (f"absent-{MORNING}", {"Chứ", "S"}),
        ("anything", {"Đức", "Hường", "Chứ", "Quỳ", "S"}),
    ],
)
def test_what_the_matrix_is_narrowed_to(
    client_of: Browser, world: World, strict: Event, morning: HalfDay, people: People, show: str, expected: set[str]
) -> None:
    scan(morning, people["Đức"], 7, 20, ScanKind.IN)
    scan(morning, people["Hường"], 7, 50, ScanKind.IN)
    scan(morning, people["Quỳ"], 7, 10, ScanKind.IN)
    scan(morning, people["Quỳ"], 10, 10, ScanKind.OUT)
    excuses.excuse([morning], people["S"], world.organizer, "Ốm")
    people["Chứ"].walked_in_at = at(7, 30)
    page = text_of(client_of(world.organizer), f"{MATRIX}?show={show}")
    assert {name for name, one in people.items() if f"attendance/{one.id}" in page} == expected


def test_narrowing_costs_no_more_for_more_people(
    client_of: Browser, world: World, strict: Event, morning: HalfDay, put: Callable[..., Delegate], count_statements
) -> None:
    counted = []
    for number in range(3):
        for n in range(1 + number * 20):
            scan(morning, put(f"Lò Văn {number}{n}"), 8, 30, ScanKind.IN)
        with count_statements() as statements:
            text_of(client_of(world.organizer), f"{MATRIX}?show=late")
        counted.append(len(statements))
    assert counted[1] == counted[2] <= 22
    assert finding.CHUNK > 20
