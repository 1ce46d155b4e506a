"""Arrivals at a half-day over time, in steps of five minutes on the clock, from when its doors open.

An arrival is the first mark "in" with a time of its own. A signed sheet, a leader's tick and a correction without an
hour stand at the half-day's beginning by convention: whoever has only those is present, and no arrival.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, extract, func, not_, select

from lms.attendance.half_days import DOORS_OPEN, begins_at, ends_at
from lms.attendance.live import Watched
from lms.attendance.models import Scan, ScanMethod
from lms.attendance.queries import standing
from lms.core import clock
from lms.core.db import session
from lms.registration.models import Delegate

STEP = timedelta(minutes=5)
WITHOUT_TIME = (ScanMethod.SHEET, ScanMethod.LEADER)
"""Evidence that stands at the half-day's beginning, for nobody knows when the person came."""


@dataclass(frozen=True)
class Arrivals:
    """How many came in one step of time, and how many had come by its end; `since` is UTC.

    An `early` step is the first and holds everyone who came before it ends, a `late` one is the last and holds everyone
    who came after it begins.
    """

    since: datetime
    number: int
    in_all: int
    early: bool = False
    late: bool = False

    @property
    def until(self) -> datetime:
        """The end of the step (UTC)."""
        return self.since + STEP


def arrivals(watched: Watched) -> list[Arrivals]:
    """Arrivals in steps of five minutes, from an hour before the beginning to the last, none later than now; one
    statement.

    Whoever came before that, or over an hour after the end as a device's clock may say, is counted in a step of its own
    beyond the first or the last, which says so. Without anyone there is nothing.
    """
    numbers = _numbers(watched)
    seconds = int(STEP.total_seconds())
    first = _step_of(begins_at(watched.half_day) - DOORS_OPEN)
    last = _step_of(ends_at(watched.half_day) + DOORS_OPEN)
    binned: dict[int, int] = defaultdict(int)
    for at, number in numbers.items():
        binned[min(max(at, first - seconds), last)] += number
    found, in_all = [], 0
    for at in range(min(first, *binned), max(binned) + 1, seconds) if binned else ():
        in_all += binned[at]
        found.append(Arrivals(datetime.fromtimestamp(at, UTC), binned[at], in_all, at < first, at >= last))
    return found


def busiest(steps: list[Arrivals]) -> Arrivals | None:
    """The five minutes in which most came; None where nobody came in any."""
    return max((one for one in steps if one.number and not one.early and not one.late), key=_number, default=None)


def _number(step: Arrivals) -> int:
    return step.number


def _numbers(watched: Watched) -> dict[int, int]:
    """How many arrived in each step, by its beginning in seconds since 1970."""
    half_day, seconds = watched.half_day, int(STEP.total_seconds())
    by_hand = and_(Scan.method == ScanMethod.MANUAL, Scan.device.is_(None), Scan.at == begins_at(half_day))
    first = (
        select(Scan.delegate_id, func.min(Scan.at).label("at"))
        .where(Scan.half_day_id == half_day.id, *standing(), Scan.at <= clock.now())
        .where(Scan.method.not_in(WITHOUT_TIME), not_(by_hand))
        .group_by(Scan.delegate_id)
        .subquery()
    )
    epoch = extract("epoch", first.c.at)
    came = (
        select((epoch - epoch % seconds).label("step"))
        .join(Delegate, Delegate.id == first.c.delegate_id)
        .where(*watched.expected)
        .subquery()
    )
    rows = session().execute(select(came.c.step, func.count()).group_by(came.c.step))
    return {int(at): number for at, number in rows}


def _step_of(moment: datetime) -> int:
    """The beginning of the step a moment falls in, in seconds since 1970."""
    seconds = int(moment.timestamp())
    return seconds - seconds % int(STEP.total_seconds())
