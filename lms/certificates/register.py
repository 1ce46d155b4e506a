"""The register of certificates: a book a page, searched, and the whole of it as a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.accounts.models import Account
from lms.certificates import queries
from lms.certificates.models import Certificate
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.paging import Page, paginate
from lms.core.text import like_pattern, search_terms
from lms.paperwork import queries as paperwork
from lms.paperwork.models import NumberBook


@dataclass(frozen=True)
class OpenBook:
    """A book with the proof that it has no gap."""

    book: NumberBook
    proof: paperwork.Proof


def open_book(account: Account | None, book_id: int | None) -> tuple[OpenBook | None, Sequence[NumberBook]]:
    """The book asked for (the newest by default) and all that the account sees; raises NotFound for another's book."""
    books = queries.visible_books(account)
    if book_id is None and not books:
        return None, books
    chosen = next((book for book in books if book_id in {None, book.id}), None)
    if chosen is None:
        raise NotFound
    return OpenBook(chosen, prove([chosen])[chosen.id]), books


def prove(books: Sequence[NumberBook]) -> dict[int, paperwork.Proof]:
    """The proof of each book by its id."""
    return paperwork.prove(books, Certificate.book_id, Certificate.number)


def page_of(book: NumberBook, text: str, number: int) -> Page[Certificate]:
    """A page of the book, the latest number first, narrowed by the words of a name or number."""
    page: Page[Certificate] = paginate(session(), lines(book, text), number)
    return page


def lines(book: NumberBook, text: str = "", *, newest_first: bool = True) -> Select[Certificate]:
    """The book's certificates whose holder, post or number hold every word, accents forgiven."""
    statement = select(Certificate).where(Certificate.book_id == book.id)
    for term in search_terms(text):
        statement = statement.where(Certificate.search.like(like_pattern(term), escape="\\"))
    return statement.order_by(Certificate.number.desc() if newest_first else Certificate.number).options(
        joinedload(Certificate.replaces), joinedload(Certificate.replaced_by)
    )


def all_lines(book: NumberBook, text: str = "", *, newest_first: bool = True) -> Sequence[Certificate]:
    """All of them, for an export."""
    return session().scalars(lines(book, text, newest_first=newest_first)).all()
