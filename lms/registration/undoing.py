"""Taking a written import back: exactly what it made and nobody has touched since.

What other features know of a delegate or a person is found by the foreign keys of all tables, so that a feature yet to
be written is heard without being named here; words for the reason stand here where a table has some.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, delete, or_, select, update

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.audit import AuditEntry
from lms.core.db import Base, chunks, session
from lms.core.errors import N_, RuleBroken
from lms.people.models import Likeness, Person, Post
from lms.registration import importing, own_rows, policy, service
from lms.registration.models import Delegate, DelegateImport
from lms.registration.rows import SheetRow

_SHOWN: Final = 200

REASONS: Final[dict[str, str]] = {
    "scans": N_("đã điểm danh"),
    "certificates": N_("đã có giấy chứng nhận"),
    "accounts": N_("đã có tài khoản"),
    "invitations": N_("đã gửi lời mời"),
    "invited": N_("đã gửi lời mời"),
    "applications": N_("từ đơn đăng ký"),
    "delegates": N_("có tên trong danh sách khác, hoặc đã cử người thay"),
    "speakers": N_("là báo cáo viên"),
    "enrolments": N_("đã ghi danh khóa học"),
    "attempts": N_("đã làm bài kiểm tra"),
    "private_details": N_("đã có thông tin riêng"),
    "data_requests": N_("có yêu cầu về dữ liệu cá nhân"),
    "merges": N_("đã gộp với người khác"),
    "changed": N_("đã sửa"),
    "withdrawn": N_("đã rút hoặc đã thay"),
    "other": N_("đã có dữ liệu khác trong hệ thống"),
}
"""Why someone stays, by the table that knows them or by what was done."""
_DELEGATES: Final = Base.metadata.tables["delegates"]
_PEOPLE: Final = Base.metadata.tables["people"]
_EVENTS: Final = Base.metadata.tables["events"]
_FREE: Final = frozenset({"likenesses", "people", "posts"})


@dataclass(frozen=True)
class Undone:
    """How many delegates went, and who stays with the codes of `REASONS`."""

    removed: int
    kept: list[dict[str, Any]]


def undo(imported: DelegateImport, actor: Account | None) -> Undone:
    """Remove the delegates an import made, and its new people, whom nobody has touched since. Twice is once.

    Raises RuleBroken: it was never written, or the event is cancelled.
    """
    session().refresh(imported, with_for_update=True)
    if imported.written_at is None:
        raise RuleBroken("Lần nhập này chưa ghi nên không có gì để hoàn tác.", code="import-unwritten")
    if imported.undone_at is not None:
        kept = imported.layout.get("kept", [])
        return Undone(imported.layout.get("removed", 0), kept)
    policy.refuse_cancelled(imported.event)
    service.lock(imported.event)
    if imported.unit_id is not None:
        policy.refuse_over(imported.event)
    read = importing.rows_of(imported)
    seated = own_rows.take_back(read, actor)
    rows = {row.person_id: row for row in read if row.state == "new" and row.person_id}
    delegates = list(session().scalars(select(Delegate).where(Delegate.import_id == imported.id)))
    why = _why_kept(delegates, rows)
    going = [delegate for delegate in delegates if delegate.id not in why]
    kept = [{"delegate": one.id, "full_name": one.full_name, "why": why[one.id]} for one in delegates if one.id in why]
    kept += [
        {"delegate": one.delegate_id, "full_name": one.full_name, "why": ["applications"]}
        for one in seated
        if one.delegate is not None and one.delegate.withdrawn_at is None
    ]
    _remove(going, rows)
    imported.undone_at = clock.now()
    imported.layout = {**imported.layout, "removed": len(going), "kept_count": len(kept), "kept": kept[:_SHOWN]}
    session().flush()
    service.seats_changed(imported.event)
    detail = {"import_id": imported.id, "removed": len(going), "kept": len(kept)}
    audit.record("delegates.import-undo", f"event:{imported.event_id}", actor_id=audit.id_of(actor), **detail)
    return Undone(len(going), kept)


def _why_kept(delegates: Sequence[Delegate], rows: Mapping[int, SheetRow]) -> dict[int, list[str]]:
    """Delegate id → codes of the reasons to keep them; no entry for those nobody has touched."""
    why: dict[int, set[str]] = defaultdict(set)
    by_person = {one.person_id: one.id for one in delegates}
    new = {person_id: one for person_id, one in by_person.items() if _is_new(rows.get(person_id))}
    for table, known in _knowing(_DELEGATES, [one.id for one in delegates], set()).items():
        for delegate_id in known:
            why[delegate_id].add(table if table in REASONS else "other")
    own = {one.id for one in delegates}
    for table, known in _knowing(_PEOPLE, list(new), own).items():
        for person_id in known:
            why[new[person_id]].add(table if table in REASONS else "other")
    for table, known in _at_event(delegates).items():
        for person_id in known:
            why[by_person[person_id]].add(table if table in REASONS else "other")
    for delegate in delegates:
        if delegate.withdrawn_at is not None:
            why[delegate.id].add("withdrawn")
        if delegate.invited_at is not None:
            why[delegate.id].add("invited")
    for person_id in _changed_people(new, rows):
        why[new[person_id]].add("changed")
    subjects = {f"delegate:{one.id}": one.id for one in delegates} | {f"person:{key}": one for key, one in new.items()}
    for subject in _audited(list(subjects)):
        why[subjects[subject]].add("changed")
    return {key: sorted(codes) for key, codes in why.items()}


def _is_new(row: SheetRow | None) -> bool:
    return row is not None and "person" in row.created


def _knowing(target: Table, ids: Sequence[int], own_delegates: set[int]) -> dict[str, set[int]]:
    """Table name → those of the ids that its rows refer to; posts and the import's delegates are looked at apart."""
    found: dict[str, set[int]] = defaultdict(set)
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.references(target.c.id)]
        if table.name in _FREE or not columns:
            continue
        for column in columns:
            for chunk in chunks(ids):
                found[table.name] |= set(session().scalars(_referring(table, column, chunk, own_delegates)))
    return found


def _at_event(delegates: Sequence[Delegate]) -> dict[str, set[int]]:
    """Table name → people of whom its rows say something at this event, such as a certificate."""
    found: dict[str, set[int]] = defaultdict(set)
    for table in Base.metadata.sorted_tables:
        people = [column for column in table.columns if column.references(_PEOPLE.c.id)]
        events = [column for column in table.columns if column.references(_EVENTS.c.id)]
        if table is _DELEGATES or not people or not events:
            continue
        for chunk in chunks(delegates):
            ids, event_id = [one.person_id for one in chunk], chunk[0].event_id
            found[table.name] |= set(
                session().scalars(select(people[0]).where(people[0].in_(ids), events[0] == event_id))
            )
    return found


def _referring(table: Table, column: Column[Any], ids: Sequence[int], own_delegates: set[int]) -> Any:
    statement = select(column).where(column.in_(ids)).distinct()
    if table is _DELEGATES and own_delegates:
        import_of = select(Delegate.import_id).where(Delegate.id == min(own_delegates)).scalar_subquery()
        return statement.where(or_(table.c.import_id.is_(None), table.c.import_id != import_of))
    return statement


def _changed_people(new: Mapping[int, int], rows: Mapping[int, SheetRow]) -> set[int]:
    """People of the import whose name, contacts or posts are no longer what it wrote."""
    changed = set()
    for chunk in chunks(list(new)):
        posts: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for post in session().execute(
            select(Post.person_id, Post.unit_id, Post.name, Post.from_on, Post.to_on).where(Post.person_id.in_(chunk))
        ):
            dated = post.from_on or post.to_on
            posts[post.person_id].append((0 if dated else post.unit_id, post.name))
        for person in session().scalars(select(Person).where(Person.id.in_(chunk))):
            values = rows[person.id].values
            written = (values["full_name"], values.get("phone") or None, values.get("email") or None, None)
            own = [(values["unit_id"], values["post"])] if values.get("post") else []
            now = (person.full_name, person.phone, person.email, person.merged_into_id)
            if now != written or posts[person.id] != own:
                changed.add(person.id)
    return changed


def _audited(subjects: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(subjects):
        found |= set(session().scalars(select(AuditEntry.subject).where(AuditEntry.subject.in_(chunk)).distinct()))
    return found


def _remove(going: Sequence[Delegate], rows: Mapping[int, SheetRow]) -> None:
    """Delete delegates and their new people; take back contacts that were added to known people and still stand."""
    people = [one.person_id for one in going if _is_new(rows.get(one.person_id))]
    completed = [(one.person_id, rows[one.person_id]) for one in going if one.person_id in rows]
    for chunk in chunks([one.id for one in going]):
        session().execute(delete(Delegate).where(Delegate.id.in_(chunk)))
    for chunk in chunks(people):
        session().execute(delete(Likeness).where(or_(Likeness.first_id.in_(chunk), Likeness.second_id.in_(chunk))))
        session().execute(delete(Post).where(Post.person_id.in_(chunk)))
        session().execute(delete(Person).where(Person.id.in_(chunk)))
    for person_id, row in completed:
        for name in ("phone", "email"):
            if name in row.created:
                column = getattr(Person, name)
                session().execute(
                    update(Person).where(Person.id == person_id, column == row.values[name]).values({name: None})
                )
