"""Shapes of the forms for a quiz's rules."""

from collections.abc import Iterable
from datetime import datetime

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from lms.core import clock
from lms.core.forms import Form, chosen, length, number_range, optional, required, tidied
from lms.core.i18n import _, lazy
from lms.quizzes.labels import GRADE_POLICIES, SHOW_RULES
from lms.quizzes.models import GradePolicy, Quiz, ShowRule
from lms.quizzes.rules import Rules
from lms.units.models import Unit

_LOCAL = "%Y-%m-%dT%H:%M"


class RulesForm(Form):
    """A quiz's titles and rules; moments are typed on a Vietnamese clock."""

    title = StringField(lazy("Tên bài kiểm tra"), [required(), length(200)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])
    intro = TextAreaField(lazy("Lời dẫn"), [optional(), length(2000)], filters=[tidied])
    intro_en = TextAreaField(lazy("Lời dẫn bằng tiếng Anh"), [optional(), length(2000)], filters=[tidied])
    time_limit_minutes = IntegerField(lazy("Thời gian làm bài, phút"), [optional(), number_range(1, 1440)])
    attempts_allowed = IntegerField(lazy("Số lượt được làm"), [optional(), number_range(1, 100)])
    pass_percent = IntegerField(
        lazy("Đạt từ bao nhiêu phần trăm tổng điểm"), [chosen(), number_range(0, 100)], default=50
    )
    opens_at = DateTimeLocalField(lazy("Mở từ"), [optional()], format=_LOCAL)
    closes_at = DateTimeLocalField(lazy("Đóng lúc"), [optional()], format=_LOCAL)
    show = RadioField(lazy("Sau khi nộp, người làm thấy"), choices=list(SHOW_RULES.items()), default=ShowRule.FULL)
    grade_policy = RadioField(
        lazy("Khi làm nhiều lần, tính"), choices=list(GRADE_POLICIES.items()), default=GradePolicy.BEST
    )
    shuffle = BooleanField(lazy("Đảo thứ tự câu hỏi và phương án"), default=True)

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """Said with the other errors of the page; the service holds the rule."""
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("Giờ đóng phải sau giờ mở."))

    @classmethod
    def of(cls, quiz: Quiz) -> "RulesForm":
        """The form filled with what stands."""
        form = cls(obj=quiz)
        if not form.is_submitted():
            form.opens_at.data, form.closes_at.data = _typed(quiz.opens_at), _typed(quiz.closes_at)
        return form

    def rules(self) -> Rules:
        """What the form says."""
        return Rules(
            title=self.title.data or "",
            title_en=self.title_en.data or None,
            intro=self.intro.data or "",
            intro_en=self.intro_en.data or None,
            time_limit_minutes=self.time_limit_minutes.data,
            attempts_allowed=self.attempts_allowed.data,
            pass_percent=self.pass_percent.data,
            show=ShowRule(self.show.data),
            grade_policy=GradePolicy(self.grade_policy.data),
            shuffle=bool(self.shuffle.data),
            opens_at=_moment(self.opens_at.data),
            closes_at=_moment(self.closes_at.data),
        )


class NewQuizForm(RulesForm):
    """A new quiz: its rules and its unit."""

    unit_id = SelectField(lazy("Đơn vị quản lý"), [chosen()], coerce=int)

    def offer(self, units: Iterable[Unit]) -> None:
        """Let one of these units be chosen."""
        self.unit_id.choices = [(unit.id, unit.short_name) for unit in units]


def _typed(moment: datetime | None) -> datetime | None:
    return None if moment is None else clock.local(moment).replace(tzinfo=None)


def _moment(typed: datetime | None) -> datetime | None:
    return None if typed is None else clock.at_local(typed.date(), typed.time())
