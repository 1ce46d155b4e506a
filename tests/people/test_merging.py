"""Merging and taking it back: everything follows, what cannot is named, and nothing is forgotten by a new table."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.certificates.models import Certificate
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import Base, session
from lms.core.errors import RuleBroken
from lms.courses.models import Lesson, LessonKind
from lms.events import choosing
from lms.events.models import Event, Speaker
from lms.learning.models import Enrolment, LessonProgress
from lms.people import belongings, merging, private, queries, requests, service
from lms.people.models import DataRequestKind, Likeness, Merge, Person, PrivateDetails
from lms.quizzes.attempt_models import Attempt
from lms.registration import known
from lms.registration.models import Delegate
from tests.samples import samples
from tests.world import World

RECORDS = {"merges", "audit_entries"}
"""What a merge and its taking back leave behind: their own record."""


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database holds it."""
    session().flush()
    return {
        table.name: sorted((tuple(row) for row in session().execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in RECORDS
    }


@pytest.fixture
def two(world: World) -> tuple[Person, Person]:
    """Someone with a row of every kind, and the same someone entered again with rows of every kind."""
    values = samples(world)
    gone = world.trainee.person
    kept = service.create("Đặng Văn Đức", phone="0999888777")
    service.add_post(kept, world.units["lam-khe"], "Phó Giám đốc", from_on=date(2025, 7, 1))
    service.add_post(gone, world.units["lam-khe"], "Phó Giám đốc", from_on=date(2025, 7, 1))
    details = {"born": "1985", "id_number": "", "ethnic_group": "", "purpose": "Làm thẻ", "keep_until": None}
    private.record(gone, **details, actor_id=None)
    requests.ask(gone, DataRequestKind.CORRECTION, "Sửa tên", None)
    event = session().scalars(select(Event).where(Event.key == values[(None, "key")])).one()
    session().add(Speaker(topic=event.sessions[0].topics[0], person=gone, position=2))
    _course(gone, kept)
    session().flush()
    session().commit()
    session().expire_all()
    return kept, gone


def _course(gone: Person, kept: Person) -> None:
    """Both take the course: one read the first of two lessons, the other both, and completed it."""
    first = session().scalars(select(Lesson)).one()
    second = Lesson(
        course_id=first.course_id, module_id=first.module_id, key="m1/hai", position=2, number=2,
        kind=LessonKind.READING, title="Hai", title_en="Two", minutes=5, html="<p>2</p>", html_en="<p>2</p>",
    )  # fmt: skip
    moment = clock.now()
    mine = Enrolment(person_id=kept.id, course_id=first.course_id, enrolled_at=moment)
    theirs = Enrolment(person_id=gone.id, course_id=first.course_id, enrolled_at=moment, completed_at=moment)
    session().add_all([second, mine, theirs])
    session().flush()
    session().add(LessonProgress(enrolment_id=mine.id, lesson_id=first.id, opened_at=moment, finished_at=moment))
    for lesson in (first, second):
        session().add(LessonProgress(enrolment_id=theirs.id, lesson_id=lesson.id, opened_at=moment, finished_at=moment))


def test_every_reference_to_a_person_is_handed_in_or_has_a_reason(world: World) -> None:
    people = Base.metadata.tables["people"]
    referring = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.references(people.c.id)
    }
    handed_in = {one.name for one in belongings.handed_in()}
    assert referring == handed_in | set(belongings.APART)
    assert not handed_in & set(belongings.APART)
    assert all(belongings.APART.values())


def test_history_follows_and_nothing_printed_changes(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    certificate = session().scalars(select(Certificate)).one()
    frozen = (certificate.holder_name, certificate.facts, certificate.file, certificate.search)
    record = merging.merge(kept, gone, world.admin.id)
    assert gone.merged_into_id == kept.id
    assert record.moved["stayed"] == [
        ["Chức vụ", "Phó Giám đốc, Tỉnh Lam Khê"],
        ["Khóa học", "Khóa thử"],
    ]
    for model in (Account, Attempt, Certificate, Delegate, PrivateDetails):
        assert set(session().scalars(select(model.person_id)).all()) & {kept.id, gone.id} == {kept.id}, model
    assert (certificate.holder_name, certificate.facts, certificate.file, certificate.search) == frozen
    assert (kept.email, kept.phone) == ("trainee@example.vn", "0999888777")
    entry = session().scalars(select(AuditEntry).where(AuditEntry.subject == f"person:{kept.id}")).one()
    assert entry.detail == {"gone": gone.id, "merge": record.id}


def test_lessons_finished_by_either_count_for_the_one(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    merging.merge(kept, gone, None)
    enrolment = session().scalars(select(Enrolment).where(Enrolment.person_id == kept.id)).one()
    assert enrolment.completed_at is not None
    read = session().scalars(select(LessonProgress).where(LessonProgress.enrolment_id == enrolment.id)).all()
    assert len(read) == 2


def test_taking_back_restores_every_row_of_every_table(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    before = everything()
    record = merging.merge(kept, gone, world.admin.id)
    assert everything() != before
    merging.separate(record, world.admin.id)
    assert record.moved["left"] == []
    assert everything() == before
    merging.separate(record, world.admin.id)
    again = merging.merge(kept, gone, world.admin.id)
    assert again.id != record.id
    merging.separate(again, world.admin.id)
    assert everything() == before


def test_taking_back_restores_every_row_where_the_other_is_kept(two: tuple[Person, Person], world: World) -> None:
    gone, kept = two
    before = everything()
    merging.separate(merging.merge(kept, gone, None), None)
    assert everything() == before


def test_what_changed_meanwhile_stays_and_is_named(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    record = merging.merge(kept, gone, None)
    seat = session().scalars(select(Delegate).where(Delegate.person_id == kept.id)).one()
    seat.person_id = world.other_trainee.person_id
    kept.email = "moi@example.vn"
    attempt = session().scalars(select(Attempt).where(Attempt.person_id == kept.id)).one()
    attempt.handed_in_at = clock.now()
    session().flush()
    merging.separate(record, None)
    assert record.moved["left"] == [["delegates.person_id", str(seat.id)]]
    assert seat.person_id == world.other_trainee.person_id
    assert attempt.person_id == gone.id
    assert kept.email == "moi@example.vn"


def test_what_came_since_stays_with_the_one_who_was_kept(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    record = merging.merge(kept, gone, None)
    later = requests.ask(kept, DataRequestKind.ERASURE, "", None)
    merging.separate(record, None)
    assert later.person_id == kept.id


def test_two_on_one_list_stay_two_seats_with_their_certificates(two: tuple[Person, Person], world: World) -> None:
    kept, gone = two
    seat = session().scalars(select(Delegate).where(Delegate.person_id == gone.id)).one()
    mine = Delegate(
        event=seat.event, person=kept, unit=seat.unit, full_name=kept.full_name, ticket="BBBB-2222",
        sort_key=kept.sort_key, search=kept.search,
    )  # fmt: skip
    session().add(mine)
    session().flush()
    record = merging.merge(kept, gone, None)
    labels = [label for label, _told in record.moved["stayed"]]
    assert "Tên trong danh sách đại biểu" in labels
    assert "Giấy chứng nhận" in labels
    assert seat.person_id == gone.id
    assert session().scalars(select(Certificate.person_id)).one() == gone.id


def test_two_open_accounts_refuse_until_one_is_closed(world: World) -> None:
    kept, gone = world.trainee.person, world.other_trainee.person
    with pytest.raises(RuleBroken, match="Hãy khóa tài khoản other_trainee"):
        merging.merge(kept, gone, None)
    accounts.disable(world.other_trainee, world.admin)
    record = merging.merge(kept, gone, None)
    assert ["Tài khoản", "other_trainee@example.vn"] in record.moved["stayed"]
    assert world.other_trainee.person_id == gone.id
    with pytest.raises(RuleBroken, match="đã gộp"):
        accounts.enable(world.other_trainee, world.admin)


def test_refusals(world: World) -> None:
    one, other, third = (service.create("Lê Thị A") for _number in range(3))
    specimen = service.create("Lê Thị A", specimen=True)
    for kept, gone, code in ((one, one, "same"), (one, specimen, "specimen")):
        with pytest.raises(RuleBroken) as refusal:
            merging.merge(kept, gone, None)
        assert refusal.value.code == code
    first = merging.merge(one, other, None)
    for kept, gone in ((third, other), (other, third)):
        with pytest.raises(RuleBroken) as refusal:
            merging.merge(kept, gone, None)
        assert refusal.value.code == "merged"
    with pytest.raises(RuleBroken) as refusal:
        merging.merge(one, third, None, seen=merging.plan(third, one).digest[:-1])
    assert refusal.value.code == "changed"
    merging.merge(third, one, None)
    with pytest.raises(RuleBroken) as refusal:
        merging.separate(first, None)
    assert refusal.value.code == "merged-on"
    assert queries.get_living(other.id).id == third.id


def test_a_merged_person_is_in_no_list_search_or_match(world: World) -> None:
    unit = world.units["binh-sa"]
    kept, gone = service.create("Lê Thị A"), service.create("Lê Thị A", phone="0911222333")
    service.add_post(gone, unit, "Chuyên viên")
    merging.merge(kept, gone, None)
    assert [person.id for person in session().scalars(queries.searched("le thi a"))] == [kept.id]
    assert queries.find_same("Lê Thị A", None, None, unit.id) == kept
    assert [person.id for person in choosing.search_people("le thi a")] == [kept.id]
    row = {"full_name": "Lê Thị A", "unit_id": unit.id, "post": "Chuyên viên", "phone": "0911222333", "email": ""}
    assert known.match_people([row]) == [kept.id]


def test_a_merge_costs_a_bounded_number_of_statements(
    two: tuple[Person, Person], count_statements: Callable[[], Any]
) -> None:
    with count_statements() as statements:
        merging.merge(*two, None)
    assert len(statements) < 110, len(statements)


def test_certificates_of_courses_are_not_made_for_a_merged_record(two: tuple[Person, Person]) -> None:
    kept, gone = two
    merging.merge(kept, gone, None)
    waiting = session().scalars(
        select(Enrolment.person_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.merged_into_id.is_(None))
    )
    assert list(waiting) == [kept.id]


def test_the_record_outlives_likenesses(world: World) -> None:
    one, other = service.create("Lê Thị A", phone="0911222333"), service.create("Lê Thị A", phone="0911222333")
    session().add(Likeness(first_id=one.id, second_id=other.id, reason="contact"))
    session().flush()
    merging.merge(one, other, None)
    assert session().scalar(select(func.count()).select_from(Merge)) == 1
    assert clock.now() - session().scalars(select(Merge)).one().merged_at < timedelta(minutes=1)
