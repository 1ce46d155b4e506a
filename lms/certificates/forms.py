"""Forms of certificates: the shape of input only."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField

from lms.certificates.models import Design, PaperKind
from lms.core.forms import Form, chosen, length, optional, required, tidied
from lms.core.i18n import lazy

DESIGN_WORDS = {
    Design.FORMAL: lazy("Trang trọng"),
    Design.MODERN: lazy("Hiện đại"),
    Design.CLASSIC: lazy("Cổ điển"),
}
KIND_WORDS = {PaperKind.ATTESTATION: lazy("Giấy chứng nhận"), PaperKind.CERTIFICATE: lazy("Chứng chỉ")}


class ProgrammeForm(Form):
    """What an event's certificates say and who signs."""

    agency = StringField(lazy("Đơn vị cấp, lấy số từ sổ của đơn vị này"), [required(), length(200)], filters=[tidied])
    superior_name = StringField(lazy("Cơ quan chủ quản"), [optional(), length(200)], filters=[tidied])
    agency_name = StringField(lazy("Tên cơ quan cấp, như in trên giấy"), [required(), length(200)], filters=[tidied])
    agency_name_en = StringField(lazy("Tên cơ quan cấp, tiếng Anh"), [optional(), length(200)], filters=[tidied])
    kind = RadioField(lazy("Loại giấy"), [chosen()], choices=[(one.value, words) for one, words in KIND_WORDS.items()])
    symbol = StringField(lazy("Ký hiệu sau số"), [required(), length(40)], filters=[tidied])
    title = StringField(lazy("Nội dung đã hoàn thành"), [required(), length(400)], filters=[tidied])
    title_en = StringField(lazy("Nội dung đã hoàn thành, tiếng Anh"), [required(), length(400)], filters=[tidied])
    place = StringField(lazy("Nơi cấp"), [required(), length(100)], filters=[tidied])
    signer_post = TextAreaField(lazy("Chức vụ người ký"), [required(), length(200)])
    signer_name = StringField(lazy("Họ và tên người ký"), [required(), length(120)], filters=[tidied])
    design = RadioField(
        lazy("Kiểu trình bày"), [chosen()], choices=[(one.value, words) for one, words in DESIGN_WORDS.items()]
    )
    specimen = BooleanField(lazy("In chữ MẪU · SPECIMEN trên giấy"))

    def words(self) -> dict[str, Any]:
        """What was filled in, as `programme.set_programme` asks for it; the unit is looked up by its name."""
        said = {field.name: field.data for field in self if field.name not in {"agency", "csrf_token"}}
        return said | {"kind": PaperKind(said["kind"]), "design": Design(said["design"])}


class RevocationForm(Form):
    """Why a certificate is revoked."""

    reason = StringField(lazy("Lý do thu hồi"), [required(), length(500)], filters=[tidied])


class ReplacementForm(Form):
    """What a reissued certificate says otherwise."""

    holder = StringField(lazy("Họ và tên trên giấy mới"), [required(), length(120)], filters=[tidied])
    post_unit = StringField(lazy("Chức vụ, đơn vị trên giấy mới"), [optional(), length(300)], filters=[tidied])
