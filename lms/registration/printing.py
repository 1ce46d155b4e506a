"""From the rows of a list to what is printed: badges and the list by unit."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.pdf import TextDoesNotFit
from lms.events.models import Event, HostRole
from lms.registration import badges, list_pdf
from lms.registration.queries import DelegateLine


def badges_of(event: Event, lines: Sequence[DelegateLine]) -> bytes:
    """A badge for each row. Raises RuleBroken when there is none, or naming what does not fit."""
    if not lines:
        raise RuleBroken("Không có đại biểu nào để in thẻ. Hãy đổi bộ lọc hoặc thêm đại biểu.", code="nobody")
    return _printed(
        lambda: badges.draw(
            [
                badges.Badge(
                    name=line.full_name,
                    post=line.post,
                    unit=line.unit_name,
                    role=str(line.role),
                    ticket=line.ticket,
                    event=event.title,
                    specimen=event.specimen,
                )
                for line in lines
            ]
        )
    )


def list_of(event: Event, lines: Sequence[DelegateLine]) -> bytes:
    """The list by unit, in the order of the rows given."""
    groups = [
        list_pdf.UnitGroup(name, [list_pdf.DelegateRow(line.full_name, line.post, line.phone or "") for line in group])
        for name, group in groupby(lines, key=lambda line: line.unit_name)
    ]
    agency = next((host.unit.name for host in event.hosts if host.role == HostRole.HOST), event.unit.name)
    when = f"{vietnamese_days(event.starts_on, event.ends_on)}, tại {event.place}"
    return _printed(
        lambda: list_pdf.draw(list_pdf.DelegateList(agency, event.title, when, groups, specimen=event.specimen))
    )


def vietnamese_days(first: date, last: date) -> str:
    """ "Ngày 07/8/2024" or "Từ ngày 07/8/2024 đến ngày 08/8/2024", as official papers write it."""
    return f"Ngày {_day(first)}" if first == last else f"Từ ngày {_day(first)} đến ngày {_day(last)}"


def english_days(first: date, last: date) -> str:
    """ "7 August 2024" or "7 August 2024 to 8 August 2024"."""
    spoken = [f"{one.day} {clock.ENGLISH_MONTHS[one.month - 1]} {one.year}" for one in (first, last)]
    return spoken[0] if first == last else " to ".join(spoken)


def _day(value: date) -> str:
    return (
        f"{value.day:02d}/{value.month:02d}/{value.year}"
        if value.month < 3
        else f"{value.day:02d}/{value.month}/{value.year}"
    )


def _printed(draw: Callable[[], bytes]) -> bytes:
    try:
        return draw()
    except TextDoesNotFit as error:
        raise RuleBroken(
            "Không in được “%(text)s”: chữ quá dài hoặc có ký tự lạ. Hãy sửa rồi in lại.",
            code="does-not-fit",
            text=error.text[:120],
        ) from error
