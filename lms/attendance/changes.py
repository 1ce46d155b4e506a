"""What a person's act makes of outcomes: computed before and after it, and kept for good with who and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, or_, select

from lms.accounts.models import Account
from lms.attendance import outcomes
from lms.attendance.models import PresenceChange
from lms.attendance.presence import Outcome, Place
from lms.attendance.queries import name_of
from lms.core import audit, clock
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate


class Cause(StrEnum):
    """What changed an outcome."""

    CORRECTION = "correction"
    EXCUSE = "excuse"
    RULE = "rule"
    HOURS = "hours"


@dataclass(frozen=True)
class Difference:
    """A place (half-day and delegate, by id) whose outcome is not what it was."""

    place: Place
    before: Outcome
    after: Outcome


def differs(before: Outcome, after: Outcome) -> bool:
    """Whether two outcomes differ in what is kept of them: the state, and whether the half-day counts."""
    return (before.state, before.counts) != (after.state, after.counts)


def differences(before: Mapping[Place, Outcome], after: Mapping[Place, Outcome]) -> list[Difference]:
    """The places at which the two differ."""
    return [Difference(place, was, after[place]) for place, was in before.items() if differs(was, after[place])]


@contextmanager
def recorded(event: Event, delegate: Delegate, cause: Cause, by: Account | None, reason: str) -> Iterator[None]:
    """Keep what the block makes of a delegate's outcomes, and of those of whoever was named in their place."""
    session().flush()
    ids = list(session().scalars(select(Delegate.id).where(_concerned(delegate)).order_by(Delegate.id)))
    before = outcomes.outcomes(event, ids)
    yield
    session().flush()
    keep(differences(before, outcomes.outcomes(event, ids)), cause, by, reason)


def keep(changed: Iterable[Difference], cause: Cause, by: Account | None, reason: str) -> int:
    """Write a PresenceChange for each difference, in one statement; how many."""
    rows = [_row(one, cause, by, reason) for one in changed]
    if rows:
        session().execute(insert(PresenceChange), rows)
    return len(rows)


def changes_of(event: Event, delegate_id: int) -> Sequence[Row[Any]]:
    """Everything that was changed about a person at the event, the latest first, with who did it."""
    return (
        session()
        .execute(
            select(
                *(PresenceChange.half_day_id, PresenceChange.cause, PresenceChange.was, PresenceChange.counted),
                *(PresenceChange.became, PresenceChange.counts, PresenceChange.reason, PresenceChange.at),
                name_of(PresenceChange.account_id).label("by"),
            )
            .join(HalfDay, HalfDay.id == PresenceChange.half_day_id)
            .where(HalfDay.event_id == event.id, PresenceChange.delegate_id == delegate_id)
            .order_by(PresenceChange.at.desc(), PresenceChange.id.desc())
        )
        .all()
    )


def _concerned(delegate: Delegate) -> Any:
    return or_(Delegate.id == delegate.id, Delegate.replaces_id == delegate.id)


def _row(one: Difference, cause: Cause, by: Account | None, reason: str) -> dict[str, Any]:
    half_day_id, delegate_id = one.place
    return {
        "half_day_id": half_day_id,
        "delegate_id": delegate_id,
        "cause": str(cause),
        "was": one.before.state,
        "counted": one.before.counts,
        "became": one.after.state,
        "counts": one.after.counts,
        "reason": reason,
        "account_id": audit.id_of(by),
        "at": clock.now(),
    }
