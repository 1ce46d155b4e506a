"""Invitations: a mail in both languages with a personal link to set a password, through the outbox; many by a job."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.accounts import queries as accounts
from lms.accounts import service as accounts_service
from lms.accounts.models import Account
from lms.core import audit, clock, jobs, mail
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import policy
from lms.registration.models import Delegate
from lms.registration.printing import english_days, vietnamese_days

JOB: Final = "registration.invite"
_AT_ONCE: Final = 20


def invite(delegate: Delegate, actor_id: int | None) -> None:
    """Mail one delegate their invitation; who has no password yet gets an account and a link to set one.

    Raises RuleBroken: withdrawn, no address ("no-email"), an address of someone else's account ("email-taken"), or an
    event that is not public.
    """
    recipient, token = _recipient(delegate)
    subject, body = message(delegate, token)
    mail.post(recipient, subject, body, about=f"delegate:{delegate.id}")
    delegate.invited_at = clock.now()
    session().flush()
    audit.record("delegate.invite", f"delegate:{delegate.id}", actor_id=actor_id, recipient=recipient)


def invite_all(event: Event, actor: Account, back: str) -> jobs.Job:
    """Queue the mails to everyone not yet invited who has an address; asked again for the same people it is one job."""
    if not policy.may_invite(event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    people = session().execute(_waiting(event.id).with_only_columns(Delegate.id, Person.email)).all()
    if not people:
        raise RuleBroken("Không còn ai có thư điện tử mà chưa được mời.", code="nobody")
    digest = hashlib.sha256(repr(sorted(map(tuple, people))).encode()).hexdigest()[:24]
    payload = {"event": event.id, "actor": actor.id, "back": back}
    return jobs.enqueue(JOB, payload, key=f"{JOB}:{event.id}:{digest}", owner_id=actor.id)


def work(job: jobs.Job) -> jobs.Progress:
    """The job: twenty mails a transaction, each delegate once; one that cannot be invited is passed over."""
    refused: list[int] = []
    sent = 0
    while waiting := _next(job.payload["event"], refused):
        for delegate in waiting:
            try:
                with session().begin_nested():
                    invite(delegate, job.payload["actor"])
                sent += 1
            except RuleBroken:
                refused.append(delegate.id)
        yield sent, sent + len(_next(job.payload["event"], refused))


def message(delegate: Delegate, token: str | None) -> tuple[str, str]:
    """Subject and body; with a token the personal link to set a password, else where to sign in."""
    event = delegate.event
    template = current_app.jinja_env.get_template("registration/mail_invitation.txt")
    body = template.render(
        delegate=delegate,
        event=event,
        days=vietnamese_days(event.starts_on, event.ends_on),
        days_en=english_days(event.starts_on, event.ends_on),
        event_url=address("events.show", key=event.key),
        password_url=address("accounts.password", token=token) if token else None,
    )
    day = f"{event.starts_on.day:02d}/{event.starts_on.month}/{event.starts_on.year}"
    return f"[Mời] {event.title}, {day}"[:300], body


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, in a job too, where there is no request."""
    base: str = current_app.extensions["lms_settings"].base_url
    return base + current_app.url_map.bind("localhost").build(endpoint, values)


def _recipient(delegate: Delegate) -> tuple[str, str | None]:
    """The address to write to and, for someone who has no password yet, a token to set one."""
    person = delegate.person
    if delegate.withdrawn_at is not None:
        raise RuleBroken("%(name)s đã rút khỏi danh sách nên không mời.", code="withdrawn", name=delegate.full_name)
    if not policy.may_invite(delegate.event):
        raise RuleBroken("Sự kiện chưa công bố nên chưa gửi lời mời. Hãy công bố sự kiện trước.", code="not-published")
    account = session().scalar(select(Account).where(Account.person_id == person.id))
    if account is not None and account.password_hash is not None:
        return account.email, None
    email = account.email if account is not None else person.email
    if not email:
        raise RuleBroken(
            "%(name)s chưa có thư điện tử. Hãy ghi ở trang đại biểu.", code="no-email", name=delegate.full_name
        )
    owner = accounts.find_by_email(email)
    if owner is not None and owner.person_id != person.id:
        raise RuleBroken("Thư điện tử %(email)s thuộc tài khoản của người khác.", code="email-taken", email=email)
    return email, accounts_service.invite(person, email)


def _waiting(event_id: int) -> Select[Any]:
    return (
        select(Delegate)
        .join(Delegate.person)
        .where(Delegate.event_id == event_id, Delegate.withdrawn_at.is_(None), Delegate.invited_at.is_(None))
        .where(Person.email.is_not(None))
        .order_by(Delegate.id)
    )


def _next(event_id: int, refused: Sequence[int]) -> Sequence[Delegate]:
    statement = _waiting(event_id).where(Delegate.id.not_in(refused)).limit(_AT_ONCE)
    found = session().scalars(statement.options(joinedload(Delegate.person), joinedload(Delegate.event)))
    return list(found)
