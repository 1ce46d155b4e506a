"""A form whose session or token is gone: what was typed stays with its own person, and nobody else's hand sends it."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from lms.accounts import passwords as hashing
from lms.accounts.models import Account
from lms.core import clock, resending
from lms.core.db import session
from lms.people.models import Person
from tests.world import PASSWORD, World

HERE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
FIELDS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
Browser = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def tokens(app: Flask) -> Iterator[None]:
    """Forms need their tokens, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def browser_of(app: Flask) -> Browser:
    """A browser in which someone signed in by the form."""

    def sign_in(account: Account) -> FlaskClient:
        browser = app.test_client()
        enter(browser, account)
        return browser

    return sign_in


@pytest.fixture(autouse=True)
def passwords(world: World) -> None:
    """Everyone has the same password."""
    hashed = hashing.hashed(PASSWORD)
    for account in world.accounts.values():
        account.password_hash = hashed
    session().flush()


def token_on(browser: FlaskClient, page: str) -> str:
    return browser.get(page).get_data(as_text=True).partition('name="csrf-token" content="')[2].partition('"')[0]


def enter(browser: FlaskClient, account: Account, **more: str) -> TestResponse:
    """Sign in by the form, with whatever else stands in it."""
    data = {"csrf_token": token_on(browser, "/sign-in"), "email": account.email, "password": PASSWORD, **more}
    return browser.post("/sign-in", data=data, headers=HERE)


def hidden_fields(page: str) -> MultiDict[str, str]:
    """The fields of the form that sends again, as a browser would send them."""
    form = page.partition("<main")[2].partition("</main>")[0]
    return MultiDict([(html.unescape(name), html.unescape(value)) for name, value in FIELDS.findall(form)])


def sealed_in(page: str) -> str:
    return hidden_fields(page)["kept"]


@pytest.fixture
def form(world: World) -> str:
    """The address of a form only an administrator may send."""
    return f"/people/{world.trainee.person_id}/correction"


TYPED = {"full_name": 'Đặng Văn "Đức" <b>', "title": "", "email": "duc@example.vn", "phone": "0912 345 678"}


def test_after_the_session_is_lost_the_same_person_sends_it_by_one_button(
    browser_of: Browser, world: World, form: str
) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser.delete_cookie("lms_session", domain="localhost")
    answer = browser.post(form, data=typed, headers=HERE)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Phiên đăng nhập đã hết" in page) == (400, True)
    assert "còn giữ 3 mục đã điền" in page
    assert "0912 345 678" not in page, "what was typed is sealed while nobody is signed in"

    answer = enter(browser, world.admin, kept=sealed_in(page))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<script" not in page.partition("<main")[2], "nothing sends it but the button"
    assert session().get_one(Person, world.trainee.person_id).full_name == "Đặng Văn Đức", "nothing is sent by itself"
    assert f'action="{form}"' in page
    again = hidden_fields(page)
    assert {name: again[name] for name in TYPED} == TYPED
    assert again["csrf_token"] != typed["csrf_token"]
    assert browser.post(form, data=again, headers=HERE).status_code == 303
    assert session().get_one(Person, world.trainee.person_id).full_name == TYPED["full_name"]


def test_a_wrong_password_loses_nothing(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser.delete_cookie("lms_session", domain="localhost")
    sealed = sealed_in(browser.post(form, data=typed, headers=HERE).get_data(as_text=True))
    wrong = {"csrf_token": token_on(browser, "/sign-in"), "email": world.admin.email, "password": "sai", "kept": sealed}
    answer = browser.post("/sign-in", data=wrong)
    assert answer.status_code == 422
    assert sealed in answer.get_data(as_text=True)
    stale = {**wrong, "csrf_token": typed["csrf_token"], "password": PASSWORD}
    answer = browser.post("/sign-in", data=stale, headers=HERE)
    assert answer.status_code == 400
    assert sealed in answer.get_data(as_text=True), "even where the sign-in's own token is stale"


def test_another_person_s_sign_in_does_not_get_it(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser.delete_cookie("lms_session", domain="localhost")
    sealed = sealed_in(browser.post(form, data=typed, headers=HERE).get_data(as_text=True))
    answer = enter(browser, world.organizer, kept=sealed)
    assert (answer.status_code, answer.location) == (303, "/")
    page = browser.get("/").get_data(as_text=True)
    assert "thuộc về tài khoản khác" in page
    answer = browser.post(form, data=typed, headers=HERE)
    page = answer.get_data(as_text=True)
    assert "được mở bằng một tài khoản khác" in page, "nor while they are signed in"
    assert "0912 345 678" not in page


def test_with_a_stale_token_and_a_living_session_it_is_sent_again(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser = browser_of(world.admin)
    answer = browser.post(form, data=typed, headers=HERE)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "Gửi lại" in page
    assert "<b>" not in page.partition("<main")[2], "what was typed is escaped"
    assert browser.post(form, data=hidden_fields(page), headers=HERE).status_code == 303


def test_sessions_ended_elsewhere_lose_nothing(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    world.admin.session_epoch += 1
    session().flush()
    answer = browser.post(form, data=typed, headers=HERE)
    assert answer.status_code == 400
    assert "Phiên đăng nhập đã hết" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/localhost"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"},
    ],
)
def test_a_form_from_elsewhere_is_never_offered_for_sending(
    browser_of: Browser, world: World, form: str, headers: dict[str, str]
) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser = browser_of(world.admin)
    page = browser.post(form, data=typed, headers=headers).get_data(as_text=True)
    assert "0912 345 678" not in page
    assert "Gửi lại" not in page


def test_a_token_that_is_not_ours_or_somebody_else_s_offers_nothing(
    browser_of: Browser, world: World, form: str
) -> None:
    theirs = token_on(browser_of(world.stranger), "/account")
    browser = browser_of(world.admin)
    for token in ("", "IjEi.forged", theirs):
        page = browser.post(form, data={**TYPED, "csrf_token": token}, headers=HERE).get_data(as_text=True)
        assert "0912 345 678" not in page
        assert "Gửi lại</button>" not in page


def test_passwords_are_not_kept_and_too_much_is_not(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    token = token_on(browser, form)
    browser = browser_of(world.admin)
    secret = {"current": PASSWORD, "password": "một câu hoàn toàn mới", "csrf_token": token}
    page = browser.post("/account", data=secret, headers=HERE).get_data(as_text=True)
    assert "một câu hoàn toàn mới" not in page
    assert PASSWORD not in page
    long = {**TYPED, "title": "x" * (resending.LONGEST + 1), "csrf_token": token}
    answer = browser.post(form, data=long, headers=HERE)
    assert (answer.status_code, "xxxx" in answer.get_data(as_text=True)) == (400, False)


def test_the_kept_form_dies_after_a_day_and_cannot_be_forged(browser_of: Browser, world: World, form: str) -> None:
    browser = browser_of(world.admin)
    typed = {**TYPED, "csrf_token": token_on(browser, form)}
    browser.delete_cookie("lms_session", domain="localhost")
    sealed = sealed_in(browser.post(form, data=typed, headers=HERE).get_data(as_text=True))
    assert resending.opened(sealed, world.admin.id) is not None
    assert resending.opened(sealed[:-4] + "AAAA", world.admin.id) is None
    assert resending.opened("không phải", world.admin.id) is None
    with clock.stopped_at(clock.now() + timedelta(days=1, minutes=1)):
        assert resending.opened(sealed, world.admin.id) is None


def test_a_form_of_nobody_is_kept_where_anybody_may_send_it(client: FlaskClient, world: World) -> None:
    token = token_on(client, "/password")
    client.delete_cookie("lms_session", domain="localhost")
    answer = client.post("/password", data={"email": "ai@example.vn", "csrf_token": token}, headers=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert client.post("/password", data=hidden_fields(page), headers=HERE).status_code == 200
    answer = client.post("/sign-out", data={"csrf_token": "x"})
    assert answer.status_code == 400
