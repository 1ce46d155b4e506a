"""Working days: weekends, holidays of a fixed date and their make-up day, Tết, and the clock of a request."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.people import working_days

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 3, 10), 2, date(2026, 3, 12)),  # Tuesday
        (date(2026, 3, 13), 2, date(2026, 3, 17)),  # Friday: over a weekend
        (date(2026, 3, 14), 1, date(2026, 3, 16)),  # Saturday: the first working day is Monday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # the Friday before Tết Bính Ngọ
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # 30/4, 1/5 and a weekend
        (date(2022, 12, 30), 1, date(2023, 1, 3)),  # 1/1/2023 was a Sunday: Monday made up for it
        (date(2022, 4, 29), 1, date(2022, 5, 4)),  # 30/4 a Saturday and 1/5 a Sunday: two days made up
    ],
)
def test_days_counted(day: date, count: int, found: date) -> None:
    assert working_days.after(day, count) == found


@given(DAYS, st.integers(1, 12))
def test_the_day_found_is_a_working_day_with_so_many_up_to_it(day: date, count: int) -> None:
    found = working_days.after(day, count)
    assert found > day
    assert working_days.is_working(found)
    assert working_days.between(day, found) == count


@given(DAYS, DAYS, st.integers(1, 5))
def test_who_asks_later_is_not_answered_earlier(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    assert working_days.after(earlier, count) <= working_days.after(later, count)


@given(DAYS)
def test_no_holiday_of_a_fixed_date_is_worked(day: date) -> None:
    if (day.month, day.day) in working_days.FIXED or day.weekday() >= 5:
        assert not working_days.is_working(day)


@given(st.integers(2020, 2040))
def test_a_year_has_its_days_off_made_up(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=one) for one in range(366)]
    off_on_weekdays = [
        day for day in days if day.year == year and day.weekday() < 5 and not working_days.is_working(day)
    ]
    assert len(off_on_weekdays) >= len(working_days.FIXED)


def test_the_end_is_that_of_the_vietnamese_day() -> None:
    evening = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)  # 00:30 of 11 March in Việt Nam
    assert clock.local(working_days.end_of(evening, 2)).isoformat() == "2026-03-13T23:59:59+07:00"


def test_at_least_one_day_is_counted() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_days.after(date(2026, 3, 10), 0)
