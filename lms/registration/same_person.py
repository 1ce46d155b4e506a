"""Whether whoever registered is someone known already: who is shown beside a registration, and what was said of it.

What the organizer said is kept with the record of the approval, so that whoever waits is seated by it much later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.people import queries as people
from lms.people.models import Likeness, Person
from lms.registration import entering, known, queries
from lms.registration.entering import Candidate
from lms.registration.models import Application

APPROVED = "application.approve"
"""The record of an approval."""


@dataclass(frozen=True)
class Said:
    """Of a registration and the known person shown beside it: the same, two people (False), or not said (None)."""

    person_id: int
    same: bool | None = None

    def as_detail(self) -> dict[str, Any]:
        """As the record of the approval keeps it."""
        return {"alike": self.person_id, "same": self.same}


def alike(applications: Sequence[Application]) -> dict[int, dict[str, Any]]:
    """By id of the registration, the known person it may be, as `known.Match.alike`, with `listed`: on the list."""
    matches = known.look_up([candidate_of(one).values() for one in applications])
    pairs = [(one, match.alike) for one, match in zip(applications, matches, strict=True) if match.alike]
    listed = queries.listed_people([(one.event_id, found["person_id"]) for one, found in pairs])
    return {one.id: {**found, "listed": (one.event_id, found["person_id"]) in listed} for one, found in pairs}


def candidate_of(application: Application) -> Candidate:
    """Whoever asks, as the list takes them."""
    return Candidate(
        full_name=application.full_name,
        unit=application.unit,
        post=application.post,
        phone=application.phone,
        email=application.email,
        note=application.note,
        point=application.point,
    )


def check(application: Application, said: Said | None) -> Said | None:
    """What was said, if it is of the person whom the registration may be now.

    Raises RuleBroken: of someone else ("alike-changed"), or the same person is on the list already ("known").
    """
    found = alike([application]).get(application.id)
    if said is None or said.same is None:
        return Said(found["person_id"]) if found else None
    if found is None or found["person_id"] != said.person_id:
        message = N_("Người đã có trong hệ thống vừa thay đổi. Hãy xem lại “có thể là cùng một người” rồi duyệt.")
        raise RuleBroken(message, field="same", code="alike-changed")
    if said.same and found["listed"]:
        message = N_("%(name)s đã có trong danh sách của sự kiện. Nếu là cùng một người, hãy chọn “Không nhận”.")
        raise RuleBroken(message, field="same", code="known", name=found["full_name"])
    return said


def said_of(application: Application) -> Said | None:
    """What the organizer said when approving; None where nobody had to approve, or nobody like them was known."""
    if application.answered_by_id is None:
        return None
    approvals = select(AuditEntry.detail).where(
        AuditEntry.subject == f"application:{application.id}", AuditEntry.verb == APPROVED
    )
    detail = session().scalar(approvals.order_by(AuditEntry.id.desc()).limit(1)) or {}
    return Said(detail["alike"], detail.get("same")) if detail.get("alike") else None


def person_of(candidate: Candidate, said: Said | None) -> Person | None:
    """The known person who is seated, as the organizer said; None for someone new."""
    if said is not None and said.same:
        return _living(said.person_id)
    found = entering.find_person(candidate)
    return (
        None if found is not None and said is not None and said.same is False and found.id == said.person_id else found
    )


def note(person: Person, said: Said | None, actor_id: int | None) -> None:
    """Tell those who keep the register of people that these two may be one, or were just found to be two."""
    other = _living(said.person_id) if said is not None and not said.same else None
    if said is None or other is None or other.id == person.id:
        return
    first_id, second_id = sorted((person.id, other.id))
    if session().get(Likeness, (first_id, second_id)) is None:
        two = {"dismissed_at": clock.now(), "dismissed_by_id": actor_id} if said.same is False else {}
        session().add(Likeness(first_id=first_id, second_id=second_id, reason="import", **two))
        session().flush()


def _living(person_id: int) -> Person | None:
    try:
        return people.get_living(person_id)
    except NotFound:
        return None
