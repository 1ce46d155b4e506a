"""The mails of an invitation, in both languages with the personal link and a calendar, and what they leave noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import current_app
from sqlalchemy import select

from lms.accounts.models import Account
from lms.config import Settings
from lms.core import clock, mail
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.core.web import whole_address
from lms.events.models import EventStaff, Half, HalfDay, StaffRole
from lms.people.models import Person
from lms.registration import ical, links
from lms.registration.models import Delegate, DelegateRole, Invitation, InvitationAnswer
from lms.registration.printing import english_days, vietnamese_days

_HALVES: Final = {Half.MORNING: "Sáng", Half.AFTERNOON: "Chiều"}
_HALVES_EN: Final = {Half.MORNING: "Morning of", Half.AFTERNOON: "Afternoon of"}


@dataclass(frozen=True)
class Contact:
    """Someone of the organizers who can be called."""

    name: str
    phone: str
    email: str


def site() -> ical.Site:
    """The deployment, as calendars name it."""
    settings: Settings = current_app.extensions["lms_settings"]
    return ical.Site(settings.base_url, settings.mail_from)


def place_of(delegate: Delegate) -> str:
    """Where the delegate goes: their point, else the event's own place."""
    if delegate.point is None:
        return delegate.event.place
    return ", ".join(filter(None, [delegate.point.name, delegate.point.place]))


def calendar_for(delegate: Delegate, recipient: str, *, accepted: bool) -> str:
    """The calendar that goes to a delegate."""
    invitation = links.find_invitation(delegate)
    revision = invitation.calendar_revision or 0 if invitation is not None else 0
    attendee = ical.Attendee(delegate.full_name, recipient, accepted, revision)
    return ical.requested(delegate.event, site(), attendee, place_of(delegate))


def opened(delegate: Delegate, recipient: str) -> Invitation:
    """The delegate's invitation, its link the one for this address; made where there is none."""
    link = links.digest_of(links.token_of(delegate, recipient))
    invitation = links.find_invitation(delegate)
    if invitation is None:
        invitation = Invitation(delegate=delegate, link=link, sent_at=delegate.invited_at or clock.now(), sent_count=0)
        session().add(invitation)
    invitation.link = link
    return invitation


def send(
    invitation: Invitation, recipient: str, kind: str, subject: str, *, calendar: str | None = None, **values: Any
) -> OutboxMail:
    """Draw `registration/mail_KIND.txt`, post it, and note on the invitation which mail and calendar went last."""
    delegate = invitation.delegate
    template = current_app.jinja_env.get_template(f"registration/mail_{kind}.txt")
    body = template.render(**facts(invitation, recipient), **values)
    posted = mail.post(recipient, subject[:300], body, about=f"delegate:{delegate.id}", calendar=calendar)
    invitation.mail_id = posted.id
    if calendar is not None:
        taken_away = "\nMETHOD:CANCEL" in calendar
        invitation.calendar_sequence = None if taken_away else delegate.event.calendar_sequence
    session().flush()
    return posted


def facts(invitation: Invitation, recipient: str) -> dict[str, Any]:
    """What every mail of an invitation may say."""
    delegate = invitation.delegate
    event, until = delegate.event, links.last_day(invitation)
    return {
        "delegate": delegate,
        "you": "ông/bà" if delegate.role in {DelegateRole.GUEST, DelegateRole.PRESS} else "đồng chí",
        "event": event,
        "days": vietnamese_days(event.starts_on, event.ends_on),
        "days_en": english_days(event.starts_on, event.ends_on),
        "sessions": [f"{_HALVES[Half(one.half)]} {clock.short_day(one.on)}, {_hours(one)}" for one in event.sessions],
        "sessions_en": [
            f"{_HALVES_EN[Half(one.half)]} {english_days(one.on, one.on)}, {_hours(one)}" for one in event.sessions
        ],
        "until": clock.short_day(until),
        "until_en": english_days(until, until),
        "event_url": whole_address("events.show", key=event.key),
        "answer_url": whole_address("registration.invitation", link=links.token_of(delegate, recipient)),
        "contacts": contacts(delegate),
        "accepted": invitation.answer == InvitationAnswer.ACCEPTED,
    }


def contacts(delegate: Delegate) -> list[Contact]:
    """Whom to call: those who organize the event, else whoever sent the invitation."""
    people = select(Person).join(Account, Account.person_id == Person.id)
    staff = people.join(EventStaff, EventStaff.account_id == Account.id).where(
        EventStaff.event_id == delegate.event_id, EventStaff.role == StaffRole.ORGANIZER, Account.disabled_at.is_(None)
    )
    found: Sequence[Person] = session().scalars(staff.order_by(Person.sort_key, Person.id).limit(3)).all()
    if not found:
        sender = (
            select(AuditEntry.actor_id)
            .where(AuditEntry.subject == f"delegate:{delegate.id}", AuditEntry.actor_id.is_not(None))
            .where(AuditEntry.verb.in_(("delegate.invite", "delegate.register")))
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
        found = session().scalars(people.where(Account.id == sender.scalar_subquery())).all()
    if not found and delegate.replaces is not None:
        return contacts(delegate.replaces)
    return [Contact(one.full_name, one.phone or "", one.email or "") for one in found]


def day_and_month(day: date) -> str:
    """A day without its year: 31/7, 05/02."""
    return f"{day.day:02d}/{clock.month(day)}"


def _hours(half_day: HalfDay) -> str:
    return f"{half_day.starts_at:%H:%M}–{half_day.ends_at:%H:%M}"
