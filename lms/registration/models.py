"""Delegates of events and the spreadsheets they came from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from lms.accounts.models import Account
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
    the person, so that a list of 2,000 is read from one table in order, and searched in an index alone.
    `quota_unit_id` is the unit whose quota the seat counts in (None: no quota covers it, or the role takes no seat).
    `over_quota_reason` says why the unit was given a seat beyond its quota. `replaces_id` is the delegate in whose
    place this one was named. `protocol_rank` orders the list by precedence (thứ tự lễ tân), 1 first; None: by post.
    `walked_in_at`: when someone who was not on the list was put on it at the door.
    """

    __tablename__ = "delegates"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_delegates_event_sort", "event_id", "withdrawn_at", "sort_key", "search"),
        Index("ix_delegates_event_unit_sort", "event_id", "withdrawn_at", "unit_sort_key", "sort_key", "search"),
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
    quota_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("delegates.id"), unique=True)
    protocol_rank: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("delegate_imports.id"), index=True)
    registered_at: Mapped[datetime] = mapped_column(default=clock.now)
    walked_in_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str | None] = mapped_column(String(300))

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    point: Mapped[Point | None] = relationship()
    replaces: Mapped["Delegate | None"] = relationship(remote_side=[id])


class SecondTicket(Base):
    """Another ticket of a delegate: drawn by a door device for someone who turned out to have one already."""

    __tablename__ = "second_tickets"

    ticket: Mapped[str] = mapped_column(String(16), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"), index=True)


class DelegateImport(Base):
    """An uploaded spreadsheet: checked rows wait in `rows` until all are written at once, or none.

    `rows` is a list of `lms.registration.rows.SheetRow` as plain JSON; row numbers are those of the sheet. `file` is
    the SHA-256 of the file, by which the same file is known again; the file itself, which may hold dates of birth and
    the like, is kept sealed (`layout["content"]`) until the import is written or put aside. `layout` says what was
    found in it, as `mapping.as_layout` writes it; after an undo also `removed`, `kept_count` and `kept`: who stayed and
    why.
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
    undone_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def unit_id(self) -> int | None:
        """The unit whose focal point brought it and whose people alone it may hold; None: who runs the event."""
        return self.layout.get("unit")


class ApplicationState(StrEnum):
    """Asked and not yet answered; waiting for a seat; seated; refused; or taken back by who asked."""

    REQUESTED = "requested"
    WAITING = "waiting"
    SEATED = "seated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Application(Base):
    """Someone's asking for a seat (đăng ký): by themselves or by their unit, until it is a delegate's or is refused.

    `asked_at` and then `id` is the order of the waiting list.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_event_state", "event_id", "state", "quota_unit_id", "asked_at"),
        Index("ix_applications_event_email", "event_id", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    quota_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    state: Mapped[ApplicationState] = mapped_column(String(10))
    full_name: Mapped[str] = mapped_column(String(120))
    post: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str] = mapped_column(String(300), default="")
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegates.id"), unique=True)

    event: Mapped[Event] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    point: Mapped[Point | None] = relationship()
    delegate: Mapped[Delegate | None] = relationship()


class FocalPoint(Base):
    """Who fills a unit's seats at an event (đầu mối); sees that unit's page and no other."""

    __tablename__ = "focal_points"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    named_at: Mapped[datetime] = mapped_column(default=clock.now)

    event: Mapped[Event] = relationship()
    unit: Mapped[Unit] = relationship()
    account: Mapped[Account] = relationship()


class SeatRequest(Base):
    """A unit asks for more seats (xin thêm chỗ); the organizer grants some or none, with a word."""

    __tablename__ = "seat_requests"
    __table_args__ = (Index("ix_seat_requests_event_answered", "event_id", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    seats: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(500), default="")

    event: Mapped[Event] = relationship()
    unit: Mapped[Unit] = relationship()


class InvitationAnswer(StrEnum):
    """What an invited delegate answered: coming, not coming, or someone else in their place."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUBSTITUTED = "substituted"


class Invitation(Base):
    """A delegate's invitation, one for each; `link` is the SHA-256 of the token in the latest personal link.

    `mail_id` is the latest mail sent; a mail that came back sets `bounced_at`, a new sending clears it.
    `calendar_sequence` is the event's SEQUENCE in the calendar they were sent last; None: they hold none.
    `calendar_revision`: how often the entries were taken out of this one calendar, which raises its SEQUENCE by as much
    (RFC 5546, 2.1.4).
    """

    __tablename__ = "invitations"

    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"), primary_key=True)
    link: Mapped[str] = mapped_column(String(64), unique=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mails.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_count: Mapped[int] = mapped_column(default=1)
    calendar_sequence: Mapped[int | None]
    calendar_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[InvitationAnswer | None] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300), default="")
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str] = mapped_column(String(500), default="")

    delegate: Mapped[Delegate] = relationship()


class LetterKind(StrEnum):
    """A call letter to units (công văn triệu tập) or an invitation to a person (giấy mời)."""

    CALL = "call"
    INVITATION = "invitation"


class Letter(Base):
    """The official letter of an event, laid out by NĐ 30/2020/NĐ-CP; `number` None until it is signed and numbered.

    A draft event that is deleted takes its letters along.
    """

    __tablename__ = "letters"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    kind: Mapped[LetterKind] = mapped_column(String(10), primary_key=True)
    superior: Mapped[str] = mapped_column(String(200), default="")
    agency: Mapped[str] = mapped_column(String(200))
    number: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(String(100))
    issued_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text, default="")
    recipients: Mapped[str] = mapped_column(Text, default="")
    signer_authority: Mapped[str] = mapped_column(String(200), default="")
    signer_post: Mapped[str] = mapped_column(String(200))
    signer_name: Mapped[str] = mapped_column(String(120))

    event: Mapped[Event] = relationship(backref=backref("letters", cascade="all, delete-orphan"))
