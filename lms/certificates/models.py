"""Certificates: the programme they are issued under, the frozen paper, and its history."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.certificates import numbers
from lms.core.db import Base, SortKey
from lms.courses.models import Course
from lms.events.models import Event
from lms.paperwork.models import NumberBook
from lms.people.models import Person
from lms.units.models import Unit


class Design(StrEnum):
    """The three designs."""

    FORMAL = "trang-trong"
    MODERN = "hien-dai"
    CLASSIC = "co-dien"


class PaperKind(StrEnum):
    """What the paper calls itself; each kind has its own number books.

    A short course gives a giấy chứng nhận; chứng chỉ is printed only where a programme is so configured.
    """

    ATTESTATION = "giay-chung-nhan"
    CERTIFICATE = "chung-chi"


class CertificateProgramme(Base):
    """What an event's (or course's) certificates say and who signs: agency, signer, place, wording, design.

    Exactly one of `event_id` and `course_id` is set. `title` is what was completed, as printed.
    `issue_job_id` is the latest job that issued under it.
    """

    __tablename__ = "certificate_programmes"
    __table_args__ = (CheckConstraint("(event_id IS NULL) <> (course_id IS NULL)", name="one_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), unique=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    superior_name: Mapped[str] = mapped_column(String(200), default="")
    agency_name: Mapped[str] = mapped_column(String(200))
    agency_name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[PaperKind] = mapped_column(String(20), default=PaperKind.ATTESTATION)
    symbol: Mapped[str] = mapped_column(String(40))
    design: Mapped[Design] = mapped_column(String(12), default=Design.FORMAL)
    title: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str] = mapped_column(String(400), default="")
    place: Mapped[str] = mapped_column(String(100))
    signer_name: Mapped[str] = mapped_column(String(120))
    signer_post: Mapped[str] = mapped_column(String(200))
    specimen: Mapped[bool] = mapped_column(default=False)
    issue_job_id: Mapped[str | None] = mapped_column(String(22))

    event: Mapped[Event | None] = relationship()
    course: Mapped[Course | None] = relationship()
    agency: Mapped[Unit] = relationship()


class Certificate(Base):
    """One issued certificate: its number, the facts it states, and the frozen PDF; none of these ever changes.

    `facts` holds all that the verify page shows (holder, event, days, hours, issuer, signer …, both languages);
    `file` is the digest of the stored PDF. Only revocation and replacement are added later.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("book_id", "number"),
        Index(
            "uq_certificates_valid_event",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND event_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND event_id IS NOT NULL"),
        ),
        Index(
            "uq_certificates_valid_course",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND course_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND course_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("number_books.id"))
    number: Mapped[int]
    register_number: Mapped[str] = mapped_column(String(80), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    holder_name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(SortKey, default="")
    search: Mapped[str] = mapped_column(String(900), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    file: Mapped[str] = mapped_column(String(64), index=True)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None] = mapped_column(Text)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)

    book: Mapped[NumberBook] = relationship()
    event: Mapped[Event | None] = relationship()
    course: Mapped[Course | None] = relationship()
    person: Mapped[Person] = relationship()
    replaces: Mapped["Certificate | None"] = relationship(remote_side=[id], back_populates="replaced_by")
    replaced_by: Mapped["Certificate | None"] = relationship(back_populates="replaces", uselist=False)

    @property
    def public_number(self) -> str:
        """The address of its verify page and the name of its file: "12-2024-GCN-TTDN-7K4M9QXW"."""
        return numbers.public_number(self.register_number, self.code)

    def state_at(self, moment: datetime) -> str:
        """valid or revoked, as it was at that moment."""
        return "revoked" if self.revoked_at is not None and self.revoked_at <= moment else "valid"

    @property
    def state(self) -> str:
        """valid or revoked."""
        return "valid" if self.revoked_at is None else "revoked"
