"""Forms of an act on many delegates; each asks one thing."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField

from lms.core.forms import Form, chosen, length, required, tidied
from lms.core.i18n import _, lazy
from lms.registration.forms import OverQuotaForm
from lms.registration.words import ROLES

HALL = "hall"


class ReasonForm(Form):
    """Why many leave the list."""

    reason = StringField(lazy("Lý do rút"), [required(), length(300)], filters=[tidied])

    def value(self) -> str:
        """The reason."""
        return self.reason.data or ""


class PointForm(OverQuotaForm):
    """Where many go."""

    new_point = SelectField(lazy("Điểm cầu mới"), [chosen()], choices=[])

    def offer_points(self, points: Sequence[tuple[int, str]]) -> None:
        """Let the hall or one of the event's points be chosen."""
        self.new_point.choices = [(HALL, _("Hội trường chính")), *((str(number), name) for number, name in points)]

    def value(self) -> int | None:
        """The point's id, None for the hall."""
        return None if self.new_point.data == HALL else int(self.new_point.data)


class RoleForm(OverQuotaForm):
    """What many attend as."""

    new_role = SelectField(
        lazy("Dự với tư cách"), [chosen()], choices=[(str(role), word) for role, word in ROLES.items()]
    )

    def value(self) -> Any:
        """The role."""
        return self.new_role.data


class SendForm(Form):
    """Nothing is asked: the mails go out."""
