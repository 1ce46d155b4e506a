"""Shapes of the forms for sections of a paper and for what one person is allowed."""

from wtforms import DateTimeLocalField, IntegerField, StringField, TextAreaField

from lms.core.forms import Form, length, number_range, optional, required, tidied
from lms.core.i18n import lazy
from lms.quizzes.accommodations import MOST_ATTEMPTS, MOST_MINUTES, Terms
from lms.quizzes.attempt_models import Accommodation
from lms.quizzes.models import QuizSection
from lms.quizzes.rule_forms import LOCAL, moment, typed
from lms.quizzes.sections import Heading


class SectionForm(Form):
    """A section's heading and the words under it."""

    title = StringField(lazy("Tên phần"), [required(), length(200)], filters=[tidied])
    intro = TextAreaField(lazy("Lời dẫn của phần"), [optional(), length(2000)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])
    intro_en = TextAreaField(lazy("Lời dẫn bằng tiếng Anh"), [optional(), length(2000)], filters=[tidied])

    @classmethod
    def of(cls, section: QuizSection | None) -> "SectionForm":
        """The form filled with what stands, empty for a new one."""
        return cls(obj=section)

    def heading(self) -> Heading:
        """What the form says."""
        return Heading(
            self.title.data or "", self.title_en.data or None, self.intro.data or "", self.intro_en.data or None
        )


class AccommodationForm(Form):
    """What one person is allowed, and why."""

    extra_minutes = IntegerField(lazy("Thêm phút làm bài"), [optional(), number_range(0, MOST_MINUTES)])
    extra_attempts = IntegerField(lazy("Thêm lượt làm"), [optional(), number_range(0, MOST_ATTEMPTS)])
    closes_at = DateTimeLocalField(lazy("Giờ đóng riêng"), [optional()], format=LOCAL)
    reason = TextAreaField(lazy("Lý do"), [required(), length(500)], filters=[tidied])

    @classmethod
    def of(cls, standing: Accommodation | None) -> "AccommodationForm":
        """The form filled with what stands for the person, empty where nothing does."""
        form = cls(obj=standing)
        if standing is not None and not form.is_submitted():
            form.closes_at.data = typed(standing.closes_at)
        return form

    def terms(self) -> Terms:
        """What the form says."""
        return Terms(
            reason=self.reason.data or "",
            extra_minutes=self.extra_minutes.data or 0,
            extra_attempts=self.extra_attempts.data or 0,
            closes_at=moment(self.closes_at.data),
        )
