"""News of an event to those invited: what changed, once for each change, and that it is off; calendars follow."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock, jobs
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.events import agenda
from lms.events import service as events
from lms.events.models import Event, Half, HalfDay
from lms.registration import invitations, service
from lms.registration.models import Delegate, Invitation, InvitationAnswer
from tests.registration.conftest import Register
from tests.registration.test_reminders import edit
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
PAGE = "/events/lam-khe-2024/invitations"


@pytest.fixture(autouse=True)
def _in_july() -> Iterator[None]:
    with clock.stopped_at(datetime(2024, 7, 10, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def invited(open_event: Event, register: Register, world: World) -> list[Delegate]:
    """Three people invited to an event of two half-days; the first has accepted."""
    open_event.ends_on = date(2024, 8, 7)
    open_event.sessions = [
        HalfDay(on=date(2024, 8, 7), half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30)),
        HalfDay(on=date(2024, 8, 7), half=Half.AFTERNOON, starts_at=time(13, 30), ends_at=time(17)),
    ]
    session().flush()
    made = [register(f"Lý A {name}", email=f"{number}@example.vn") for number, name in enumerate(("Một", "Hai", "Ba"))]
    for delegate in made:
        invitations.invite(delegate, world.organizer.id)
    session().get_one(Invitation, made[0].id).answer = InvitationAnswer.ACCEPTED
    session().commit()
    return made


def sent(sign: str) -> list[OutboxMail]:
    return list(
        session().scalars(select(OutboxMail).where(OutboxMail.subject.startswith(sign)).order_by(OutboxMail.id))
    )


def entries(mail: OutboxMail) -> list[Any]:
    return list(Calendar.from_ical(mail.calendar or "").walk("VEVENT"))


def test_other_hours_go_to_all_who_may_come_once(
    client_of: ClientOf, world: World, open_event: Event, invited: list[Delegate]
) -> None:
    organizer = client_of(world.organizer)
    assert "lịch cũ" not in organizer.get(PAGE).get_data(as_text=True)
    nothing = organizer.post(f"{PAGE}/updates")
    assert nothing.status_code == 422
    assert "Lịch của mọi người đã là bản mới nhất" in nothing.get_data(as_text=True)
    service.withdraw(invited[2], world.organizer, "Bận")
    agenda.set_hours(world.organizer, open_event, open_event.sessions[0], time(7, 45), time(11))
    session().commit()
    assert "2 người còn giữ lịch cũ" in organizer.get(PAGE).get_data(as_text=True)
    assert "2 người còn giữ lịch cũ" in organizer.get("/events/lam-khe-2024/management").get_data(as_text=True)
    begun = organizer.post(f"{PAGE}/updates")
    assert begun.status_code == 303
    assert organizer.post(f"{PAGE}/updates").location == begun.location
    jobs.work_off()
    first, second = sent("[Cập nhật]")
    assert (first.recipient, second.recipient) == ("0@example.vn", "1@example.vn")
    assert first.subject == "[Cập nhật] Hội nghị tập huấn Lam Khê, 07/8/2024"
    assert "Sáng 07/8/2024, 07:45–11:00" in first.body
    assert "Morning of 7 August 2024, 07:45–11:00" in first.body
    earlier = sent("[Mời]")[0]
    assert [one["UID"] for one in entries(first)] == [one["UID"] for one in entries(earlier)]
    assert {one["SEQUENCE"] for one in entries(earlier)} == {0}
    assert {one["SEQUENCE"] for one in entries(first)} == {1}
    assert entries(first)[0]["DTSTART"].dt == datetime(2024, 8, 7, 7, 45, tzinfo=clock.VIETNAM)
    assert entries(first)[0]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert entries(second)[0]["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert organizer.post(f"{PAGE}/updates").status_code == 422
    assert "lịch cũ" not in organizer.get(PAGE).get_data(as_text=True)


def test_a_half_day_that_is_gone_leaves_the_calendars(
    client_of: ClientOf, world: World, open_event: Event, invited: list[Delegate]
) -> None:
    gone = f"half-day-{open_event.sessions[1].id}@lms.test"
    agenda.remove_half_day(world.organizer, open_event, open_event.sessions[1])
    session().commit()
    assert client_of(world.organizer).post(f"{PAGE}/updates").status_code == 303
    jobs.work_off()
    removed = sent("[Bỏ buổi]")
    assert len(removed) == 3
    assert Calendar.from_ical(removed[0].calendar or "")["METHOD"] == "CANCEL"
    assert [(one["UID"], one["SEQUENCE"], one["STATUS"]) for one in entries(removed[0])] == [(gone, 1, "CANCELLED")]
    assert len(entries(sent("[Cập nhật]")[0])) == 1


def test_what_no_calendar_shows_raises_no_sequence(world: World, open_event: Event, invited: list[Delegate]) -> None:
    edit(world, open_event, reply_by=date(2024, 7, 31))
    assert open_event.calendar_sequence == 0
    edit(world, open_event, starts_on=date(2024, 8, 14))
    assert open_event.calendar_sequence == 1
    open_event.published_at = None
    edit(world, open_event, starts_on=date(2024, 8, 15))
    assert open_event.calendar_sequence == 1


def test_a_cancelled_event_is_told_to_all_who_may_have_come(
    client_of: ClientOf, world: World, open_event: Event, invited: list[Delegate], register: Register
) -> None:
    register("Lý A Bốn", email="bon@example.vn")
    service.withdraw(invited[2], world.organizer, "Bận")
    session().commit()
    organizer = client_of(world.organizer)
    for _time in range(2):
        organizer.post("/events/lam-khe-2024/cancellation", data={"reason": "Bão số 3"})
    jobs.work_off()
    told = sent("[Hủy]")
    assert [mail.recipient for mail in told] == ["0@example.vn", "1@example.vn"]
    assert "Lý do: Bão số 3" in told[0].body
    assert "has been cancelled" in told[0].body
    assert Calendar.from_ical(told[0].calendar or "")["METHOD"] == "CANCEL"
    assert {(one["SEQUENCE"], one["STATUS"]) for one in entries(told[0])} == {(1, "CANCELLED")}
    assert [one["UID"] for one in entries(told[0])] == [one["UID"] for one in entries(sent("[Mời]")[0])]
    session().execute(jobs.Job.__table__.update().values(finished_at=None, attempts=0))
    session().commit()
    jobs.work_off()
    assert len(sent("[Hủy]")) == 2
    assert organizer.post(f"{PAGE}/updates").status_code == 422


def test_nobody_is_told_of_an_event_nobody_was_invited_to(world: World, event: Event, register: Register) -> None:
    register("Lý A Bốn", email="bon@example.vn")
    events.cancel(world.organizer, event, "Bão")
    assert session().scalars(select(jobs.Job).where(jobs.Job.kind == "registration.cancel")).all() == []
