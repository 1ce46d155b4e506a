"""The rows of an import as rows of the database, many at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert, select

from lms.core import clock, text
from lms.core.db import chunks, session
from lms.events.models import Event
from lms.people.models import Likeness, Person, Post
from lms.registration import choosing, queries, seating, service, tickets
from lms.registration.models import Delegate, DelegateImport, DelegateRole
from lms.registration.quotas import QuotaPicture
from lms.registration.rows import SheetRow
from lms.registration.unit_names import UnitName

_AT_ONCE: Final = 500
"""Tickets drawn and looked up together."""


def insert_rows(imported: DelegateImport, rows: Sequence[SheetRow], reason: str | None) -> None:
    """Insert people who are new, their posts, and a delegate for each row, in a few statements for each 500 rows.

    `reason` is noted of those who take a seat beyond the quota.
    """
    if not rows:
        return
    units = choosing.unit_index(imported.event).units
    _insert_people([row for row in rows if row.person_id is None])
    _complete_known(rows)
    people = {}
    ids = [row.person_id for row in rows]
    columns = select(Person.id, Person.full_name, Person.sort_key, Person.phone)
    for chunk in chunks(ids):
        people.update({one.id: one for one in session().execute(columns.where(Person.id.in_(chunk)))})
    moment, picture = clock.now(), queries.quota_picture(imported.event)
    covering = {
        unit_id: line.unit_id if (line := picture.line_of(units[unit_id].path)) else None
        for unit_id in {row.values["unit_id"] for row in rows}
    }
    session().execute(
        insert(Delegate),
        [
            {
                "event_id": imported.event_id,
                "import_id": imported.id,
                "registered_at": moment,
                "ticket": ticket,
                "over_quota_reason": reason if beyond else None,
                "quota_unit_id": covering[row.values["unit_id"]],
                **_seat(row, people[row.person_id], units[row.values["unit_id"]]),
            }
            for row, ticket, beyond in zip(
                rows, _new_tickets(len(rows)), _beyond(imported.event, picture, rows, covering), strict=True
            )
        ],
    )
    seating.take_many(imported.event, Counter((covering[row.values["unit_id"]], None) for row in rows))


def insert_likenesses(pairs: Mapping[tuple[int, int], bool | None], actor_id: int | None) -> None:
    """Note pairs of people, the lower id first, who may be one; False: someone has just said that they are two."""
    ids, known, moment = sorted({first for first, _second in pairs}), set(), clock.now()
    columns = select(Likeness.first_id, Likeness.second_id)
    for chunk in chunks(ids):
        found = session().execute(columns.where(Likeness.first_id.in_(chunk)))
        known |= {(first, second) for first, second in found}
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "reason": "import",
            "found_at": moment,
            "dismissed_at": moment if same is False else None,
            "dismissed_by_id": actor_id if same is False else None,
        }
        for (first, second), same in pairs.items()
        if (first, second) not in known
    ]
    if rows:
        session().execute(insert(Likeness), rows)


def _beyond(
    event: Event, picture: QuotaPicture, rows: Sequence[SheetRow], covering: Mapping[int, int | None]
) -> Iterator[bool]:
    """Whether each row, in the order of the file, takes a seat beyond those of its quota or of the event."""
    left = {line.unit_id: line.seats - line.registered for line in picture.lines}
    whole = event.seats - event.seats_taken if event.seats is not None else len(rows)
    for row in rows:
        quota_unit_id = covering[row.values["unit_id"]]
        outside = bool(picture.lines) and quota_unit_id is None
        yield outside or whole <= 0 or (quota_unit_id is not None and left[quota_unit_id] <= 0)
        whole -= 1
        if quota_unit_id is not None:
            left[quota_unit_id] -= 1


def _seat(row: SheetRow, person: Any, unit: UnitName) -> dict[str, Any]:
    return {
        "person_id": person.id,
        "unit_id": unit.id,
        "role": DelegateRole.DELEGATE,
        "full_name": person.full_name,
        "post": row.values.get("post", ""),
        "note": row.values.get("note", ""),
        "sort_key": person.sort_key,
        "unit_sort_key": unit.sort_key,
        "search": service.search_text(person.full_name, unit.name, unit.short_name, person.phone or ""),
    }


def _insert_people(rows: Sequence[SheetRow]) -> None:
    """New people with their posts; each row learns its person's id."""
    if not rows:
        return
    ids = session().scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True), [_person(row.values) for row in rows]
    )
    for row, person_id in zip(rows, ids, strict=True):
        row.person_id = person_id
        row.created = ["person"]
    posts = [
        {"person_id": row.person_id, "unit_id": row.values["unit_id"], "name": row.values["post"]}
        for row in rows
        if row.values.get("post")
    ]
    if posts:
        session().execute(insert(Post), posts)


def _person(values: Mapping[str, Any]) -> dict[str, Any]:
    name = values["full_name"]
    return {
        "full_name": name,
        "sort_key": text.name_sort_key(name),
        "search": text.fold(name),
        "phone": values.get("phone") or None,
        "email": values.get("email") or None,
    }


def _complete_known(rows: Sequence[SheetRow]) -> None:
    """Note phones and addresses that were not known yet of people who were; each row learns what was added."""
    offered = {row.person_id: row for row in rows if row.values.get("phone") or row.values.get("email")}
    ids = sorted(one for one in offered if one is not None)
    lacking = (Person.phone.is_(None)) | (Person.email.is_(None))
    for chunk in chunks(ids):
        for person in session().scalars(select(Person).where(Person.id.in_(chunk), lacking)):
            row, before = offered[person.id], (person.phone, person.email)
            service.complete(person, row.values.get("phone", ""), row.values.get("email", ""))
            after = (person.phone, person.email)
            added = [name for name, old, new in zip(("phone", "email"), before, after, strict=True) if old != new]
            row.created = [*row.created, *added]
    session().flush()


def _new_tickets(number: int) -> list[str]:
    """As many tickets that no badge bears yet."""
    drawn: set[str] = set()
    while len(drawn) < number:
        fresh = {tickets.draw() for _ in range(min(_AT_ONCE, number - len(drawn)))} - drawn
        drawn |= fresh - set(session().scalars(select(Delegate.ticket).where(Delegate.ticket.in_(fresh))))
    return list(drawn)
