"""Pages of long lists: a bounded number of rows and of statements, whatever lies behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 50

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; `first` and `last` are the 1-based places of its rows in the whole."""

    rows: Sequence[Row]
    number: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return last_page(self.total, self.per_page)

    @property
    def first(self) -> int:
        """Place of the first row shown, 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Place of the last row shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def has_prev(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows this one."""
        return self.number < self.pages


def last_page(total: int, per_page: int = PER_PAGE) -> int:
    """How many pages so many rows take; an empty list has one."""
    return max(1, -(-total // per_page))


def nearest(number: int, total: int, per_page: int = PER_PAGE) -> int:
    """The page of this number, or the nearest there is."""
    return min(max(1, number), last_page(total, per_page))


def paginate(
    session: Session, statement: Select[Any], number: int, *, per_page: int = PER_PAGE, scalars: bool = True
) -> Page[Any]:
    """Run `statement` for one page; a number out of range gives the nearest page."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = nearest(number, total, per_page)
    result = session.execute(statement.limit(per_page).offset((number - 1) * per_page))
    rows = result.scalars().unique().all() if scalars else result.all()
    return Page(rows=rows, number=number, per_page=per_page, total=total)
