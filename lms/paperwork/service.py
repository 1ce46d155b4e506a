"""Taking numbers from a book. A number stands or falls with the transaction that took it, so a book has no gaps."""

from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.paperwork.models import NumberBook
from lms.units.models import Unit


class Taken(NamedTuple):
    """A number and the book it was taken from."""

    book: NumberBook
    number: int

    @property
    def printed(self) -> str:
        """The number as papers bear it: "05/2024/GCN-TTĐN"."""
        return self.book.printed(self.number)


def take_number(agency: Unit, kind: str, year: int, symbol: str) -> Taken:
    """The next number of the agency's book of that year, which is opened with its first number.

    The book stays locked until the transaction ends: others wait for their number and get the next one, or this one
    if it was given back. Raises RuleBroken (code "symbol") when the year's book bears another symbol.
    """
    raised = _raise_last_number(agency.id, kind, year)
    if raised is None:
        _open_book(agency.id, kind, year, symbol)
        raised = _raise_last_number(agency.id, kind, year)
        assert raised is not None
    book_id, number = raised
    book = session().get_one(NumberBook, book_id, populate_existing=True)
    refuse_other_symbol(book, symbol)
    return Taken(book, number)


def lock_book(agency: Unit, kind: str, year: int, symbol: str) -> NumberBook:
    """The agency's book of that year, opened if need be, held until the transaction ends.

    Whoever must look at what was numbered before taking a number holds the book first. Raises RuleBroken (code
    "symbol") when the year's book bears another symbol.
    """
    _open_book(agency.id, kind, year, symbol)
    book = (
        session()
        .scalars(
            select(NumberBook)
            .where(NumberBook.agency_id == agency.id, NumberBook.kind == kind, NumberBook.year == year)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    refuse_other_symbol(book, symbol)
    return book


def refuse_other_symbol(book: NumberBook, symbol: str) -> None:
    """Raise RuleBroken when a paper with this symbol would be numbered from a book that bears another one."""
    if book.symbol != symbol:
        raise RuleBroken(
            N_("Sổ năm %(year)s của cơ quan này đã mở với ký hiệu %(symbol)s. Hãy dùng ký hiệu đó."),
            field="symbol",
            code="symbol",
            year=book.year,
            symbol=book.symbol,
        )


def _raise_last_number(agency_id: int, kind: str, year: int) -> tuple[int, int] | None:
    row = (
        session()
        .execute(
            update(NumberBook)
            .where(NumberBook.agency_id == agency_id, NumberBook.kind == kind, NumberBook.year == year)
            .values(last_number=NumberBook.last_number + 1)
            .returning(NumberBook.id, NumberBook.last_number),
            execution_options={"synchronize_session": False},
        )
        .one_or_none()
    )
    return None if row is None else (row[0], row[1])


def _open_book(agency_id: int, kind: str, year: int, symbol: str) -> None:
    """Add the book unless it is there; of two that open it at once one waits and finds it."""
    insert: Any = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    session().execute(
        insert(NumberBook)
        .values(agency_id=agency_id, kind=kind, year=year, symbol=symbol, last_number=0)
        .on_conflict_do_nothing(index_elements=["agency_id", "kind", "year"])
    )
