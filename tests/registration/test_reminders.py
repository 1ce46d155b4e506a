"""Reminders: on the days before the deadline and the event, as things stand then; or when an organizer asks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock, jobs
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events import service as events
from lms.events.models import Event
from lms.registration import invitations, links, reminders, service
from lms.registration.models import Delegate, Invitation, InvitationAnswer
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
PAGE = "/events/lam-khe-2024/invitations"


@pytest.fixture(autouse=True)
def _in_july() -> Iterator[None]:
    with at(2024, 7, 10):
        yield


@pytest.fixture
def invited(open_event: Event, register: Register, world: World) -> list[Delegate]:
    """Three people invited, who have to answer by the end of July."""
    open_event.reply_by = date(2024, 7, 31)
    made = [register(f"Lý A {name}", email=f"{number}@example.vn") for number, name in enumerate(("Một", "Hai", "Ba"))]
    for delegate in made:
        invitations.invite(delegate, world.organizer.id)
    session().commit()
    return made


def at(year: int, month: int, day: int, hour: int = 8) -> AbstractContextManager[None]:
    return clock.stopped_at(datetime(year, month, day, hour, tzinfo=clock.VIETNAM))


def reminded() -> list[tuple[str, str]]:
    """(recipient, subject) of the reminders in the outbox."""
    found = select(OutboxMail).where(OutboxMail.subject.startswith("[Nhắc]")).order_by(OutboxMail.id)
    return [(mail.recipient, mail.subject) for mail in session().scalars(found)]


def waiting() -> list[str]:
    """When the reminders that still wait are due, in local time."""
    found = select(jobs.Job.run_at).where(jobs.Job.kind == reminders.JOB, jobs.Job.finished_at.is_(None))
    return sorted(f"{clock.local(moment):%Y-%m-%d %H:%M}" for moment in session().scalars(found))


def answer(delegate: Delegate, given: InvitationAnswer) -> None:
    session().get_one(Invitation, delegate.id).answer = given
    session().commit()


def test_the_days_wait_once_however_many_are_invited(invited: list[Delegate]) -> None:
    assert waiting() == ["2024-07-28 08:00", "2024-07-30 08:00", "2024-08-06 08:00"]


def test_before_the_deadline_those_who_have_not_answered(invited: list[Delegate], world: World) -> None:
    answer(invited[0], InvitationAnswer.ACCEPTED)
    service.withdraw(invited[1], world.organizer, "Bận")
    session().commit()
    with at(2024, 7, 28):
        jobs.work_off()
        assert reminded() == [("2@example.vn", "[Nhắc] Trả lời đến hết ngày 31/7: Hội nghị tập huấn Lam Khê")]
    (mail,) = session().scalars(select(OutboxMail).where(OutboxMail.subject.startswith("[Nhắc]")))
    first = session().scalars(select(OutboxMail).where(OutboxMail.recipient == "2@example.vn")).first()
    link = f"http://lms.test/invitations/{links.token_of(invited[2], '2@example.vn')}"
    assert first is not None
    assert link in first.body
    assert link in mail.body
    assert "đến hết ngày 31/7/2024" in mail.body
    assert "until the end of 31 July 2024" in mail.body
    assert "METHOD:REQUEST" in (mail.calendar or "")


def test_on_the_eve_all_who_may_come(invited: list[Delegate]) -> None:
    answer(invited[0], InvitationAnswer.ACCEPTED)
    with at(2024, 8, 6):
        jobs.work_off()
    subjects = [subject for recipient, subject in reminded() if recipient == "0@example.vn"]
    assert subjects == ["[Nhắc] Ngày mai: Hội nghị tập huấn Lam Khê"]
    assert {recipient for recipient, subject in reminded() if "Ngày mai" in subject} == {
        "0@example.vn", "1@example.vn", "2@example.vn"
    }  # fmt: skip


def test_a_mail_that_came_back_is_not_followed_by_another(invited: list[Delegate]) -> None:
    session().get_one(Invitation, invited[0].id).bounced_at = clock.now()
    session().commit()
    with at(2024, 7, 28):
        jobs.work_off()
    assert [recipient for recipient, _subject in reminded()] == ["1@example.vn", "2@example.vn"]


def test_a_deadline_that_is_moved_moves_the_reminders(invited: list[Delegate], open_event: Event, world: World) -> None:
    edit(world, open_event, reply_by=date(2024, 7, 20))
    with at(2024, 7, 17):
        jobs.work_off()
        assert len(reminded()) == 3
        assert "20/7" in reminded()[0][1]
    edit(world, open_event, reply_by=date(2024, 8, 5))
    with at(2024, 7, 30):
        jobs.work_off()
        assert len(reminded()) == 3
    with at(2024, 8, 2):
        jobs.work_off()
        assert len(reminded()) == 6


def test_an_event_that_is_moved_moves_its_eve_and_one_cancelled_has_none(
    invited: list[Delegate], open_event: Event, world: World
) -> None:
    span = events.span_of(open_event)
    edit(world, open_event, starts_on=date(2024, 8, 21))
    with at(2024, 8, 6):
        jobs.work_off()
        assert not [one for one in reminded() if "Ngày mai" in one[1]]
    assert span.starts_on == date(2024, 8, 7)
    open_event.cancelled_at, open_event.cancel_reason = clock.now(), "Bão"
    session().commit()
    with at(2024, 8, 20):
        jobs.work_off()
        assert not [one for one in reminded() if "Ngày mai" in one[1]]


def test_late_workers_remind_once_and_not_after_the_end(invited: list[Delegate]) -> None:
    with at(2024, 7, 30, 9):
        jobs.work_off()
        assert len(reminded()) == 3
    with at(2024, 9, 1):
        jobs.work_off()
    assert len(reminded()) == 3
    assert waiting() == []


def test_an_organizer_reminds_whoever_has_not_answered(
    client_of: ClientOf, world: World, invited: list[Delegate]
) -> None:
    organizer = client_of(world.organizer)
    at_once = organizer.post(f"{PAGE}/reminders")
    assert at_once.status_code == 422
    assert "Không còn ai cần nhắc" in at_once.get_data(as_text=True)
    answer(invited[0], InvitationAnswer.ACCEPTED)
    with at(2024, 7, 15):
        assert "2 người chưa trả lời; mỗi người nhận một thư nhắc." in organizer.get(PAGE).get_data(as_text=True)
        begun = organizer.post(f"{PAGE}/reminders")
        assert begun.status_code == 303
        assert organizer.post(f"{PAGE}/reminders").location == begun.location
        jobs.work_off()
        assert len(reminded()) == 2
        assert organizer.post(f"{PAGE}/reminders").status_code == 422
        assert "nhắc lúc 08:00 15/7/2024" in organizer.get(f"{PAGE}?state=unanswered").get_data(as_text=True)
    with at(2024, 7, 16):
        assert organizer.post(f"{PAGE}/reminders").location != begun.location
        jobs.work_off()
    assert len(reminded()) == 4
    with at(2024, 8, 1):
        assert organizer.post(f"{PAGE}/reminders").status_code == 422


def test_the_page_says_when_the_system_reminds(client_of: ClientOf, world: World, invited: list[Delegate]) -> None:
    text = client_of(world.organizer).get(PAGE).get_data(as_text=True)
    assert "Hệ thống tự nhắc lúc 08:00:" in text
    for day in ("28/7/2024", "30/7/2024", "06/8/2024"):
        assert day in text


def edit(world: World, event: Event, *, reply_by: date | None = None, starts_on: date | None = None) -> None:
    span = events.span_of(event)
    details = events.Details(
        title=event.title,
        kind=event.kind,
        place=event.place,
        title_en=event.title_en,
        place_en=event.place_en,
        reply_by=reply_by or event.reply_by,
        hours=8,
    )
    events.edit_event(world.organizer, event, details, span.beginning_on(starts_on) if starts_on else span)
    session().commit()
