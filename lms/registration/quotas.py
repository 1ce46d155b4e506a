"""Seats by unit and who fills them. Pure."""

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
        """The quota that a unit falls under: its own, else the nearest above it."""
        lines, path = self._by_path, unit_path
        while path:
            if path in lines:
                return lines[path]
            path = path[: path.rstrip("/").rfind("/") + 1]
        return None

    @cached_property
    def _by_path(self) -> dict[str, QuotaLine]:
        return {line.path: line for line in self.lines}
