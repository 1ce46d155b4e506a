"""From an event and its list to the sign-in sheet of one half-day."""

from lms.attendance import sheets
from lms.core.errors import N_, RuleBroken
from lms.core.pdf import TextDoesNotFit
from lms.events.models import Event, Half, HalfDay, HostRole, Point
from lms.registration import queries as registration
from lms.registration.queries import Filters


def sheet_of(event: Event, half_day: HalfDay, point: Point | None = None) -> bytes:
    """The sheet as a PDF: by unit and name in list order. Raises RuleBroken naming what does not fit."""
    rows = [
        sheets.SignInRow(line.ticket, line.full_name, line.post, line.unit_name)
        for line in registration.all_delegates(event, Filters())
        if point is None or line.point_id == point.id
    ]
    host = next((host.unit for host in event.hosts if host.role == HostRole.HOST), event.unit)
    sheet = sheets.SignInSheet(
        agency=host.name,
        event=event.title,
        session=_session_line(event, half_day, point),
        rows=rows,
        superior=host.parent.name if host.parent is not None else "",
        specimen=event.specimen,
    )
    try:
        return sheets.draw(sheet)
    except TextDoesNotFit as error:
        message = N_("Không in được “%(text)s”: chữ quá dài hoặc có ký tự lạ. Hãy sửa rồi in lại.")
        raise RuleBroken(message, code="does-not-fit", text=error.text[:120]) from error


def _session_line(event: Event, half_day: HalfDay, point: Point | None) -> str:
    """ "Buổi sáng, ngày 07 tháng 8 năm 2024, tại …", as NĐ 30/2020/NĐ-CP writes dates; the paper is Vietnamese."""
    half = "sáng" if half_day.half == Half.MORNING else "chiều"
    on = half_day.on
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    where = f"điểm cầu {point.name}" if point is not None else event.place
    return f"Buổi {half}, ngày {on.day:02d} tháng {month} năm {on.year}, tại {where}"
