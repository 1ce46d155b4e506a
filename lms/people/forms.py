"""Shapes of the forms about people, their private details and their requests."""

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired

from lms.core.forms import Form, chosen, length, number_range, optional, required, tidied
from lms.core.i18n import lazy
from lms.people.models import DataRequestKind
from lms.people.requests import KINDS


class CorrectionForm(Form):
    """A person's name, title and contacts."""

    full_name = StringField(lazy("Họ và tên"), [required(), length(120)], filters=[tidied])
    title = StringField(lazy("Học hàm, học vị, cấp bậc"), [optional(), length(40)], filters=[tidied])
    email = StringField(
        lazy("Thư điện tử"),
        [optional(), Email(lazy("Thư điện tử cần có dạng ten@coquan.vn.")), length(254)],
        filters=[tidied],
    )
    phone = StringField(lazy("Điện thoại"), [optional(), length(20)], filters=[tidied])


class PostForm(Form):
    """A post held: unit, name, days, and its place among several."""

    name = StringField(lazy("Chức vụ"), [required(), length(200)], filters=[tidied])
    name_en = StringField(lazy("Chức vụ, tiếng Anh"), [optional(), length(200)], filters=[tidied])
    unit = StringField(lazy("Đơn vị"), [required(), length(200)], filters=[tidied])
    from_on = DateField(lazy("Từ ngày"), [optional()], format=["%Y-%m-%d", "%d/%m/%Y"])
    to_on = DateField(lazy("Đến trước ngày"), [optional()], format=["%Y-%m-%d", "%d/%m/%Y"])
    rank = IntegerField(lazy("Thứ tự in"), [number_range(1, 99)], default=1)


class PostEndForm(Form):
    """The first day on which a post is no longer held."""

    to_on = DateField(
        lazy("Thôi giữ từ ngày"),
        [InputRequired(lazy("Mục này còn trống. Hãy điền."))],
        format=["%Y-%m-%d", "%d/%m/%Y"],
    )


class OwnRequestForm(Form):
    """What someone asks about their own data."""

    kind = HiddenField()
    text = TextAreaField(lazy("Nội dung"), [length(2000)])


class RequestForm(Form):
    """A request that came by letter, by phone or in person, entered for someone."""

    kind = SelectField(lazy("Người ấy đề nghị"), [chosen()])
    text = TextAreaField(lazy("Nội dung"), [optional(), length(2000)])

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(str(kind), lazy(KINDS[kind])) for kind in DataRequestKind]


class AnswerForm(Form):
    """The answer to a request."""

    granted = RadioField(
        lazy("Trả lời"),
        [chosen()],
        choices=[("yes", lazy("Chấp nhận: đã làm, hoặc làm ngay khi gửi")), ("no", lazy("Từ chối"))],
    )
    answer = TextAreaField(lazy("Lời trả lời"), [optional(), length(2000)])


class PrivateForm(Form):
    """Private details; what is left empty is not kept."""

    born = StringField(lazy("Ngày sinh"), [optional(), length(10)], filters=[tidied])
    id_number = StringField(lazy("Số căn cước"), [optional(), length(20)], filters=[tidied])
    ethnic_group = StringField(lazy("Dân tộc"), [optional(), length(40)], filters=[tidied])
    purpose = StringField(lazy("Mục đích"), [required(), length(300)], filters=[tidied])
    keep_until = DateField(lazy("Giữ đến"), [optional()], format=["%Y-%m-%d", "%d/%m/%Y"])
