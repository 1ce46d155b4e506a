"""Putting people on an event's list, changing what stands there, withdrawing them and putting them back."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Point
from lms.people import service as people
from lms.people.models import Person
from lms.registration import addresses, choosing, policy, queries, seating, waiting
from lms.registration.entering import Candidate, complete, enter, find_person, new_ticket, search_text
from lms.registration.models import Application, Delegate, DelegateRole
from lms.registration.seating import Shortage, lock
from lms.units.models import Unit

__all__ = [
    "Candidate",
    "change",
    "complete",
    "correct",
    "follow_person",
    "get_unit",
    "lock",
    "new_ticket",
    "put_back",
    "register",
    "search_text",
    "seats_changed",
    "substitute",
    "withdraw",
]


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
    person = person or find_person(candidate)
    if person is not None:
        _refuse_known(queries.find_delegate(event.id, person.id))
    reason = text.tidy(over_quota_reason)
    quota_unit_id, beyond = None, False
    if candidate.role == seating.SEATED:
        quota_unit_id = seating.covering_quota(event.id, candidate.unit)
        beyond = _check_seat(event, candidate.unit, quota_unit_id, candidate.point, reason)
    delegate = enter(event, candidate, person, quota_unit_id)
    delegate.over_quota_reason = reason if beyond else None
    session().flush()
    detail = {"over_quota": reason} if beyond else {}
    audit.record("delegate.register", f"delegate:{delegate.id}", actor_id=audit.id_of(actor), **detail)
    return delegate


def change(delegate: Delegate, actor: Account, *, over_quota_reason: str = "", **new: Any) -> None:
    """Change post, role, point, note, phone or email of a delegate; what changed is kept in the history.

    Raises RuleBroken: no seat left there and no reason given ("over-quota"), or an address that signs in.
    """
    policy.refuse_cancelled(delegate.event)
    before = _facts(delegate)
    if new.get("email", before["email"]) != before["email"]:
        addresses.refuse_account(delegate.person)
    moved, leave = any(name in new and new[name] != getattr(delegate, name) for name in ("role", "point_id")), {}
    if moved:
        role, point_id = new.get("role", delegate.role), new.get("point_id", delegate.point_id)
        leave = _move_seat(delegate, role, point_id, delegate.unit, over_quota_reason)
    for name in ("post", "note"):
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
        audit.record("delegate.change", f"delegate:{delegate.id}", actor_id=actor.id, changed=changed, **leave)


def correct(delegate: Delegate, actor: Account, full_name: str, unit: Unit, over_quota_reason: str = "") -> None:
    """Put right a name written wrongly or a unit taken for another; who comes instead of them is a substitute.

    Raises RuleBroken: the name of someone whose account is in use ("has-account"), or no seat there and no reason given
    ("over-quota").
    """
    policy.refuse_cancelled(delegate.event)
    changed, leave = {}, dict[str, str]()
    if full_name != delegate.full_name:
        addresses.refuse_renaming(delegate.person)
        changed["full_name"] = [delegate.full_name, full_name]
        person = delegate.person
        people.correct(
            person,
            full_name=full_name,
            title=person.title,
            email=person.email,
            phone=person.phone,
            actor_id=actor.id,
        )
    if unit.id != delegate.unit_id:
        changed["unit"] = [delegate.unit.name, unit.name]
        leave = _move_seat(delegate, delegate.role, delegate.point_id, unit, over_quota_reason)
        follow_person(delegate.person)
    session().flush()
    if changed:
        audit.record("delegate.change", f"delegate:{delegate.id}", actor_id=actor.id, changed=changed, **leave)


def withdraw(delegate: Delegate, actor: Account | None, reason: str) -> list[Application]:
    """Take someone off the list; the row, its ticket and its history stay. Twice is once. Who got the seat, if anyone.

    Raises RuleBroken: no reason given.
    """
    policy.refuse_cancelled(delegate.event)
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken("Chưa ghi lý do rút. Hãy ghi ngắn gọn.", field="reason", code="reason-missing")
    if delegate.withdrawn_at is not None:
        return []
    lock(delegate.event)
    delegate.withdrawn_at, delegate.withdraw_reason = clock.now(), reason
    session().flush()
    audit.record("delegate.withdraw", f"delegate:{delegate.id}", actor_id=audit.id_of(actor), reason=reason)
    if delegate.role != seating.SEATED:
        return []
    seating.take(delegate.event, (delegate.quota_unit_id, delegate.point_id), -1)
    return waiting.promote(delegate.event)


def put_back(delegate: Delegate, actor: Account | None, over_quota_reason: str = "") -> None:
    """Put someone who withdrew back on the list, if their unit has a seat or a reason is given. Twice is once.

    Raises RuleBroken: no seat ("over-quota"), or someone was named in their place ("substituted").
    """
    policy.refuse_cancelled(delegate.event)
    if delegate.withdrawn_at is None:
        return
    lock(delegate.event)
    _refuse_substituted(delegate)
    reason, beyond = text.tidy(over_quota_reason), False
    if delegate.role == seating.SEATED:
        delegate.quota_unit_id = seating.covering_quota(delegate.event_id, delegate.unit)
        beyond = _check_seat(delegate.event, delegate.unit, delegate.quota_unit_id, delegate.point, reason)
        seating.take(delegate.event, (delegate.quota_unit_id, delegate.point_id))
    delegate.over_quota_reason = reason if beyond else None
    delegate.withdrawn_at = delegate.withdraw_reason = None
    session().flush()
    detail = {"over_quota": reason} if beyond else {}
    audit.record("delegate.restore", f"delegate:{delegate.id}", actor_id=audit.id_of(actor), **detail)


def substitute(delegate: Delegate, candidate: Candidate, actor: Account | None, reason: str) -> Delegate:
    """Name someone else in a delegate's place: the seat stays the unit's, both rows and the reason are kept.

    The substitute of the same delegate named twice is one. Raises RuleBroken: withdrawn before ("withdrawn"), another
    substitute already named ("substituted"), or someone who is on the list ("known").
    """
    policy.refuse_cancelled(delegate.event)
    event, reason = delegate.event, text.tidy(reason)
    lock(event)
    person = find_person(candidate)
    if delegate.withdrawn_at is not None:
        named = queries.substitute_of(delegate)
        if named is not None and text.fold(named.full_name) == text.fold(candidate.full_name):
            return named
        _refuse_substituted(delegate)
        message = N_("%(name)s đã rút khỏi danh sách nên không cử người thay được.")
        raise RuleBroken(message, field="full_name", code="withdrawn", name=delegate.full_name)
    if person is not None:
        _refuse_known(queries.find_delegate(event.id, person.id))
    delegate.withdrawn_at, delegate.withdraw_reason = clock.now(), reason or "Cử người thay"
    session().flush()
    place = (delegate.quota_unit_id, delegate.point_id)
    if delegate.role == seating.SEATED:
        seating.take(event, place, -1)
    seat = replace(candidate, role=delegate.role, point=delegate.point)
    named = enter(event, seat, person, delegate.quota_unit_id)
    named.replaces, named.over_quota_reason = delegate, delegate.over_quota_reason
    session().flush()
    actor_id = audit.id_of(actor)
    audit.record("delegate.substitute", f"delegate:{delegate.id}", actor_id=actor_id, by=named.id, reason=reason)
    audit.record("delegate.register", f"delegate:{named.id}", actor_id=actor_id, in_place_of=delegate.id)
    return named


def seats_changed(event: Event) -> list[Application]:
    """Quotas, points or seats of the event changed: count anew, and give what became free to whoever waits."""
    lock(event)
    seating.recount(event)
    return waiting.promote(event) if event.state == "published" else []


def follow_person(person: Person) -> None:
    """Carry a person's name, sort key and phone over to their rows on every list."""
    for delegate in session().scalars(select(Delegate).where(Delegate.person_id == person.id)):
        delegate.full_name, delegate.sort_key = person.full_name, person.sort_key
        delegate.search = search_text(
            person.full_name, delegate.unit.name, delegate.unit.short_name, person.phone or ""
        )


def get_unit(event: Event, written: str) -> Unit:
    """The unit of the event's first day that is meant; raises RuleBroken on the field "unit"."""
    return choosing.find_unit(event, written) or session().get_one(Unit, choosing.unit_index(event).get(written).id)


def _check_seat(
    event: Event,
    unit: Unit,
    quota_unit_id: int | None,
    point: Point | None,
    reason: str,
    allowed: Collection[Shortage] = (),
) -> bool:
    """Whether the seat is one beyond what there is, for which there must be a reason; not for what is allowed."""
    lacking = seating.shortages(event, unit, quota_unit_id, point.id if point is not None else None)
    lack = next((one for one in lacking if one not in allowed), None)
    if lack is None:
        return False
    if reason:
        return True
    raise RuleBroken(_LACKS[lack.code], field="over_quota", code="over-quota", unit=lack.unit, seats=lack.seats)


_LACKS = {
    "event": N_("Sự kiện đã đủ %(seats)d chỗ. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do."),
    "outside": N_("%(unit)s không có chỉ tiêu ở sự kiện này. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do."),
    "quota": N_("%(unit)s đã dùng hết %(seats)d chỗ. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do."),
    "point": N_("%(unit)s đã đủ %(seats)d chỗ. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do."),
    "point-quota": N_("Đơn vị đã dùng hết %(seats)d chỗ ở %(unit)s. Muốn thêm, hãy chọn “Vượt chỉ tiêu” và ghi lý do."),
}
"""What is said where there is no seat, by the shortage's code."""


def _move_seat(delegate: Delegate, role: str, point_id: int | None, unit: Unit, reason: str) -> dict[str, str]:
    """Give the seat another point or unit, or take one for a role that needs none and the other way round.

    Leave to sit beyond a quota is for that quota: where something else stands in the way it is asked for anew. What the
    history says of a seat given beyond what there is.
    """
    event, reason = delegate.event, text.tidy(reason)
    lock(event)
    allowed: Collection[Shortage] = ()
    if delegate.withdrawn_at is None and delegate.role == seating.SEATED:
        seating.take(event, (delegate.quota_unit_id, delegate.point_id), -1)
        if delegate.over_quota_reason:
            allowed = list(seating.shortages(event, delegate.unit, delegate.quota_unit_id, delegate.point_id))
    quota_unit_id, beyond = seating.covering_quota(event.id, unit) if role == seating.SEATED else None, False
    point = session().get(Point, point_id) if point_id is not None else None
    if delegate.withdrawn_at is None and role == seating.SEATED:
        beyond = _check_seat(event, unit, quota_unit_id, point, reason, allowed)
        seating.take(event, (quota_unit_id, point_id))
    delegate.role, delegate.point_id, delegate.quota_unit_id = DelegateRole(role), point_id, quota_unit_id
    delegate.unit, delegate.unit_sort_key = unit, unit.sort_key
    if beyond:
        delegate.over_quota_reason = reason
    session().flush()
    waiting.promote(event)
    return {"over_quota": reason} if beyond else {}


def _refuse_substituted(delegate: Delegate) -> None:
    named = queries.substitute_of(delegate)
    if named is not None and named.withdrawn_at is None:
        message = N_("%(substitute)s đã được cử thay %(name)s. Muốn đưa trở lại, hãy rút người thay trước.")
        raise RuleBroken(
            message, field="over_quota", code="substituted", name=delegate.full_name, substitute=named.full_name
        )


def _refuse_known(delegate: Delegate | None) -> None:
    if delegate is None:
        return
    if delegate.withdrawn_at is None:
        message = N_("%(name)s đã có trong danh sách.")
        raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)
    message = N_("%(name)s đã rút khỏi danh sách. Hãy đưa trở lại ở trang của đại biểu này.")
    raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)


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
