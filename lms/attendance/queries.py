"""Reads of attendance; rows of columns, in a number of statements that never grows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, distinct, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from lms.accounts.models import Account
from lms.attendance.half_days import ends_at
from lms.attendance.models import (
    DoorDevice,
    Excuse,
    PointReport,
    PresenceChange,
    Scan,
    ScanKind,
    SheetDoubt,
    SheetEntry,
)
from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.permissions import Permission
from lms.events import policy as events_policy
from lms.events.models import Event, Half, HalfDay, Point
from lms.people.models import Person
from lms.registration import tickets as ticket_codes
from lms.registration.models import Delegate, SecondTicket
from lms.units.models import Unit

_BY_TICKET = (
    select(Delegate)
    .where(
        or_(
            Delegate.ticket == bindparam("ticket"),
            Delegate.id.in_(select(SecondTicket.delegate_id).where(SecondTicket.ticket == bindparam("ticket"))),
        )
    )  # by the ticket alone: told the event too, SQLite would read the whole list
    .options(
        load_only(
            *(Delegate.event_id, Delegate.full_name, Delegate.unit_id, Delegate.point_id),
            *(Delegate.withdrawn_at, Delegate.withdraw_reason),
        ),
        joinedload(Delegate.unit).load_only(Unit.short_name),
    )
)
_DOOR = (
    select(HalfDay)
    .join(HalfDay.event)
    .join(Event.unit)
    .where(Event.key == bindparam("key"), HalfDay.on == bindparam("on"), HalfDay.half == bindparam("half"))
    .options(
        contains_eager(HalfDay.event).load_only(Event.key, Event.cancelled_at),
        contains_eager(HalfDay.event).contains_eager(Event.unit).load_only(Unit.path),
    )
)
# Built once: at a door, building a statement costs more than running it.
_OF_HALF_DAYS = (Scan, Excuse, SheetDoubt, SheetEntry, PresenceChange, PointReport)


@dataclass(frozen=True)
class Count:
    """How many came of how many expected."""

    present: int = 0
    expected: int = 0

    @property
    def missing(self) -> int:
        """How many have not come."""
        return self.expected - self.present


def taken_place(event: Event, day: date | None = None) -> list[HalfDay]:
    """The half-days up to a day (today) that are over by now."""
    now, last = clock.now(), day or clock.today()
    return [one for one in event.sessions if one.on <= last and ends_at(one) <= now]


def attended_half_days(event: Event) -> set[int]:
    """The ids of the event's half-days of which anything is known, also if taken back: it is evidence and stays."""
    known = (select(table.half_day_id).where(table.half_day_id == HalfDay.id).exists() for table in _OF_HALF_DAYS)
    return set(session().scalars(select(HalfDay.id).where(HalfDay.event_id == event.id, or_(*known))))


def standing() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions: a scan "in" that was not taken back."""
    return Scan.kind == ScanKind.IN, Scan.voided_at.is_(None)


def expected(event_id: int, point_id: int | None = None) -> tuple[ColumnElement[bool], ...]:
    """Conditions: on the event's list and not withdrawn; at the door of a point only its people."""
    conditions = (Delegate.event_id == event_id, Delegate.withdrawn_at.is_(None))
    return (*conditions, Delegate.point_id == point_id) if point_id is not None else conditions


def session_counts(event: Event, point_id: int | None = None) -> dict[int, Count]:
    """Present and expected at each half-day of the event, in two statements."""
    listed = session().scalar(select(func.count()).select_from(Delegate).where(*expected(event.id, point_id))) or 0
    rows = session().execute(
        select(Scan.half_day_id, func.count(distinct(Scan.delegate_id)))
        .join(Delegate, Delegate.id == Scan.delegate_id)
        .where(*expected(event.id, point_id), *standing())
        .group_by(Scan.half_day_id)
    )
    present = dict(rows.all())
    return {one.id: Count(present.get(one.id, 0), listed) for one in event.sessions}


def unit_counts(half_day: HalfDay, point_id: int | None = None) -> list[tuple[str, Count]]:
    """Present and expected of each unit at one half-day, in list order, in two statements."""
    conditions = expected(half_day.event_id, point_id)
    came = (
        select(Delegate.unit_id, func.count(distinct(Scan.delegate_id)))
        .join(Scan, Scan.delegate_id == Delegate.id)
        .where(*conditions, Scan.half_day_id == half_day.id, *standing())
        .group_by(Delegate.unit_id)
    )
    present = dict(session().execute(came).all())
    listed = (
        select(Delegate.unit_id, func.count().label("number")).where(*conditions).group_by(Delegate.unit_id).subquery()
    )  # counted from the index alone, before the units are joined
    rows = session().execute(
        select(Unit.id, Unit.short_name, listed.c.number)
        .join(listed, listed.c.unit_id == Unit.id)
        .order_by(Unit.sort_key, Unit.id)
    )
    return [(name, Count(present.get(unit_id, 0), number)) for unit_id, name, number in rows]


def came_in(half_day_id: int, delegate_ids: Sequence[int]) -> dict[int, Any]:
    """When each of these people came to the half-day (UTC)."""
    rows = session().execute(
        select(Scan.delegate_id, func.min(Scan.at))
        .where(Scan.half_day_id == half_day_id, Scan.delegate_id.in_(delegate_ids), *standing())
        .group_by(Scan.delegate_id)
    )
    return dict(rows.all())


def count_walked_in_since(event_id: int, moment: datetime, point_id: int | None) -> int:
    """How many walked in after a moment (UTC): paper printed before has no row for them."""
    conditions = [*expected(event_id), Delegate.walked_in_at > moment]
    if point_id is not None:
        conditions.append(Delegate.point_id == point_id if point_id else Delegate.point_id.is_(None))
    return session().scalar(select(func.count()).select_from(Delegate).where(*conditions)) or 0


def get_event(key: str) -> Event:
    """An event by its address, for commands, which act for nobody; raises NotFound."""
    event = session().scalar(select(Event).where(Event.key == key))
    if event is None:
        raise NotFound(f"no event {key!r}")
    return event


def get_door(account: Account, key: str, session_key: str) -> HalfDay:
    """The half-day where the account keeps the door; raises NotFound. One statement.

    Of the event comes what an act asks; a page that prints more loads the rest at once.
    """
    on, _dash, half = session_key.rpartition("-")
    try:
        place = {"key": key, "on": date.fromisoformat(on), "half": Half(half)}
    except ValueError:
        raise NotFound from None
    half_day = session().scalar(_DOOR, place)
    if half_day is None or not events_policy.may_manage(account, half_day.event, Permission.DOOR):
        raise NotFound
    return half_day


def find_by_ticket(event_id: int, ticket: str) -> Delegate | None:
    """Whom a scanned or typed code means, with what a plate prints of them; withdrawn ones too."""
    code = ticket_codes.normalise(ticket)
    found = session().scalar(_BY_TICKET, {"ticket": code}) if code is not None else None
    return found if found is not None and found.event_id == event_id else None


def get_point(event: Event, point_id: int | None) -> Point | None:
    """A point of the event; None for None; raises NotFound."""
    if point_id is None:
        return None
    point = session().scalar(select(Point).where(Point.event_id == event.id, Point.id == point_id))
    if point is None:
        raise NotFound
    return point


def get_scan(half_day: HalfDay, uuid: str) -> Scan:
    """A scan of the half-day with its delegate; raises NotFound."""
    scan = session().scalar(
        select(Scan).where(Scan.half_day_id == half_day.id, Scan.uuid == uuid).options(joinedload(Scan.delegate))
    )
    if scan is None:
        raise NotFound
    return scan


def last_scan_of(half_day: HalfDay, account: Account) -> Scan | None:
    """The account's latest scan of the half-day that still counts: what "Hoàn tác" takes back."""
    return session().scalar(
        select(Scan)
        .where(Scan.half_day_id == half_day.id, Scan.account_id == account.id, *standing())
        .order_by(Scan.stored_at.desc(), Scan.id.desc())
        .limit(1)
        .options(joinedload(Scan.delegate))
    )


def history(event: Event, delegate_id: int) -> Mapping[int, Sequence[Row[Any]]]:
    """Every scan of a person by half-day, the earliest first: who entered it, on which device, who took it back."""
    rows = session().execute(
        select(
            *(Scan.id, Scan.half_day_id, Scan.kind, Scan.method, Scan.at, Scan.stored_at, Scan.reason),
            *(Scan.voided_at, Scan.void_reason, name_of(Scan.account_id).label("by")),
            *(name_of(Scan.voided_by_id).label("voided_by"), DoorDevice.name.label("device")),
        )
        .join(HalfDay, HalfDay.id == Scan.half_day_id)
        .outerjoin(DoorDevice, DoorDevice.key == Scan.device)
        .where(HalfDay.event_id == event.id, Scan.delegate_id == delegate_id)
        .order_by(Scan.at, Scan.uuid)
    )
    by_half_day: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_half_day[row.half_day_id].append(row)
    return by_half_day


def name_of(account_id: Any) -> Any:
    """The full name of the person whose account this is, as a column of a statement."""
    return (
        select(Person.full_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == account_id)
        .scalar_subquery()
    )
