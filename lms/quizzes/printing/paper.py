"""What is printed: a paper with its code, its parts and its questions in the order of that code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lms.quizzes.kinds.choice import Choice, Single, TrueFalse
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import Content
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.ordering import Ordering

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

FigureBytes = Callable[[str], bytes | None]
"""Gives the bytes of a stored figure by its digest, None where there is none."""


@dataclass(frozen=True)
class Asked:
    """A question as this code asks it; `key` names it in its bank, `order` is of what it shows."""

    number: int
    key: str
    stem: str
    content: Content
    order: Sequence[str]
    points: int

    def labels(self) -> dict[str, str]:
        """The printed letter of each option, choice or item, by its id."""
        return dict(zip(self.shown(), LETTERS, strict=False))

    def shown(self) -> list[str]:
        """Ids of options, choices or items in the order printed."""
        content = self.content
        if isinstance(content, Choice):
            return [one for one in self.order if one in content.by_id()] or content.ids()
        if isinstance(content, Matching):
            return [one for one in self.order if one in content.choice_ids()] or content.choice_ids()
        if isinstance(content, Ordering):
            return [one for one in self.order if one in content.ids()] or content.ids()
        return []

    def gap_labels(self, number: str) -> dict[str, str]:
        """The printed letter of each option of a gap that is chosen from a list, by its id."""
        filler = self.content.gaps[int(number) - 1].filler if isinstance(self.content, Cloze) else None
        if not isinstance(filler, Single):
            return {}
        ids = [one.partition(":")[2] for one in self.order if one.startswith(f"{number}:")]
        return dict(zip(ids or filler.ids(), LETTERS, strict=False))

    @property
    def is_bubbled(self) -> bool:
        """Whether its answer is a mark on a letter."""
        return isinstance(self.content, Choice)

    @property
    def letters(self) -> list[str]:
        """What stands in its bubbles: Đ and S of a true or false."""
        if isinstance(self.content, TrueFalse):
            return ["Đ", "S"]
        return list(self.labels().values())


@dataclass(frozen=True)
class Part:
    """Questions under a heading; the title is empty for what stands before all sections."""

    title: str
    intro: str
    questions: list[Asked]


@dataclass(frozen=True)
class Paper:
    """A paper of one code. `minutes` None is no limit; `note` stands under the title, such as a day."""

    code: str
    agency: str
    title: str
    minutes: int | None
    parts: list[Part]
    intro: str = ""
    figures: FigureBytes = field(default=lambda _digest: None, compare=False)

    @property
    def questions(self) -> list[Asked]:
        """All questions in order."""
        return [one for part in self.parts for one in part.questions]

    @property
    def points(self) -> int:
        """All points."""
        return sum(one.points for one in self.questions)
