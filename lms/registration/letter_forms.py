"""The form of an event's official letter, part by part as the paper bears them."""

from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import Optional
from wtforms.widgets import TextArea

from lms.core.forms import Form, length, number_range, optional, required, tidied
from lms.core.i18n import lazy
from lms.events.fields import DayField, ParagraphsField
from lms.registration.first_letters import joined, parted
from lms.registration.models import Letter


class LetterForm(Form):
    """A letter; `addressees` and `copies` are the two parts of its recipients, a line for each."""

    superior = StringField(lazy("Cơ quan chủ quản"), [optional(), length(200)], filters=[tidied])
    agency = StringField(lazy("Cơ quan ban hành"), [required(), length(200)], filters=[tidied])
    number = IntegerField(lazy("Số"), [Optional(), number_range(1, 99_999)])
    symbol = StringField(lazy("Ký hiệu"), [required(), length(60)], filters=[tidied])
    place = StringField(lazy("Địa danh"), [required(), length(100)], filters=[tidied])
    issued_on = DayField(lazy("Ngày ban hành"), [optional()])
    summary = StringField(lazy("Trích yếu"), [required(), length(500)], filters=[tidied], widget=TextArea())
    addressees = ParagraphsField(lazy("Kính gửi"), [optional()])
    body = ParagraphsField(lazy("Nội dung"), [required()])
    signer_authority = StringField(lazy("Quyền hạn của người ký"), [optional(), length(200)], filters=[tidied])
    signer_post = StringField(lazy("Chức vụ của người ký"), [required(), length(200)], filters=[tidied])
    signer_name = StringField(lazy("Họ và tên người ký"), [optional(), length(120)], filters=[tidied])
    copies = ParagraphsField(lazy("Nơi nhận"), [optional()])

    def words(self) -> dict[str, Any]:
        """The fields of a letter."""
        same = ("superior", "agency", "symbol", "place", "summary", "body", "signer_authority", "signer_post")
        said: dict[str, Any] = {name: self[name].data or "" for name in (*same, "signer_name")}
        dated = {"number": self.number.data, "issued_on": self.issued_on.data}
        return said | dated | {"recipients": joined(_lines(self.addressees.data), _lines(self.copies.data))}


def shown(letter: Letter) -> dict[str, Any]:
    """What the form begins with."""
    addressees, copies = parted(letter.recipients)
    same = ("superior", "agency", "number", "symbol", "place", "issued_on", "summary", "body", "signer_authority")
    said = {name: getattr(letter, name) for name in (*same, "signer_post", "signer_name")}
    return said | {"addressees": addressees, "copies": copies}


def _lines(text: str | None) -> str:
    """The lines without empty ones between them: an empty line parts addressees from copies."""
    return "\n".join(line for line in (text or "").splitlines() if line.strip())
