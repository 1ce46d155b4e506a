"""Asking for a seat, by oneself through the event's link or through one's unit, and the answers."""

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, SelfRegistration
from lms.registration import entering, notices, policy, queries, seating, waiting
from lms.registration.entering import Candidate
from lms.registration.models import Application, ApplicationState

OPEN = (ApplicationState.REQUESTED, ApplicationState.WAITING)
"""States of an application that may still come to a seat."""


def ask(event: Event, candidate: Candidate, actor: Account | None = None, *, by_unit: bool = False) -> Application:
    """Ask for a seat. Where one is free it is given at once, else the application waits; with approval it is requested.

    The same asking sent twice is one. A claim costs the same however many are registered. Raises RuleBroken: not open,
    on the list already ("known"), or the address is another registration's ("email-taken").
    """
    return find_asked(event, candidate, by_unit=by_unit) or ask_anew(event, candidate, actor, by_unit=by_unit)


def find_asked(event: Event, candidate: Candidate, *, by_unit: bool = False) -> Application | None:
    """The application of the same person that still stands; the event is locked from then on. Raises as `ask` does."""
    _refuse_closed(event, by_unit=by_unit)
    seating.lock(event)
    return _same(event, candidate)


def ask_anew(event: Event, candidate: Candidate, actor: Account | None = None, *, by_unit: bool = False) -> Application:
    """Ask for someone of whom `find_asked` has just found nothing. Raises RuleBroken: on the list already ("known")."""
    _refuse_listed(event, candidate)
    approval = not by_unit and event.self_registration == SelfRegistration.APPROVAL
    application = Application(
        event=event,
        unit=candidate.unit,
        quota_unit_id=seating.covering_quota(event.id, candidate.unit),
        point=candidate.point,
        state=ApplicationState.REQUESTED if approval else ApplicationState.WAITING,
        full_name=candidate.full_name,
        post=candidate.post,
        phone=candidate.phone,
        email=candidate.email,
        note=candidate.note,
        asked_by_id=actor.id if actor is not None else None,
    )
    session().add(application)
    session().flush()
    audit.record("application.ask", f"application:{application.id}", actor_id=application.asked_by_id)
    if not approval:
        waiting.promote(event, asking=application)
    if not by_unit:
        notices.asked(application)
    return application


def approve(application: Application, actor: Account) -> Application:
    """Let a requested application stand in line; a free seat is given at once. Twice is once."""
    seating.lock(application.event)
    policy.refuse_cancelled(application.event)
    if application.state != ApplicationState.REQUESTED:
        return application
    application.state, application.answered_by_id = ApplicationState.WAITING, actor.id
    session().flush()
    audit.record("application.approve", f"application:{application.id}", actor_id=actor.id)
    waiting.promote(application.event, asking=application)
    notices.asked(application)
    return application


def refuse(application: Application, actor: Account, reason: str) -> None:
    """Answer no, with the reason the person reads. Twice is once."""
    reason = text.tidy(reason)
    if not reason:
        raise RuleBroken(N_("Chưa ghi lý do. Người đăng ký sẽ đọc lý do này."), field="reason", code="reason-missing")
    seating.lock(application.event)
    if application.state not in OPEN:
        return
    application.state, application.answer = ApplicationState.REFUSED, reason
    application.answered_at, application.answered_by_id = clock.now(), actor.id
    session().flush()
    audit.record("application.refuse", f"application:{application.id}", actor_id=actor.id, reason=reason)
    notices.refused(application)


def take_back(application: Application, actor: Account | None = None) -> None:
    """Whoever asked needs no seat any more; one who is seated already withdraws instead. Twice is once."""
    seating.lock(application.event)
    if application.state not in OPEN:
        return
    application.state, application.answered_at = ApplicationState.WITHDRAWN, clock.now()
    session().flush()
    audit.record("application.withdraw", f"application:{application.id}", actor_id=actor.id if actor else None)


def _refuse_closed(event: Event, *, by_unit: bool) -> None:
    policy.refuse_cancelled(event)
    if by_unit and not policy.may_fill(event):
        message = N_("Đã hết hạn gửi danh sách. Hãy liên hệ ban tổ chức.")
        raise RuleBroken(message, code="closed")
    if not by_unit and not policy.may_register(event):
        message = N_("Sự kiện này không nhận tự đăng ký, hoặc đã hết hạn. Hãy liên hệ đầu mối của đơn vị.")
        raise RuleBroken(message, code="closed")


def _same(event: Event, candidate: Candidate) -> Application | None:
    """An application of the same person that still stands, so that a double click asks once."""
    alike = [Application.event_id == event.id, Application.state.in_([*OPEN, ApplicationState.SEATED])]
    if candidate.email:
        alike.append(Application.email == candidate.email)
    else:
        alike += [Application.unit_id == candidate.unit.id, Application.full_name == candidate.full_name]
        alike += [Application.post == candidate.post, Application.phone == candidate.phone]
    for found in session().scalars(select(Application).where(*alike).order_by(Application.id)):
        if found.state == ApplicationState.SEATED and (found.delegate is None or found.delegate.withdrawn_at):
            continue
        if text.fold(found.full_name) != text.fold(candidate.full_name):
            message = N_("Thư điện tử %(email)s đã được người khác dùng để đăng ký sự kiện này.")
            raise RuleBroken(message, field="email", code="email-taken", email=candidate.email)
        return found
    return None


def _refuse_listed(event: Event, candidate: Candidate) -> None:
    person = entering.find_person(candidate)
    delegate = queries.find_delegate(event.id, person.id) if person is not None else None
    if delegate is not None and delegate.withdrawn_at is None:
        message = N_("%(name)s đã có trong danh sách.")
        raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)
