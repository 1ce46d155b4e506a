"""Signed paper back: the rows in the order of print, what each says, and where paper and scans differ."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import points, printing, service, sheet_entry
from lms.attendance.models import PresenceChange, Scan, ScanMethod, SheetDoubt, SheetEntry
from lms.attendance.point_counts import Count
from lms.attendance.points import Ticks
from lms.attendance.printing import Part
from lms.attendance.service import check_in
from lms.attendance.sheet_entry import RowAnswer, Sent
from lms.core import clock
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at
from tests.printed import codes, page_texts
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
Put = Callable[..., Delegate]
ENTRY = f"/events/lam-khe-2024/sessions/{MORNING}/sheet-entry"
SHEET = f"/events/lam-khe-2024/sessions/{MORNING}/sheet.pdf"
SHEETS = f"/events/lam-khe-2024/sessions/{MORNING}/sheets.pdf"


def rows_shown(page: str) -> list[tuple[int, str]]:
    """The number and the name of each row on an entry page."""
    found = re.findall(r"Dòng </span>(\d+)</span>\s*<span class=\"who\"><b id=\"who-\d+\">([^<]+)<", page)
    return [(int(number), name) for number, name in found]


def sheet_scans(delegate: Delegate) -> list[Scan]:
    own = (Scan.delegate_id == delegate.id, Scan.method == ScanMethod.SHEET)
    return list(session().scalars(select(Scan).where(*own).order_by(Scan.id)))


def standing(delegate: Delegate) -> list[str]:
    rows = session().scalars(select(Scan).where(Scan.delegate_id == delegate.id, Scan.voided_at.is_(None)))
    return sorted(one.method for one in rows)


@pytest.fixture
def crowd(put: Put, people: People, event: Event) -> list[Delegate]:
    """Forty more, some of them at a point."""
    points = [None, event.points[0], event.points[1]]
    units = ("lam-khe", "nam-khoang", "binh-sa")
    return [put(f"Lò Văn {'ABCDEGHIKL'[n % 10]}{n}", units[n % 3], point=points[n % 3]) for n in range(40)]


@pytest.mark.parametrize("part", ["", "?point=0", "?point={first}"])
def test_the_order_of_entry_is_the_order_of_print(
    client_of: Browser, world: World, event: Event, crowd: list[Delegate], part: str
) -> None:
    browser, query = client_of(world.organizer), part.format(first=event.points[0].id)
    printed = browser.get(SHEET + query).data
    tickets = {one.ticket: one.full_name for one in session().scalars(select(Delegate))}
    number = 0
    for sheet, text in enumerate(page_texts(printed), start=1):
        address = f"{ENTRY}{query}{'&' if query else '?'}sheet={sheet}"
        shown = rows_shown(browser.get(address).get_data(as_text=True))
        assert sorted(tickets[code] for code in codes(printed, sheet - 1, scale=4)) == sorted(
            name for _n, name in shown
        )
        places = [text.index(name) for _number, name in shown]
        assert places == sorted(places)
        assert [place for place, _name in shown] == list(range(number + 1, number + 1 + len(shown)))
        number += len(shown)
    assert f"Tờ {sheet}/{sheet}" in browser.get(address).get_data(as_text=True)
    whose = {"": Part(), "?point=0": Part(hall=True)}.get(part, Part(event.points[0]))
    assert number == len(printing.lines_of(event, whose))
    assert rows_shown(browser.get(f"{address}99").get_data(as_text=True)) == shown


def test_all_points_in_one_file(client_of: Browser, world: World, event: Event, crowd: list[Delegate]) -> None:
    browser = client_of(world.organizer)
    texts = page_texts(browser.get(SHEETS).data)
    whole = "\n".join(texts)
    assert sum("DANH SÁCH ĐIỂM DANH" in text for text in texts) == 3
    assert whole.index("tại Hội trường tỉnh") < whole.index("điểm cầu Nậm Khoang") < whole.index("điểm cầu Bình Sa")
    for one in crowd:
        assert whole.count(one.full_name) >= 1
    assert "Danh sách in lúc" in texts[0]
    event.points.clear()
    assert len(printing.parts(event)) == 1


def test_who_may_enter(client: FlaskClient, client_of: Browser, door_keeper: World, people: People) -> None:
    pages = "/events/lam-khe-2024/attendance/sheets"
    for address in (ENTRY, SHEETS, pages):
        assert client.get(address).status_code == 303
        assert client_of(door_keeper.stranger).get(address).status_code == 404
        assert client_of(door_keeper.instructor).get(address).status_code == 403
        for name in ("trainee", "organizer", "admin"):
            assert client_of(door_keeper.accounts[name]).get(address).status_code == 200
    assert client.post(ENTRY).status_code == 303
    assert client_of(door_keeper.stranger).post(ENTRY).status_code == 404
    assert client_of(door_keeper.instructor).post(ENTRY).status_code == 403
    assert client_of(door_keeper.organizer).get(f"{ENTRY}?point=999999").status_code == 404
    page = client_of(door_keeper.trainee).get(ENTRY).get_data(as_text=True)
    assert "/attendance/doubts" not in page


def test_a_sheet_is_entered(client_of: Browser, door_keeper: World, morning: HalfDay, people: People) -> None:
    check_in(morning, people["S"], door_keeper.organizer, ScanMethod.QR, at=at(7))
    check_in(morning, people["Quỳ"], door_keeper.organizer, ScanMethod.QR, at=at(7))
    answers = {"Đức": "signed", "Hường": "unsigned", "Quỳ": "unsigned", "Chứ": "unclear", "S": "signed"}
    sent = {f"row-{people[name].id}": answer for name, answer in answers.items()}
    sent |= {f"was-{one.id}": "none" for one in people.values()} | {f"note-{people['Chứ'].id}": "Nhòe"}
    browser = client_of(door_keeper.trainee)
    for _twice in range(2):
        assert browser.post(ENTRY, data=sent).status_code == 303
    [scan] = sheet_scans(people["Đức"])
    assert (scan.at, scan.kind, scan.reason, scan.account_id) == (
        at(7, 30), "in", "Danh sách ký, tờ 1", door_keeper.trainee.id,
    )  # fmt: skip
    assert standing(people["S"]) == ["qr", "sheet"]
    assert [standing(people[name]) for name in ("Hường", "Chứ", "Quỳ")] == [[], [], ["qr"]]
    [doubt] = session().scalars(select(SheetDoubt)).all()
    assert (doubt.delegate_id, doubt.doubt, doubt.noted_by_id) == (people["Chứ"].id, "Nhòe", door_keeper.trainee.id)
    page = browser.get(ENTRY).get_data(as_text=True)
    assert "Đã nhập 5/5 dòng" in page
    differing = page[page.index("Giấy và lượt quét khác nhau") :]
    assert "Có lượt quét nhưng không ký: 1 người" in differing
    assert "Trần Thị Quỳ" in differing
    assert "Đã ký nhưng không có lượt quét: 1 người" in differing
    assert "Đặng Văn Đức" in differing
    assert "Phạm S" not in differing


def test_a_row_unsigned_again_takes_back_its_own_scan(morning: HalfDay, people: People, world: World) -> None:
    person = people["Đức"]
    check_in(morning, person, world.organizer, ScanMethod.QR, at=at(7))
    page = sheet_entry.page_of(morning, Part(), 1)
    for answer in (RowAnswer.SIGNED, RowAnswer.UNSIGNED, RowAnswer.UNSIGNED):
        sheet_entry.save(morning, page, {person.id: Sent(answer)}, world.organizer)
    [scan] = sheet_scans(person)
    assert scan.void_reason == "Danh sách ký, tờ 1: nhập lại, không phải chữ ký"
    assert standing(person) == ["qr"]
    assert session().scalars(select(PresenceChange)).all() == []
    sheet_entry.save(morning, page, {person.id: Sent(RowAnswer.SIGNED)}, world.organizer)
    assert standing(person) == ["qr", "sheet"]
    sheet_entry.save(morning, page, {person.id: Sent(RowAnswer.NONE)}, world.organizer)
    assert standing(person) == ["qr"]
    assert session().scalars(select(SheetEntry)).all() == []


def test_taking_back_the_only_scan_is_kept_as_a_change(morning: HalfDay, people: People, world: World) -> None:
    page = sheet_entry.page_of(morning, Part(), 1)
    for answer in (RowAnswer.SIGNED, RowAnswer.UNSIGNED):
        sheet_entry.save(morning, page, {people["Đức"].id: Sent(answer)}, world.organizer)
    [change] = session().scalars(select(PresenceChange)).all()
    assert (change.was, change.became, change.cause) == ("present", "absent", "correction")


def test_a_signature_entered_before_is_not_doubled_nor_taken_back(
    morning: HalfDay, people: People, world: World
) -> None:
    service.mark_present(morning, people["Đức"], world.organizer, "Có chữ ký", method=ScanMethod.SHEET)
    page = sheet_entry.page_of(morning, Part(), 1)
    assert next(row.answer for row in page.rows if row.delegate_id == people["Đức"].id) == RowAnswer.SIGNED
    for answer in (RowAnswer.SIGNED, RowAnswer.UNSIGNED):
        sheet_entry.save(morning, page, {people["Đức"].id: Sent(answer)}, world.organizer)
    assert standing(people["Đức"]) == ["sheet"]


def test_a_correction_is_not_undone_by_saving_the_sheet_again(morning: HalfDay, people: People, world: World) -> None:
    page = sheet_entry.page_of(morning, Part(), 1)
    sheet_entry.save(morning, page, {people["Đức"].id: Sent(RowAnswer.SIGNED)}, world.organizer)
    service.mark_absent(morning, people["Đức"], world.organizer, "Ký hộ")
    seen = Sent(RowAnswer.SIGNED, was=RowAnswer.SIGNED)
    assert sheet_entry.save(morning, page, {people["Đức"].id: seen}, world.organizer) == 0
    assert standing(people["Đức"]) == []


def test_a_stale_page_leaves_what_others_entered(morning: HalfDay, people: People, world: World) -> None:
    page = sheet_entry.page_of(morning, Part(), 1)
    sheet_entry.save(morning, page, {people["Đức"].id: Sent(RowAnswer.SIGNED)}, world.organizer)
    stale = {one.id: Sent(RowAnswer.NONE, was=RowAnswer.NONE) for one in people.values()}
    stale[people["S"].id] = Sent(RowAnswer.SIGNED, was=RowAnswer.NONE)
    assert sheet_entry.save(morning, page, stale, world.admin) == 1
    assert standing(people["Đức"]) == standing(people["S"]) == ["sheet"]


def test_a_stale_page_does_not_overwrite_what_another_entered(
    client_of: Browser, world: World, morning: HalfDay, people: People
) -> None:
    page, person = sheet_entry.page_of(morning, Part(), 1), people["Đức"]
    sheet_entry.save(morning, page, {person.id: Sent(RowAnswer.SIGNED, was=RowAnswer.NONE)}, world.organizer)
    sent = {f"was-{person.id}": "none", f"row-{person.id}": "unsigned"}
    sent |= {f"was-{people['S'].id}": "none", f"row-{people['S'].id}": "signed"}
    browser = client_of(world.admin)
    refused = browser.post(ENTRY, data=sent)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f"{world.organizer.name} đã nhập khác lúc" in text
    assert "Đang ghi: đã ký." in text
    for kept in (f'id="row-{person.id}-unsigned"', f'id="row-{people["S"].id}-signed"'):
        assert re.search(f"{kept}[^>]* checked", text)
    assert standing(person) == ["sheet"]
    assert standing(people["S"]) == []
    again = sent | dict(re.findall(r'name="(was-\d+)" value="(\w+)"', text))
    assert browser.post(ENTRY, data=again).status_code == 303
    assert (standing(person), standing(people["S"])) == ([], ["sheet"])


def test_reading_an_unclear_row_again_settles_its_doubt(morning: HalfDay, people: People, world: World) -> None:
    page, person = sheet_entry.page_of(morning, Part(), 1), people["Đức"]
    for note in ("Nhòe", "Hai chữ ký"):
        sheet_entry.save(morning, page, {person.id: Sent(RowAnswer.UNCLEAR, note)}, world.organizer)
    [doubt] = session().scalars(select(SheetDoubt)).all()
    assert (doubt.doubt, doubt.decided_at) == ("Hai chữ ký", None)
    sheet_entry.save(morning, page, {person.id: Sent(RowAnswer.SIGNED)}, world.organizer)
    assert doubt.decision == "Danh sách ký, tờ 1: nhập lại"
    assert standing(person) == ["sheet"]


def test_the_whole_sheet_signed(client_of: Browser, world: World, morning: HalfDay, people: People) -> None:
    sent = {f"row-{one.id}": "none" for one in people.values()} | {f"was-{one.id}": "none" for one in people.values()}
    sent |= {f"row-{people['S'].id}": "unsigned", "all": "1"}
    assert client_of(world.organizer).post(ENTRY, data=sent).status_code == 303
    assert {name for name, one in people.items() if standing(one)} == {"Đức", "Hường", "Quỳ", "Chứ"}


def test_saving_goes_on_to_the_next_sheet(client_of: Browser, world: World, crowd: list[Delegate]) -> None:
    browser = client_of(world.organizer)
    assert "sheet=2" in browser.post(f"{ENTRY}?sheet=1").location
    assert "sheet=1" in browser.post(f"{ENTRY}?sheet=1", data={"stay": "1"}).location
    assert "sheet=3" in browser.post(f"{ENTRY}?sheet=3").location
    kept = browser.post(f"{ENTRY}?sheet=1&point=0&printed=2030-01-01T07:00").location
    assert "point=0" in kept
    assert "printed=2030-01-01T07" in kept


def test_names_written_below(client_of: Browser, world: World, event: Event, morning: HalfDay, people: People) -> None:
    browser, point = client_of(world.organizer), event.points[0].id
    for _twice in range(2):
        answer = browser.post(
            f"{ENTRY}?point={point}", data={"written": "Lý A Páo, Sở Y tế\r\n\r\n  Giàng Thị Mỷ \r\nlý a páo, sở y tế"}
        )
        assert answer.status_code == 303
    doubts = session().scalars(select(SheetDoubt).order_by(SheetDoubt.id)).all()
    assert [(one.written, one.delegate_id, one.point_id) for one in doubts] == [
        ("lý a páo, sở y tế", None, point), ("Giàng Thị Mỷ", None, point),
    ]  # fmt: skip
    assert doubts[0].doubt == "Ghi thêm ngoài danh sách, tờ 1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"row": "unclear"}, "ghi rõ điều chưa rõ"),
        ({"row": "unclear", "note": "x" * 301}, "ghi chú dài quá 300 ký tự"),
        ({"written": "x" * 201}, "Mỗi dòng một tên"),
        ({"written": "\n".join(f"Người {n}" for n in range(51))}, "Mỗi dòng một tên"),
    ],
)
def test_a_sheet_badly_filled_in(
    client_of: Browser, world: World, people: People, change: dict[str, str], words: str
) -> None:
    first, second = people["Đức"].id, people["S"].id
    sent = {f"row-{second}": "signed", f"was-{second}": "none", "written": change.get("written", "")}
    sent |= {f"row-{first}": change.get("row", "none"), f"was-{first}": "none", f"note-{first}": change.get("note", "")}
    answer = client_of(world.organizer).post(ENTRY, data=sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "<title>Lỗi:" in page
    assert re.search(f'id="row-{second}-signed"[^>]* checked', page)
    assert session().scalars(select(Scan)).all() == []


def test_several_unclear_rows_are_named_at_once(morning: HalfDay, people: People, world: World) -> None:
    page = sheet_entry.page_of(morning, Part(), 1)
    sent = {one.id: Sent(RowAnswer.UNCLEAR) for one in people.values()}
    with pytest.raises(RulesBroken) as refusal:
        sheet_entry.save(morning, page, sent, world.organizer)
    assert len(refusal.value.refusals) == 5


def test_the_list_as_it_was_printed(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People, put: Put
) -> None:
    for one in people.values():
        one.registered_at = at(6)
    with clock.stopped_at(at(8)):
        late = put("A Đầu Tiên", "binh-sa")
        late.walked_in_at = at(8)
        registration.withdraw(people["S"], world.organizer, "Ốm")
    browser = client_of(world.organizer)
    page = browser.get(ENTRY).get_data(as_text=True)
    assert "1 người được thêm sau khi buổi bắt đầu" in page
    assert "printed=2024-08-07T07:30" in page
    assert {name for _n, name in rows_shown(page)} == {one.full_name for one in (*people.values(), late)} - {"Phạm S"}
    then = rows_shown(browser.get(f"{ENTRY}?printed=2024-08-07T07:30").get_data(as_text=True))
    assert {name for _n, name in then} == {one.full_name for one in people.values()}
    assert browser.get(f"{ENTRY}?printed=hôm+qua").status_code == 200


def test_a_cancelled_event_takes_no_paper(event: Event, morning: HalfDay, people: People, world: World) -> None:
    event.cancelled_at = at(6)
    page = sheet_entry.page_of(morning, Part(), 1)
    with pytest.raises(RuleBroken, match="đã hủy"):
        sheet_entry.save(morning, page, {people["Đức"].id: Sent(RowAnswer.SIGNED)}, world.organizer)


def test_a_closed_point_takes_no_more_paper_until_it_is_opened_again(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People, put: Put
) -> None:
    point, browser = event.points[0], client_of(world.organizer)
    there, elsewhere = put("Lù Văn Đài", "nam-khoang", point=point), people["Đức"]
    with clock.stopped_at(at(8)):
        report = points.close(point, morning, world.organizer, Ticks(), Count(0))
    page = browser.get(ENTRY).get_data(as_text=True)
    assert f'name="row-{there.id}"' not in page
    assert f'name="row-{elsewhere.id}"' in page
    assert "Ban tổ chức mở lại điểm cầu" in page
    signed = {f"row-{there.id}": "signed", f"was-{there.id}": "none"}
    answer = browser.post(f"{ENTRY}?point={point.id}", data=signed)
    assert answer.status_code == 422
    assert "không nhập danh sách ký được nữa: Nậm Khoang" in answer.get_data(as_text=True)
    written = browser.post(f"{ENTRY}?point={point.id}", data={"written": "Lý A Páo"})
    assert written.status_code == 422
    assert session().scalars(select(SheetDoubt)).all() == []
    others = {f"row-{elsewhere.id}": "signed", f"was-{elsewhere.id}": "none"}
    assert browser.post(ENTRY, data=others | {"all": "1"}).status_code == 303
    assert (standing(there), standing(elsewhere)) == ([], ["sheet"]), "other rows of the page are entered"
    points.reopen(report, world.organizer, "Nhập danh sách ký")
    assert browser.post(f"{ENTRY}?point={point.id}", data=signed).status_code == 303
    assert standing(there) == ["sheet"]
    report = points.close(point, morning, world.organizer, Ticks(), Count(1))
    assert report.named_present == 1


def test_an_empty_list(client_of: Browser, world: World, event: Event) -> None:
    assert "Danh sách này chưa có ai" in client_of(world.organizer).get(ENTRY).get_data(as_text=True)
    assert len(PdfReader(io.BytesIO(client_of(world.organizer).get(SHEET).data)).pages) == 1


def test_the_papers_page_leads_to_the_sheets(client_of: Browser, world: World, people: People) -> None:
    page = client_of(world.organizer).get("/events/lam-khe-2024/papers").get_data(as_text=True)
    assert SHEETS in page
    assert "/events/lam-khe-2024/attendance/sheets" in page
    page = client_of(world.organizer).get("/events/lam-khe-2024/attendance").get_data(as_text=True)
    assert "/events/lam-khe-2024/attendance/sheets" in page
