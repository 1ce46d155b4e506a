"""What a delegate sees: their place on the event page and their ticket."""

from collections.abc import Callable

from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.events.models import Event
from lms.quizzes import policy as quizzes_policy
from lms.registration import queries, service
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]


def test_a_delegate_finds_their_place_and_ticket(
    client_of: ClientOf, world: World, event: Event, register: Register
) -> None:
    delegate = register("Đặng Văn Đức", "nam-khoang", phone="0912345678")
    browser = client_of(world.trainee)
    page = browser.get(f"/events/{event.key}").get_data(as_text=True)
    assert "Đồng chí có trong danh sách" in page
    assert delegate.ticket in page
    picture = browser.get(f"/events/{event.key}/my-ticket.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"<script" not in picture.data
    assert b"style=" not in picture.data
    service.withdraw(delegate, None, "Bận")
    page = browser.get(f"/events/{event.key}").get_data(as_text=True)
    assert "Đồng chí đã rút khỏi danh sách" in page
    assert delegate.ticket not in page
    assert browser.get(f"/events/{event.key}/my-ticket.svg").status_code == 404


def test_others_find_none(
    client: FlaskClient, client_of: ClientOf, world: World, event: Event, register: Register
) -> None:
    register("Lý A Một")
    assert "Chỗ của đồng chí" not in client.get(f"/events/{event.key}").get_data(as_text=True)
    stranger = client_of(world.other_trainee)
    assert "Chỗ của đồng chí" not in stranger.get(f"/events/{event.key}").get_data(as_text=True)
    assert stranger.get(f"/events/{event.key}/my-ticket.svg").status_code == 404
    assert client.get(f"/events/{event.key}/my-ticket.svg").status_code == 303


def test_a_seat_is_handed_to_quizzes_as_admission(event: Event) -> None:
    assert queries.admits_to_test in quizzes_policy.admission_sources
