"""Delegates of events and the spreadsheets they came from."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Base, SortKey
from lms.events.models import Event, Point
from lms.people.models import Person
from lms.units.models import Unit


class DelegateRole(StrEnum):
    """What someone attends as; it colours the badge."""

    DELEGATE = "delegate"
    SPEAKER = "speaker"
    GUEST = "guest"
    PRESS = "press"
    ORGANIZER = "organizer"


class Delegate(Base):
    """A person's seat at an event. `post` is what they held when named; `ticket` is on the badge.

    Name, sort keys and search text are copied from the person and the unit at registration and follow a correction of
    the person, so that a list of 2,000 is read from one table in order. `over_quota_reason` says why the unit was given
    a seat beyond its quota.
    """

    __tablename__ = "delegates"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_delegates_event_sort", "event_id", "withdrawn_at", "sort_key"),
        Index("ix_delegates_event_unit_sort", "event_id", "withdrawn_at", "unit_sort_key", "sort_key"),
        Index("ix_delegates_event_unit", "event_id", "unit_id", "withdrawn_at", "role", "invited_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    role: Mapped[DelegateRole] = mapped_column(String(10), default=DelegateRole.DELEGATE)
    full_name: Mapped[str] = mapped_column(String(120))
    post: Mapped[str] = mapped_column(String(300), default="")
    ticket: Mapped[str] = mapped_column(String(16), unique=True)
    sort_key: Mapped[str] = mapped_column(SortKey)
    unit_sort_key: Mapped[str] = mapped_column(SortKey, default="")
    search: Mapped[str] = mapped_column(String(900))
    note: Mapped[str] = mapped_column(String(300), default="")
    over_quota_reason: Mapped[str | None] = mapped_column(String(300))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("delegate_imports.id"), index=True)
    registered_at: Mapped[datetime] = mapped_column(default=clock.now)
    invited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None] = mapped_column(String(300))

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    point: Mapped[Point | None] = relationship()


class DelegateImport(Base):
    """An uploaded spreadsheet: checked rows wait in `rows` until all are written at once, or none.

    `rows` is a list of `lms.registration.rows.SheetRow` as plain JSON; row numbers are those of the sheet. `file` is
    the SHA-256 of the file, by which the same file is known again; the file itself is not kept, for it may hold dates
    of birth and the like. `layout` says what was found in it: `{"sheet", "other_sheets", "header_row", "columns":
    [{"letter", "heading", "field"}]}`.
    """

    __tablename__ = "delegate_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(64))
    layout: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    row_count: Mapped[int] = mapped_column(default=0)
    error_count: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    written_at: Mapped[datetime | None]
    written_count: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
