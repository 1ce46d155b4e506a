"""The event's rule of how scans become half-days: what another one would change, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from lms.accounts.models import Account
from lms.attendance import outcomes, previews
from lms.attendance.changes import Cause
from lms.attendance.models import ScanMethod
from lms.attendance.presence import Rule
from lms.attendance.previews import Preview
from lms.attendance.queries import name_of
from lms.core import audit, text
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.events import policy as events_policy
from lms.events.models import Event

MOST_MINUTES = 240
"""The longest grace: the whole of a half-day."""
MOST_TOLD = 50
"""How many changes of the rule its page tells."""

_COLUMNS = ("late_minutes", "early_minutes", "late_counts", "early_counts", "excused_counts", "evidence")
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

    @property
    def stamp(self) -> str:
        """The values in one word, by which a page knows whether they are still those it was drawn with."""
        return ".".join(str(one) for one in (*list(_plain(self).values())[:-1], *sorted(self.evidence)))


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
    return previews.preview(event, _judging(event, checked(values)))


def refuse_moved(event: Event, seen: str) -> None:
    """Raise RuleBroken ("rule-moved") where the rule is not the one that a page with this stamp was drawn with."""
    if seen and seen != Values.of(event).stamp:
        message = N_("Cách tính đã được đổi trong lúc đó. Xem lại cách tính đang áp dụng rồi bấm Xem thay đổi lần nữa.")
        raise RuleBroken(message, code="rule-moved")


def refuse_same(event: Event, values: Values) -> None:
    """Raise RuleBroken ("rule-same") where the values are the event's own already."""
    if checked(values) == Values.of(event):
        raise RuleBroken(N_("Chưa đổi gì so với cách tính đang áp dụng."), code="rule-same")


def change_rule(event: Event, values: Values, by: Account, reason: str, seen: str = "") -> int:
    """Set the event's rule and keep every outcome that it changes; how many half-days those are.

    `seen`: the stamp of the rule that whoever changes it has looked at. Raises RuleBroken: as `checked` and
    `refuse_moved` do, the event was cancelled, or no reason is given; the same rule again changes nothing.
    """
    events_policy.refuse_cancelled(event)
    values, reason = checked(values), text.tidy(reason)
    session().execute(_LOCK, {"event_id": event.id})
    session().refresh(event, _COLUMNS)
    before = Values.of(event)
    if values == before:
        return 0
    refuse_moved(event, seen)
    refusal = RuleBroken(N_("Chưa ghi lý do đổi cách tính. Hãy ghi lý do."), field="reason", code="reason-missing")
    if not reason:
        raise refusal
    written = previews.keep(event, _judging(event, values), Cause.RULE, by, reason, refusal)
    _set(event, values)
    was, became = _plain(before), _plain(values)
    changed_values = {name: [was[name], became[name]] for name in was if was[name] != became[name]}
    detail = {"changed": changed_values, "reason": reason, "half_days": written}
    audit.record("attendance.rule", f"event:{event.id}", actor_id=by.id, **detail)
    session().flush()
    return written


def history(event: Event) -> Sequence[Row[Any]]:
    """The rule's changes, the latest first: at, by, and detail with `changed` (name: old, new), reason, half_days."""
    statement = (
        select(AuditEntry.at, name_of(AuditEntry.actor_id).label("by"), AuditEntry.detail)
        .where(AuditEntry.subject == f"event:{event.id}", AuditEntry.verb == "attendance.rule")
        .order_by(AuditEntry.id.desc())
        .limit(MOST_TOLD)
    )
    return session().execute(statement).all()


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


def _judging(event: Event, values: Values) -> previews.Judging:
    return replace(previews.as_it_is(event), rule=rule_from(event, values))


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
