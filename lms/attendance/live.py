"""Who is there just now, as numbers: by unit, who is missing, which devices are silent.

The same rule as `presence`, written as SQL over a row a person, so that 75,000 people cost a few sums and not 75,000
rows; a test holds the two together on random evidence.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from lms.accounts.models import Account
from lms.attendance.half_days import DOORS_OPEN, begins_at, ends_at
from lms.attendance.models import DoorDevice, Excuse, Scan, ScanKind
from lms.attendance.outcomes import rule_of
from lms.attendance.presence import Rule
from lms.attendance.queries import expected, standing
from lms.core.db import session
from lms.events.models import Event, HalfDay, Point
from lms.people.models import Person
from lms.registration.models import Delegate, FocalPoint
from lms.units.models import Unit

MOST_MISSING = 200
MOST_DEVICES = 200
SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Figures:
    """People of a unit, or all of them, at one half-day. `left` went out and did not come back."""

    expected: int = 0
    present: int = 0
    late: int = 0
    left_early: int = 0
    left: int = 0
    excused: int = 0
    substituted: int = 0

    @property
    def inside(self) -> int:
        """How many came and are there still, as far as scans tell."""
        return self.present - self.left

    @property
    def missing(self) -> int:
        """How many have not come, without an excuse or anyone in their place."""
        return self.expected - self.present - self.excused - self.substituted

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class UnitFigures:
    """A unit of the list with its figures."""

    id: int
    name: str
    figures: Figures


@dataclass(frozen=True)
class Focal:
    """Who can be called about a unit's people; `phone` is empty where none is known."""

    name: str
    phone: str


@dataclass(frozen=True)
class MissingUnit:
    """The people of one unit who have not come, and whom to call about them."""

    name: str
    people: Sequence[Any]
    focal_points: Sequence[Focal]


@dataclass(frozen=True)
class DeviceState:
    """A door device: when it was last heard of (UTC), scans still waiting in it, and whether it is silent for long."""

    name: str
    point: str
    heard_at: datetime
    waiting: int
    silent: bool

    @property
    def troubled(self) -> bool:
        """Whether somebody should go and look."""
        return self.silent or self.waiting > 0


@dataclass(frozen=True)
class Watched:
    """What is looked at: a half-day of an event, of all its people or of those of one point."""

    event: Event
    half_day: HalfDay
    point: Point | None = None

    @property
    def expected(self) -> tuple[ColumnElement[bool], ...]:
        """Conditions: who is expected."""
        return expected(self.event.id, self.point.id if self.point is not None else None)


def by_unit(watched: Watched) -> list[UnitFigures]:
    """The figures of each unit in list order; one statement."""
    people = _people(watched)
    counted = (
        select(people.c.unit_id, func.count().label("expected"), *_sums(people, watched))
        .group_by(people.c.unit_id)
        .subquery()
    )
    rows = session().execute(
        select(Unit.id, Unit.short_name, *(counted.c[one.name] for one in fields(Figures)))
        .join(counted, counted.c.unit_id == Unit.id)
        .order_by(Unit.sort_key, Unit.id)
    )
    return [UnitFigures(row[0], row[1], Figures(*(int(number) for number in row[2:]))) for row in rows]


def total(units: Sequence[UnitFigures]) -> Figures:
    """The figures of all of them."""
    return sum((one.figures for one in units), Figures())


def missing(watched: Watched, most: int | None = MOST_MISSING) -> list[MissingUnit]:
    """Who has not come, by unit and name, each unit with whom to call; at most so many people, None: all."""
    half_day = watched.half_day
    statement = (
        select(Delegate.unit_id, Delegate.quota_unit_id, Unit.short_name, Delegate.full_name, Delegate.post)
        .join(Unit, Unit.id == Delegate.unit_id)
        .where(*watched.expected, ~_came(half_day, Delegate.id), ~_excused(half_day), ~_stood_in(half_day))
        .order_by(Delegate.unit_sort_key, Delegate.sort_key, Delegate.id)  # an index's own order: it stops at the last
    )
    rows = session().execute(statement if most is None else statement.limit(most)).all()
    focal = _focal_points(watched.event)
    units: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        units[row.unit_id].append(row)
    return [MissingUnit(some[0].short_name, some, _of_unit(focal, some)) for some in units.values()]


def devices(watched: Watched, now: datetime) -> list[DeviceState]:
    """The event's devices that were not revoked, or those of the point; the troubled ones first.

    Silence is only told while the doors of the half-day are open: a device put away is silent too.
    """
    statement = (
        select(DoorDevice.name, Point.name, DoorDevice.heard_at, DoorDevice.waiting)
        .outerjoin(Point, Point.id == DoorDevice.point_id)
        .where(DoorDevice.event_id == watched.event.id, DoorDevice.revoked_at.is_(None))
    )
    if watched.point is not None:
        statement = statement.where(or_(DoorDevice.point_id == watched.point.id, DoorDevice.point_id.is_(None)))
    open_now = begins_at(watched.half_day) - DOORS_OPEN <= now < ends_at(watched.half_day)
    found = [
        DeviceState(name, point or "", heard_at, waiting, open_now and now - heard_at > SILENT_AFTER)
        for name, point, heard_at, waiting in session().execute(
            statement.order_by(DoorDevice.waiting.desc(), DoorDevice.heard_at, DoorDevice.id).limit(MOST_DEVICES)
        )
    ]
    return sorted(found, key=lambda one: not one.troubled)


def marks(half_day: HalfDay, rule: Rule) -> Subquery:
    """A row for everyone with a scan that stands: delegate_id, entry (None: only scans "out"), last_in, last_out."""
    came_in = Scan.kind == ScanKind.IN
    counting = and_(came_in, Scan.method.in_(sorted(rule.evidence)))
    first = func.coalesce(func.min(case((counting, Scan.at))), func.min(case((came_in, Scan.at))))
    return (
        select(
            Scan.delegate_id,
            first.label("entry"),
            func.max(case((came_in, Scan.at))).label("last_in"),
            func.max(case((Scan.kind == ScanKind.OUT, Scan.at))).label("last_out"),
        )
        .where(Scan.half_day_id == half_day.id, Scan.voided_at.is_(None))
        .group_by(Scan.delegate_id)
        .subquery()
    )


def _people(watched: Watched) -> Subquery:
    """A row for everyone expected: unit_id, entry, last_in, last_out, and as 0 or 1 excused and stood_in.

    `entry` is the first scan "in" whose evidence counts, else the first of any; None for one who did not come.
    """
    half_day = watched.half_day
    known = marks(half_day, rule_of(watched.event))
    return (
        select(
            *(Delegate.unit_id, known.c.entry, known.c.last_in, known.c.last_out),
            case((known.c.entry.is_not(None), 0), (_excused(half_day), 1), else_=0).label("excused"),
            case((known.c.entry.is_not(None), 0), (_stood_in(half_day), 1), else_=0).label("stood_in"),
        )
        .outerjoin(known, known.c.delegate_id == Delegate.id)
        .where(*watched.expected)
        .subquery()
    )


def _came(half_day: HalfDay, delegate_id: Any) -> ColumnElement[bool]:
    """A scan stands that brought this delegate in."""
    here = (Scan.half_day_id == half_day.id, Scan.delegate_id == delegate_id)
    return select(Scan.id).where(*here, *standing()).exists()


def _excused(half_day: HalfDay) -> ColumnElement[bool]:
    here = (Excuse.half_day_id == half_day.id, Excuse.delegate_id == Delegate.id)
    return select(Excuse.id).where(*here, Excuse.withdrawn_at.is_(None)).exists()


def _stood_in(half_day: HalfDay) -> ColumnElement[bool]:
    """Whom the delegate replaces was there."""
    return and_(Delegate.replaces_id.is_not(None), _came(half_day, Delegate.replaces_id))


def _sums(people: Subquery, watched: Watched) -> list[Any]:
    """Sums in the order of `Figures` after `expected`."""
    rule, half_day = rule_of(watched.event), watched.half_day
    came, gone = people.c.entry.is_not(None), people.c.last_out > people.c.last_in
    late = people.c.entry > begins_at(half_day) + rule.late if rule.late is not None else None
    early = people.c.last_out < ends_at(half_day) - rule.early if rule.early is not None else None
    conditions = {
        "present": came,
        "late": late,
        "left_early": and_(came, gone, early) if early is not None else None,
        "left": and_(came, gone),
        "excused": people.c.excused == 1,
        "substituted": and_(people.c.excused == 0, people.c.stood_in == 1),
    }
    return [
        func.coalesce(func.sum(case((condition, 1), else_=0)) if condition is not None else 0, 0).label(name)
        for name, condition in conditions.items()
    ]


def _focal_points(event: Event) -> Mapping[int, Sequence[Focal]]:
    """Whom to call about each unit of the event."""
    rows = session().execute(
        select(FocalPoint.unit_id, Person.full_name, Person.phone)
        .join(Account, Account.id == FocalPoint.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(FocalPoint.event_id == event.id, Account.disabled_at.is_(None))
        .order_by(FocalPoint.unit_id, FocalPoint.account_id)
    )
    found: dict[int, list[Focal]] = defaultdict(list)
    for unit_id, name, phone in rows:
        found[unit_id].append(Focal(name, phone or ""))
    return found


def _of_unit(focal: Mapping[int, Sequence[Focal]], people: Sequence[Any]) -> list[Focal]:
    """The focal points of the people's own unit, then of the units whose quota they sit in."""
    unit_ids = [people[0].unit_id, *(row.quota_unit_id for row in people)]
    return list(dict.fromkeys(one for unit_id in unit_ids for one in focal.get(unit_id or 0, ())))
