"""Boxes of single choice, multiple choice, true or false."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, RadioField

from lms.core.forms import RowForm, optional
from lms.core.i18n import lazy
from lms.quizzes.kinds.choice import MOST_OPTIONS, Choice, Credit, Multiple, Option, Single, TrueFalse, true_false
from lms.quizzes.kinds.content import EMPTY, NOTHING, Content
from lms.quizzes.models import QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import (
    ENGLISH,
    FEEDBACK,
    FEEDBACK_EN,
    SHARE,
    both,
    line,
    share_box,
    share_of,
    shown_share,
)

_FIRST_OPTIONS = 4


class OptionForm(RowForm):
    """One option of a choice question."""

    text = line(lazy("Phương án"))
    right = BooleanField(lazy("Phương án đúng"))
    share = share_box(SHARE)
    feedback = line(FEEDBACK)
    text_en = line(ENGLISH)
    feedback_en = line(FEEDBACK_EN)


class ChoiceForm(QuestionForm):
    """Options, the rule of credit, and whether they keep their order."""

    most = {"options": MOST_OPTIONS}  # noqa: RUF012 - declared in the base
    places = {"options": ("options", "text")}  # noqa: RUF012 - declared in the base

    options = FieldList(FormField(OptionForm), lazy("Các phương án"), max_entries=MOST_OPTIONS)
    keep_order = BooleanField(lazy("Giữ thứ tự phương án cả khi bài đảo thứ tự"))
    credit: RadioField

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """Four empty options."""
        return {"options": [{} for _place in range(_FIRST_OPTIONS)]}

    @classmethod
    def filled(cls, content: Choice) -> dict[str, Any]:
        """The options as stored."""
        return {
            "credit": str(content.credit),
            "keep_order": content.keep_order,
            "options": [
                {
                    "text": option.text.vi,
                    "text_en": option.text.en,
                    "right": option.right,
                    "share": shown_share(option.share) if option.share is not None else "",
                    "feedback": option.feedback.vi,
                    "feedback_en": option.feedback.en,
                }
                for option in content.options
            ],
        }

    def _options(self) -> tuple[Option, ...]:
        by_shares = self.credit.data == Credit.SHARES
        found = []
        for row in rows_of(self.options):
            share = share_of(row.share.data, NOTHING) if by_shares else None
            right = share > 0 if share is not None else bool(row.right.data)
            found.append(Option(both(row.text, row.text_en), right, both(row.feedback, row.feedback_en), share))
        return tuple(found)


class SingleForm(ChoiceForm):
    """One right option."""

    kind = QuestionKind.SINGLE
    credit = RadioField(
        lazy("Cách tính điểm"),
        choices=[
            (str(Credit.BALANCED), lazy("Chọn phương án đúng được trọn điểm, phương án khác không được điểm")),
            (str(Credit.SHARES), lazy("Mỗi phương án một phần điểm riêng, ghi bằng phần trăm")),
        ],
        default=str(Credit.BALANCED),
    )

    def content(self) -> Content:
        """A single choice."""
        return Single(self._options(), Credit(self.credit.data or Credit.BALANCED), bool(self.keep_order.data))


class MultipleForm(ChoiceForm):
    """One right option or more."""

    kind = QuestionKind.MULTIPLE
    credit = RadioField(
        lazy("Cách tính điểm"),
        choices=[
            (str(Credit.BALANCED), lazy("Số chọn đúng trừ số chọn sai, chia cho số phương án đúng; không âm")),
            (str(Credit.ALL), lazy("Chọn đúng hết và không thừa mới được trọn điểm, còn lại không được điểm")),
            (str(Credit.SHARES), lazy("Cộng phần điểm của từng phương án đã chọn, ghi bằng phần trăm, có thể âm")),
        ],
        default=str(Credit.BALANCED),
    )

    def content(self) -> Content:
        """A multiple choice."""
        return Multiple(self._options(), Credit(self.credit.data or Credit.BALANCED), bool(self.keep_order.data))


class TrueFalseForm(QuestionForm):
    """Which of the two is right, and what is said to either."""

    kind = QuestionKind.TRUE_FALSE
    places = {"truth": ("truth", "")}  # noqa: RUF012 - declared in the base

    truth = RadioField(
        lazy("Điều câu hỏi nói là"), [optional()], choices=[("true", lazy("Đúng")), ("false", lazy("Sai"))]
    )
    feedback_true = line(lazy("Lời nhắn khi chọn Đúng"))
    feedback_false = line(lazy("Lời nhắn khi chọn Sai"))
    feedback_true_en = line(lazy("Lời nhắn khi chọn Đúng, bằng tiếng Anh"))
    feedback_false_en = line(lazy("Lời nhắn khi chọn Sai, bằng tiếng Anh"))

    @classmethod
    def filled(cls, content: TrueFalse) -> dict[str, Any]:
        """What is right, and the feedback."""
        feedback = [option.feedback for option in content.options] or [EMPTY, EMPTY]
        return {
            "truth": content.key()["chosen"][0] if content.options else None,
            "feedback_true": feedback[0].vi,
            "feedback_true_en": feedback[0].en,
            "feedback_false": feedback[1].vi,
            "feedback_false_en": feedback[1].en,
        }

    def content(self) -> Content:
        """The two options, none while neither is chosen."""
        if self.truth.data not in {"true", "false"}:
            return TrueFalse(())
        return true_false(
            self.truth.data == "true",
            both(self.feedback_true, self.feedback_true_en),
            both(self.feedback_false, self.feedback_false_en),
        )
