"""Essay: free text, marked by people with a rubric of criteria and levels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.content import NOTHING, Answer, Both, Content, Fields, Shuffle, checked_text

LONGEST_ESSAY = 40_000
MOST_CRITERIA = 12
MOST_LEVELS = 6


@dataclass(frozen=True)
class Level:
    """A level of a criterion and the rubric points it is worth."""

    points: int
    text: Both


@dataclass(frozen=True)
class Criterion:
    """What is judged, by levels."""

    name: Both
    levels: tuple[Level, ...]

    @property
    def most(self) -> int:
        """The points of the best level."""
        return max((level.points for level in self.levels), default=0)


@dataclass(frozen=True)
class Essay(Content):
    """A rubric, the length asked for in words (0 is no limit), and words for the markers only."""

    kind = "essay"
    needs_marker = True
    rubric: tuple[Criterion, ...]
    fewest_words: int = 0
    most_words: int = 0
    guide: str = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Essay":
        """From stored JSON."""
        rubric = tuple(
            Criterion(
                Both.read(one["name"]),
                tuple(Level(level["points"], Both.read(level["text"])) for level in one["levels"]),
            )
            for one in body["rubric"]
        )
        return cls(rubric, body.get("fewest_words", 0), body.get("most_words", 0), body.get("guide", ""))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        rubric = [
            {
                "id": str(number),
                "name": one.name.stored(),
                "levels": [{"points": level.points, "text": level.text.stored()} for level in one.levels],
            }
            for number, one in enumerate(self.rubric, 1)
        ]
        extra = {"fewest_words": self.fewest_words, "most_words": self.most_words, "guide": self.guide}
        return {"rubric": rubric} | {name: value for name, value in extra.items() if value}

    @property
    def most_points(self) -> int:
        """Rubric points of a perfect text."""
        return sum(criterion.most for criterion in self.rubric)

    def faults(self, stem: Both) -> list[RuleBroken]:
        """No criterion, one without a name or without two levels of different worth, lengths the wrong way round."""
        found = []
        if not 1 <= len(self.rubric) <= MOST_CRITERIA:
            message = N_("Cần từ 1 đến %(most)s tiêu chí chấm, nay có %(n)s.")
            return [RuleBroken(message, field="rubric", most=MOST_CRITERIA, n=len(self.rubric))]
        for place, criterion in enumerate(self.rubric):
            points = [level.points for level in criterion.levels]
            if not criterion.name.vi:
                message = N_("Tiêu chí %(n)s chưa có tên.")
                found.append(RuleBroken(message, field=f"rubric-{place}", n=place + 1))
            elif not 2 <= len(set(points)) == len(points) <= MOST_LEVELS or min(points) < 0 or max(points) > 100:
                message = N_("Tiêu chí %(n)s cần từ 2 đến %(most)s mức, mỗi mức một số điểm khác nhau từ 0 đến 100.")
                found.append(RuleBroken(message, field=f"rubric-{place}", n=place + 1, most=MOST_LEVELS))
        if self.most_words and self.fewest_words > self.most_words:
            found.append(RuleBroken(N_("Số chữ ít nhất lớn hơn số chữ nhiều nhất."), field="fewest_words"))
        return found

    def pieces(self) -> Iterator[Both]:
        """Criteria and levels."""
        for criterion in self.rubric:
            yield criterion.name
            yield from (level.text for level in criterion.levels)

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Nothing to arrange."""
        return []

    def checked(self, given: Any) -> Answer | None:
        """`{"text": …}` with its lines."""
        return None if given is None else checked_text(given, LONGEST_ESSAY, keep_lines=True)

    def given(self, fields: Fields) -> Any:
        """The value of `text`."""
        return {"text": next(iter(fields.get("text", ())), "")}

    def fraction(self, answer: Answer) -> Fraction:
        """Nothing: a person marks it."""
        return NOTHING

    def earned(self, levels: Mapping[str, int]) -> Fraction:
        """The share that the points chosen for each criterion (by id "1", "2" …) make; raises RuleBroken (rubric)."""
        total = 0
        for number, criterion in enumerate(self.rubric, 1):
            points = levels.get(str(number))
            if points not in {level.points for level in criterion.levels}:
                message = N_("Chưa chọn mức cho tiêu chí “%(name)s”.")
                raise RuleBroken(message, field=f"level-{number}", code="rubric", name=criterion.name.vi)
            total += points or 0
        return Fraction(total, self.most_points)

    def key(self) -> None:
        """There is no one right text."""
        return


def count_words(text: str) -> int:
    """Vietnamese counts words (chữ) by spaces."""
    return len(text.split())
