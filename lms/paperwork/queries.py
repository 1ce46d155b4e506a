"""Reads of number books, and the proof that a book has no gap."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.db import session
from lms.paperwork.models import NumberBook


@dataclass(frozen=True)
class Proof:
    """What the papers of a book show: how many there are, and which numbers given out have no paper.

    `strays` are papers with a number the book never gave out.
    """

    papers: int
    missing: tuple[int, ...] = ()
    strays: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every number from 1 to the last one is on exactly one paper."""
        return not self.missing and not self.strays


def find_book(agency_id: int, kind: str, year: int) -> NumberBook | None:
    """An agency's book of a year."""
    return session().scalar(
        select(NumberBook).where(NumberBook.agency_id == agency_id, NumberBook.kind == kind, NumberBook.year == year)
    )


def prove(
    books: Collection[NumberBook], book_column: InstrumentedAttribute[int], number_column: InstrumentedAttribute[int]
) -> dict[int, Proof]:
    """The proof of each book by its id, from the table of papers numbered from them.

    The two columns name a paper's book and its number; the table must forbid the same pair twice. One statement for
    all books, one more for each that is not whole.
    """
    ids = [book.id for book in books]
    counted = select(book_column, func.count(), func.min(number_column), func.max(number_column))
    rows = session().execute(counted.where(book_column.in_(ids)).group_by(book_column)).all()
    found = {row[0]: (row[1], row[2], row[3]) for row in rows}
    proofs = {}
    for book in books:
        papers, lowest, highest = found.get(book.id, (0, 1, 0))
        if papers == book.last_number == highest and lowest == 1:
            proofs[book.id] = Proof(papers)
        else:
            numbers = session().scalars(_numbers(book, book_column, number_column)).all()
            proofs[book.id] = compare(book.last_number, numbers)
    return proofs


def compare(last_number: int, numbers: Sequence[int]) -> Proof:
    """The proof from a book's last number and the numbers on its papers."""
    given, used = set(range(1, last_number + 1)), set(numbers)
    return Proof(len(numbers), tuple(sorted(given - used)), tuple(sorted(used - given)))


def _numbers(
    book: NumberBook, book_column: InstrumentedAttribute[int], number_column: InstrumentedAttribute[int]
) -> Select[int]:
    return select(number_column).where(book_column == book.id)
