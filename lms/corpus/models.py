"""Cited documents as dated data: which law said what, from when until when, and how sure we are."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class ForceState(StrEnum):
    """A document's state on a day."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    ENDED = "ended"
    UNKNOWN = "unknown"
    NOT_LAW = "not-law"


class Document(Base):
    """A law, decree, conclusion, or source of the craft; `certainty` is F (found in public), M (memory), T (advice)."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(80))
    kind_en: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str] = mapped_column(String(500))
    issuer: Mapped[str] = mapped_column(String(200))
    issuer_en: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    replaces: Mapped[list[str]] = mapped_column(JSON, default=list)
    replaced_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    certainty: Mapped[str] = mapped_column(String(1))
    certainty_note: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(String(1000), default="")

    @property
    def label(self) -> str:
        """How it is cited in Vietnamese: "Nghị định 72/2015/NĐ-CP", or its title where it has no number."""
        return f"{self.kind} {self.number}" if self.number else self.title

    @property
    def label_en(self) -> str:
        """How it is cited in English."""
        return f"{self.kind_en} {self.number}" if self.number else self.title_en

    @property
    def last_day_after(self) -> date | None:
        """The first day on which the document was no longer in force."""
        return self.in_force_to + timedelta(days=1) if self.in_force_to else None

    def state_on(self, day: date) -> ForceState:
        """Whether the document was in force on that day; its last day counts as in force."""
        if self.number is None:
            return ForceState.NOT_LAW
        if self.in_force_to is not None and day > self.in_force_to:
            return ForceState.ENDED
        if self.in_force_from is None:
            return ForceState.UNKNOWN
        return ForceState.IN_FORCE if self.in_force_from <= day else ForceState.NOT_YET
