"""Asking for a seat, by oneself through the event's link or through one's unit, and the answers."""

from sqlalchemy import ColumnElement, select

from lms.accounts.models import Account
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events.models import Event, SelfRegistration
from lms.registration import addresses, entering, notices, policy, queries, same_person, seating, waiting
from lms.registration.entering import Candidate
from lms.registration.models import Application, ApplicationState, Delegate
from lms.registration.same_person import Said

OPEN = (ApplicationState.REQUESTED, ApplicationState.WAITING)
"""States of an application that may still come to a seat."""


def ask(event: Event, candidate: Candidate, actor: Account | None = None, *, by_unit: bool = False) -> Application:
    """Ask for a seat. Where one is free it is given at once, else the application waits; with approval it is requested.

    The same asking sent twice is one. A claim costs the same however many are registered. Raises RuleBroken: not open,
    on the list already ("known"), or the address is another registration's ("email-taken").
    """
    _refuse_closed(event, by_unit=by_unit)
    seating.lock(event)
    found = _same(event, candidate)
    if found is None:
        _refuse_listed(event, candidate)
    return found or _enter(event, candidate, actor, by_unit=by_unit)


def ask_by_link(event: Event, candidate: Candidate, actor: Account | None = None) -> Application | None:
    """Ask through the event's link, where strangers are answered alike: what stands already is told by mail only.

    Someone on the list is written to at the address that is known of them; where another one was given, or none is
    known, the organizer looks at it. The application of this person, None where their address is another's or they are
    on the list. Raises RuleBroken: not open.
    """
    _refuse_closed(event, by_unit=False)
    seating.lock(event)
    standing = _of_address(event, candidate)
    if standing is not None:
        if not _is_name_of(standing, candidate):
            notices.address_taken(standing, candidate.full_name)
            return None
        notices.asked_again(standing)
        return standing
    listed = _listed(event, candidate)
    if listed is None:
        return _enter(event, candidate, actor, by_unit=False)
    known_address = addresses.recipient_of(listed) or ""
    if known_address:
        notices.listed_already(listed, known_address)
    if known_address.casefold() != candidate.email.casefold():
        _enter(event, candidate, actor, by_unit=False, doubtful=True)
    return None


def approve(application: Application, actor: Account, said: Said | None = None) -> Application:
    """Let a requested application stand in line; a free seat is given at once. Twice is once.

    `said`: whether it is the known person shown beside it. Raises RuleBroken as `same_person.check` does.
    """
    seating.lock(application.event)
    policy.refuse_cancelled(application.event)
    if application.state != ApplicationState.REQUESTED:
        return application
    said = same_person.check(application, said)
    application.state, application.answered_by_id = ApplicationState.WAITING, actor.id
    session().flush()
    detail = said.as_detail() if said is not None else {}
    audit.record(same_person.APPROVED, f"application:{application.id}", actor_id=actor.id, **detail)
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


def _enter(
    event: Event, candidate: Candidate, actor: Account | None, *, by_unit: bool, doubtful: bool = False
) -> Application:
    """Write the asking down; it is given a seat at once unless somebody has to look at it."""
    approval = doubtful or (not by_unit and event.self_registration == SelfRegistration.APPROVAL)
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
    found = _of_address(event, candidate) if candidate.email else _of_nobody_s_address(event, candidate)
    if found is not None and not _is_name_of(found, candidate):
        message = N_("Thư điện tử %(email)s đã được người khác dùng để đăng ký sự kiện này.")
        raise RuleBroken(message, field="email", code="email-taken", email=candidate.email)
    return found


def _of_address(event: Event, candidate: Candidate) -> Application | None:
    """The application from this address that still stands, under whatever name."""
    return _standing(event, Application.email == candidate.email)


def _of_nobody_s_address(event: Event, candidate: Candidate) -> Application | None:
    alike = [Application.unit_id == candidate.unit.id, Application.full_name == candidate.full_name]
    return _standing(event, *alike, Application.post == candidate.post, Application.phone == candidate.phone)


def _standing(event: Event, *alike: ColumnElement[bool]) -> Application | None:
    standing = (Application.event_id == event.id, Application.state.in_([*OPEN, ApplicationState.SEATED]))
    for found in session().scalars(select(Application).where(*standing, *alike).order_by(Application.id)):
        if found.state != ApplicationState.SEATED or (found.delegate is not None and not found.delegate.withdrawn_at):
            return found
    return None


def _is_name_of(application: Application, candidate: Candidate) -> bool:
    return text.fold(application.full_name) == text.fold(candidate.full_name)


def _listed(event: Event, candidate: Candidate) -> Delegate | None:
    """The seat that the person has already."""
    person = entering.find_person(candidate)
    delegate = queries.find_delegate(event.id, person.id) if person is not None else None
    return delegate if delegate is not None and delegate.withdrawn_at is None else None


def _refuse_listed(event: Event, candidate: Candidate) -> None:
    delegate = _listed(event, candidate)
    if delegate is not None:
        message = N_("%(name)s đã có trong danh sách.")
        raise RuleBroken(message, field="full_name", code="known", name=delegate.full_name)
