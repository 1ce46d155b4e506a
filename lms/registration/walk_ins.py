"""Whoever came without being on the list: put on it at the door, under the ticket their device drew for them."""

from collections.abc import Collection

from sqlalchemy import or_, select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Point
from lms.registration import queries, service, tickets
from lms.registration.entering import Candidate, find_person
from lms.registration.models import Delegate, SecondTicket
from lms.units.models import Unit

REASON = N_("Đến trực tiếp tại cửa, không có trong danh sách")


def walk_in(
    event: Event,
    ticket: str,
    full_name: str,
    unit_id: int,
    post: str,
    actor: Account | None,
    point: Point | None = None,
) -> Delegate:
    """The delegate who walked in under this ticket; the same ticket again is the same person.

    Someone known who is on the list has the ticket as a second one; someone who withdrew is put back, unless somebody
    else was named in their place. A seat beyond the quota is given with the reason. Raises RuleBroken: no such unit
    ("bad-unit"), the ticket is no ticket or belongs to another event ("bad-ticket"), the event was cancelled.
    """
    code = tickets.normalise(ticket)
    if code is None:
        raise RuleBroken(N_("Mã thẻ chưa đúng dạng."), field="ticket", code="bad-ticket")
    known = _holder(code)
    if known is not None:
        if known.event_id != event.id:
            raise RuleBroken(N_("Mã thẻ này của sự kiện khác."), field="ticket", code="bad-ticket")
        return known
    unit = session().get(Unit, unit_id)
    if unit is None or not unit.existed_on(event.starts_on):
        raise RuleBroken(N_("Không có đơn vị này vào ngày diễn ra sự kiện."), field="unit", code="bad-unit")
    service.lock(event)
    candidate = Candidate(full_name, unit, post=post, point=point)
    person = find_person(candidate)
    listed = queries.find_delegate(event.id, person.id) if person is not None else None
    if listed is not None:
        _come(listed, code, actor)
        return listed
    delegate = service.register(event, candidate, actor, person=person, over_quota_reason=REASON)
    delegate.ticket, delegate.walked_in_at = code, clock.now()
    session().flush()
    audit.record("delegate.walk-in", f"delegate:{delegate.id}", actor_id=audit.id_of(actor))
    return delegate


def holders(event_id: int, written: Collection[str]) -> dict[str, int]:
    """The delegates of these second tickets, by ticket."""
    rows = session().execute(
        select(SecondTicket.ticket, Delegate.id, Delegate.event_id)
        .join(Delegate, Delegate.id == SecondTicket.delegate_id)
        .where(SecondTicket.ticket.in_(written))
    )
    return {ticket: delegate_id for ticket, delegate_id, of_event in rows if of_event == event_id}


def _holder(code: str) -> Delegate | None:
    second = select(SecondTicket.delegate_id).where(SecondTicket.ticket == code)
    return session().scalar(select(Delegate).where(or_(Delegate.ticket == code, Delegate.id.in_(second))))


def _come(listed: Delegate, code: str, actor: Account | None) -> None:
    """Someone on the list came under a ticket that a device drew for them.

    Of the tickets that devices drew for one person the least is the first, so that it does not depend on which device
    came home first.
    """
    if listed.walked_in_at is not None and code < listed.ticket:
        code, listed.ticket = listed.ticket, code
        session().flush()
    session().add(SecondTicket(ticket=code, delegate_id=listed.id))
    session().flush()
    named = queries.substitute_of(listed)
    if listed.withdrawn_at is not None and (named is None or named.withdrawn_at is not None):
        service.put_back(listed, actor, REASON)
