"""Single choice, multiple choice, true or false.

Marking. Single choice and true/false: the right option is the whole, another nothing. Multiple choice by its rule:
`balanced` (the usual one): right options chosen minus wrong ones chosen, over all right options, never below zero, so
that choosing everything earns nothing where wrong options are as many as right ones; `all`: exactly the right options
or nothing. `shares`: each option carries its own share of the points, also a negative one, as Moodle's do; a single
choice earns its option's share, a multiple choice their sum, between nothing and the whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.content import (
    EMPTY,
    LETTERS,
    NOTHING,
    WHOLE,
    Answer,
    Both,
    Content,
    Fields,
    Shuffle,
    bad_answer,
    read_share,
    within_bounds,
    write_share,
)

MOST_OPTIONS = 12
FEWEST_OPTIONS = 2


class Credit(StrEnum):
    """How a multiple choice that is partly right is paid."""

    BALANCED = "balanced"
    ALL = "all"
    SHARES = "shares"


@dataclass(frozen=True)
class Option:
    """One possible answer; `share` counts only where the rule is `shares`."""

    text: Both
    right: bool = False
    feedback: Both = EMPTY
    share: Fraction | None = None


@dataclass(frozen=True)
class Choice(Content):
    """Options, of which one or several are right; ids are letters in the order written. Its subclasses are kinds."""

    options: tuple[Option, ...]
    credit: Credit = Credit.BALANCED
    keep_order: bool = False
    """Whether options stay as written even where a quiz shuffles: "all of the above", years, degrees."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """From stored JSON."""
        options = tuple(
            Option(
                text=Both.read(one["text"]),
                right=one["right"],
                feedback=Both.read(one.get("feedback")),
                share=read_share(one["share"]) if "share" in one else None,
            )
            for one in body["options"]
        )
        credit = Credit(body.get("credit", Credit.BALANCED))
        return cls(options, credit, keep_order=bool(body.get("keep_order")))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        options = []
        for option_id, option in zip(self.ids(), self.options, strict=True):
            one: dict[str, Any] = {"id": option_id, "text": option.text.stored(), "right": option.right}
            if option.feedback != EMPTY:
                one["feedback"] = option.feedback.stored()
            if option.share is not None and self.credit == Credit.SHARES:
                one["share"] = write_share(option.share)
            options.append(one)
        body: dict[str, Any] = {"options": options}
        if self.credit != Credit.BALANCED:
            body["credit"] = str(self.credit)
        return body | ({"keep_order": True} if self.keep_order else {})

    def ids(self) -> list[str]:
        """The options' ids, in the order written."""
        return list(LETTERS[: len(self.options)])

    def by_id(self) -> dict[str, Option]:
        """The options by their ids."""
        return dict(zip(self.ids(), self.options, strict=False))

    def faults(self, stem: Both) -> list[RuleBroken]:
        """Too few, too many, empty or equal options; none or too many right."""
        n = len(self.options)
        if not FEWEST_OPTIONS <= n <= MOST_OPTIONS:
            message = N_("Cần từ %(least)s đến %(most)s phương án, nay có %(n)s.")
            return [RuleBroken(message, field="options", least=FEWEST_OPTIONS, most=MOST_OPTIONS, n=n)]
        return [*self._text_faults(), *self._right_faults()]

    def _text_faults(self) -> Iterator[RuleBroken]:
        seen: dict[str, int] = {}
        for place, option in enumerate(self.options):
            if not option.text.vi:
                message = N_("Phương án %(n)s còn trống. Hãy viết hoặc bỏ đi.")
                yield RuleBroken(message, field=f"options-{place}", n=place + 1)
            elif (first := seen.setdefault(option.text.vi.casefold(), place)) != place:
                message = N_("Phương án này trùng với phương án %(n)s.")
                yield RuleBroken(message, field=f"options-{place}", n=first + 1)

    def _right_faults(self) -> Iterator[RuleBroken]:
        if self.credit == Credit.SHARES:
            shares = [option.share or NOTHING for option in self.options]
            best = max(shares) if self.kind == "single" else sum((one for one in shares if one > 0), NOTHING)
            if any(abs(share) > 1 for share in shares):
                yield RuleBroken(N_("Phần điểm của một phương án từ -100 đến 100 phần trăm."), field="options")
            elif abs(best - 1) > Fraction(1, 1000):
                message = N_("Các phương án đúng cộng lại phải được 100 phần trăm điểm, nay được %(percent)s.")
                yield RuleBroken(message, field="options", percent=write_share(best))
            return
        right = sum(option.right for option in self.options)
        if right == 0:
            yield RuleBroken(N_("Chưa đánh dấu phương án đúng. Hãy chọn."), field="options")
        elif right > 1 and self.kind != "multiple":
            message = N_("Câu chọn một đáp án chỉ có một phương án đúng, nay đánh dấu %(n)s.")
            yield RuleBroken(message, field="options", n=right)

    def pieces(self) -> Iterator[Both]:
        """Options and their feedback."""
        for option in self.options:
            yield option.text
            yield option.feedback

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """The options' ids."""
        return self.ids() if shuffle is None or self.keep_order else shuffle(self.ids(), "options")

    def checked(self, given: Any) -> Answer | None:
        """`{"chosen": [ids]}`, in alphabetical order."""
        if given is None:
            return None
        chosen = given.get("chosen") if isinstance(given, dict) else None
        ids = self.ids()
        if not isinstance(chosen, list) or not all(isinstance(one, str) and one in ids for one in chosen):
            raise bad_answer()
        if len(set(chosen)) > 1 and self.kind != "multiple":
            raise RuleBroken(N_("Câu này chỉ chọn một đáp án."), code="bad-answer")
        return {"chosen": sorted(set(chosen))} if chosen else None

    def given(self, fields: Fields) -> Any:
        """Every value of `answer`."""
        chosen = list(fields.get("answer", ()))
        return {"chosen": chosen} if chosen else None

    def fraction(self, answer: Answer) -> Fraction:
        """By the rule of the kind, see above."""
        chosen = set(answer.get("chosen", ()))
        by_id = self.by_id()
        if self.credit == Credit.SHARES:
            return within_bounds(sum((by_id[one].share or NOTHING for one in chosen if one in by_id), NOTHING))
        right = {option_id for option_id, option in by_id.items() if option.right}
        if self.kind != "multiple" or self.credit == Credit.ALL:
            return WHOLE if chosen == right else NOTHING
        return within_bounds(Fraction(len(chosen & right) - len(chosen - right), len(right)))

    def key(self) -> Answer:
        """The right options."""
        by_id = self.by_id()
        if self.credit != Credit.SHARES:
            return {"chosen": sorted(one for one, option in by_id.items() if option.right)}
        paid = {one: option.share or NOTHING for one, option in by_id.items() if (option.share or NOTHING) > 0}
        best = [max(paid, key=lambda one: paid[one])] if self.kind == "single" else sorted(paid)
        return {"chosen": best}


@dataclass(frozen=True)
class Single(Choice):
    """One right option."""

    kind = "single"


@dataclass(frozen=True)
class Multiple(Choice):
    """One right option or more."""

    kind = "multiple"


@dataclass(frozen=True)
class TrueFalse(Choice):
    """The two options "true" and "false", in this order; made by `true_false`, empty while neither is chosen."""

    kind = "truefalse"

    def ids(self) -> list[str]:
        """Named for what they say."""
        return ["true", "false"][: len(self.options)]

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """They never change places."""
        return self.ids()

    def faults(self, stem: Both) -> list[RuleBroken]:
        """Only whether one of the two was chosen as right."""
        return [] if self.options else [RuleBroken(N_("Chưa chọn Đúng hay Sai. Hãy chọn."), field="truth")]


def true_false(right: bool, feedback_true: Both = EMPTY, feedback_false: Both = EMPTY) -> TrueFalse:
    """The content of a true/false question: its two options with their feedback."""
    return TrueFalse(
        (
            Option(Both("Đúng", "True"), right, feedback_true),
            Option(Both("Sai", "False"), not right, feedback_false),
        )
    )
