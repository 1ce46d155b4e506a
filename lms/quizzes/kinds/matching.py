"""Matching: each prompt has one right choice; there may be choices that fit no prompt, and one that fits several.

Marking: every prompt matched rightly earns an equal share; a wrong one costs nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.content import LETTERS, Answer, Both, Content, Fields, Shuffle, bad_answer

FEWEST_PROMPTS = 2
MOST_PROMPTS = 12
MOST_CHOICES = 16


@dataclass(frozen=True)
class Matching(Content):
    """`prompts` with the place of their choice in `choices`, both counted from 0; ids are "1", "2" … and letters."""

    kind = "matching"
    prompts: tuple[tuple[Both, int], ...]
    choices: tuple[Both, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Matching":
        """From stored JSON."""
        places = {one["id"]: place for place, one in enumerate(body["choices"])}
        return cls(
            tuple((Both.read(one["text"]), places[one["match"]]) for one in body["prompts"]),
            tuple(Both.read(one["text"]) for one in body["choices"]),
        )

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "prompts": [
                {"id": prompt_id, "text": text.stored(), "match": LETTERS[match]}
                for prompt_id, (text, match) in zip(self.prompt_ids(), self.prompts, strict=True)
            ],
            "choices": [
                {"id": choice_id, "text": text.stored()}
                for choice_id, text in zip(self.choice_ids(), self.choices, strict=True)
            ],
        }

    def prompt_ids(self) -> list[str]:
        """Ids of the prompts, in the order written."""
        return [str(number) for number in range(1, len(self.prompts) + 1)]

    def choice_ids(self) -> list[str]:
        """Ids of the choices, in the order written."""
        return list(LETTERS[: len(self.choices)])

    def faults(self, stem: Both) -> list[RuleBroken]:
        """Too few or too many prompts, empty texts, equal choices."""
        n = len(self.prompts)
        if not FEWEST_PROMPTS <= n <= MOST_PROMPTS:
            message = N_("Cần từ %(least)s đến %(most)s ý để ghép, nay có %(n)s.")
            return [RuleBroken(message, field="prompts", least=FEWEST_PROMPTS, most=MOST_PROMPTS, n=n)]
        if not FEWEST_PROMPTS <= len(self.choices) <= MOST_CHOICES:
            message = N_("Cần từ %(least)s đến %(most)s ý được ghép, nay có %(n)s.")
            return [RuleBroken(message, field="choices", least=FEWEST_PROMPTS, most=MOST_CHOICES, n=len(self.choices))]
        found = []
        for place, (text, match) in enumerate(self.prompts):
            if not text.vi or not self.choices[match].vi:
                message = N_("Cặp %(n)s còn trống một vế. Hãy viết đủ hoặc bỏ đi.")
                found.append(RuleBroken(message, field=f"prompts-{place}", n=place + 1))
        seen: dict[str, int] = {}
        for place, choice in enumerate(self.choices):
            if choice.vi and (first := seen.setdefault(choice.vi.casefold(), place)) != place:
                message = N_("Ý được ghép này trùng với ý %(n)s.")
                found.append(RuleBroken(message, field=f"choices-{place}", n=first + 1))
        return found

    def pieces(self) -> Iterator[Both]:
        """Prompts and choices."""
        yield from (text for text, _match in self.prompts)
        yield from self.choices

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Ids of the choices: prompts stay as written."""
        return shuffle(self.choice_ids(), "choices") if shuffle else self.choice_ids()

    def checked(self, given: Any) -> Answer | None:
        """`{"pairs": {prompt id: choice id}}`; a prompt without a choice is left out."""
        if given is None:
            return None
        pairs = given.get("pairs") if isinstance(given, dict) else None
        if not isinstance(pairs, dict):
            raise bad_answer()
        prompts, choices = set(self.prompt_ids()), set(self.choice_ids())
        kept = {prompt: choice for prompt, choice in pairs.items() if choice not in ("", None)}
        if not all(prompt in prompts for prompt in pairs):
            raise bad_answer()
        if not all(isinstance(choice, str) and choice in choices for choice in kept.values()):
            raise bad_answer()
        return {"pairs": {prompt: kept[prompt] for prompt in self.prompt_ids() if prompt in kept}} if kept else None

    def given(self, fields: Fields) -> Any:
        """A value of `pair-ID` for each prompt."""
        return {"pairs": {one: next(iter(fields.get(f"pair-{one}", ())), "") for one in self.prompt_ids()}}

    def fraction(self, answer: Answer) -> Fraction:
        """Prompts matched rightly, over all."""
        pairs, right = answer.get("pairs", {}), self.key()["pairs"]
        return Fraction(sum(pairs.get(prompt) == choice for prompt, choice in right.items()), len(right))

    def key(self) -> Answer:
        """Every prompt with its choice."""
        ids = self.choice_ids()
        pairs = zip(self.prompt_ids(), self.prompts, strict=True)
        return {"pairs": {prompt: ids[match] for prompt, (_text, match) in pairs}}
