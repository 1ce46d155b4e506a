"""Requests of people about their own data: a copy, a correction, erasure; answered within two working days.

The clock is that of Luật 91/2025/QH15 and NĐ 356/2025/NĐ-CP as `docs/concepts.md` tells them: it ends with the second
working day after the day on which the request came.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.people import corrections, privacy, working_days
from lms.people.models import DataRequest, DataRequestKind, Person

WORKING_DAYS: Final = 2
KINDS: Final[dict[str, str]] = {
    DataRequestKind.COPY: N_("Nhận bản sao"),
    DataRequestKind.CORRECTION: N_("Sửa"),
    DataRequestKind.ERASURE: N_("Xóa"),
}
"""What may be asked, in words."""

addresses: list[Callable[[int], str | None]] = []
"""Functions from a person's id to an address a feature knows of them (that of their account)."""


@dataclass(frozen=True)
class Clock:
    """How a request stands: "answered", "late" (by `days` working days), "today" or "open" (`days` left)."""

    state: str
    days: int
    due_on: date


def ask(person: Person, kind: DataRequestKind, words: str, actor_id: int | None) -> DataRequest:
    """Enter a request; the same asked again while it is open is the one that is there.

    Raises RuleBroken: a correction that does not say what is wrong.
    """
    words = words.strip()[:2000]
    if kind == DataRequestKind.CORRECTION and not words:
        raise RuleBroken("Hãy ghi điều cần sửa và sửa thành gì.", field="text", code="text")
    found = session().scalar(
        select(DataRequest).where(
            DataRequest.person_id == person.id,
            DataRequest.kind == kind,
            DataRequest.text == words,
            DataRequest.answered_at.is_(None),
        )
    )
    if found is not None:
        return found
    moment = clock.now()
    request = DataRequest(
        person=person, kind=kind, text=words, asked_at=moment, due_at=working_days.end_of(moment, WORKING_DAYS)
    )
    session().add(request)
    session().flush()
    audit.record("data-request.ask", f"person:{person.id}", actor_id=actor_id, kind=str(kind), request=request.id)
    return request


def answer(request: DataRequest, *, granted: bool, words: str, actor_id: int) -> str | None:
    """Answer a request, erasing what may go where erasure is granted; the address to write to, if one is known.

    With a correction that is granted goes into the record what was changed since it was asked for.

    Raises RuleBroken: it was answered already, a refusal without its reason, or erasing must wait.
    """
    session().refresh(request, with_for_update=True)
    if request.answered_at is not None:
        raise RuleBroken("Đề nghị này đã trả lời.", code="answered")
    words = words.strip()[:2000]
    if not words and (not granted or request.kind == DataRequestKind.CORRECTION):
        raise RuleBroken("Hãy ghi lý do, hoặc điều đã làm.", field="answer", code="answer")
    address = address_of(request.person)
    request.granted, request.answer = granted, text.tidy(words) if "\n" not in words else words
    request.answered_at, request.answered_by_id = clock.now(), actor_id
    session().flush()
    if granted and request.kind == DataRequestKind.ERASURE:
        privacy.erase(request.person, actor_id)
    changes = changed_by(request) if granted else []
    more = {"changes": corrections.as_detail(changes)} if changes else {}
    audit.record(
        corrections.ANSWERED,
        f"person:{request.person_id}",
        actor_id=actor_id,
        request=request.id,
        granted=granted,
        **more,
    )
    return address


def changed_by(request: DataRequest) -> list[corrections.Change]:
    """What has been changed since a correction was asked for; nothing for requests of other kinds."""
    if request.kind != DataRequestKind.CORRECTION:
        return []
    return corrections.since(request.person, request.asked_at)


def address_of(person: Person) -> str | None:
    """Where the person is written to."""
    return next((found for source in addresses if (found := source(person.id))), None) or person.email


def clock_of(request: DataRequest) -> Clock:
    """How the request stands today."""
    due_on, today = clock.local(request.due_at).date(), clock.today()
    if request.answered_at is not None:
        return Clock("answered", 0, due_on)
    if clock.now() > request.due_at:
        return Clock("late", max(1, working_days.between(due_on, today)), due_on)
    return Clock("today" if due_on == today else "open", working_days.between(today, due_on), due_on)


def get(request_id: int) -> DataRequest:
    """A request; raises NotFound."""
    found = session().get(DataRequest, request_id)
    if found is None:
        raise NotFound
    return found


def listed(*, answered: bool) -> Select[DataRequest]:
    """Open requests, the most urgent first; or those answered, the latest first."""
    statement = select(DataRequest).options(joinedload(DataRequest.person, innerjoin=True))
    if answered:
        return statement.where(DataRequest.answered_at.is_not(None)).order_by(DataRequest.answered_at.desc())
    return statement.where(DataRequest.answered_at.is_(None)).order_by(DataRequest.due_at, DataRequest.id)


def of_person(person: Person) -> list[DataRequest]:
    """All requests of a person, the latest first."""
    statement = select(DataRequest).where(DataRequest.person_id == person.id).order_by(DataRequest.id.desc())
    return list(session().scalars(statement))


def most_urgent() -> Clock | None:
    """How the open request that is due first stands; None where none is open."""
    found = session().scalar(listed(answered=False).limit(1))
    return clock_of(found) if found is not None else None


def count_open() -> tuple[int, int]:
    """(open requests, those of them that are late)."""
    open_ones = select(func.count()).where(DataRequest.answered_at.is_(None))
    late = open_ones.where(DataRequest.due_at < clock.now())
    return session().scalar(open_ones) or 0, session().scalar(late) or 0
