"""From scans to half-days: pure functions of the set of scans, whatever order they came in (docs/attendance.md)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lms.attendance.models import ScanKind, ScanMethod, State

Place = tuple[int, int]
"""A half-day and a delegate, by their ids."""

CAME = frozenset({State.PRESENT, State.LATE, State.LEFT_EARLY})
"""The states of someone who was there."""


class Mark(NamedTuple):
    """A standing scan: where, who, when (UTC), in or out, and how it is known."""

    half_day_id: int
    delegate_id: int
    at: datetime
    uuid: str
    kind: str
    method: str


class Expected(NamedTuple):
    """Someone on the list; `replaces_id` is the delegate in whose place they were named."""

    delegate_id: int
    ticket: str
    full_name: str
    unit: str
    replaces_id: int | None = None


class Times(NamedTuple):
    """A half-day: its id, its key, and from when until when it lasts (UTC)."""

    id: int
    key: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Rule:
    """How scans become half-days: grace at either end (None: not looked at), what counts all the same, which evidence.

    `hours` are those of the whole event.
    """

    late: timedelta | None = None
    early: timedelta | None = None
    late_counts: bool = True
    early_counts: bool = True
    excused_counts: bool = False
    evidence: frozenset[str] = frozenset(ScanMethod)
    hours: int = 0


@dataclass(frozen=True)
class Outcome:
    """What someone was at one half-day, and whether it counts; `entry` is None for one who did not come."""

    state: State
    counts: bool
    entry: Mark | None = None
    exit: Mark | None = None
    left_early: bool = False
    excused: bool = False

    @property
    def came(self) -> bool:
        """Whether they were there."""
        return self.entry is not None


_ABSENT, _SUBSTITUTED = Outcome(State.ABSENT, False), Outcome(State.SUBSTITUTED, False)


@dataclass(frozen=True)
class Evidence:
    """What is known of an event: standing marks by place, and the places for which an excuse stands."""

    marks: Mapping[Place, Sequence[Mark]]
    excuses: Collection[Place] = frozenset()


@dataclass(frozen=True)
class SessionSummary:
    """One half-day: everyone on the list, in list order, with what they were."""

    key: str
    people: tuple[tuple[Expected, Outcome], ...]
    hours: float = 0
    counted: dict[State, int] = field(init=False, repr=False, compare=False)
    present: int = field(init=False, compare=False)
    left_early: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        counted: dict[State, int] = defaultdict(int)
        for _person, outcome in self.people:
            counted[outcome.state] += 1
        object.__setattr__(self, "counted", counted)
        object.__setattr__(self, "present", sum(counted[state] for state in CAME))
        object.__setattr__(self, "left_early", sum(1 for _person, outcome in self.people if outcome.left_early))

    @property
    def absent(self) -> int:
        """How many did not come, without an excuse or anyone in their place."""
        return self.counted[State.ABSENT]

    def as_json(self) -> dict[str, Any]:
        """The document of `lms attendance summary`: `late` and `left_early` are parts of `present`."""
        return {
            "key": self.key,
            "present": self.present,
            "late": self.counted[State.LATE],
            "left_early": self.left_early,
            "excused": self.counted[State.EXCUSED],
            "substituted": self.counted[State.SUBSTITUTED],
            "absent": self.absent,
            "people": [self._person_as_json(*one) for one in self.people],
        }

    def _person_as_json(self, person: Expected, outcome: Outcome) -> dict[str, Any]:
        return {
            "ticket": person.ticket,
            "full_name": person.full_name,
            "unit": person.unit,
            "state": outcome.state,
            "at": outcome.entry.at.isoformat() if outcome.entry is not None else None,
            "until": outcome.exit.at.isoformat() if outcome.exit is not None else None,
            "method": outcome.entry.method if outcome.entry is not None else None,
            "counts": outcome.counts,
            "hours": self.hours if outcome.counts else 0,
        }


def by_place(marks: Iterable[Mark]) -> dict[Place, list[Mark]]:
    """The marks of each half-day and delegate, in no order."""
    found: dict[Place, list[Mark]] = {}
    for mark in marks:
        place = (mark.half_day_id, mark.delegate_id)
        known = found.get(place)
        if known is None:
            found[place] = [mark]
        else:
            known.append(mark)
    return found


def judge(rule: Rule, times: Times, marks: Sequence[Mark], *, excused: bool = False, stood_in: bool = False) -> Outcome:
    """What someone was at a half-day. `stood_in`: whom they replace was there."""
    entry = _entry(rule, marks)
    if entry is None:
        if excused:
            return Outcome(State.EXCUSED, rule.excused_counts, excused=True)
        return _SUBSTITUTED if stood_in else _ABSENT
    left = _exit(marks)
    late = rule.late is not None and entry.at > times.starts_at + rule.late
    early = rule.early is not None and left is not None and left.at < times.ends_at - rule.early
    counts = (
        entry.method in rule.evidence
        and (not late or rule.late_counts or excused)
        and (not early or rule.early_counts or excused)
    )
    state = State.LATE if late else State.LEFT_EARLY if early else State.PRESENT
    return Outcome(state, counts, entry, left, early, excused)


def summarise(
    half_days: Sequence[Times], people: Sequence[Expected], evidence: Evidence, rule: Rule
) -> list[SessionSummary]:
    """The summary of each half-day; `people` is the list in its order."""
    hours = round(hours_each(rule, len(half_days)), 2)
    return [
        SessionSummary(times.key, tuple((one, outcome_of(one, times, evidence, rule)) for one in people), hours)
        for times in half_days
    ]


def outcome_of(person: Expected, times: Times, evidence: Evidence, rule: Rule) -> Outcome:
    """What the evidence says of one person at one half-day."""
    marks = evidence.marks
    place = (times.id, person.delegate_id)
    before = marks.get((times.id, person.replaces_id), ()) if person.replaces_id is not None else ()
    return judge(
        rule,
        times,
        marks.get(place, ()),
        excused=place in evidence.excuses,
        stood_in=any(mark.kind == ScanKind.IN for mark in before),
    )


def hours_each(rule: Rule, half_days: int) -> float:
    """The hours of one half-day: the event's, divided evenly."""
    return rule.hours / half_days if half_days else 0.0


def _entry(rule: Rule, marks: Sequence[Mark]) -> Mark | None:
    """The first mark "in" of evidence that counts; where there is none, the first of any."""
    found: Mark | None = None
    for mark in marks:
        if mark.kind != ScanKind.IN:
            continue
        if found is None or _weight(rule, mark) < _weight(rule, found):
            found = mark
    return found


def _weight(rule: Rule, mark: Mark) -> tuple[bool, datetime, str]:
    return mark.method not in rule.evidence, mark.at, mark.uuid


def _exit(marks: Sequence[Mark]) -> Mark | None:
    """The last mark "out" after every mark "in", of which there is one."""
    if len(marks) < 2:
        return None
    last_in = max((mark.at for mark in marks if mark.kind == ScanKind.IN), default=None)
    out = max(
        (mark for mark in marks if mark.kind == ScanKind.OUT), key=lambda mark: (mark.at, mark.uuid), default=None
    )
    return out if out is not None and last_in is not None and out.at > last_in else None
