"""The event's rule of how scans become half-days: what another one would change, and changing it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice

from sqlalchemy import bindparam, select

from lms.accounts.models import Account
from lms.attendance import changes, outcomes
from lms.attendance.changes import Cause, Difference, differs
from lms.attendance.models import ScanMethod
from lms.attendance.presence import Expected, Rule, outcome_of
from lms.core import audit, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events import policy as events_policy
from lms.events.models import Event

MOST_MINUTES = 240
"""The longest grace: the whole of a half-day."""
CHUNK = 2_000
"""How many people are judged at a time, so that an event of 75,000 never stands in memory whole."""
MOST_NAMED = 50

_LOCK = select(Event.id).where(Event.id == bindparam("event_id")).with_for_update()


@dataclass(frozen=True)
class Values:
    """What an organizer sets: minutes of grace (None: not looked at), what counts all the same, which evidence."""

    late_minutes: int | None
    early_minutes: int | None
    late_counts: bool
    early_counts: bool
    excused_counts: bool
    evidence: frozenset[str]

    @classmethod
    def of(cls, event: Event) -> "Values":
        """The event's own."""
        evidence = outcomes.rule_of(event).evidence
        counted = (event.late_counts, event.early_counts, event.excused_counts)
        return cls(event.late_minutes, event.early_minutes, *counted, evidence)


@dataclass
class Preview:
    """What another rule would change: how many half-days, of how many people, how many gain or lose one; some names."""

    half_days: int = 0
    people: int = 0
    gained: int = 0
    lost: int = 0
    named: list[tuple[Expected, list[Difference]]] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        """How many people change beside those named."""
        return self.people - len(self.named)


def checked(values: Values) -> Values:
    """The values when they make a rule. Raises RuleBroken: no evidence at all, minutes out of bounds."""
    for name in ("late_minutes", "early_minutes"):
        minutes = getattr(values, name)
        if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
            message = N_("Số phút phải từ 0 đến %(most)s. Để trống nếu không xét.")
            raise RuleBroken(message, field=name, code="bad-minutes", most=MOST_MINUTES)
    known = values.evidence & frozenset(ScanMethod)
    if not known:
        message = N_("Chưa chọn căn cứ nào nên sẽ không buổi nào được tính. Hãy chọn ít nhất một căn cứ.")
        raise RuleBroken(message, field="evidence", code="no-evidence")
    return replace(values, evidence=known)


def preview(event: Event, values: Values) -> Preview:
    """What these values would change; nothing is written. Raises RuleBroken as `checked` does."""
    found = Preview()
    for person, changed in _changed(event, rule_from(event, checked(values))):
        found.people += 1
        found.half_days += len(changed)
        found.gained += sum(1 for one in changed if one.after.counts > one.before.counts)
        found.lost += sum(1 for one in changed if one.after.counts < one.before.counts)
        if len(found.named) < MOST_NAMED:
            found.named.append((person, changed))
    return found


def change_rule(event: Event, values: Values, by: Account, reason: str) -> int:
    """Set the event's rule and keep every outcome that it changes; how many half-days those are.

    Raises RuleBroken: as `checked` does, the event was cancelled, or outcomes change and no reason is given.
    """
    events_policy.refuse_cancelled(event)
    values, reason = checked(values), text.tidy(reason)
    session().execute(_LOCK, {"event_id": event.id})
    before = Values.of(event)
    written = 0
    pending = (one for _person, changed in _changed(event, rule_from(event, values)) for one in changed)
    while part := list(islice(pending, CHUNK)):
        if not reason:
            message = N_("Cách tính mới đổi kết quả của một số người. Hãy ghi lý do.")
            raise RuleBroken(message, field="reason", code="reason-missing")
        written += changes.keep(part, Cause.RULE, by, reason)
    _set(event, values)
    if values != before:
        was, became = _plain(before), _plain(values)
        changed_values = {name: [was[name], became[name]] for name in was if was[name] != became[name]}
        detail = {"changed": changed_values, "reason": reason, "half_days": written}
        audit.record("attendance.rule", f"event:{event.id}", actor_id=by.id, **detail)
    session().flush()
    return written


def rule_from(event: Event, values: Values) -> Rule:
    """The rule that these values would give the event."""
    return Rule(
        late=_minutes(values.late_minutes),
        early=_minutes(values.early_minutes),
        late_counts=values.late_counts,
        early_counts=values.early_counts,
        excused_counts=values.excused_counts,
        evidence=values.evidence,
        hours=event.hours,
    )


def _changed(event: Event, new: Rule) -> Iterator[tuple[Expected, list[Difference]]]:
    """Each person whose outcomes the new rule changes, with the half-days, judged on the same evidence."""
    old, half_days = outcomes.rule_of(event), [outcomes.times_of(one) for one in event.sessions]
    for people, known in outcomes.in_chunks(event, CHUNK):
        for person in people:
            changed = []
            for times in half_days:
                was, becomes = (outcome_of(person, times, known, rule) for rule in (old, new))
                if differs(was, becomes):
                    changed.append(Difference((times.id, person.delegate_id), was, becomes))
            if changed:
                yield person, changed


def _set(event: Event, values: Values) -> None:
    event.late_minutes, event.early_minutes = values.late_minutes, values.early_minutes
    event.late_counts, event.early_counts = values.late_counts, values.early_counts
    event.excused_counts = values.excused_counts
    every = values.evidence == frozenset(ScanMethod)
    event.evidence = "" if every else " ".join(one for one in ScanMethod if one in values.evidence)


def _plain(values: Values) -> dict[str, object]:
    return {**vars(values), "evidence": sorted(values.evidence)}


def _minutes(number: int | None) -> timedelta | None:
    return timedelta(minutes=number) if number is not None else None
