"""Invitations: an account, a personal link, both languages; each once, through the outbox."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.core import jobs
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events.models import Event
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
INVITATIONS = "/events/lam-khe-2024/invitations"


def outbox() -> list[OutboxMail]:
    return list(session().scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_everyone_with_an_address_is_invited_once(
    client_of: ClientOf, world: World, open_event: Event, register: Register
) -> None:
    new = register("Lý A Một", email="mot@example.vn")
    without = register("Lý A Hai")
    taken = register("Lý A Ba", email=world.other_trainee.email)
    gone = register("Lý A Bốn", email="bon@example.vn")
    gone.withdrawn_at = gone.registered_at
    world.trainee.password_hash = "set already"
    known = register("Đặng Văn Đức", "nam-khoang", phone="0912345678")
    organizer = client_of(world.organizer)
    page = organizer.get(INVITATIONS).get_data(as_text=True)
    assert "Gửi lời mời cho 3 người" in page
    assert "Lý A Hai" in page
    assert outbox() == []
    answer = organizer.post(INVITATIONS)
    assert answer.status_code == 303
    assert organizer.post(INVITATIONS).location == answer.location
    jobs.run_here(session().get_one(jobs.Job, answer.location.rpartition("/")[2]))
    assert [(mail.recipient, mail.about) for mail in outbox()] == [
        ("mot@example.vn", f"delegate:{new.id}"),
        (world.trainee.email, f"delegate:{known.id}"),
    ]
    first, second = outbox()
    assert first.subject == "[Mời] Hội nghị tập huấn Lam Khê, 07/8/2024"
    for words in (
        "Kính gửi đồng chí Lý A Một,",
        "Từ ngày 07/8/2024 đến ngày 08/8/2024",
        "Hội trường tỉnh, Lam Khê",
        "Dear Lý A Một,",
        "Lam Khê training conference",
        "7 August 2024 to 8 August 2024",
        "Provincial hall, Lam Khê",
        "http://lms.test/events/lam-khe-2024",
        "http://lms.test/password/",
        new.ticket,
    ):
        assert words in first.body, words
    assert "/password/" not in second.body
    assert new.invited_at
    assert known.invited_at
    assert not (without.invited_at)
    assert not (taken.invited_at)
    assert not (gone.invited_at)


def test_the_link_sets_a_password_and_the_account_sees_the_ticket(
    client: FlaskClient, client_of: ClientOf, world: World, event: Event, register: Register
) -> None:
    delegate = register("Lý A Một", email="mot@example.vn")
    answer = client_of(world.organizer).post(INVITATIONS, data={"delegate": delegate.id})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/delegates/{delegate.id}")
    (mail,) = outbox()
    token = mail.body.partition("http://lms.test/password/")[2].split()[0]
    account = accounts.get_token(token).account
    assert (account.email, account.person_id) == ("mot@example.vn", delegate.person_id)
    assert delegate.ticket in client_of(account).get(f"/events/{event.key}").get_data(as_text=True)


def test_one_can_be_invited_again_and_refusals_are_told(
    client_of: ClientOf, world: World, event: Event, register: Register
) -> None:
    organizer = client_of(world.organizer)
    invited, without = register("Lý A Một", email="mot@example.vn"), register("Lý A Hai")
    for _time in range(2):
        assert organizer.post(INVITATIONS, data={"delegate": invited.id}).status_code == 303
    assert len(outbox()) == 2
    refused = organizer.post(INVITATIONS, data={"delegate": without.id})
    assert refused.status_code == 422
    assert "Lý A Hai chưa có thư điện tử" in refused.get_data(as_text=True)
    assert organizer.post(INVITATIONS, data={"delegate": 0}).status_code == 404
    nobody = organizer.post(INVITATIONS)
    assert nobody.status_code == 422
    assert "Không còn ai" in nobody.get_data(as_text=True)


def test_nobody_is_invited_to_a_draft(client_of: ClientOf, world: World, event: Event, register: Register) -> None:
    delegate = register("Lý A Một", email="mot@example.vn")
    event.published_at = None
    organizer = client_of(world.organizer)
    assert "Lời mời gửi khi sự kiện đã công bố" in organizer.get(INVITATIONS).get_data(as_text=True)
    for data in ({}, {"delegate": delegate.id}):
        answer = organizer.post(INVITATIONS, data=data)
        assert answer.status_code == 422
        assert "Sự kiện chưa công bố" in answer.get_data(as_text=True)
    assert outbox() == []
