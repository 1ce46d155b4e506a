"""Who fills a unit's seats at an event (đầu mối), and a unit's asking for more of them."""

from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events import arrangements
from lms.events.models import Event, Quota
from lms.registration import notices, policy
from lms.registration.applications import OPEN
from lms.registration.models import Application, FocalPoint, SeatRequest
from lms.units.models import Unit

MOST_ASKED = 1000


def name(event: Event, unit: Unit, full_name: str, email: str, actor: Account) -> FocalPoint:
    """Let someone fill the unit's seats; they get a mail, and an account where they have none. Twice is once.

    Raises RuleBroken: the unit has no quota ("no-quota").
    """
    policy.refuse_cancelled(event)
    if session().get(Quota, (event.id, unit.id)) is None:
        message = N_("%(unit)s chưa có chỉ tiêu ở sự kiện này. Hãy giao chỉ tiêu trước.")
        raise RuleBroken(message, field="unit", code="no-quota", unit=unit.name)
    account = accounts.account_of(full_name, email, unit)
    found = session().get(FocalPoint, (event.id, unit.id, account.id))
    if found is not None:
        return found
    named = FocalPoint(event=event, unit=unit, account=account)
    session().add(named)
    session().flush()
    if event.published_at is not None:
        _write_to(named)
    audit.record("focal-point.name", f"event:{event.id}", actor_id=actor.id, unit=unit.id, account=account.id)
    return named


def published(event: Event) -> None:
    """The event is public: whoever was named while it was a draft gets their mail."""
    for one in session().scalars(select(FocalPoint).where(FocalPoint.event_id == event.id)):
        _write_to(one)


def cancelled(event: Event, actor: Account) -> None:
    """The event is off: the units' focal points and whoever asked for a seat are told."""
    for one in session().scalars(select(FocalPoint).where(FocalPoint.event_id == event.id)):
        notices.event_cancelled(event, one.account.email, one.account.name)
    open_ones = (Application.event_id == event.id, Application.state.in_(OPEN), Application.email != "")
    for asked in session().scalars(select(Application).where(*open_ones)):
        notices.event_cancelled(event, asked.email, asked.full_name)


def _write_to(named: FocalPoint) -> None:
    account = named.account
    notices.focal_point_named(named, accounts.first_token(account))


def remove(focal_point: FocalPoint, actor: Account) -> None:
    """Take the unit's page away from someone; what they did stays."""
    detail = {"unit": focal_point.unit_id, "account": focal_point.account_id}
    audit.record("focal-point.remove", f"event:{focal_point.event_id}", actor_id=actor.id, **detail)
    session().delete(focal_point)
    session().flush()


def copy_from(event: Event, earlier: Event, actor: Account) -> int:
    """Name for this event whoever served the same units at an earlier one; how many were named."""
    with_quota = select(Quota.unit_id).where(Quota.event_id == event.id)
    served = select(FocalPoint).where(FocalPoint.event_id == earlier.id, FocalPoint.unit_id.in_(with_quota))
    there = set(
        session().execute(select(FocalPoint.unit_id, FocalPoint.account_id).where(FocalPoint.event_id == event.id))
    )
    fresh = [one for one in session().scalars(served) if (one.unit_id, one.account_id) not in map(tuple, there)]
    for one in fresh:
        name(event, one.unit, one.account.name, one.account.email, actor)
    return len(fresh)


def ask_for_seats(event: Event, unit: Unit, seats: int, reason: str, actor: Account) -> SeatRequest:
    """Ask the organizer for more seats; an open request of the same unit is changed, not doubled."""
    policy.refuse_cancelled(event)
    reason = text.tidy(reason)
    if not 0 < seats <= MOST_ASKED:
        raise RuleBroken(N_("Số chỗ xin thêm phải từ 1 đến %(most)d."), field="seats", code="seats", most=MOST_ASKED)
    request = session().scalar(
        select(SeatRequest).where(
            SeatRequest.event_id == event.id, SeatRequest.unit_id == unit.id, SeatRequest.answered_at.is_(None)
        )
    )
    if request is None:
        request = SeatRequest(event=event, unit=unit, seats=seats, reason=reason, asked_by_id=actor.id)
        session().add(request)
    request.seats, request.reason, request.asked_by_id, request.asked_at = seats, reason, actor.id, clock.now()
    session().flush()
    audit.record("seats.ask", f"event:{event.id}", actor_id=actor.id, unit=unit.id, seats=seats, reason=reason)
    return request


def answer_request(request: SeatRequest, granted: int, answer: str, actor: Account) -> None:
    """Grant some of the seats asked for, or none, with a word; the quota grows by them. Twice is once."""
    if request.answered_at is not None:
        return
    answer = text.tidy(answer)
    if not 0 <= granted <= request.seats:
        message = N_("Đơn vị xin %(asked)d chỗ; chỉ giao được từ 0 đến %(asked)d.")
        raise RuleBroken(message, field="granted", code="seats", asked=request.seats)
    if granted == 0 and not answer:
        message = N_("Chưa ghi lý do. Đơn vị sẽ đọc lý do này.")
        raise RuleBroken(message, field="answer", code="reason-missing")
    request.granted, request.answer = granted, answer
    request.answered_at, request.answered_by_id = clock.now(), actor.id
    session().flush()
    if granted:
        quota = session().get(Quota, (request.event_id, request.unit_id))
        seats = granted + (quota.seats if quota is not None else 0)
        arrangements.add_quotas(actor, request.event, [request.unit], seats)
    detail = {"unit": request.unit_id, "granted": granted, "answer": answer}
    audit.record("seats.answer", f"event:{request.event_id}", actor_id=actor.id, **detail)
    notices.request_answered(request)
