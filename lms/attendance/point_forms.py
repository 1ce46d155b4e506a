"""The shape of what is sent about a remote point: who leads it, what was counted, why it is opened again."""

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, IntegerField, SelectField, StringField, TextAreaField

from lms.attendance.point_counts import MOST_HEADS, Count
from lms.core.forms import Form, chosen, length, number_range, optional, required, tidied
from lms.core.i18n import lazy
from lms.registration.forms import as_in_a_sheet
from lms.registration.mapping import Field as Name


class LeaderForm(Form):
    """Who answers for a point."""

    point = SelectField(lazy("Điểm cầu"), [chosen()], coerce=int)
    full_name = StringField(lazy("Họ và tên"), [required(), as_in_a_sheet(Name.FULL_NAME)])
    email = EmailField(lazy("Thư điện tử"), [required(), as_in_a_sheet(Name.EMAIL)])


class ReportForm(Form):
    """Heads in the room, and why they differ from the names; the ticks of the list are read beside it.

    Both may be empty while the half-day is open, yet neither is optional: the closing asks for them. `sure`: a number
    far above the list is meant; `seen`: what was written when the page was drawn; `anew`: an old explanation was asked
    about; `agreed`: the figures of a closing were looked at.
    """

    heads = IntegerField(lazy("Số người đếm được trong phòng"), [optional(), number_range(0, MOST_HEADS)])
    explanation = TextAreaField(lazy("Vì sao lệch"), [optional(), length(500)], filters=[tidied])
    sure = BooleanField(lazy("Số đếm này đúng"))
    seen, anew, agreed = HiddenField(), HiddenField(), HiddenField()

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        self.heads.flags.optional = self.explanation.flags.optional = False

    def count(self) -> Count:
        """What was counted."""
        seen = self.seen.data if self.seen.raw_data else None
        said = (self.heads.data, self.explanation.data or "")
        return Count(*said, seen, bool(self.sure.data), bool(self.anew.data), self.agreed.data or "")


class ReopenForm(Form):
    """Why a point may change a half-day it has closed."""

    reason = StringField(lazy("Lý do mở lại"), [required(), length(300)], filters=[tidied])
