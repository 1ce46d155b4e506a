"""The pages about seats: registering by link, a unit's page, the waiting list, focal points."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core import clock, tokens
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events import service as events
from lms.events.models import Event, PointQuota, Quota, SelfRegistration
from lms.events.signals import event_published
from lms.registration import applications, focal_points, invitations, notices, service
from lms.registration.models import Application, Delegate, FocalPoint, SeatRequest
from lms.registration.service import Candidate
from tests.registration.conftest import Register
from tests.world import World

HERE = "/events/lam-khe-2024"
UNIT = f"{HERE}/units/binh-sa"
PERSON = {"full_name": "Phạm S", "post": "Chánh Văn phòng", "phone": "0912 345 679", "email": "s@binh-sa.example.vn"}


@pytest.fixture
def focal(coming: Event, world: World) -> Account:
    """Bình Sa's focal point: someone with no role at all."""
    unit = world.units["binh-sa"]
    return focal_points.name(coming, unit, "Bùi Thị Ngọc Ánh", "other_trainee@example.vn", world.organizer).account


def mails_to(address: str) -> list[str]:
    return list(session().scalars(select(OutboxMail.subject).where(OutboxMail.recipient == address)))


def test_anyone_registers_by_the_link_and_gets_a_seat(client: FlaskClient, coming: Event) -> None:
    assert "Gửi đăng ký" in client.get(f"{HERE}/registration").get_data(as_text=True)
    sent = {**PERSON, "unit": "Bình Sa", "note": "Phụ trách mảng đối ngoại"}
    first, second = (client.post(f"{HERE}/registration", data=sent) for _time in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    page = client.get(first.location).get_data(as_text=True)
    assert "Đồng chí đã có chỗ" in page
    assert 'name="robots" content="noindex"' in page
    assert mails_to("s@binh-sa.example.vn") == ["[Đăng ký] Hội nghị tập huấn Lam Khê"]
    assert coming.seats_taken == 1

    again = client.post(f"{first.location}/withdrawal", follow_redirects=True)
    assert "Đã rút đăng ký" in again.get_data(as_text=True)
    assert session().scalar(select(Event.seats_taken)) == 0


def test_the_personal_link_goes_to_the_address_and_to_no_one_else(
    client: FlaskClient, app: Flask, coming: Event
) -> None:
    sent = {**PERSON, "unit": "Bình Sa"}
    client.post(f"{HERE}/registration", data=sent)
    other = app.test_client()
    answer = other.post(f"{HERE}/registration", data={**sent, "full_name": "PHẠM S", "email": "S@binh-sa.example.vn"})
    assert answer.location.endswith("/registration")
    assert "Liên kết riêng đã gửi về s@binh-sa.example.vn" in other.get(answer.location).get_data(as_text=True)
    assert len(mails_to("s@binh-sa.example.vn")) == 1, "the link was mailed within ten minutes"
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        other.post(f"{HERE}/registration", data=sent)
    assert len(mails_to("s@binh-sa.example.vn")) == 2


def test_who_is_late_waits_and_sees_their_place(client: FlaskClient, coming: Event, register: Register) -> None:
    register("Lý A Một", "binh-sa")
    answer = client.post(f"{HERE}/registration", data={**PERSON, "unit": "Tỉnh Bình Sa"})
    page = client.get(answer.location).get_data(as_text=True)
    assert "Chờ chỗ, thứ 1" in page
    client.post(f"{answer.location}/withdrawal")
    assert session().scalar(select(Application.state)) == "withdrawn"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"full_name": ""}, "Họ và tên"),
        ({"unit": "Sở Không Có Thật"}, "Sở Không Có Thật"),
        ({"email": "s@"}, "chưa đúng dạng"),
        ({"phone": "12345"}, "12345"),
    ],
)
def test_a_wrong_registration_is_refused_by_name_of_the_field(
    client: FlaskClient, coming: Event, changed: dict[str, str], message: str
) -> None:
    answer = client.post(f"{HERE}/registration", data={**PERSON, "unit": "Bình Sa", **changed})
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert session().scalar(select(func.count()).select_from(Application)) == 0


def test_a_closed_event_says_so_and_takes_nobody(client: FlaskClient, coming: Event) -> None:
    coming.self_registration = SelfRegistration.CLOSED
    session().flush()
    assert "không nhận tự đăng ký" in client.get(f"{HERE}/registration").get_data(as_text=True)
    assert client.post(f"{HERE}/registration", data={**PERSON, "unit": "Bình Sa"}).status_code == 422


def test_a_forged_link_is_not_found(client: FlaskClient, coming: Event) -> None:
    for token in ("x", tokens.signed("another-purpose", 1), tokens.signed(notices.APPLICATION, 10**6)):
        assert client.get(f"/registrations/{token}").status_code == 404
        assert client.post(f"/registrations/{token}/withdrawal").status_code == 404


def test_who_is_signed_in_finds_their_name(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    page = client_of(world.trainee).get(f"{HERE}/registration").get_data(as_text=True)
    assert 'value="Đặng Văn Đức"' in page
    shown = client_of(world.trainee).get(HERE).get_data(as_text=True)
    assert f'href="{HERE}/registration"' in shown


def test_a_focal_point_fills_the_units_seats(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event
) -> None:
    browser = client_of(focal)
    assert "0/1 chỗ đã có người" in browser.get(UNIT).get_data(as_text=True)
    page = browser.post(f"{UNIT}/delegates", data=PERSON, follow_redirects=True).get_data(as_text=True)
    assert "Đã ghi Phạm S vào danh sách" in page
    page = browser.post(f"{UNIT}/delegates", data={"full_name": "Lý A Hai"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "Đơn vị đã dùng hết 1 chỗ; Lý A Hai vào danh sách chờ, thứ 1." in page
    wrong = browser.post(f"{UNIT}/delegates", data={"full_name": ""})
    assert (wrong.status_code, "Họ và tên" in wrong.get_data(as_text=True)) == (422, True)
    other = browser.post(f"{UNIT}/delegates", data={"full_name": "Lý A Ba", "unit": "Xã Nậm Khoang"})
    assert (other.status_code, "không thuộc" in other.get_data(as_text=True)) == (422, True)


def test_a_focal_point_substitutes_and_withdraws(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event, register: Register
) -> None:
    browser, delegate = client_of(focal), register("Lý A Một", "binh-sa")
    there = f"{UNIT}/delegates/{delegate.id}"
    assert "Cử người thay Lý A Một" in browser.get(f"{there}/substitute").get_data(as_text=True)
    assert browser.post(f"{there}/substitute", data={"full_name": ""}).status_code == 422
    page = browser.post(
        f"{there}/substitute", data={"full_name": "Phạm S", "reason": "Đi công tác"}, follow_redirects=True
    )
    assert "Đã cử Phạm S thay Lý A Một" in page.get_data(as_text=True)
    named = session().scalars(select(Delegate).where(Delegate.full_name == "Phạm S")).one()
    there = f"{UNIT}/delegates/{named.id}"
    assert browser.post(f"{there}/withdrawal", data={"reason": ""}).status_code == 422
    page = browser.post(f"{there}/withdrawal", data={"reason": "Bận việc"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "Đã rút Phạm S khỏi danh sách" in page
    assert "Đi công tác" in page


def test_who_comes_for_someone_invited_is_invited(
    client_of: Callable[[Account], FlaskClient], focal: Account, register: Register, world: World
) -> None:
    delegate = register("Lý A Một", "binh-sa", email="mot@binh-sa.example.vn")
    invitations.invite(delegate, world.organizer.id)
    client_of(focal).post(f"{UNIT}/delegates/{delegate.id}/substitute", data=PERSON)
    named = session().scalars(select(Delegate).where(Delegate.full_name == "Phạm S")).one()
    assert named.invited_at is not None
    assert mails_to("s@binh-sa.example.vn")[0].startswith("[Mời] Hội nghị tập huấn Lam Khê")


def test_a_focal_point_asks_and_the_organizer_answers(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    browser, organizer = client_of(focal), client_of(world.organizer)
    assert browser.post(f"{UNIT}/requests", data={"seats": "0", "reason": "x"}).status_code == 422
    browser.post(f"{UNIT}/requests", data={"seats": "2", "reason": "Có hai cán bộ mới"})
    request = session().scalars(select(SeatRequest)).one()
    assert "Có hai cán bộ mới" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    answer = f"{HERE}/seat-requests/{request.id}/answer"
    assert organizer.post(answer, data={"granted": "nhiều"}).status_code == 422
    more = organizer.post(answer, data={"granted": "3", "answer": "Đồng ý"})
    assert (more.status_code, "chỉ giao được từ 0 đến 2" in more.get_data(as_text=True)) == (422, True)
    refused = organizer.post(answer, data={"granted": "0", "answer": ""})
    assert (refused.status_code, "Chưa ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    organizer.post(answer, data={"granted": "2", "answer": "Đồng ý"})
    assert session().get_one(Quota, (coming.id, world.units["binh-sa"].id)).seats == 3
    assert "Được thêm 2 chỗ" in browser.get(UNIT).get_data(as_text=True)
    assert "giao thêm 2 (Đồng ý)" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    assert "[Trả lời xin thêm chỗ] Hội nghị tập huấn Lam Khê" in mails_to("other_trainee@example.vn")


def test_a_focal_point_sees_no_other_units_page(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, client: FlaskClient, register: Register
) -> None:
    other = register("Lý A Một", "lam-khe")
    assert client_of(focal).get(f"{HERE}/units/lam-khe").status_code == 404
    assert client_of(focal).get(f"{UNIT}/delegates/{other.id}/substitute").status_code == 404
    assert client_of(focal).get(f"{HERE}/delegates").status_code == 403
    assert client_of(world.trainee).get(UNIT).status_code == 403
    assert client_of(world.stranger).get(UNIT).status_code == 404
    assert client_of(world.organizer).get(UNIT).status_code == 200
    assert client.get(UNIT).status_code == 303


def test_after_the_deadline_the_page_adds_nobody_but_still_changes(
    client_of: Callable[[Account], FlaskClient], focal: Account, coming: Event, register: Register
) -> None:
    register("Lý A Một", "binh-sa")
    coming.reply_by = clock.today() - timedelta(days=1)
    session().flush()
    page = client_of(focal).get(UNIT).get_data(as_text=True)
    assert "Đã hết hạn gửi danh sách" in page
    assert "Cử người thay" in page
    assert client_of(focal).post(f"{UNIT}/delegates", data=PERSON).status_code == 422
    coming.starts_on = coming.ends_on = clock.today() - timedelta(days=1)
    session().flush()
    assert "Cử người thay" not in client_of(focal).get(UNIT).get_data(as_text=True)
    assert client_of(focal).post(f"{UNIT}/requests", data={"seats": "1", "reason": "Thêm"}).status_code == 422


def test_the_organizer_approves_or_refuses_and_names_focal_points(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    coming.self_registration = SelfRegistration.APPROVAL
    asked = [
        applications.ask(coming, Candidate(name, world.units["binh-sa"], email=f"{number}@example.vn"))
        for number, name in enumerate(("Phạm S", "Vàng A Chứ"))
    ]
    organizer = client_of(world.organizer)
    there = [f"{HERE}/applications/{one.id}" for one in asked]
    page = organizer.post(f"{there[0]}/approval", follow_redirects=True).get_data(as_text=True)
    assert "Đã ghi Phạm S vào danh sách" in page
    assert organizer.post(f"{there[1]}/refusal", data={"reason": " "}).status_code == 422
    organizer.post(f"{there[1]}/refusal", data={"reason": "Không thuộc đối tượng"})
    assert session().scalar(select(Application.answer).where(Application.id == asked[1].id)) == "Không thuộc đối tượng"

    named = {"unit": "Bình Sa", "full_name": "Trịnh Văn Mới", "email": "moi@binh-sa.example.vn"}
    page = organizer.post(f"{HERE}/focal-points", data=named, follow_redirects=True).get_data(as_text=True)
    assert "Trịnh Văn Mới là đầu mối của Tỉnh Bình Sa" in page
    organizer.post(f"{HERE}/focal-points", data=named)
    assert mails_to("moi@binh-sa.example.vn") == ["[Đầu mối] Hội nghị tập huấn Lam Khê"]
    other = organizer.post(f"{HERE}/focal-points", data={**named, "full_name": "Người Khác"})
    assert (other.status_code, "là của Trịnh Văn Mới" in other.get_data(as_text=True)) == (422, True)
    without = organizer.post(f"{HERE}/focal-points", data={**named, "unit": "Bộ Thử nghiệm"})
    assert (without.status_code, "chưa có chỉ tiêu" in without.get_data(as_text=True)) == (422, True)
    one = session().scalars(select(FocalPoint)).one()
    organizer.post(f"{HERE}/focal-points/{one.unit_id}/{one.account_id}/removal")
    assert session().scalars(select(FocalPoint)).all() == []


def test_focal_points_are_copied_from_an_earlier_event(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    day = clock.today() + timedelta(days=90)
    later = Event(
        key="lan-sau", unit=coming.unit, kind=coming.kind, title="Lần sau", place="Lam Khê", starts_on=day, ends_on=day,
        quotas=[Quota(unit=world.units["binh-sa"], seats=2)],
    )  # fmt: skip
    session().add(later)
    session().flush()
    organizer = client_of(world.organizer)
    assert "lam-khe-2024" in organizer.get("/events/lan-sau/focal-points").get_data(as_text=True)
    organizer.post("/events/lan-sau/focal-points/copies", data={"earlier": "lam-khe-2024"})
    named = select(FocalPoint.account_id).where(FocalPoint.event_id == later.id)
    assert session().scalars(named).all() == [focal.id]


def test_left_over_seats_are_given_by_a_button_after_the_deadline(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    register("Lý A Một", "binh-sa")
    waits = applications.ask(coming, Candidate("Phạm S", world.units["binh-sa"], email="s@example.vn"))
    organizer = client_of(world.organizer)
    page = organizer.post(f"{HERE}/waiting-list/promotion", follow_redirects=True).get_data(as_text=True)
    assert "Chưa có chỗ nào trao được theo quy tắc." in page
    coming.reply_by = clock.today() - timedelta(days=1)
    session().flush()
    assert "Trao chỗ còn trống" in organizer.get(f"{HERE}/waiting-list").get_data(as_text=True)
    page = organizer.post(f"{HERE}/waiting-list/promotion", follow_redirects=True).get_data(as_text=True)
    assert "Đã trao 1 chỗ." in page
    assert session().scalar(select(Application.state).where(Application.id == waits.id)) == "seated"


def test_seats_in_all_and_shares_are_set_on_the_quota_pages(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    organizer, unit, point = client_of(world.organizer), world.units["lam-khe"], coming.points[0]
    register("Lý A Một", "binh-sa")
    answer = organizer.post(f"{HERE}/seats", data={"limit": "0", "self_registration": "open"})
    assert answer.status_code == 422
    organizer.post(f"{HERE}/seats", data={"limit": "9", "self_registration": "approval"})
    assert session().execute(select(Event.seats, Event.self_registration)).one() == (9, "approval")
    shares = f"{HERE}/quotas/{unit.id}"
    assert "Tổng cộng 3 chỗ" in organizer.get(shares).get_data(as_text=True)
    wrong = organizer.post(shares, data={f"seats-{point.id}": "4"})
    assert (wrong.status_code, "cộng lại là 4 chỗ" in wrong.get_data(as_text=True)) == (422, True)
    organizer.post(shares, data={f"seats-{point.id}": "3"})
    assert session().scalar(select(PointQuota.seats)) == 3
    fewer = organizer.post(f"{HERE}/quotas", data={f"seats-{unit.id}": "2", f"seats-{world.units['binh-sa'].id}": "1"})
    assert (fewer.status_code, "đã chia 3 chỗ theo điểm cầu" in fewer.get_data(as_text=True)) == (422, True)


def test_the_delegates_page_tells_who_came_in_whose_place(
    client_of: Callable[[Account], FlaskClient], world: World, event: Event, register: Register
) -> None:
    delegate = register("Lý A Một", "binh-sa")
    named = service.substitute(delegate, Candidate("Phạm S", world.units["binh-sa"]), world.organizer, "Đi công tác")
    organizer = client_of(world.organizer)
    assert "Người thay:" in organizer.get(f"{HERE}/delegates/{delegate.id}").get_data(as_text=True)
    assert "Được cử thay:" in organizer.get(f"{HERE}/delegates/{named.id}").get_data(as_text=True)


def test_the_front_pages_show_what_to_fill_and_what_to_answer(
    client_of: Callable[[Account], FlaskClient], focal: Account, world: World, coming: Event
) -> None:
    page = client_of(focal).get("/").get_data(as_text=True)
    assert f'href="{UNIT}"' in page
    assert "0/1 chỗ" in page
    focal_points.ask_for_seats(coming, world.units["binh-sa"], 2, "Có thêm cán bộ", focal)
    page = client_of(world.organizer).get("/").get_data(as_text=True)
    assert "1 việc chờ trả lời" in page
    assert f'href="{UNIT}"' not in page


def test_the_focal_points_of_a_draft_hear_when_it_is_published_and_of_the_end(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    coming.published_at = None
    session().flush()
    organizer = client_of(world.organizer)
    named = {"unit": "Bình Sa", "full_name": "Trịnh Văn Mới", "email": "moi@binh-sa.example.vn"}
    page = organizer.post(f"{HERE}/focal-points", data=named, follow_redirects=True).get_data(as_text=True)
    assert "thư gửi khi công bố sự kiện" in page
    assert mails_to("moi@binh-sa.example.vn") == []
    published(coming, world)
    assert mails_to("moi@binh-sa.example.vn") == ["[Đầu mối] Hội nghị tập huấn Lam Khê"]
    applications.ask(coming, Candidate("Lý A Một", world.units["bo-thu"], email="mot@example.vn"))
    organizer.post(f"{HERE}/cancellation", data={"reason": "Lũ quét"})
    assert mails_to("moi@binh-sa.example.vn")[-1] == "[Đã hủy] Hội nghị tập huấn Lam Khê"
    assert mails_to("mot@example.vn")[-1] == "[Đã hủy] Hội nghị tập huấn Lam Khê"
    assert "Cử đầu mối" not in organizer.get(f"{HERE}/focal-points").get_data(as_text=True)
    assert "Lũ quét" in organizer.get(f"{HERE}/registration").get_data(as_text=True)
    assert organizer.get(f"{HERE}/delegates/new").location.endswith("/delegates")


def published(event: Event, world: World) -> None:
    """The draft made public, whatever it lacks."""
    events.freeze_posts(event)
    event.published_at = clock.now()
    session().flush()
    event_published.send(event)


def test_withdrawing_says_who_got_the_seat(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    delegate = register("Lý A Một", "binh-sa")
    applications.ask(coming, Candidate("Phạm S", world.units["binh-sa"], email="s@example.vn"))
    there = f"{HERE}/delegates/{delegate.id}/withdrawal"
    page = client_of(world.organizer).post(there, data={"reason": "Bận việc"}, follow_redirects=True)
    assert "Chỗ này đã trao cho người đang chờ: Phạm S." in page.get_data(as_text=True)


def test_an_invited_delegate_who_is_signed_in_is_led_to_the_answer(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register, app: Flask
) -> None:
    delegate = register("Đặng Văn Đức", "lam-khe", email="trainee@example.vn", phone="0912345678")
    assert delegate.person_id == world.trainee.person_id
    invitations.invite(delegate, world.organizer.id)
    page = client_of(world.trainee).get(HERE).get_data(as_text=True)
    found = re.search(r'href="(/invitations/[^"]+)">Nhận lời hoặc từ chối', page)
    assert found
    assert "Nhận lời" in app.test_client().get(found[1]).get_data(as_text=True)
    app.test_client().post(f"{found[1]}/acceptance")
    assert "Nhận lời hoặc từ chối" not in client_of(world.trainee).get(HERE).get_data(as_text=True)


def test_a_name_or_a_unit_written_wrongly_is_put_right(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    delegate = register("Vàng A Chư", "nam-khoang")
    organizer, there = client_of(world.organizer), f"{HERE}/delegates/{delegate.id}"
    organizer.post(f"{there}/correction", data={"full_name": "Vàng A Chứ", "unit": "Tỉnh Bình Sa"})
    found = session().execute(select(Delegate.full_name, Delegate.unit_id, Delegate.quota_unit_id)).one()
    unit_id = world.units["binh-sa"].id
    assert tuple(found) == ("Vàng A Chứ", unit_id, unit_id)
    assert session().get_one(Quota, (coming.id, unit_id)).taken == 1
    assert "Vàng A Chư → Vàng A Chứ" in organizer.get(there).get_data(as_text=True)
    assert organizer.post(f"{there}/correction", data={"full_name": "", "unit": "Sở Lạ"}).status_code == 422
    full = register("Lý A Một", "lam-khe")
    answer = organizer.post(f"{HERE}/delegates/{full.id}/correction", data={"full_name": "Lý A Một", "unit": "Bình Sa"})
    assert (answer.status_code, "đã dùng hết 1 chỗ" in answer.get_data(as_text=True)) == (422, True)


def test_the_name_of_someone_who_signs_in_is_not_a_lists_to_change(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event, register: Register
) -> None:
    world.trainee.password_hash = "x"
    delegate = register("Đặng Văn Đức", "lam-khe", email="trainee@example.vn")
    sent = {"full_name": "Đặng Văn Đực", "unit": "Lam Khê"}
    answer = client_of(world.organizer).post(f"{HERE}/delegates/{delegate.id}/correction", data=sent)
    assert (answer.status_code, "đã có tài khoản" in answer.get_data(as_text=True)) == (422, True)
