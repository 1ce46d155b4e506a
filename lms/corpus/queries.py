"""Reads of the cited documents."""

from collections.abc import Collection

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import NotFound
from lms.corpus.models import Document


def by_key(keys: Collection[str]) -> dict[str, Document]:
    """The documents with these keys."""
    return {one.key: one for one in session().scalars(select(Document).where(Document.key.in_(keys)))} if keys else {}


def get(key: str) -> Document:
    """A document; raises NotFound."""
    found = by_key([key]).get(key)
    if found is None:
        raise NotFound
    return found


def numbered_first() -> list[Document]:
    """All documents: those with a number first, the newest on top, then the sources of the craft by title."""
    return sorted(session().scalars(select(Document)), key=_place_in_list)


def _place_in_list(document: Document) -> tuple[bool, int, str]:
    day = document.in_force_from or document.issued_on
    return document.number is None, -day.toordinal() if day else 0, document.title
