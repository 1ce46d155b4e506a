"""The dated register of units: a unit is a surrogate id with a life span; names and codes are used again by others."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import text
from lms.core.db import Base, SortKey


class UnitKind(StrEnum):
    """What a unit is."""

    PARTY = "party"
    GOVERNMENT = "government"
    MINISTRY = "ministry"
    PROVINCE = "province"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    OFFICE = "office"


class Unit(Base):
    """A province, ministry, board or office as it existed from `valid_from` until before `valid_to`.

    `code` is the official code of a province or a short name of the register's own ("bo-tttt"); it is unique only
    among units of a kind alive on the same day. `path` is "/1/34/" down to itself: "all below" is a prefix.
    """

    __tablename__ = "units"
    __table_args__ = (
        Index("ix_units_kind_code", "kind", "code"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="life_span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[UnitKind] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(80))
    symbol: Mapped[str] = mapped_column(String(20), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(SortKey, default="", index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    specimen: Mapped[bool] = mapped_column(default=False)
    search: Mapped[str] = mapped_column(String(500), default="")
    sort_key: Mapped[str] = mapped_column(SortKey, default="")

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])

    def existed_on(self, day: date) -> bool:
        """Whether the unit was in being on that day; an unknown beginning counts as always."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def index_names(self) -> None:
        """Recompute the folded search text and the list-order key from the names."""
        self.search = text.fold(f"{self.name} {self.short_name} {self.name_en} {self.symbol}")
        self.sort_key = text.collation_key(self.short_name)


class Succession(Base):
    """One unit became (part of) another on a day; many to many."""

    __tablename__ = "successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    on: Mapped[date]
    document: Mapped[str] = mapped_column(String(200), default="")

    predecessor: Mapped[Unit] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Unit] = relationship(foreign_keys=[successor_id])
