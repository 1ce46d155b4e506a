"""A question as a page shows it: in the reader's language, its parts in the attempt's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.core.i18n import in_language
from lms.corpus import queries as corpus
from lms.corpus.models import Document
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.kinds.content import Answer, Content
from lms.quizzes.models import QuestionKind, QuestionVersion, QuizSection
from lms.quizzes.parts import Chosen, Parts, ShownOption, Typed, block, figure_address, parts_of

__all__ = ["Citation", "ShownQuestion", "cited_documents", "figure_address", "shown_item", "shown_version"]


@dataclass(frozen=True)
class Citation:
    """A cited place; `key` is None where the document is not in the collection."""

    key: str | None
    words: str


@dataclass(frozen=True)
class ShownQuestion:
    """One question, ready for a template; `score` is None before marking. Stem and feedback are HTML."""

    position: int
    kind: QuestionKind
    stem: Markup
    content: Content
    parts: Parts
    answer: Answer
    feedback: Markup
    citations: list[Citation]
    points: int
    score: float | None = None
    answered: bool = False
    flagged: bool = False
    saved_seq: int = 0
    seconds: int = 0
    comment: str = ""
    section: QuizSection | None = None
    opens_section: bool = False

    @property
    def options(self) -> list[ShownOption]:
        """The options of a choice."""
        return self.parts.options if isinstance(self.parts, Chosen) else []

    @property
    def text(self) -> str:
        """What was written, where the answer is text."""
        return str(self.answer.get("text", ""))

    @property
    def accepted(self) -> list[str]:
        """What earns the whole where a few words or a number are typed."""
        return self.parts.accepted if isinstance(self.parts, Typed) else []

    @property
    def whole(self) -> bool:
        """Whether the answer earned everything."""
        return self.score is not None and self.score >= self.points


def shown_paper(
    items: Sequence[AttemptItem],
    scores: Mapping[int, float | None] | None = None,
    documents: Mapping[str, Document] | None = None,
) -> list[ShownQuestion]:
    """The questions of an attempt, the first of each section opening it; `scores` by position."""
    before: int | None = None
    shown = []
    for item in items:
        opens = item.section_id is not None and item.section_id != before
        before = item.section_id
        score = scores[item.position] if scores is not None else None
        shown.append(shown_item(item, score, documents, opens_section=opens))
    return shown


def shown_item(
    item: AttemptItem,
    score: float | None = None,
    documents: Mapping[str, Document] | None = None,
    *,
    opens_section: bool = False,
) -> ShownQuestion:
    """A question of an attempt, with the answer given."""
    version = item.question_version
    # The words are those that were seen; what was right is by the key that marks them.
    key = item.key_version if documents is not None and item.key_version_id is not None else None
    content, answer = (key or version).content, item.answer or {}
    stem = block(version.stem, version.stem_en)
    return ShownQuestion(
        position=item.position,
        kind=QuestionKind(version.kind),
        stem=stem,
        content=content,
        parts=parts_of(content, stem, item.option_order, answer),
        answer=answer,
        feedback=block(version.feedback, version.feedback_en),
        citations=[_citation(cite, documents or {}) for cite in version.cites],
        points=item.points,
        score=score,
        answered=item.answer is not None,
        flagged=item.flagged,
        saved_seq=item.saved_seq,
        seconds=item.seconds,
        comment=item.comment or "",
        section=item.section,
        opens_section=opens_section,
    )


def shown_version(version: QuestionVersion, documents: Mapping[str, Document]) -> ShownQuestion:
    """A question for those who write it: as a learner sees it, with nothing answered."""
    content = version.content
    stem = block(version.stem, version.stem_en)
    return ShownQuestion(
        position=1,
        kind=QuestionKind(version.kind),
        stem=stem,
        content=content,
        parts=parts_of(content, stem, content.arranged(None), {}),
        answer={},
        feedback=block(version.feedback, version.feedback_en),
        citations=[_citation(cite, documents) for cite in version.cites],
        points=1,
    )


def cited_documents(versions: Sequence[QuestionVersion]) -> dict[str, Document]:
    """The documents that these versions cite, by key, in one statement; none where nothing is cited."""
    keys = {cite.partition(" ")[0] for version in versions for cite in version.cites}
    return corpus.by_key(keys) if keys else {}


def _citation(cite: str, documents: Mapping[str, Document]) -> Citation:
    key, _space, place = cite.partition(" ")
    document = documents.get(key)
    if document is None:
        return Citation(None, cite)
    label = in_language(document.label, document.label_en)
    place = in_language(place, place.replace("Điều", "Art.").replace("Khoản", "clause"))
    return Citation(key, f"{label}, {place}" if place else label)
