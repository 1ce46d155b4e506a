"""The words of a question before they are stored, what is wrong with them, and what could be better: pure."""

from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold
from lms.quizzes.marking import sameness
from lms.quizzes.models import QuestionKind, QuestionVersion

MOST_OPTIONS = 12
FEWEST_OPTIONS = 2
_LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Option:
    """One possible answer."""

    text: str
    right: bool
    text_en: str = ""
    feedback: str = ""
    feedback_en: str = ""


@dataclass(frozen=True)
class Words:
    """Everything a version of a question says."""

    kind: QuestionKind
    stem: str
    stem_en: str = ""
    options: list[Option] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    exact: bool = False
    feedback: str = ""
    feedback_en: str = ""
    cites: list[str] = field(default_factory=list)

    def columns(self) -> dict[str, Any]:
        """The values of a `QuestionVersion`."""
        return {
            "kind": self.kind,
            "stem": self.stem,
            "stem_en": self.stem_en or None,
            "options": self._stored_options(),
            "accepted": self.accepted if self.kind == QuestionKind.SHORT else [],
            "exact": self.exact and self.kind == QuestionKind.SHORT,
            "feedback": self.feedback,
            "feedback_en": self.feedback_en or None,
            "cites": self.cites,
        }

    def search_text(self) -> str:
        """Folded text the question is found by."""
        parts = [self.stem, self.stem_en, *self.accepted]
        for option in self.options:
            parts += [option.text, option.text_en]
        return fold(" ".join(part for part in parts if part))

    def _stored_options(self) -> list[dict[str, Any]]:
        ids = ("true", "false") if self.kind == QuestionKind.TRUE_FALSE else _LETTERS
        return [
            {
                "id": option_id,
                "text": option.text,
                "text_en": option.text_en or None,
                "right": option.right,
                "feedback": option.feedback,
                "feedback_en": option.feedback_en or None,
            }
            for option_id, option in zip(ids, self.options, strict=False)
        ]


def true_false(right: bool, feedbacks: tuple[str, str] = ("", ""), english: tuple[str, str] = ("", "")) -> list[Option]:
    """The two options of a true/false question; `feedbacks` belong to "true" and to "false"."""
    return [
        Option("Đúng", right, "True", feedbacks[0], english[0]),
        Option("Sai", not right, "False", feedbacks[1], english[1]),
    ]


def says_the_same(version: QuestionVersion, words: Words) -> bool:
    """Whether a stored version already says exactly this."""
    return all(getattr(version, name) == value for name, value in words.columns().items())


def faults(words: Words) -> list[RuleBroken]:
    """What keeps the words from being asked; `field`: stem, accepted, truth, options, or options-N (N from 0)."""
    found: list[RuleBroken] = []
    if not words.stem:
        found.append(RuleBroken(N_("Câu hỏi còn trống. Hãy viết câu hỏi."), field="stem"))
    if words.kind == QuestionKind.SHORT:
        if not any(sameness(one) for one in words.accepted):
            found.append(RuleBroken(N_("Chưa có câu trả lời đúng nào. Hãy ghi ít nhất một."), field="accepted"))
        return found
    if words.kind == QuestionKind.TRUE_FALSE and not words.options:
        return [*found, RuleBroken(N_("Chưa chọn Đúng hay Sai. Hãy chọn."), field="truth")]
    return found + _option_faults(words)


def _option_faults(words: Words) -> list[RuleBroken]:
    options = words.options
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        message = N_("Cần từ %(least)s đến %(most)s phương án, nay có %(n)s.")
        return [RuleBroken(message, field="options", least=FEWEST_OPTIONS, most=MOST_OPTIONS, n=len(options))]
    found = []
    seen: dict[str, int] = {}
    for place, option in enumerate(options):
        if not option.text:
            message = N_("Phương án %(n)s còn trống. Hãy viết hoặc bỏ đi.")
            found.append(RuleBroken(message, field=f"options-{place}", n=place + 1))
        elif (first := seen.setdefault(option.text.casefold(), place)) != place:
            message = N_("Phương án này trùng với phương án %(n)s.")
            found.append(RuleBroken(message, field=f"options-{place}", n=first + 1))
    right = sum(option.right for option in options)
    if right == 0:
        found.append(RuleBroken(N_("Chưa đánh dấu phương án đúng. Hãy chọn."), field="options"))
    elif right > 1 and words.kind != QuestionKind.MULTIPLE:
        message = N_("Câu chọn một đáp án chỉ có một phương án đúng, nay đánh dấu %(n)s.")
        found.append(RuleBroken(message, field="options", n=right))
    return found


def advice(version: QuestionVersion) -> list[str]:
    """Message ids of what could be better; nothing here keeps a question from being asked."""
    found = []
    if not version.feedback and not any(option["feedback"] for option in version.options):
        found.append(N_("Chưa có lời giải thích: người học sẽ không biết vì sao."))
    if version.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}:
        right = [len(option["text"]) for option in version.options if option["right"]]
        wrong = [len(option["text"]) for option in version.options if not option["right"]]
        if right and wrong and mean(right) > 1.5 * max(wrong) and mean(right) - max(wrong) > 20:
            found.append(N_("Phương án đúng dài hơn hẳn các phương án khác, người học có thể đoán ra."))
        if not wrong:
            found.append(N_("Mọi phương án đều đúng: câu hỏi không phân biệt được gì."))
    if not version.stem_en:
        found.append(N_("Chưa có bản tiếng Anh."))
    return found
