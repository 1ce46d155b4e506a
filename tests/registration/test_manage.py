"""The delegate list's pages: who may see them, what they show, what they refuse."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.events.models import Event, EventStaff, StaffRole
from lms.registration import lines, mapping, service, spreadsheet
from lms.registration.mapping import Field
from lms.registration.models import Delegate
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
LIST = "/events/lam-khe-2024/delegates"
PAGES = (
    *(LIST, f"{LIST}/new", f"{LIST}/{{id}}", f"{LIST}.xlsx", f"{LIST}.csv", f"{LIST}.pdf"),
    *("/events/lam-khe-2024/badges", "/events/lam-khe-2024/badges.pdf"),
    *("/events/lam-khe-2024/imports", "/events/lam-khe-2024/invitations"),
)
ACTS = (
    *(f"{LIST}/new", f"{LIST}/{{id}}", f"{LIST}/{{id}}/withdrawal", f"{LIST}/{{id}}/return"),
    *("/events/lam-khe-2024/imports", "/events/lam-khe-2024/invitations"),
)


@pytest.fixture
def delegate(register: Register) -> Delegate:
    return register("Lý A Một", "nam-khoang", post="Chuyên viên", phone="0987654321")


@pytest.fixture
def organizer(client_of: ClientOf, world: World) -> FlaskClient:
    return client_of(world.organizer)


@pytest.mark.parametrize(("method", "paths"), [("get", PAGES), ("post", ACTS)])
def test_only_those_who_run_the_event_come_in(
    client: FlaskClient, client_of: ClientOf, world: World, delegate: Delegate, method: str, paths: tuple[str, ...]
) -> None:
    for path in (path.format(id=delegate.id) for path in paths):
        signed_out = getattr(client, method)(path)
        assert signed_out.status_code == 303, path
        assert signed_out.location.startswith("/sign-in"), path
        assert getattr(client_of(world.stranger), method)(path).status_code == 404, path
        assert getattr(client_of(world.trainee), method)(path).status_code == 403, path
        assert getattr(client_of(world.instructor), method)(path).status_code == 403, path


def test_staff_of_the_event_come_in_and_the_door_does_not(client_of: ClientOf, world: World, event: Event) -> None:
    event.staff = [
        EventStaff(account=world.stranger, role=StaffRole.ORGANIZER),
        EventStaff(account=world.trainee, role=StaffRole.DOOR),
    ]
    assert client_of(world.stranger).get(LIST).status_code == 200
    assert client_of(world.trainee).get(LIST).status_code == 403


def test_an_empty_list_says_what_to_do(organizer: FlaskClient, event: Event) -> None:
    page = organizer.get(LIST).get_data(as_text=True)
    assert "Chưa có đại biểu. Nhập từ Excel hoặc thêm từng người." in page
    for path in ("badges", "invitations", "imports"):
        assert organizer.get(f"/events/{event.key}/{path}").status_code == 200


def test_the_list_shows_people_states_and_the_quota(organizer: FlaskClient, register: Register, world: World) -> None:
    register("Lý A Một", "nam-khoang", post="Chuyên viên", phone="0987654321")
    gone = register("Phạm Văn Sĩ", "binh-sa")
    service.withdraw(gone, world.organizer, "Nghỉ ốm")
    page = organizer.get(LIST).get_data(as_text=True)
    assert "Lý A Một" in page
    assert "0987654321" in page
    assert "Phạm Văn Sĩ" not in page
    assert "1–1 trong 1 đại biểu, xếp theo đơn vị" in page
    assert '<span class="of">/4</span>' in page
    assert "Chỉ tiêu từng đơn vị" in page
    page = organizer.get(LIST, query_string={"state": "withdrawn"}).get_data(as_text=True)
    assert "Phạm Văn Sĩ" in page
    assert "Nghỉ ốm" in page
    assert "Lý A Một" not in page
    assert "Lý A Một" in organizer.get(LIST, query_string={"q": "ly mot", "order": "name"}).get_data(as_text=True)
    assert "Không thấy ai khớp" in organizer.get(LIST, query_string={"q": "nobody"}).get_data(as_text=True)
    assert organizer.get(LIST, query_string={"unit": "x", "state": "?", "page": "-4"}).status_code == 200


def test_in_english(organizer: FlaskClient, delegate: Delegate) -> None:
    organizer.set_cookie("lms_language", "en")
    for path in PAGES[:3]:
        page = organizer.get(path.format(id=delegate.id)).get_data(as_text=True)
        assert '<html lang="en"' in page
        assert "Lam Khê training conference" in page
    assert "1–1 of 1 delegates, sorted by unit" in organizer.get(LIST).get_data(as_text=True)


def test_a_long_list_takes_as_many_statements_as_a_short_one(
    organizer: FlaskClient, open_event: Event, register: Register, count_statements: Callable[..., object]
) -> None:
    register("Lý A 一".replace("一", "Một"))
    with count_statements() as few:  # type: ignore[attr-defined]
        organizer.get(LIST)
    for number in range(60):
        register(f"Lý A {chr(97 + number % 26)}{chr(97 + number // 26)}", ("lam-khe", "binh-sa", "bo-thu")[number % 3])
    with count_statements() as many:  # type: ignore[attr-defined]
        page = organizer.get(LIST).get_data(as_text=True)
    assert "1–50 trong 61" in page
    assert len(many) == len(few) <= 14


def test_one_person_is_added_within_the_quota(organizer: FlaskClient, event: Event, world: World) -> None:
    filled = {
        "full_name": "  Lý A   Một ",
        "unit": "bình sa",
        "post": "Chuyên viên",
        "phone": "+84 987 654 321",
        "role": "delegate",
    }
    answer = organizer.post(f"{LIST}/new", data=filled)
    assert answer.status_code == 303
    page = organizer.get(answer.location).get_data(as_text=True)
    assert "Lý A Một" in page
    assert "Đã ghi Lý A Một vào danh sách." in page
    assert "0987654321" in page
    again = organizer.post(f"{LIST}/new", data=filled)
    assert again.status_code == 422
    assert "Lý A Một đã có trong danh sách." in again.get_data(as_text=True)
    other = filled | {"full_name": "Lý A Hai", "phone": ""}
    full = organizer.post(f"{LIST}/new", data=other)
    assert full.status_code == 422
    assert "Bình Sa đã dùng hết 1 chỗ" in full.get_data(as_text=True)
    no_reason = organizer.post(f"{LIST}/new", data=other | {"over_quota": "1"})
    assert no_reason.status_code == 422
    assert "Chưa ghi lý do vượt chỉ tiêu" in no_reason.get_data(as_text=True)
    assert organizer.post(f"{LIST}/new", data=other | {"over_quota": "1", "reason": "Công văn 12"}).status_code == 303
    assert len(session().scalars(select(Delegate).where(Delegate.event_id == event.id)).all()) == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"full_name": ""}, "Mục này còn trống"),
        ({"full_name": "x" * 200}, "Ô này dài 200 ký tự, tối đa 120"),
        ({"full_name": "Lý A 1"}, "có chữ số"),
        ({"unit": "Lam Kê"}, "Gần nhất là “Tỉnh Lam Khê”"),
        ({"phone": "123"}, "có 3 chữ số"),
        ({"email": "a@b"}, "chưa đúng dạng"),
        ({"role": "king"}, "Mục đã chọn không còn nữa"),
        ({"point": "999"}, "Mục đã chọn không còn nữa"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    organizer: FlaskClient, event: Event, wrong: dict[str, str], message: str
) -> None:
    answer = organizer.post(
        f"{LIST}/new", data={"full_name": "Lý A Một", "unit": "Lam Khê", "role": "delegate", **wrong}
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert message in page
    assert "<title>Lỗi:" in page
    assert session().scalars(select(Delegate)).all() == []


def test_a_known_person_is_looked_up_and_chosen(organizer: FlaskClient, event: Event, world: World) -> None:
    page = organizer.get(f"{LIST}/new", query_string={"q": "dang duc"}).get_data(as_text=True)
    person_id = world.trainee.person_id
    assert "Đặng Văn Đức" in page
    assert f"person={person_id}" in page
    assert "0912345678" not in page
    page = organizer.get(f"{LIST}/new", query_string={"person": person_id}).get_data(as_text=True)
    assert 'value="Đặng Văn Đức"' in page
    assert 'value="Xã Nậm Khoang"' in page
    data = {"person": person_id, "full_name": "Đặng Văn Đức", "unit": "Xã Nậm Khoang", "role": "speaker", "point": ""}
    assert organizer.post(f"{LIST}/new", data=data).status_code == 303
    (seat,) = session().scalars(select(Delegate))
    assert (seat.person_id, seat.role) == (person_id, "speaker")
    page = organizer.get(f"{LIST}/new", query_string={"q": "dang duc"}).get_data(as_text=True)
    assert "Đã có trong danh sách" in page


def test_changes_withdrawal_and_return_are_told_on_the_page(
    organizer: FlaskClient, delegate: Delegate, event: Event
) -> None:
    address = f"{LIST}/{delegate.id}"
    point = str(event.points[0].id)
    data = {
        "post": "Phó Trưởng phòng",
        "role": "guest",
        "point": point,
        "phone": "0911222333",
        "email": "mot@example.vn",
    }
    assert organizer.post(address, data=data).status_code == 303
    page = organizer.get(address).get_data(as_text=True)
    assert "Chuyên viên → Phó Trưởng phòng" in page
    assert "Đại biểu → Khách mời" in page
    assert "– → Nậm Khoang" in page
    assert "0987654321 → 0911222333" in page
    assert "Lò Thị Mẩy" in page
    assert organizer.post(address, data=data | {"phone": "12"}).status_code == 422
    empty = organizer.post(f"{address}/withdrawal", data={"reason": " "})
    assert empty.status_code == 422
    assert "Mục này còn trống" in empty.get_data(as_text=True)
    assert organizer.post(f"{address}/withdrawal", data={"reason": "Nghỉ ốm"}).status_code == 303
    page = organizer.get(address).get_data(as_text=True)
    assert "Đã rút khỏi danh sách lúc" in page
    assert "Lý do: Nghỉ ốm" in page
    assert "Đưa trở lại danh sách" in page
    assert organizer.post(f"{address}/return").status_code == 303
    assert "Đưa trở lại danh sách" not in organizer.get(address).get_data(as_text=True)
    verbs = session().scalars(select(AuditEntry.verb).where(AuditEntry.subject == f"delegate:{delegate.id}"))
    assert list(verbs) == ["delegate.register", "delegate.change", "delegate.withdraw", "delegate.restore"]


def test_a_seat_taken_meanwhile_stops_the_return(organizer: FlaskClient, register: Register, world: World) -> None:
    first = register("Lý A Một", "binh-sa")
    service.withdraw(first, world.organizer, "Bận")
    register("Lý A Hai", "binh-sa")
    refused = organizer.post(f"{LIST}/{first.id}/return")
    assert refused.status_code == 422
    assert "Bình Sa đã dùng hết 1 chỗ" in refused.get_data(as_text=True)
    again = organizer.post(f"{LIST}/{first.id}/return", data={"over_quota": "1", "reason": "Công văn 12"})
    assert again.status_code == 303


def test_a_full_point_or_unit_is_offered_with_a_reason_where_one_is_changed(
    organizer: FlaskClient, register: Register, event: Event
) -> None:
    event.points[0].seats = 0
    one, other = register("Lý A Một", "lam-khe"), register("Lý A Hai", "binh-sa")
    address, reason = f"{LIST}/{one.id}", {"over_quota": "1", "reason": "Công văn 12"}
    assert 'name="over_quota"' not in organizer.get(address).get_data(as_text=True)
    data = {"role": "delegate", "point": str(event.points[0].id)}
    full = organizer.post(address, data=data)
    page = full.get_data(as_text=True)
    assert full.status_code == 422
    assert "Nậm Khoang đã đủ 0 chỗ. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do." in page
    assert 'href="#over_quota"' in page
    assert "Còn 1 mục cần xem lại" in page
    assert 'name="over_quota"' in page
    no_reason = organizer.post(address, data=data | {"over_quota": "1"})
    assert "Chưa ghi lý do vượt chỉ tiêu" in no_reason.get_data(as_text=True)
    assert organizer.post(address, data=data | reason).status_code == 303
    page = organizer.get(address).get_data(as_text=True)
    assert "vượt chỉ tiêu: Công văn 12" in page
    assert (one.point_id, one.over_quota_reason) == (event.points[0].id, "Công văn 12")
    assert other.over_quota_reason is None


def test_a_unit_put_right_beyond_its_quota_asks_for_a_reason(
    organizer: FlaskClient, register: Register, event: Event, world: World
) -> None:
    one, _other = register("Lý A Một", "lam-khe"), register("Lý A Hai", "binh-sa")
    address = f"{LIST}/{one.id}/correction"
    data = {"full_name": "Lý A Một", "unit": "Bình Sa"}
    full = organizer.post(address, data=data)
    page = full.get_data(as_text=True)
    assert full.status_code == 422
    assert "Bình Sa đã dùng hết 1 chỗ" in page
    assert 'name="over_quota"' in page
    assert organizer.post(address, data=data | {"over_quota": "1", "reason": "Công văn 12"}).status_code == 303
    assert (one.unit_id, one.over_quota_reason) == (world.units["binh-sa"].id, "Công văn 12")
    back = organizer.post(address, data=data | {"unit": "Bộ Thử nghiệm"})
    assert "Bộ Thử nghiệm không có chỉ tiêu" in back.get_data(as_text=True)


def test_a_delegate_of_another_event_is_not_found(organizer: FlaskClient, delegate: Delegate) -> None:
    for path in (f"{LIST}/{delegate.id + 1}", f"{LIST}/0", f"{LIST}/abc", "/events/other/delegates"):
        assert organizer.get(path).status_code == 404


def test_an_export_is_what_is_on_the_screen_and_can_be_imported_again(
    organizer: FlaskClient, register: Register
) -> None:
    register(
        "Lý A Một", "nam-khoang", post="=HYPERLINK(1)", phone="0987654321", email="mot@example.vn", note="+1 người"
    )
    register("Phạm Văn Sĩ", "binh-sa")
    every = {"columns": "post.unit.phone.email.note"}
    answer = organizer.get(f"{LIST}.xlsx", query_string={"q": "ly a mot", **every})
    assert "lam-khe-2024-danh-sach.xlsx" in answer.headers["Content-Disposition"]
    found = mapping.find(spreadsheet.read(answer.data, "a.xlsx"))
    assert found.header_row == 3
    (line,) = lines.read(found, bool)
    assert line.cells == {
        Field.FULL_NAME: "Lý A Một",
        Field.UNIT: "Xã Nậm Khoang",
        Field.POST: "=HYPERLINK(1)",
        Field.PHONE: "0987654321",
        Field.EMAIL: "mot@example.vn",
        Field.NOTE: "+1 người",
    }
    text = organizer.get(f"{LIST}.csv", query_string=every).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[1] for row in rows] == ["Họ và tên", "Phạm Văn Sĩ", "Lý A Một"]
    assert rows[2][2] == "'=HYPERLINK(1)"
    assert rows[2][-1] == "'+1 người"


def test_the_list_and_the_badges_print(organizer: FlaskClient, register: Register) -> None:
    delegates = [register(f"Lý A {name}", "lam-khe", reason="thêm") for name in ("Một", "Hai", "Ba")]
    listed = organizer.get(f"{LIST}.pdf")
    text = PdfReader(io.BytesIO(listed.data)).pages[0].extract_text()
    assert "Danh sách 3 đại biểu; xếp theo đơn vị" in text
    assert "Lý A Hai" in text
    assert "Tỉnh Lam Khê" in text
    chosen = {"state": "all", "delegate": [delegates[0].id, delegates[2].id]}
    printed = PdfReader(io.BytesIO(organizer.get("/events/lam-khe-2024/badges.pdf", query_string=chosen).data))
    text = printed.pages[0].extract_text()
    assert delegates[0].ticket in text
    assert delegates[2].ticket in text
    assert delegates[1].ticket not in text
    page = organizer.get("/events/lam-khe-2024/badges").get_data(as_text=True)
    assert "3 thẻ" in page
    assert "1 trang A4" in page


def test_badges_of_nobody_are_refused_in_words(organizer: FlaskClient, event: Event) -> None:
    answer = organizer.get("/events/lam-khe-2024/badges.pdf")
    assert answer.status_code == 422
    assert "Không có đại biểu nào để in thẻ" in answer.get_data(as_text=True)


def test_the_management_page_tells_where_the_list_stands(
    organizer: FlaskClient, register: Register, event: Event
) -> None:
    address = f"/events/{event.key}/management"
    page = organizer.get(address).get_data(as_text=True)
    assert "Danh sách đại biểu" in page
    assert "0/4 chỗ" in page
    register("Lý A Một")
    page = organizer.get(address).get_data(as_text=True)
    assert "1/4 chỗ" in page
    assert "Thẻ đại biểu" in page
    assert "đã mời 0/1" in page


def test_a_quota_never_falls_below_those_registered(
    organizer: FlaskClient, register: Register, event: Event, world: World
) -> None:
    register("Lý A Một", "nam-khoang")
    register("Lý A Hai", "so-lam-khe")
    unit = world.units["lam-khe"].id
    page = organizer.get(f"/events/{event.key}/quotas").get_data(as_text=True)
    assert f"seats-{unit}" in page
    other = world.units["binh-sa"].id
    refused = organizer.post(f"/events/{event.key}/quotas", data={f"seats-{unit}": "1", f"seats-{other}": "1"})
    assert refused.status_code == 422


def test_the_list_of_a_cancelled_event_opens_no_form_that_would_be_refused(
    organizer: FlaskClient, delegate: Delegate, event: Event
) -> None:
    event.cancelled_at = event.published_at
    for path, status in ((f"{LIST}/new", 303), (f"/events/{event.key}/imports", 422)):
        assert organizer.get(path).status_code == status
        answer = organizer.get(path, follow_redirects=True)
        assert "Sự kiện đã hủy nên danh sách không đổi được nữa." in answer.get_data(as_text=True)
    refused = organizer.post(f"{LIST}/{delegate.id}/withdrawal", data={"reason": "Bận"})
    assert refused.status_code == 422
    assert "Sự kiện đã hủy" in refused.get_data(as_text=True)
    waiting = organizer.get(f"/events/{event.key}/management").get_data(as_text=True)
    assert "Chưa đến lúc" not in waiting
    assert "Chưa làm" not in waiting
