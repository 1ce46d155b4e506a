"""On the public page of an event, for someone on its list: what is recorded of them, and whom to ask for leave.

Leave is given by who runs the event (`excuses`); there is no request to send yet, so the page says whom to tell.
"""

from dataclasses import dataclass

from lms.accounts.models import Account
from lms.attendance import outcomes
from lms.attendance.half_days import begins_at, ends_at
from lms.attendance.presence import Outcome, Rule
from lms.attendance.words import half_day_words, state_words, why_not
from lms.core import clock
from lms.core.i18n import _
from lms.events.models import Event, HalfDay
from lms.events.panels import Panel
from lms.registration import invitation_mail
from lms.registration import queries as registration
from lms.registration.models import Delegate, DelegateRole

POSITION = 12
"""Right below the reader's own place on the list."""


@dataclass(frozen=True)
class Recorded:
    """One half-day as its delegate reads it: `kind` of tag, words, why it does not count, and when they came."""

    half_day: HalfDay
    outcome: Outcome
    kind: str
    said: str
    why_not: list[str]


def panel(event: Event, account: Account | None) -> list[Panel]:
    """The panel for a delegate who is signed in, once the event is public and while it is not cancelled."""
    delegate = registration.find_delegate(event.id, account.person_id) if account is not None else None
    public = event.published_at is not None and event.cancelled_at is None
    if delegate is None or delegate.withdrawn_at is not None or not public or not event.sessions:
        return []
    now = clock.now()
    begun = [one for one in recorded(event, delegate) if one.outcome.came or begins_at(one.half_day) <= now]
    values = {
        "delegate": delegate,
        "begun": begun,
        "named": half_day_words,
        "trained": delegate.role == DelegateRole.DELEGATE,
        "contacts": invitation_mail.contacts(delegate) if ends_at(event.sessions[-1]) > now else None,
    }
    return [Panel(POSITION, "attendance/_own_panel.html", values)]


def recorded(event: Event, delegate: Delegate) -> list[Recorded]:
    """What is recorded of each half-day, in order."""
    known, rule, now = outcomes.outcomes(event, [delegate.id]), outcomes.rule_of(event), clock.now()
    return [_recorded(one, known[one.id, delegate.id], rule, begins_at(one) <= now) for one in event.sessions]


def _recorded(half_day: HalfDay, outcome: Outcome, rule: Rule, begun: bool) -> Recorded:
    kind, said = _look(outcome, begun)
    return Recorded(half_day, outcome, kind, said[:1].upper() + said[1:], why_not(outcome, rule))


def _look(outcome: Outcome, begun: bool) -> tuple[str, str]:
    words = state_words(outcome)
    if outcome.counts:
        return "ok", words if outcome.came else str(_("%(state)s, được tính", state=words))
    if outcome.came:
        return "warn", str(_("%(state)s, không được tính", state=words))
    if outcome.state != "absent":
        return "idle", words
    return ("bad", str(_("Chưa ghi nhận"))) if begun else ("idle", str(_("Chưa đến lúc")))
