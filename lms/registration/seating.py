"""Seats: who may have one, counted where they are given: a claim costs the same at ten delegates and ten thousand.

A delegate's seat counts in three places: the quota that covers their unit (the unit's own, else the nearest above),
their point, and the event as a whole. One transaction at a time counts for an event: PostgreSQL locks its row, SQLite
has one writer. Speakers, guests, press and organizers take no seat.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from lms.core.db import session
from lms.events.models import Event, Point, PointQuota, Quota
from lms.registration.models import Application, ApplicationState, Delegate, DelegateRole
from lms.registration.quotas import covering, units_above
from lms.units.models import Unit

SEATED = DelegateRole.DELEGATE
"""The role that takes a seat."""

Place: TypeAlias = tuple[int | None, int | None]
"""Where a seat counts beside the event: (unit of the quota, point)."""


@dataclass(frozen=True)
class Shortage:
    """Why there is no seat: "event" full, "outside" every quota, "quota" used up, "point" full, "point-quota" used up.

    `unit` is the short name of the unit whose quota it is, `seats` how many there are.
    """

    code: str
    unit: str = ""
    seats: int = 0


def lock(event: Event) -> None:
    """Let one transaction at a time count seats of this event; its numbers are read again."""
    row = select(Event.seats, Event.seats_taken).where(Event.id == event.id).with_for_update()
    seats, taken = session().execute(row).one()
    set_committed_value(event, "seats", seats)
    set_committed_value(event, "seats_taken", taken)


def covering_quota(event_id: int, unit: Unit) -> int | None:
    """The unit whose quota covers this one: its own, else the nearest above with one."""
    found = select(Quota.unit_id).where(Quota.event_id == event_id, Quota.unit_id.in_(units_above(unit.path)))
    return covering(unit.path, set(session().scalars(found)))


def shortage(event: Event, unit: Unit, quota_unit_id: int | None, point_id: int | None) -> Shortage | None:
    """What stands in the way of one more delegate, None where a seat is free. `lock` the event first."""
    return next(shortages(event, unit, quota_unit_id, point_id), None)


def shortages(event: Event, unit: Unit, quota_unit_id: int | None, point_id: int | None) -> Iterator[Shortage]:
    """All that stands in the way of one more delegate, read as it is asked for. `lock` the event first."""
    if event.seats is not None and event.seats_taken >= event.seats:
        yield Shortage("event", seats=event.seats)
    if quota_unit_id is None:
        if session().scalar(select(Quota.unit_id).where(Quota.event_id == event.id).limit(1)) is not None:
            yield Shortage("outside", unit.short_name)
    else:
        quota = session().get_one(Quota, (event.id, quota_unit_id), populate_existing=True)
        if quota.taken >= quota.seats:
            yield Shortage("quota", quota.unit.short_name, quota.seats)
    if point_id is not None:
        yield from _shortages_at_point(event.id, quota_unit_id, point_id)


def take(event: Event, place: Place, number: int = 1) -> None:
    """Count seats as taken; a negative number gives them back."""
    take_many(event, {place: number})


def take_many(event: Event, numbers: Mapping[Place, int]) -> None:
    """Count many seats at once, in a statement for each quota and point."""
    quotas, points, both = Counter[int](), Counter[int](), Counter[tuple[int, int]]()
    for (unit_id, point_id), number in numbers.items():
        if unit_id is not None:
            quotas[unit_id] += number
        if point_id is not None:
            points[point_id] += number
        if unit_id is not None and point_id is not None:
            both[unit_id, point_id] += number
    for unit_id, number in quotas.items():
        _add(Quota, number, Quota.event_id == event.id, Quota.unit_id == unit_id)
    for point_id, number in points.items():
        _add(Point, number, Point.id == point_id)
    for (unit_id, point_id), number in both.items():
        at = (PointQuota.event_id == event.id, PointQuota.unit_id == unit_id, PointQuota.point_id == point_id)
        _add(PointQuota, number, *at)
    _add(Event, sum(numbers.values()), Event.id == event.id)


def recount(event: Event) -> None:
    """Find anew which quota covers each unit on the list, and count everything from the rows."""
    session().flush()
    quotas = set(session().scalars(select(Quota.unit_id).where(Quota.event_id == event.id)))
    for model in (Delegate, Application):
        units = session().execute(
            select(Unit.id, Unit.path)
            .where(Unit.id.in_(select(model.unit_id).where(model.event_id == event.id)))
            .order_by(Unit.id)
        )
        for unit_id, path in units.all():
            _cover(model, event.id, unit_id, covering(path, quotas))
    _count_again(event)


def _shortages_at_point(event_id: int, quota_unit_id: int | None, point_id: int) -> Iterator[Shortage]:
    point = session().get_one(Point, point_id, populate_existing=True)
    if point.seats is not None and point.seats_taken >= point.seats:
        yield Shortage("point", point.name, point.seats)
    if quota_unit_id is None:
        return
    share = session().get(PointQuota, (event_id, quota_unit_id, point_id), populate_existing=True)
    if share is not None and share.taken >= share.seats:
        yield Shortage("point-quota", point.name, share.seats)


def _add(model: Any, number: int, *whose: ColumnElement[bool]) -> None:
    if number:
        column = model.taken if hasattr(model, "taken") else model.seats_taken
        session().execute(update(model).where(*whose).values({column.key: column + number}))


def _cover(model: type[Delegate] | type[Application], event_id: int, unit_id: int, quota: int | None) -> None:
    """Write the covering quota where it differs; who takes no seat counts in none."""
    own = [model.event_id == event_id, model.unit_id == unit_id]
    if model is Delegate:
        own.append(Delegate.role == SEATED)
    else:
        own.append(Application.state.in_([ApplicationState.REQUESTED, ApplicationState.WAITING]))
    differs = model.quota_unit_id.is_distinct_from(quota)
    session().execute(update(model).where(*own, differs).values(quota_unit_id=quota))


def _count_again(event: Event) -> None:
    seated = (Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None), Delegate.role == SEATED)
    rows = session().execute(
        select(Delegate.quota_unit_id, Delegate.point_id, func.count())
        .where(*seated)
        .group_by(Delegate.quota_unit_id, Delegate.point_id)
    )
    numbers: dict[Place, int] = {(unit_id, point_id): number for unit_id, point_id, number in rows}
    session().execute(update(Quota).where(Quota.event_id == event.id).values(taken=0))
    session().execute(update(PointQuota).where(PointQuota.event_id == event.id).values(taken=0))
    session().execute(update(Point).where(Point.event_id == event.id).values(seats_taken=0))
    session().execute(update(Event).where(Event.id == event.id).values(seats_taken=0))
    take_many(event, numbers)
