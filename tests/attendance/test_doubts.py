"""Doubtful rows: they wait, a person decides, and what was decided stays to be seen."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import doubts, sheet_entry
from lms.attendance.models import PresenceChange, Scan, ScanMethod, SheetDoubt, SheetEntry
from lms.attendance.printing import Part
from lms.attendance.service import check_in
from lms.attendance.sheet_entry import RowAnswer, Sent
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
DOUBTS = "/events/lam-khe-2024/attendance/doubts"


@pytest.fixture
def unclear(morning: HalfDay, people: People, world: World) -> SheetDoubt:
    """A row of the morning's paper that nobody could read."""
    page = sheet_entry.page_of(morning, Part(), 1)
    sheet_entry.save(morning, page, {people["Đức"].id: Sent(RowAnswer.UNCLEAR, "Chữ ký nhòe")}, world.organizer)
    return session().scalars(select(SheetDoubt)).one()


@pytest.fixture
def written(event: Event, morning: HalfDay, people: People, world: World) -> SheetDoubt:
    """A name that was written below the rows of a point's paper."""
    sheet_entry.note_written(morning, Part(event.points[0]), "Lý A Páo - Xã Nậm Khoang", 2, world.organizer)
    return session().scalars(select(SheetDoubt).where(SheetDoubt.written != "")).one()


def scans_of(delegate_id: int | None) -> list[tuple[str, object]]:
    rows = session().scalars(select(Scan).where(Scan.delegate_id == delegate_id, Scan.voided_at.is_(None)))
    return [(one.method, one.at) for one in rows]


def decide(browser: FlaskClient, doubt: SheetDoubt, decision: str, **more: str) -> object:
    sent = {f"d{doubt.id}-{name}": value for name, value in {"decision": decision, **more}.items()}
    return browser.post(f"{DOUBTS}/{doubt.id}/decision", data=sent)


def test_who_may_decide(
    client: FlaskClient, client_of: Browser, door_keeper: World, unclear: SheetDoubt, event: Event
) -> None:
    address = f"{DOUBTS}/{unclear.id}/decision"
    assert client.get(DOUBTS).status_code == client.post(address).status_code == 303
    for name, status in (("stranger", 404), ("trainee", 403), ("instructor", 403)):
        browser = client_of(door_keeper.accounts[name])
        assert browser.get(DOUBTS).status_code == browser.post(address).status_code == status
    assert client_of(door_keeper.organizer).post(f"{DOUBTS}/999999/decision").status_code == 404


def test_a_doubt_of_someone_present_since_says_when_they_came(
    client_of: Browser, world: World, unclear: SheetDoubt, people: People, morning: HalfDay
) -> None:
    browser = client_of(world.organizer)
    assert "Đã có mặt lúc" not in browser.get(DOUBTS).get_data(as_text=True)
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    assert "Đã có mặt lúc 07:20 07/8/2024 theo căn cứ khác" in browser.get(DOUBTS).get_data(as_text=True)


def test_a_row_that_turns_out_to_be_signed(
    client_of: Browser, world: World, unclear: SheetDoubt, people: People, morning: HalfDay
) -> None:
    browser = client_of(world.organizer)
    page = browser.get(DOUBTS).get_data(as_text=True)
    assert "Chữ ký nhòe" in page
    assert "Lò Thị Mẩy ghi lúc" in page
    assert decide(browser, unclear, "present", word="So với thẻ").status_code == 303
    assert scans_of(people["Đức"].id) == [(ScanMethod.SHEET, at(7, 30))]
    [entry] = session().scalars(select(SheetEntry)).all()
    assert (entry.answer, entry.scan_uuid is not None) == (RowAnswer.SIGNED, True)
    [change] = session().scalars(select(PresenceChange)).all()
    assert (change.cause, change.was, change.became, change.reason) == ("correction", "absent", "present", "So với thẻ")
    page = browser.get(DOUBTS).get_data(as_text=True)
    assert "Không còn dòng nào chờ" in page
    assert "Có mặt: So với thẻ" in page
    again = decide(browser, unclear, "absent")
    assert again.status_code == 422
    assert "đã được quyết định" in again.get_data(as_text=True)


def test_a_row_that_proves_nothing(client_of: Browser, world: World, unclear: SheetDoubt, people: People) -> None:
    assert decide(client_of(world.organizer), unclear, "absent").status_code == 303
    assert scans_of(people["Đức"].id) == []
    assert [one.answer for one in session().scalars(select(SheetEntry))] == [RowAnswer.UNSIGNED]
    assert session().get_one(SheetDoubt, unclear.id).decision == "Vắng"


def test_a_written_name_is_put_on_the_list(client_of: Browser, world: World, written: SheetDoubt, event: Event) -> None:
    browser = client_of(world.organizer)
    page = browser.get(DOUBTS).get_data(as_text=True)
    assert 'value="Lý A Páo"' in page
    assert 'value="Xã Nậm Khoang"' in page
    more = {"full_name": "Lý A Páo", "unit": "Xã Nậm Khoang", "post": "Công chức"}
    assert decide(browser, written, "listed", **more).status_code == 303
    delegate = session().scalars(select(Delegate).where(Delegate.full_name == "Lý A Páo")).one()
    assert (delegate.unit_id, delegate.point_id) == (world.units["nam-khoang"].id, event.points[0].id)
    assert delegate.walked_in_at is not None
    assert scans_of(delegate.id) == [(ScanMethod.SHEET, at(7, 30))]
    page = browser.get(DOUBTS).get_data(as_text=True)
    assert "Đưa vào danh sách, có mặt" in page
    assert "ghi tay: Lý A Páo - Xã Nậm Khoang" in page
    assert "Lý A Páo" in browser.get("/events/lam-khe-2024/attendance?show=walked-in").get_data(as_text=True)


def test_a_written_name_is_someone_on_the_list(
    client_of: Browser, world: World, morning: HalfDay, people: People
) -> None:
    sheet_entry.note_written(morning, Part(), "Vang A Chu, Sở Y tế", 1, world.organizer)
    doubt = session().scalars(select(SheetDoubt)).one()
    browser = client_of(world.organizer)
    assert "Là Vàng A Chứ, Lam Khê, có trong danh sách" in browser.get(DOUBTS).get_data(as_text=True)
    assert decide(browser, doubt, f"is-{people['Chứ'].id}").status_code == 303
    assert scans_of(people["Chứ"].id) == [(ScanMethod.SHEET, at(7, 30))]
    assert decide(browser, doubt, f"is-{people['S'].id}").status_code == 422


def test_a_written_name_is_dropped_with_a_word(client_of: Browser, world: World, written: SheetDoubt) -> None:
    browser = client_of(world.organizer)
    refused = decide(browser, written, "dropped")
    assert refused.status_code == 422
    assert "Chưa ghi vì sao bỏ" in refused.get_data(as_text=True)
    assert decide(browser, written, "dropped", word="Lái xe").status_code == 303
    assert "Bỏ: Lái xe" in browser.get(DOUBTS).get_data(as_text=True)
    assert session().scalars(select(Scan)).all() == []


@pytest.mark.parametrize(
    ("decision", "more", "words"),
    [
        ("", {}, "Chưa chọn"),
        ("present", {}, "Mục đã chọn không còn nữa"),
        ("listed", {"full_name": " ", "unit": "Xã Nậm Khoang"}, "Chưa ghi họ tên"),
        ("listed", {"full_name": "Lý A Páo", "unit": "Cung trăng"}, "Cung trăng"),
        ("dropped", {"word": "x" * 251}, "Dài quá 250 ký tự"),
    ],
)
def test_a_decision_badly_filled_in(
    client_of: Browser, world: World, written: SheetDoubt, decision: str, more: dict[str, str], words: str
) -> None:
    answer = decide(client_of(world.organizer), written, decision, **more)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "<title>Lỗi:" in page
    assert session().get_one(SheetDoubt, written.id).decided_at is None


def test_a_late_code_counts_as_what_it_is(event: Event, morning: HalfDay, people: People, world: World) -> None:
    late = {"half_day_id": morning.id, "delegate_id": people["Đức"].id, "method": ScanMethod.SELF}
    doubt = SheetDoubt(**late, at=at(7, 42), device="p1", doubt="Mã gửi muộn")
    session().add(doubt)
    session().flush()
    doubts.accept(doubt, world.organizer)
    assert scans_of(people["Đức"].id) == [(ScanMethod.SELF, at(7, 42))]
    assert session().scalars(select(SheetEntry)).all() == []


def test_how_many_wait_is_told_until_none_does(
    client_of: Browser, world: World, unclear: SheetDoubt, written: SheetDoubt
) -> None:
    browser = client_of(world.organizer)
    for address in ("/events/lam-khe-2024/management", "/events/lam-khe-2024/attendance"):
        page = browser.get(address).get_data(as_text=True)
        assert "2 dòng" in page
        assert DOUBTS in page
    doubts.reject(unclear, world.organizer)
    assert "1 dòng" in browser.get("/events/lam-khe-2024/management").get_data(as_text=True)
    doubts.reject(written, world.organizer, "Lái xe")
    assert "Dòng chưa rõ" not in browser.get("/events/lam-khe-2024/management").get_data(as_text=True)
    assert "chờ quyết định" not in browser.get("/events/lam-khe-2024/attendance").get_data(as_text=True)


def test_nobody_is_accepted_for_a_name(written: SheetDoubt, world: World, event: Event) -> None:
    with pytest.raises(RuleBroken, match="chưa gắn với ai"):
        doubts.accept(written, world.organizer)
    event.cancelled_at = at(6)
    with pytest.raises(RuleBroken, match="đã hủy"):
        doubts.reject(written, world.organizer, "Thôi")
