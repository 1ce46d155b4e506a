"""Words of the feature for pages, exports and commands, in the reader's language."""

from collections.abc import Sequence
from typing import Any, Final

from lms.core.i18n import _, lazy
from lms.registration.models import DelegateRole
from lms.registration.queries import DelegateLine

ROLES: Final[dict[str, Any]] = {
    DelegateRole.DELEGATE: lazy("Đại biểu"),
    DelegateRole.SPEAKER: lazy("Báo cáo viên"),
    DelegateRole.GUEST: lazy("Khách mời"),
    DelegateRole.PRESS: lazy("Báo chí"),
    DelegateRole.ORGANIZER: lazy("Ban tổ chức"),
}
STATES: Final[dict[str, Any]] = {
    "active": lazy("Đang trong danh sách"),
    "uninvited": lazy("Chưa gửi lời mời"),
    "invited": lazy("Đã gửi lời mời"),
    "withdrawn": lazy("Đã rút"),
    "all": lazy("Tất cả"),
}
APPLICATION_STATES: Final[dict[str, Any]] = {
    "requested": lazy("Chờ ban tổ chức duyệt"),
    "waiting": lazy("Chờ chỗ"),
    "seated": lazy("Đã có chỗ"),
    "refused": lazy("Chưa được nhận"),
    "withdrawn": lazy("Đã rút đăng ký"),
}
ORDERS: Final[dict[str, Any]] = {"unit": lazy("theo đơn vị"), "name": lazy("theo tên")}
VERBS: Final[dict[str, Any]] = {
    "delegate.register": lazy("Ghi vào danh sách"),
    "delegate.change": lazy("Sửa"),
    "delegate.withdraw": lazy("Rút đăng ký"),
    "delegate.restore": lazy("Đưa trở lại"),
    "delegate.invite": lazy("Gửi lời mời"),
    "delegate.remind": lazy("Nhắc lại"),
    "delegate.update": lazy("Gửi cập nhật"),
    "invitation.accepted": lazy("Nhận lời"),
    "invitation.declined": lazy("Từ chối"),
    "invitation.substituted": lazy("Cử người thay"),
    "delegate.promote": lazy("Được trao chỗ"),
    "delegate.substitute": lazy("Cử người thay"),
}
FIELDS: Final[dict[str, Any]] = {
    "full_name": lazy("Họ và tên"),
    "unit": lazy("Đơn vị"),
    "post": lazy("Chức vụ"),
    "phone": lazy("Điện thoại"),
    "email": lazy("Thư điện tử"),
    "born": lazy("Ngày sinh"),
    "note": lazy("Ghi chú"),
    "role": lazy("Dự với tư cách"),
    "point_id": lazy("Điểm cầu"),
    "protocol_rank": lazy("Thứ tự lễ tân"),
}


def export_headings() -> list[str]:
    """Headings of an exported list; an import reads them again."""
    return [
        *(_("STT"), _("Họ và tên"), _("Chức vụ"), _("Đơn vị"), _("Điện thoại"), _("Thư điện tử")),
        *(_("Dự với tư cách"), _("Điểm cầu"), _("Mã thẻ"), _("Trạng thái"), _("Ghi chú")),
    ]


def export_rows(lines: Sequence[DelegateLine]) -> list[list[str | int]]:
    """The rows under these headings."""
    roles = {str(role): str(word) for role, word in ROLES.items()}
    states = {state: str(word) for state, word in STATES.items()}
    return [
        [
            *(number, line.full_name, line.post, line.unit_name, line.phone or "", line.email or ""),
            *(roles[line.role], line.point or "", line.ticket, states[state_of(line)], line.note),
        ]
        for number, line in enumerate(lines, start=1)
    ]


def state_of(line: DelegateLine) -> str:
    """withdrawn, invited or uninvited."""
    if line.withdrawn_at is not None:
        return "withdrawn"
    return "invited" if line.invited_at is not None else "uninvited"
