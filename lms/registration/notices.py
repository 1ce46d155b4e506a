"""Mails about seats: to the person and to those who fill their unit's seats; what happened and by which rule."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import current_app, url_for
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock, mail, tokens
from lms.core.db import session
from lms.core.web import whole_address
from lms.events.models import Event
from lms.registration.models import Application, Delegate, FocalPoint, SeatRequest
from lms.registration.printing import english_days, vietnamese_days

APPLICATION: Final = "application"
"""What the token of a personal link is for."""
_LATELY: Final = timedelta(minutes=10)


def own_link(application: Application) -> str:
    """The personal link of whoever asked for a seat."""
    return whole_address("registration.application", application_token=tokens.signed(APPLICATION, application.id))


def own_path(application: Application) -> str:
    """The same page on this site."""
    return url_for("registration.application", application_token=tokens.signed(APPLICATION, application.id))


def asked(application: Application) -> None:
    """To the person: the registration came, and how it stands."""
    _to_person(application, "[Đăng ký]", "registration/mail_asked.txt")


def asked_again(application: Application) -> None:
    """To the person: the personal link once more, unless a mail about the application went out within ten minutes."""
    about, lately = f"application:{application.id}", clock.now() - _LATELY
    sent = select(mail.OutboxMail.id).where(mail.OutboxMail.about == about, mail.OutboxMail.created_at > lately)
    if session().scalar(sent.limit(1)) is None:
        asked(application)


def address_taken(application: Application, full_name: str) -> None:
    """To the address of an application: someone else was to register with it; told at most once in ten minutes."""
    body = _drawn("registration/mail_taken.txt", application.event, application=application, full_name=full_name)
    _once(
        application.email,
        f"[Đăng ký] {application.event.title}: địa chỉ đã dùng",
        body,
        f"event:{application.event_id}",
    )


def listed_already(delegate: Delegate, address: str) -> None:
    """To someone on the list: they were to be registered again; told at most once in ten minutes."""
    body = _drawn("registration/mail_listed.txt", delegate.event, delegate=delegate, link=_event_page(delegate.event))
    subject = f"[Đăng ký] {delegate.event.title}: đã có trong danh sách"
    _once(address, subject, body, f"delegate:{delegate.id}")


def seat_given(application: Application, *, left_over: bool) -> None:
    """To the person and the unit: a seat became free and is theirs, by which rule."""
    _to_person(application, "[Đã có chỗ]", "registration/mail_seat.txt", left_over=left_over)
    subject = f"[Đã có chỗ] {application.full_name}, {application.event.title}"
    body = _drawn("registration/mail_seat_unit.txt", application.event, application=application, left_over=left_over)
    for account in _focal_accounts(application):
        mail.post(account.email, subject[:300], body, about=f"event:{application.event_id}")


def refused(application: Application) -> None:
    """To the person: no seat, with the reason."""
    _to_person(application, "[Trả lời đăng ký]", "registration/mail_refused.txt")


def focal_point_named(focal_point: FocalPoint, token: str | None) -> None:
    """To whoever fills a unit's seats from now on; with a token, where to set a password first."""
    body = _drawn(
        "registration/mail_focal_point.txt",
        focal_point.event,
        focal_point=focal_point,
        page=whole_address("registration.unit", key=focal_point.event.key, unit_key=focal_point.unit.key),
        password_url=whole_address("accounts.password", token=token) if token else None,
    )
    subject = f"[Đầu mối] {focal_point.event.title}"
    mail.post(focal_point.account.email, subject[:300], body, about=f"event:{focal_point.event_id}")


def event_cancelled(event: Event, recipient: str, name: str) -> None:
    """To a focal point, or to someone who waited: the event is off, with the reason."""
    body = _drawn("registration/mail_off.txt", event, name=name)
    mail.post(recipient, f"[Đã hủy] {event.title}"[:300], body, about=f"event:{event.id}")


def request_answered(request: SeatRequest) -> None:
    """To whoever asked for more seats: how many were granted, and why."""
    account = session().get_one(Account, request.asked_by_id)
    body = _drawn(
        "registration/mail_request.txt",
        request.event,
        request=request,
        page=whole_address("registration.unit", key=request.event.key, unit_key=request.unit.key),
    )
    subject = f"[Trả lời xin thêm chỗ] {request.event.title}"
    mail.post(account.email, subject[:300], body, about=f"event:{request.event_id}")


def _once(address: str, subject: str, body: str, about: str) -> None:
    """Send a mail unless the same went there within ten minutes."""
    lately = clock.now() - _LATELY
    same = (mail.OutboxMail.recipient == address, mail.OutboxMail.subject == subject[:300])
    sent = select(mail.OutboxMail.id).where(*same, mail.OutboxMail.created_at > lately)
    if session().scalar(sent.limit(1)) is None:
        mail.post(address, subject[:300], body, about=about)


def _event_page(event: Event) -> str:
    return whole_address("events.show", key=event.key)


def _to_person(application: Application, sign: str, template: str, **values: Any) -> None:
    if not application.email:
        return
    body = _drawn(template, application.event, application=application, link=own_link(application), **values)
    subject = f"{sign} {application.event.title}"
    mail.post(application.email, subject[:300], body, about=f"application:{application.id}")


def _focal_accounts(application: Application) -> Sequence[Account]:
    """Those who fill the seats of the unit whose quota it is."""
    if application.quota_unit_id is None:
        return []
    named = (
        FocalPoint.event_id == application.event_id,
        FocalPoint.unit_id == application.quota_unit_id,
        Account.disabled_at.is_(None),
    )
    statement = select(Account).join(FocalPoint, FocalPoint.account_id == Account.id).where(*named)
    return session().scalars(statement.order_by(Account.id)).all()


def _drawn(template: str, event: Event, **values: Any) -> str:
    days = (event.starts_on, event.ends_on)
    return current_app.jinja_env.get_template(template).render(
        event=event, days=vietnamese_days(*days), days_en=english_days(*days), **values
    )
