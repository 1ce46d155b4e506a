"""The sum of a paper: pure, exact fractions. How one answer is marked stands with its kind, in `lms.quizzes.kinds`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lms.quizzes.kinds.content import NOTHING, Content

Given = Mapping[str, Any] | None
"""A stored answer in the shape of its kind, or None where nothing was answered."""


def fraction(content: Content, answer: Given) -> Fraction | None:
    """The share of a question's points that an answer earns, from 0 to 1; None while a person has to judge it.

    Nothing answered earns nothing, an essay too.
    """
    if not answer:
        return NOTHING
    return None if content.needs_marker else content.fraction(dict(answer))


def total(parts: Sequence[tuple[Fraction, int]]) -> Fraction:
    """The points of a paper: each share times what its question is worth."""
    return sum((share * points for share, points in parts), NOTHING)


def is_pass(score: Fraction, max_score: Fraction | int, pass_percent: int) -> bool:
    """Whether the points reach the percentage; a paper worth nothing is passed only at 0 percent."""
    return score * 100 >= pass_percent * Fraction(max_score) if max_score else pass_percent == 0
