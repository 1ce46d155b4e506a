"""Reads of people."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.text import fold, like_pattern, search_terms
from lms.people.models import Person, Post
from lms.units.models import Unit


def searched(text: str) -> Select[Person]:
    """People whose name or unit holds every word, accents forgiven, in list order."""
    statement = (
        select(Person)
        .where(Person.merged_into_id.is_(None))
        .options(selectinload(Person.posts).joinedload(Post.unit))
        .order_by(Person.sort_key, Person.id)
    )
    for term in search_terms(text):
        pattern = like_pattern(term)
        in_unit = select(Post.person_id).join(Unit).where(Unit.search.like(pattern, escape="\\"))
        statement = statement.where(or_(Person.search.like(pattern, escape="\\"), Person.id.in_(in_unit)))
    return statement


def get(person_id: int) -> Person:
    """A person by their id; raises NotFound."""
    person = session().get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def get_living(person_id: int) -> Person:
    """The person of an id, or whom they were merged into in the end; raises NotFound."""
    person = get(person_id)
    while person.merged_into_id is not None:
        person = get(person.merged_into_id)
    return person


def find_same(full_name: str, email: str | None, phone: str | None, unit_id: int | None) -> Person | None:
    """A known person of this name with the same address or phone, or a post in the same unit."""
    candidates = session().scalars(
        select(Person)
        .options(selectinload(Person.posts))
        .where(Person.search == fold(full_name), Person.merged_into_id.is_(None))
        .order_by(Person.id)
    )
    for person in candidates:
        same_contact = (email and person.email == email.casefold()) or (phone and person.phone == phone)
        if same_contact or any(post.unit_id == unit_id for post in person.posts):
            return person
    return None
