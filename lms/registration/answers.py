"""Answers to invitations: accepted, declined, someone else named; until the deadline they may be changed."""

from contextlib import suppress
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.mail import OutboxMail
from lms.registration import addresses, ical, invitation_mail, invitations, links, queries, service
from lms.registration.entering import Candidate
from lms.registration.models import Delegate, Invitation, InvitationAnswer

BY_LINK: Final = "Cử người thay khi trả lời lời mời"


class Standing(StrEnum):
    """How an invitation stands when its link is opened."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUBSTITUTED = "substituted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    OVER = "over"


def standing(invitation: Invitation) -> Standing:
    """How it stands; whether it still takes an answer is `may_answer`."""
    delegate, event = invitation.delegate, invitation.delegate.event
    if event.cancelled_at is not None:
        return Standing.CANCELLED
    if clock.today() > event.ends_on:
        return Standing.OVER
    if delegate.withdrawn_at is None:
        return Standing.ACCEPTED if invitation.answer == InvitationAnswer.ACCEPTED else Standing.OPEN
    if queries.substitute_of(delegate) is not None:
        return Standing.SUBSTITUTED
    return Standing.DECLINED if invitation.answer == InvitationAnswer.DECLINED else Standing.WITHDRAWN


def may_answer(invitation: Invitation) -> bool:
    """Whether the link takes an answer, a first one or another."""
    answerable = standing(invitation) in {Standing.OPEN, Standing.ACCEPTED, Standing.DECLINED}
    return answerable and clock.today() <= links.last_day(invitation)


def open_link(delegate: Delegate) -> str | None:
    """The token of a link that still waits for an answer, for the delegate who is signed in."""
    invitation = session().get(Invitation, delegate.id)
    if invitation is None or invitation.answer is not None or not may_answer(invitation):
        return None
    recipient = addresses.recipient_of(delegate)
    token = links.token_of(delegate, recipient) if recipient else ""
    return token if links.digest_of(token) == invitation.link else None


def accept(invitation: Invitation) -> None:
    """Accept; after declining the seat is taken again if it is still free. Twice is once.

    Raises RuleBroken: closed, or the seat has gone to someone else ("seat-gone").
    """
    _open(invitation)
    delegate = invitation.delegate
    if standing(invitation) == Standing.ACCEPTED:
        return
    if delegate.withdrawn_at is not None:
        try:
            service.put_back(delegate, None)
        except RuleBroken as refusal:
            message = N_("Chỗ đã trả lại nay có người khác nhận. Hãy gọi ban tổ chức nếu vẫn muốn dự.")
            raise RuleBroken(message, code="seat-gone") from refusal
    _note(invitation, InvitationAnswer.ACCEPTED, "")
    recipient = addresses.recipient_of(delegate)
    if recipient is not None:
        if invitation.calendar_revision:
            invitation.calendar_revision += 1  # above the SEQUENCE with which it was taken away
        calendar = invitation_mail.calendar_for(delegate, recipient, accepted=True)
        invitation_mail.send(invitation, recipient, "answered", _subject(invitation), calendar=calendar)


def decline(invitation: Invitation, reason: str) -> None:
    """Decline with a reason; the seat is free at once. Twice is once. Raises RuleBroken: closed, no reason."""
    _open(invitation)
    if standing(invitation) == Standing.DECLINED:
        return
    reason = text.tidy(reason)
    service.withdraw(invitation.delegate, None, reason)
    _note(invitation, InvitationAnswer.DECLINED, reason)
    _send_away(invitation)


def substitute(invitation: Invitation, candidate: Candidate) -> Delegate:
    """Name someone of the same unit in one's place and invite them where there is an address. Twice is once.

    Raises RuleBroken: closed, declined before, or someone who is on the list.
    """
    delegate = invitation.delegate
    named = queries.substitute_of(delegate)
    if named is not None and text.fold(named.full_name) == text.fold(candidate.full_name):
        return named
    _open(invitation)
    named = service.substitute(delegate, candidate, None, BY_LINK)
    _note(invitation, InvitationAnswer.SUBSTITUTED, named.full_name)
    _send_away(invitation, substitute=named)
    with suppress(RuleBroken), session().begin_nested():  # without an address the organizers see them as not invited
        invitations.invite(named, None)
    return named


def _open(invitation: Invitation) -> None:
    """Let one answer at a time be given, and only while the link takes answers."""
    session().get_one(Invitation, invitation.delegate_id, with_for_update=True, populate_existing=True)
    session().refresh(invitation.delegate, ["withdrawn_at"])
    if not may_answer(invitation):
        raise RuleBroken("Lời mời này không nhận trả lời nữa. Hãy gọi ban tổ chức.", code="closed")


def _note(invitation: Invitation, answer: InvitationAnswer, reason: str) -> None:
    invitation.answer, invitation.reason, invitation.answered_at = answer, reason, clock.now()
    session().flush()
    audit.record(f"invitation.{answer}", f"delegate:{invitation.delegate_id}", actor_id=None, reason=reason)


def _send_away(invitation: Invitation, **values: Any) -> None:
    """Tell whoever does not come that this is noted, and take the entries out of their calendar."""
    delegate = invitation.delegate
    recipient = addresses.recipient_of(delegate)
    if recipient is None:
        return
    held = None
    if invitation.calendar_sequence is not None:
        held = session().scalar(select(OutboxMail.calendar).where(OutboxMail.id == invitation.mail_id))
    calendar = None
    if held:
        invitation.calendar_revision += 1
        calendar = ical.cancelled(held, delegate.event.calendar_sequence + invitation.calendar_revision)
    invitation_mail.send(invitation, recipient, "answered", _subject(invitation), calendar=calendar, **values)


def _subject(invitation: Invitation) -> str:
    event = invitation.delegate.event
    return f"[Đã ghi nhận] {event.title}, {clock.short_day(event.starts_on)}"
