"""Shuffling, grade policies, the shape of answers, and what makes words faulty: no database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import RuleBroken
from lms.quizzes.answering import checked_answer
from lms.quizzes.grading import counted
from lms.quizzes.models import GradePolicy, QuestionKind
from lms.quizzes.shuffling import shuffled
from lms.quizzes.wording import Option, Words, faults
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


def test_best_and_last() -> None:
    attempts = [Taken(1, 3.0), Taken(2, 5.0), Taken(3, 5.0), Taken(4, 4.0), Taken(5, None, None)]
    assert counted(attempts, GradePolicy.BEST) is attempts[1]
    assert counted(attempts, GradePolicy.LAST) is attempts[3]
    assert counted([Taken(1, None, None)], GradePolicy.BEST) is None


@pytest.mark.parametrize(
    ("kind", "given_answer", "stored"),
    [
        (QuestionKind.SINGLE, {"chosen": ["b"]}, {"chosen": ["b"]}),
        (QuestionKind.MULTIPLE, {"chosen": ["c", "a", "c"]}, {"chosen": ["a", "c"]}),
        (QuestionKind.MULTIPLE, {"chosen": []}, None),
        (QuestionKind.SHORT, {"text": "  Hà   Nội "}, {"text": "Hà Nội"}),
        (QuestionKind.SHORT, {"text": "  "}, None),
        (QuestionKind.SINGLE, None, None),
    ],
)
def test_answers_are_stored_in_one_form(kind: QuestionKind, given_answer: Any, stored: Any) -> None:
    assert checked_answer(kind, ["a", "b", "c"], given_answer) == stored


@pytest.mark.parametrize(
    ("kind", "given_answer"),
    [
        (QuestionKind.SINGLE, {"chosen": ["a", "b"]}),
        (QuestionKind.SINGLE, {"chosen": ["z"]}),
        (QuestionKind.SINGLE, {"chosen": "a"}),
        (QuestionKind.SINGLE, "a"),
        (QuestionKind.MULTIPLE, {"text": "a"}),
        (QuestionKind.MULTIPLE, {"chosen": [1]}),
        (QuestionKind.SHORT, {"chosen": ["a"]}),
        (QuestionKind.SHORT, {"text": "a" * 501}),
        (QuestionKind.SHORT, ["a"]),
    ],
)
def test_another_shape_is_refused(kind: QuestionKind, given_answer: Any) -> None:
    with pytest.raises(RuleBroken) as refusal:
        checked_answer(kind, ["a", "b", "c"], given_answer)
    assert refusal.value.code == "bad-answer"


def test_good_words_have_no_faults() -> None:
    assert [faults(words) for words in ALL_WORDS] == [[], [], [], []]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (replace(SINGLE, stem=""), "stem"),
        (replace(SINGLE, options=SINGLE.options[:1]), "options"),
        (replace(SINGLE, options=[Option("một", False), Option("hai", False)]), "options"),
        (replace(SINGLE, options=[Option("một", True), Option("hai", True)]), "options"),
        (replace(SINGLE, options=[Option("một", True), Option("Một", False)]), "options-1"),
        (replace(MULTIPLE, options=[Option("một", True), Option("", False)]), "options-1"),
        (replace(MULTIPLE, options=[Option(f"số {n}", True) for n in range(13)]), "options"),
        (replace(SHORT, accepted=[]), "accepted"),
        (replace(SHORT, accepted=[" . "]), "accepted"),
    ],
)
def test_faulty_words_name_their_field(words: Words, field: str) -> None:
    assert [fault.field for fault in faults(words)] == [field]
