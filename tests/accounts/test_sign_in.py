"""Signing in: right, wrong, too often; sessions that end; mailed links used once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import passwords, service
from lms.accounts.models import Account, SignInAttempt
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.mail import OutboxMail
from tests.world import PASSWORD, World

Browser = Callable[[Account], FlaskClient]


@pytest.fixture
def trainee(world: World) -> Account:
    world.trainee.password_hash = passwords.hashed(PASSWORD)
    session().flush()
    return world.trainee


def sign_in(client: FlaskClient, email: str, password: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def test_the_right_password_opens_the_account(trainee: Account, client: FlaskClient) -> None:
    response = sign_in(client, "Trainee@Example.vn ", PASSWORD)
    assert response.status_code == 303
    assert response.location == "/"
    assert "Đặng Văn Đức" in client.get("/account").get_data(as_text=True)


@pytest.mark.parametrize(
    ("email", "password"), [("trainee@example.vn", "sai mật khẩu"), ("nobody@example.vn", PASSWORD)]
)
def test_wrong_address_and_wrong_password_are_told_alike(
    trainee: Account, client: FlaskClient, email: str, password: str
) -> None:
    response = sign_in(client, email, password)
    assert response.status_code == 422
    assert "Thư điện tử hoặc mật khẩu chưa đúng" in response.get_data(as_text=True)
    assert client.get("/account").status_code == 303


def test_empty_fields_are_named(client: FlaskClient) -> None:
    response = client.post("/sign-in", data={})
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "Hãy điền thư điện tử" in page
    assert "Hãy điền mật khẩu" in page


def test_five_failures_lock_the_address_even_for_the_right_password(trainee: Account, client: FlaskClient) -> None:
    for _time in range(service.FAILURES_PER_EMAIL):
        sign_in(client, trainee.email, "sai")
    locked = sign_in(client, trainee.email, PASSWORD)
    assert locked.status_code == 429
    assert "Đã thử sai quá nhiều lần" in locked.get_data(as_text=True)
    with clock.stopped_at(clock.now() + service.LOCKOUT + timedelta(seconds=1)):
        assert sign_in(client, trainee.email, PASSWORD).status_code == 303


def test_a_failure_is_remembered_although_it_answers_422(trainee: Account, client: FlaskClient) -> None:
    sign_in(client, trainee.email, "sai")
    (attempt,) = session().scalars(select(SignInAttempt))
    assert (attempt.email, attempt.succeeded) == (trainee.email, False)


@pytest.mark.parametrize("target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_leads_nowhere_else(trainee: Account, client: FlaskClient, target: str) -> None:
    assert sign_in(client, trainee.email, PASSWORD, next=target).location == "/"


def test_signing_in_leads_back_to_the_page_asked_for(trainee: Account, client: FlaskClient) -> None:
    asked = client.get("/account").location
    assert asked == "/sign-in?next=/account" or "next=%2Faccount" in asked
    assert sign_in(client, trainee.email, PASSWORD, next="/account").location == "/account"


def test_a_session_does_not_outlive_signing_in_or_out(trainee: Account, client: FlaskClient) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by someone else"
    sign_in(client, trainee.email, PASSWORD)
    with client.session_transaction() as after:
        assert "planted" not in after
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").status_code == 303
    assert client.post("/sign-out").status_code == 303


def test_a_disabled_account_is_out_at_once(world: World, trainee: Account, client_of: Browser) -> None:
    browser = client_of(trainee)
    assert browser.get("/account").status_code == 200
    service.disable(trainee, world.admin)
    assert browser.get("/account").status_code == 303
    assert sign_in(browser, trainee.email, PASSWORD).status_code == 422


def test_ending_sessions_keeps_only_this_one(trainee: Account, client_of: Browser) -> None:
    here, elsewhere = client_of(trainee), client_of(trainee)
    assert here.post("/account/sessions/end").status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_changing_the_password_asks_for_the_old_one(trainee: Account, client_of: Browser) -> None:
    here, elsewhere = client_of(trainee), client_of(trainee)
    wrong = here.post("/account", data={"current": "sai", "password": "một câu dễ nhớ"})
    assert wrong.status_code == 422
    assert "Mật khẩu đang dùng chưa đúng" in wrong.get_data(as_text=True)
    short = here.post("/account", data={"current": PASSWORD, "password": "ngắn"})
    assert short.status_code == 422
    assert "ít nhất 10 ký tự" in short.get_data(as_text=True)
    assert here.post("/account", data={"current": PASSWORD, "password": "một câu dễ nhớ"}).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_a_reset_link_works_once(trainee: Account, client: FlaskClient) -> None:
    assert "Hãy xem hộp thư" in client.post("/password", data={"email": trainee.email}).get_data(as_text=True)
    mail = session().scalars(select(OutboxMail)).one()
    (path,) = re.findall(r"http://lms\.test(/password/\S+)", mail.body)
    assert "Đặng Văn Đức" in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"password": "mật khẩu hoàn toàn mới"}).status_code == 303
    assert client.get("/account").status_code == 200
    again = client.post(path, data={"password": "thêm lần nữa xem sao"})
    assert again.status_code == 410
    assert "đã hết hạn hoặc đã dùng" in again.get_data(as_text=True)


def test_asking_for_a_reset_tells_nothing_about_who_has_an_account(client: FlaskClient) -> None:
    page = client.post("/password", data={"email": "nobody@example.vn"}).get_data(as_text=True)
    assert "Hãy xem hộp thư" in page
    assert session().scalars(select(OutboxMail)).all() == []


def test_a_forged_token_is_not_found(client: FlaskClient) -> None:
    assert client.get("/password/doan-bua").status_code == 404
    assert client.post("/password/doan-bua", data={"password": "mật khẩu bất kỳ"}).status_code == 404


def test_tokens_expire(trainee: Account) -> None:
    token = service.issue_token(trainee, timedelta(hours=2))
    with clock.stopped_at(clock.now() + timedelta(hours=3)), pytest.raises(RuleBroken):
        service.get_token(token)
    with pytest.raises(NotFound):
        service.get_token(token + "x")


def test_the_form_token_is_demanded(application: Flask, trainee: Account) -> None:
    application.config["WTF_CSRF_ENABLED"] = True
    try:
        response = sign_in(application.test_client(), trainee.email, PASSWORD)
    finally:
        application.config["WTF_CSRF_ENABLED"] = False
    assert response.status_code == 400
    assert "tải lại trang" in response.get_data(as_text=True)


def test_weak_passwords_are_refused(trainee: Account) -> None:
    for weak in (trainee.email, "aaaaaaaaaaaa"):
        with pytest.raises(RuleBroken, match="quá dễ đoán"):
            service.set_password(trainee, weak)
