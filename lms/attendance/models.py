"""Scans and annulments, append-only; door devices; excuses; changes of presence; remote points; rows of sheets."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import Base
from lms.events.models import Event, HalfDay, Point
from lms.registration.models import Delegate


class ScanKind(StrEnum):
    """Coming in or going out."""

    IN = "in"
    OUT = "out"


class ScanMethod(StrEnum):
    """How a presence is known: the grade of its evidence."""

    QR = "qr"
    KIOSK = "kiosk"
    SELF = "self"
    MANUAL = "manual"
    SHEET = "sheet"
    LEADER = "leader"


class State(StrEnum):
    """What someone on the list was at one half-day."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    SUBSTITUTED = "substituted"
    ABSENT = "absent"


class Scan(Base):
    """One scan, never taken away; one taken back bears `voided_at` and a reason and counts no more.

    `uuid` comes from the device or is drawn here. `at` is the moment on the server's clock, `stored_at` when it was
    written. A scan synchronised later keeps the device's own time in `claimed_at`; its `at` may move to an earlier
    moment when another batch shows the delay of the first (docs/attendance.md). `reason`: why it was entered by hand.
    """

    __tablename__ = "scans"
    __table_args__ = (
        Index("ix_scans_half_day_delegate", "half_day_id", "delegate_id"),
        Index(
            "ix_scans_voided_at",
            "voided_at",
            sqlite_where=text("voided_at IS NOT NULL"),
            postgresql_where=text("voided_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"), index=True)
    kind: Mapped[ScanKind] = mapped_column(String(3), default=ScanKind.IN)
    method: Mapped[ScanMethod] = mapped_column(String(8))
    at: Mapped[datetime]
    stored_at: Mapped[datetime]
    device: Mapped[str | None] = mapped_column(String(60))
    claimed_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str | None] = mapped_column(String(300))
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    void_reason: Mapped[str | None] = mapped_column(String(300))

    half_day: Mapped[HalfDay] = relationship()
    delegate: Mapped[Delegate] = relationship()


class Annulment(Base):
    """A device takes one of its own scans back; it may arrive before the scan does, so it names it by uuid only."""

    __tablename__ = "annulments"

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    scan_uuid: Mapped[str] = mapped_column(String(36), index=True)
    device: Mapped[str] = mapped_column(String(60))
    stored_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class DoorDevice(Base):
    """A phone or tablet that checks people in at one event, perhaps at one of its points only.

    `key` is its name in batches, drawn by the device. Of its token only the SHA-256 is kept. `waiting`: how many scans
    it said it had not sent yet when it was last heard of. Revoked by nobody: it closed by itself, everything sent.
    """

    __tablename__ = "door_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    name: Mapped[str] = mapped_column(String(60))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    heard_at: Mapped[datetime] = mapped_column(default=clock.now)
    waiting: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event] = relationship()
    point: Mapped[Point | None] = relationship()
    opened_by: Mapped[Account] = relationship(foreign_keys=[opened_by_id])

    @property
    def closed_itself(self) -> bool:
        """Whether its keeper closed it, rather than someone revoking it."""
        return self.revoked_at is not None and self.revoked_by_id is None


class Excuse(Base):
    """Leave to be absent, to come late or to leave early at one half-day: why, and who approved it."""

    __tablename__ = "excuses"
    __table_args__ = (Index("ix_excuses_half_day_delegate", "half_day_id", "delegate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]

    approved_by: Mapped[Account] = relationship()


class PresenceChange(Base):
    """An outcome that a person changed: what it was, what it became, who and why. Rows are only added.

    `cause` is correction, excuse, rule or hours. `counted` and `counts`: whether the half-day counted before and counts
    since.
    """

    __tablename__ = "presence_changes"
    __table_args__ = (Index("ix_presence_changes_delegate", "delegate_id", "half_day_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"))
    cause: Mapped[str] = mapped_column(String(12))
    was: Mapped[State] = mapped_column(String(12))
    counted: Mapped[bool]
    became: Mapped[State] = mapped_column(String(12))
    counts: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class PointLeader(Base):
    """Who answers for a remote point (phụ trách điểm cầu): confirms who is there and closes its half-days."""

    __tablename__ = "point_leaders"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)

    point: Mapped[Point] = relationship()
    account: Mapped[Account] = relationship()


class PointReport(Base):
    """What a point said of one half-day: heads counted in the room, and why they differ from the names present.

    Once closed, names and count stay until an organizer opens it again.
    """

    __tablename__ = "point_reports"
    __table_args__ = (CheckConstraint("head_count >= 0", name="head_count"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"), primary_key=True)
    head_count: Mapped[int]
    explanation: Mapped[str] = mapped_column(String(500), default="")
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    reported_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    named_present: Mapped[int | None]

    point: Mapped[Point] = relationship()
    half_day: Mapped[HalfDay] = relationship()


class SheetDoubt(Base):
    """A presence that waits for a person: what is doubtful about it, and what was decided.

    A row of a signed sheet; or (`method` self) a code of the hall's screen that was sent after its time, `at` being the
    moment it was shown and `device` the phone. `delegate_id` is None for a name that was written onto the paper by
    hand; `written` is that name, `point_id` the point whose paper it was.
    """

    __tablename__ = "sheet_doubts"

    id: Mapped[int] = mapped_column(primary_key=True)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegates.id"), index=True)
    method: Mapped[ScanMethod] = mapped_column(String(8), default=ScanMethod.SHEET)
    at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(String(60))
    written: Mapped[str] = mapped_column(String(200), default="")
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    doubt: Mapped[str] = mapped_column(String(300))
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decision: Mapped[str | None] = mapped_column(String(300))

    half_day: Mapped[HalfDay] = relationship()
    delegate: Mapped[Delegate | None] = relationship()
    point: Mapped[Point | None] = relationship()
    noted_by: Mapped[Account | None] = relationship(foreign_keys=[noted_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class SheetEntry(Base):
    """What the signed sheet says of one row, as someone entered it: signed, unsigned or unclear.

    `scan_uuid`: the scan that this row brought about, which goes when the row is no longer signed.
    """

    __tablename__ = "sheet_entries"

    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(300), default="")
    scan_uuid: Mapped[str | None] = mapped_column(String(36))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
