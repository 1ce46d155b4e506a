"""Entering people and their posts."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import update

from lms.core import audit
from lms.core.db import chunks, session
from lms.people import queries
from lms.people.models import Person, Post
from lms.units.models import Unit


def create(
    full_name: str, *, email: str | None = None, phone: str | None = None, title: str = "", specimen: bool = False
) -> Person:
    """Enter a person."""
    person = Person(email=email.casefold() if email else None, phone=phone or None, title=title, specimen=specimen)
    person.rename(full_name)
    session().add(person)
    session().flush()
    return person


corrected: list[Callable[[Person], None]] = []
"""Functions of features that copy a person's name or contacts, called after a correction."""


def correct(
    person: Person, *, full_name: str, title: str, email: str | None, phone: str | None, actor_id: int | None
) -> None:
    """Correct what is known of a person; copies of it in lists follow, papers that were issued do not."""
    before = (person.full_name, person.title, person.email, person.phone)
    person.rename(full_name, person.sort_name)
    person.title, person.email, person.phone = title, email.casefold() if email else None, phone or None
    names = ("full_name", "title", "email", "phone")
    old = {name: was for name, was in zip(names, before, strict=True) if getattr(person, name) != was}
    new = {name: getattr(person, name) for name in old}
    if not old:
        return
    session().flush()
    for follow in corrected:
        follow(person)
    audit.record("person.correct", f"person:{person.id}", actor_id=actor_id, changed=list(old), before=old, after=new)


def find_or_create(full_name: str, unit: Unit, post: str, email: str | None = None, phone: str | None = None) -> Person:
    """The known person of this name and unit or contact, else a new one; the post is added when not yet held."""
    person = queries.find_same(full_name, email, phone, unit.id) or create(full_name, email=email, phone=phone)
    if not any(held.unit_id == unit.id and held.name == post for held in person.posts):
        add_post(person, unit, post)
    return person


def add_post(
    person: Person,
    unit: Unit,
    name: str,
    *,
    name_en: str | None = None,
    rank: int = 1,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Post:
    """Add a post held in a unit."""
    post = Post(unit=unit, name=name, name_en=name_en, rank=rank, from_on=from_on, to_on=to_on)
    person.posts.append(post)
    session().flush()
    return post


def mark_specimen(person_ids: Sequence[int]) -> None:
    """Mark people as invented: whatever is printed for them bears MẪU · SPECIMEN."""
    for chosen in chunks(person_ids):
        session().execute(update(Person).where(Person.id.in_(chosen)).values(specimen=True))
