"""The import pages: from a file to the list, in a browser without scripts."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.accounts.models import Account
from lms.core import files, jobs
from lms.core.db import session
from lms.events.models import Event, EventKind
from lms.registration import importing, kept_files, service
from lms.registration import jobs as own_jobs
from lms.registration.models import Delegate, DelegateImport
from tests.registration import sheets
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
IMPORTS = "/events/lam-khe-2024/imports"


@pytest.fixture
def organizer(client_of: ClientOf, world: World, event: Event) -> FlaskClient:
    return client_of(world.organizer)


def send(browser: FlaskClient, content: bytes, name: str = "danh sách.xlsx") -> TestResponse:
    return browser.post(IMPORTS, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def on_list() -> int:
    return session().scalar(select(func.count()).select_from(Delegate)) or 0


@pytest.mark.parametrize("path", ["", "/corrections", "/columns", "/writing", "/undoing", "/removal"])
def test_only_those_who_run_the_event_come_in(
    client: FlaskClient, client_of: ClientOf, world: World, organizer: FlaskClient, path: str
) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Lam Khê"))).location + path
    method = "post" if path else "get"
    assert getattr(client, method)(address).status_code == 303
    assert getattr(client_of(world.stranger), method)(address).status_code == 404
    assert getattr(client_of(world.trainee), method)(address).status_code == 403
    assert on_list() == 0
    assert len(session().scalars(select(DelegateImport)).all()) == 1


def test_a_file_is_read_put_right_and_written(organizer: FlaskClient, event: Event) -> None:
    content = sheets.delegates(
        ("Lý A Một", "Lam Khê", "Chuyên viên", 987654321),
        ("Lý A 2", "Lam Kê"),
        ("Phạm Văn Sĩ", "Bình Sa"),
        ("Sai", "Đâu đó"),
    )
    sent = send(organizer, content)
    assert sent.status_code == 303
    page = organizer.get(sent.location).get_data(as_text=True)
    assert "Sửa 2 dòng chưa rõ" in page
    assert "<title>Lỗi:" in page
    assert "Ghi vào danh sách</button>" not in page
    assert "Dòng 6, cột B (Họ và tên): Họ và tên “Lý A 2” có chữ số." in page
    assert "Gần nhất là “Tỉnh Lam Khê”." in page
    assert "Trong tệp: Lam Kê" in page
    assert "987654321</td>" in page
    assert "0987654321</td>" in page
    assert on_list() == 0
    fixed = {
        "row": ["6", "8"],
        "r6-full_name": "Lý A Hai",
        "r6-unit": "Lam Khê",
        "r8-full_name": "Sai",
        "r8-unit": "Đâu đó",
        "r8-skip": "on",
    }
    assert organizer.post(f"{sent.location}/corrections", data=fixed).status_code == 303
    page = organizer.get(sent.location).get_data(as_text=True)
    assert "Xem lại danh sách" in page
    assert "3 người mới sẽ vào danh sách" in page
    assert "Lấy lại" in page
    assert organizer.post(f"{sent.location}/writing").status_code == 303
    assert organizer.post(f"{sent.location}/writing").status_code == 303
    assert on_list() == 3
    page = organizer.get(sent.location).get_data(as_text=True)
    assert "Đã nhập 3 đại biểu" in page
    assert "Đã ghi 3 người" in organizer.get(IMPORTS).get_data(as_text=True)
    again = send(organizer, content)
    assert organizer.post(f"{again.location}/corrections", data={"skip-all": "1"}).status_code == 303
    page = organizer.get(again.location).get_data(as_text=True)
    assert "Lý A Hai" not in page  # the row that had to be put right is wrong again in the same file
    assert re.search(r"Đã nhập lúc \d\d:\d\d .*; không có gì thay đổi\.", page)


def test_in_english(organizer: FlaskClient) -> None:
    address = send(organizer, sheets.delegates(("Lý A 2", "Lam Kê", "", "+84987654321"))).location
    organizer.set_cookie("lms_language", "en")
    page = organizer.get(address).get_data(as_text=True)
    assert "The nearest is “Tỉnh Lam Khê”." in page
    assert "Row 5" in page
    assert "Dòng 5" not in page
    assert "Import a list" in organizer.get(IMPORTS).get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"%PDF-1.7 \xe2\xe3", "danh-sach.xlsx", "Tệp này là PDF. Hãy lưu từ Excel dạng .xlsx"),
        (sheets.workbook(("STT", "Họ và tên")), "a.xlsx", "Thiếu cột “Đơn vị”. Dòng tiêu đề 1 chỉ có: STT, Họ và tên."),
        (sheets.workbook(("một",)), "a.xlsx", "Không thấy dòng tiêu đề"),
        (sheets.workbook(("Họ tên", "Đơn vị")), "a.xlsx", "không có người nào"),
        (sheets.with_entry(sheets.workbook(("A",)), "xl/vbaProject.bin", b"x"), "a.xlsm", "macro"),
        (
            sheets.with_entry(sheets.workbook(("A",)), "xl/worksheets/sheet2.xml", b" " * 40_000_000),
            "a.xlsx",
            "phình ra quá lớn",
        ),
        (b"", "a.xlsx", "trống"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    organizer: FlaskClient, content: bytes, name: str, message: str
) -> None:
    answer = send(organizer, content, name)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert session().scalars(select(DelegateImport)).all() == []


def test_no_file_and_too_large_a_file(organizer: FlaskClient, app: Flask) -> None:
    nothing = organizer.post(IMPORTS, data={}, content_type="multipart/form-data")
    assert nothing.status_code == 422
    assert "Chưa chọn tệp" in nothing.get_data(as_text=True)
    body = bytes(app.config["MAX_CONTENT_LENGTH"] + 1)
    answer = organizer.post(IMPORTS, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "MB" in answer.get_data(as_text=True)
    assert session().scalars(select(DelegateImport)).all() == []


def test_bad_cells_name_their_row_and_column_and_nothing_is_written(organizer: FlaskClient) -> None:
    rows = [
        ("Họ tên", "Đơn vị", "Ngày sinh"),
        ("Lý A Một", "Lam Khê", "31/02/1985"),
        ("x" * 200, "Lam Khê", ""),
        ("Lý B", "Lam Khê", ""),
        ("Lý B", "Lam Khê", ""),
    ]
    address = send(organizer, sheets.workbook(*rows)).location
    page = organizer.get(address).get_data(as_text=True)
    assert (
        "Dòng 2, cột C (Ngày sinh): Ngày sinh “31/02/1985”: tháng 02/1985 chỉ có 28 ngày. Hãy sửa hoặc để trống."
        in page
    )
    assert "Dòng 3, cột A (Họ tên): Ô này dài 200 ký tự, tối đa 120." in page
    assert "Dòng 5, cột A (Họ tên): Người này đã có ở dòng 4." in page
    refused = organizer.post(f"{address}/writing")
    assert refused.status_code == 422
    assert "Còn 3 dòng lỗi nên chưa ghi gì." in refused.get_data(as_text=True)
    assert on_list() == 0


def test_another_event_s_import_and_a_forged_number_are_not_found(
    organizer: FlaskClient, event: Event, world: World
) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Lam Khê"))).location
    number = int(address.rpartition("/")[2])
    session().add(
        Event(
            key="khac",
            unit=world.units["lam-khe"],
            kind=EventKind.CLASS,
            title="Khác",
            place="",
            starts_on=event.starts_on,
            ends_on=event.ends_on,
        )
    )
    for path in (f"/events/khac/imports/{number}", f"{IMPORTS}/{number + 1}", f"{IMPORTS}/-1", f"{IMPORTS}/{'9' * 30}"):
        assert organizer.get(path).status_code == 404, path
        assert organizer.post(f"{path}/writing").status_code == 404, path
    assert on_list() == 0


def test_rows_that_are_not_there_and_fields_that_are_none_change_nothing(organizer: FlaskClient) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Lam Khê"))).location
    forged = {"row": ["99", "x", "5"], "r5-unit_id": "1", "r99-full_name": "Ai", "r5-ticket": "X"}
    assert organizer.post(f"{address}/corrections", data=forged).status_code == 303
    (imported,) = session().scalars(select(DelegateImport))
    assert [row.state for row in importing.rows_of(imported)] == ["new"]


def test_going_beyond_a_quota_asks_for_a_reason(organizer: FlaskClient) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Bình Sa"), ("Lý A Hai", "Bình Sa"))).location
    page = organizer.get(address).get_data(as_text=True)
    assert "Vượt chỉ tiêu nếu ghi danh sách này" in page
    assert "2 người trên 1 chỗ" in page
    refused = organizer.post(f"{address}/writing")
    assert refused.status_code == 422
    assert "Vượt chỉ tiêu: Bình Sa 2/1." in refused.get_data(as_text=True)
    no_reason = organizer.post(f"{address}/writing", data={"over_quota": "1"})
    assert no_reason.status_code == 422
    assert on_list() == 0
    assert organizer.post(f"{address}/writing", data={"over_quota": "1", "reason": "Công văn 12"}).status_code == 303
    assert on_list() == 2


def test_an_import_is_put_aside(organizer: FlaskClient) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Lam Khê"))).location
    assert organizer.post(f"{address}/removal").status_code == 303
    assert organizer.get(address).status_code == 404


def test_other_sheets_are_told_of(organizer: FlaskClient) -> None:
    head = ("Họ tên", "Đơn vị")
    address = send(organizer, sheets.workbook(head, ("Lý A Một", "Lam Khê"), Hai=[head, ("Lý B", "Lam Khê")])).location
    page = organizer.get(address).get_data(as_text=True)
    assert "Đã đọc 2 trang tính: Danh sách, Hai." in page
    other = sheets.workbook(head, ("Lý A Một", "Lam Khê"), Hai=[("Quý I", "Quý II"), (1, 2)])
    assert "Các trang khác không phải danh sách nên không đọc: Hai." in organizer.get(
        send(organizer, other).location
    ).get_data(as_text=True)


def test_a_large_import_is_written_by_a_job(organizer: FlaskClient, open_event: Event, world: World) -> None:
    people = [
        (f"Lý {chr(97 + n % 26)}{chr(97 + n // 26)}", ("Lam Khê", "Bình Sa")[n % 2]) for n in range(importing.MANY + 1)
    ]
    address = send(organizer, sheets.delegates(*people)).location
    assert "Việc này chạy nền" in organizer.get(address).get_data(as_text=True)
    first = organizer.post(f"{address}/writing")
    assert organizer.post(f"{address}/writing").location == first.location
    assert first.location.startswith("/jobs/")
    assert on_list() == 0
    job = session().get_one(jobs.Job, first.location.rpartition("/")[2])
    jobs.run_here(job)
    assert (job.done, job.total, on_list()) == (len(people), len(people), len(people))
    assert "Đã nhập 501 đại biểu" in organizer.get(address).get_data(as_text=True)
    assert organizer.get("/events/lam-khe-2024/delegates").status_code == 200


def test_a_job_that_failed_is_tried_anew(open_event: Event, world: World) -> None:
    imported = importing.upload(open_event, world.organizer, sheets.delegates(("Lý A Một", "Lam Khê")), "a.xlsx")
    first = own_jobs.enqueue_writing(imported, world.organizer, "", "/")
    assert own_jobs.enqueue_writing(imported, world.organizer, "", "/") is first
    first.finished_at, first.error = first.created_at, "đã hỏng"
    session().flush()
    assert own_jobs.enqueue_writing(imported, world.organizer, "", "/") is not first


def test_columns_are_named_by_hand_and_the_file_is_read_again(organizer: FlaskClient) -> None:
    rows = [("STT", "Họ và tên", "Nơi đang làm"), (1, "Lý A Một", "Lam Khê"), (2, "Lý A 2", "Bình Sa")]
    address = send(organizer, sheets.workbook(*rows)).location
    page = organizer.get(address).get_data(as_text=True)
    assert "Chưa rõ cột nào là: Đơn vị." in page
    assert "Lam Khê · Bình Sa" in page
    refused = organizer.post(f"{address}/writing")
    assert refused.status_code == 422
    assert "Hãy khớp cột trước." in refused.get_data(as_text=True)
    twice = organizer.post(f"{address}/columns", data={"column-A": "full_name", "column-B": "full_name"})
    assert twice.status_code == 422
    assert "Hai cột cùng được chọn là “Họ và tên”." in twice.get_data(as_text=True)
    chosen = {"column-A": "", "column-B": "full_name", "column-C": "unit", "column-X": "note"}
    assert organizer.post(f"{address}/columns", data=chosen).status_code == 303
    page = organizer.get(address).get_data(as_text=True)
    assert "Sửa 1 dòng chưa rõ" in page
    fixed = {"row": "3", "r3-full_name": "Lý A Hai"}
    assert organizer.post(f"{address}/corrections", data=fixed).status_code == 303
    assert organizer.post(f"{address}/columns", data=chosen).status_code == 303
    assert organizer.post(f"{address}/writing").status_code == 303
    assert on_list() == 2
    assert organizer.post(f"{address}/columns", data=chosen).status_code == 422


def test_sheets_are_chosen(organizer: FlaskClient) -> None:
    head = ("Họ tên", "Đơn vị")
    address = send(organizer, sheets.workbook(head, ("Lý A Một", "Lam Khê"), Hai=[head, ("Lý B", "Lam Khê")])).location
    page = organizer.get(address).get_data(as_text=True)
    assert 'value="Hai" checked' in page
    assert organizer.post(f"{address}/columns", data={"sheets": "1", "sheet": "Danh sách"}).status_code == 303
    assert "Lý B" not in organizer.get(address).get_data(as_text=True)


def test_a_repaired_cell_stays_as_in_the_file_when_so_chosen(organizer: FlaskClient, open_event: Event) -> None:
    content = sheets.workbook(
        ("Họ tên", "Đơn vị", "SĐT"), ("NguyÔn V¨n §øc", "Lam Khê", "912345678"), ("TrÇn ThÞ Hµ", "Lam Khê", "")
    )
    address = send(organizer, content).location
    page = organizer.get(address).get_data(as_text=True)
    assert "NguyÔn V¨n §øc" in page
    assert "Nguyễn Văn Đức" in page
    assert "TCVN3 (.VnTime): 2 · số điện thoại: 1" in page
    cells = ["2-full_name", "2-phone", "3-full_name", "9-full_name", "2-ticket", "x"]
    assert organizer.post(f"{address}/corrections", data={"cell": cells, "keep": ["2-phone"]}).status_code == 303
    (imported,) = session().scalars(select(DelegateImport))
    first, second = importing.rows_of(imported)
    assert (first.values["full_name"], first.values["phone"], first.kept) == ("Nguyễn Văn Đức", "912345678", ["phone"])
    assert second.values["full_name"] == "Trần Thị Hà"
    assert "giữ nguyên" in organizer.get(address).get_data(as_text=True)
    assert organizer.post(f"{address}/corrections", data={"cell": "2-phone"}).status_code == 303
    session().expire_all()
    assert importing.rows_of(imported)[0].values["phone"] == "0912345678"
    assert organizer.post(f"{address}/writing").status_code == 303
    assert "Giữ nguyên" not in organizer.get(address).get_data(as_text=True)


def test_one_or_two_people_is_asked_and_answered(organizer: FlaskClient, world: World, open_event: Event) -> None:
    name = world.stranger.person.full_name
    address = send(organizer, sheets.delegates((name, "Lam Khê"))).location
    page = organizer.get(address).get_data(as_text=True)
    assert "1 người có thể đã có trong hệ thống" in page
    assert "cùng tên, khác đơn vị" in page
    organizer.set_cookie("lms_language", "en")
    assert "same name, another unit" in organizer.get(address).get_data(as_text=True)
    organizer.delete_cookie("lms_language")
    answered = {"asked": ["5", "77", "y"], "r5-same": "yes"}
    assert organizer.post(f"{address}/corrections", data=answered).status_code == 303
    assert "người đã có trong hệ thống" in organizer.get(address).get_data(as_text=True)
    assert organizer.post(f"{address}/writing").status_code == 303
    assert session().scalars(select(Delegate.person_id)).one() == world.stranger.person_id


def test_an_import_is_taken_back(organizer: FlaskClient, open_event: Event, world: World) -> None:
    content = sheets.delegates(("Lý A Một", "Lam Khê"), ("Lý A Hai", "Lam Khê"))
    address = send(organizer, content).location
    assert organizer.post(f"{address}/undoing").status_code == 422
    organizer.post(f"{address}/writing")
    first = session().scalars(select(Delegate).order_by(Delegate.id)).first()
    assert first is not None
    service.change(first, world.organizer, post="Trưởng phòng")
    session().commit()
    assert "Hoàn tác" in organizer.get(address).get_data(as_text=True)
    for _twice in range(2):
        assert organizer.post(f"{address}/undoing").status_code == 303
    page = organizer.get(address).get_data(as_text=True)
    assert "bỏ 1 đại biểu" in page
    assert "Giữ lại 1 người vì đã có việc tiếp theo:" in page
    assert "đã sửa" in page
    assert on_list() == 1
    assert "Đã hoàn tác" in organizer.get(IMPORTS).get_data(as_text=True)
    again = send(organizer, content).location
    page = organizer.get(again).get_data(as_text=True)
    assert "không có gì thay đổi" not in page
    assert organizer.post(f"{again}/writing").status_code == 303
    assert on_list() == 2


def test_the_waiting_file_is_sealed_and_gone_when_written(
    organizer: FlaskClient, open_event: Event, app: Flask
) -> None:
    content = sheets.delegates(("Lý A Một", "Lam Khê"))
    address = send(organizer, content).location
    (imported,) = session().scalars(select(DelegateImport))
    kept = imported.layout["content"]
    assert kept_files.read(kept) == content
    assert content not in files.path_of(kept).read_bytes()
    organizer.post(f"{address}/writing")
    assert kept_files.read(kept) is None
    session().expire_all()
    assert "content" not in imported.layout
    other = send(organizer, sheets.delegates(("Lý A Hai", "Lam Khê"))).location
    (waiting,) = session().scalars(select(DelegateImport).where(DelegateImport.written_at.is_(None)))
    kept = waiting.layout["content"]
    files.remove(kept)
    gone = organizer.post(f"{other}/columns", data={"column-B": "full_name"})
    assert gone.status_code == 422
    assert "Tệp này không còn được giữ." in gone.get_data(as_text=True)
    assert organizer.post(f"{other}/removal").status_code == 303
