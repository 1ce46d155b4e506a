"""The rows of someone who is put on the list: the person, known or new, and their seat."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import text
from lms.core.db import session
from lms.events.models import Event, Point
from lms.people import service as people
from lms.people.models import Person
from lms.registration import known, seating, tickets
from lms.registration.models import Delegate, DelegateRole
from lms.units.models import Unit


@dataclass(frozen=True)
class Candidate:
    """Someone to be put on the list; texts in their stored form (`lms.registration.rows` checks them)."""

    full_name: str
    unit: Unit
    post: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""
    role: DelegateRole = DelegateRole.DELEGATE
    point: Point | None = None

    def values(self) -> dict[str, Any]:
        """As the rows of a spreadsheet hold it."""
        return {
            "full_name": self.full_name,
            "unit_id": self.unit.id,
            "post": self.post,
            "phone": self.phone,
            "email": self.email,
        }


def find_person(candidate: Candidate) -> Person | None:
    """The known person who is meant, None for someone new."""
    found = known.match_people([candidate.values()])[0]
    return session().get(Person, found) if found is not None else None


def enter(event: Event, candidate: Candidate, person: Person | None, quota_unit_id: int | None) -> Delegate:
    """A new delegate, their seat counted; a new person gets their post, a known one what was not known yet."""
    person = person or _new_person(candidate)
    complete(person, candidate.phone, candidate.email)
    delegate = Delegate(
        event=event,
        person=person,
        unit=candidate.unit,
        point=candidate.point,
        role=candidate.role,
        quota_unit_id=quota_unit_id,
        full_name=person.full_name,
        post=candidate.post,
        note=candidate.note,
        ticket=new_ticket(),
        sort_key=person.sort_key,
        unit_sort_key=candidate.unit.sort_key,
        search=search_text(person.full_name, candidate.unit.name, candidate.unit.short_name, person.phone or ""),
    )
    session().add(delegate)
    session().flush()
    if delegate.role == seating.SEATED:
        seating.take(event, (quota_unit_id, delegate.point_id))
    return delegate


def search_text(full_name: str, unit: str, short_name: str, phone: str) -> str:
    """What a delegate is found by."""
    return text.fold(f"{full_name} {unit} {short_name} {phone}")[:900]


def complete(person: Person, phone: str, email: str) -> None:
    """Note a phone or an address that was not known yet; what was known stays."""
    person.phone = person.phone or phone or None
    person.email = person.email or email or None


def new_ticket() -> str:
    """A ticket that no badge bears yet."""
    while True:
        ticket = tickets.draw()
        if session().scalar(select(Delegate.id).where(Delegate.ticket == ticket)) is None:
            return ticket


def _new_person(candidate: Candidate) -> Person:
    person = people.create(candidate.full_name, email=candidate.email or None, phone=candidate.phone or None)
    if candidate.post:
        people.add_post(person, candidate.unit, candidate.post)
    return person
