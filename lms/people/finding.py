"""Looking through the whole register for people who may be one, and keeping the pairs for someone to judge."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import delete, insert, select

from lms.core import clock, jobs, text
from lms.core.db import chunks, session
from lms.people.likeness import Known, pairs
from lms.people.models import Likeness, Person, Post
from lms.units.models import Succession

JOB: Final = "people.duplicates"
BY_HAND: Final = "import"
"""The reason of pairs that a person proposed: they are not taken back when the register is looked through."""


def find_all() -> tuple[int, int]:
    """Look through everyone who is not merged: (pairs found now, pairs that are new).

    Pairs that someone found to be two people stay so. An open pair that is alike no more goes, unless a person
    proposed it.
    """
    found = pairs(_everyone())
    known = {
        (one.first_id, one.second_id): one
        for one in session().execute(
            select(Likeness.first_id, Likeness.second_id, Likeness.reason, Likeness.dismissed_at)
        )
    }
    gone = [key for key, one in known.items() if key not in found and not one.dismissed_at and one.reason != BY_HAND]
    for first, second in gone:
        session().execute(delete(Likeness).where(Likeness.first_id == first, Likeness.second_id == second))
    moment = clock.now()
    new = [
        {"first_id": first, "second_id": second, "reason": why, "found_at": moment}
        for (first, second), why in sorted(found.items())
        if (first, second) not in known
    ]
    for chunk in chunks(new):
        session().execute(insert(Likeness), list(chunk))
    return len(found), len(new)


def look_through(job: jobs.Job) -> jobs.Progress:
    """The job: one look, one transaction."""
    found, new = find_all()
    job.result = {"found": found, "new": new}
    yield found, found


def enqueue(actor_id: int, back: str) -> jobs.Job:
    """Queue a look; one that waits or runs already is given back."""
    waiting = session().scalar(select(jobs.Job).where(jobs.Job.kind == JOB, jobs.Job.finished_at.is_(None)))
    if waiting is not None:
        return waiting
    key = f"{JOB}:{clock.now().isoformat()}"
    return jobs.enqueue(JOB, {"back": back}, key=key, owner_id=actor_id)


def _everyone() -> list[Known]:
    """Everyone who is not merged, with units and posts: three statements."""
    heirs, units, posts = _heirs(), defaultdict(set), defaultdict(set)
    for person_id, unit_id, name in session().execute(select(Post.person_id, Post.unit_id, Post.name)):
        units[person_id].add(unit_id)
        posts[person_id].add((unit_id, text.fold(name)))
    columns = select(Person.id, Person.full_name, Person.phone, Person.email)
    return [
        Known(
            id=row.id,
            full_name=row.full_name,
            phone=row.phone,
            email=row.email,
            units=frozenset(units[row.id]),
            heirs=frozenset(heir for unit in units[row.id] for heir in heirs.get(unit, ())),
            posts=frozenset(posts[row.id]),
        )
        for row in session().execute(columns.where(Person.merged_into_id.is_(None)).order_by(Person.id))
    ]


def _heirs() -> dict[int, set[int]]:
    """Unit id → ids of all the units it became, at once or in the end."""
    next_units: dict[int, set[int]] = defaultdict(set)
    for old, new in session().execute(select(Succession.predecessor_id, Succession.successor_id)):
        next_units[old].add(new)
    found: dict[int, set[int]] = {}
    for unit in next_units:
        reached: set[int] = set()
        waiting: list[Any] = [unit]
        while waiting:
            for heir in next_units.get(waiting.pop(), set()) - reached:
                reached.add(heir)
                waiting.append(heir)
        found[unit] = reached - {unit}
    return found
