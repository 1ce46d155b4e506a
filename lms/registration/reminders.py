"""Reminders: before the deadline to those who have not answered, on the eve of the event to all who may come.

A job waits for each day on which an event reminds. It finds out then whether that is still the day: a deadline or an
event that was moved has put another job in its place.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from lms.accounts.models import Account
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.registration import addresses, invitation_mail, links, policy, rounds
from lms.registration.models import Delegate, Invitation, InvitationAnswer

JOB: Final = "registration.remind"
REPLY: Final = "reply"
EVE: Final = "eve"
DAYS_BEFORE: Final = ((REPLY, 3), (REPLY, 1), (EVE, 1))
"""What is reminded of, and how many days before the deadline or the event."""
HOUR: Final = time(8)
QUIET: Final = timedelta(hours=12)
"""Nobody is reminded within this time after the invitation or another reminder."""


def due_on(event: Event, kind: str, days: int) -> date | None:
    """The day of a reminder as the event stands; None where it has no deadline."""
    day = event.reply_by if kind == REPLY else event.starts_on
    return day - timedelta(days=days) if day is not None else None


def is_ahead(day: date) -> bool:
    """Whether the hour of a day's reminder is still to come."""
    return clock.at_local(day, HOUR) > clock.now()


def schedule(event: Event) -> None:
    """Let a job wait for each reminder still to come; those that wait already stay as they are."""
    for kind, days in DAYS_BEFORE:
        due = due_on(event, kind, days)
        if due is None or not is_ahead(due):
            continue
        payload = {"event": event.id, "kind": kind, "days": days, "on": due.isoformat()}
        key = f"{JOB}:{event.id}:{kind}:{days}:{due.isoformat()}"
        jobs.enqueue(JOB, payload, key=key, run_at=clock.at_local(due, HOUR))


def follow(event: Event) -> None:
    """The event was changed: where people were invited already, reminders follow the days as they are now."""
    invited = select(Delegate.id).where(Delegate.event_id == event.id, Delegate.invited_at.is_not(None)).limit(1)
    if session().scalar(invited) is not None:
        schedule(event)


def remind_all(event: Event, actor: Account, back: str) -> jobs.Job:
    """Queue a reminder to everyone who has not answered; nobody is reminded twice within some hours."""
    if not policy.may_invite(event):
        raise RuleBroken("Sự kiện chưa công bố hoặc đã hủy nên không nhắc.", code="not-published")
    people = session().execute(remindable(event).with_only_columns(Delegate.id, Invitation.reminded_at)).all()
    if not people:
        raise RuleBroken("Không còn ai cần nhắc: đã trả lời, mới nhận thư, hoặc đã hết hạn.", code="nobody")
    payload = {"event": event.id, "kind": REPLY, "actor": actor.id, "back": back}
    return jobs.enqueue(JOB, payload, key=rounds.key_of(JOB, event, people), owner_id=actor.id)


def work(job: jobs.Job) -> jobs.Progress:
    """The job: as the event and the answers stand when it runs."""
    event = session().get_one(Event, job.payload["event"])
    kind, actor_id, before = job.payload["kind"], job.payload.get("actor"), clock.now() - QUIET
    if policy.may_invite(event) and _still_due(event, job.payload):
        yield from rounds.go(lambda: _who(event, kind, before), lambda delegate: remind(delegate, kind, actor_id))


def remind(delegate: Delegate, kind: str, actor_id: int | None) -> bool:
    """Send one reminder, with the same link and the calendar as it is now; False where there is no address."""
    recipient = addresses.recipient_of(delegate)
    if recipient is None:
        return False
    invitation = invitation_mail.opened(delegate, recipient)
    accepted = invitation.answer == InvitationAnswer.ACCEPTED
    invitation.reminded_at = clock.now()
    invitation_mail.send(
        invitation,
        recipient,
        "reminder",
        _subject(invitation, kind),
        calendar=invitation_mail.calendar_for(delegate, recipient, accepted=accepted),
        eve=kind == EVE,
    )
    audit.record("delegate.remind", f"delegate:{delegate.id}", actor_id=actor_id, recipient=recipient)
    return True


def remindable(event: Event) -> Select[Any]:
    """Those who have not answered and still can, leaving out whoever was written to of late."""
    return _who(event, REPLY, clock.now() - QUIET)


def unanswered() -> ColumnElement[bool]:
    """On the list, invited, no mail came back, no answer: a condition on Delegate, left-joined Invitation."""
    return and_(
        Delegate.withdrawn_at.is_(None),
        Delegate.invited_at.is_not(None),
        Invitation.bounced_at.is_(None),
        func.coalesce(Invitation.answer, "") != InvitationAnswer.ACCEPTED,
    )


def _who(event: Event, kind: str, before: datetime) -> Select[Any]:
    accepted = and_(Delegate.withdrawn_at.is_(None), Invitation.answer == InvitationAnswer.ACCEPTED)
    statement = (
        select(Delegate)
        .outerjoin(Invitation, Invitation.delegate_id == Delegate.id)
        .where(Delegate.event_id == event.id, Delegate.invited_at < before)
        .where(or_(Invitation.reminded_at.is_(None), Invitation.reminded_at < before))
        .where(or_(unanswered(), accepted) if kind == EVE else unanswered())
    )
    today = clock.today()
    if kind == REPLY and event.reply_by is not None and today > event.reply_by:
        after = clock.at_local(event.reply_by + timedelta(days=1), time(0))
        statement = statement.where(Delegate.invited_at >= after)
    return statement if today < event.starts_on else statement.where(false())


def _still_due(event: Event, payload: dict[str, Any]) -> bool:
    """Whether a job that waited for a day waited for the right one; one that somebody asked for is always due."""
    if "on" not in payload:
        return True
    due = due_on(event, payload["kind"], payload["days"])
    return due is not None and due.isoformat() == payload["on"]


def _subject(invitation: Invitation, kind: str) -> str:
    event = invitation.delegate.event
    if kind == EVE:
        left = (event.starts_on - clock.today()).days
        when = "Ngày mai" if left == 1 else f"Ngày {invitation_mail.day_and_month(event.starts_on)}"
        return f"[Nhắc] {when}: {event.title}"
    return f"[Nhắc] Trả lời đến hết ngày {invitation_mail.day_and_month(links.last_day(invitation))}: {event.title}"
