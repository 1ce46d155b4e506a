"""What everyone was at every half-day: the rows that `presence` judges, in a number of statements that never grows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from lms.attendance.half_days import begins_at, ends_at
from lms.attendance.models import Excuse, Scan, ScanMethod
from lms.attendance.presence import (
    Evidence,
    Expected,
    Mark,
    Outcome,
    Place,
    Rule,
    SessionSummary,
    Times,
    by_place,
    outcome_of,
    summarise,
)
from lms.attendance.queries import expected
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from lms.units.models import Unit


def rule_of(event: Event) -> Rule:
    """The event's rule of how scans become half-days."""
    return Rule(
        late=_minutes(event.late_minutes),
        early=_minutes(event.early_minutes),
        late_counts=event.late_counts,
        early_counts=event.early_counts,
        excused_counts=event.excused_counts,
        evidence=frozenset(event.evidence.split() or ScanMethod),
        hours=event.hours,
    )


def times_of(half_day: HalfDay) -> Times:
    """When a half-day begins and ends (UTC)."""
    return Times(half_day.id, half_day.key, begins_at(half_day), ends_at(half_day))


def marks(event_id: int, delegate_ids: Sequence[int] | None = None) -> Iterable[Mark]:
    """The standing scans of the event, or of some of its people, in no order."""
    statement = (
        select(Scan.half_day_id, Scan.delegate_id, Scan.at, Scan.uuid, Scan.kind, Scan.method)
        .join(HalfDay, HalfDay.id == Scan.half_day_id)
        .where(HalfDay.event_id == event_id, Scan.voided_at.is_(None))
    )
    if delegate_ids is not None:
        statement = statement.where(Scan.delegate_id.in_(delegate_ids))
    return (Mark(*row) for row in session().execute(statement).yield_per(2000))


def evidence(event_id: int, delegate_ids: Sequence[int] | None = None) -> Evidence:
    """All that is known of the event's half-days, or of some of its people; two statements."""
    statement = (
        select(Excuse.half_day_id, Excuse.delegate_id)
        .join(HalfDay, HalfDay.id == Excuse.half_day_id)
        .where(HalfDay.event_id == event_id, Excuse.withdrawn_at.is_(None))
    )
    if delegate_ids is not None:
        statement = statement.where(Excuse.delegate_id.in_(delegate_ids))
    excuses = {(half_day_id, delegate_id) for half_day_id, delegate_id in session().execute(statement)}
    return Evidence(by_place(marks(event_id, delegate_ids)), excuses)


def tickets(event: Event) -> list[Expected]:
    """Everyone on the list with their ticket, by unit and name: what a door device holds."""
    return _expected(*expected(event.id))


def summary(event: Event) -> list[SessionSummary]:
    """Who was at each half-day: a function of the set of scans and the list as it stands, in four statements."""
    return summarise([times_of(one) for one in event.sessions], tickets(event), evidence(event.id), rule_of(event))


def outcomes(event: Event, delegate_ids: Sequence[int] | None = None) -> dict[Place, Outcome]:
    """What the event's people, or some of them, were at each half-day; those who left the list too."""
    conditions = [Delegate.event_id == event.id]
    if delegate_ids is not None:
        conditions.append(Delegate.id.in_(delegate_ids))
    people = _expected(*conditions)
    involved = None
    if delegate_ids is not None:
        involved = _involved(people)
    known, rule, half_days = evidence(event.id, involved), rule_of(event), [times_of(one) for one in event.sessions]
    return {
        (times.id, person.delegate_id): outcome_of(person, times, known, rule)
        for person in people
        for times in half_days
    }


def in_chunks(event: Event, size: int) -> Iterator[tuple[list[Expected], Evidence]]:
    """Everyone of the event in list order, those who left it too, so many at a time, with what is known of them."""
    in_order = (Delegate.unit_sort_key, Delegate.sort_key, Delegate.id)
    ids = list(session().scalars(select(Delegate.id).where(Delegate.event_id == event.id).order_by(*in_order)))
    for start in range(0, len(ids), size):
        people = _expected(Delegate.id.in_(ids[start : start + size]))
        yield people, evidence(event.id, _involved(people))


def counted_half_days(event: Event, delegate_ids: Sequence[int] | None = None) -> dict[int, set[int]]:
    """For certificates: the half-days that count, of each delegate who has any."""
    found: dict[int, set[int]] = {}
    for (half_day_id, delegate_id), outcome in outcomes(event, delegate_ids).items():
        if outcome.counts:
            found.setdefault(delegate_id, set()).add(half_day_id)
    return found


def _involved(people: Sequence[Expected]) -> list[int]:
    """The people and those in whose place they were named."""
    return [one.delegate_id for one in people] + [one.replaces_id for one in people if one.replaces_id is not None]


def _expected(*conditions: ColumnElement[bool]) -> list[Expected]:
    rows = session().execute(
        select(Delegate.id, Delegate.ticket, Delegate.full_name, Unit.short_name, Delegate.replaces_id)
        .join(Unit, Unit.id == Delegate.unit_id)
        .where(*conditions)
        .order_by(Delegate.unit_sort_key, Delegate.sort_key, Delegate.id)
    )
    return [Expected(*row) for row in rows]


def _minutes(number: int | None) -> timedelta | None:
    return timedelta(minutes=number) if number is not None else None
