"""The dated register of units: a unit is a surrogate id with a life span; names and codes are used again by others."""

from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

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


class Level(IntEnum):
    """Protocol order of units (thứ tự lễ tân) in every list, before the Vietnamese alphabet within a level."""

    CENTRAL = 1
    PROVINCE = 2
    PROVINCIAL_BODY = 3
    COMMUNE = 4


_COMMITTEES: Final = (
    *("tỉnh ủy", "thành ủy", "hội đồng nhân dân", "ủy ban nhân dân", "quận ủy", "huyện ủy", "thị ủy"),
    *("đảng ủy xã", "đảng ủy phường", "đảng ủy đặc khu"),
)
"""How the names of committees and councils begin that stand with their own place, a province's before its sở."""


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

    @property
    def level(self) -> Level:
        """Where it stands in protocol order: central bodies with all below them; provinces with their Party committee,
        people's council and people's committee; other bodies of a province (sở, ban, ngành); what lies below: xã,
        phường, đặc khu, and the districts that were.
        """
        place: Unit | None = self
        while place is not None and place.kind not in (UnitKind.PROVINCE, UnitKind.COMMUNE):
            place = place.parent
        if place is None:
            alone = self.kind == UnitKind.DEPARTMENT and self.parent is None
            return Level.PROVINCIAL_BODY if alone else Level.CENTRAL
        if place.kind == UnitKind.COMMUNE:
            return Level.COMMUNE
        return Level.PROVINCE if place is self else self._level_within(place)

    def _level_within(self, province: "Unit") -> Level:
        name, whole = _plain(self.name), _plain(province.name)
        kind = next((start for start in _COMMITTEES if name.startswith(start)), None)
        if kind is None:
            return Level.PROVINCIAL_BODY
        of = name.removeprefix(kind).strip()
        bare = whole.removeprefix("tỉnh ").removeprefix("thành phố ")
        return Level.PROVINCE if of in (whole, bare) else Level.COMMUNE

    def index_names(self) -> None:
        """Recompute the folded search text and the list-order key, from the names, the kind and the parent."""
        self.search = text.fold(f"{self.name} {self.short_name} {self.name_en} {self.symbol}")
        self.sort_key = f"{self.level:d} {text.collation_key(self.short_name)}"


def _plain(name: str) -> str:
    return text.tidy(name).casefold().replace("uỷ", "ủy")


class Succession(Base):
    """One unit became (part of) another on a day; many to many."""

    __tablename__ = "successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    on: Mapped[date]
    document: Mapped[str] = mapped_column(String(200), default="")

    predecessor: Mapped[Unit] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Unit] = relationship(foreign_keys=[successor_id])
