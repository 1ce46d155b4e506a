"""Putting people on an event's list, changing what stands there, withdrawing them and putting them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Point
from lms.people import service as people
from lms.people.models import Person
from lms.registration import choosing, known, policy, queries, tickets
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


def register(
    event: Event,
    candidate: Candidate,
    actor: Account | None,
    *,
    person: Person | None = None,
    over_quota_reason: str = "",
) -> Delegate:
    """Put someone on the list: the person given, else a known one alike, else a new one with their post.

    Raises RuleBroken: already on the list or withdrawn ("known"), no seat left and no reason given ("over-quota").
    """
    policy.refuse_cancelled(event)
    lock(event)
    if person is None:
        found = known.match_people([candidate.values()])[0]
        person = session().get(Person, found) if found is not None else None
    if person is not None:
        _refuse_known(queries.find_delegate(event.id, person.id))
    reason = text.tidy(over_quota_reason)
    beyond = candidate.role == policy.SEATED and _check_seat(event, candidate.unit, reason)
    person = person or _new_person(candidate)
    complete(person, candidate.phone, candidate.email)
    delegate = _seat(event, person, candidate)
    delegate.over_quota_reason = reason if beyond else None
    session().add(delegate)
    session().flush()
    detail = {"over_quota": reason} if beyond else {}
    audit.record("delegate.register", f"delegate:{delegate.id}", actor_id=_id(actor), **detail)
    return delegate


def change(delegate: Delegate, actor: Account, **new: Any) -> None:
    """Change post, role, point, note, phone or email of a delegate; what changed is kept in the history.

    Raises RuleBroken: no seat left for someone who begins to count ("over-quota"), or an address that signs in.
    """
    policy.refuse_cancelled(delegate.event)
    before = _facts(delegate)
    if "role" in new and new["role"] != delegate.role and new["role"] == policy.SEATED:
        lock(delegate.event)
        _check_seat(delegate.event, delegate.unit, delegate.over_quota_reason or "")
    if new.get("email", before["email"]) != before["email"]:
        _refuse_account(delegate.person)
    for name in ("post", "role", "point_id", "note"):
        if name in new:
            setattr(delegate, name, new[name])
    for name in ("phone", "email"):
        if name in new:
            setattr(delegate.person, name, new[name] or None)
    follow_person(delegate.person)
    session().flush()
    after = _facts(delegate)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed:
        audit.record("delegate.change", f"delegate:{delegate.id}", actor_id=actor.id, changed=changed)


def withdraw(delegate: Delegate, actor: Account | None, reason: str) -> None:
    """Take someone off the list; the row, its ticket and its history stay. Twice is once."""
    policy.refuse_cancelled(delegate.event)
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken("Chưa ghi lý do rút. Hãy ghi ngắn gọn.", field="reason", code="reason-missing")
    if delegate.withdrawn_at is not None:
        return
    delegate.withdrawn_at, delegate.withdraw_reason = clock.now(), reason
    session().flush()
    audit.record("delegate.withdraw", f"delegate:{delegate.id}", actor_id=_id(actor), reason=reason)


def put_back(delegate: Delegate, actor: Account | None, over_quota_reason: str = "") -> None:
    """Put someone who withdrew back on the list, if their unit has a seat or a reason is given. Twice is once."""
    policy.refuse_cancelled(delegate.event)
    if delegate.withdrawn_at is None:
        return
    lock(delegate.event)
    reason = text.tidy(over_quota_reason)
    beyond = delegate.role == policy.SEATED and _check_seat(delegate.event, delegate.unit, reason)
    delegate.over_quota_reason = reason if beyond else None
    delegate.withdrawn_at = delegate.withdraw_reason = None
    session().flush()
    detail = {"over_quota": reason} if beyond else {}
    audit.record("delegate.restore", f"delegate:{delegate.id}", actor_id=_id(actor), **detail)


def follow_person(person: Person) -> None:
    """Carry a person's name, sort key and phone over to their rows on every list."""
    for delegate in session().scalars(select(Delegate).where(Delegate.person_id == person.id)):
        delegate.full_name, delegate.sort_key = person.full_name, person.sort_key
        delegate.search = search_text(
            person.full_name, delegate.unit.name, delegate.unit.short_name, person.phone or ""
        )


def search_text(full_name: str, unit: str, short_name: str, phone: str) -> str:
    """What a delegate is found by."""
    return text.fold(f"{full_name} {unit} {short_name} {phone}")[:900]


def complete(person: Person, phone: str, email: str) -> None:
    """Note a phone or an address that was not known yet; what was known stays."""
    person.phone = person.phone or phone or None
    person.email = person.email or email or None


def lock(event: Event) -> None:
    """Let one transaction at a time count seats of this event (SQLite has one writer anyway)."""
    session().execute(select(Event.id).where(Event.id == event.id).with_for_update())


def get_unit(event: Event, written: str) -> Unit:
    """The unit of the event's first day that is meant; raises RuleBroken on the field "unit"."""
    return session().get_one(Unit, choosing.unit_index(event).get(written).id)


def quota_floor(event: Event) -> Mapping[int, int]:
    """Seats taken, by the unit that has the quota."""
    return {line.unit_id: line.registered for line in queries.quota_picture(event).lines}


def _check_seat(event: Event, unit: Unit, reason: str) -> bool:
    """Whether the seat is one beyond the quota, for which there must be a reason."""
    picture = queries.quota_picture(event)
    if not picture.lines:
        return False
    line = picture.line_of(unit.path)
    if line is not None and line.registered < line.seats:
        return False
    if reason:
        return True
    if line is None:
        message = N_("%(unit)s không có chỉ tiêu ở sự kiện này. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do.")
        raise RuleBroken(message, field="over_quota", code="over-quota", unit=unit.short_name)
    raise RuleBroken(
        "%(unit)s đã dùng hết %(seats)d chỗ. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do.",
        field="over_quota",
        code="over-quota",
        unit=line.unit,
        seats=line.seats,
    )


def _refuse_known(delegate: Delegate | None) -> None:
    if delegate is None:
        return
    if delegate.withdrawn_at is None:
        message = N_("%(name)s đã có trong danh sách.")
        raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)
    message = N_("%(name)s đã rút khỏi danh sách. Hãy đưa trở lại ở trang của đại biểu này.")
    raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)


def _refuse_account(person: Person) -> None:
    if session().scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        message = N_("Người này đã có tài khoản; thư điện tử chỉ đổi được ở trang tài khoản.")
        raise RuleBroken(message, field="email", code="has-account")


def _new_person(candidate: Candidate) -> Person:
    person = people.create(candidate.full_name, email=candidate.email or None, phone=candidate.phone or None)
    if candidate.post:
        people.add_post(person, candidate.unit, candidate.post)
    return person


def _seat(event: Event, person: Person, candidate: Candidate) -> Delegate:
    return Delegate(
        event=event,
        person=person,
        unit=candidate.unit,
        point=candidate.point,
        role=candidate.role,
        full_name=person.full_name,
        post=candidate.post,
        note=candidate.note,
        ticket=new_ticket(),
        sort_key=person.sort_key,
        unit_sort_key=candidate.unit.sort_key,
        search=search_text(person.full_name, candidate.unit.name, candidate.unit.short_name, person.phone or ""),
    )


def new_ticket() -> str:
    """A ticket that no badge bears yet."""
    while True:
        ticket = tickets.draw()
        if session().scalar(select(Delegate.id).where(Delegate.ticket == ticket)) is None:
            return ticket


def _facts(delegate: Delegate) -> dict[str, Any]:
    person = delegate.person
    return {
        "post": delegate.post,
        "role": str(delegate.role),
        "point_id": delegate.point_id,
        "note": delegate.note,
        "phone": person.phone or "",
        "email": person.email or "",
    }


def _id(actor: Account | None) -> int | None:
    return actor.id if actor is not None else None
