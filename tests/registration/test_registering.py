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
from lms.events.models import Event, SelfRegistration
from lms.registration import invitations, notices
from lms.registration.models import Application
from tests.registration.conftest import Register, mails_to
from tests.world import World

HERE = "/events/lam-khe-2024"
PERSON = {"full_name": "Phạm S", "post": "Chánh Văn phòng", "phone": "0912 345 679", "email": "s@binh-sa.example.vn"}


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
