"""Scans: an append-only record of who came in, when, to which half-day session, and how that is known."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.events.models import HalfDay
from lms.registration.models import Delegate


class ScanKind(StrEnum):
    """Coming in or going out."""

    IN = "in"
    OUT = "out"


class ScanMethod(StrEnum):
    """How a presence is known."""

    QR = "qr"
    MANUAL = "manual"
    SELF = "self"
    KIOSK = "kiosk"
    SHEET = "sheet"


class Scan(Base):
    """One scan, never taken away; one taken back bears `voided_at` and a reason and counts no more.

    `uuid` comes from the device or is drawn here. `at` is the moment on the server's clock, `stored_at` when it was
    written. A scan synchronised later keeps the device's own time in `claimed_at`; its `at` may move to an earlier
    moment when another batch shows the delay of the first (docs/attendance.md). `reason`: why it was entered by hand.
    """

    __tablename__ = "scans"
    __table_args__ = (Index("ix_scans_half_day_delegate", "half_day_id", "delegate_id"),)

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
