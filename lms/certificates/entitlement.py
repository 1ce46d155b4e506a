"""Who is entitled to a certificate: a pure function of an event's rule and one person's records.

It asks no clock, database or order of records. More presence, more courses or a passed test never lose an entitlement.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Need(StrEnum):
    """What a line of a rule asks for."""

    ATTENDANCE = "attendance"
    COURSE = "course"
    TEST = "test"


@dataclass(frozen=True)
class Rule:
    """What an event asks for: a share of its half-days, courses, a test; by their ids.

    `half_days` are all those of the event, also those still to come. `pass_percent` is the test's own pass mark.
    """

    attendance_percent: int
    half_days: frozenset[int]
    courses: frozenset[int] = frozenset()
    test: int | None = None
    pass_percent: int = 0

    @property
    def half_days_needed(self) -> int:
        """How many half-days the share comes to, rounded up; at least one where attendance is asked for at all."""
        if self.attendance_percent == 0:
            return 0
        return max(1, -(-self.attendance_percent * len(self.half_days) // 100))


@dataclass(frozen=True)
class Score:
    """The attempt at the test that counts, in points."""

    points: float
    maximum: float
    passed: bool


@dataclass(frozen=True)
class Record:
    """What is known of one person: half-days they came to, courses they completed, the attempt that counts."""

    present: frozenset[int] = field(default_factory=frozenset)
    courses: frozenset[int] = field(default_factory=frozenset)
    score: Score | None = None


@dataclass(frozen=True)
class Line:
    """One part of the rule: how much of it is needed, how much there is (None: nothing yet), whether that is enough.

    Half-days for attendance, 1 for a course, points for a test; `subject` is the id of the course or the test.
    """

    kind: Need
    needed: float
    have: float | None
    met: bool
    subject: int | None = None


@dataclass(frozen=True)
class Entitlement:
    """The judgement and its grounds, in the order attendance, courses, test."""

    entitled: bool
    lines: tuple[Line, ...]

    @property
    def unmet(self) -> tuple[Line, ...]:
        """What is still missing."""
        return tuple(line for line in self.lines if not line.met)


def judge(rule: Rule, record: Record) -> Entitlement:
    """Whether the record fulfils the rule, line by line."""
    lines = [_attendance(rule, record)]
    lines += [_course(course, record) for course in sorted(rule.courses)]
    if rule.test is not None:
        lines.append(_test(rule, record))
    return Entitlement(all(line.met for line in lines), tuple(lines))


def _attendance(rule: Rule, record: Record) -> Line:
    have = len(record.present & rule.half_days)
    return Line(Need.ATTENDANCE, rule.half_days_needed, have, have >= rule.half_days_needed)


def _course(course: int, record: Record) -> Line:
    done = course in record.courses
    return Line(Need.COURSE, 1, int(done), done, course)


def _test(rule: Rule, record: Record) -> Line:
    score = record.score
    if score is None:
        return Line(Need.TEST, rule.pass_percent, None, False, rule.test)
    return Line(Need.TEST, score.maximum * rule.pass_percent / 100, score.points, score.passed, rule.test)
