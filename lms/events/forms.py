"""Forms of events and their parts: the shape of input only; look-ups are handed in as choices or names."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList as Rows
from wtforms import (
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form, RowForm, chosen, length, number_range, optional, required, tidied
from lms.core.i18n import lazy
from lms.events.fields import DayField, ParagraphsField, given
from lms.events.half_days import Span
from lms.events.models import EventKind, Half, HostRole, SelfRegistration, StaffRole, TrainingPlan
from lms.events.service import Details

KIND_WORDS = {
    EventKind.CONFERENCE: lazy("Hội nghị tập huấn"),
    EventKind.CLASS: lazy("Lớp bồi dưỡng"),
    EventKind.HYBRID: lazy("Trực tiếp kết hợp điểm cầu"),
}
HALF_WORDS = {Half.MORNING: lazy("sáng"), Half.AFTERNOON: lazy("chiều")}
HOST_WORDS = {HostRole.HOST: lazy("Chủ trì"), HostRole.CO_HOST: lazy("Phối hợp")}
SELF_REGISTRATION_WORDS = {
    SelfRegistration.CLOSED: lazy("Không; chỉ ban tổ chức và đầu mối đơn vị ghi danh sách"),
    SelfRegistration.APPROVAL: lazy("Có, ban tổ chức duyệt từng người"),
    SelfRegistration.OPEN: lazy("Có, còn chỗ thì ghi ngay, hết chỗ thì vào danh sách chờ"),
}
STAFF_WORDS = {StaffRole.ORGANIZER: lazy("Ban tổ chức"), StaffRole.DOOR: lazy("Điểm danh tại cửa")}


def words(pairs: dict[Any, Any]) -> list[tuple[str, Any]]:
    """Choices of an enumeration: stored value and words."""
    return [(value.value, label) for value, label in pairs.items()]


class SpanForm(Form):
    """From a half of a day to a half of a day."""

    starts_on = DayField(lazy("Bắt đầu ngày"), [given()])
    first = SelectField(lazy("Bắt đầu buổi"), choices=words(HALF_WORDS), default=Half.MORNING.value)
    ends_on = DayField(lazy("Kết thúc ngày"), [given()])
    last = SelectField(lazy("Kết thúc buổi"), choices=words(HALF_WORDS), default=Half.AFTERNOON.value)

    def span(self) -> Span:
        """What was filled in; only after the form was found valid."""
        return Span(self.starts_on.data, Half(self.first.data), self.ends_on.data, Half(self.last.data))


class NewEventForm(SpanForm):
    """The five questions of a first event."""

    title = StringField(lazy("Tên sự kiện"), [required(), length(400)], filters=[tidied])
    kind = RadioField(lazy("Loại sự kiện"), [chosen()], choices=words(KIND_WORDS))
    place = StringField(lazy("Địa điểm"), [required(), length(300)], filters=[tidied])
    unit = StringField(lazy("Đơn vị tổ chức"), [required(), length(200)], filters=[tidied])
    host = StringField(lazy("Đơn vị chủ trì"), [optional(), length(200)], filters=[tidied])
    plan = SelectField(lazy("Theo kế hoạch"), [optional()], coerce=str)

    def details(self, plan: TrainingPlan | None) -> Details:
        """What the service asks for."""
        return Details(title=self.title.data, kind=EventKind(self.kind.data), place=self.place.data, plan=plan)


class DetailsForm(SpanForm):
    """Everything said about an event."""

    title = StringField(lazy("Tên sự kiện"), [required(), length(400)], filters=[tidied])
    title_en = StringField(lazy("Tên tiếng Anh"), [optional(), length(400)], filters=[tidied])
    kind = RadioField(lazy("Loại sự kiện"), [chosen()], choices=words(KIND_WORDS))
    key = StringField(lazy("Địa chỉ trên hệ thống"), [required(), length(80)], filters=[tidied])
    place = StringField(lazy("Địa điểm"), [required(), length(300)], filters=[tidied])
    place_en = StringField(lazy("Địa điểm, tiếng Anh"), [optional(), length(300)], filters=[tidied])
    summary = ParagraphsField(lazy("Giới thiệu"), [optional()])
    summary_en = ParagraphsField(lazy("Giới thiệu, tiếng Anh"), [optional()])
    hours = IntegerField(lazy("Thời lượng, giờ"), [given(), number_range(1, 1000)])
    reply_by = DayField(lazy("Hạn trả lời"), [optional()])
    plan = SelectField(lazy("Theo kế hoạch"), [optional()], coerce=str)

    def details(self, plan: TrainingPlan | None) -> Details:
        """What the service asks for."""
        return Details(
            title=self.title.data,
            title_en=self.title_en.data or None,
            kind=EventKind(self.kind.data),
            place=self.place.data,
            place_en=self.place_en.data or None,
            summary=self.summary.data or "",
            summary_en=self.summary_en.data or None,
            hours=self.hours.data,
            reply_by=self.reply_by.data,
            plan=plan,
        )


class CopyForm(Form):
    """The name and first day of a copy."""

    title = StringField(lazy("Tên sự kiện"), [required(), length(400)], filters=[tidied])
    starts_on = DayField(lazy("Bắt đầu ngày"), [given()])


class CancelForm(Form):
    """Why an event is cancelled."""

    reason = StringField(lazy("Lý do hủy"), [required(), length(500)], filters=[tidied])


class HalfDayForm(Form):
    """One more half-day."""

    on = DayField(lazy("Ngày"), [given()])
    half = SelectField(lazy("Buổi"), choices=words(HALF_WORDS))


class HoursForm(Form):
    """When a half-day begins and ends."""

    starts_at = TimeField(lazy("Từ"), [given()])
    ends_at = TimeField(lazy("Đến"), [given()])


class TopicForm(Form):
    """A topic of the agenda."""

    half_day = SelectField(lazy("Buổi"))
    starts_at = TimeField(lazy("Bắt đầu lúc"), [Optional()])
    title = StringField(lazy("Tên chuyên đề"), [required(), length(400)], filters=[tidied])
    title_en = StringField(lazy("Tên tiếng Anh"), [optional(), length(400)], filters=[tidied])


class NewPersonForm(Form):
    """A speaker not yet known."""

    full_name = StringField(lazy("Họ và tên"), [required(), length(120)], filters=[tidied])
    person_title = StringField(lazy("Học hàm, học vị, cấp bậc"), [optional(), length(40)], filters=[tidied])
    post = StringField(lazy("Chức vụ"), [required(), length(200)], filters=[tidied])
    unit = StringField(lazy("Đơn vị"), [required(), length(200)], filters=[tidied])


class HostForm(Form):
    """A unit found by searching, and what it does."""

    unit_id = IntegerField(lazy("Đơn vị"), [given()])
    role = SelectField(lazy("Vai trò"), choices=words(HOST_WORDS))


class PointRow(RowForm):
    """One point; a row with its name emptied is removed."""

    point_id = HiddenField()
    name = StringField(lazy("Tên điểm cầu"), [Optional(), length(200)], filters=[tidied])
    place = StringField(lazy("Nơi đặt"), [Optional(), length(300)], filters=[tidied])
    seats = IntegerField(lazy("Số chỗ của điểm cầu"), [Optional(), number_range(1, 100_000)])


class PointsForm(Form):
    """All points of an event with a few empty rows."""

    points = Rows(FormField(PointRow, lazy("Điểm cầu")), max_entries=300)

    def rows(self) -> list[tuple[int | None, str, str, int | None]]:
        """(id or None, name, place, seats or None) of every row with a name."""
        found = []
        for row in self.points.entries:
            number = row.form.point_id.data or ""
            if row.form.name.data:
                point_id = int(number) if number.isdecimal() else None
                found.append((point_id, row.form.name.data, row.form.place.data or "", row.form.seats.data))
        return found


class SeatsForm(Form):
    """How many may come in all, and whether they may put themselves on the list."""

    limit = IntegerField(lazy("Số chỗ chung của sự kiện"), [Optional(), number_range(1, 100_000)])
    self_registration = RadioField(lazy("Tự đăng ký bằng liên kết"), [chosen()], choices=words(SELF_REGISTRATION_WORDS))


class DocumentForm(Form):
    """A file to put up, with the title people read."""

    title = StringField(lazy("Tên tài liệu"), [optional(), length(300)], filters=[tidied])
    file = FileField(lazy("Tệp"), [FileRequired(lazy("Chưa chọn tệp. Hãy chọn một tệp."))])


class RuleForm(Form):
    """What the certificate asks for."""

    attendance_percent = IntegerField(lazy("Tỷ lệ số buổi phải dự, %"), [given(), number_range(0, 100)])
    test = SelectField(lazy("Bài kiểm tra phải đạt"), [optional()], coerce=str)
    courses = SelectMultipleField(
        lazy("Khóa học phải hoàn thành"),
        [optional()],
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class StaffForm(Form):
    """An account found by searching, and its role."""

    account_id = IntegerField(lazy("Tài khoản"), [given()])
    role = SelectField(lazy("Vai trò"), choices=words(STAFF_WORDS))
