"""Whose half-days another way of judging the same evidence would change: looked at before it is written, then kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lms.accounts.models import Account
from lms.attendance import changes, outcomes
from lms.attendance.changes import Cause, Difference, differs
from lms.attendance.presence import Expected, Rule, Times, outcome_of
from lms.core import text
from lms.core.errors import RuleBroken
from lms.events.models import Event

CHUNK = 2_000
"""How many people are judged at a time, so that an event of 75,000 never stands in memory whole."""
MOST_NAMED = 50

Changed = Iterator[tuple[Expected, list[Difference]]]


@dataclass(frozen=True)
class Judging:
    """How evidence is judged: the rule, and when each half-day of the event begins and ends."""

    rule: Rule
    half_days: Sequence[Times]


@dataclass
class Preview:
    """What would change: how many half-days, of how many people, how many gain or lose one; some names."""

    half_days: int = 0
    people: int = 0
    gained: int = 0
    lost: int = 0
    named: list[tuple[Expected, list[Difference]]] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        """How many people change beside those named."""
        return self.people - len(self.named)


def as_it_is(event: Event) -> Judging:
    """How the event's evidence is judged now."""
    return Judging(outcomes.rule_of(event), [outcomes.times_of(one) for one in event.sessions])


def changed(event: Event, old: Judging, new: Judging) -> Changed:
    """Each person whose outcomes the new judging changes, with the half-days; both have them in one order."""
    pairs = list(zip(old.half_days, new.half_days, strict=True))
    for people, known in outcomes.in_chunks(event, CHUNK):
        for person in people:
            found = []
            for times, others in pairs:
                was, becomes = outcome_of(person, times, known, old.rule), outcome_of(person, others, known, new.rule)
                if differs(was, becomes):
                    found.append(Difference((times.id, person.delegate_id), was, becomes))
            if found:
                yield person, found


def preview(event: Event, new: Judging) -> Preview:
    """What the new judging would change; nothing is written."""
    found = Preview()
    for person, differences in changed(event, as_it_is(event), new):
        found.people += 1
        found.half_days += len(differences)
        found.gained += sum(1 for one in differences if one.after.counts > one.before.counts)
        found.lost += sum(1 for one in differences if one.after.counts < one.before.counts)
        if len(found.named) < MOST_NAMED:
            found.named.append((person, differences))
    return found


def keep(event: Event, new: Judging, cause: Cause, by: Account, reason: str, refusal: RuleBroken) -> int:
    """Write a PresenceChange for each outcome that the new judging changes; how many.

    Raises the refusal when outcomes change and no reason is given.
    """
    reason, written = text.tidy(reason), 0
    pending = (one for _person, found in changed(event, as_it_is(event), new) for one in found)
    while part := list(islice(pending, CHUNK)):
        if not reason:
            raise refusal
        written += changes.keep(part, cause, by, reason)
    return written
