"""Boxes of short answers and numbers."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, RadioField, StringField

from lms.core.forms import RowForm, length, tidied
from lms.core.i18n import lazy
from lms.quizzes.kinds.content import WHOLE, Content
from lms.quizzes.kinds.numeric import MOST_UNITS, MOST_VALUES, Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.short import MOST_FORMS, Form, Short
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import (
    FEEDBACK,
    FEEDBACK_EN,
    SHARE,
    both,
    check_tolerance,
    line,
    may_be_empty,
    number_box,
    number_of,
    share_box,
    share_of,
    shown_number,
    shown_share,
    shown_tolerance,
    tolerance_of,
)

UNIT_RULES = [
    (str(UnitRule.NONE), lazy("Chỉ nhận số, không có đơn vị đo")),
    (str(UnitRule.OPTIONAL), lazy("Ghi đơn vị đo hay không đều được; ghi sai đơn vị không được điểm")),
    (str(UnitRule.REQUIRED), lazy("Phải ghi đơn vị đo")),
]
"""What a unit is worth, in words."""


class AcceptedForm(RowForm):
    """One accepted form of a short answer."""

    text = StringField(lazy("Câu trả lời được chấp nhận"), [length(500)], filters=[tidied])
    share = share_box(SHARE)
    feedback = line(FEEDBACK)
    feedback_en = line(FEEDBACK_EN)


class ShortForm(QuestionForm):
    """Accepted forms, and how they are compared."""

    kind = QuestionKind.SHORT
    most = {"accepted": MOST_FORMS}  # noqa: RUF012 - declared in the base
    places = {"accepted": ("accepted", "text")}  # noqa: RUF012 - declared in the base

    accepted = FieldList(FormField(AcceptedForm), lazy("Những câu trả lời được chấp nhận"), max_entries=MOST_FORMS)
    exact = BooleanField(lazy("Phải đúng từng chữ, kể cả dấu và chữ hoa"))

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Two empty forms."""
        return {"accepted": [{"share": "100"}, {"share": "100"}]}

    @classmethod
    def filled(cls, content: Short) -> dict[str, Any]:
        """The forms as stored."""
        return {
            "exact": content.exact,
            "accepted": [
                {
                    "text": form.text,
                    "share": shown_share(form.share),
                    "feedback": form.feedback.vi,
                    "feedback_en": form.feedback.en,
                }
                for form in content.accepted
            ],
        }

    def content(self) -> Content:
        """A short answer; rows without a text are left out."""
        forms = (
            Form(row.text.data, share_of(row.share.data, WHOLE), both(row.feedback, row.feedback_en))
            for row in rows_of(self.accepted)
            if row.text.data
        )
        return Short(tuple(forms), exact=bool(self.exact.data))


class ValueForm(RowForm):
    """One accepted number."""

    number = number_box(lazy("Đáp số"))
    tolerance = StringField(lazy("Sai số"), [may_be_empty, length(40), check_tolerance], filters=[tidied])
    share = share_box(SHARE)
    feedback = line(FEEDBACK)
    feedback_en = line(FEEDBACK_EN)


class UnitForm(RowForm):
    """A unit and what one of it is in the unit of the numbers."""

    name = StringField(lazy("Đơn vị đo"), [length(40)], filters=[tidied])
    factor = number_box(lazy("Hệ số"))


class NumericForm(QuestionForm):
    """Accepted numbers and units."""

    kind = QuestionKind.NUMERIC
    most = {"values": MOST_VALUES, "units": MOST_UNITS}  # noqa: RUF012 - declared in the base
    places = {"values": ("values", "number"), "units": ("units", "name")}  # noqa: RUF012 - declared in the base

    values = FieldList(FormField(ValueForm), lazy("Đáp số được chấp nhận"), max_entries=MOST_VALUES)
    unit_rule = RadioField(lazy("Đơn vị đo"), choices=UNIT_RULES, default=str(UnitRule.NONE))
    units = FieldList(FormField(UnitForm), lazy("Các đơn vị đo được nhận"), max_entries=MOST_UNITS)

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """One empty number, one empty unit."""
        return {"values": [{"share": "100"}], "units": [{}]}

    @classmethod
    def filled(cls, content: Numeric) -> dict[str, Any]:
        """Numbers and units as stored."""
        return {
            "values": [
                {
                    "number": shown_number(value.number),
                    "tolerance": shown_tolerance(value.tolerance, relative=value.relative),
                    "share": shown_share(value.share),
                    "feedback": value.feedback.vi,
                    "feedback_en": value.feedback.en,
                }
                for value in content.values
            ],
            "unit_rule": str(content.unit_rule),
            "units": [{"name": unit.name, "factor": shown_number(unit.factor)} for unit in content.units] or [{}],
        }

    def content(self) -> Content:
        """A numeric answer."""
        values = []
        for row in rows_of(self.values):
            tolerance, relative = tolerance_of(row.tolerance.data)
            share = share_of(row.share.data, WHOLE)
            if row.number.data:
                feedback = both(row.feedback, row.feedback_en)
                values.append(Value(number_of(row.number.data), tolerance, relative, share, feedback))
        units = tuple(
            Unit(row.name.data or "", number_of(row.factor.data or "1"))
            for row in rows_of(self.units)
            if row.name.data or row.factor.data
        )
        return Numeric(tuple(values), units, UnitRule(self.unit_rule.data or UnitRule.NONE))
