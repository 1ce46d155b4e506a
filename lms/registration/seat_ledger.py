"""The seats of an event on one page: read once, counted in memory, so that moving 5,000 people costs five statements.

The rules are those of `seating.shortage`, which counts for one person at a time. `seating.lock` the event first, and
write what was counted with `seating.take_many`.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from lms.core.db import session
from lms.events.models import Event, Point, PointQuota, Quota
from lms.registration.quotas import covering
from lms.registration.seating import Place


class Ledger:
    """Free seats of the event, its quotas, points and shares; `changes` are the seats taken (or given back) so far."""

    def __init__(self, event: Event) -> None:
        self.changes: Counter[Place] = Counter()
        self._seats, self._taken = event.seats, event.seats_taken
        quotas = session().execute(select(Quota.unit_id, Quota.seats, Quota.taken).where(Quota.event_id == event.id))
        self._quotas = {unit_id: seats - taken for unit_id, seats, taken in quotas}
        points = session().execute(select(Point.id, Point.seats, Point.seats_taken).where(Point.event_id == event.id))
        self._points = {number: seats - taken if seats is not None else None for number, seats, taken in points}
        shares = session().execute(
            select(PointQuota.unit_id, PointQuota.point_id, PointQuota.seats, PointQuota.taken)
            .where(PointQuota.event_id == event.id)
        )  # fmt: skip
        self._shares: dict[Place, int] = {(unit, point): seats - taken for unit, point, seats, taken in shares}

    def covering(self, path: str) -> int | None:
        """The unit whose quota covers the unit of this path: its own, else the nearest above with one."""
        return covering(path, self._quotas)

    def has_point(self, point_id: int | None) -> bool:
        """Whether the event still has this point; its own place it always has."""
        return point_id is None or point_id in self._points

    def shortage(self, place: Place) -> str | None:
        """What stands in the way of one more at a place, by the codes of `seating.Shortage`; None: a seat is free."""
        return next((code for code, _where in self.shortages(place)), None)

    def shortages(self, place: Place) -> Iterator[tuple[str, Place]]:
        """All that stands in the way of one more at a place: code, and which quota and point are used up."""
        quota, point = place
        if self._seats is not None and self._taken >= self._seats:
            yield "event", (None, None)
        if quota is None and self._quotas:
            yield "outside", (None, None)
        if quota is not None and self._quotas[quota] <= 0:
            yield "quota", (quota, None)
        free = self._points.get(point) if point is not None else None
        if free is not None and free <= 0:
            yield "point", (None, point)
        share = self._shares.get((quota, point))
        if share is not None and share <= 0:
            yield "point-quota", (quota, point)

    def take(self, place: Place, number: int = 1) -> None:
        """Count seats as taken; a negative number gives them back."""
        quota, point = place
        self.changes[place] += number
        self._taken += number
        if quota in self._quotas:
            self._quotas[quota] -= number
        free = self._points.get(point) if point is not None else None
        if free is not None and point is not None:
            self._points[point] = free - number
        if (quota, point) in self._shares:
            self._shares[quota, point] -= number
