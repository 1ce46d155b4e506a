"""Rounds of mails to many delegates: a job that writes to each who still waits, a few a transaction."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.core import jobs
from lms.core.db import session
from lms.events.models import Event
from lms.registration.models import Delegate

_AT_ONCE: Final = 5
"""Mails a transaction, some 25 ms each: whoever else writes on SQLite, such as a door, waits no longer than this."""


def key_of(kind: str, event: Event, people: Sequence[Any]) -> str:
    """The key of a round's job: the same people in the same state (rows of plain values) are one job."""
    digest = hashlib.sha256(repr(sorted(repr(tuple(row)) for row in people)).encode()).hexdigest()[:24]
    return f"{kind}:{event.id}:{digest}"


def number_of(waiting: Select[Any]) -> int:
    """How many delegates a round would write to."""
    counted = waiting.with_only_columns(Delegate.id).order_by(None).subquery()
    return session().scalar(select(func.count()).select_from(counted)) or 0


def go(waiting: Callable[[], Select[Any]], act: Callable[[Delegate], bool]) -> jobs.Progress:
    """Do `act` once for each delegate that `waiting` selects; it says whether a mail was written.

    The statement is built anew for each part, and whoever was written to no longer waits: a round that was broken off
    goes on where it stopped.
    """
    total, sent, last = number_of(waiting()), 0, 0
    while found := _next(waiting(), last):
        for delegate in found:
            last = delegate.id
            sent += act(delegate)
        session().flush()
        yield sent, max(total, sent)


def _next(waiting: Select[Any], last: int) -> Sequence[Delegate]:
    statement = waiting.where(Delegate.id > last).order_by(None).order_by(Delegate.id).limit(_AT_ONCE)
    beside = (joinedload(Delegate.person), joinedload(Delegate.event), joinedload(Delegate.point))
    return session().scalars(statement.options(*beside)).all()
