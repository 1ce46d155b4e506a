"""Half-days made from the dates of an event: pure arithmetic, no rows."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from lms.events.models import Half

HALVES = (Half.MORNING, Half.AFTERNOON)
HOURS = {Half.MORNING: (time(7, 30), time(11, 30)), Half.AFTERNOON: (time(13, 30), time(17, 0))}
"""When a half-day usually begins and ends in an office of the State."""
HOURS_EACH = 4
"""Hours of training that a half-day counts for, until the organizer says otherwise."""
LONGEST = 60
"""Most days one event may last; a longer span is a slip of the pen."""


@dataclass(frozen=True)
class Span:
    """From a half of the first day to a half of the last, both included."""

    starts_on: date
    first: Half
    ends_on: date
    last: Half

    @property
    def days(self) -> int:
        """How many days it touches; below 1 when the end comes before the beginning."""
        return (self.ends_on - self.starts_on).days + 1

    def half_days(self) -> list[tuple[date, Half]]:
        """Every half-day of the span, in order; empty when the end comes before the beginning."""
        days = (self.starts_on + timedelta(days=offset) for offset in range(self.days))
        return [(day, half) for day in days for half in HALVES if self._holds(day, half)]

    def beginning_on(self, day: date) -> "Span":
        """The same span, begun on another day."""
        return replace(self, starts_on=day, ends_on=day + (self.ends_on - self.starts_on))

    def _holds(self, day: date, half: Half) -> bool:
        rank = HALVES.index(half)
        too_early = day == self.starts_on and rank < HALVES.index(self.first)
        too_late = day == self.ends_on and rank > HALVES.index(self.last)
        return not (too_early or too_late)
