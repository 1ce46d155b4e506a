"""The records entitlement is judged by, read for one person or a whole event in a bounded number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import joinedload, selectinload

from lms.attendance.half_days import begins_at
from lms.attendance.outcomes import counted_half_days
from lms.certificates.entitlement import Entitlement, Record, Rule, Score, judge
from lms.certificates.models import Certificate
from lms.core.db import session
from lms.courses.models import Course
from lms.events.models import Event, HalfDay, RequiredCourse
from lms.learning.models import Enrolment
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.grading import grade
from lms.quizzes.models import GradePolicy, Quiz
from lms.registration.models import Delegate, DelegateRole
from lms.units.models import Unit, UnitKind

_FEW = 100
_COMMON_NOUNS = (UnitKind.PROVINCE, UnitKind.COMMUNE)


@dataclass(frozen=True)
class Requirements:
    """An event's rule with the rows it speaks of: half-days in order, courses, the test."""

    rule: Rule
    half_days: tuple[HalfDay, ...]
    courses: dict[int, Course]
    test: Quiz | None

    def held_by(self, moment: datetime) -> tuple[HalfDay, ...]:
        """The half-days that have begun by a moment."""
        return tuple(one for one in self.half_days if begins_at(one) <= moment)


@dataclass(frozen=True)
class Candidate:
    """A delegate, their record and what it comes to.

    `certificate_id` is the valid certificate they have, `revoked_id` one that was revoked and never replaced: such a
    person gets another only by an act of its own, never together with everyone.
    """

    delegate_id: int
    person_id: int
    name: str
    post: str
    unit: str
    record: Record
    entitlement: Entitlement
    certificate_id: int | None
    revoked_id: int | None

    @property
    def waits(self) -> bool:
        """Entitled, and not given a certificate yet."""
        return self.entitlement.entitled and self.certificate_id is None and self.revoked_id is None


@dataclass
class _Attempt:
    id: int
    score: float | None
    max_score: float
    passed: bool | None
    handed_in_at: datetime | None


def requirements_of(event: Event) -> Requirements:
    """The event's rule and what it names, in four statements."""
    loaded = (
        session()
        .scalars(
            select(Event)
            .where(Event.id == event.id)
            .options(
                selectinload(Event.sessions),
                selectinload(Event.required_courses).joinedload(RequiredCourse.course),
                joinedload(Event.test),
            )
            .execution_options(populate_existing=True)
        )
        .one()
    )
    courses = {one.course_id: one.course for one in loaded.required_courses}
    rule = Rule(
        attendance_percent=loaded.attendance_percent,
        half_days=frozenset(one.id for one in loaded.sessions),
        courses=frozenset(courses),
        test=loaded.test_id,
        pass_percent=loaded.test.pass_percent if loaded.test else 0,
    )
    return Requirements(rule, tuple(loaded.sessions), courses, loaded.test)


def candidates_of(event: Event, requirements: Requirements | None = None) -> list[Candidate]:
    """Every delegate whom the event trains, in list order, with their judgement; speakers, guests and press are none.

    At most ten statements, whatever the number of delegates.
    """
    needs = requirements or requirements_of(event)
    return _judged(event, needs, Delegate.event_id == event.id)


def candidate_of(event: Event, delegate: Delegate, requirements: Requirements) -> Candidate | None:
    """One delegate's judgement; None when they attend as something else than a delegate, or have withdrawn."""
    return next(iter(_judged(event, requirements, Delegate.id == delegate.id)), None)


def records_of(event: Event) -> dict[int, Record]:
    """The record of every delegate by the id of the person."""
    return {one.person_id: one.record for one in candidates_of(event)}


def printed_post(post: str, unit: str, kind: UnitKind) -> str:
    """Post and unit as a certificate prints them, the unit once: "Chuyên viên, Sở Ngoại vụ tỉnh Lam Khê"."""
    if not post:
        return unit
    if unit.casefold() in post.casefold():
        return post
    return f"{post}, {unit[:1].lower() + unit[1:] if kind in _COMMON_NOUNS else unit}"


def _judged(event: Event, needs: Requirements, which: ColumnElement[bool]) -> list[Candidate]:
    taking_part = (which, Delegate.withdrawn_at.is_(None), Delegate.role == DelegateRole.DELEGATE)
    rows = _delegates(taking_part)
    present = counted_half_days(event, None if len(rows) > _FEW else [row.id for row in rows])
    courses = _completions(needs.rule, taking_part)
    scores = _scores(needs.test, taking_part)
    valid, revoked = _certificates(event, taking_part)
    found = []
    for row in rows:
        record = Record(
            present=frozenset(present.get(row.id, ())),
            courses=frozenset(courses[row.person_id]),
            score=scores.get(row.person_id),
        )
        found.append(
            Candidate(
                delegate_id=row.id,
                person_id=row.person_id,
                name=row.full_name,
                post=printed_post(row.post, row.unit_name, UnitKind(row.unit_kind)),
                unit=row.unit_short_name,
                record=record,
                entitlement=judge(needs.rule, record),
                certificate_id=valid.get(row.person_id),
                revoked_id=None if row.person_id in valid else revoked.get(row.person_id),
            )
        )
    return found


_Conditions = tuple[ColumnElement[bool], ...]


def _delegates(taking_part: _Conditions) -> Sequence[Row[int, int, str, str, str, str, UnitKind]]:
    return (
        session()
        .execute(
            select(
                Delegate.id,
                Delegate.person_id,
                Delegate.full_name,
                Delegate.post,
                Unit.name.label("unit_name"),
                Unit.short_name.label("unit_short_name"),
                Unit.kind.label("unit_kind"),
            )
            .join(Unit, Unit.id == Delegate.unit_id)
            .where(*taking_part)
            .order_by(Delegate.sort_key, Delegate.id)
        )
        .all()
    )


def _completions(rule: Rule, taking_part: _Conditions) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    if not rule.courses:
        return found
    rows = session().execute(
        select(Enrolment.person_id, Enrolment.course_id)
        .join(Delegate, Delegate.person_id == Enrolment.person_id)
        .where(Enrolment.course_id.in_(rule.courses), Enrolment.completed_at.is_not(None), *taking_part)
    )
    for person_id, course_id in rows:
        found[person_id].add(course_id)
    return found


def _scores(test: Quiz | None, taking_part: _Conditions) -> dict[int, Score]:
    """What the attempts come to by the test's own policy, by person; previews and practice count for nothing."""
    if test is None or test.practice:
        return {}
    rows = session().execute(
        select(Attempt.person_id, Attempt.id, Attempt.score, Attempt.max_score, Attempt.passed, Attempt.handed_in_at)
        .join(Delegate, Delegate.person_id == Attempt.person_id)
        .where(Attempt.quiz_id == test.id, Attempt.preview.is_(False), Attempt.handed_in_at.is_not(None), *taking_part)
    )
    attempts: defaultdict[int, list[_Attempt]] = defaultdict(list)
    for person_id, attempt_id, score, max_score, passed, handed_in_at in rows:
        attempts[person_id].append(_Attempt(attempt_id, score, max_score, passed, handed_in_at))
    found = {}
    for person_id, theirs in attempts.items():
        reached = grade(theirs, GradePolicy(test.grade_policy), test.pass_percent)
        if reached is not None:
            found[person_id] = Score(reached.score, reached.max_score, bool(reached.passed))
    return found


def _certificates(event: Event, taking_part: _Conditions) -> tuple[dict[int, int], dict[int, int]]:
    """Valid and revoked certificates of the event by person."""
    rows = session().execute(
        select(Certificate.person_id, Certificate.id, Certificate.revoked_at)
        .join(Delegate, Delegate.person_id == Certificate.person_id)
        .where(Certificate.event_id == event.id, *taking_part)
        .order_by(Certificate.id)
    )
    valid: dict[int, int] = {}
    revoked: dict[int, int] = {}
    for person_id, certificate_id, revoked_at in rows:
        (valid if revoked_at is None else revoked)[person_id] = certificate_id
    return valid, revoked
