"""The shape of what is decided about a doubtful row, and of a device's file."""

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, StringField

from lms.core.forms import Form, chosen, length, tidied
from lms.core.i18n import lazy

PRESENT, ABSENT, LISTED, DROPPED, IS = "present", "absent", "listed", "dropped", "is-"
"""What may be decided; IS is followed by the number of the delegate whom the written name means."""


class DecisionForm(Form):
    """What became of a doubtful row, and a word why; for a written name also whom to put on the list."""

    decision = RadioField(lazy("Quyết định"), [chosen()])
    full_name = StringField(lazy("Họ và tên"), [length(120)], filters=[tidied])
    unit = StringField(lazy("Đơn vị"), [length(300)], filters=[tidied])
    post = StringField(lazy("Chức vụ"), [length(300)], filters=[tidied])
    word = StringField(lazy("Ghi chú"), [length(250)], filters=[tidied])


class FileForm(Form):
    """A file of scans that a device saved."""

    file = FileField(lazy("Tệp điểm danh"), [FileRequired(lazy("Chưa chọn tệp. Hãy chọn một tệp."))])
