"""Which of an event's half-days is meant where nobody says: the one running, else the next, else the last."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.core import clock
from lms.events.models import HalfDay

DOORS_OPEN = timedelta(minutes=60)
"""How long before its beginning a half-day counts as running: people arrive."""

OPENS_BEFORE = timedelta(hours=2)
"""How long before its beginning a half-day takes what people in the room say: the hall's code, a point's own list."""


def begins_at(half_day: HalfDay) -> datetime:
    """When a half-day begins (UTC)."""
    return clock.at_local(half_day.on, half_day.starts_at)


def ends_at(half_day: HalfDay) -> datetime:
    """When a half-day ends (UTC)."""
    return clock.at_local(half_day.on, half_day.ends_at)


def meant(half_days: Sequence[HalfDay], key: str, now: datetime) -> HalfDay | None:
    """The half-day of this key; where there is none, the one running, else the next, else the last. None of none."""
    named = next((one for one in half_days if one.key == key), None)
    return named or current(half_days, now)


def latest(half_days: Sequence[HalfDay], now: datetime) -> HalfDay | None:
    """The half-day that one has something to say about afterwards: the one running, else the last that has begun.

    Before any has begun, the first. None of none.
    """
    in_order = sorted(half_days, key=begins_at)
    begun = [one for one in in_order if begins_at(one) - DOORS_OPEN <= now]
    running = current(half_days, now)
    return running if running in begun else next(iter([*reversed(begun), *in_order]), None)


def current(half_days: Sequence[HalfDay], now: datetime) -> HalfDay | None:
    """The half-day that runs at a moment, its doors open; else the next; else the last. None of none.

    Where the doors of one open before another has ended, the one that has begun is meant.
    """
    in_order = sorted(half_days, key=begins_at)
    begun = [one for one in in_order if begins_at(one) <= now < ends_at(one)]
    to_come = [one for one in in_order if now < begins_at(one)]
    opening = [one for one in to_come if begins_at(one) - DOORS_OPEN <= now]
    return next(iter([*begun, *opening, *to_come, *reversed(in_order)]), None)
