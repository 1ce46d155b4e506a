"""Which rows of a list name people already known.

By folded name with the same phone or address, else by name, unit and post.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lms.core import text
from lms.core.db import session
from lms.people.models import Person, Post
from lms.registration.identity import apart, identity_keys
from lms.registration.models import Delegate

_CHUNK = 500


def match_people(rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """The id of the known person for each row (`full_name`, `unit_id`, `post`, `phone`, `email`), or None.

    An address tells more than a phone, a phone more than name, unit and post; people alike in these are told apart by
    a phone or address that differs. Three statements for each 500 different names.
    """
    names = sorted({text.fold(row["full_name"]) for row in rows})
    people: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for start in range(0, len(names), _CHUNK):
        for key, person in _people_named(names[start : start + _CHUNK]):
            people.setdefault(key, []).append(person)
    return [_match(row, people) for row in rows]


def _match(row: Mapping[str, Any], people: Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]]) -> int | None:
    for key in identity_keys(row):
        found = [person["id"] for person in people.get(key, ()) if key[0] != "post" or not apart(row, person)]
        if found:
            return int(min(found))
    return None


def _people_named(names: Sequence[str]) -> Iterable[tuple[tuple[str, ...], dict[str, Any]]]:
    """Each key under which a person of one of these folded names is known, with the person."""
    found = (
        session()
        .execute(select(Person.id, Person.full_name, Person.phone, Person.email).where(Person.search.in_(names)))
        .all()
    )
    people = {row.id: dict(row._mapping) for row in found}
    ids = select(Person.id).where(Person.search.in_(names))
    posts = session().execute(select(Post.person_id, Post.unit_id, Post.name).where(Post.person_id.in_(ids))).all()
    seats = (
        session()
        .execute(
            select(Delegate.person_id, Delegate.unit_id, Delegate.post).where(Delegate.person_id.in_(ids)).distinct()
        )
        .all()
    )
    for person_id, unit_id, post in {*map(tuple, posts), *map(tuple, seats)}:
        person = people[person_id]
        yield identity_keys({**person, "unit_id": unit_id, "post": post})[-1], person
    for person in people.values():
        for key in identity_keys({**person, "unit_id": 0, "post": ""})[:-1]:
            yield key, person
