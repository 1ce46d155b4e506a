"""Registering by the event's link, and what the personal link shows."""

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
from lms.events.models import Event, SelfRegistration
from lms.registration import invitations, notices
from lms.registration.models import Application
from tests.registration.conftest import Register, mails_to
from tests.world import World

HERE = "/events/lam-khe-2024"
PERSON = {"full_name": "Phạm S", "post": "Chánh Văn phòng", "phone": "0912 345 679", "email": "s@binh-sa.example.vn"}
RECEIVED = f"{HERE}/registration/received"


def link_to(address: str) -> str:
    """The personal link in the last mail to an address."""
    bodies = session().scalars(select(OutboxMail.body).where(OutboxMail.recipient == address).order_by(OutboxMail.id))
    return re.findall(r"http://lms.test(/registrations/\S+)", bodies.all()[-1])[0]


def test_anyone_registers_by_the_link_and_gets_a_seat(client: FlaskClient, coming: Event) -> None:
    assert "Gửi đăng ký" in client.get(f"{HERE}/registration").get_data(as_text=True)
    sent = {**PERSON, "unit": "Bình Sa", "note": "Phụ trách mảng đối ngoại"}
    first, second = (client.post(f"{HERE}/registration", data=sent) for _time in range(2))
    assert (first.status_code, first.location, second.location) == (303, RECEIVED, RECEIVED)
    page = client.get(RECEIVED).get_data(as_text=True)
    assert "Thư trả lời gửi tới s@binh-sa.example.vn" in page
    own = link_to("s@binh-sa.example.vn")
    page = client.get(own).get_data(as_text=True)
    assert "Đồng chí đã có chỗ" in page
    assert 'name="robots" content="noindex"' in page
    assert mails_to("s@binh-sa.example.vn") == ["[Đăng ký] Hội nghị tập huấn Lam Khê"]
    assert coming.seats_taken == 1

    again = client.post(f"{own}/withdrawal", follow_redirects=True)
    assert "Đã rút đăng ký" in again.get_data(as_text=True)
    assert session().scalar(select(Event.seats_taken)) == 0


def test_strangers_get_one_answer_and_the_person_a_mail(
    client: FlaskClient, app: Flask, coming: Event, register: Register, world: World
) -> None:
    """Whether somebody is on the list, has applied, or is unknown: page and address are the same, to the letter."""
    register("Lý A Một", "lam-khe", email="mot@example.vn", phone="0912345670")
    register("Lý A Hai", "lam-khe", post="Chuyên viên")
    client.post(f"{HERE}/registration", data={**PERSON, "unit": "Bình Sa"})
    asked = [
        {**PERSON, "full_name": "Vàng Chưa Ai Biết", "email": "moi@example.vn", "phone": "", "unit": "Lam Khê"},
        {**PERSON, "unit": "Bình Sa"},
        {**PERSON, "full_name": "Người Khác Hẳn", "unit": "Lam Khê"},
        {"full_name": "Lý A Một", "email": "mot@example.vn", "phone": "", "unit": "Lam Khê"},
        {"full_name": "Lý A Một", "email": "la@example.vn", "phone": "0912345670", "unit": "Lam Khê"},
        {"full_name": "Lý A Hai", "email": "hai@example.vn", "post": "Chuyên viên", "unit": "Tỉnh Lam Khê"},
    ]
    pages = set()
    for one in asked:
        browser = app.test_client()
        answer = browser.post(f"{HERE}/registration", data=one)
        assert (answer.status_code, answer.location) == (303, RECEIVED)
        page = browser.get(RECEIVED).get_data(as_text=True).replace(one["full_name"], "").replace(one["email"], "")
        pages.add(re.sub(r'content="[^"]*"|value="[^"]*"', "", page))
    assert len(pages) == 1
    assert mails_to("s@binh-sa.example.vn")[1:] == ["[Đăng ký] Hội nghị tập huấn Lam Khê: địa chỉ đã dùng"]
    assert mails_to("mot@example.vn") == ["[Đăng ký] Hội nghị tập huấn Lam Khê: đã có trong danh sách"]
    for address in ("moi@example.vn", "la@example.vn", "hai@example.vn"):
        assert mails_to(address) == ["[Đăng ký] Hội nghị tập huấn Lam Khê"], "whoever gave an address is answered there"
    doubtful = select(Application.email).where(Application.state == "requested").order_by(Application.id)
    assert session().scalars(doubtful).all() == ["la@example.vn", "hai@example.vn"], "for the organizer to look at"


def test_the_answer_without_a_registration_names_nobody(client: FlaskClient, coming: Event) -> None:
    page = client.get(RECEIVED).get_data(as_text=True)
    assert "Thư trả lời gửi tới địa chỉ đã ghi khi đăng ký." in page


def test_who_is_signed_in_and_asks_for_themselves_sees_how_it_stands(
    client_of: Callable[[Account], FlaskClient], world: World, coming: Event
) -> None:
    browser = client_of(world.trainee)
    mine = {"full_name": "Đặng Văn Đức", "unit": "Nậm Khoang", "email": "trainee@example.vn", "phone": ""}
    answer = browser.post(f"{HERE}/registration", data=mine, follow_redirects=True)
    assert "Đồng chí đã có chỗ" in answer.get_data(as_text=True)
    theirs = {**mine, "full_name": "Lý A Khác", "email": "khac@example.vn"}
    assert browser.post(f"{HERE}/registration", data=theirs).location == RECEIVED


def test_the_link_is_mailed_again_at_most_once_in_ten_minutes(client: FlaskClient, coming: Event) -> None:
    sent = {**PERSON, "unit": "Bình Sa"}
    for one in (sent, {**sent, "full_name": "PHẠM S", "email": "S@binh-sa.example.vn"}):
        client.post(f"{HERE}/registration", data=one)
    assert len(mails_to("s@binh-sa.example.vn")) == 1
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        client.post(f"{HERE}/registration", data=sent)
    assert len(mails_to("s@binh-sa.example.vn")) == 2


def test_who_is_late_waits_and_sees_their_place(client: FlaskClient, coming: Event, register: Register) -> None:
    register("Lý A Một", "binh-sa")
    client.post(f"{HERE}/registration", data={**PERSON, "unit": "Tỉnh Bình Sa"})
    own = link_to("s@binh-sa.example.vn")
    assert "Chờ chỗ, thứ 1" in client.get(own).get_data(as_text=True)
    client.post(f"{own}/withdrawal")
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
