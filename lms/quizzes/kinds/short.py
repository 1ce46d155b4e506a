"""Short answer: a few words, equal to one of the accepted forms.

Forgiven (the usual one): accents, case, spaces and punctuation do not count, see `sameness`. Exact: letter by letter,
only outer and doubled spaces are tidied. A form may earn less than the whole, and may have its own feedback.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.quizzes.kinds.content import (
    EMPTY,
    NOTHING,
    WHOLE,
    Answer,
    Both,
    Content,
    Fields,
    Shuffle,
    checked_text,
    read_share,
    sameness,
    write_share,
)

MOST_FORMS = 40


@dataclass(frozen=True)
class Form:
    """One accepted form and what it earns."""

    text: str
    share: Fraction = WHOLE
    feedback: Both = EMPTY

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {"text": self.text}
        if self.share != WHOLE:
            found["share"] = write_share(self.share)
        return found | ({"feedback": self.feedback.stored()} if self.feedback != EMPTY else {})

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Form":
        """From JSON."""
        share = read_share(data["share"]) if "share" in data else WHOLE
        return cls(data["text"], share, Both.read(data.get("feedback")))


@dataclass(frozen=True)
class Short(Content):
    """Accepted forms in any language, and whether they are compared letter by letter."""

    kind = "short"
    accepted: tuple[Form, ...]
    exact: bool = False

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Short":
        """From stored JSON."""
        return cls(tuple(Form.read(one) for one in body["accepted"]), bool(body.get("exact")))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {"accepted": [form.stored() for form in self.accepted]} | ({"exact": True} if self.exact else {})

    def faults(self, stem: Both) -> list[RuleBroken]:
        """No form that can be met; too many; none that earns the whole."""
        form = tidy if self.exact else sameness
        if not any(form(one.text) for one in self.accepted):
            return [RuleBroken(N_("Chưa có câu trả lời đúng nào. Hãy ghi ít nhất một."), field="accepted")]
        if len(self.accepted) > MOST_FORMS:
            message = N_("Nhiều nhất %(most)s câu trả lời được chấp nhận, nay có %(n)s.")
            return [RuleBroken(message, field="accepted", most=MOST_FORMS, n=len(self.accepted))]
        if not all(NOTHING <= one.share <= WHOLE for one in self.accepted):
            return [RuleBroken(N_("Phần điểm của một câu trả lời từ 0 đến 100 phần trăm."), field="accepted")]
        if not any(one.share == WHOLE and form(one.text) for one in self.accepted):
            return [RuleBroken(N_("Chưa có câu trả lời nào được trọn điểm."), field="accepted")]
        return []

    def pieces(self) -> Iterator[Both]:
        """The accepted forms and their feedback."""
        for one in self.accepted:
            yield Both(one.text)
            yield one.feedback

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Nothing to arrange."""
        return []

    def checked(self, given: Any) -> Answer | None:
        """`{"text": …}`."""
        return None if given is None else checked_text(given)

    def given(self, fields: Fields) -> Any:
        """The value of `text`."""
        return {"text": next(iter(fields.get("text", ())), "")}

    def match(self, text: str) -> Form | None:
        """The accepted form that a text meets, of several the best paid; None for none."""
        form = tidy if self.exact else sameness
        written = form(text)
        met = [one for one in self.accepted if written and form(one.text) == written]
        return max(met, key=lambda one: one.share, default=None)

    def fraction(self, answer: Answer) -> Fraction:
        """The share of the form that is met."""
        met = self.match(str(answer.get("text", "")))
        return met.share if met else NOTHING

    def key(self) -> Answer:
        """The first form that earns the whole."""
        return {"text": next(one.text for one in self.accepted if one.share == WHOLE)}
