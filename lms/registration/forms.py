"""Forms of the delegate list; what a name, a phone or an address must look like is said once, in `rows`."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, EmailField, Field, HiddenField, IntegerField, SelectField, StringField, TelField
from wtforms.validators import InputRequired, ValidationError

from lms.core.errors import RuleBroken
from lms.core.forms import Form, choices, length, number_range, optional, required, tidied
from lms.core.i18n import _, explain, lazy
from lms.events.models import Point
from lms.registration import rows
from lms.registration.entering import Candidate
from lms.registration.mapping import Field as Name
from lms.registration.models import DelegateRole
from lms.registration.words import ROLES
from lms.units.models import Unit


def as_in_a_sheet(name: Name) -> Any:
    """Validator: the value in its stored form, by the rules of an imported cell."""

    def check(_form: Form, field: Field) -> None:
        try:
            field.data, _mended = rows.check_value(name, field.data or "")
        except RuleBroken as refusal:
            raise ValidationError(explain(refusal)) from refusal

    return check


class OverQuotaForm(Form):
    """Leave to go beyond a quota, with the reason."""

    over_quota = BooleanField(lazy("Vượt chỉ tiêu"))
    reason = StringField(
        lazy("Lý do vượt chỉ tiêu"), [optional(), length(300)], filters=[tidied], id="over-quota-reason"
    )

    def over_quota_reason(self) -> str:
        """The reason when the box is ticked, else nothing; raises RuleBroken for a tick without a reason."""
        if not self.over_quota.data:
            return ""
        if not self.reason.data:
            raise RuleBroken("Chưa ghi lý do vượt chỉ tiêu. Hãy ghi ngắn gọn.", field="reason", code="reason-missing")
        return str(self.reason.data)

    @property
    def is_beyond(self) -> bool:
        """Whether leave was asked for, or has to be."""
        return bool(self.over_quota.data or self.over_quota.errors or self.reason.errors)


class DelegateForm(OverQuotaForm):
    """What can be changed of a delegate."""

    post = StringField(lazy("Chức vụ"), [optional(), length(rows.MAX_POST), as_in_a_sheet(Name.POST)], filters=[tidied])
    role = SelectField(
        lazy("Dự với tư cách"),
        choices=[(str(role), word) for role, word in ROLES.items()],
        default=DelegateRole.DELEGATE.value,
    )
    point = SelectField(lazy("Điểm cầu"), [optional()], choices=[])
    phone = TelField(lazy("Điện thoại"), [optional(), as_in_a_sheet(Name.PHONE)])
    email = EmailField(lazy("Thư điện tử"), [optional(), as_in_a_sheet(Name.EMAIL)])
    note = StringField(lazy("Ghi chú"), [optional(), length(rows.MAX_NOTE)], filters=[tidied])

    def offer_points(self, points: Sequence[tuple[int, str]]) -> None:
        """Let one of the event's points be chosen, or the hall; with none the field goes."""
        if points:
            self.point.choices = choices([(str(number), name) for number, name in points], _("Hội trường chính"))
        else:
            del self.point


class CorrectionForm(OverQuotaForm):
    """A delegate's name and unit, put right."""

    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    unit = StringField(lazy("Đơn vị"), [required(), length(300)], filters=[tidied])


class NewDelegateForm(DelegateForm):
    """Someone to be put on the list; `person` is set when a known person was chosen."""

    person = HiddenField()
    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    unit = StringField(lazy("Đơn vị"), [required(), length(300)], filters=[tidied])


class WithdrawForm(Form):
    """Why someone leaves the list."""

    reason = StringField(lazy("Lý do rút"), [required(), length(300)], filters=[tidied])


class SomeoneForm(Form):
    """Someone a unit names, or who names themselves."""

    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    post = StringField(lazy("Chức vụ"), [optional(), length(rows.MAX_POST), as_in_a_sheet(Name.POST)], filters=[tidied])
    phone = TelField(lazy("Điện thoại"), [optional(), as_in_a_sheet(Name.PHONE)])
    email = EmailField(lazy("Thư điện tử"), [optional(), as_in_a_sheet(Name.EMAIL)])

    def candidate(self, unit: Unit, point: Point | None = None) -> Candidate:
        """As the service takes them."""
        return Candidate(
            full_name=self.full_name.data or "",
            unit=unit,
            post=self.post.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            note=self.note.data or "" if "note" in self else "",
            point=point,
        )


class SlipForm(Form):
    """A unit's own delegate, put right."""

    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    post = StringField(lazy("Chức vụ"), [optional(), length(rows.MAX_POST), as_in_a_sheet(Name.POST)], filters=[tidied])
    phone = TelField(lazy("Điện thoại"), [optional(), as_in_a_sheet(Name.PHONE)])


class UnitDelegateForm(SomeoneForm):
    """One more delegate of a unit; `unit` is empty for the unit itself."""

    unit = StringField(lazy("Đơn vị trực thuộc"), [optional(), length(300)], filters=[tidied])
    point = SelectField(lazy("Điểm cầu"), [optional()], choices=[])

    def offer_points(self, points: Sequence[tuple[int, str]]) -> None:
        """Let one of the event's points be chosen, or the hall; with none the field goes."""
        if points:
            self.point.choices = choices([(str(number), name) for number, name in points], _("Hội trường chính"))
        else:
            del self.point


class RegistrationForm(UnitDelegateForm):
    """Someone who puts themselves on the list: the answer goes to their address."""

    unit = StringField(lazy("Đơn vị"), [required(), length(300)], filters=[tidied])
    email = EmailField(lazy("Thư điện tử"), [required(), as_in_a_sheet(Name.EMAIL)])
    note = StringField(lazy("Vì sao muốn dự"), [optional(), length(rows.MAX_NOTE)], filters=[tidied])


class SubstituteForm(SomeoneForm):
    """Someone in a delegate's place."""

    reason = StringField(lazy("Lý do thay"), [optional(), length(300)], filters=[tidied])


class SeatRequestForm(Form):
    """How many seats more, and why."""

    seats = IntegerField(lazy("Số chỗ xin thêm"), [InputRequired(lazy("Chưa ghi số chỗ.")), number_range(1, 1000)])
    reason = StringField(lazy("Lý do xin thêm"), [required(), length(500)], filters=[tidied])


class FocalPointForm(Form):
    """Who fills a unit's seats."""

    unit = StringField(lazy("Đơn vị"), [required(), length(300)], filters=[tidied])
    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    email = EmailField(lazy("Thư điện tử"), [required(), as_in_a_sheet(Name.EMAIL)])


class UploadForm(Form):
    """A spreadsheet to import."""

    file = FileField(lazy("Tệp danh sách"), [FileRequired(lazy("Chưa chọn tệp. Hãy chọn một tệp."))])
