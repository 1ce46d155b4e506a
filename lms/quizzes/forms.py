"""Shapes of the forms for banks; those of questions are in `question_forms`, those of quizzes in `rule_forms`."""

from collections.abc import Iterable

from wtforms import SelectField, StringField

from lms.core.forms import Form, chosen, length, optional, required, tidied
from lms.core.i18n import lazy
from lms.quizzes.models import QuestionBank
from lms.units.models import Unit


class BankForm(Form):
    """A bank's titles and its unit."""

    title = StringField(lazy("Tên ngân hàng"), [required(), length(200)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])
    unit_id = SelectField(lazy("Đơn vị quản lý"), [chosen()], coerce=int)

    def offer(self, units: Iterable[Unit]) -> None:
        """Let one of these units be chosen."""
        self.unit_id.choices = [(unit.id, unit.short_name) for unit in units]


class BankTitleForm(Form):
    """A bank's titles."""

    title = StringField(lazy("Tên ngân hàng"), [required(), length(200)], filters=[tidied])
    title_en = StringField(lazy("Tên bằng tiếng Anh"), [optional(), length(200)], filters=[tidied])

    @classmethod
    def of(cls, bank: QuestionBank) -> "BankTitleForm":
        """The form filled with what stands."""
        return cls(obj=bank)
