"""Cloze: a text with gaps of several kinds, chosen from a list, a few words, or a number.

The stem holds the gaps as `[[1]]`, `[[2]]` …, each once in each language. Marking: every gap is marked as its kind, and
counts by its weight.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.choice import Single
from lms.quizzes.kinds.content import EMPTY, NOTHING, Answer, Both, Content, Fields, Shuffle, bad_answer
from lms.quizzes.kinds.numeric import Numeric
from lms.quizzes.kinds.short import Short

MOST_GAPS = 30
GAP = re.compile(r"\[\[(\d{1,2})\]\]")
Filler = Single | Short | Numeric
"""What a gap may be: a single choice, a short answer, a number."""

_FILLERS: dict[str, type[Single] | type[Short] | type[Numeric]] = {
    "single": Single,
    "short": Short,
    "numeric": Numeric,
}


@dataclass(frozen=True)
class Gap:
    """One gap and its weight, a whole number from 1."""

    filler: Filler
    weight: int = 1


@dataclass(frozen=True)
class Cloze(Content):
    """Gaps in the order of their numbers: the first is `[[1]]`."""

    kind = "cloze"
    gaps: tuple[Gap, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Cloze":
        """From stored JSON."""
        return cls(tuple(Gap(_FILLERS[one["kind"]].read(one), one.get("weight", 1)) for one in body["gaps"]))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "gaps": [
                {"id": number, "kind": str(gap.filler.kind), **gap.filler.stored()}
                | ({"weight": gap.weight} if gap.weight != 1 else {})
                for number, gap in self.numbered()
            ]
        }

    def numbered(self) -> list[tuple[str, Gap]]:
        """The gaps with their numbers "1", "2" …"""
        return [(str(number), gap) for number, gap in enumerate(self.gaps, 1)]

    def faults(self, stem: Both) -> list[RuleBroken]:
        """Gaps that the stem does not hold exactly once, and what is wrong in each."""
        n = len(self.gaps)
        if not 1 <= n <= MOST_GAPS:
            message = N_("Cần từ 1 đến %(most)s chỗ trống, nay có %(n)s. Ghi [[1]], [[2]] … vào câu hỏi.")
            return [RuleBroken(message, field="gaps", most=MOST_GAPS, n=n)]
        found = []
        wanted = [number for number, _gap in self.numbered()]
        for text, field in ((stem.vi, "stem"), (stem.en, "stem_en")):
            if text and sorted(GAP.findall(text), key=int) != wanted:
                message = N_("Câu hỏi cần có mỗi chỗ trống từ [[1]] đến [[%(n)s]] đúng một lần.")
                found.append(RuleBroken(message, field=field, n=n))
        for place, gap in enumerate(self.gaps):
            if gap.filler.kind not in _FILLERS or not 1 <= gap.weight <= 100:
                message = N_("Chỗ trống %(n)s: trọng số từ 1 đến 100.")
                found.append(RuleBroken(message, field=f"gaps-{place}", n=place + 1))
            found += [
                RuleBroken(fault.message, field=f"gaps-{place}", code=fault.code, **fault.params)
                for fault in gap.filler.faults(EMPTY)
            ]
        return found

    def pieces(self) -> Iterator[Both]:
        """Texts of every gap."""
        for gap in self.gaps:
            yield from gap.filler.pieces()

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Options of chosen gaps as "1:b", gap after gap."""
        found = []
        for number, gap in self.numbered():
            draw = (lambda things, part, at=number: shuffle(things, f"{at}/{part}")) if shuffle else None
            found += [f"{number}:{one}" for one in gap.filler.arranged(draw)]
        return found

    def checked(self, given: Any) -> Answer | None:
        """`{"gaps": {number: answer of its kind}}`; an empty gap is left out."""
        if given is None:
            return None
        gaps = given.get("gaps") if isinstance(given, dict) else None
        known = dict(self.numbered())
        if not isinstance(gaps, dict) or not all(number in known for number in gaps):
            raise bad_answer()
        kept = {number: known[number].filler.checked(gaps[number]) for number in known if number in gaps}
        kept = {number: answer for number, answer in kept.items() if answer is not None}
        return {"gaps": kept} if kept else None

    def given(self, fields: Fields) -> Any:
        """A value of `gap-N` for each gap: an option's id, or text."""
        found: dict[str, Any] = {}
        for number, gap in self.numbered():
            value = next(iter(fields.get(f"gap-{number}", ())), "")
            if value:
                found[number] = {"chosen": [value]} if isinstance(gap.filler, Single) else {"text": value}
        return {"gaps": found} if found else None

    def fraction(self, answer: Answer) -> Fraction:
        """The mean of the gaps by their weights."""
        given = answer.get("gaps", {})
        earned = sum(
            (gap.weight * gap.filler.fraction(given[number]) for number, gap in self.numbered() if number in given),
            NOTHING,
        )
        return earned / sum(gap.weight for gap in self.gaps)

    def key(self) -> Answer:
        """The key of every gap."""
        return {"gaps": {number: gap.filler.key() for number, gap in self.numbered()}}
