"""How an event's invitations stand: the numbers, the lists behind them, and each delegate's state."""

from typing import Any, Final

from sqlalchemy import Select, and_, case, func, or_, select

from lms.core.db import session
from lms.core.mail import OutboxMail
from lms.core.paging import Page, paginate
from lms.events.models import Event
from lms.people.models import Person
from lms.registration.models import Delegate, Invitation, InvitationAnswer
from lms.registration.reminders import unanswered
from lms.units.models import Unit

_ACTIVE = Delegate.withdrawn_at.is_(None)
_ACCEPTED = and_(_ACTIVE, Invitation.answer == InvitationAnswer.ACCEPTED)
_LEFT = and_(~_ACTIVE, Invitation.answer.in_((InvitationAnswer.DECLINED, InvitationAnswer.SUBSTITUTED)))
_UNINVITED = and_(_ACTIVE, Delegate.invited_at.is_(None))

STATES: Final = {
    "invited": or_(and_(_ACTIVE, Delegate.invited_at.is_not(None)), _LEFT),
    "accepted": _ACCEPTED,
    "declined": and_(~_ACTIVE, Invitation.answer == InvitationAnswer.DECLINED),
    "substituted": and_(~_ACTIVE, Invitation.answer == InvitationAnswer.SUBSTITUTED),
    "unanswered": unanswered(),
    "bounced": and_(_ACTIVE, Invitation.bounced_at.is_not(None), ~func.coalesce(_ACCEPTED, False)),
    "unsent": and_(_UNINVITED, Person.email.is_not(None)),
    "unaddressed": and_(_UNINVITED, Person.email.is_(None)),
}
"""The lists of an event's invitations: conditions on Delegate with Person, left-joined Invitation."""
_OF_ONE: Final = ("accepted", "declined", "substituted", "bounced", "unanswered", "unsent", "unaddressed")
"""What one delegate can be, in the order in which it is asked."""


_COLUMNS: Final[list[Any]] = [
    *(Delegate.id, Delegate.full_name, Delegate.post, Unit.short_name.label("unit"), Person.phone, Person.email),
    *(Delegate.invited_at, Invitation.reminded_at, Invitation.answered_at, Invitation.answer, Invitation.reason),
    *(Invitation.bounced_at, Invitation.bounce, OutboxMail.recipient.label("written_to")),
    case(*((STATES[name], name) for name in _OF_ONE), else_=None).label("state"),
]


def counts(event: Event) -> dict[str, int]:
    """How many are in each of the lists."""
    numbers: list[Any] = [func.count().filter(condition) for condition in STATES.values()]
    statement = select(*numbers).select_from(Delegate).join(Delegate.person)
    row = session().execute(_with_invitation(statement, event)).one()
    return dict(zip(STATES, row, strict=True))


def listed(event: Event, state: str, page: int) -> Page[Any]:
    """A page of one list, by name.

    Rows: id, full_name, post, unit, phone, email, invited_at, reminded_at, answered_at, answer, reason, bounced_at,
    bounce, written_to (the address of the latest mail) and state.
    """
    statement = select(*_COLUMNS).select_from(Delegate).join(Delegate.person).join(Unit, Unit.id == Delegate.unit_id)
    statement = _with_invitation(statement, event).outerjoin(OutboxMail, OutboxMail.id == Invitation.mail_id)
    ordered = statement.where(STATES[state]).order_by(Delegate.sort_key, Delegate.id)
    return paginate(session(), ordered, page, scalars=False)


def answer_states(event: Event) -> dict[int, str]:
    """How each delegate of an event stands, by id, for the delegate list; who withdrew otherwise is left out."""
    columns: list[Any] = [_COLUMNS[0], _COLUMNS[-1]]
    statement = select(*columns).select_from(Delegate).join(Delegate.person)
    rows = session().execute(_with_invitation(statement, event)).all()
    return {delegate_id: state for delegate_id, state in rows if state is not None}


def _with_invitation(statement: Select[Any], event: Event) -> Select[Any]:
    joined = statement.outerjoin(Invitation, Invitation.delegate_id == Delegate.id)
    return joined.where(Delegate.event_id == event.id)
