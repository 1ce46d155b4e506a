"""Making and running an event in the browser."""

from collections.abc import Callable
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.db import session
from lms.events import agenda, arrangements
from lms.events.models import Event, EventStaff, Half, StaffRole
from tests.events.conftest import DAY
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]

PAGES = ("management", "details", "agenda", "hosts", "quotas", "points", "documents", "rule", "staff", "copies")


@pytest.fixture
def browser(client_of: ClientOf, world: World) -> FlaskClient:
    """The organizer's browser."""
    return client_of(world.organizer)


def new_event(**changes: str) -> dict[str, str]:
    """The five answers."""
    answers = {
        "title": "Hội nghị tập huấn công tác TTĐN năm 2024",
        "kind": "conference",
        "first": "sang",
        "starts_on": "2024-08-07",
        "last": "chieu",
        "ends_on": "07/8/2024",
        "place": "Thành phố Lam Khê",
        "unit": "lam khe",
        "host": "",
    }
    return answers | changes


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_by_role(
    page: str, client: FlaskClient, client_of: ClientOf, world: World, published: Event
) -> None:
    address = f"/events/{published.key}/{page}"
    signed_out = client.get(address)
    assert signed_out.status_code == 303
    assert "/sign-in" in signed_out.location
    assert client_of(world.stranger).get(address).status_code == 404
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.instructor).get(address).status_code == 403
    answer = client_of(world.organizer).get(address)
    assert answer.status_code == 200
    assert published.title in answer.get_data(as_text=True)
    arrangements.set_staff(world.organizer, published, world.trainee, StaffRole.DOOR)
    assert client_of(world.trainee).get(address).status_code == 403
    arrangements.set_staff(world.organizer, published, world.trainee, StaffRole.ORGANIZER)
    assert client_of(world.trainee).get(address).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_english(page: str, browser: FlaskClient, published: Event) -> None:
    browser.set_cookie("lms_language", "en")
    assert "Training conference" in browser.get(f"/events/{published.key}/{page}").get_data(as_text=True)


@pytest.mark.parametrize(
    "act", ["publication", "cancellation", "deletion", "sessions", "hosts", "quotas", "points", "documents", "staff"]
)
def test_acts_of_strangers_change_nothing(
    act: str, client: FlaskClient, client_of: ClientOf, world: World, draft: Event
) -> None:
    address = f"/events/{draft.key}/{act}"
    assert client.post(address).status_code == 303
    assert client_of(world.stranger).post(address).status_code == 404
    assert client_of(world.trainee).post(address).status_code == 403
    assert draft.state == "draft"


def test_five_answers_make_a_draft(browser: FlaskClient) -> None:
    answer = browser.post("/events/new", data=new_event())
    assert answer.status_code == 303
    assert answer.location.endswith("/events/hoi-nghi-tap-huan-cong-tac-ttdn-2024/management")
    page = browser.get(answer.location).get_data(as_text=True)
    for words in ("Bản nháp", "Đã tạo bản nháp", "2 buổi, 0 chuyên đề", "Tỉnh Lam Khê", "Chưa làm"):
        assert words in page, words
    assert browser.post("/events/new", data=new_event()).location == answer.location


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Mục này còn trống."),
        ({"title": "a" * 401}, "Dài quá 400 ký tự."),
        ({"starts_on": "2024-02-31"}, "Ngày này không có trong lịch."),
        ({"starts_on": "31/02/2024"}, "Ngày này không có trong lịch."),
        ({"ends_on": "2024-08-01"}, "Sự kiện kết thúc trước khi bắt đầu."),
        ({"ends_on": "2025-08-07"}, "Sự kiện dài quá 60 ngày."),
        ({"kind": "party"}, "Mục đã chọn không còn nữa."),
        ({"unit": "Bình Sa"}, "Không có đơn vị nào tên “Bình Sa”"),
        ({"host": "nơi không có"}, "Không có đơn vị nào tên"),
    ],
)
def test_wrong_answers_are_said_on_the_page(browser: FlaskClient, changes: dict[str, str], message: str) -> None:
    answer = browser.post("/events/new", data=new_event(**changes))
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert session().scalar(select(Event.id)) is None


def test_staff_of_one_event_create_none(client_of: ClientOf, world: World, draft: Event) -> None:
    arrangements.set_staff(world.organizer, draft, world.trainee, StaffRole.ORGANIZER)
    assert client_of(world.trainee).get("/events/new").status_code == 403


def details_of(event: Event, **changes: str) -> dict[str, str]:
    """The details form as it stands, with changes."""
    return {
        "title": event.title,
        "kind": str(event.kind),
        "key": event.key,
        "place": event.place,
        "first": "sang",
        "starts_on": "2024-08-07",
        "last": "sang",
        "ends_on": "2024-08-07",
        "hours": "4",
    } | changes


def test_details_are_edited(browser: FlaskClient, draft: Event) -> None:
    answer = browser.post(
        f"/events/{draft.key}/details",
        data=details_of(draft, key="lam-khe-2024", hours="6", summary="Một\r\n\r\n\r\nHai", reply_by="2024-07-31"),
    )
    assert answer.location.endswith("/events/lam-khe-2024/management")
    assert (draft.key, draft.hours, draft.summary, draft.reply_by) == (
        "lam-khe-2024",
        6,
        "Một\n\nHai",
        date(2024, 7, 31),
    )
    moved = details_of(draft, starts_on="2024-08-08", ends_on="2024-08-08")
    assert browser.post(f"/events/{draft.key}/details", data=moved).status_code == 303
    assert [one.key for one in draft.sessions] == ["2024-08-08-sang"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hours": "nhiều"}, "Cần một số nguyên."),
        ({"hours": "0"}, "Cần một số từ 1 đến 1000."),
        ({"reply_by": "2024-09-01"}, "Hạn trả lời phải trước"),
        ({"key": "Có Dấu"}, "Địa chỉ chỉ gồm chữ thường"),
        ({"first": "chieu", "last": "chieu"}, "còn chuyên đề"),
    ],
)
def test_wrong_details_are_refused(browser: FlaskClient, draft: Event, changes: dict[str, str], message: str) -> None:
    answer = browser.post(f"/events/{draft.key}/details", data=details_of(draft, **changes))
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_publishing_says_what_is_missing_and_where(browser: FlaskClient, make_event: Callable[..., Event]) -> None:
    event = make_event(host=None)
    answer = browser.post(f"/events/{event.key}/publication")
    assert answer.status_code == 422
    assert "Chưa có đơn vị chủ trì." in answer.get_data(as_text=True)
    assert f'href="/events/{event.key}/hosts"' in answer.get_data(as_text=True)
    assert event.published_at is None


def test_publish_then_cancel(browser: FlaskClient, client: FlaskClient, draft: Event) -> None:
    for _twice in range(2):
        assert browser.post(f"/events/{draft.key}/publication").status_code == 303
    assert draft.state == "published"
    answer = browser.post(f"/events/{draft.key}/cancellation", data={"reason": " "})
    assert answer.status_code == 422
    assert "Mục này còn trống." in answer.get_data(as_text=True)
    for _twice in range(2):
        assert browser.post(f"/events/{draft.key}/cancellation", data={"reason": "Bão số 3"}).status_code == 303
    assert "Bão số 3" in client.get(f"/events/{draft.key}").get_data(as_text=True)
    refused = browser.post(f"/events/{draft.key}/details", data=details_of(draft))
    assert refused.status_code == 422
    assert "Sự kiện đã hủy nên không sửa được nữa." in refused.get_data(as_text=True)
    assert browser.post(f"/events/{draft.key}/deletion").status_code == 422


def test_a_draft_is_deleted(browser: FlaskClient, draft: Event) -> None:
    assert browser.post(f"/events/{draft.key}/deletion").location.endswith("/events/")
    assert session().scalar(select(Event.id)) is None


def test_an_event_is_copied(browser: FlaskClient, world: World, published: Event) -> None:
    arrangements.set_quotas(world.organizer, published, {world.units["binh-sa"]: 3})
    world.units["binh-sa"].valid_to = date(2025, 7, 1)
    wrong = browser.post(f"/events/{published.key}/copies", data={"title": published.title, "starts_on": "mai"})
    assert wrong.status_code == 422
    answer = browser.post(f"/events/{published.key}/copies", data={"title": "Khóa 2", "starts_on": "2025-08-20"})
    assert answer.location.endswith("/events/khoa-2-2025/management")
    page = browser.get(answer.location).get_data(as_text=True)
    assert "Bản nháp" in page
    assert "Đã bỏ đơn vị không còn tồn tại vào ngày mới: Tỉnh Bình Sa." in page
    assert "Ngày bắt đầu 20/8/2025 đã qua." in page


def test_the_agenda_is_built_without_a_script(
    browser: FlaskClient, world: World, make_event: Callable[..., Event]
) -> None:
    event = make_event()
    base = f"/events/{event.key}"
    assert browser.post(f"{base}/sessions", data={"on": "2024-08-07", "half": "chieu"}).status_code == 303
    hours = {"starts_at": "08:00", "ends_at": "11:00"}
    assert browser.post(f"{base}/sessions/2024-08-07-sang/hours", data=hours).status_code == 303
    for title in ("Thứ nhất", "Thứ hai"):
        data = {"title": title, "half_day": "2024-08-07-sang", "starts_at": "08:30"}
        made = browser.post(f"{base}/sessions/2024-08-07-sang/topics", data=data)
        assert made.status_code == 303
    assert (
        browser.post(f"{made.location.removeprefix('http://localhost')}/place", data={"position": "1"}).status_code
        == 303
    )
    assert [one.title for one in event.sessions[0].topics] == ["Thứ hai", "Thứ nhất"]
    first = event.sessions[0].topics[0]
    topic = f"{base}/topics/{first.id}"
    found = browser.get(f"{topic}?q=bui+thi+ngoc").get_data(as_text=True)
    assert "Bùi Thị Ngọc Ánh" in found
    assert "Chuyên viên tỉnh Bình Sa" in found
    added = browser.post(f"{topic}/speakers", data={"person_id": str(world.other_trainee.person_id)})
    assert added.status_code == 303
    page = browser.get(f"{base}/agenda").get_data(as_text=True)
    assert page.index("Thứ hai") < page.index("Bùi Thị Ngọc Ánh") < page.index("Thứ nhất")
    edited = {"title": "Đổi tên", "half_day": "2024-08-07-chieu", "starts_at": ""}
    assert browser.post(topic, data=edited).status_code == 303
    assert [one.title for one in event.sessions[1].topics] == ["Đổi tên"]
    speaker = event.sessions[1].topics[0].speakers[0]
    assert browser.post(f"{topic}/speakers/{speaker.id}/removal").status_code == 303
    assert browser.post(f"{topic}/removal").status_code == 303
    assert browser.post(f"{base}/sessions/2024-08-07-chieu/removal").status_code == 303
    assert [one.half for one in event.sessions] == [Half.MORNING]


def test_a_new_person_is_entered_from_the_topic(browser: FlaskClient, published: Event) -> None:
    topic = f"/events/{published.key}/topics/{published.sessions[0].topics[1].id}"
    data = {"full_name": "Lê Thị Mới", "person_title": "TS", "post": "Trưởng phòng", "unit": "so vhttdl lam khe"}
    wrong = browser.post(f"{topic}/people", data=data | {"unit": "không có"})
    assert wrong.status_code == 422
    assert "Không có đơn vị nào tên" in wrong.get_data(as_text=True)
    assert browser.post(f"{topic}/people", data=data).status_code == 303
    assert "TS Lê Thị Mới" in browser.get(topic).get_data(as_text=True)
    speaker = published.sessions[0].topics[1].speakers[0]
    assert speaker.posts_held.startswith("Trưởng phòng Sở")
    assert browser.post(f"{topic}/speakers/{speaker.id}/posts").status_code == 303


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        ("sessions", {"on": "2024-09-01", "half": "sang"}, "nằm ngoài thời gian của sự kiện"),
        ("sessions/2024-08-07-sang/hours", {"starts_at": "10:00", "ends_at": "09:00"}, "Giờ kết thúc phải sau"),
        ("sessions/2024-08-07-sang/hours", {"starts_at": "25:00", "ends_at": "09:00"}, "Giờ chưa đúng"),
        ("sessions/2024-08-07-sang/removal", {}, "còn chuyên đề"),
        ("sessions/2024-08-07-sang/topics", {"title": "", "half_day": "2024-08-07-sang"}, "Mục này còn trống."),
        (
            "sessions/2024-08-07-sang/topics",
            {"title": "x", "half_day": "2024-08-07-sang", "starts_at": "15:00"},
            "Giờ này nằm ngoài buổi",
        ),
    ],
)
def test_a_wrong_agenda_is_refused(
    browser: FlaskClient, draft: Event, path: str, data: dict[str, str], message: str
) -> None:
    answer = browser.post(f"/events/{draft.key}/{path}", data=data)
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_hours_that_leave_topics_outside_are_refused_and_what_was_typed_stands_again(
    browser: FlaskClient, make_event: Callable[..., Event]
) -> None:
    event = make_event()
    base = f"/events/{event.key}/sessions/2024-08-07-sang"
    for title, at in (("Mở đầu", "07:30"), ("Thứ nhất", "08:30"), ("Bế mạc", "11:00"), ("Không giờ", "")):
        data = {"title": title, "half_day": "2024-08-07-sang", "starts_at": at}
        assert browser.post(f"{base}/topics", data=data).status_code == 303
    answer = browser.post(f"{base}/hours", data={"starts_at": "08:00", "ends_at": "11:00"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Còn chuyên đề nằm ngoài 08:00–11:00: 07:30 “Mở đầu”, 11:00 “Bế mạc”. Hãy đổi" in page
    assert 'href="#starts-2024-08-07-sang"' in page
    assert 'name="starts_at" value="08:00" aria-invalid="true"' in page
    assert [f"{one.starts_at:%H:%M}" for one in event.sessions[0].topics if one.starts_at] == [
        "07:30",
        "08:30",
        "11:00",
    ]
    assert event.sessions[0].starts_at == time(7, 30)
    assert browser.post(f"{base}/hours", data={"starts_at": "07:30", "ends_at": "11:01"}).status_code == 303
    assert event.sessions[0].ends_at == time(11, 1)


def test_rows_of_other_events_are_not_found(
    browser: FlaskClient, world: World, draft: Event, make_event: Callable[..., Event]
) -> None:
    other = make_event("Lớp khác")
    topic = draft.sessions[0].topics[0].id
    for address in (f"topics/{topic}/removal", f"topics/{topic}/place", "sessions/1999-01-01-sang/removal"):
        assert browser.post(f"/events/{other.key}/{address}", data={"position": "1"}).status_code == 404
    missing = browser.post(f"/events/{draft.key}/topics/{topic}/speakers", data={"person_id": "999999"})
    assert missing.status_code == 404


def test_hosts_are_found_and_ordered(browser: FlaskClient, world: World, draft: Event) -> None:
    address = f"/events/{draft.key}/hosts"
    assert "Tỉnh Bình Sa" in browser.get(f"{address}?q=binh+sa").get_data(as_text=True)
    unit = str(world.units["binh-sa"].id)
    assert browser.post(address, data={"unit_id": unit, "role": "host"}).status_code == 303
    assert browser.post(f"{address}/{unit}/place", data={"position": "1"}).status_code == 303
    assert [host.unit.key for host in draft.hosts] == ["binh-sa", "lam-khe"]
    assert browser.post(f"{address}/{unit}/removal").status_code == 303
    assert browser.post(address, data={"unit_id": "999999", "role": "host"}).status_code == 422
    assert [host.unit.key for host in draft.hosts] == ["lam-khe"]


def test_the_last_host_of_a_published_event_stays(browser: FlaskClient, world: World, published: Event) -> None:
    answer = browser.post(f"/events/{published.key}/hosts/{world.units['lam-khe'].id}/removal")
    assert answer.status_code == 422
    assert "ít nhất một đơn vị chủ trì" in answer.get_data(as_text=True)


def test_quotas_are_added_changed_and_dropped(browser: FlaskClient, world: World, draft: Event) -> None:
    address = f"/events/{draft.key}/quotas"
    assert "Tỉnh Bình Sa" in browser.get(f"{address}?kind=province").get_data(as_text=True)
    units = [world.units["binh-sa"].id, world.units["nam-khoang"].id]
    assert browser.post(f"{address}/units", data={"unit_id": units, "seats": "4"}).status_code == 303
    assert "2 đơn vị, tổng cộng 8 chỗ" in browser.get(address).get_data(as_text=True)
    changed = {f"seats-{units[0]}": "6", f"seats-{units[1]}": ""}
    assert browser.post(address, data=changed).status_code == 303
    assert {one.unit_id: one.seats for one in draft.quotas} == {units[0]: 6}
    for wrong, words in ((" -1", "Cần một số nguyên."), ("9999999", "Số chỗ phải từ 1 đến")):
        answer = browser.post(address, data={f"seats-{units[0]}": wrong})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert browser.post(f"{address}/units", data={"seats": "4"}).status_code == 422
    assert {one.unit_id: one.seats for one in draft.quotas} == {units[0]: 6}


def test_points_are_written_in_rows(browser: FlaskClient, draft: Event) -> None:
    address = f"/events/{draft.key}/points"
    rows = {"points-0-point_id": "", "points-0-name": "Hội trường", "points-0-place": "", "points-1-name": " "}
    assert browser.post(address, data=rows).status_code == 303
    assert [one.name for one in draft.points] == ["Hội trường"]
    twice = {"points-0-name": "Trùng", "points-1-name": "trùng"}
    answer = browser.post(address, data=twice)
    assert answer.status_code == 422
    assert "Hai điểm cầu cùng tên." in answer.get_data(as_text=True)
    long = browser.post(address, data={"points-0-name": "a" * 201})
    assert long.status_code == 422
    assert "Dài quá 200 ký tự." in long.get_data(as_text=True)


def upload(name: str, content: bytes, **data: str) -> dict[str, Any]:
    """A form with one file."""
    return {"file": (BytesIO(content), name), **data}


def test_a_document_is_put_up_and_taken_down(browser: FlaskClient, draft: Event) -> None:
    address = f"/events/{draft.key}/documents"
    assert browser.post(address, data=upload("Đề cương.pdf", b"%PDF-1.7", title="Đề cương chính")).status_code == 303
    page = browser.get(address).get_data(as_text=True)
    assert "Đề cương chính" in page
    assert "Đề cương.pdf" in page
    assert browser.post(f"{address}/{draft.documents[0].id}/removal").status_code == 303
    assert draft.documents == []
    assert browser.post(f"{address}/999999/removal").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cai-dat.exe", b"MZ\x90", "Không nhận loại tệp “cai-dat.exe”"),
        ("gia.pdf", b"MZ\x90", "không phải là .pdf như tên gọi"),
        ("", b"", "Chưa chọn tệp."),
    ],
)
def test_other_uploads_are_refused(browser: FlaskClient, draft: Event, name: str, content: bytes, message: str) -> None:
    answer = browser.post(f"/events/{draft.key}/documents", data=upload(name, content))
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert draft.documents == []


def test_an_upload_over_the_limit_is_refused(
    app: Any, browser: FlaskClient, draft: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    answer = browser.post(f"/events/{draft.key}/documents", data=upload("lon.pdf", b"%PDF-" + b"0" * 10_000))
    assert answer.status_code == 413
    assert draft.documents == []


def test_the_rule_is_set(browser: FlaskClient, draft: Event) -> None:
    address = f"/events/{draft.key}/rule"
    assert browser.post(address, data={"attendance_percent": "80", "test": ""}).status_code == 303
    assert draft.attendance_percent == 80
    for wrong, words in (("101", "Cần một số từ 0 đến 100."), ("hai", "Cần một số nguyên.")):
        answer = browser.post(address, data={"attendance_percent": wrong, "test": ""})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert browser.post(address, data={"attendance_percent": "80", "test": "999"}).status_code == 422


def test_staff_are_named_and_released(browser: FlaskClient, client_of: ClientOf, world: World, draft: Event) -> None:
    address = f"/events/{draft.key}/staff"
    assert "Đặng Văn Đức" in browser.get(f"{address}?q=van+duc").get_data(as_text=True)
    named = {"account_id": str(world.trainee.id), "role": "door"}
    assert browser.post(address, data=named).status_code == 303
    assert "Điểm danh tại cửa" in browser.get(address).get_data(as_text=True)
    assert browser.post(address, data=named | {"role": "king"}).status_code == 422
    assert browser.post(address, data={"account_id": "999999", "role": "door"}).status_code == 422
    for _twice in range(2):
        assert browser.post(f"{address}/{world.trainee.id}/removal").status_code == 303
    assert session().scalars(select(EventStaff)).all() == []


def test_pages_cost_the_same_for_any_number_of_topics(
    browser: FlaskClient, world: World, draft: Event, count_statements: Callable[..., Any]
) -> None:
    counts = []
    for size in (3, 30):
        for number in range(size):
            topic = agenda.add_topic(world.organizer, draft, draft.sessions[0], agenda.TopicWords(f"Số {number}"))
            agenda.add_speaker(world.organizer, draft, topic, world.trainee.person)
        with count_statements() as statements:
            browser.get(f"/events/{draft.key}/agenda")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16


def test_a_weekend_event_keeps_its_days(browser: FlaskClient) -> None:
    saturday = DAY + timedelta(days=3)
    answer = browser.post("/events/new", data=new_event(ends_on=saturday.isoformat()))
    assert answer.status_code == 303
    event = session().scalars(select(Event)).one()
    assert len(event.sessions) == 8
