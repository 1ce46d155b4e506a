"""Half-days made from dates, and addresses made from titles."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.events import keys
from lms.events.half_days import Span
from lms.events.models import Half

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
halves = st.sampled_from(list(Half))
spans = st.builds(
    lambda start, first, length, last: Span(start, first, start + timedelta(days=length), last),
    days,
    halves,
    st.integers(-3, 40),
    halves,
)


def test_a_morning_is_one_half_day() -> None:
    day = date(2024, 8, 7)
    assert Span(day, Half.MORNING, day, Half.MORNING).half_days() == [(day, Half.MORNING)]


def test_from_an_afternoon_to_a_morning_of_the_third_day() -> None:
    first = date(2024, 8, 7)
    second, third = first + timedelta(days=1), first + timedelta(days=2)
    assert Span(first, Half.AFTERNOON, third, Half.MORNING).half_days() == [
        (first, Half.AFTERNOON),
        (second, Half.MORNING),
        (second, Half.AFTERNOON),
        (third, Half.MORNING),
    ]


@given(spans)
def test_half_days_are_in_order_without_gap_or_double(span: Span) -> None:
    found = span.half_days()
    ranks = [day.toordinal() * 2 + list(Half).index(half) for day, half in found]
    first = span.starts_on.toordinal() * 2 + list(Half).index(span.first)
    last = span.ends_on.toordinal() * 2 + list(Half).index(span.last)
    assert ranks == list(range(first, last + 1))


@given(spans, days)
def test_a_span_begun_on_another_day_has_as_many_half_days(span: Span, day: date) -> None:
    moved = span.beginning_on(day)
    by = day - span.starts_on
    assert moved.half_days() == [(on + by, half) for on, half in span.half_days()]


def test_the_key_is_made_of_whole_words_and_the_year() -> None:
    title = "Hội nghị tập huấn công tác TTĐN và nhân quyền năm 2024"
    assert keys.key_of(title, 2024) == "hoi-nghi-tap-huan-cong-tac-ttdn-va-nhan-quyen-2024"
    assert keys.key_of("???", 2024) == "su-kien-2024"


@given(st.text(max_size=300), st.integers(2000, 2100))
def test_every_title_gives_an_address(title: str, year: int) -> None:
    key = keys.key_of(title, year)
    assert keys.is_key(key)
    assert key.endswith(f"-{year}")


def test_what_is_no_address() -> None:
    for wrong in ("new", "Hoa-Binh", "hòa-bình", "a--b", "-a", "a/b", "", "a" * 81):
        assert not keys.is_key(wrong), wrong
