"""Personal links of invitations: whose they are, and until when they take an answer.

A link's token is drawn by HMAC from the deployment's secret, the delegate and the address it is mailed to. So a
reminder bears the link of the first mail though only the token's digest is stored, and a link that went to a wrong
address dies when the address is corrected.
"""

import base64
import hashlib
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core import clock, tokens
from lms.core.db import session
from lms.core.errors import NotFound
from lms.events.models import Event
from lms.registration.models import Delegate, Invitation


def token_of(delegate: Delegate, recipient: str) -> str:
    """The token of a delegate's link in mails to this address: 32 letters, digits, - and _."""
    words = f"invitation.{delegate.id}.{recipient.strip().casefold()}"
    return base64.urlsafe_b64encode(tokens.keyed_digest(words)[:24]).decode()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def get_invitation(token: str) -> Invitation:
    """The invitation a link belongs to, with delegate, person, unit and event; raises NotFound."""
    delegate = joinedload(Invitation.delegate)
    found = session().scalar(
        select(Invitation)
        .where(Invitation.link == digest_of(token))
        .options(delegate.joinedload(Delegate.person), delegate.joinedload(Delegate.unit))
        .options(delegate.joinedload(Delegate.point), delegate.joinedload(Delegate.event).joinedload(Event.unit))
    )
    if found is None:
        raise NotFound
    return found


def find_invitation(delegate: Delegate) -> Invitation | None:
    """A delegate's invitation."""
    return session().get(Invitation, delegate.id)


def answer_until(event: Event, sent_on: date) -> date:
    """The last day on which an invitation sent on a day takes an answer.

    The event's deadline; for an invitation sent after it, or where there is none, the eve of the event.
    """
    if event.reply_by is not None and sent_on <= event.reply_by:
        return event.reply_by
    return min(event.starts_on, max(sent_on, event.starts_on - timedelta(days=1)))


def last_day(invitation: Invitation) -> date:
    """The last day on which this invitation takes an answer."""
    return answer_until(invitation.delegate.event, clock.local(invitation.sent_at).date())
