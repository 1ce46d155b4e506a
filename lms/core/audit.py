"""Who did what to what: one row an act, written in the act's own transaction."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Base, session


class AuditEntry(Base):
    """An act: `verb` in the field's words ("certificate.revoke"), on the row `subject` names ("certificate:17")."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column()
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Actor(Protocol):
    """Whoever acts, as far as the record cares."""

    id: Any


def id_of(actor: Actor | None) -> int | None:
    """The number of whoever acted; None for nobody, such as a command or a personal link."""
    return None if actor is None else int(actor.id)


def record(verb: str, subject: str, *, actor_id: int | None, **detail: Any) -> AuditEntry:
    """Add an entry to the running transaction and give it back; `detail` must be plain JSON."""
    entry = AuditEntry(at=clock.now(), actor_id=actor_id, verb=verb, subject=subject, detail=detail)
    session().add(entry)
    return entry
