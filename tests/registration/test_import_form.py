"""The import page is one form: every button keeps all that was said on it, and tells what it shows."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.events.models import Event
from lms.registration import importing
from lms.registration.models import Delegate, DelegateImport
from tests.registration import sheets
from tests.registration.test_manage_imports import on_list, send
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]


@pytest.fixture
def organizer(client_of: ClientOf, world: World, event: Event) -> FlaskClient:
    return client_of(world.organizer)


def test_the_writing_takes_the_choices_on_the_screen(organizer: FlaskClient, world: World, open_event: Event) -> None:
    name = world.stranger.person.full_name
    address = send(organizer, sheets.delegates((name, "Lam Khê"), ("Đ/c Lý A Hai", "Lam Khê"))).location
    said = {"asked": "5", "r5-same": "yes", "cell": "6-full_name", "keep": "6-full_name"}
    page = organizer.get(address).get_data(as_text=True)
    assert page.count(f'action="{address}/corrections"') == page.count(f'formaction="{address}/writing"') == 1
    assert organizer.post(f"{address}/writing", data=said).status_code == 303
    assert on_list() == 2
    known = select(Delegate.full_name).where(Delegate.person_id == world.stranger.person_id)
    assert session().scalars(known).one() == name
    assert session().scalars(select(Delegate).where(Delegate.full_name == "Đ/c Lý A Hai")).one()


def test_a_refused_writing_keeps_what_was_said_on_the_page(organizer: FlaskClient, event: Event) -> None:
    people = [("Lý A Một", "Bình Sa"), ("Lý A Hai", "Bình Sa"), ("Đ/c Lý A Ba", "Bình Sa")]
    address = send(organizer, sheets.delegates(*people)).location
    said = {
        "row": "5",
        "r5-full_name": "Lý A Mốt",
        "cell": "7-full_name",
        "keep": "7-full_name",
        "reason": "Công văn 12",
    }
    refused = organizer.post(f"{address}/writing", data=said)
    assert refused.status_code == 422
    session().expire_all()
    (imported,) = session().scalars(select(DelegateImport))
    assert [row.values["full_name"] for row in importing.rows_of(imported)] == ["Lý A Mốt", "Lý A Hai", "Đ/c Lý A Ba"]
    assert "Công văn 12" in refused.get_data(as_text=True)
    assert "Công văn 12" in organizer.get(address).get_data(as_text=True)
    assert on_list() == 0
    wrong = organizer.post(f"{address}/writing", data={"row": "5", "r5-full_name": "Lý 5"})
    assert wrong.status_code == 422
    assert 'value="Lý 5"' in wrong.get_data(as_text=True)
    assert 'value="Lý 5"' in organizer.get(address).get_data(as_text=True)


def test_keeping_a_cell_and_putting_a_row_right_go_together(organizer: FlaskClient, open_event: Event) -> None:
    address = send(organizer, sheets.delegates(("Lý A 2", "Lam Khê"), ("Đ/c Lý A Ba", "Lam Khê"))).location
    said = {"row": "5", "r5-full_name": "Lý A Hai", "r5-unit": "Lam Khê", "cell": "6-full_name", "keep": "6-full_name"}
    answer = organizer.post(f"{address}/corrections?page=1&cells=1", data=said)
    assert answer.location.endswith("?page=1&cells=1")
    (imported,) = session().scalars(select(DelegateImport))
    assert [row.values["full_name"] for row in importing.rows_of(imported)] == ["Lý A Hai", "Đ/c Lý A Ba"]
    assert "1 ô giữ nguyên" in organizer.get(address).get_data(as_text=True)
    over = {"row": "6", "r6-full_name": "Lý A Bốn", "cell": "6-full_name", "keep": "6-full_name"}
    organizer.post(f"{address}/corrections", data=over)
    session().expire_all()
    assert importing.rows_of(imported)[1].values["full_name"] == "Lý A Bốn"
    assert "ô giữ nguyên" not in organizer.get(address).get_data(as_text=True)


def test_one_person_twice_in_a_file_is_found_also_where_a_cell_was_kept(
    organizer: FlaskClient, open_event: Event
) -> None:
    reached = ("Lam Khê", "Chuyên viên", "0912345678", "lan@example.vn")
    address = send(organizer, sheets.delegates(("Đ/c Vũ Thị Lan", *reached), ("Vũ Thị Lan", *reached))).location
    organizer.post(f"{address}/corrections", data={"cell": "5-full_name", "keep": "5-full_name"})
    page = organizer.get(address).get_data(as_text=True)
    assert "Người này đã có ở dòng 5." in page
    assert organizer.post(f"{address}/writing").status_code == 422
    assert organizer.post(f"{address}/corrections", data={"skip": "5"}).status_code == 303
    organizer.post(f"{address}/writing")
    assert on_list() == 1
    again = send(organizer, sheets.delegates(("Đ/c Vũ Thị Lan", *reached), ("Lý A Một", "Lam Khê"))).location
    organizer.post(f"{again}/corrections", data={"cell": "5-full_name", "keep": "5-full_name"})
    organizer.post(f"{again}/writing")
    assert on_list() == 2


def test_rows_that_differ_in_accents_alone_are_pointed_out(organizer: FlaskClient, open_event: Event) -> None:
    people = [("Vàng A Sình", "Lam Khê"), ("Vàng A Sinh", "Lam Khê"), ("Vàng A Sính", "Bình Sa")]
    address = send(organizer, sheets.delegates(*people)).location
    page = organizer.get(address).get_data(as_text=True)
    assert "Dòng 5, Vàng A Sình – Dòng 6, Vàng A Sinh" in page
    assert "Có thể cùng một người: Dòng 6, Vàng A Sinh" in page
    assert "Vàng A Sính –" not in page
    assert organizer.post(f"{address}/corrections", data={"skip": "6"}).status_code == 303
    assert "cùng một người" not in organizer.get(address).get_data(as_text=True)
    assert organizer.post(f"{address}/corrections", data={"take": "6"}).status_code == 303
    assert organizer.post(f"{address}/writing").status_code == 303
    assert on_list() == 3


def test_the_suggested_unit_is_taken_in_all_rows_that_say_the_same(organizer: FlaskClient, open_event: Event) -> None:
    people = [("Lý A 2", "Lam Kê"), ("Lý A Ba", "LAM KÊ"), ("Lý A Bốn", "Bình Xa")]
    address = send(organizer, sheets.delegates(*people)).location
    page = organizer.get(address).get_data(as_text=True)
    assert page.count("Dùng “Tỉnh Lam Khê” cho cả 2 dòng") == 2
    assert "Dùng “Tỉnh Bình Sa”</button>" in page
    said = {"row": "5", "r5-full_name": "Lý A Hai", "r5-unit": "Lam Kê", "nearest": "6"}
    assert organizer.post(f"{address}/corrections", data=said).status_code == 303
    (imported,) = session().scalars(select(DelegateImport))
    found = [(row.state, row.values.get("unit")) for row in importing.rows_of(imported)]
    assert found == [("new", "Tỉnh Lam Khê"), ("new", "Tỉnh Lam Khê"), ("error", None)]
    for forged in ("5", "99", "x", ""):
        assert organizer.post(f"{address}/corrections", data={"nearest": forged}).status_code == 303
    session().expire_all()
    assert imported.error_count == 1


def test_the_same_file_again_tells_when_it_was_written_and_taken_back(
    organizer: FlaskClient, open_event: Event
) -> None:
    content = sheets.delegates(("Lý A Một", "Lam Khê"), ("Lý A 2", "Lam Khê"))
    first = send(organizer, content).location
    organizer.post(f"{first}/corrections", data={"skip": "6"})
    organizer.post(f"{first}/writing")
    page = organizer.get(send(organizer, content).location).get_data(as_text=True)
    assert re.search(r"Tệp này đã nhập lúc .*: ghi 1 người\.", page)
    assert "Lần này: 0 người mới, 1 người đã có, 1 dòng lỗi." in page
    organizer.post(f"{first}/undoing")
    page = organizer.get(send(organizer, content).location).get_data(as_text=True)
    assert re.search(r"Tệp này đã nhập lúc .*, đã hoàn tác lúc .*\.", page)
    assert "ghi 1 người" not in page


def test_any_row_is_opened_left_out_and_taken_back(organizer: FlaskClient, open_event: Event) -> None:
    address = send(organizer, sheets.delegates(("Lý A Một", "Lam Khê", "", "0912 345 678"))).location
    opened = organizer.post(f"{address}/corrections", data={"edit": "5"})
    assert opened.location == f"{address}?edit=5#row-5"
    page = organizer.get(opened.location).get_data(as_text=True)
    assert 'name="r5-full_name" value="Lý A Một"' in page
    assert "Ghi vào danh sách</button>" in page
    assert 'id="row-99"' not in organizer.get(f"{address}?edit=99").get_data(as_text=True)
    said = {"row": "5", "r5-full_name": "Lý A Mốt", "r5-unit": "lam khe"}
    organizer.post(f"{address}/corrections?edit=5", data=said)
    page = organizer.get(address).get_data(as_text=True)
    assert "Lý A Mốt" in page
    assert "<td>Tỉnh Lam Khê</td>" in page
    organizer.post(f"{address}/corrections", data={"skip": "5"})
    assert "Lấy lại" in organizer.get(address).get_data(as_text=True)
    organizer.post(f"{address}/corrections", data={"take": "5"})
    assert "Ghi vào danh sách</button>" in organizer.get(address).get_data(as_text=True)


def test_an_answer_may_be_changed_and_rows_left_over_are_counted(
    organizer: FlaskClient, register: Callable[..., Delegate], open_event: Event
) -> None:
    register("Lý A Một", "binh-sa")
    people = [("Lý A Một", "Lam Khê"), *((f"Lý {n}", "Lam Khê") for n in range(12))]
    address = send(organizer, sheets.delegates(*people)).location
    organizer.post(f"{address}/corrections", data={"asked": "5", "r5-same": "yes"})
    page = organizer.get(address).get_data(as_text=True)
    assert 'id="r5-same-yes" name="r5-same" value="yes" checked' in page
    assert "<li>và 2 dòng nữa</li>" in page
    organizer.post(f"{address}/corrections", data={"asked": "5", "r5-same": "no"})
    assert 'value="no" checked' in organizer.get(address).get_data(as_text=True)


def test_rows_of_several_sheets_all_name_their_sheet(organizer: FlaskClient) -> None:
    head = ("Họ tên", "Đơn vị")
    content = sheets.workbook(head, ("Lý 1", "Lam Khê"), Hai=[head, ("Lý 2", "Lam Khê")])
    page = organizer.get(send(organizer, content).location).get_data(as_text=True)
    for sheet in ("Danh sách", "Hai"):
        assert f"Dòng 2, {sheet} · Lý" in page
        assert f"Dòng 2, {sheet}, cột A (Họ tên):" in page


def test_a_window_left_open_undoes_nothing_that_was_put_right_elsewhere(
    organizer: FlaskClient, open_event: Event
) -> None:
    content = sheets.delegates(("Lý A 2", "Bình Sa"), ("Lý A 3", "Bình Sa"))
    address = send(organizer, content).location
    page = organizer.get(address).get_data(as_text=True)
    seen = dict(re.findall(r'name="(r\d+-seen)" value="([0-9a-f]+)"', page))
    first, second = sorted(int(name[1:].partition("-")[0]) for name in seen)
    stale = {**seen, "row": [str(first), str(second)], f"r{first}-full_name": "Lý A 2", f"r{first}-unit": "Bình Sa"}
    right = {"row": str(first), f"r{first}-seen": seen[f"r{first}-seen"], f"r{first}-full_name": "Lý A Hai"}
    for _double_click in range(2):
        answer = organizer.post(f"{address}/corrections", data=right)
        assert "cửa sổ khác" not in organizer.get(answer.location).get_data(as_text=True)
    answer = organizer.post(f"{address}/corrections", data=stale | {f"r{second}-full_name": "Lý A Ba"})
    page = organizer.get(answer.location).get_data(as_text=True)
    assert f"Dòng {first} đã được sửa ở cửa sổ khác nên giữ theo lần sửa ấy." in page
    assert organizer.post(f"{address}/writing").status_code == 303
    names = select(Delegate.full_name).where(Delegate.event_id == open_event.id)
    assert set(session().scalars(names)) == {"Lý A Hai", "Lý A Ba"}
