"""What every question's form has: the question, its feedback, what it is filed under; and rows that move."""

from copy import deepcopy
from typing import Any, ClassVar, Self

from flask_wtf.file import FileField
from wtforms import Field, FieldList, FormField, SelectField, StringField, TextAreaField

from lms.core.errors import RuleBroken, RulesBroken
from lms.core.forms import Form, RowForm, length, optional, tidied
from lms.core.i18n import explain, lazy
from lms.core.text import fold, tidy
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.labels import DIFFICULTIES
from lms.quizzes.models import Difficulty, Question, QuestionKind, QuestionVersion
from lms.quizzes.question_forms.boxes import LONGEST_STEM, kept_lines
from lms.quizzes.wording import Labels, Words

REARRANGING = ("add:", "remove:", "up:", "down:")
LONGEST_TAG = 60
MOST_TAGS = 20
_OF_ONE_REQUEST = {"csrf_token", "picture", "figure_file"}
_CHOOSING = {"SelectField", "RadioField"}
_COUNTING = {"share", "weight", "points"}


class QuestionForm(Form):
    """A question of one kind; its subclasses add the boxes of the kind."""

    kind: ClassVar[QuestionKind]
    most: ClassVar[dict[str, int]] = {}
    """How many rows a list may have, by the last part of its name."""
    places: ClassVar[dict[str, tuple[str, str]]] = {}
    """Where a fault of a part of the content is said: part -> (list, box of its row); a part may be a box itself."""

    stem = TextAreaField(lazy("Nội dung câu hỏi"), [length(LONGEST_STEM)], filters=[kept_lines])
    stem_en = TextAreaField(lazy("Câu hỏi bằng tiếng Anh"), [optional(), length(LONGEST_STEM)], filters=[kept_lines])
    feedback = TextAreaField(lazy("Lời giải thích chung"), [optional(), length(LONGEST_STEM)], filters=[kept_lines])
    feedback_en = TextAreaField(
        lazy("Lời giải thích bằng tiếng Anh"), [optional(), length(LONGEST_STEM)], filters=[kept_lines]
    )
    title = StringField(lazy("Tên gọi trong ngân hàng"), [optional(), length(200)], filters=[tidied])
    category = StringField(lazy("Danh mục"), [optional(), length(300)], filters=[tidied])
    topic = StringField(lazy("Chủ đề"), [optional(), length(80)], filters=[tidied])
    tags = StringField(lazy("Nhãn"), [optional(), length(800)], filters=[tidied])
    difficulty = SelectField(lazy("Độ khó"), choices=list(DIFFICULTIES.items()), default=Difficulty.MEDIUM)
    cites = TextAreaField(lazy("Văn bản làm căn cứ"), [optional(), length(2000)])
    picture = FileField(lazy("Hình PNG hoặc JPEG, nhiều nhất 2 MB"))
    picture_words = StringField(lazy("Lời mô tả hình"), [optional(), length(300)], filters=[tidied])

    @classmethod
    def blank(cls, **labels: str) -> Self:
        """The form as sent, else an empty one with a few empty rows."""
        form = cls()
        return form if form.is_submitted() else cls(formdata=None, data=cls.empty() | labels)

    @classmethod
    def of(cls, question: Question, version: QuestionVersion) -> Self:
        """The form as sent, else filled with what is asked today."""
        form = cls()
        if form.is_submitted():
            return form
        words = {
            "stem": version.stem,
            "stem_en": version.stem_en,
            "feedback": version.feedback,
            "feedback_en": version.feedback_en,
            "title": question.title,
            "category": question.category,
            "topic": question.topic,
            "tags": ", ".join(tag.tag for tag in question.tags),
            "difficulty": question.difficulty,
            "cites": "\n".join(version.cites),
        }
        return cls(formdata=None, data=words | cls.filled(version.content))

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Values of a new question's boxes."""
        return {}

    @classmethod
    def filled(cls, content: Any) -> dict[str, Any]:
        """Values of the boxes that say this content."""
        raise NotImplementedError

    def content(self) -> Content:
        """What the boxes of the kind say."""
        raise NotImplementedError

    def words(self) -> Words:
        """What the form says, as words of a question."""
        return Words(
            content=self.content(),
            stem=Both(self.stem.data or "", self.stem_en.data or ""),
            feedback=Both(self.feedback.data or "", self.feedback_en.data or ""),
            cites=[line for line in (tidy(one) for one in (self.cites.data or "").splitlines()) if line],
        )

    def labels(self) -> Labels:
        """What the question is filed under."""
        return Labels(
            topic=self.topic.data or "",
            difficulty=Difficulty(self.difficulty.data),
            title=self.title.data or "",
            category=folder(self.category.data),
            tags=tags_of(self.tags.data),
        )

    def rearranged(self, act: str) -> Self:
        """The form with a row more, less or elsewhere: "add:options", "remove:options-2", "up:rubric-0-levels-1"."""
        verb, _colon, path = act.partition(":")
        values = {box: deepcopy(value) for box, value in self.data.items() if box not in _OF_ONE_REQUEST}
        name, _dash, number = path.rpartition("-")
        rows = _rows(values, path if verb == "add" else name)
        place = int(number) if verb != "add" and number.isdecimal() else -1
        if rows is not None and verb == "add":
            if len(rows) < self.most.get(path.rpartition("-")[2], 40):
                rows.append({})
        elif rows is not None and 0 <= place < len(rows):
            row = rows.pop(place)
            if verb == "remove":
                rows.extend([] if rows else [{}])
            else:
                rows.insert(min(max(place + (1 if verb == "down" else -1), 0), len(rows)), row)
        return self.with_values(**values)

    def unfolded(self) -> Self:
        """The form with what was pasted in another system's way put in its boxes; raises RuleBroken."""
        return self

    def with_values(self, **changed: Any) -> Self:
        """The form with some boxes filled otherwise."""
        values = {box: deepcopy(value) for box, value in self.data.items() if box not in _OF_ONE_REQUEST}
        return type(self)(formdata=None, data=values | changed)

    def refuse(self, refusal: RuleBroken | RulesBroken) -> None:
        """Put each refusal on the box it speaks of, "options-2" on the text of the third row."""
        for one in refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]:
            part, _dash, number = (one.field or "").partition("-")
            box = self._box(part, int(number) if number.isdecimal() else 0)
            if box is None:
                super().refuse(one)
            else:
                box.errors = [*box.errors, explain(one)]

    def _box(self, part: str, place: int) -> Field | None:
        where = self.places.get(part)
        if where is None:
            return None
        rows = self[where[0]]
        if not isinstance(rows, FieldList):
            return rows
        place = self.row_of(part, place)
        entries: list[FormField] = rows.entries
        if not entries:
            return None
        found: Field = entries[min(place, len(entries) - 1)].form[where[1]]
        return found

    def row_of(self, part: str, place: int) -> int:
        """The row that the N-th of a part stands in: rows left empty are not part of the content."""
        rows = self[self.places[part][0]]
        kept = [at for at, entry in enumerate(rows.entries) if says_something(entry.form)]
        return kept[place] if place < len(kept) else 0


def says_something(row: RowForm) -> bool:
    """Whether anything is written or ticked in a row; choices that always have a value do not count."""
    for field in row:
        if isinstance(field, FieldList):
            if any(says_something(entry.form) for entry in field.entries):
                return True
        elif field.data and field.type not in _CHOOSING and field.short_name not in _COUNTING:
            return True
    return False


def rows_of(field: FieldList) -> list[Any]:
    """The forms of the rows in which something is written."""
    return [entry.form for entry in field.entries if says_something(entry.form)]


def folder(path: str | None) -> str:
    """A path of folders with its parts tidied and none empty: " A / B/" is "A/B"."""
    return "/".join(part for part in (tidy(one) for one in (path or "").split("/")) if part)


def tags_of(text: str | None) -> tuple[str, ...]:
    """The tags in a box, parted by commas, each once."""
    found: dict[str, str] = {}
    for tag in (tidy(one)[:LONGEST_TAG] for one in (text or "").replace(";", ",").split(",")):
        if fold(tag):
            found.setdefault(fold(tag), tag)
    return tuple(list(found.values())[:MOST_TAGS])


def _rows(values: dict[str, Any], path: str) -> list[Any] | None:
    """The list that a path such as "rubric-0-levels" names in nested values."""
    found: Any = values
    for part in path.split("-"):
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found if isinstance(found, list) else None
