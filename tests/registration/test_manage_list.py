"""The delegate list as a page: filters, columns, exports as on the screen, acts on many that are looked at first."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.core.jobs import Job, work_off
from lms.core.mail import OutboxMail
from lms.events.models import Event
from lms.registration import list_columns, service
from lms.registration.models import Delegate
from tests.registration.conftest import Register
from tests.registration.test_listing import crowd
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
LIST = "/events/lam-khe-2024/delegates"
BULK = f"{LIST}/bulk"


@pytest.fixture
def organizer(client_of: ClientOf, world: World) -> FlaskClient:
    return client_of(world.organizer)


@pytest.fixture
def people(register: Register, event: Event) -> list[Delegate]:
    """Four delegates: two of Lam Khê, one of Nậm Khoang at a point, one of Bình Sa."""
    return [
        register("Lý A Một", "lam-khe", post="Chuyên viên", phone="0987654321", email="mot@example.vn"),
        register("Lý A Hai", "lam-khe", post="Phó Trưởng phòng"),
        register("Vàng A Chứ", "nam-khoang", post="Công chức", point=event.points[0], email="chu@example.vn"),
        register("Phạm Văn Sĩ", "binh-sa", post="Chánh Văn phòng", note="Ăn chay"),
    ]


def listed(page: str) -> list[str]:
    """The names on a page, from top to bottom."""
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', page)


def shown(client: FlaskClient, **query: str) -> str:
    """The list with these filters."""
    return client.get(LIST, query_string=query).get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", BULK), ("post", BULK), ("post", f"{BULK}/1/undoing"), ("post", f"{LIST}/columns")],
)
def test_only_those_who_run_the_event_come_in(
    client: FlaskClient, client_of: ClientOf, world: World, event: Event, method: str, path: str
) -> None:
    signed_out = getattr(client, method)(path)
    assert signed_out.status_code == 303
    assert signed_out.location.startswith("/sign-in")
    assert getattr(client_of(world.stranger), method)(path).status_code == 404
    assert getattr(client_of(world.trainee), method)(path).status_code == 403
    assert getattr(client_of(world.instructor), method)(path).status_code == 403


def test_filters_stand_together_in_the_address_and_go_one_by_one(
    organizer: FlaskClient, people: list[Delegate], event: Event, world: World
) -> None:
    unit = str(world.units["lam-khe"].id)
    page = shown(organizer, unit=unit, post="CHUYEN vien", role="delegate", point="0", q="ly", order="-name")
    assert listed(page) == ["Lý A Một"]
    for words in ("Lam Khê và trực thuộc", "chức vụ có “CHUYEN vien”", "Hội trường chính", "“ly”", "theo tên, từ cuối"):
        assert words in page
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    assert chips is not None
    found = [
        parse_qs(urlsplit(href.replace("&amp;", "&")).query)
        for href in re.findall('<a (?:class="plain" )?href="([^"]+)"', chips[0])
    ]
    whole = {"unit", "post", "role", "point", "q", "order"}
    assert [whole - set(one) for one in found[:5]] == [{"q"}, {"unit"}, {"point"}, {"role"}, {"post"}]
    assert found[5] == {}
    assert listed(shown(organizer, unit=unit)) == ["Lý A Hai", "Lý A Một", "Vàng A Chứ"]
    assert listed(shown(organizer, point=str(event.points[0].id))) == ["Vàng A Chứ"]
    assert "Không thấy ai khớp với bộ lọc." in shown(organizer, role="press")
    nonsense = {"unit": "²", "point": "-1", "role": "king", "state": "?", "order": "--x", "page": "0"}
    assert len(listed(shown(organizer, **nonsense))) == 4
    assert "Đơn vị không còn" in shown(organizer, unit="999999")
    assert "Điểm cầu không còn" in shown(organizer, point="999999")


def test_headings_sort_and_say_how(organizer: FlaskClient, people: list[Delegate]) -> None:
    page = shown(organizer, order="name")
    assert listed(page) == ["Vàng A Chứ", "Lý A Hai", "Lý A Một", "Phạm Văn Sĩ"]
    assert re.search(r'<th scope="col" aria-sort="ascending"><a href="[^"]*\?order=-name">Họ và tên', page)
    assert page.count("aria-sort") == 1
    assert listed(shown(organizer, order="-name")) == ["Phạm Văn Sĩ", "Lý A Một", "Lý A Hai", "Vàng A Chứ"]
    by_post = ["Phạm Văn Sĩ", "Lý A Một", "Vàng A Chứ", "Lý A Hai"]
    assert listed(shown(organizer, order="post")) == by_post


def test_the_table_alone_answers_whoever_types(
    organizer: FlaskClient, people: list[Delegate], count_statements: Counting
) -> None:
    with count_statements() as statements:
        answer = organizer.get(LIST, query_string={"q": "chu"}, headers={"HX-Request": "true"})
    part = answer.get_data(as_text=True)
    assert part.lstrip().startswith('<div id="list-part" data-told="1–1 trong 1 đại biểu')
    assert listed(part) == ["Vàng A Chứ"]
    assert "<html" not in part
    assert len(statements) <= 7


def test_a_page_is_small_and_costs_nine_statements(
    organizer: FlaskClient, open_event: Event, world: World, count_statements: Counting
) -> None:
    crowd(open_event, world, 300)
    sizes, numbers = [], []
    for query in ({}, {"q": "dam", "page": "2"}, {"order": "post"}, {"order": "-state", "state": "all"}):
        every = {**query, "columns": ".".join(list_columns.COLUMNS)}
        with count_statements() as statements:
            sizes.append(len(organizer.get(LIST, query_string=every).data))
        numbers.append(len(statements))
    assert max(sizes) < 60_000
    assert max(numbers) <= 10


def test_chosen_columns_are_remembered_and_exported_as_on_the_screen(
    organizer: FlaskClient, people: list[Delegate]
) -> None:
    service.withdraw(people[1], None, "Bận")
    answer = organizer.post(f"{LIST}/columns", data={"column": ["note", "ticket", "x"], "order": "-name", "q": "a"})
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.location).query) == {"q": ["a"], "order": ["-name"], "columns": ["ticket.note"]}
    page = shown(organizer)
    heads = re.findall(r'<th scope="col">(?:<a[^>]*>)?([^<]+)', page)
    assert [one.strip() for one in heads[-2:]] == ["Mã thẻ", "Ghi chú"]
    assert "Ăn chay" in page
    assert "Chánh Văn phòng" not in page
    text = organizer.get(f"{LIST}.csv", query_string={"order": "-name", "state": "all"}).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["STT", "Họ và tên", "Mã thẻ", "Ghi chú"]
    assert [row[1] for row in rows[1:]] == ["Phạm Văn Sĩ", "Lý A Một", "Lý A Hai", "Vàng A Chứ"]
    assert rows[1][2:] == [people[3].ticket, "Ăn chay"]
    usual = organizer.post(f"{LIST}/columns", data={"column": ["note"], "usual": "1"})
    assert "columns" not in usual.location
    page = shown(organizer)
    assert "Chánh Văn phòng" in page
    assert "Điểm cầu</th>" in page


def test_every_column_is_told_alike_on_the_screen_and_in_each_file(
    organizer: FlaskClient, people: list[Delegate], world: World
) -> None:
    service.withdraw(people[0], world.organizer, "Nghỉ ốm")
    every = {"columns": ".".join(list_columns.COLUMNS), "state": "all", "order": "name"}
    page = shown(organizer, **every)
    text = organizer.get(f"{LIST}.csv", query_string=every).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Họ và tên"] for row in rows] == listed(page)
    gone = rows[2]
    assert (gone["Trạng thái"], gone["Điện thoại"], gone["Đơn vị"]) == (
        "Đã rút: Nghỉ ốm",
        "0987654321",
        "Tỉnh Lam Khê",
    )
    for words in ("Nghỉ ốm", gone["Mã thẻ"], gone["Ghi lúc"], "mot@example.vn", "Nậm Khoang", "Ăn chay"):
        assert words in page
    printed = PdfReader(io.BytesIO(organizer.get(f"{LIST}.pdf", query_string=every).data))
    told = " ".join(printed.pages[0].extract_text().split())
    for words in ("Danh sách 4 đại biểu; Tất cả, kể cả đã rút; xếp theo tên", "Phạm Văn Sĩ", "0987654321"):
        assert words in told
    assert told.index("Vàng A Chứ") < told.index("Phạm Văn Sĩ")


def test_what_was_ticked_goes_to_print_and_to_a_file(organizer: FlaskClient, people: list[Delegate]) -> None:
    ticked = {"delegate": [people[0].id, people[3].id], "columns": "post", "order": "-name"}
    answer = organizer.get(BULK, query_string={**ticked, "act": "xlsx"})
    assert answer.status_code in {302, 303}
    assert urlsplit(answer.location).path == f"{LIST}.xlsx"
    text = organizer.get(answer.location.replace(".xlsx", ".csv")).data.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(text))] == ["Họ và tên", "Phạm Văn Sĩ", "Lý A Một"]
    badges = organizer.get(BULK, query_string={**ticked, "act": "badges"}, follow_redirects=True)
    assert "2 thẻ" in badges.get_data(as_text=True)
    everyone = organizer.get(BULK, query_string={"all": "1", "q": "ly", "act": "badges"}, follow_redirects=True)
    assert "2 thẻ" in everyone.get_data(as_text=True)


def test_nobody_and_nothing_chosen_lead_back_in_words(organizer: FlaskClient, people: list[Delegate]) -> None:
    for query, words in (
        ({"act": "withdraw", "q": "ly"}, "Chưa chọn ai."),
        ({"act": "?", "delegate": people[0].id}, "Chưa chọn việc cần làm."),
    ):
        page = organizer.get(BULK, query_string=query, follow_redirects=True).get_data(as_text=True)
        assert words in page
    assert organizer.post(BULK, data={"act": "withdraw"}).status_code == 303


def test_ticks_stay_where_no_act_was_chosen(organizer: FlaskClient, people: list[Delegate]) -> None:
    chosen = {"act": "", "delegate": [people[0].id, people[1].id], "all": "1", "q": "ly", "page": "1"}
    page = organizer.get(BULK, query_string=chosen, follow_redirects=True).get_data(as_text=True)
    assert "Chưa chọn việc cần làm." in page
    assert set(re.findall(r'name="delegate" value="(\d+)" checked', page)) == {str(people[0].id), str(people[1].id)}
    assert "checked" not in organizer.get(LIST).get_data(as_text=True).partition("<tbody>")[2].partition("</tbody>")[0]
    page = organizer.get(BULK, query_string={"act": "withdraw"}, follow_redirects=True).get_data(as_text=True)
    assert '<option value="withdraw" selected>' in page


def asked(client: FlaskClient, **query: object) -> dict[str, object]:
    """The check page of an act, and the values its form would send."""
    page = client.get(BULK, query_string=query).get_data(as_text=True)
    form = page[page.index('name="seen"') - 200 :]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    values: dict[str, object] = {name: [value for one, value in found if one == name] for name, _value in found}
    return values | {"page": page}


def test_a_withdrawal_of_many_is_looked_at_done_and_undone(
    organizer: FlaskClient, people: list[Delegate], event: Event
) -> None:
    values = asked(organizer, act="withdraw", q="ly", all="1")
    page = values.pop("page")
    assert isinstance(page, str)
    assert "Rút khỏi danh sách: 2 người" in page
    assert page.index("Lý A Hai") < page.index("Lý A Một")
    assert "Vàng A Chứ" not in page
    empty = organizer.post(BULK, data={**values, "reason": " "})
    assert empty.status_code == 422
    assert "Mục này còn trống" in empty.get_data(as_text=True)
    done = organizer.post(BULK, data={**values, "reason": "Hoãn lớp"})
    assert done.status_code == 303
    page = organizer.get(done.location).get_data(as_text=True)
    assert "Đã rút 2 đại biểu." in page
    again = organizer.post(BULK, data={**values, "reason": "Hoãn lớp"})
    assert again.status_code == 422
    assert "Danh sách đã đổi từ lúc xem" in again.get_data(as_text=True)
    undoing = re.search(r'action="([^"]+/undoing)"', page)
    assert undoing is not None
    service.put_back(people[0], None)
    undone = organizer.post(undoing[1], data={"q": "ly"})
    assert undone.status_code == 303
    page = organizer.get(undone.location).get_data(as_text=True)
    assert "Đã hoàn tác: 1 đại biểu trở lại như trước." in page
    assert "1 người giữ nguyên:" in page
    assert re.search(r"Lý A Một</a>: đã đổi sau đó", page)
    assert listed(page) == ["Lý A Hai", "Lý A Một"]
    assert organizer.post(f"{BULK}/999999/undoing").status_code == 404


def test_an_act_on_many_is_found_again_and_undone_later(
    client: FlaskClient, client_of: ClientOf, organizer: FlaskClient, people: list[Delegate], world: World
) -> None:
    acts = f"{LIST}/acts"
    assert "Chưa có việc nào" in organizer.get(acts).get_data(as_text=True)
    values = asked(organizer, act="role", delegate=[one.id for one in people])
    values.pop("page")
    organizer.post(BULK, data={**values, "new_role": "guest"})
    assert acts in organizer.get(LIST).get_data(as_text=True)
    page = organizer.get(acts).get_data(as_text=True)
    assert "Đổi tư cách dự: 4 đại biểu" in page
    assert world.organizer.name in page
    undoing = re.search(r'action="([^"]+/undoing)"', page)
    assert undoing is not None
    assert organizer.post(undoing[1]).status_code == 303
    session().expire_all()
    assert {one.role for one in people} == {"delegate"}
    page = organizer.get(acts).get_data(as_text=True)
    assert "Đã hoàn tác lúc" in page
    assert "/undoing" not in page
    assert client.get(acts).status_code == 303
    assert client_of(world.stranger).get(acts).status_code == 404
    assert client_of(world.trainee).get(acts).status_code == 403


def test_a_point_and_a_role_for_many(organizer: FlaskClient, people: list[Delegate], event: Event) -> None:
    ids = [one.id for one in people]
    values = asked(organizer, act="point", delegate=ids)
    values.pop("page")
    wrong = organizer.post(BULK, data={**values, "new_point": "999"})
    assert wrong.status_code == 422
    assert "Mục đã chọn không còn nữa" in wrong.get_data(as_text=True)
    done = organizer.post(BULK, data={**values, "new_point": str(event.points[0].id)})
    assert "Đã đổi điểm cầu của 3 đại biểu." in organizer.get(done.location).get_data(as_text=True)
    values = asked(organizer, act="point", delegate=ids)
    values.pop("page")
    organizer.post(BULK, data={**values, "new_point": "hall"})
    session().expire_all()
    assert {one.point_id for one in people} == {None}
    nobody = organizer.post(BULK, data={**values, "new_point": "hall"})
    assert nobody.status_code == 422
    assert "Không còn ai trong số đã chọn cần đổi." in nobody.get_data(as_text=True)
    event.points[0].seats = 0
    values = asked(organizer, act="point", delegate=ids[:1])
    assert "Vượt chỉ tiêu" in str(values.pop("page"))
    data = {**values, "new_point": str(event.points[0].id)}
    no_reason = organizer.post(BULK, data={**data, "over_quota": "1"})
    assert (no_reason.status_code, "Chưa ghi lý do vượt chỉ tiêu" in no_reason.get_data(as_text=True)) == (422, True)
    left = organizer.get(organizer.post(BULK, data=data).location).get_data(as_text=True)
    assert re.search(r"Lý A Một</a>: điểm cầu đã đủ chỗ", left)
    assert "Muốn vẫn chuyển họ" in left
    organizer.post(BULK, data={**data, "over_quota": "1", "reason": "Kê thêm ghế"})
    session().expire_all()
    assert (people[0].point_id, people[0].over_quota_reason) == (event.points[0].id, "Kê thêm ghế")
    values = asked(organizer, act="role", delegate=ids[:1])
    values.pop("page")
    done = organizer.post(BULK, data={**values, "new_role": "press"})
    assert "Đã đổi tư cách dự của 1 đại biểu." in organizer.get(done.location).get_data(as_text=True)


def test_invitations_go_to_those_chosen_who_have_an_address(
    organizer: FlaskClient, people: list[Delegate], event: Event, world: World
) -> None:
    service.withdraw(people[3], world.organizer, "Bận")
    values = asked(organizer, act="invite", all="1", state="all")
    page = values.pop("page")
    assert isinstance(page, str)
    assert "Gửi lời mời: 2 người" in page
    assert "Bỏ qua 2 người đã rút hoặc chưa có thư điện tử." in page
    for _time in range(2):
        answer = organizer.post(BULK, data=values)
        assert answer.status_code == 303
        assert "/jobs/" in answer.location
    assert len(session().scalars(select(Job)).all()) == 1
    session().commit()
    work_off()
    sent = session().scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)).all()
    assert sorted(sent) == ["chu@example.vn", "mot@example.vn"]
    values = asked(organizer, act="invite", delegate=people[0].id)
    assert "1 người đã được mời sẽ nhận thêm một thư." in str(values.pop("page"))
    organizer.post(BULK, data=values)
    session().commit()
    work_off()
    assert len(session().scalars(select(OutboxMail)).all()) == 3
    nobody = organizer.get(BULK, query_string={"act": "invite", "delegate": people[3].id}).get_data(as_text=True)
    assert "Không ai trong số đã chọn cần việc này" in nobody


def test_an_event_that_is_not_public_invites_nobody(
    organizer: FlaskClient, people: list[Delegate], event: Event
) -> None:
    event.published_at = None
    session().flush()
    page = organizer.get(BULK, query_string={"act": "invite", "all": "1"}).get_data(as_text=True)
    assert "Chưa gửi lời mời được" in page
    assert '<form method="post" action="/events/lam-khe-2024/delegates/bulk"' not in page
