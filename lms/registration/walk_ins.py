"""Whoever came without being on the list: put on it at the door, under the ticket their device drew for them."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, Point
from lms.registration import queries, service, tickets
from lms.registration.entering import Candidate, find_person
from lms.registration.models import Delegate
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

    Someone known who stands on the list keeps their own ticket; someone who withdrew is put back. A seat beyond the
    quota is given with the reason. Raises RuleBroken: no such unit ("bad-unit"), the ticket is no ticket or belongs to
    another event ("bad-ticket").
    """
    code = tickets.normalise(ticket)
    if code is None:
        raise RuleBroken(N_("Mã thẻ chưa đúng dạng."), field="ticket", code="bad-ticket")
    known = session().scalar(select(Delegate).where(Delegate.ticket == code))
    if known is not None:
        if known.event_id != event.id:
            raise RuleBroken(N_("Mã thẻ này của sự kiện khác."), field="ticket", code="bad-ticket")
        return known
    unit = session().get(Unit, unit_id)
    if unit is None or not unit.existed_on(event.starts_on):
        raise RuleBroken(N_("Không có đơn vị này vào ngày diễn ra sự kiện."), field="unit", code="bad-unit")
    candidate = Candidate(full_name, unit, post=post, point=point)
    person = find_person(candidate)
    listed = queries.find_delegate(event.id, person.id) if person is not None else None
    if listed is not None:
        if listed.withdrawn_at is not None:
            service.put_back(listed, actor, REASON)
        return listed
    delegate = service.register(event, candidate, actor, person=person, over_quota_reason=REASON)
    delegate.ticket, delegate.walked_in_at = code, clock.now()
    session().flush()
    audit.record("delegate.walk-in", f"delegate:{delegate.id}", actor_id=audit.id_of(actor))
    return delegate
