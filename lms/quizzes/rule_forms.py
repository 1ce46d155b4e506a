"""Shapes of the forms for a quiz's rules."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

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
from lms.quizzes.labels import GRADE_POLICIES, SHOW_FROM, SHOW_RULES
from lms.quizzes.models import GradePolicy, Quiz, ShowFrom, ShowRule
from lms.quizzes.rules import Rules
from lms.units.models import Unit

LOCAL = "%Y-%m-%dT%H:%M"


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
    opens_at = DateTimeLocalField(lazy("Mở từ"), [optional()], format=LOCAL)
    closes_at = DateTimeLocalField(lazy("Đóng lúc"), [optional()], format=LOCAL)
    show = RadioField(lazy("Sau khi nộp, người làm thấy"), choices=list(SHOW_RULES.items()), default=ShowRule.FULL)
    grade_policy = RadioField(
        lazy("Khi làm nhiều lần, tính"), choices=list(GRADE_POLICIES.items()), default=GradePolicy.BEST
    )
    show_from = RadioField(lazy("Thấy từ khi"), choices=list(SHOW_FROM.items()), default=ShowFrom.HANDED_IN)
    practice = BooleanField(lazy("Luyện tập: báo đúng sai ngay sau mỗi câu, không tính kết quả"))
    markers = RadioField(
        lazy("Số người chấm mỗi bài tự luận"), [optional()], choices=[(1, "1"), (2, "2")], default=1, coerce=int
    )
    marking_gap = IntegerField(
        lazy("Hai người chấm lệch quá bao nhiêu phần trăm điểm thì cần người thứ ba"),
        [optional(), number_range(1, 100)],
        default=20,
    )
    exposure_percent = IntegerField(
        lazy("Hạn chế rút câu đã ra trong quá bao nhiêu phần trăm số lượt"), [optional(), number_range(1, 100)]
    )
    shuffle = BooleanField(lazy("Đảo thứ tự câu hỏi và phương án"), default=True)

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """Said with the other errors of the page; the service holds the rule."""
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("Giờ đóng phải sau giờ mở."))

    kept: Quiz | None = None
    """Whose values hold for what the page does not ask."""

    @classmethod
    def of(cls, quiz: Quiz, *, essays: bool, draws: bool) -> "RulesForm":
        """The form filled with what stands; how essays are marked only where one may come, how often a question is
        drawn only where some are."""
        form = cls(obj=quiz)
        form.kept = quiz
        if not essays:
            del form.markers
            del form.marking_gap
        if not draws:
            del form.exposure_percent
        if not form.is_submitted():
            form.opens_at.data, form.closes_at.data = typed(quiz.opens_at), typed(quiz.closes_at)
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
            opens_at=moment(self.opens_at.data),
            closes_at=moment(self.closes_at.data),
            show_from=ShowFrom(self.show_from.data),
            practice=bool(self.practice.data),
            **self._asked_where_it_matters(),
        )

    def _asked_where_it_matters(self) -> dict[str, Any]:
        found = {}
        for name in ("markers", "marking_gap", "exposure_percent"):
            before = getattr(self.kept, name) if self.kept else getattr(Rules, name)
            found[name] = self[name].data if name in self else before
            if found[name] is None and name != "exposure_percent":
                found[name] = before
        return found


class NewQuizForm(RulesForm):
    """A new quiz: its rules and its unit."""

    unit_id = SelectField(lazy("Đơn vị quản lý"), [chosen()], coerce=int)

    def offer(self, units: Iterable[Unit]) -> None:
        """Let one of these units be chosen."""
        self.unit_id.choices = [(unit.id, unit.short_name) for unit in units]


def typed(stored: datetime | None) -> datetime | None:
    """A moment as a browser's field shows it, on a Vietnamese clock."""
    return None if stored is None else clock.local(stored).replace(tzinfo=None)


def moment(said: datetime | None) -> datetime | None:
    """The moment that a field on a Vietnamese clock says."""
    return None if said is None else clock.at_local(said.date(), said.time())
