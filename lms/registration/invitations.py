"""Invitations: a mail in both languages with a personal link and a calendar, through the outbox; many by a job."""

from typing import Any, Final

from sqlalchemy import Select, func, select

from lms.accounts.models import Account
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.mail import OutboxMail
from lms.core.web import whole_address
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import addresses, invitation_mail, links, policy, reminders, rounds
from lms.registration.models import Delegate, Invitation, InvitationAnswer

JOB: Final = "registration.invite"
UNINVITED: Final = "uninvited"
CORRECTED: Final = "corrected"
"""Whom a job invites: those who were not yet, or those whose address was corrected after a mail came back."""
_NOBODY: Final = {
    UNINVITED: N_("Không còn ai có thư điện tử mà chưa được mời."),
    CORRECTED: N_("Không còn ai bị trả thư mà đã sửa thư điện tử."),
}


def invite(delegate: Delegate, actor_id: int | None) -> None:
    """Mail one delegate their invitation; who has no password yet gets an account and a link to set one.

    Raises RuleBroken: withdrawn, no address ("no-email"), an address of someone else's account ("email-taken"), or an
    event that is not public.
    """
    _invite(delegate, actor_id)
    reminders.schedule(delegate.event)


def invite_all(event: Event, actor: Account, back: str, whom: str = UNINVITED) -> jobs.Job:
    """Queue the mails to all who wait for one and have an address; asked again for the same people it is one job."""
    if not policy.may_invite(event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    people = session().execute(_waiting(event.id, whom).with_only_columns(Delegate.id, Person.email)).all()
    if not people:
        raise RuleBroken(_NOBODY[whom], code="nobody")
    payload = {"event": event.id, "actor": actor.id, "back": back, "whom": whom}
    return jobs.enqueue(JOB, payload, key=rounds.key_of(JOB, event, people), owner_id=actor.id)


def work(job: jobs.Job) -> jobs.Progress:
    """The job: each delegate once; one that cannot be invited is passed over."""
    event_id, actor_id = job.payload["event"], job.payload["actor"]
    whom = job.payload.get("whom", UNINVITED)
    reminders.schedule(session().get_one(Event, event_id))

    def act(delegate: Delegate) -> bool:
        try:
            with session().begin_nested():
                _invite(delegate, actor_id)
        except RuleBroken:
            return False
        return True

    yield from rounds.go(lambda: _waiting(event_id, whom), act)


def corrected(event: Event) -> int:
    """How many mails came back whose address has been corrected since."""
    return rounds.number_of(_waiting(event.id, CORRECTED))


def note_return(mail: OutboxMail, words: str) -> None:
    """A mail was refused or came back: the invitation it was the latest mail of says so."""
    invitation = session().scalar(select(Invitation).where(Invitation.mail_id == mail.id))
    if invitation is not None:
        invitation.bounced_at, invitation.bounce = clock.now(), words[:500]


def _invite(delegate: Delegate, actor_id: int | None) -> None:
    recipient, token = _recipient(delegate)
    invitation = invitation_mail.opened(delegate, recipient)
    moment = clock.now()
    if delegate.invited_at is None or invitation.answer != InvitationAnswer.ACCEPTED:
        invitation.answer = invitation.answered_at = None
        invitation.reason = ""
    invitation.sent_at, invitation.sent_count = moment, invitation.sent_count + 1
    invitation.bounced_at, invitation.bounce = None, ""
    delegate.invited_at = moment
    accepted = invitation.answer == InvitationAnswer.ACCEPTED
    invitation_mail.send(
        invitation,
        recipient,
        "invitation",
        _subject(invitation),
        calendar=invitation_mail.calendar_for(delegate, recipient, accepted=accepted),
        password_url=whole_address("accounts.password", token=token) if token else None,
    )
    audit.record("delegate.invite", f"delegate:{delegate.id}", actor_id=actor_id, recipient=recipient)


def _subject(invitation: Invitation) -> str:
    event = invitation.delegate.event
    subject = f"[Mời] {event.title}, {invitation_mail.full_day(event.starts_on)}"
    if event.reply_by is None:
        return subject
    return f"{subject}, trả lời trước {invitation_mail.short_day(links.last_day(invitation))}"


def _recipient(delegate: Delegate) -> tuple[str, str | None]:
    """The address to write to and, for someone who has no password yet, a token to set one."""
    if delegate.withdrawn_at is not None:
        raise RuleBroken("%(name)s đã rút khỏi danh sách nên không mời.", code="withdrawn", name=delegate.full_name)
    if not policy.may_invite(delegate.event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    return addresses.settled(delegate)


def _waiting(event_id: int, whom: str) -> Select[Any]:
    statement = (
        select(Delegate)
        .join(Delegate.person)
        .where(Delegate.event_id == event_id, Delegate.withdrawn_at.is_(None), Person.email.is_not(None))
    )
    if whom == UNINVITED:
        return statement.where(Delegate.invited_at.is_(None))
    return (
        statement.join(Invitation, Invitation.delegate_id == Delegate.id)
        .join(OutboxMail, OutboxMail.id == Invitation.mail_id)
        .where(Invitation.bounced_at.is_not(None), func.lower(OutboxMail.recipient) != func.lower(Person.email))
    )
