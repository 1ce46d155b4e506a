"""Boxes of a cloze: each gap's kind, and its answers as rows."""

import re
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectField, StringField

from lms.core.errors import RuleBroken
from lms.core.forms import RowForm, length, optional, tidied
from lms.core.i18n import lazy
from lms.core.text import tidy
from lms.quizzes.exchange import cloze_code
from lms.quizzes.exchange.entries import Unfit
from lms.quizzes.kinds.choice import MOST_OPTIONS, Credit, Option, Single
from lms.quizzes.kinds.cloze import GAP, MOST_GAPS, Cloze, Filler, Gap
from lms.quizzes.kinds.content import NOTHING, WHOLE, Both, Content
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.short import MOST_FORMS, Form, Short
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import (
    ENGLISH,
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
from lms.quizzes.question_forms.typed import UNIT_RULES

_FOLDED = re.compile(r"\{\d{0,3}:[A-Z_]{2,20}:")
GAP_KINDS = [
    ("single", lazy("Chọn từ danh sách")),
    ("short", lazy("Gõ vài chữ")),
    ("numeric", lazy("Gõ một số")),
]
"""What a gap may be, in words."""


class AnswerForm(RowForm):
    """One answer of a gap: an option, an accepted form, or a number with its tolerance."""

    text = line(lazy("Câu trả lời"), longest=500)
    share = share_box(SHARE)
    tolerance = StringField(lazy("Sai số"), [may_be_empty, length(40), check_tolerance], filters=[tidied])
    feedback = line(FEEDBACK)
    text_en = line(ENGLISH)
    feedback_en = line(FEEDBACK_EN)


class GapForm(RowForm):
    """One gap; `units` as "giờ; phút = 0,0166"."""

    kind = SelectField(lazy("Loại chỗ trống"), choices=GAP_KINDS, default="short")
    weight = number_box(lazy("Trọng số"))
    answers = FieldList(FormField(AnswerForm), lazy("Câu trả lời"), max_entries=MOST_FORMS)
    exact = BooleanField(lazy("Phải đúng từng chữ, kể cả dấu và chữ hoa"))
    keep_order = BooleanField(lazy("Giữ thứ tự phương án cả khi bài đảo thứ tự"))
    units = StringField(lazy("Đơn vị đo được nhận"), [optional(), length(400)], filters=[tidied])
    unit_rule = SelectField(lazy("Cách nhận đơn vị đo"), choices=UNIT_RULES, default=str(UnitRule.NONE))


class ClozeForm(QuestionForm):
    """Gaps in the order of their numbers."""

    kind = QuestionKind.CLOZE
    most = {"gaps": MOST_GAPS, "answers": MOST_OPTIONS}  # noqa: RUF012 - declared in the base
    places = {"gaps": ("gaps", "weight")}  # noqa: RUF012 - declared in the base

    gaps = FieldList(FormField(GapForm), lazy("Các chỗ trống"), max_entries=MOST_GAPS)

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """One gap."""
        return {"gaps": [{"answers": [{"share": "100"}]}]}

    @classmethod
    def filled(cls, content: Cloze) -> dict[str, Any]:
        """The gaps as stored."""
        return {"gaps": [_filled(gap) for gap in content.gaps]}

    def unfolded(self) -> "ClozeForm":
        """The form with gaps written into the text as Moodle does, `{1:SHORTANSWER:=…}`, as rows; raises RuleBroken."""
        if not _FOLDED.search(self.stem.data or "") or GAP.search(self.stem.data or ""):
            return self
        try:
            text, gaps, _rest = cloze_code.held(self.stem.data or "", Both)
        except Unfit as unfit:
            raise RuleBroken(unfit.message, field="stem", code=unfit.code, **unfit.params) from unfit
        return self.with_values(stem=cloze_code.released(text), gaps=[_filled(gap) for gap in gaps])

    def content(self) -> Content:
        """A cloze question."""
        return Cloze(tuple(_gap(row) for row in rows_of(self.gaps)))


def _filled(gap: Gap) -> dict[str, Any]:
    filler = gap.filler
    values: dict[str, Any] = {"kind": filler.kind, "weight": str(gap.weight)}
    if isinstance(filler, Single):
        shares = filler.credit == Credit.SHARES
        values["keep_order"] = filler.keep_order
        values["answers"] = [
            {
                "text": one.text.vi,
                "text_en": one.text.en,
                "share": shown_share((one.share or NOTHING) if shares else (WHOLE if one.right else NOTHING)),
            }
            | _said(one.feedback)
            for one in filler.options
        ]
    elif isinstance(filler, Short):
        values["exact"] = filler.exact
        values["answers"] = [
            {"text": one.text, "share": shown_share(one.share)} | _said(one.feedback) for one in filler.accepted
        ]
    else:
        values["units"] = "; ".join(
            unit.name if unit.factor == 1 else f"{unit.name} = {shown_number(unit.factor)}" for unit in filler.units
        )
        values["unit_rule"] = str(filler.unit_rule)
        values["answers"] = [
            {
                "text": shown_number(one.number),
                "share": shown_share(one.share),
                "tolerance": shown_tolerance(one.tolerance, relative=one.relative),
            }
            | _said(one.feedback)
            for one in filler.values
        ]
    return values


def _said(feedback: Both) -> dict[str, str]:
    return {"feedback": feedback.vi, "feedback_en": feedback.en}


def _gap(row: Any) -> Gap:
    weight = number_of(row.weight.data or "1")
    whole = int(weight) if weight.is_finite() and weight == weight.to_integral_value() else 0
    return Gap(_filler(row), whole)


def _filler(row: Any) -> Filler:
    answers = rows_of(row.answers)
    if row.kind.data == "single":
        shares = [share_of(one.share.data, NOTHING) for one in answers]
        plain = all(share in (NOTHING, WHOLE) for share in shares) and shares.count(WHOLE) <= 1
        options = (
            Option(
                both(one.text, one.text_en),
                share > 0,
                both(one.feedback, one.feedback_en),
                None if plain else share,
            )
            for one, share in zip(answers, shares, strict=True)
        )
        return Single(tuple(options), Credit.BALANCED if plain else Credit.SHARES, bool(row.keep_order.data))
    if row.kind.data == "numeric":
        values = []
        for one in answers:
            tolerance, relative = tolerance_of(one.tolerance.data)
            share = share_of(one.share.data, WHOLE)
            feedback = both(one.feedback, one.feedback_en)
            values.append(Value(number_of(one.text.data), tolerance, relative, share, feedback))
        return Numeric(tuple(values), _units(row.units.data), UnitRule(row.unit_rule.data or UnitRule.NONE))
    forms = (
        Form(one.text.data or "", share_of(one.share.data, WHOLE), both(one.feedback, one.feedback_en))
        for one in answers
    )
    return Short(tuple(forms), exact=bool(row.exact.data))


def _units(text: str | None) -> tuple[Unit, ...]:
    found = []
    for one in (text or "").split(";"):
        name, mark, factor = one.rpartition("=")
        if not mark:
            name, factor = one, "1"
        if tidy(name):
            number = number_of(factor)
            found.append(Unit(tidy(name), number if number.is_finite() else Decimal(0)))
    return tuple(found)
