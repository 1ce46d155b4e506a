"""Ordering: items to be put in their right order.

Marking by its rule. `neighbours` (the usual one): each of the n - 1 pairs that follow one another in the right order
and do so in the answer earns an equal share, so that one misplaced item costs little. `places`: each item in its right
place earns an equal share. `all`: the right order or nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.content import LETTERS, NOTHING, WHOLE, Answer, Both, Content, Fields, Shuffle, bad_answer

FEWEST_ITEMS = 2
MOST_ITEMS = 12


class Credit(StrEnum):
    """How an order that is partly right is paid."""

    NEIGHBOURS = "neighbours"
    PLACES = "places"
    ALL = "all"


@dataclass(frozen=True)
class Ordering(Content):
    """Items in their right order; ids are letters in that order, so they are never shown."""

    kind = "ordering"
    items: tuple[Both, ...]
    credit: Credit = Credit.NEIGHBOURS

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Ordering":
        """From stored JSON."""
        items = tuple(Both.read(one["text"]) for one in body["items"])
        return cls(items, Credit(body.get("credit", Credit.NEIGHBOURS)))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        items = [{"id": one, "text": text.stored()} for one, text in zip(self.ids(), self.items, strict=True)]
        return {"items": items} | ({"credit": str(self.credit)} if self.credit != Credit.NEIGHBOURS else {})

    def ids(self) -> list[str]:
        """Ids of the items in their right order."""
        return list(LETTERS[: len(self.items)])

    def faults(self, stem: Both) -> list[RuleBroken]:
        """Too few or too many items, empty or equal ones."""
        n = len(self.items)
        if not FEWEST_ITEMS <= n <= MOST_ITEMS:
            message = N_("Cần từ %(least)s đến %(most)s mục để xếp, nay có %(n)s.")
            return [RuleBroken(message, field="items", least=FEWEST_ITEMS, most=MOST_ITEMS, n=n)]
        found = []
        seen: dict[str, int] = {}
        for place, item in enumerate(self.items):
            if not item.vi:
                message = N_("Mục %(n)s còn trống. Hãy viết hoặc bỏ đi.")
                found.append(RuleBroken(message, field=f"items-{place}", n=place + 1))
            elif (first := seen.setdefault(item.vi.casefold(), place)) != place:
                message = N_("Mục này trùng với mục %(n)s.")
                found.append(RuleBroken(message, field=f"items-{place}", n=first + 1))
        return found

    def pieces(self) -> Iterator[Both]:
        """The items."""
        yield from self.items

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """The items mixed, whether the quiz shuffles or not: drawn anew until it is not the right order."""
        ids = self.ids()
        draw = shuffle or (lambda things, _part: [*things[1::2], *things[::2]])
        for turn in range(8):
            mixed = draw(ids, f"items{turn or ''}")
            if mixed != ids:
                return mixed
        return ids[::-1]

    def checked(self, given: Any) -> Answer | None:
        """`{"order": [every id once]}`."""
        if given is None:
            return None
        order = given.get("order") if isinstance(given, dict) else None
        if order == []:
            return None
        if not isinstance(order, list) or not all(isinstance(one, str) for one in order):
            raise bad_answer()
        if sorted(order) != self.ids():
            raise RuleBroken(N_("Hãy xếp đủ các mục, mỗi mục một thứ tự."), code="bad-answer")
        return {"order": order}

    def given(self, fields: Fields) -> Any:
        """By the number in `place-ID` of each item: all empty is no answer; a number twice or missing is refused."""
        numbers = {one: next(iter(fields.get(f"place-{one}", ())), "").strip() for one in self.ids()}
        if not any(numbers.values()):
            return None
        if sorted(numbers.values()) != sorted(str(place) for place in range(1, len(numbers) + 1)):
            return {"order": ["?"]}
        return {"order": sorted(numbers, key=lambda one: int(numbers[one]))}

    def fraction(self, answer: Answer) -> Fraction:
        """By the rule, see above."""
        order, right = list(answer.get("order", ())), self.ids()
        if sorted(order) != right:
            return NOTHING
        if self.credit == Credit.ALL:
            return WHOLE if order == right else NOTHING
        if self.credit == Credit.PLACES:
            return Fraction(sum(one == other for one, other in zip(order, right, strict=True)), len(right))
        following = set(pairwise(right))
        return Fraction(sum(pair in following for pair in pairwise(order)), len(right) - 1)

    def key(self) -> Answer:
        """The right order."""
        return {"order": self.ids()}
