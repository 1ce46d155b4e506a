"""Words of half-days and of how a presence is known, for pages and files."""

from lms.attendance.models import ScanMethod
from lms.core.i18n import _, day, lazy
from lms.events.models import Half, HalfDay

METHOD_WORDS = {
    ScanMethod.QR: lazy("quét thẻ"),
    ScanMethod.MANUAL: lazy("người tổ chức ghi"),
    ScanMethod.SELF: lazy("tự quét"),
    ScanMethod.KIOSK: lazy("máy quét tự phục vụ"),
    ScanMethod.SHEET: lazy("chữ ký trên danh sách"),
}


def half_day_words(half_day: HalfDay) -> str:
    """ "Sáng 07/8/2024", "Morning, 7 August 2024"."""
    on = day(half_day.on)
    words: str = _("Sáng %(day)s", day=on) if half_day.half == Half.MORNING else _("Chiều %(day)s", day=on)
    return words
