"""The form of a training plan, with rows for its task groups and indicators."""

from wtforms import FieldList as Rows
from wtforms import FormField, StringField
from wtforms.validators import Optional

from lms.core.forms import Form, RowForm, length, optional, required, tidied
from lms.core.i18n import lazy
from lms.events.fields import DayField, FigureField, ParagraphsField, given
from lms.events.models import TrainingPlan
from lms.events.planning import Figure, Group, PlanWords
from lms.units.models import Unit

BLANK_ROWS = 2


class GroupRow(RowForm):
    """A task group; a row without a title is left out."""

    title = StringField(lazy("Nhóm nhiệm vụ"), [Optional(), length(400)], filters=[tidied])
    detail = ParagraphsField(lazy("Nội dung"), [Optional()])


class FigureRow(RowForm):
    """An indicator; a row without a name is left out."""

    name = StringField(lazy("Chỉ số"), [Optional(), length(400)], filters=[tidied])
    measure = StringField(lazy("Đơn vị tính"), [Optional(), length(60)], filters=[tidied])
    baseline = FigureField(lazy("Hiện tại"))
    target = FigureField(lazy("Mục tiêu"))
    source = StringField(lazy("Nguồn"), [Optional(), length(400)], filters=[tidied])


class PlanForm(Form):
    """A plan as issued."""

    number = StringField(lazy("Số, ký hiệu"), [required(), length(60)], filters=[tidied])
    title = StringField(lazy("Tên kế hoạch"), [required(), length(400)], filters=[tidied])
    title_en = StringField(lazy("Tên tiếng Anh"), [optional(), length(400)], filters=[tidied])
    unit = StringField(lazy("Đơn vị thực hiện"), [required(), length(200)], filters=[tidied])
    issuer = StringField(lazy("Cơ quan ban hành"), [required(), length(200)], filters=[tidied])
    issued_on = DayField(lazy("Ngày ban hành"), [given()])
    starts_on = DayField(lazy("Thực hiện từ ngày"), [given()])
    ends_on = DayField(lazy("Đến hết ngày"), [given()])
    aim = ParagraphsField(lazy("Mục đích, yêu cầu"), [optional()])
    carries_out = ParagraphsField(lazy("Căn cứ"), [optional()])
    groups = Rows(FormField(GroupRow, lazy("Nhóm nhiệm vụ")), max_entries=60)
    figures = Rows(FormField(FigureRow, lazy("Chỉ số")), max_entries=60)

    def words(self, issuer: Unit) -> PlanWords:
        """What the service asks for."""
        return PlanWords(
            number=self.number.data,
            title=self.title.data,
            title_en=self.title_en.data or None,
            issuer=issuer,
            issued_on=self.issued_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            aim=self.aim.data or "",
            carries_out=self.carries_out.data or "",
        )

    def task_groups(self) -> list[Group]:
        """The rows with a title, in order."""
        rows = [row.form for row in self.groups.entries]
        return [Group(row.title.data, row.detail.data or "") for row in rows if row.title.data]

    def indicators(self) -> list[Figure]:
        """The rows with a name, in order."""
        rows = [row.form for row in self.figures.entries if row.form.name.data]
        return [
            Figure(row.name.data, row.measure.data or "", row.baseline.data, row.target.data, row.source.data or "")
            for row in rows
        ]

    def fill(self, plan: TrainingPlan) -> None:
        """Show a plan as it stands."""
        for name in ("number", "title", "title_en", "issued_on", "starts_on", "ends_on", "aim", "carries_out"):
            self._fields[name].data = getattr(plan, name)
        self.unit.data, self.issuer.data = plan.unit.name, plan.issuer.name
        for group in plan.task_groups:
            self.groups.append_entry({"title": group.title, "detail": group.detail})
        for one in plan.indicators:
            row = {name: getattr(one, name) for name in ("name", "measure", "baseline", "target", "source")}
            self.figures.append_entry(row)

    def add_blank_rows(self) -> None:
        """Leave room for a few more groups and indicators."""
        for rows in (self.groups, self.figures):
            for _blank in range(min(BLANK_ROWS, rows.max_entries - len(rows.entries))):
                rows.append_entry()
