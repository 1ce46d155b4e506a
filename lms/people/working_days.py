"""Vietnamese working days: Monday to Friday without public holidays (Bộ luật Lao động 2019, Điều 111 and 112).

Holidays of a fixed date are a constant; one on a Saturday or Sunday is made up on the next working day. Tết, Giỗ Tổ
and the second day of Quốc khánh are announced year by year: `data/days_off.csv` holds those known, with how sure each
is (F found in a public source, M from memory or by the lunar calendar). Days that an agency swaps for a Saturday are
not in it. A day not known to be off counts as a working day: a deadline then comes out early, never late.
"""

import csv
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from lms.core import clock
from lms.places import PACKAGE

FIXED: Final = ((1, 1), (4, 30), (5, 1), (9, 2))
"""Month and day: Tết Dương lịch, 30/4, 1/5, Quốc khánh."""
_SATURDAY: Final = 5
_LAST_MINUTE: Final = time(23, 59, 59)


def is_working(day: date) -> bool:
    """Whether offices work on the day."""
    return day.weekday() < _SATURDAY and day not in _days_off(day.year)


def after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself does not count; `count` is at least 1."""
    if count < 1:
        raise ValueError("count at least one working day")
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def end_of(moment: datetime, count: int) -> datetime:
    """The end, on a Vietnamese clock, of the `count`-th working day after the day of a moment."""
    return clock.at_local(after(clock.local(moment).date(), count), _LAST_MINUTE)


def between(earlier: date, later: date) -> int:
    """How many working days lie after `earlier`, up to and with `later`; 0 where `later` is not later."""
    return sum(is_working(earlier + timedelta(days=one)) for one in range(1, (later - earlier).days + 1))


@cache
def _days_off(year: int) -> frozenset[date]:
    fixed = {date(year, month, day) for month, day in FIXED}
    off = fixed | _announced()
    for holiday in sorted(fixed):
        if holiday.weekday() >= _SATURDAY:
            instead = holiday
            while instead.weekday() >= _SATURDAY or instead in off:
                instead += timedelta(days=1)
            off |= {instead}
    return frozenset(off)


@cache
def _announced() -> frozenset[date]:
    found: set[date] = set()
    with (PACKAGE / "people" / "data" / "days_off.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            first, last = date.fromisoformat(row["from_on"]), date.fromisoformat(row["to_on"])
            found |= {first + timedelta(days=one) for one in range((last - first).days + 1)}
    return frozenset(found)
