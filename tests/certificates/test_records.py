"""The records of an event, read in bulk: who did what, and at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from lms.attendance.models import ScanKind
from lms.certificates import records
from lms.certificates.entitlement import Need
from lms.core.db import session
from lms.people.models import Person
from lms.quizzes.models import GradePolicy
from lms.registration.models import DelegateRole
from tests.certificates.conftest import Class
from tests.world import World

Counting = Callable[[], AbstractContextManager[list[str]]]


def test_delegates_are_judged_in_list_order_and_speakers_are_not(lesson: Class) -> None:
    found = records.candidates_of(lesson.event)
    assert [one.name for one in found] == ["Bùi Thị Ngọc Ánh", "Đặng Văn Đức"]
    anh, duc = found
    assert duc.entitlement.entitled
    assert duc.waits
    assert [(line.kind, line.needed, line.have) for line in anh.entitlement.unmet] == [
        (Need.ATTENDANCE, 2, 1),
        (Need.COURSE, 1, 0),
        (Need.TEST, 5, 4.5),
    ]
    assert duc.post == "Công chức văn hóa – xã hội, xã Nậm Khoang"


def test_what_does_not_count(bare_class: Class, world: World) -> None:
    """A scan taken back, going out, a preview and an open attempt show nothing; the same half-day twice is one."""
    delegate = bare_class.join(world.trainee.person, world.units["nam-khoang"])
    (voided,) = bare_class.come(delegate, 0)
    voided.voided_at = datetime(2024, 8, 7, 9, tzinfo=UTC)
    bare_class.come(delegate, 1, 1)
    bare_class.come(delegate, 0, kind=ScanKind.OUT)
    bare_class.sit(delegate, 10, preview=True)
    bare_class.sit(delegate, 10, open_=True)
    record = records.records_of(bare_class.event)[delegate.person_id]
    assert record.present == {bare_class.event.sessions[1].id}
    assert record.score is None
    assert not record.courses


def test_the_test_counts_by_its_own_policy(bare_class: Class, world: World) -> None:
    delegate = bare_class.join(world.trainee.person, world.units["nam-khoang"])
    for score in (4, 9, 3):
        bare_class.sit(delegate, score)
    best = records.records_of(bare_class.event)[delegate.person_id].score
    bare_class.quiz.grade_policy = GradePolicy.LAST
    last = records.records_of(bare_class.event)[delegate.person_id].score
    assert best is not None
    assert (best.points, best.passed) == (9, True)
    assert last is not None
    assert (last.points, last.passed) == (3, False)


def test_a_withdrawn_delegate_is_no_candidate(lesson: Class) -> None:
    lesson.delegates["Đặng Văn Đức"].withdrawn_at = datetime(2024, 8, 1, tzinfo=UTC)
    assert [one.name for one in records.candidates_of(lesson.event)] == ["Bùi Thị Ngọc Ánh"]


def test_the_statements_do_not_grow_with_the_delegates(lesson: Class, world: World, count_statements: Counting) -> None:
    with count_statements() as few:
        records.candidates_of(lesson.event)
    for number in range(60):
        person = Person()
        person.rename(f"Người Thử {number:02d}")
        session().add(person)
        session().flush()
        lesson.fulfil(lesson.join(person, world.units["lam-khe"], role=DelegateRole.DELEGATE))
    with count_statements() as many:
        found = records.candidates_of(lesson.event)
    assert len(found) == 62
    assert sum(one.waits for one in found) == 61
    assert len(many) == len(few) <= 10


def test_posts_name_the_unit_once() -> None:
    assert records.printed_post("", "Sở Ngoại vụ", "department") == "Sở Ngoại vụ"
    assert records.printed_post("Giám đốc Sở Ngoại vụ", "Sở Ngoại vụ", "department") == "Giám đốc Sở Ngoại vụ"
    assert records.printed_post("Chuyên viên", "Tỉnh Lam Khê", "province") == "Chuyên viên, tỉnh Lam Khê"
