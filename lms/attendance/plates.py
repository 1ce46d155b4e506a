"""An answer of the door in the reader's words: what the plate shows, and how it looks and sounds."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lms.attendance.answers import Answer, Verdict
from lms.attendance.models import Scan
from lms.core.i18n import _, day, hour
from lms.events.models import Point
from lms.registration.models import Delegate

_LOOKS = {
    Verdict.WELCOME: ("in", "tick"),
    Verdict.ALREADY: ("again", "again"),
    Verdict.OTHER_SESSION: ("other", "other"),
    Verdict.NOT_LISTED: ("none", "cross"),
    Verdict.CANCELLED: ("cancelled", "stop"),
}
_LONGEST_CODE = 24


@dataclass(frozen=True)
class Plate:
    """One plate. `look` is the class `ans-…` and the sound; `undo` the scan's uuid while it can be taken back.

    `exception`: the delegate who may be let in for a reason all the same.
    """

    verdict: str
    look: str
    icon: str
    word: str
    who: str = ""
    unit: str = ""
    detail: str = ""
    undo: str | None = None
    exception: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON for the script and the cookie."""
        return asdict(self)


def plate_of(answer: Answer, point: Point | None, code: str = "") -> Plate:
    """The plate of an answer at a door, perhaps of one point; `code` is what was scanned, for one who is not listed."""
    look, icon = _LOOKS[answer.verdict]
    delegate, scan = answer.delegate, answer.scan
    if delegate is None:
        who = _("Mã %(code)s", code=code[:_LONGEST_CODE]) if code else ""
        unit, detail = _("Không thuộc sự kiện này"), _("Mời đến bàn hỗ trợ")
        return Plate(answer.verdict, look, icon, _("Không có trong danh sách"), who, unit, detail)
    return Plate(
        answer.verdict,
        look,
        icon,
        _word(answer, delegate),
        delegate.full_name,
        delegate.unit.short_name,
        _detail(answer, delegate, point),
        undo=scan.uuid if scan is not None and answer.verdict is Verdict.WELCOME else None,
        exception=delegate.id if answer.verdict is Verdict.OTHER_SESSION else None,
    )


def undone(scan: Scan) -> Plate:
    """The plate after a scan was taken back."""
    delegate = scan.delegate
    return Plate("undone", "ready", "again", _("Đã hoàn tác"), delegate.full_name, detail=_("Chưa ghi có mặt"))


def _word(answer: Answer, delegate: Delegate) -> str:
    point = delegate.point.name if delegate.point is not None else ""
    words: dict[Verdict, Callable[[], str]] = {
        Verdict.WELCOME: lambda: _("Mời vào"),
        Verdict.ALREADY: lambda: _("Đã vào lúc %(time)s", time=hour(answer.at)),
        Verdict.CANCELLED: lambda: _("Đăng ký đã hủy"),
        Verdict.OTHER_SESSION: lambda: _("Vé của điểm cầu %(point)s", point=point),
    }
    return words[answer.verdict]()


def _detail(answer: Answer, delegate: Delegate, here: Point | None) -> str:
    point, withdrawn_on = here.name if here is not None else "", day(delegate.withdrawn_at)
    words: dict[Verdict, Callable[[], str]] = {
        Verdict.WELCOME: lambda: hour(answer.at),
        Verdict.ALREADY: lambda: _("Không ghi thêm"),
        Verdict.CANCELLED: lambda: _("Rút ngày %(day)s: %(reason)s", day=withdrawn_on, reason=delegate.withdraw_reason),
        Verdict.OTHER_SESSION: lambda: _("Đang điểm danh: %(point)s", point=point),
    }
    return words[answer.verdict]()
