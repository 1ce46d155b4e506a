"""A question as a page shows it: in the reader's language, its options in the attempt's order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lms.core.i18n import in_language
from lms.corpus import queries as corpus
from lms.corpus.models import Document
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.kinds.choice import Choice
from lms.quizzes.kinds.content import Answer, Content
from lms.quizzes.kinds.short import Short
from lms.quizzes.models import QuestionKind, QuestionVersion


@dataclass(frozen=True)
class ShownOption:
    """One option; `right` and `feedback` are for pages after handing in and for those who write."""

    id: str
    text: str
    chosen: bool
    right: bool
    feedback: str


@dataclass(frozen=True)
class Citation:
    """A cited place; `key` is None where the document is not in the collection."""

    key: str | None
    words: str


@dataclass(frozen=True)
class ShownQuestion:
    """One question, ready for a template; `score` is None before marking."""

    position: int
    kind: QuestionKind
    stem: str
    content: Content
    order: list[str]
    answer: Answer
    options: list[ShownOption]
    feedback: str
    citations: list[Citation]
    points: int
    score: float | None
    answered: bool
    flagged: bool
    saved_seq: int

    @property
    def text(self) -> str:
        """What was written, where the answer is text."""
        return str(self.answer.get("text", ""))

    @property
    def accepted(self) -> list[str]:
        """The accepted forms of a short answer."""
        return [form.text for form in self.content.accepted] if isinstance(self.content, Short) else []

    @property
    def whole(self) -> bool:
        """Whether the answer earned everything."""
        return self.score is not None and self.score >= self.points


def shown_item(
    item: AttemptItem, score: float | None = None, documents: Mapping[str, Document] | None = None
) -> ShownQuestion:
    """A question of an attempt, with the answer given."""
    version = item.question_version
    content, answer = version.content, item.answer or {}
    return ShownQuestion(
        position=item.position,
        kind=QuestionKind(version.kind),
        stem=in_language(version.stem, version.stem_en),
        content=content,
        order=item.option_order,
        answer=answer,
        options=_options(content, item.option_order, answer.get("chosen", ())),
        feedback=in_language(version.feedback, version.feedback_en),
        citations=[_citation(cite, documents or {}) for cite in version.cites],
        points=item.points,
        score=score,
        answered=item.answer is not None,
        flagged=item.flagged,
        saved_seq=item.saved_seq,
    )


def shown_version(version: QuestionVersion, documents: Mapping[str, Document]) -> ShownQuestion:
    """A question for those who write it: as a learner sees it, with nothing answered."""
    content = version.content
    order = content.arranged(None)
    return ShownQuestion(
        position=1,
        kind=QuestionKind(version.kind),
        stem=in_language(version.stem, version.stem_en),
        content=content,
        order=order,
        answer={},
        options=_options(content, order, ()),
        feedback=in_language(version.feedback, version.feedback_en),
        citations=[_citation(cite, documents) for cite in version.cites],
        points=1,
        score=None,
        answered=False,
        flagged=False,
        saved_seq=0,
    )


def cited_documents(versions: Sequence[QuestionVersion]) -> dict[str, Document]:
    """The documents that these versions cite, by key, in one statement; none where nothing is cited."""
    keys = {cite.partition(" ")[0] for version in versions for cite in version.cites}
    return corpus.by_key(keys) if keys else {}


def _options(content: Content, order: Sequence[str], chosen: Collection[str]) -> list[ShownOption]:
    by_id = content.by_id() if isinstance(content, Choice) else {}
    return [
        ShownOption(
            id=option_id,
            text=in_language(by_id[option_id].text.vi, by_id[option_id].text.en or None),
            chosen=option_id in chosen,
            right=by_id[option_id].right,
            feedback=in_language(by_id[option_id].feedback.vi, by_id[option_id].feedback.en or None),
        )
        for option_id in order
        if option_id in by_id
    ]


def _citation(cite: str, documents: Mapping[str, Document]) -> Citation:
    key, _space, place = cite.partition(" ")
    document = documents.get(key)
    if document is None:
        return Citation(None, cite)
    label = in_language(document.label, document.label_en)
    place = in_language(place, place.replace("Điều", "Art.").replace("Khoản", "clause"))
    return Citation(key, f"{label}, {place}" if place else label)
