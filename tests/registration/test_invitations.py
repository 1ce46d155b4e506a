"""Invitations: an account, a personal link, both languages; each once, through the outbox."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.core import bounces, clock, jobs
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.mail import OutboxMail, message_id
from lms.events.models import Event
from lms.registration import invitations, links, service
from lms.registration.models import Invitation
from tests.core.smtp import receiving_server
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


def test_the_mail_bears_a_link_a_deadline_and_a_calendar(world: World, event: Event, register: Register) -> None:
    event.reply_by = date(2024, 7, 31)
    delegate = register("Lý A Một", email="mot@example.vn")
    with clock.stopped_at(datetime(2024, 7, 10, 3, tzinfo=UTC)):
        invitations.invite(delegate, world.organizer.id)
    (mail,) = outbox()
    assert mail.subject == "[Mời] Hội nghị tập huấn Lam Khê, 07/8/2024, trả lời đến hết ngày 31/7"
    assert f"http://lms.test/invitations/{links.token_of(delegate, 'mot@example.vn')}" in mail.body
    assert "đến hết ngày 31/7/2024" in mail.body
    assert "Lò Thị Mẩy, 0912345678, organizer@example.vn" in mail.body
    assert "METHOD:REQUEST" in (mail.calendar or "")
    stored = session().get_one(Invitation, delegate.id)
    assert (stored.mail_id, stored.sent_count, stored.calendar_sequence) == (mail.id, 1, 0)


def test_a_refused_mail_is_shown_corrected_and_sent_again(
    app: Flask, client_of: ClientOf, world: World, open_event: Event, register: Register
) -> None:
    first, second = register("Lý A Một", email="sai@example.vn"), register("Lý A Hai", email="hai@example.vn")
    organizer = client_of(world.organizer)
    organizer.post(INVITATIONS)
    with receiving_server({b"RCPT": b"550 5.1.1 no such mailbox"}) as (address, _received):
        app.extensions["lms_settings"] = replace(app.extensions["lms_settings"], smtp_url=address)
        try:
            jobs.work_off()
        finally:
            app.extensions["lms_settings"] = replace(app.extensions["lms_settings"], smtp_url=None)
    page = organizer.get(f"{INVITATIONS}?state=bounced").get_data(as_text=True)
    assert "sai@example.vn: 550 5.1.1 no such mailbox" in page
    assert "đã được sửa thư điện tử" not in page
    nobody = organizer.post(INVITATIONS, data={"whom": "corrected"})
    assert nobody.status_code == 422
    assert "Không còn ai bị trả thư" in nobody.get_data(as_text=True)
    form = {"role": "delegate", "email": "dung@example.vn"}
    assert organizer.post(f"/events/{open_event.key}/delegates/{first.id}", data=form).status_code == 303
    assert "1 người bị trả thư đã được sửa thư điện tử" in organizer.get(INVITATIONS).get_data(as_text=True)
    begun = organizer.post(INVITATIONS, data={"whom": "corrected"})
    assert begun.status_code == 303
    jobs.work_off()
    again = outbox()[-1]
    assert again.recipient == "dung@example.vn"
    assert again.sent_at is not None
    bounced = {one.delegate_id: one.bounced_at for one in session().scalars(select(Invitation))}
    assert bounced[first.id] is None
    assert bounced[second.id] is not None


def test_a_notification_marks_the_invitation(app: Flask, world: World, event: Event, register: Register) -> None:
    delegate = register("Lý A Một", email="mot@example.vn")
    invitations.invite(delegate, world.organizer.id)
    (mail,) = outbox()
    mail.sent_at = clock.now()
    session().flush()
    bounces.mark(bounces.Report("mot@example.vn", "failed", "5.2.2", "552 mailbox full", message_id(mail.id)))
    stored = session().get_one(Invitation, delegate.id)
    assert (stored.bounce, stored.bounced_at is not None) == ("552 mailbox full", True)
    invitations.invite(delegate, world.organizer.id)
    assert (stored.bounce, stored.bounced_at) == ("", None)


def test_the_numbers_lead_to_their_lists(
    client_of: ClientOf, world: World, open_event: Event, register: Register, count_statements: Any
) -> None:
    organizer = client_of(world.organizer)
    for number in range(60):
        register(f"Lý A {['Một', 'Hai', 'Ba'][number % 3]}", email=f"m{number}@example.vn")
    organizer.post(INVITATIONS)
    jobs.work_off()
    session().execute(update(Invitation).values(answer="accepted", answered_at=clock.now()))
    session().commit()
    with count_statements() as statements:
        page = organizer.get(f"{INVITATIONS}?state=accepted&page=2").get_data(as_text=True)
    assert len(statements) < 16
    assert "51–60 trong 60 đại biểu" in page
    assert f'href="{INVITATIONS}?state=accepted" aria-current="true">60</a>' in page
    assert "Không có ai" in organizer.get(f"{INVITATIONS}?state=unanswered").get_data(as_text=True)
    assert organizer.get(f"{INVITATIONS}?state=x&page=-3").status_code == 200


def test_sending_again_from_the_list_leads_back_to_the_same_place_and_says_to_whom(
    client_of: ClientOf, world: World, open_event: Event, register: Register
) -> None:
    organizer = client_of(world.organizer)
    everyone = [register(f"Lý A {word}", email=f"m{number}@example.vn") for number, word in enumerate(["Một", "Hai"])]
    without = register("Lý A Ba")
    organizer.post(INVITATIONS)
    jobs.work_off()
    page = organizer.get(f"{INVITATIONS}?state=unanswered").get_data(as_text=True)
    assert f'action="{INVITATIONS}?state=unanswered"' in page
    there = f"{INVITATIONS}?state=unanswered&page=1"
    answer = organizer.post(there, data={"delegate": everyone[1].id})
    assert (answer.status_code, answer.location) == (303, f"{there}#list")
    page = organizer.get(answer.location).get_data(as_text=True)
    assert "Đã gửi lời mời cho Lý A Hai, về m1@example.vn." in page
    assert '<h2 id="list">Chờ trả lời</h2>' in page
    refused = organizer.post(there, data={"delegate": without.id})
    assert refused.status_code == 422
    assert '<h2 id="list">Chờ trả lời</h2>' in refused.get_data(as_text=True)


@pytest.mark.parametrize("act", ["", "/reminders", "/updates"])
def test_only_those_who_manage_the_list_invite(
    client: FlaskClient, client_of: ClientOf, world: World, event: Event, act: str
) -> None:
    assert client.post(INVITATIONS + act).location.startswith("/sign-in")
    assert client_of(world.stranger).post(INVITATIONS + act).status_code == 404
    assert client_of(world.trainee).post(INVITATIONS + act).status_code == 403


def test_a_list_corrects_the_address_only_of_an_account_without_use_or_rights(
    world: World, open_event: Event, register: Register
) -> None:
    known = register("Đặng Văn Đức", "nam-khoang", phone="0912345678")
    service.change(known, world.organizer, email="dung@example.vn")
    invitations.invite(known, world.organizer.id)
    assert (outbox()[-1].recipient, world.trainee.email) == ("dung@example.vn", "dung@example.vn")
    helper = register("Nguyễn Thị Hường", "so-lam-khe", phone="0912345678")
    assert helper.person_id == world.instructor.person_id
    with pytest.raises(RuleBroken, match="đã có tài khoản"):
        service.change(helper, world.organizer, email="khac@example.vn")
    helper.person.email = "khac@example.vn"
    invitations.invite(helper, world.organizer.id)
    assert (outbox()[-1].recipient, world.instructor.email) == ("instructor@example.vn", "instructor@example.vn")
