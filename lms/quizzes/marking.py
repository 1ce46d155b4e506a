"""Marking one answer, and the sum of a paper: pure, exact (fractions), independent of the order of options.

Rules. Single choice and true/false: the right option, whole points, else none. Multiple choice: (right options chosen
minus wrong options chosen) over all right options, never below zero; so all right and none wrong is whole, and
choosing everything earns nothing where wrong options are as many as right ones. Short answer: equal to an accepted one
after `sameness` (accents, case, spaces and punctuation forgiven), or letter by letter where the question is exact.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from lms.core.text import fold, tidy
from lms.quizzes.models import QuestionKind

Answer = Mapping[str, Any] | None
"""`{"chosen": [option ids]}`, `{"text": "…"}`, or None where nothing was answered."""

_WORD = re.compile(r"[^\W_]+")


class Markable(Protocol):
    """What marking needs of a question's words."""

    kind: QuestionKind
    options: list[dict[str, Any]]
    accepted: list[str]
    exact: bool


def fraction(words: Markable, answer: Answer) -> Fraction:
    """The share of a question's points that an answer earns, from 0 to 1."""
    if answer is None:
        return Fraction(0)
    if words.kind == QuestionKind.SHORT:
        return Fraction(is_accepted(str(answer.get("text", "")), words.accepted, exact=words.exact))
    right = {option["id"] for option in words.options if option["right"]}
    chosen = set(answer.get("chosen", ()))
    if words.kind == QuestionKind.MULTIPLE:
        return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))
    return Fraction(chosen == right)


def is_accepted(text: str, accepted: Iterable[str], *, exact: bool) -> bool:
    """Whether a short answer is one of the accepted ones."""
    form = tidy if exact else sameness
    given = form(text)
    return bool(given) and any(given == form(one) for one in accepted)


def sameness(text: str) -> str:
    """What forgiven answers have in common: "NĐ 72/2015" and "nd 72-2015" are one.

    Spaces and punctuation vanish, but between two digits they stay as one point: 1,5 is not 15.
    """
    joined = ""
    for word in _WORD.findall(fold(text)):
        apart = joined[-1:].isdecimal() and word[0].isdecimal()
        joined += f".{word}" if apart else word
    return joined


def total(parts: Sequence[tuple[Fraction, int]]) -> Fraction:
    """The points of a paper: each share times what its question is worth."""
    return sum((share * points for share, points in parts), Fraction(0))


def is_pass(score: Fraction, max_score: Fraction | int, pass_percent: int) -> bool:
    """Whether the points reach the percentage; a paper worth nothing is passed only at 0 percent."""
    return score * 100 >= pass_percent * Fraction(max_score) if max_score else pass_percent == 0
