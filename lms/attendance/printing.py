"""From an event and its list to the sign-in sheets of a half-day: whose, their rows, and how they are paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.attendance import sheets
from lms.core import clock
from lms.events.models import Event, Half, HalfDay, HostRole, Point
from lms.registration import queries as registration
from lms.registration.listing import HALL, DelegateLine
from lms.registration.queries import Filters


@dataclass(frozen=True)
class Part:
    """Whose sheet: everyone's; that of a `point`; or that of those at no point, who sit in the `hall`."""

    point: Point | None = None
    hall: bool = False

    @property
    def point_id(self) -> int | None:
        """The part as an address carries it: a point's number, HALL, or nothing."""
        return HALL if self.hall else self.point.id if self.point is not None else None


def parts(event: Event) -> list[Part]:
    """The sheets that a half-day of the event needs: one for everyone, or one a point and one for the hall."""
    if not event.points:
        return [Part()]
    at_points = [Part(point) for point in event.points]
    in_hall = registration.list_delegates(event, Filters(point_id=HALL), per_page=1).total
    return [Part(hall=True), *at_points] if in_hall else at_points


def lines_of(event: Event, part: Part, printed_at: datetime | None = None) -> Sequence[DelegateLine]:
    """The rows of a sheet in the order of print: by unit and name, as the list stands, or stood at a moment (UTC)."""
    if printed_at is None:
        return registration.all_delegates(event, Filters(point_id=part.point_id))
    lines = registration.all_delegates(event, Filters(point_id=part.point_id, state="all"))
    return [
        line
        for line in lines
        if line.registered_at <= printed_at and (line.withdrawn_at is None or line.withdrawn_at > printed_at)
    ]


def sheet_of(event: Event, half_day: HalfDay, part: Part) -> bytes:
    """The sheet as a PDF; what is too long for its place is cut there, nothing stops the print."""
    return sheets_of(event, half_day, [part])


def sheets_of(event: Event, half_day: HalfDay, wanted: Sequence[Part]) -> bytes:
    """Several sheets in one PDF, in this order."""
    return sheets.draw_all([_sheet(event, half_day, part, lines_of(event, part)) for part in wanted])


def rows_on_pages(event: Event, half_day: HalfDay, part: Part, lines: Sequence[DelegateLine]) -> list[int]:
    """How many of these rows stand on each page of paper."""
    return sheets.rows_on_pages(_sheet(event, half_day, part, lines))


def _sheet(event: Event, half_day: HalfDay, part: Part, lines: Sequence[DelegateLine]) -> sheets.SignInSheet:
    host = next((host.unit for host in event.hosts if host.role == HostRole.HOST), event.unit)
    now = clock.local(clock.now())
    return sheets.SignInSheet(
        agency=host.name,
        event=event.title,
        session=_session_line(event, half_day, part.point),
        rows=[sheets.SignInRow(line.ticket, line.full_name, line.post, line.unit_name) for line in lines],
        superior=host.parent.name if host.parent is not None else "",
        specimen=event.specimen,
        printed=f"{now:%H:%M} {clock.short_day(now.date())}",
    )


def _session_line(event: Event, half_day: HalfDay, point: Point | None) -> str:
    """ "Buổi sáng, ngày 07 tháng 8 năm 2024, tại …", as NĐ 30/2020/NĐ-CP writes dates; the paper is Vietnamese."""
    half = "sáng" if half_day.half == Half.MORNING else "chiều"
    on = half_day.on
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    where = f"điểm cầu {point.name}" if point is not None else event.place
    return f"Buổi {half}, ngày {on.day:02d} tháng {month} năm {on.year}, tại {where}"
