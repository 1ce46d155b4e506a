"""What is known of a person beyond name, post and contact: who may see it, recording it for a purpose, looking at it.

Date of birth, number of the identity card and ethnic group (sensitive personal data, Luật 91/2025/QH15) are optional
and sealed at rest. They are shown to holders of `Permission.PRIVATE` on a unit where the person holds a post or is on a
list, one look at a time, and each look is an entry of the audit. They are in no export.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, or_, select

from lms.core import audit, clock, jobs, text
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.people import identity_number
from lms.people.models import Person, Post, PrivateDetails
from lms.units import queries as units
from lms.units.models import Unit

FIELDS: Final[dict[str, str]] = {
    "born": N_("Ngày sinh"),
    "id_number": N_("Số căn cước"),
    "ethnic_group": N_("Dân tộc"),
}
"""The sealed columns and their names on a page."""

JOB: Final = "people.forget-private"

scope_sources: list[Callable[[list[str]], Select[Any]]] = []
"""Functions from unit paths to the ids of people whom a feature knows there (on a list of their events)."""

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"\d{4}")
_OLDEST: Final = 1900


def get_in_scope(person_id: int, paths: list[str]) -> Person:
    """A person whose private details a holder of these unit paths may see; raises NotFound."""
    here = select(Post.person_id).join(Unit).where(units.below(paths))
    reached = [Person.id.in_(one) for one in (here, *(source(paths) for source in scope_sources))]
    statement = select(Person).where(Person.id == person_id)
    person = session().scalar(statement if "" in paths else statement.where(or_(*reached)))
    if person is None:
        raise NotFound
    return person


def find(person_id: int) -> PrivateDetails | None:
    """The private details of a person."""
    return session().get(PrivateDetails, person_id)


def kinds_held(person_id: int) -> list[str]:
    """The names of the columns that hold something; nothing is opened."""
    table = PrivateDetails.__table__
    row = session().execute(
        select(*(table.c[one].is_not(None) for one in FIELDS)).where(table.c.person_id == person_id)
    )
    found = row.one_or_none()
    return [name for name, held in zip(FIELDS, found, strict=True) if held] if found is not None else []


def look(person: Person, actor_id: int) -> PrivateDetails:
    """Open the details and record who looked; raises NotFound where there are none."""
    details = find(person.id)
    if details is None:
        raise NotFound
    audit.record("private.view", f"person:{person.id}", actor_id=actor_id, kinds=kinds_held(person.id))
    return details


def record(
    person: Person,
    *,
    born: str,
    id_number: str,
    ethnic_group: str,
    purpose: str,
    keep_until: date | None,
    actor_id: int | None,
) -> PrivateDetails:
    """Write the details anew; an empty field is forgotten. Raises RuleBroken for what cannot be right."""
    born, purpose = born_text(born), text.tidy(purpose)
    if not purpose:
        raise RuleBroken("Hãy ghi mục đích: không có mục đích thì không được lưu.", field="purpose", code="purpose")
    if not (born or id_number or ethnic_group):
        raise RuleBroken("Chưa điền thông tin nào. Muốn xóa, hãy chọn “Xóa thông tin riêng”.", code="empty")
    if keep_until is not None and keep_until < clock.today():
        raise RuleBroken("Ngày giữ đến đã qua.", field="keep_until", code="keep-until")
    if id_number:
        identity_number.read(id_number, int(born[-4:]) if born else None)
    details = find(person.id) or PrivateDetails(person_id=person.id)
    details.born = born or None
    details.id_number = identity_number.plain(id_number) or None
    details.ethnic_group = text.tidy(ethnic_group) or None
    details.purpose, details.keep_until = purpose, keep_until
    details.recorded_at, details.recorded_by_id = clock.now(), actor_id
    session().add(details)
    session().flush()
    held = [name for name in FIELDS if getattr(details, name)]
    if keep_until is not None:
        day = keep_until + timedelta(days=1)
        key = f"{JOB}:{person.id}:{day.isoformat()}"
        jobs.enqueue(JOB, {"person": person.id}, key=key, run_at=clock.at_local(day, time(1)))
    audit.record("private.record", f"person:{person.id}", actor_id=actor_id, kinds=held, purpose=purpose)
    return details


def forget(person: Person, actor_id: int | None) -> bool:
    """Delete the details; False where there were none."""
    held = kinds_held(person.id)
    session().execute(delete(PrivateDetails).where(PrivateDetails.person_id == person.id))
    session().expire_all()
    if held:
        audit.record("private.forget", f"person:{person.id}", actor_id=actor_id, kinds=held)
    return bool(held)


def expired() -> int:
    """How many people's details are past the day until which they were to be kept."""
    return session().scalar(select(func.count()).where(PrivateDetails.keep_until < clock.today())) or 0


def forget_expired(actor_id: int | None) -> int:
    """Delete the details that are past their day; how many."""
    over = session().scalars(select(PrivateDetails.person_id).where(PrivateDetails.keep_until < clock.today())).all()
    for person_id in over:
        forget(session().get_one(Person, person_id), actor_id)
    return len(over)


def forget_one(job: jobs.Job) -> jobs.Progress:
    """The job that waits for the day after: deletes the details if it is still the day."""
    details = find(job.payload["person"])
    if details is not None and details.keep_until is not None and details.keep_until < clock.today():
        forget(session().get_one(Person, details.person_id), None)
    yield 1, 1


def born_text(written: str) -> str:
    """A date of birth as it is kept: "1985" or "07/08/1985". Raises RuleBroken for no date, or one to come."""
    written = text.tidy(written)
    if not written:
        return ""
    today = clock.today()
    if _YEAR.fullmatch(written):
        if _OLDEST <= int(written) <= today.year:
            return written
    elif found := _DAY.fullmatch(written):
        day, month, year = (int(one) for one in found.groups())
        try:
            born = datetime(year, month, day, tzinfo=clock.VIETNAM).date()
        except ValueError:
            pass
        else:
            if born.year >= _OLDEST and born <= today:
                return f"{born:%d/%m/%Y}"
    raise RuleBroken("Ngày sinh ghi như 07/8/1985, hoặc chỉ năm sinh: 1985.", field="born", code="born")
