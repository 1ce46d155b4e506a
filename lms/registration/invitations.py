"""Invitations: a mail in both languages with a personal link and a calendar, through the outbox; many by a job."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

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
CHOSEN: Final = "chosen"
"""Whom a job invites: those who were not yet, those whose address was corrected after a mail came back, or those it
names, of whom each is written to once, invited before or not."""
_AT_ONCE: Final = 200
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


def invite_chosen(event: Event, actor: Account, ids: Sequence[int], back: str) -> jobs.Job:
    """Queue the mails to these delegates, a second one to whoever had one; pressed twice it is one job."""
    if not policy.may_invite(event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    chosen = set(ids)
    statement = _invitable(event.id).with_only_columns(Delegate.id, Person.email, Delegate.invited_at)
    people = [row for row in session().execute(statement) if row.id in chosen]
    if not people:
        raise RuleBroken(N_("Không ai trong số đã chọn có thư điện tử."), code="nobody")
    payload = {"event": event.id, "actor": actor.id, "back": back, "whom": CHOSEN, "ids": [row.id for row in people]}
    return jobs.enqueue(JOB, payload, key=rounds.key_of(JOB, event, people), owner_id=actor.id)


def work(job: jobs.Job) -> jobs.Progress:
    """The job: each delegate once; one that cannot be invited is passed over."""
    event_id, actor_id = job.payload["event"], job.payload["actor"]
    whom, ids, begun_at = job.payload.get("whom", UNINVITED), job.payload.get("ids", []), job.created_at
    reminders.schedule(session().get_one(Event, event_id))

    def act(delegate: Delegate) -> bool:
        try:
            with session().begin_nested():
                _invite(delegate, actor_id)
        except RuleBroken:
            return False
        return True

    if whom != CHOSEN:
        yield from rounds.go(lambda: _waiting(event_id, whom), act)
    not_yet = or_(Delegate.invited_at.is_(None), Delegate.invited_at < begun_at)
    for start in range(0, len(ids), _AT_ONCE):
        some = _invitable(event_id).where(Delegate.id.in_(ids[start : start + _AT_ONCE]), not_yet)
        for sent, _total in rounds.go(partial(_same, some), act):
            yield start + sent, len(ids)


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
    subject = f"[Mời] {event.title}, {clock.short_day(event.starts_on)}"
    if event.reply_by is None:
        return subject
    return f"{subject}, trả lời đến hết ngày {invitation_mail.day_and_month(links.last_day(invitation))}"


def _recipient(delegate: Delegate) -> tuple[str, str | None]:
    """The address to write to and, for someone who has no password yet, a token to set one."""
    if delegate.withdrawn_at is not None:
        raise RuleBroken("%(name)s đã rút khỏi danh sách nên không mời.", code="withdrawn", name=delegate.full_name)
    if not policy.may_invite(delegate.event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    return addresses.settled(delegate)


def _same(statement: Select[Any]) -> Select[Any]:
    return statement


def _invitable(event_id: int) -> Select[Any]:
    """On the list, with an address."""
    return (
        select(Delegate)
        .join(Delegate.person)
        .where(Delegate.event_id == event_id, Delegate.withdrawn_at.is_(None), Person.email.is_not(None))
    )


def _waiting(event_id: int, whom: str) -> Select[Any]:
    statement = _invitable(event_id)
    if whom == UNINVITED:
        return statement.where(Delegate.invited_at.is_(None))
    return (
        statement.join(Invitation, Invitation.delegate_id == Delegate.id)
        .join(OutboxMail, OutboxMail.id == Invitation.mail_id)
        .where(Invitation.bounced_at.is_not(None), func.lower(OutboxMail.recipient) != func.lower(Person.email))
    )
