"""What every kind of question has in common: words in two languages, the shape of an answer, the share it earns.

A content is a frozen value: it is read from and stored as plain JSON, knows what is wrong with itself, takes an answer
as a browser or a form gives it, and marks it. Pure: no database, no request, exact fractions.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold, tidy

Answer = dict[str, Any]
"""A stored answer: plain JSON in the shape of its kind."""

Fields = Mapping[str, Sequence[str]]
"""What a form without a script sends: every value of every name."""

Shuffle = Callable[[Sequence[str], str], list[str]]
"""Gives ids in the order of one attempt; the second argument tells one draw of a question from another."""

LONGEST_TEXT = 500
WHOLE = Fraction(1)
NOTHING = Fraction(0)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BAD_ANSWER = N_("Câu trả lời gửi lên không đúng dạng của câu hỏi. Hãy tải lại trang rồi chọn lại.")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Both:
    """A text in Vietnamese and, where there is one, in English."""

    vi: str = ""
    en: str = ""

    def stored(self) -> dict[str, str]:
        """As JSON; the English only where there is one."""
        return {"vi": self.vi, "en": self.en} if self.en else {"vi": self.vi}

    @classmethod
    def read(cls, data: Mapping[str, str] | None) -> "Both":
        """From JSON; None is empty."""
        return cls(data.get("vi", ""), data.get("en", "")) if data else EMPTY


EMPTY = Both()
"""No text."""


class Content(ABC):
    """What a question of one kind says besides its stem, and how it is answered and marked."""

    kind: ClassVar[str]
    """The `QuestionKind` it belongs to."""
    needs_marker: ClassVar[bool] = False
    """Whether a person marks it."""

    @classmethod
    @abstractmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """From stored JSON, which is trusted to be what `stored` wrote."""

    @abstractmethod
    def stored(self) -> dict[str, Any]:
        """As JSON."""

    @abstractmethod
    def faults(self, stem: Both) -> list[RuleBroken]:
        """What keeps the question from being asked; `field` names the part, with "-N" (from 0) for the N-th."""

    @abstractmethod
    def pieces(self) -> Iterator[Both]:
        """Every text in it that a learner may read."""

    @abstractmethod
    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Ids of what is shown in the order of an attempt; without `shuffle` in the order written."""

    @abstractmethod
    def checked(self, given: Any) -> Answer | None:
        """The answer to store, None where nothing is answered; raises RuleBroken (bad-answer) for another shape."""

    @abstractmethod
    def given(self, fields: Fields) -> Any:
        """The answer in a form sent without a script, in the shape that `checked` takes."""

    @abstractmethod
    def fraction(self, answer: Answer) -> Fraction:
        """The share of the points an answer earns, from 0 to 1; where a person marks, 0."""

    @abstractmethod
    def key(self) -> Answer | None:
        """An answer that earns everything, for keys and model sheets; None where there is no one such answer."""


def bad_answer() -> RuleBroken:
    """The refusal of an answer of another shape."""
    return RuleBroken(BAD_ANSWER, code="bad-answer")


def checked_text(given: Any, longest: int = LONGEST_TEXT, *, keep_lines: bool = False) -> Answer | None:
    """`{"text": …}` tidied, None where it is empty; raises RuleBroken (bad-answer)."""
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        raise bad_answer()
    if len(text) > longest:
        raise RuleBroken(N_("Câu trả lời dài quá %(max)s ký tự. Hãy rút ngắn."), code="bad-answer", max=longest)
    text = "\n".join(tidy(line) for line in text.splitlines()).strip("\n") if keep_lines else tidy(text)
    return {"text": text} if text.strip() else None


def sameness(text: str) -> str:
    """What forgiven answers have in common: "NĐ 72/2015" and "nd 72-2015" are one.

    Spaces and punctuation vanish, but between two digits they stay as one point: 1,5 is not 15.
    """
    joined = ""
    for word in _WORD.findall(fold(text)):
        apart = joined[-1:].isdecimal() and word[0].isdecimal()
        joined += f".{word}" if apart else word
    return joined


def within_bounds(share: Fraction) -> Fraction:
    """The share, never below nothing nor above the whole."""
    return min(max(share, NOTHING), WHOLE)


def read_share(percent: str) -> Fraction:
    """A share stored as percent: "33.33333" is a third, as other systems write it; "-50" takes half away."""
    share = Fraction(percent) / 100
    near = share.limit_denominator(20)
    return near if abs(near - share) < Fraction(1, 100_000) else share


def write_share(share: Fraction) -> str:
    """A share as percent with at most five decimals, "33.33333"."""
    text = f"{float(share * 100):.5f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
