"""The time of day: moments are aware UTC datetimes, days are those of Việt Nam."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
ENGLISH_MONTHS = tuple(Locale("en").months["format"]["wide"].values())
"""For English dates; Vietnamese months are numbers."""

_stopped_at: ContextVar[datetime | None] = ContextVar("lms_clock_stopped_at", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def today() -> date:
    """Today's date in Việt Nam."""
    return now().astimezone(VIETNAM).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Vietnamese clock."""
    return moment.astimezone(VIETNAM)


def month(day: date) -> str:
    """The month in figures as official papers write it: 01 and 02, then 3 to 12 (NĐ 30/2020/NĐ-CP)."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def short_day(day: date) -> str:
    """A day in figures, whatever the reader's language: 07/8/2024, 05/02/2024."""
    return f"{day.day:02d}/{month(day)}/{day.year}"


def english_day(day: date) -> str:
    """A day in English: 7 August 2024."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def written(moment: datetime | None) -> str | None:
    """A moment for a file of data: ISO 8601 on a Vietnamese clock; None stays None."""
    return None if moment is None else local(moment).isoformat()


def at_local(day: date, hour: time) -> datetime:
    """The UTC moment at which a Vietnamese clock shows `hour` on `day`."""
    return datetime.combine(day, hour, VIETNAM).astimezone(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block: past events are entered as of their own day."""
    token = _stopped_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(token)
