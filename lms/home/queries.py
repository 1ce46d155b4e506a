"""Reads for the front pages and the system page."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.jobs import Job
from lms.core.mail import OutboxMail
from lms.events.models import Event

LATE = timedelta(minutes=10)


def coming_public_events(limit: int = 5) -> list[Event]:
    """Published events that are not over, the nearest first."""
    return list(
        session().scalars(
            select(Event)
            .where(Event.published_at.is_not(None), Event.ends_on >= clock.today())
            .order_by(Event.starts_on)
            .limit(limit)
        )
    )


def late_jobs() -> int:
    """Jobs that have waited longer than ten minutes for a worker."""
    return (
        session().scalar(
            select(func.count())
            .select_from(Job)
            .where(Job.finished_at.is_(None), Job.run_at < clock.now() - LATE)
        )
        or 0
    )


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
