"""The matrix, its spreadsheet, corrections and the sign-in sheet: what they show, and to whom."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import insert, select

from lms.accounts.models import Account
from lms.attendance import service
from lms.attendance.models import Scan, ScanMethod
from lms.attendance.service import check_in
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.text import name_sort_key
from lms.events.models import Event, HalfDay
from lms.people.models import Person
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.printed import codes
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Counting = Callable[..., AbstractContextManager[list[str]]]
People = dict[str, Delegate]
MATRIX = "/events/lam-khe-2024/attendance"
XLSX = "/events/lam-khe-2024/attendance.xlsx"
SHEET = f"/events/lam-khe-2024/sessions/{MORNING}/sheet.pdf"


def text_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", [MATRIX, XLSX, SHEET])
def test_who_may_see(client: FlaskClient, client_of: Browser, door_keeper: World, people: People, address: str) -> None:
    assert client.get(address).status_code == 303
    assert client_of(door_keeper.stranger).get(address).status_code == 404
    assert client_of(door_keeper.instructor).get(address).status_code == 403
    for name in ("trainee", "organizer", "admin"):
        assert client_of(door_keeper.accounts[name]).get(address).status_code == 200


def test_who_may_correct(client: FlaskClient, client_of: Browser, door_keeper: World, people: People) -> None:
    address = f"{MATRIX}/{people['Đức'].id}"
    sent = {"session": MORNING, "outcome": "present", "method": "sheet", "reason": "Có chữ ký"}
    for name, status in (("stranger", 404), ("trainee", 403), ("instructor", 403)):
        assert client_of(door_keeper.accounts[name]).get(address).status_code == status
        assert client_of(door_keeper.accounts[name]).post(f"{address}/corrections", data=sent).status_code == status
    assert client.get(address).status_code == 303
    assert client.post(f"{address}/corrections", data=sent).status_code == 303
    assert client_of(door_keeper.organizer).get(f"{MATRIX}/999999").status_code == 404
    assert session().scalars(select(Scan)).all() == []
    assert f"attendance/{people['Đức'].id}" not in text_of(client_of(door_keeper.trainee), MATRIX)
    assert f"attendance/{people['Đức'].id}" in text_of(client_of(door_keeper.organizer), MATRIX)


def test_the_matrix_by_unit_with_totals(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 56))
    check_in(morning, people["Hường"], world.organizer, ScanMethod.QR, at=at(8, 1))
    with clock.stopped_at(at(12)):
        page = text_of(client_of(world.organizer), MATRIX)
    names = ("Trần Thị Quỳ", "Phạm S", "Vàng A Chứ", "Nguyễn Thị Hường", "Đặng Văn Đức")
    assert [page.index(f">{name}<") for name in names] == sorted(page.index(f">{name}<") for name in names)
    assert "07:56" in page
    assert "<b>1/2</b>" in page
    assert page.count(">Vắng</td>") == 3
    assert page.count("Chưa đến lúc") == 5


def test_who_is_missing_and_the_search(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 56))
    browser = client_of(world.organizer)
    missing = text_of(browser, f"{MATRIX}?missing={MORNING}")
    assert "Vàng A Chứ" in missing
    assert "Đặng Văn Đức" not in missing
    found = text_of(browser, f"{MATRIX}?q=tran+quy")
    assert "Trần Thị Quỳ" in found
    assert "Phạm S</a>" not in found
    assert "Không thấy ai khớp" in text_of(browser, f"{MATRIX}?q=zzz")
    unit = text_of(browser, f"{MATRIX}?unit={people['Đức'].unit_id}&missing={MORNING}")
    assert "Không thấy ai khớp" in unit
    for name in ("Hường", "Chứ", "Quỳ", "S"):
        check_in(morning, people[name], world.organizer, ScanMethod.QR)
    assert "không ai vắng" in text_of(browser, f"{MATRIX}?missing={MORNING}")


def test_an_event_without_anyone_yet(client_of: Browser, world: World, event: Event) -> None:
    assert "Danh sách chưa có ai" in text_of(client_of(world.organizer), MATRIX)
    event.sessions.clear()
    session().flush()
    assert "chưa có buổi nào" in text_of(client_of(world.organizer), MATRIX)
    assert "chưa có buổi nào" in text_of(client_of(world.organizer), "/events/lam-khe-2024/check-in")


def test_the_spreadsheet_is_what_is_shown(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    check_in(morning, people["Hường"], world.organizer, ScanMethod.QR, at=at(8, 1))
    answer = client_of(world.organizer).get(f"{XLSX}?unit={people['Hường'].unit_id}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Có mặt"]
    assert book.active["A1"].value == "Hội nghị tập huấn Lam Khê – Lam Khê"
    assert "diem-danh-lam-khe-2024-lam-khe.xlsx" in answer.headers["Content-Disposition"]
    rows = [list(row) for row in book.active.iter_rows(min_row=3, values_only=True)]
    assert rows[0][4:] == ["Sáng 07/8/2024", "Chiều 07/8/2024", "Số buổi được tính", "Số giờ"]
    assert rows[1][1:] == ["Vàng A Chứ", None, "Lam Khê", "vắng", "vắng", 0, 0]
    assert rows[2][1:] == ["Nguyễn Thị Hường", "Phó Chánh Văn phòng", "Lam Khê", "08:01", "vắng", 1, 2]
    assert rows[3][1:] == ["Có mặt", None, None, 1, 0, 1, 2]
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("asked", "heading", "name"),
    [
        ("", "Hội nghị tập huấn Lam Khê", "diem-danh-lam-khe-2024.xlsx"),
        (
            f"?q=Phạm&show=absent-{MORNING}",
            "Hội nghị tập huấn Lam Khê – “Phạm”, Vắng: Sáng 07/8/2024",
            "diem-danh-lam-khe-2024-pham-vang-sang-07-8-2024.xlsx",
        ),
        ("?show=walked-in", "Hội nghị tập huấn Lam Khê – Đến trực tiếp, không có trong danh sách", "khong-co-trong"),
    ],
)
def test_the_spreadsheet_says_what_it_is_narrowed_to(
    client_of: Browser, world: World, people: People, asked: str, heading: str, name: str
) -> None:
    answer = client_of(world.organizer).get(f"{XLSX}{asked}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.active["A1"].value == heading
    assert name in answer.headers["Content-Disposition"]


def test_a_correction_with_its_reason(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    address = f"{MATRIX}/{people['Đức'].id}"
    assert "Sửa một buổi" in text_of(browser, f"{address}?session={AFTERNOON}")
    sent = {"session": MORNING, "outcome": "present", "method": "sheet", "came_at": "07:40", "reason": "Có chữ ký"}
    assert browser.post(f"{address}/corrections", data=sent).status_code == 303
    page = text_of(browser, address)
    assert "Đã sửa điểm danh của Đặng Văn Đức" in page
    assert "07:40 07/8/2024" in page
    assert "chữ ký trên danh sách" in page
    assert "Lý do: Có chữ ký" in page
    again = browser.post(f"{address}/corrections", data=sent)
    assert again.status_code == 422
    assert "đã được ghi có mặt" in again.get_data(as_text=True)
    removed = {"session": MORNING, "outcome": "absent", "method": "manual", "reason": "Ký hộ"}
    assert browser.post(f"{address}/corrections", data=removed).status_code == 303
    assert "Ký hộ" in text_of(browser, address)
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == f"delegate:{people['Đức'].id}")).all()
    assert [verb for verb in verbs if verb.startswith("presence")] == ["presence.add", "presence.remove"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "Mục này còn trống"),
        ({"reason": "x" * 301}, "Dài quá 300 ký tự"),
        ({"outcome": ""}, "Chưa chọn"),
        ({"came_at": "25:00"}, "Giờ chưa đúng"),
        ({"outcome": "absent"}, "đang được ghi vắng"),
    ],
)
def test_a_correction_badly_filled_in(
    client_of: Browser, world: World, people: People, change: dict[str, str], words: str
) -> None:
    sent = {"session": MORNING, "outcome": "present", "method": "manual", "reason": "Có chữ ký"} | change
    answer = client_of(world.organizer).post(f"{MATRIX}/{people['Đức'].id}/corrections", data=sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "<title>Lỗi:" in page


def test_what_was_undone_stays_to_be_seen(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    scan = check_in(morning, people["Đức"], world.organizer, ScanMethod.QR).scan
    assert scan is not None
    service.undo(scan, world.organizer)
    assert "Hoàn tác ở cửa" in text_of(client_of(world.organizer), f"{MATRIX}/{people['Đức'].id}")


def test_the_sign_in_sheet_in_list_order(
    client_of: Browser, event: Event, world: World, people: People, put: Callable[..., Delegate]
) -> None:
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    put("Lò Văn Pín", point=event.points[0])
    browser = client_of(world.organizer)
    answer = browser.get(SHEET)
    assert answer.mimetype == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "Buổi sáng, ngày 07 tháng 8 năm 2024" in " ".join(words.split())
    names = ("Phạm S", "Vàng A Chứ", "Đặng Văn Đức")
    assert [words.index(name) for name in names] == sorted(words.index(name) for name in names)
    assert "Trần Thị Quỳ" not in words
    of_point = browser.get(f"{SHEET}?point={event.points[0].id}").data
    words = PdfReader(io.BytesIO(of_point)).pages[0].extract_text()
    assert "Lò Văn Pín" in words
    assert "Phạm S" not in words
    assert browser.get(f"{SHEET}?point=999999").status_code == 404


def test_a_name_without_letters_in_print_does_not_stop_the_sheet(
    client_of: Browser, world: World, people: People
) -> None:
    people["Đức"].full_name = "漢字 🎉"
    answer = client_of(world.organizer).get(SHEET)
    assert answer.status_code == 200
    words = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Phạm S" in words
    assert people["Đức"].ticket in "".join(codes(answer.data, scale=4))


def test_the_task_on_the_management_page(
    client_of: Browser, world: World, event: Event, morning: HalfDay, put: Callable[..., Delegate]
) -> None:
    browser = client_of(world.organizer)
    address = "/events/lam-khe-2024/management"
    with clock.stopped_at(at(6)):
        assert "chờ chương trình và danh sách" in text_of(browser, address)
    person = put("Lý Thị Sa")
    with clock.stopped_at(at(12)):
        check_in(morning, person, world.organizer, ScanMethod.QR)
        assert "xong 1/2 buổi" in text_of(browser, address)
    with clock.stopped_at(at(18)):
        assert "có mặt nhiều nhất 1/1" in text_of(browser, address)


@pytest.fixture
def crowd(event: Event, morning: HalfDay, world: World) -> int:
    """Two thousand people of three units, every other one present in the morning."""
    units = [world.units[key] for key in ("binh-sa", "lam-khe", "nam-khoang")]
    names = [f"Lò Văn {n}" for n in range(2000)]
    people = [{"full_name": name, "sort_key": name_sort_key(name)} for name in names]
    ids = session().scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people).all()
    rows = [
        {
            "event_id": event.id,
            "person_id": person_id,
            "unit_id": units[n % 3].id,
            "full_name": names[n],
            "sort_key": people[n]["sort_key"],
            "unit_sort_key": units[n % 3].sort_key,
            "search": names[n].lower(),
            "ticket": f"T{n:07d}",
        }
        for n, person_id in enumerate(ids)
    ]
    delegates = session().scalars(insert(Delegate).returning(Delegate.id, sort_by_parameter_order=True), rows).all()
    present = [
        {
            "uuid": f"00000000-0000-4000-8000-{one:012d}",
            "half_day_id": morning.id,
            "delegate_id": one,
            "kind": "in",
            "method": "qr",
            "at": at(8),
            "stored_at": at(8),
        }
        for one in delegates[::2]
    ]
    session().execute(insert(Scan), present)
    return len(rows)


def test_pages_of_two_thousand_cost_no_more_statements(
    client_of: Browser, world: World, crowd: int, count_statements: Counting
) -> None:
    browser = client_of(world.organizer)
    with count_statements() as statements:
        page = text_of(browser, MATRIX)
    assert len(statements) <= 16, statements
    assert "1–50 trong 2.000 người" in page
    assert "1.000" in page
    with count_statements() as statements:
        text_of(browser, f"/events/lam-khe-2024/sessions/{MORNING}/check-in")
    assert len(statements) <= 12, statements
    with count_statements() as statements:
        book = openpyxl.load_workbook(io.BytesIO(browser.get(XLSX).data))
    assert len(statements) <= 10, statements
    assert book.active.max_row == crowd + 4
