"""News of an event to those invited: other days, hours or place, and that it is cancelled; their calendars follow."""

from typing import Any, Final

from sqlalchemy import Select, or_, select

from lms.accounts.models import Account
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.mail import OutboxMail
from lms.events.models import Event
from lms.registration import addresses, ical, invitation_mail, policy, rounds
from lms.registration.models import Delegate, Invitation, InvitationAnswer

UPDATE_JOB: Final = "registration.update"
CANCEL_JOB: Final = "registration.cancel"


def behind(event: Event) -> int:
    """How many of those invited hold a calendar older than the event's."""
    return rounds.number_of(_behind(event))


def update_all(event: Event, actor: Account, back: str) -> jobs.Job:
    """Queue the mails to all who hold an older calendar; each gets one for each state of the event."""
    if not policy.may_invite(event):
        raise RuleBroken("Sự kiện chưa công bố hoặc đã hủy nên không gửi cập nhật.", code="not-published")
    people = session().execute(_behind(event).with_only_columns(Delegate.id, Invitation.calendar_sequence)).all()
    if not people:
        raise RuleBroken("Lịch của mọi người đã là bản mới nhất.", code="nobody")
    payload = {"event": event.id, "actor": actor.id, "back": back}
    key = rounds.key_of(f"{UPDATE_JOB}:{event.calendar_sequence}", event, people)
    return jobs.enqueue(UPDATE_JOB, payload, key=key, owner_id=actor.id)


def tell_cancelled(event: Event, actor: Account) -> None:
    """The event was cancelled: queue the mails to all who were invited and may have come."""
    if session().scalar(_untold(event).with_only_columns(Delegate.id).limit(1)) is not None:
        payload = {"event": event.id, "actor": actor.id}
        jobs.enqueue(CANCEL_JOB, payload, key=f"{CANCEL_JOB}:{event.id}", owner_id=actor.id)


def work_update(job: jobs.Job) -> jobs.Progress:
    """The job: the event as it is now, to each whose calendar is older."""
    event, actor_id = session().get_one(Event, job.payload["event"]), job.payload["actor"]
    if policy.may_invite(event):
        yield from rounds.go(lambda: _behind(event), lambda delegate: _update(delegate, actor_id))


def work_cancel(job: jobs.Job) -> jobs.Progress:
    """The job: that the event is off, once to each."""
    event = session().get_one(Event, job.payload["event"])
    if event.cancelled_at is not None:
        yield from rounds.go(lambda: _untold(event), _tell)


def _update(delegate: Delegate, actor_id: int) -> bool:
    recipient = addresses.recipient_of(delegate)
    if recipient is None:
        return False
    invitation = invitation_mail.opened(delegate, recipient)
    event, earlier = delegate.event, _held(invitation)
    accepted = invitation.answer == InvitationAnswer.ACCEPTED
    calendar = invitation_mail.calendar_for(delegate, recipient, accepted=accepted)
    gone = ical.uids(earlier) - ical.uids(calendar) if earlier else set()
    if earlier and gone:
        subject = f"[Bỏ buổi] {event.title}, {clock.short_day(event.starts_on)}"
        taken_away = ical.cancelled(earlier, event.calendar_sequence + invitation.calendar_revision, gone)
        invitation_mail.send(invitation, recipient, "removed", subject, calendar=taken_away)
    subject = f"[Cập nhật] {event.title}, {clock.short_day(event.starts_on)}"
    invitation_mail.send(invitation, recipient, "update", subject, calendar=calendar)
    audit.record("delegate.update", f"delegate:{delegate.id}", actor_id=actor_id, sequence=event.calendar_sequence)
    return True


def _tell(delegate: Delegate) -> bool:
    recipient = addresses.recipient_of(delegate)
    if recipient is None:
        return False
    invitation = invitation_mail.opened(delegate, recipient)
    event, earlier = delegate.event, _held(invitation)
    subject = f"[Hủy] {event.title}, {clock.short_day(event.starts_on)}"
    calendar = ical.cancelled(earlier, event.calendar_sequence + invitation.calendar_revision) if earlier else None
    invitation_mail.send(invitation, recipient, "cancelled", subject, calendar=calendar)
    return True


def _held(invitation: Invitation) -> str | None:
    """The calendar of the latest mail, which is what the delegate holds."""
    if invitation.mail_id is None or invitation.calendar_sequence is None:
        return None
    return session().scalar(select(OutboxMail.calendar).where(OutboxMail.id == invitation.mail_id))


def _behind(event: Event) -> Select[Any]:
    return (
        select(Delegate)
        .join(Invitation, Invitation.delegate_id == Delegate.id)
        .where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None), Invitation.bounced_at.is_(None))
        .where(Invitation.calendar_sequence < event.calendar_sequence)
    )


def _untold(event: Event) -> Select[Any]:
    return (
        select(Delegate)
        .outerjoin(Invitation, Invitation.delegate_id == Delegate.id)
        .where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None), Delegate.invited_at.is_not(None))
        .where(or_(Invitation.delegate_id.is_(None), Invitation.calendar_sequence.is_not(None)))
        .where(Invitation.bounced_at.is_(None))
    )
