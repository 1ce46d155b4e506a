"""Seats by unit and who fills them. Pure."""

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class QuotaLine:
    """Seats of a unit and how many of it, and of units below it without a quota of their own, are registered."""

    unit_id: int
    unit: str
    path: str
    seats: int
    registered: int

    @property
    def over(self) -> int:
        """How many are registered beyond the seats."""
        return max(0, self.registered - self.seats)


@dataclass(frozen=True)
class QuotaPicture:
    """The event's quotas in list order; `outside`: delegates of units that no quota covers."""

    lines: tuple[QuotaLine, ...] = ()
    outside: int = 0

    @property
    def seats(self) -> int:
        """All seats together."""
        return sum(line.seats for line in self.lines)

    @property
    def registered(self) -> int:
        """All who fill a quota."""
        return sum(line.registered for line in self.lines)

    def line_of(self, unit_path: str) -> QuotaLine | None:
        """The quota that a unit falls under."""
        unit_id = covering(unit_path, self._by_unit)
        return self._by_unit[unit_id] if unit_id is not None else None

    @cached_property
    def _by_unit(self) -> dict[int, QuotaLine]:
        return {line.unit_id: line for line in self.lines}


def units_above(path: str) -> list[int]:
    """The unit of a path "/1/34/", then those above it, the nearest first."""
    return [int(part) for part in reversed(path.split("/")) if part]


def covering(path: str, with_quota: Container[int]) -> int | None:
    """The unit whose quota covers the unit of this path: its own, else the nearest above with one."""
    return next((unit_id for unit_id in units_above(path) if unit_id in with_quota), None)
