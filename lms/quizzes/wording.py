"""The words of a question before they are stored, what is wrong with them, and what could be better: pure."""

from dataclasses import dataclass, field
from hashlib import sha256
from statistics import mean
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold
from lms.quizzes.kinds.choice import Choice
from lms.quizzes.kinds.content import EMPTY, Both, Content, sameness
from lms.quizzes.models import Difficulty, QuestionKind, QuestionVersion


@dataclass(frozen=True)
class Words:
    """Everything a version of a question says; `stem` and `feedback` are Markdown."""

    content: Content
    stem: Both
    feedback: Both = EMPTY
    cites: list[str] = field(default_factory=list)

    @property
    def kind(self) -> QuestionKind:
        """The kind of its content."""
        return QuestionKind(self.content.kind)

    @classmethod
    def of(cls, version: QuestionVersion) -> "Words":
        """What a stored version says."""
        return cls(
            content=version.content,
            stem=Both(version.stem, version.stem_en or ""),
            feedback=Both(version.feedback, version.feedback_en or ""),
            cites=list(version.cites),
        )

    def columns(self) -> dict[str, Any]:
        """The values of a `QuestionVersion`."""
        return {
            "kind": self.kind,
            "stem": self.stem.vi,
            "stem_en": self.stem.en or None,
            "body": self.content.stored(),
            "feedback": self.feedback.vi,
            "feedback_en": self.feedback.en or None,
            "cites": self.cites,
        }

    def search_text(self) -> str:
        """Folded text the question is found by."""
        return fold(
            " ".join(text for both in (self.stem, *self.content.pieces()) for text in (both.vi, both.en) if text)
        )

    def fingerprint(self) -> str:
        """The same for questions that ask the same with the same answers, whatever the order, accents and spaces."""
        parts = sorted(sameness(piece.vi) for piece in self.content.pieces())
        return sha256("\n".join([self.kind, sameness(self.stem.vi), *parts]).encode()).hexdigest()


@dataclass(frozen=True)
class Labels:
    """What a question is filed and found under; `category` is a path of folders, parted by "/"."""

    topic: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM
    title: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()


def says_the_same(version: QuestionVersion, words: Words) -> bool:
    """Whether a stored version already says exactly this."""
    return all(getattr(version, name) == value for name, value in words.columns().items())


def faults(words: Words) -> list[RuleBroken]:
    """What keeps the words from being asked; `field`: stem, or a part of the content, "options-N" (N from 0)."""
    found = [] if words.stem.vi else [RuleBroken(N_("Câu hỏi còn trống. Hãy viết câu hỏi."), field="stem")]
    return found + words.content.faults(words.stem)


def advice(version: QuestionVersion) -> list[str]:
    """Message ids of what could be better; nothing here keeps a question from being asked."""
    found = []
    content = version.content
    options = content.options if isinstance(content, Choice) else ()
    if not version.feedback and not any(option.feedback.vi for option in options):
        found.append(N_("Chưa có lời giải thích: người học sẽ không biết vì sao."))
    if options and version.kind != QuestionKind.TRUE_FALSE:
        right = [len(option.text.vi) for option in options if option.right]
        wrong = [len(option.text.vi) for option in options if not option.right]
        if right and wrong and mean(right) > 1.5 * max(wrong) and mean(right) - max(wrong) > 20:
            found.append(N_("Phương án đúng dài hơn hẳn các phương án khác, người học có thể đoán ra."))
        if not wrong:
            found.append(N_("Mọi phương án đều đúng: câu hỏi không phân biệt được gì."))
    if not version.stem_en:
        found.append(N_("Chưa có bản tiếng Anh."))
    return found


def changed(before: QuestionVersion, after: QuestionVersion) -> list[tuple[str, str, str]]:
    """What one version says otherwise than another: message id of the part, and its words before and after."""
    found = []
    for name, old, new in (
        (N_("Câu hỏi"), before.stem, after.stem),
        (N_("Câu hỏi bằng tiếng Anh"), before.stem_en, after.stem_en),
        (N_("Lời giải thích chung"), before.feedback, after.feedback),
        (N_("Lời giải thích bằng tiếng Anh"), before.feedback_en, after.feedback_en),
        (N_("Văn bản làm căn cứ"), "; ".join(before.cites), "; ".join(after.cites)),
    ):
        if (old or "") != (new or ""):
            found.append((name, old or "", new or ""))
    if before.kind != after.kind or before.body != after.body:
        found.append((N_("Phương án, đáp án hoặc cách chấm"), *_told_apart(before.content, after.content)))
    return found


def _told_apart(before: Content, after: Content) -> tuple[str, str]:
    """The texts that only one of two contents has; both empty where only the key changed."""
    olds, news = ([piece.vi for piece in content.pieces() if piece.vi] for content in (before, after))
    return "; ".join(one for one in olds if one not in news), "; ".join(one for one in news if one not in olds)
