"""Reads of remote points: whose page it is, the named list, the figures of each point at a half-day, who leads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, distinct, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.accounts.models import Account
from lms.attendance import queries
from lms.attendance.models import PointLeader, PointReport, Scan, ScanMethod
from lms.attendance.queries import expected, standing
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, nearest
from lms.core.permissions import Permission
from lms.core.text import like_pattern, search_terms
from lms.events import queries as events
from lms.events.models import Event, HalfDay, Point
from lms.people.models import Person
from lms.registration.models import Delegate
from lms.units.models import Unit

NAMES_A_PAGE = 500


@dataclass(frozen=True)
class Tally:
    """A point at one half-day: names listed, names present now, what was reported, scans stored after it closed."""

    point: Point
    listed: int
    present: int
    report: PointReport | None = None
    stored_after: int = 0

    @property
    def closed(self) -> bool:
        """Whether the point has closed the half-day."""
        return self.report is not None and self.report.closed_at is not None

    @property
    def named(self) -> int:
        """The names present that heads are compared with: those at the closing, once it has closed."""
        frozen = self.report.named_present if self.report is not None else None
        return self.present if frozen is None else frozen

    @property
    def heads(self) -> int | None:
        """People counted in the room; None: not counted yet."""
        return self.report.head_count if self.report is not None else None

    @property
    def difference(self) -> int | None:
        """Heads less names present; None while nobody has counted."""
        return None if self.heads is None else self.heads - self.named

    @property
    def moved(self) -> bool:
        """Whether something came, or was taken back, after the point had closed."""
        return self.closed and (self.stored_after > 0 or self.present != self.named)


@dataclass(frozen=True)
class Name:
    """Someone on a point's list; `at` and `method` of the earliest scan that brought them in, None: not there.

    `by_leader`: a leader confirmed them; `by_other`: other evidence has them, which a leader's tick does not change.
    """

    id: int
    full_name: str
    post: str
    unit: str
    at: datetime | None = None
    method: str | None = None
    by_leader: bool = False
    by_other: bool = False


def get_point(account: Account, key: str, point_id: int) -> Point:
    """A point with its event, for its leader once it is published, and for who runs it; raises NotFound."""
    led = exists().where(PointLeader.point_id == Point.id, PointLeader.account_id == account.id)
    managed = Event.id.in_(events.managed_events(account, Permission.POINT).with_only_columns(Event.id))
    point = session().scalar(
        select(Point)
        .join(Point.event)
        .where(Event.key == key, Point.id == point_id, or_(led & Event.published_at.is_not(None), managed))
        .options(contains_eager(Point.event).joinedload(Event.unit))
    )
    if point is None:
        raise NotFound
    return point


def get_report(point: Point, half_day: HalfDay) -> PointReport:
    """What the point said of a half-day; raises NotFound."""
    report = session().get(PointReport, (point.id, half_day.id))
    if report is None:
        raise NotFound
    return report


def get_leader(event: Event, point_id: int, account_id: int) -> PointLeader:
    """One who answers for a point of this event; raises NotFound."""
    found = session().get(PointLeader, (point_id, account_id))
    if found is None or found.point.event_id != event.id:
        raise NotFound
    return found


def tallies(event: Event, half_day: HalfDay, point: Point | None = None) -> list[Tally]:
    """Every point of the event at one half-day, or only one of them, in five statements however many there are."""
    here = (*expected(event.id), _at(point))
    listed = _numbers(select(Delegate.point_id, func.count()).where(*here).group_by(Delegate.point_id))
    present = _numbers(_present(half_day, *here))
    reports = {one.point_id: one for one in session().scalars(_reports(half_day, point))}
    after = _numbers(
        select(Delegate.point_id, func.count())
        .join(Scan, Scan.delegate_id == Delegate.id)
        .join(PointReport, (PointReport.point_id == Delegate.point_id) & (PointReport.half_day_id == Scan.half_day_id))
        .where(*here, Scan.half_day_id == half_day.id, *standing(), Scan.stored_at > PointReport.closed_at)
        .group_by(Delegate.point_id)
    )
    points = [point] if point is not None else event.points
    return [
        Tally(one, listed.get(one.id, 0), present.get(one.id, 0), reports.get(one.id), after.get(one.id, 0))
        for one in points
    ]


def present_of(point: Point, half_day: HalfDay) -> int:
    """How many on the point's list are present by any evidence."""
    return _numbers(_present(half_day, *expected(point.event_id, point.id))).get(point.id, 0)


def closed_counts(event: Event) -> dict[int, int]:
    """How many points have closed each half-day, by its id; those of which none has are left out."""
    statement = (
        select(PointReport.half_day_id, func.count())
        .join(Point, Point.id == PointReport.point_id)
        .where(Point.event_id == event.id, PointReport.closed_at.is_not(None))
        .group_by(PointReport.half_day_id)
    )
    return _numbers(statement)


def closed_points(half_day: HalfDay) -> dict[int, str]:
    """The points that have closed a half-day: id and name, in the event's order."""
    statement = (
        select(Point.id, Point.name)
        .join(PointReport, PointReport.point_id == Point.id)
        .where(PointReport.half_day_id == half_day.id, PointReport.closed_at.is_not(None))
        .order_by(Point.position)
    )
    return dict(session().execute(statement).all())


def names(point: Point, half_day: HalfDay, words: str = "", page: int = 1) -> Page[Name]:
    """A page of the point's list in the order of the printed sheet, with what brought each in; three statements."""
    conditions = [*expected(point.event_id, point.id)]
    conditions += [Delegate.search.like(like_pattern(term), escape="\\") for term in search_terms(words)]
    total = session().scalar(select(func.count()).select_from(Delegate).where(*conditions)) or 0
    number = nearest(page, total, NAMES_A_PAGE)
    rows = (
        session()
        .execute(
            select(Delegate.id, Delegate.full_name, Delegate.post, Unit.short_name)
            .join(Unit, Unit.id == Delegate.unit_id)
            .where(*conditions)
            .order_by(Delegate.unit_sort_key, Delegate.unit_id, Delegate.sort_key, Delegate.id)
            .limit(NAMES_A_PAGE)
            .offset((number - 1) * NAMES_A_PAGE)
        )
        .all()
    )
    came = _scans(half_day, [row.id for row in rows])
    return Page([_name(row, came.get(row.id, ())) for row in rows], number, NAMES_A_PAGE, total)


def leaders(event: Event) -> dict[int, list[Account]]:
    """Who answers for each point of the event, by the point's id."""
    rows = session().scalars(
        select(PointLeader)
        .join(Point, Point.id == PointLeader.point_id)
        .where(Point.event_id == event.id)
        .options(joinedload(PointLeader.account))
        .order_by(Point.position, PointLeader.account_id)
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for one in rows:
        found[one.point_id].append(one.account)
    return found


def name_of(account_id: int) -> str:
    """The full name of whoever holds an account."""
    return session().scalar(select(queries.name_of(account_id))) or ""


def history(point: Point, half_day: HalfDay) -> Sequence[Row[Any]]:
    """When the point closed the half-day and when it was opened again: at, verb, detail, by; the latest first."""
    statement = (
        select(AuditEntry.at, AuditEntry.verb, AuditEntry.detail, Person.full_name.label("by"))
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(AuditEntry.subject == f"point:{point.id}", AuditEntry.verb.in_(("point.close", "point.reopen")))
        .order_by(AuditEntry.id.desc())
        .limit(100)
    )
    return [row for row in session().execute(statement) if row.detail.get("session") == half_day.key]


_LED = (
    select(
        *(Event.key, Event.title, Event.title_en, Event.starts_on, Event.ends_on, Point.id, Point.name),
        select(func.count()).where(HalfDay.event_id == Event.id).scalar_subquery().label("half_days"),
        select(func.count())
        .where(PointReport.point_id == Point.id, PointReport.closed_at.is_not(None))
        .scalar_subquery()
        .label("closed"),
    )
    .join(Point, Point.event_id == Event.id)
    .join(PointLeader, PointLeader.point_id == Point.id)
    .where(PointLeader.account_id == bindparam("account_id"), Event.ends_on >= bindparam("today"))
    .where(Event.published_at.is_not(None), Event.cancelled_at.is_(None))
    .order_by(Event.starts_on, Point.position)
    .limit(50)
)


def led_by(account_id: int) -> Sequence[Row[Any]]:
    """The points an account answers for at events that are not over, the nearest first.

    Rows of the event's key, title, title_en, starts_on, ends_on, the point's id and name, half_days, and how many of
    them the point has closed.
    """
    return session().execute(_LED, {"account_id": account_id, "today": clock.today()}).all()


def leader_permission(account_id: int) -> frozenset[Permission]:
    """What answering for a point of any event allows."""
    led = session().scalar(select(PointLeader.point_id).where(PointLeader.account_id == account_id).limit(1))
    return frozenset({Permission.POINT}) if led is not None else frozenset()


def _at(point: Point | None) -> ColumnElement[bool]:
    return Delegate.point_id.is_not(None) if point is None else Delegate.point_id == point.id


def _present(half_day: HalfDay, *here: ColumnElement[bool]) -> Any:
    return (
        select(Delegate.point_id, func.count(distinct(Scan.delegate_id)))
        .join(Scan, Scan.delegate_id == Delegate.id)
        .where(*here, Scan.half_day_id == half_day.id, *standing())
        .group_by(Delegate.point_id)
    )


def _reports(half_day: HalfDay, point: Point | None) -> Any:
    statement = select(PointReport).where(PointReport.half_day_id == half_day.id)
    return statement if point is None else statement.where(PointReport.point_id == point.id)


def _numbers(statement: Any) -> dict[int, int]:
    return dict(map(tuple, session().execute(statement)))


def _scans(half_day: HalfDay, delegate_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """The scans "in" of these people, the earliest first."""
    if not delegate_ids:
        return {}
    rows = session().execute(
        select(Scan.delegate_id, Scan.at, Scan.method)
        .where(Scan.half_day_id == half_day.id, Scan.delegate_id.in_(delegate_ids), *standing())
        .order_by(Scan.at, Scan.uuid)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.delegate_id].append(row)
    return found


def _name(row: Any, scans: Sequence[Any]) -> Name:
    methods = {scan.method for scan in scans}
    return Name(
        row.id,
        row.full_name,
        row.post,
        row.short_name,
        at=scans[0].at if scans else None,
        method=scans[0].method if scans else None,
        by_leader=ScanMethod.LEADER in methods,
        by_other=bool(methods - {ScanMethod.LEADER}),
    )
