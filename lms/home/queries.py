"""Reads for the front pages and the system page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lms.accounts.models import Account
from lms.certificates.models import Certificate
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.jobs import Job
from lms.core.mail import OutboxMail
from lms.core.permissions import Permission
from lms.events.models import Event, EventStaff
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import QuestionBank, Quiz
from lms.registration.models import Delegate
from lms.units import queries as units
from lms.units.models import Unit

LATE = timedelta(minutes=10)


def coming_public_events(limit: int = 5) -> list[Event]:
    """Published events that are not over, the nearest first."""
    statement = (
        select(Event)
        .where(Event.published_at.is_not(None), Event.cancelled_at.is_(None), Event.ends_on >= clock.today())
        .order_by(Event.starts_on)
        .limit(limit)
    )
    return list(session().scalars(statement))


# Built once: everybody's front page runs these, and building a statement costs more than running it.
_PERSON: BindParameter[int] = bindparam("person_id")
_SEATS = (
    select(Delegate)
    .join(Event)
    .where(Delegate.person_id == _PERSON, Delegate.withdrawn_at.is_(None), Event.published_at.is_not(None))
    .options(contains_eager(Delegate.event))
    .order_by(Event.starts_on.desc())
)
_ATTEMPTS = (
    select(Attempt)
    .where(Attempt.person_id == _PERSON, Attempt.preview.is_(False))
    .options(joinedload(Attempt.quiz, innerjoin=True))
    .order_by(Attempt.handed_in_at.is_not(None), Attempt.started_at.desc())
    .limit(20)
)
_CERTIFICATES = (
    select(Certificate).where(Certificate.person_id == _PERSON).order_by(Certificate.issued_at.desc()).limit(5)
)


def seats_of(person_id: int) -> list[Delegate]:
    """Someone's seats at published events, the latest event first."""
    return list(session().scalars(_SEATS, {"person_id": person_id}))


def attempts_of(person_id: int) -> list[Attempt]:
    """Someone's last attempts that count, open ones first."""
    return list(session().scalars(_ATTEMPTS, {"person_id": person_id}))


def certificates_of(person_id: int) -> list[Certificate]:
    """Someone's latest certificates."""
    return list(session().scalars(_CERTIFICATES, {"person_id": person_id}))


def run_by(account: Account) -> ColumnElement[bool]:
    """Condition on Event: the account runs it, by a role on its unit or as its staff."""
    own_units = select(Unit.id).where(units.below(account.unit_paths(Permission.EVENTS)))
    as_staff = select(EventStaff.event_id).where(EventStaff.account_id == account.id)
    return or_(Event.unit_id.in_(own_units), Event.id.in_(as_staff))


def events_run_by(account: Account, *, limit: int = 20) -> list[tuple[Event, int]]:
    """The events an organizer works on, those to come first, each with its number of delegates."""
    delegates = (
        select(func.count())
        .where(Delegate.event_id == Event.id, Delegate.withdrawn_at.is_(None))
        .correlate(Event)
        .scalar_subquery()
    )
    over = Event.ends_on < clock.today()
    statement = (
        select(Event, delegates)
        .where(run_by(account))
        .options(selectinload(Event.sessions))
        .order_by(over, case((over, None), else_=Event.starts_on).asc(), Event.starts_on.desc(), Event.id)
        .limit(limit)
    )
    return [(event, count) for event, count in session().execute(statement)]


def own_jobs(account: Account, limit: int = 5) -> list[Job]:
    """Jobs the account began that are not done, or ended within the last day."""
    statement = (
        select(Job)
        .where(Job.owner_id == account.id)
        .where(or_(Job.finished_at.is_(None), Job.finished_at > clock.now() - timedelta(days=1)))
        .order_by(Job.created_at.desc())
        .limit(limit)
    )
    return list(session().scalars(statement))


def banks_of(account: Account, limit: int = 10) -> list[QuestionBank]:
    """The question banks an instructor may write in."""
    own_units = select(Unit.id).where(units.below(account.unit_paths(Permission.QUESTIONS)))
    statement = (
        select(QuestionBank).where(QuestionBank.unit_id.in_(own_units)).order_by(QuestionBank.id.desc()).limit(limit)
    )
    return list(session().scalars(statement))


def quizzes_of(account: Account, limit: int = 10) -> Sequence[Row[Quiz, int, int]]:
    """The quizzes an instructor sees results of, with how many attempts were handed in and how many are open."""
    own_units = select(Unit.id).where(units.below(account.unit_paths(Permission.RESULTS)))
    handed_in = func.count(Attempt.handed_in_at)
    begun = func.count(Attempt.id)
    statement = (
        select(Quiz, handed_in, begun - handed_in)
        .outerjoin(Attempt, (Attempt.quiz_id == Quiz.id) & Attempt.preview.is_(False))
        .where(Quiz.unit_id.in_(own_units))
        .group_by(Quiz.id)
        .order_by(func.max(Attempt.started_at).desc().nulls_last(), Quiz.id.desc())
        .limit(limit)
    )
    return session().execute(statement).all()


def late_jobs() -> int:
    """Jobs that have waited longer than ten minutes for a worker."""
    statement = select(func.count()).select_from(Job).where(Job.finished_at.is_(None), Job.run_at < clock.now() - LATE)
    return session().scalar(statement) or 0


def troubles() -> dict[str, int]:
    """What an administrator should look at: failed jobs, late jobs, mail not sent."""
    failed = select(func.count()).select_from(Job).where(Job.finished_at.is_not(None), Job.error.is_not(None))
    unsent = (
        select(func.count())
        .select_from(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.created_at < clock.now() - LATE)
    )
    return {
        "failed_jobs": session().scalar(failed) or 0,
        "late_jobs": late_jobs(),
        "unsent_mail": session().scalar(unsent) or 0,
    }


def system_overview(limit: int = 50) -> dict[str, Any]:
    """The last jobs, mails and acts."""
    return {
        "jobs": list(session().scalars(select(Job).order_by(Job.created_at.desc()).limit(limit))),
        "mails": list(session().scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit))),
        "acts": list(session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit))),
    }


def get_mail(mail_id: int) -> OutboxMail:
    """One outgoing message; raises NotFound."""
    mail = session().get(OutboxMail, mail_id)
    if mail is None:
        raise NotFound
    return mail
