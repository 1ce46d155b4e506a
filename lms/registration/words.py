"""Words of the feature for pages, exports and commands, in the reader's language."""

from typing import Any, Final

from lms.core.i18n import lazy
from lms.registration.models import Delegate, DelegateRole

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
    "unanswered": lazy("Chờ trả lời"),
    "accepted": lazy("Đã nhận lời"),
    "bounced": lazy("Thư bị trả lại"),
    "over-quota": lazy("Vượt chỉ tiêu"),
    "withdrawn": lazy("Đã rút"),
    "declined": lazy("Đã từ chối"),
    "substituted": lazy("Đã cử người thay"),
    "all": lazy("Tất cả, kể cả đã rút"),
}
"""What a list may be narrowed to."""
LINE_STATES: Final[dict[str, Any]] = {
    "uninvited": lazy("Chưa mời"),
    "unanswered": lazy("Chờ trả lời"),
    "bounced": lazy("Thư bị trả lại"),
    "accepted": lazy("Đã nhận lời"),
    "withdrawn": lazy("Đã rút"),
    "declined": lazy("Đã từ chối"),
    "substituted": lazy("Đã cử người thay"),
}
"""What a row of the list says of itself."""
STATE_KINDS: Final = {
    "uninvited": "idle",
    "unanswered": "waiting",
    "bounced": "bad",
    "accepted": "ok",
    "withdrawn": "bad",
    "declined": "bad",
    "substituted": "idle",
}
ACTS: Final[dict[str, Any]] = {
    "invite": lazy("Gửi lời mời"),
    "badges": lazy("In thẻ"),
    "xlsx": lazy("Tải Excel"),
    "pdf": lazy("Tải PDF"),
    "point": lazy("Đổi điểm cầu"),
    "role": lazy("Đổi tư cách dự"),
    "withdraw": lazy("Rút khỏi danh sách"),
}
"""What can be done with those who were ticked, in the order of the list's choice."""
APPLICATION_STATES: Final[dict[str, Any]] = {
    "requested": lazy("Chờ ban tổ chức duyệt"),
    "waiting": lazy("Chờ chỗ"),
    "seated": lazy("Đã có chỗ"),
    "refused": lazy("Chưa được nhận"),
    "withdrawn": lazy("Đã rút đăng ký"),
}
ORDERS: Final[dict[str, Any]] = {
    "unit": lazy("theo đơn vị"),
    "name": lazy("theo tên"),
    "post": lazy("theo chức vụ"),
    "state": lazy("theo trạng thái"),
    "registered": lazy("theo lúc ghi"),
    "-unit": lazy("theo đơn vị, từ cuối lên"),
    "-name": lazy("theo tên, từ cuối lên"),
    "-post": lazy("theo chức vụ, từ cuối lên"),
    "-state": lazy("theo trạng thái, từ cuối lên"),
    "-registered": lazy("mới ghi trước"),
}
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


def state_of(delegate: Delegate) -> str:
    """withdrawn, invited or uninvited."""
    if delegate.withdrawn_at is not None:
        return "withdrawn"
    return "invited" if delegate.invited_at is not None else "uninvited"
