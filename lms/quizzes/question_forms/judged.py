"""Boxes of an essay: the rubric, the length asked for, the markers' guide."""

from typing import Any

from wtforms import FieldList, FormField, IntegerField, TextAreaField

from lms.core.forms import RowForm, length, number_range, optional
from lms.core.i18n import lazy
from lms.quizzes.kinds.content import Content
from lms.quizzes.kinds.essay import MOST_CRITERIA, MOST_LEVELS, Criterion, Essay, Level
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import LONGEST_STEM, both, kept_lines, line, may_be_empty


class LevelForm(RowForm):
    """One level of a criterion."""

    points = IntegerField(lazy("Điểm"), [may_be_empty, number_range(0, 100)])
    text = line(lazy("Mô tả mức"))
    text_en = line(lazy("Mô tả mức, bằng tiếng Anh"))


class CriterionForm(RowForm):
    """One criterion and its levels."""

    name = line(lazy("Tiêu chí"))
    name_en = line(lazy("Tiêu chí, bằng tiếng Anh"))
    levels = FieldList(FormField(LevelForm), lazy("Các mức"), max_entries=MOST_LEVELS)


class EssayForm(QuestionForm):
    """The rubric and what is told to people who write and who mark."""

    kind = QuestionKind.ESSAY
    most = {"rubric": MOST_CRITERIA, "levels": MOST_LEVELS}  # noqa: RUF012 - declared in the base
    places = {"rubric": ("rubric", "name"), "fewest_words": ("fewest_words", "")}  # noqa: RUF012 - as above

    rubric = FieldList(FormField(CriterionForm), lazy("Tiêu chí chấm"), max_entries=MOST_CRITERIA)
    fewest_words = IntegerField(lazy("Ít nhất bao nhiêu chữ"), [optional(), number_range(0, 20_000)])
    most_words = IntegerField(lazy("Nhiều nhất bao nhiêu chữ"), [optional(), number_range(0, 20_000)])
    guide = TextAreaField(lazy("Hướng dẫn người chấm"), [optional(), length(LONGEST_STEM)], filters=[kept_lines])

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Two criteria of three levels."""
        levels = [{"points": 2}, {"points": 1}, {"points": 0}]
        return {"rubric": [{"levels": levels}, {"levels": levels}]}

    @classmethod
    def filled(cls, content: Essay) -> dict[str, Any]:
        """The rubric as stored."""
        return {
            "rubric": [
                {
                    "name": one.name.vi,
                    "name_en": one.name.en,
                    "levels": [
                        {"points": level.points, "text": level.text.vi, "text_en": level.text.en}
                        for level in one.levels
                    ],
                }
                for one in content.rubric
            ],
            "fewest_words": content.fewest_words or None,
            "most_words": content.most_words or None,
            "guide": content.guide,
        }

    def content(self) -> Content:
        """An essay; a criterion's rows without points are left out."""
        rubric = tuple(
            Criterion(
                both(row.name, row.name_en),
                tuple(
                    Level(level.points.data, both(level.text, level.text_en))
                    for level in (entry.form for entry in row.levels.entries)
                    if level.points.data is not None
                ),
            )
            for row in rows_of(self.rubric)
        )
        return Essay(rubric, self.fewest_words.data or 0, self.most_words.data or 0, self.guide.data or "")
