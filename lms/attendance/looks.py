"""A look at a half-day as it runs, taken once for everybody who watches it and kept in the process for a moment.

Each process takes its own looks, so any number of processes are right: a look is as old as it says (`at`), and is kept
for ten times what it cost to take, at least a second and at most ten. What someone does on a page drops the looks at
the event in that process, so that they see their own act; scans only let them age. Spreadsheets ask anew.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lms.attendance import arrivals, live, point_queries
from lms.attendance.arrivals import Arrivals
from lms.attendance.live import DeviceState, Figures, MissingUnit, UnitFigures, Watched
from lms.core import clock

LEAST, MOST = timedelta(seconds=1), timedelta(seconds=10)
"""How long a look is kept at least, and at most."""
TIMES = 10
"""How many times its cost a look is kept: so much less is spent on watching than there is."""
MOST_KEPT = 200
"""Half-days and points looked at at once, before all are dropped."""


@dataclass(frozen=True)
class PointsTold:
    """Of the event's points: how many there are, have closed, and have heads that differ from the names."""

    total: int
    closed: int
    apart: int


@dataclass(frozen=True)
class Look:
    """What is known of a half-day at one moment (UTC): plain values, no rows of a session."""

    at: datetime
    units: Sequence[UnitFigures]
    steps: list[Arrivals]
    missing: Sequence[MissingUnit]
    devices: Sequence[DeviceState]
    points: PointsTold | None

    @property
    def figures(self) -> Figures:
        """The totals."""
        return live.total(self.units)

    @property
    def untimed(self) -> int:
        """How many are present of whom nobody knows when they came."""
        return self.figures.present - (self.steps[-1].in_all if self.steps else 0)


@dataclass
class _Place:
    """Where one look is kept; the lock is held while it is taken, so that whoever comes meanwhile waits for it."""

    look: Look | None = None
    kept: timedelta = LEAST
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_good(self, now: datetime) -> bool:
        return self.look is not None and timedelta() <= now - self.look.at < self.kept


class Looks:
    """The looks kept by one process."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int, int | None], _Place] = {}
        self._lock = threading.Lock()

    def at(self, watched: Watched) -> Look:
        """The look at what is watched: the one that is kept, or a new one where that is too old."""
        place = self._place(watched)
        with place.lock:
            if place.look is None or not place.is_good(clock.now()):
                started = time.perf_counter()
                place.look = take(watched)
                cost = timedelta(seconds=time.perf_counter() - started)
                place.kept = min(max(LEAST, TIMES * cost), MOST)
            return place.look

    def drop(self, event_key: str) -> None:
        """Keep no look at this event: the next is taken anew. One that is being taken now is shown and not kept."""
        with self._lock:
            self._places = {name: place for name, place in self._places.items() if name[0] != event_key}

    def drop_all(self) -> None:
        """Keep none."""
        with self._lock:
            self._places = {}

    def _place(self, watched: Watched) -> _Place:
        name = (watched.event.key, watched.half_day.id, watched.point.id if watched.point is not None else None)
        with self._lock:
            if name not in self._places and len(self._places) >= MOST_KEPT:
                self._places = {}
            return self._places.setdefault(name, _Place())


def take(watched: Watched) -> Look:
    """A look now."""
    now = clock.now()
    return Look(
        at=now,
        units=live.by_unit(watched),
        steps=arrivals.arrivals(watched),
        missing=live.missing(watched),
        devices=live.devices(watched, now),
        points=_points(watched),
    )


def _points(watched: Watched) -> PointsTold | None:
    """Told of all points together; nothing where one is watched, or the event has none."""
    if watched.point is not None or not watched.event.points:
        return None
    tallies = point_queries.tallies(watched.event, watched.half_day)
    closed, apart = sum(one.closed for one in tallies), sum(bool(one.difference) for one in tallies)
    return PointsTold(len(tallies), closed, apart)
