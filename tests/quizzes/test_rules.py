"""Shuffling, grade policies, and what makes words faulty: no database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.grading import Grade, counting, grade
from lms.quizzes.kinds.choice import Multiple, Option, Single
from lms.quizzes.kinds.content import EMPTY, Both
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import GradePolicy
from lms.quizzes.shuffling import shuffled
from lms.quizzes.wording import Words, faults
from tests.quizzes.conftest import ALL_WORDS, MULTIPLE, SHORT, SINGLE

MOMENT = datetime(2026, 11, 2, tzinfo=UTC)


@given(st.lists(st.integers(), unique=True), st.integers(1))
def test_an_order_is_drawn_once_for_an_attempt(things: list[int], attempt_id: int) -> None:
    order = shuffled(things, attempt_id)
    assert sorted(order) == sorted(things)
    assert shuffled(things, attempt_id) == order


def test_attempts_get_different_orders() -> None:
    orders = {tuple(shuffled("abcdefgh", attempt_id)) for attempt_id in range(20)}
    assert len(orders) > 15
    assert shuffled("abcdefgh", 1, "4") != shuffled("abcdefgh", 1, "5")


@dataclass
class Taken:
    """An attempt, as far as grading reads it."""

    id: int
    score: float | None
    handed_in_at: datetime | None = MOMENT
    max_score: float = 10.0
    passed: bool | None = False


def test_which_attempts_count() -> None:
    attempts = [Taken(1, 3.0), Taken(2, 5.0), Taken(3, 5.0), Taken(4, 4.0), Taken(5, None, None)]
    assert counting(attempts, GradePolicy.BEST) == [attempts[1]]
    assert counting(attempts, GradePolicy.LAST) == [attempts[3]]
    assert counting(attempts, GradePolicy.FIRST) == [attempts[0]]
    assert counting(attempts, GradePolicy.AVERAGE) == attempts[:4]
    assert counting([Taken(1, None, None)], GradePolicy.BEST) == []
    assert grade([Taken(1, None, None)], GradePolicy.AVERAGE, 0) is None


def test_an_average_is_the_mean_of_percentages_and_passes_by_it() -> None:
    attempts = [Taken(1, 9.0, passed=True), Taken(2, 3.0, max_score=20.0)]
    mean = grade(attempts, GradePolicy.AVERAGE, 52)
    assert mean is not None
    assert (round(mean.percent, 6), mean.max_score, mean.passed) == (52.5, 20.0, True)
    assert grade(attempts, GradePolicy.AVERAGE, 53) == Grade(mean.score, 20.0, False)
    waiting = grade([*attempts, Taken(3, 10.0, passed=None)], GradePolicy.AVERAGE, 0)
    assert (waiting and waiting.passed) is None
    assert grade(attempts, GradePolicy.FIRST, 99) == Grade(9.0, 10.0, True)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=6), st.sampled_from(GradePolicy))
def test_a_grade_lies_among_the_attempts(scores: list[tuple[int, bool]], policy: GradePolicy) -> None:
    attempts = [Taken(place, score / 4, passed=passed) for place, (score, passed) in enumerate(scores)]
    reached = grade(attempts, policy, 50)
    percents = [100 * (one.score or 0) / one.max_score for one in attempts]
    assert reached is not None
    assert min(percents) - 1e-6 <= reached.percent <= max(percents) + 1e-6
    if policy == GradePolicy.BEST:
        assert reached.percent == max(percents)


def test_good_words_have_no_faults() -> None:
    assert [faults(words) for words in ALL_WORDS] == [[]] * len(ALL_WORDS)


def options(*texts: str, right: int = 1) -> tuple[Option, ...]:
    """Options of these texts, the first `right` of them right."""
    return tuple(Option(Both(text), place < right) for place, text in enumerate(texts))


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (replace(SINGLE, stem=EMPTY), "stem"),
        (replace(SINGLE, content=Single(options("một"))), "options"),
        (replace(SINGLE, content=Single(options("một", "hai", right=0))), "options"),
        (replace(SINGLE, content=Single(options("một", "hai", right=2))), "options"),
        (replace(SINGLE, content=Single(options("một", "Một"))), "options-1"),
        (replace(MULTIPLE, content=Multiple(options("một", ""))), "options-1"),
        (replace(MULTIPLE, content=Multiple(options(*(f"số {n}" for n in range(13))))), "options"),
        (replace(SHORT, content=Short(())), "accepted"),
        (replace(SHORT, content=Short((Form(" . "),))), "accepted"),
    ],
)
def test_faulty_words_name_their_field(words: Words, field: str) -> None:
    assert [fault.field for fault in faults(words)] == [field]


def test_questions_that_ask_the_same_have_one_fingerprint() -> None:
    turned = replace(SINGLE, content=Single(SINGLE.content.options[::-1]), stem=Both("ai phat ngon cho TỈNH"))
    assert turned.fingerprint() == SINGLE.fingerprint()
    assert replace(SINGLE, stem=Both("Ai phát ngôn cho xã?")).fingerprint() != SINGLE.fingerprint()
