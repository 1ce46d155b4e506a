"""The shape of what an organizer sets as the rule of half-days."""

from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from lms.attendance.forms import HourField
from lms.attendance.models import ScanMethod
from lms.attendance.rules import MOST_MINUTES, Values
from lms.attendance.words import METHOD_WORDS
from lms.core.forms import Form, length, number_range, optional, required, tidied
from lms.core.i18n import lazy


class NewHoursForm(Form):
    """When a half-day shall begin and end, and why; `was`: its hours when the page was drawn."""

    was = HiddenField()
    starts_at = HourField(validators=[required()])
    ends_at = HourField(validators=[required()])
    reason = StringField(lazy("Lý do"), [length(300)], filters=[tidied])


class RuleForm(Form):
    """Grace at either end, what counts all the same, which evidence counts, and why it is changed.

    `seen`: the stamp of the rule with which the page was drawn.
    """

    seen = HiddenField()
    late_minutes = IntegerField(lazy("Số phút được đến muộn"), [optional(), number_range(0, MOST_MINUTES)])
    late_counts = BooleanField(lazy("Đến muộn hơn vẫn được tính buổi"))
    early_minutes = IntegerField(lazy("Số phút được về sớm"), [optional(), number_range(0, MOST_MINUTES)])
    early_counts = BooleanField(lazy("Về sớm hơn vẫn được tính buổi"))
    excused_counts = BooleanField(lazy("Vắng có phép vẫn được tính buổi"))
    evidence = SelectMultipleField(
        lazy("Căn cứ được tính"),
        choices=[(method.value, METHOD_WORDS[method]) for method in ScanMethod],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = StringField(lazy("Lý do"), [length(300)], filters=[tidied])

    def values(self) -> Values:
        """What was sent, as the rule's values."""
        return Values(
            self.late_minutes.data,
            self.early_minutes.data,
            bool(self.late_counts.data),
            bool(self.early_counts.data),
            bool(self.excused_counts.data),
            frozenset(self.evidence.data or ()),
        )

    def show(self, values: Values) -> None:
        """Fill the form with these values."""
        self.seen.data = values.stamp
        for name in ("late_minutes", "early_minutes", "late_counts", "early_counts", "excused_counts"):
            self[name].data = getattr(values, name)
        self.evidence.data = [one.value for one in ScanMethod if one in values.evidence]
