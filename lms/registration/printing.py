"""From the rows of a list to what is printed: badges and the list, as PDF and as Word, and refusals in words."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from lms.core import clock
from lms.core.clock import short_day
from lms.core.errors import RuleBroken
from lms.core.pdf import TextDoesNotFit
from lms.events.models import Event
from lms.registration import badges, badges_docx, list_pdf, protocol
from lms.registration.first_letters import agency_name, inside, issuer_of, superior_name
from lms.registration.queries import DelegateLine

MOST_IN_WORD = 400
"""Badges in one Word file; each bears a picture."""


class ListOrder(StrEnum):
    """How a printed list is ordered: by unit and name, by unit and precedence, or all by precedence."""

    UNIT = "unit"
    PRECEDENCE = "precedence"
    WHOLE = "whole"


def badges_of(event: Event, lines: Sequence[DelegateLine]) -> bytes:
    """A badge for each row. Raises RuleBroken when there is none, or naming what does not fit."""
    return printed(lambda: badges.draw(_badges(event, lines)))


def word_badges_of(event: Event, lines: Sequence[DelegateLine]) -> bytes:
    """The same badges as a Word file. Raises RuleBroken when there are more than Word can take in a reasonable time."""
    if len(lines) > MOST_IN_WORD:
        raise RuleBroken(
            "Tệp Word chứa đến %(most)s thẻ. Hãy lọc theo đơn vị, hoặc in bản PDF.", code="too-many", most=MOST_IN_WORD
        )
    return printed(lambda: badges_docx.draw(_badges(event, lines)))


def list_of(event: Event, lines: Sequence[DelegateLine]) -> bytes:
    """The list by unit, in the order of the rows given."""
    return printed(lambda: list_pdf.draw(delegate_list(event, lines)))


def delegate_list(event: Event, lines: Sequence[DelegateLine]) -> list_pdf.DelegateList:
    """The list by unit, in the order of the rows given."""
    groups = [
        list_pdf.UnitGroup(name, [list_pdf.DelegateRow(line.full_name, line.post, line.phone or "") for line in group])
        for name, group in groupby(lines, key=lambda line: line.unit_name)
    ]
    return _list(event, groups, None)


def ordered_list(
    event: Event, lines: Sequence[DelegateLine], order: ListOrder, given: dict[int, int]
) -> list_pdf.DelegateList:
    """The list in one of the printed orders; `lines` come by unit and name, `given` are the organizer's places."""
    if order == ListOrder.UNIT:
        return delegate_list(event, lines)
    if order == ListOrder.PRECEDENCE:
        by_unit = groupby(lines, key=lambda line: line.unit_name)
        return delegate_list(event, [line for _name, group in by_unit for line in protocol.in_order(group, given)])
    rows = [
        list_pdf.DelegateRow(line.full_name, _post_and_unit(line), line.phone or "")
        for line in protocol.in_order(lines, given)
    ]
    groups = [list_pdf.UnitGroup("Toàn thể đại biểu, theo thứ tự lễ tân", rows)] if rows else []
    return _list(event, groups, len({line.unit_id for line in lines}))


def vietnamese_days(first: date, last: date) -> str:
    """ "Ngày 07/8/2024" or "Từ ngày 07/8/2024 đến ngày 08/8/2024", as official papers write it."""
    return f"Ngày {short_day(first)}" if first == last else f"Từ ngày {short_day(first)} đến ngày {short_day(last)}"


def english_days(first: date, last: date) -> str:
    """ "7 August 2024" or "7 August 2024 to 8 August 2024"."""
    spoken = [clock.english_day(one) for one in (first, last)]
    return spoken[0] if first == last else " to ".join(spoken)


def printed(draw: Callable[[], bytes]) -> bytes:
    """What `draw` returns; a text that does not fit becomes a RuleBroken that names it."""
    try:
        return draw()
    except TextDoesNotFit as error:
        raise RuleBroken(
            "Không in được “%(text)s”: chữ quá dài hoặc có ký tự lạ. Hãy sửa rồi in lại.",
            field=error.field,
            code="does-not-fit",
            text=error.text[:120],
        ) from error


def _list(event: Event, groups: Sequence[list_pdf.UnitGroup], units: int | None) -> list_pdf.DelegateList:
    issuer = issuer_of(event)
    return list_pdf.DelegateList(
        agency=agency_name(issuer),
        superior=superior_name(issuer),
        event=event.title,
        when=f"{vietnamese_days(event.starts_on, event.ends_on)}, tại {event.place}",
        groups=groups,
        specimen=event.specimen,
        units=units,
    )


def _badges(event: Event, lines: Sequence[DelegateLine]) -> list[badges.Badge]:
    if not lines:
        raise RuleBroken("Không có đại biểu nào để in thẻ. Hãy đổi bộ lọc hoặc thêm đại biểu.", code="nobody")
    return [
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


def _post_and_unit(line: Any) -> str:
    """The post with the unit, which a list that is not by unit would else not say."""
    if not line.post or line.unit_name.casefold() in line.post.casefold():
        return line.post or str(line.unit_name)
    return f"{line.post}, {inside(line.unit_name, line.unit_kind)}"
