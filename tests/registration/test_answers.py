"""Answering by the personal link: accept, decline, name someone else, change one's mind, until the deadline."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events.models import Event, EventStaff, Quota, StaffRole
from lms.registration import answer_lists, invitations, links, service
from lms.registration.models import Delegate, DelegateRole, Invitation
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
LINK = "/invitations/"


@pytest.fixture(autouse=True)
def _in_july() -> Iterator[None]:
    with clock.stopped_at(datetime(2024, 7, 10, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def invited(event: Event, register: Register, world: World) -> Delegate:
    """Someone invited to the event, who has to answer by the end of July."""
    event.reply_by = date(2024, 7, 31)
    delegate = register("Lý A Một", email="mot@example.vn", post="Trưởng phòng")
    invitations.invite(delegate, world.organizer.id)
    session().flush()
    return delegate


@pytest.fixture
def page(invited: Delegate) -> str:
    """The address of their page."""
    return LINK + links.token_of(invited, "mot@example.vn")


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def outbox() -> list[OutboxMail]:
    return list(session().scalars(select(OutboxMail).order_by(OutboxMail.id)))


def taken(event: Event) -> int:
    return session().get_one(Quota, (event.id, event.unit_id), populate_existing=True).taken


def test_the_page_says_what_is_asked_and_keeps_the_link_secret(
    client: FlaskClient, page: str, invited: Delegate
) -> None:
    answer = client.get(page)
    text = answer.get_data(as_text=True)
    for words in ("Lời mời dành cho Lý A Một", "Chờ trả lời", "Trưởng phòng", "Tỉnh Lam Khê", "31/7/2024", "Nhận lời"):
        assert words in text, words
    assert "Lò Thị Mẩy" in text
    assert "0912345678" in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex, nofollow">' in text
    token = page.removeprefix(LINK)
    stored = session().get_one(Invitation, invited.id)
    assert token not in (stored.link, stored.link[:32])
    assert stored.link == links.digest_of(token)


def test_it_is_also_there_in_english(client: FlaskClient, page: str) -> None:
    client.set_cookie("lms_language", "en")
    text = read(client, page)
    for words in ("Invitation for Lý A Một", "Lam Khê training conference", "Awaiting reply", "Accept", "Decline…"):
        assert words in text, words


@pytest.mark.parametrize("act", ["", "/acceptance", "/refusal", "/substitute", "/password", "/invite.ics"])
def test_an_unknown_link_is_not_found(client: FlaskClient, page: str, act: str) -> None:
    address = f"{page[:-1]}{'A' if page[-1] != 'A' else 'B'}{act}"
    answer = client.get(address) if act in ("", "/invite.ics") else client.post(address)
    assert answer.status_code == 404


def test_opening_the_page_answers_nothing(client: FlaskClient, page: str, invited: Delegate) -> None:
    client.get(page)
    client.head(page)
    assert session().get_one(Invitation, invited.id).answer is None
    assert client.get(f"{page}/acceptance").status_code == 405


def test_accepting_twice_is_once(client: FlaskClient, page: str, invited: Delegate, event: Event) -> None:
    for _time in range(2):
        answer = client.post(f"{page}/acceptance")
        assert (answer.status_code, answer.location) == (303, page)
    text = read(client, page)
    assert "Đã nhận lời lúc 10:00 10/7/2024" in text
    assert invited.ticket in text
    assert taken(event) == 1
    (_invitation, noted) = outbox()
    assert noted.subject == "[Đã ghi nhận] Hội nghị tập huấn Lam Khê, 07/8/2024"
    assert "đồng chí nhận lời dự" in noted.body
    assert "Noted: you accept." in noted.body
    assert "PARTSTAT=ACCEPTED" in (noted.calendar or "").replace("\r\n ", "")


def test_declining_needs_a_reason_frees_the_seat_and_can_be_taken_back(
    client: FlaskClient, page: str, invited: Delegate, event: Event
) -> None:
    refused = client.post(f"{page}/refusal", data={"reason": " "})
    assert refused.status_code == 422
    assert "Lý do từ chối: Mục này còn trống" in refused.get_data(as_text=True)
    for _time in range(2):
        assert client.post(f"{page}/refusal", data={"reason": "Bận  công tác"}).status_code == 303
    assert taken(event) == 0
    assert invited.withdraw_reason == "Bận công tác"
    text = read(client, page)
    assert "Lý do: Bận công tác" in text
    assert "Nếu đổi ý" in text
    (sent, noted) = outbox()
    assert "đồng chí không dự" in noted.body
    calendar = Calendar.from_ical(noted.calendar or "")
    assert calendar["METHOD"] == "CANCEL"
    assert sorted(one["UID"] for one in calendar.walk("VEVENT")) == sorted(
        one["UID"] for one in Calendar.from_ical(sent.calendar or "").walk("VEVENT")
    )
    assert client.post(f"{page}/acceptance").status_code == 303
    assert "Đã nhận lời lúc" in read(client, page)
    assert taken(event) == 1
    assert "METHOD:REQUEST" in (outbox()[-1].calendar or "")


def test_each_change_of_mind_raises_the_sequence_of_ones_own_calendar(
    client: FlaskClient, page: str, invited: Delegate
) -> None:
    for _turn in range(2):
        client.post(f"{page}/refusal", data={"reason": "Trùng lịch"})
        client.post(f"{page}/acceptance")
    calendars = [Calendar.from_ical(mail.calendar) for mail in outbox() if mail.calendar]
    told = [(one["METHOD"], {entry["SEQUENCE"] for entry in one.walk("VEVENT")}) for one in calendars]
    assert told == [("REQUEST", {0}), ("CANCEL", {1}), ("REQUEST", {2}), ("CANCEL", {3}), ("REQUEST", {4})]


def test_a_seat_given_back_may_have_gone(
    client: FlaskClient, page: str, invited: Delegate, event: Event, register: Register
) -> None:
    client.post(f"{page}/refusal", data={"reason": "Bận"})
    for name in ("Lý A Hai", "Lý A Ba", "Lý A Bốn"):
        register(name)
    answer = client.post(f"{page}/acceptance")
    assert answer.status_code == 422
    assert "Chỗ đã trả lại nay có người khác nhận" in answer.get_data(as_text=True)
    assert invited.withdrawn_at is not None
    assert "Đã từ chối" in read(client, page)


SUBSTITUTE = {"full_name": "Vàng Thị Thay", "post": "Phó Trưởng phòng", "email": "thay@example.vn", "phone": ""}


def test_a_substitute_takes_the_seat_and_is_invited(
    client: FlaskClient, page: str, invited: Delegate, event: Event
) -> None:
    for _time in range(2):
        assert client.post(f"{page}/substitute", data=SUBSTITUTE).status_code == 303
    named = session().scalars(select(Delegate).where(Delegate.replaces_id == invited.id)).one()
    assert (named.full_name, named.unit_id, named.post) == ("Vàng Thị Thay", invited.unit_id, "Phó Trưởng phòng")
    assert taken(event) == 1
    text = read(client, page)
    assert "Vàng Thị Thay dự thay" in text
    assert "Nhận lời" not in text
    (_first, told, invitation) = outbox()
    assert (told.recipient, invitation.recipient) == ("mot@example.vn", "thay@example.vn")
    assert "cử Vàng Thị Thay dự thay" in told.body
    assert "METHOD:CANCEL" in (told.calendar or "")
    own = LINK + links.token_of(named, "thay@example.vn")
    assert own in invitation.body
    assert "Lời mời dành cho Vàng Thị Thay" in read(client, own)
    assert "Lò Thị Mẩy" in read(client, own)
    assert client.post(f"{page}/acceptance").status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"full_name": ""}, "Họ và tên người thay: Mục này còn trống"),
        ({"full_name": "Vàng 123"}, "có chữ số"),
        ({"email": ""}, "Hãy ghi điện thoại hoặc thư điện tử của người thay"),
        ({"email": "thay@"}, "thay@"),
        ({"phone": "12"}, "12"),
    ],
)
def test_a_substitute_must_be_named_and_reachable(
    client: FlaskClient, page: str, invited: Delegate, change: dict[str, str], words: str
) -> None:
    answer = client.post(f"{page}/substitute", data=SUBSTITUTE | change)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert invited.withdrawn_at is None


def test_a_substitute_already_on_the_list_is_refused(
    client: FlaskClient, page: str, invited: Delegate, register: Register
) -> None:
    register("Vàng Thị Thay", email="thay@example.vn")
    answer = client.post(f"{page}/substitute", data=SUBSTITUTE)
    assert answer.status_code == 422
    assert "Vàng Thị Thay đã có trong danh sách" in answer.get_data(as_text=True)
    assert invited.withdrawn_at is None


def test_a_substitute_whose_address_is_another_persons_is_left_to_the_organizers(
    client: FlaskClient, page: str, world: World
) -> None:
    assert client.post(f"{page}/substitute", data=SUBSTITUTE | {"email": "stranger@example.vn"}).status_code == 303
    named = session().scalars(select(Delegate).where(Delegate.full_name == "Vàng Thị Thay")).one()
    assert named.invited_at is None
    assert [mail.recipient for mail in outbox()] == ["mot@example.vn"] * 2


ACTS = [("acceptance", {}), ("refusal", {"reason": "Bận"}), ("substitute", SUBSTITUTE)]


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_after_the_deadline_the_page_says_whom_to_call(
    client: FlaskClient, page: str, invited: Delegate, act: str, data: dict[str, str]
) -> None:
    with clock.stopped_at(datetime(2024, 7, 31, 16, 59, tzinfo=UTC)):
        assert "Hạn trả lời đã hết" not in read(client, page)
    with clock.stopped_at(datetime(2024, 7, 31, 17, 1, tzinfo=UTC)):
        text = read(client, page)
        answer = client.post(f"{page}/{act}", data=data)
    assert "Hạn trả lời đã hết ngày 31/7/2024" in text
    assert "0912345678" in text
    assert '<button class="btn btn-primary">Nhận lời' not in text
    assert answer.status_code == 422
    assert "không nhận trả lời nữa" in answer.get_data(as_text=True)
    assert session().get_one(Invitation, invited.id).answer is None


def test_an_invitation_sent_after_the_deadline_can_be_answered(
    client: FlaskClient, page: str, invited: Delegate, world: World
) -> None:
    with clock.stopped_at(datetime(2024, 8, 2, 3, tzinfo=UTC)):
        invitations.invite(invited, world.organizer.id)
        assert "06/8/2024" in read(client, page)
        assert client.post(f"{page}/acceptance").status_code == 303


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("withdrawn", "không còn trong danh sách"),
        ("cancelled", "Sự kiện đã hủy ngày 10/7/2024"),
        ("over", "Sự kiện đã diễn ra"),
    ],
)
def test_a_link_that_leads_nowhere_any_more_says_so(
    client: FlaskClient, page: str, invited: Delegate, event: Event, world: World, change: str, words: str
) -> None:
    at = datetime(2024, 7, 10, 3, tzinfo=UTC)
    if change == "withdrawn":
        service.withdraw(invited, world.organizer, "Nội bộ")
    elif change == "cancelled":
        event.cancelled_at, event.cancel_reason = clock.now(), "Bão số 3"
    else:
        at = datetime(2024, 8, 9, 3, tzinfo=UTC)
    with clock.stopped_at(at):
        text = read(client, page)
        answer = client.post(f"{page}/acceptance")
    assert words in text
    assert "Nội bộ" not in text
    assert "Nhận lời</button>" not in text
    assert answer.status_code == 422


def test_the_event_s_own_staff_is_whom_to_call(client: FlaskClient, page: str, event: Event, world: World) -> None:
    event.staff.append(EventStaff(account_id=world.instructor.id, role=StaffRole.ORGANIZER))
    session().flush()
    text = read(client, page)
    assert "Nguyễn Thị Hường" in text
    assert "Lò Thị Mẩy" not in text


def test_a_link_to_set_a_password_goes_to_the_invited_address_only(
    client: FlaskClient, page: str, invited: Delegate, world: World
) -> None:
    text = read(client, page)
    assert "m•••@example.vn" in text
    assert "mot@example.vn" not in text
    assert client.post(f"{page}/password").status_code == 303
    sent = outbox()[-1]
    assert (sent.recipient, sent.subject) == ("mot@example.vn", "[Đặt mật khẩu] Hội nghị tập huấn Lam Khê")
    link = "/password/" + sent.body.partition("http://lms.test/password/")[2].split()[0]
    assert client.post(link, data={"password": "một câu dễ nhớ"}).status_code == 303
    assert "m•••" not in read(client, page)
    assert client.post(f"{page}/password").status_code == 404


def test_password_links_are_not_mailed_without_end(client: FlaskClient, page: str) -> None:
    for _time in range(6):
        assert client.post(f"{page}/password").status_code == 303
    assert len([mail for mail in outbox() if mail.subject.startswith("[Đặt mật khẩu]")]) < 4


def test_a_link_dies_when_the_address_it_went_to_is_corrected(
    client: FlaskClient, page: str, invited: Delegate, world: World
) -> None:
    invited.person.email = "dung@example.vn"
    invitations.invite(invited, world.organizer.id)
    assert client.get(page).status_code == 404
    assert client.get(LINK + links.token_of(invited, "dung@example.vn")).status_code == 200
    password = "/password/" + outbox()[0].body.partition("http://lms.test/password/")[2].split()[0]
    assert client.get(password).status_code == 410


def test_a_cross_site_form_cannot_answer_even_over_https(app: Flask, page: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = app.test_client()
        text = browser.get(page, base_url="https://lms.test").get_data(as_text=True)
        token = text.partition('name="csrf-token" content="')[2].partition('"')[0]
        address = f"{page}/acceptance"
        own = {"Referer": f"https://lms.test{page}"}
        assert browser.post(address, base_url="https://lms.test").status_code == 400
        data = {"csrf_token": token}
        assert browser.post(address, base_url="https://lms.test", data=data, headers=own).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_guests_are_addressed_as_guests(invited: Delegate, register: Register, world: World) -> None:
    guest = register("Đỗ Khách", email="khach@example.vn", role=DelegateRole.GUEST)
    invitations.invite(guest, world.organizer.id)
    assert "Kính gửi ông/bà Đỗ Khách," in outbox()[-1].body


def test_each_delegate_s_state_is_told(
    client: FlaskClient, event: Event, invited: Delegate, page: str, register: Register, world: World
) -> None:
    event.quotas.clear()
    session().flush()
    without, unsent = register("Lý A Hai"), register("Lý A Ba", email="ba@example.vn")
    others = [register(f"Lý A {name}", email=f"{name}@example.vn") for name in ("Tư", "Năm", "Sáu", "Bảy")]
    for one in others:
        invitations.invite(one, world.organizer.id)
    declines, bounced, leaves, names = others
    addresses = {one.id: LINK + links.token_of(one, one.person.email or "") for one in others}
    session().get_one(Invitation, bounced.id).bounced_at = clock.now()
    service.withdraw(leaves, world.organizer, "Khác")
    client.post(f"{page}/acceptance")
    client.post(f"{addresses[declines.id]}/refusal", data={"reason": "Bận"})
    client.post(f"{addresses[names.id]}/substitute", data=SUBSTITUTE)
    named = session().scalars(select(Delegate).where(Delegate.replaces_id == names.id)).one()
    assert answer_lists.answer_states(event) == {
        invited.id: "accepted",
        without.id: "unaddressed",
        unsent.id: "unsent",
        declines.id: "declined",
        bounced.id: "bounced",
        names.id: "substituted",
        named.id: "unanswered",
    }
    assert answer_lists.counts(event) == {
        "invited": 5, "accepted": 1, "declined": 1, "substituted": 1, "unanswered": 1, "bounced": 1, "unsent": 1,
        "unaddressed": 1,
    }  # fmt: skip
    for state, number in answer_lists.counts(event).items():
        assert answer_lists.listed(event, state, 1).total == number
