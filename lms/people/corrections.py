"""What was corrected of a person, field by field with the old and the new value: as the record of acts keeps it.

Values stand in the entries of `person.correct` and of the posts; erasing a person takes them out again (`forget`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_
from lms.people.models import DataRequest, Person
from lms.units import queries as units

FIELDS: Final[dict[str, str]] = {
    "full_name": N_("Họ và tên"),
    "title": N_("Học hàm, học vị, cấp bậc"),
    "email": N_("Thư điện tử"),
    "phone": N_("Điện thoại"),
    "name": N_("Chức vụ"),
    "name_en": N_("Chức vụ, tiếng Anh"),
    "unit": N_("Đơn vị"),
    "from_on": N_("Giữ chức vụ từ ngày"),
    "to_on": N_("Giữ chức vụ đến trước ngày"),
    "rank": N_("Thứ tự in"),
    "private": N_("Thông tin riêng"),
}
"""What is corrected, in words."""

CORRECTIONS: Final = ("person.correct", "post.add", "post.correct", "post.end")
SEALED: Final = ("private.record", "private.forget")
"""Acts on private details: that they changed is told, what they are is not."""
ANSWERED: Final = "data-request.answer"


@dataclass(frozen=True)
class Change:
    """A field of `FIELDS`, what stood there and what stands there now; None: nothing, or private."""

    field: str
    old: str | None = None
    new: str | None = None


def since(person: Person, moment: datetime) -> list[Change]:
    """What was changed since a moment: the first old value and the last new one of each field that differs."""
    found: dict[tuple[int, str], Change] = {}
    for entry in _entries([person.id], (*CORRECTIONS, *SEALED), moment):
        if entry.verb in SEALED:
            found[0, "private"] = Change("private")
        post = entry.detail.get("post", 0)
        for one in _changes(entry.detail):
            first = found.get((post, one.field))
            found[post, one.field] = Change(one.field, first.old if first else one.old, one.new)
    return [one for one in found.values() if one.field == "private" or one.old != one.new]


def told(request: DataRequest) -> list[Change]:
    """What the answer to a request told as changed."""
    for entry in _entries([request.person_id], (ANSWERED,), request.asked_at):
        if entry.detail.get("request") == request.id:
            return [Change(**one) for one in entry.detail.get("changes", ())]
    return []


def as_detail(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as the record of an answer keeps them."""
    return [asdict(one) for one in changes]


def written(person_ids: Sequence[int]) -> Iterator[tuple[AuditEntry, list[Change]]]:
    """The entries that hold values of these people, each with its changes."""
    for entry in _entries(person_ids, (*CORRECTIONS, ANSWERED), None):
        changes = [Change(**one) for one in entry.detail.get("changes", ())] or list(_changes(entry.detail))
        if changes:
            yield entry, changes


def forget(person_ids: Sequence[int]) -> None:
    """Take the old and new values out of the record; that something was corrected, when and by whom stays."""
    for entry, _changes_of in list(written(person_ids)):
        entry.detail = {key: kept for key, kept in entry.detail.items() if key not in {"before", "after", "changes"}}
    session().flush()


def _entries(person_ids: Sequence[int], verbs: Sequence[str], moment: datetime | None) -> list[AuditEntry]:
    subjects = [f"person:{person_id}" for person_id in person_ids]
    statement = select(AuditEntry).where(AuditEntry.subject.in_(subjects), AuditEntry.verb.in_(verbs))
    if moment is not None:
        statement = statement.where(AuditEntry.at >= moment)
    return list(session().scalars(statement.order_by(AuditEntry.id)))


def _changes(detail: dict[str, Any]) -> Iterator[Change]:
    """A post that is entered counts its name, unit and days as new, not its place in print."""
    before, after = detail.get("before") or {}, detail.get("after") or {}
    for field, value in after.items():
        if field in FIELDS and (field in before or (value is not None and field != "rank")):
            yield Change(field, _words(field, before.get(field)), _words(field, value))


def _words(field: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if field == "unit":
        unit = units.find(value)
        return unit.name if unit is not None else str(value)
    return clock.short_day(date.fromisoformat(value)) if field in {"from_on", "to_on"} else str(value)
