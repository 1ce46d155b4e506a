"""The register's pages."""

from collections.abc import Callable

from flask.testing import FlaskClient

from lms.accounts.models import Account
from tests.world import World

Browser = Callable[[Account], FlaskClient]


def test_the_register_of_a_day(register: World, client_of: Browser) -> None:
    browser = client_of(register.trainee)
    before = browser.get("/units/?kind=province&as_of=2024-08-07&q=ha giang").get_data(as_text=True)
    assert "Tỉnh Hà Giang" in before
    after = browser.get("/units/?kind=province&as_of=2026-01-01&q=ha giang").get_data(as_text=True)
    assert "Không có đơn vị nào khớp" in after


def test_a_unit_says_what_it_became(register: World, client_of: Browser) -> None:
    page = client_of(register.trainee).get("/units/ha-giang").get_data(as_text=True)
    assert "Tỉnh Tuyên Quang" in page
    assert "01/7/2025" in page


def test_an_unknown_unit_is_not_found(world: World, client_of: Browser) -> None:
    assert client_of(world.trainee).get("/units/khong-co").status_code == 404


def test_a_bad_day_shows_today(register: World, client_of: Browser) -> None:
    assert client_of(register.trainee).get("/units/?as_of=31/02/2024&kind=x&page=zero").status_code == 200


def test_visitors_sign_in_first(client: FlaskClient) -> None:
    response = client.get("/units/")
    assert response.status_code == 303
    assert "/sign-in" in response.location


def test_the_list_costs_the_same_however_long(register: World, client_of: Browser, count_statements: Callable) -> None:  # type: ignore[type-arg]
    browser = client_of(register.trainee)
    with count_statements() as few:
        browser.get("/units/?q=lam khe")
    with count_statements() as many:
        browser.get("/units/")
    assert len(many) == len(few)
