"""Words of half-days and of how a presence is known, for pages and files."""

from lms.attendance.models import ScanMethod, State
from lms.attendance.presence import Outcome
from lms.core.i18n import _, day, hour, lazy
from lms.events.models import Half, HalfDay

METHOD_WORDS = {
    ScanMethod.QR: lazy("quét thẻ"),
    ScanMethod.MANUAL: lazy("người tổ chức ghi"),
    ScanMethod.SELF: lazy("tự quét mã trên màn"),
    ScanMethod.KIOSK: lazy("máy quét tự phục vụ"),
    ScanMethod.SHEET: lazy("chữ ký trên danh sách"),
    ScanMethod.LEADER: lazy("phụ trách điểm cầu xác nhận"),
}

STATE_WORDS = {
    State.PRESENT: lazy("có mặt"),
    State.LATE: lazy("đến muộn"),
    State.LEFT_EARLY: lazy("về sớm"),
    State.EXCUSED: lazy("vắng có phép"),
    State.SUBSTITUTED: lazy("người được thay đã dự"),
    State.ABSENT: lazy("vắng"),
}


def half_day_words(half_day: HalfDay) -> str:
    """ "Sáng 07/8/2024", "Morning, 7 August 2024"."""
    on = day(half_day.on)
    words: str = _("Sáng %(day)s", day=on) if half_day.half == Half.MORNING else _("Chiều %(day)s", day=on)
    return words


def outcome_words(outcome: Outcome) -> str:
    """What a table's cell says: "07:56", "08:20, đến muộn", "vắng có phép"; nothing for one who did not come."""
    if outcome.entry is None:
        return "" if outcome.state == State.ABSENT else str(STATE_WORDS[outcome.state])
    parts = [hour(outcome.entry.at)]
    if outcome.state == State.LATE:
        parts.append(str(STATE_WORDS[State.LATE]))
    if outcome.left_early:
        parts.append(str(STATE_WORDS[State.LEFT_EARLY]))
    if not outcome.counts:
        parts.append(_("không tính"))
    return ", ".join(parts)
