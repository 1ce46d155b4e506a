"""Person × half-day as the page and the spreadsheet show it, in a number of statements that never grows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import aliased

from lms.attendance import finding, outcomes, presence
from lms.attendance.models import Scan
from lms.attendance.presence import Outcome, Place
from lms.attendance.queries import Count, expected, session_counts, standing
from lms.core.db import session
from lms.core.paging import PER_PAGE, Page, nearest
from lms.core.text import like_pattern, search_terms
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from lms.units.models import Unit

_Replaced = aliased(Delegate)
_COLUMNS: list[Any] = [
    *(Delegate.id, Delegate.full_name, Delegate.post, Delegate.unit_id, Unit.short_name.label("unit")),
    *(_Replaced.full_name.label("replaced"), Delegate.walked_in_at),
]


@dataclass(frozen=True)
class Filters:
    """What is shown: words of name or unit, one unit, only those missing at one half-day, or `only` one of ONLY."""

    text: str = ""
    unit_id: int | None = None
    missing: HalfDay | None = None
    only: str = ""


@dataclass(frozen=True)
class Line:
    """One person with what they were at each half-day, by its id; `replaced` is in whose place they were named."""

    id: int
    full_name: str
    post: str
    unit_id: int
    unit: str
    replaced: str
    walked_in: bool
    outcomes: Mapping[int, Outcome]
    hour_each: float = 0

    @property
    def counted(self) -> int:
        """How many half-days count."""
        return sum(1 for outcome in self.outcomes.values() if outcome.counts)

    @property
    def hours(self) -> float:
        """The hours of those half-days."""
        return round(self.counted * self.hour_each, 2)


@dataclass(frozen=True)
class Matrix:
    """One page of lines by unit and name; `totals` of the whole event and `by_unit` of the units shown, unfiltered."""

    page: Page[Line]
    totals: Mapping[int, Count]
    by_unit: Mapping[tuple[int, int], Count]

    def groups(self) -> Iterator[tuple[int, str, list[Line]]]:
        """The lines of each unit: its id, its name, its people."""
        for (unit_id, name), lines in groupby(self.page.rows, key=lambda line: (line.unit_id, line.unit)):
            yield unit_id, name, list(lines)

    def of_unit(self, unit_id: int, half_day_id: int) -> Count:
        """Present and expected of a unit shown at a half-day."""
        return self.by_unit.get((unit_id, half_day_id), Count())


def read(event: Event, filters: Filters, page: int = 1, per_page: int = PER_PAGE) -> Matrix:
    """The matrix of an event: one page of people and the totals, in nine statements."""
    conditions = _conditions(event, filters)
    total = session().scalar(select(func.count()).select_from(Delegate).where(*conditions)) or 0
    number = nearest(page, total, per_page)
    rows = session().execute(_lines(conditions).limit(per_page).offset((number - 1) * per_page)).all()
    lines = _with_outcomes(event, rows, outcomes.outcomes(event, [row.id for row in rows]))
    return Matrix(
        Page(lines, number, per_page, total), session_counts(event), _by_unit(event, {row.unit_id for row in rows})
    )


def everyone(event: Event, filters: Filters) -> list[Line]:
    """Every line that the filters let through, for the spreadsheet, in four statements."""
    rows = session().execute(_lines(_conditions(event, filters))).all()
    return _with_outcomes(event, rows, outcomes.outcomes(event))


def _conditions(event: Event, filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = list(expected(event.id))
    conditions += [Delegate.search.like(like_pattern(term), escape="\\") for term in search_terms(filters.text)]
    if filters.unit_id is not None:
        conditions.append(Delegate.unit_id == filters.unit_id)
    if filters.missing is not None:
        came = select(Scan.id).where(
            Scan.half_day_id == filters.missing.id, Scan.delegate_id == Delegate.id, *standing()
        )
        conditions.append(~came.exists())
    if filters.only:
        conditions.append(finding.condition(event, filters.only))
    return conditions


def _lines(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Unit, Unit.id == Delegate.unit_id)
        .outerjoin(_Replaced, _Replaced.id == Delegate.replaces_id)
        .where(*conditions)
        .order_by(Delegate.unit_sort_key, Delegate.unit_id, Delegate.sort_key, Delegate.id)
    )


def _with_outcomes(event: Event, rows: Sequence[Any], found: Mapping[Place, Outcome]) -> list[Line]:
    by_person: dict[int, dict[int, Outcome]] = {}
    for (half_day_id, delegate_id), outcome in found.items():
        by_person.setdefault(delegate_id, {})[half_day_id] = outcome
    each = presence.hours_each(outcomes.rule_of(event), len(event.sessions))
    return [
        Line(
            *(row.id, row.full_name, row.post, row.unit_id, row.unit, row.replaced or ""),
            row.walked_in_at is not None,
            by_person.get(row.id, {}),
            each,
        )
        for row in rows
    ]


def _by_unit(event: Event, unit_ids: set[int]) -> dict[tuple[int, int], Count]:
    conditions = (*expected(event.id), Delegate.unit_id.in_(unit_ids))
    on_list = select(Delegate.unit_id, func.count()).where(*conditions).group_by(Delegate.unit_id)
    listed = session().execute(on_list).all()
    rows = session().execute(
        select(Delegate.unit_id, Scan.half_day_id, func.count(distinct(Scan.delegate_id)))
        .join(Scan, Scan.delegate_id == Delegate.id)
        .where(*conditions, *standing())
        .group_by(Delegate.unit_id, Scan.half_day_id)
    )
    present = {(unit_id, half_day_id): number for unit_id, half_day_id, number in rows}
    return {
        (unit_id, half_day.id): Count(present.get((unit_id, half_day.id), 0), number)
        for unit_id, number in listed
        for half_day in event.sessions
    }
