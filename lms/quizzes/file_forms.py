"""Shapes of the forms for files of questions."""

from flask_wtf.file import FileField
from wtforms import SelectField

from lms.core.forms import Form
from lms.core.i18n import lazy

FORMATS = {
    "auto": lazy("Tự nhận ra"),
    "gift": "GIFT",
    "aiken": "Aiken",
    "moodle-xml": "Moodle XML",
    "xlsx": "Excel (.xlsx)",
}
"""What formats are called."""


class QuestionFileForm(Form):
    """A file and how it is read."""

    file = FileField(lazy("Tệp câu hỏi"))
    format = SelectField(lazy("Dạng tệp"), choices=list(FORMATS.items()), default="auto")
