"""Whom a list of presence may be narrowed to by what they were: late, gone early, on leave, not counted, walked in.

What the database can tell it tells; the rest is judged in memory, of those only whom a scan makes a candidate.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select

from lms.attendance import outcomes
from lms.attendance.models import Excuse, Scan, ScanKind, State
from lms.attendance.presence import Outcome, Rule, Times
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate

LATE, LEFT_EARLY, EXCUSED, UNCOUNTED, WALKED_IN = ONLY = ("late", "left-early", "excused", "uncounted", "walked-in")
"""What a list may be narrowed to, each meaning: at one half-day at least."""
CHUNK = 2_000

_MATCHES: dict[str, Callable[[Outcome], bool]] = {
    LATE: lambda one: one.state == State.LATE,
    LEFT_EARLY: lambda one: one.left_early,
    UNCOUNTED: lambda one: one.came and not one.counts,
}


def condition(event: Event, only: str) -> ColumnElement[bool]:
    """The condition on delegates that keeps those who are meant."""
    if only == WALKED_IN:
        return Delegate.walked_in_at.is_not(None)
    if only == EXCUSED:
        excuse = select(Excuse.id).join(HalfDay, HalfDay.id == Excuse.half_day_id)
        own = (HalfDay.event_id == event.id, Excuse.delegate_id == Delegate.id, Excuse.withdrawn_at.is_(None))
        return excuse.where(*own).exists()
    rule, matches = outcomes.rule_of(event), _MATCHES[only]
    found: set[int] = set()
    candidates = iter(_candidates(event, rule, only))
    while ids := list(islice(candidates, CHUNK)):
        judged = outcomes.outcomes(event, ids).items()
        found |= {delegate_id for (_half_day, delegate_id), outcome in judged if matches(outcome)}
    # Written out: there may be more of them than a statement may have parameters.
    return Delegate.id.in_(bindparam("found", sorted(found), expanding=True, literal_execute=True))


def _candidates(event: Event, rule: Rule, only: str) -> Iterator[int]:
    """Delegates with a scan without which they could not be meant."""
    half_days = [outcomes.times_of(one) for one in event.sessions]
    unfit = and_(Scan.kind == ScanKind.IN, Scan.method.not_in(rule.evidence))
    scans = {
        LATE: _late(half_days, rule.late),
        LEFT_EARLY: _early(half_days, rule.early),
        UNCOUNTED: or_(unfit, _late(half_days, rule.late), _early(half_days, rule.early)),
    }[only]
    statement = select(Scan.delegate_id).where(Scan.voided_at.is_(None), scans).distinct()
    own = Scan.half_day_id.in_([one.id for one in half_days])
    return iter(session().scalars(statement.where(own).order_by(Scan.delegate_id)).all())


def _late(half_days: list[Times], grace: timedelta | None) -> ColumnElement[bool]:
    if grace is None:
        return false()
    return _at_one(half_days, ScanKind.IN, lambda times: Scan.at > times.starts_at + grace)


def _early(half_days: list[Times], grace: timedelta | None) -> ColumnElement[bool]:
    if grace is None:
        return false()
    return _at_one(half_days, ScanKind.OUT, lambda times: Scan.at < times.ends_at - grace)


def _at_one(half_days: list[Times], kind: ScanKind, when: Callable[[Times], Any]) -> ColumnElement[bool]:
    each = [and_(Scan.half_day_id == times.id, when(times)) for times in half_days]
    return and_(Scan.kind == kind, or_(false(), *each))
