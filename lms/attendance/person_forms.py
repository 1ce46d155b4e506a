"""The shape of what is corrected about one person: a half-day, leave, and leave taken back."""

from wtforms import BooleanField, RadioField, SelectField, StringField

from lms.attendance.forms import HourField
from lms.attendance.models import ScanMethod
from lms.core.forms import Form, chosen, length, optional, required, tidied
from lms.core.i18n import lazy

PRESENT, ABSENT = "present", "absent"
ALL = "all"
"""Every half-day of the event."""


class CorrectionForm(Form):
    """What was wrong at one half-day, and why."""

    session = SelectField(lazy("Buổi"))
    outcome = RadioField(lazy("Sửa thành"), [chosen()], choices=[(PRESENT, lazy("Có mặt")), (ABSENT, lazy("Vắng"))])
    method = SelectField(
        lazy("Căn cứ khi ghi có mặt"),
        choices=[
            (ScanMethod.MANUAL.value, lazy("Ban tổ chức xác nhận")),
            (ScanMethod.SHEET.value, lazy("Có chữ ký trên danh sách điểm danh")),
        ],
        default=ScanMethod.MANUAL.value,
    )
    came_at = HourField(lazy("Giờ vào"), [optional()])
    left_at = HourField(lazy("Giờ ra"), [optional()])
    beforehand = BooleanField(lazy("Buổi chưa bắt đầu, vẫn ghi có mặt"))
    reason = StringField(lazy("Lý do"), [required(), length(300)], filters=[tidied])


class ExcuseForm(Form):
    """For which half-day someone is excused, or for all, and why."""

    half_day = SelectField(lazy("Buổi"))
    reason = StringField(lazy("Lý do xin phép"), [required(), length(300)], filters=[tidied])


class WithdrawalForm(Form):
    """Why leave is taken back."""

    reason = StringField(lazy("Lý do rút phép"), [optional(), length(300)], filters=[tidied])
