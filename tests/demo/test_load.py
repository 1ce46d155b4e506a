"""`lms demo`: the five events as the facts have them, everything else invented and marked, and entered once."""

import hashlib
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts import passwords
from lms.accounts import queries as accounts
from lms.attendance.models import Scan
from lms.certificates import records
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core import clock
from lms.core.db import Base, session
from lms.core.jobs import Job
from lms.core.permissions import Role
from lms.demo import logins
from lms.demo.scene import get_event
from lms.events import posts_held
from lms.events.models import Event, HalfDay, Speaker, Topic, TrainingPlan
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import Quiz
from lms.registration import queries as registration
from lms.registration.models import Delegate, DelegateImport
from lms.units.models import UnitKind
from tests.demo.conftest import PASSWORD, TEN_O_CLOCK, TODAY, Command

SESSIONS = {
    "ha-giang-2023": ["2023-08-02-sang", "2023-08-02-chieu"],
    "da-lat-2024": ["2024-06-06-sang", "2024-06-06-chieu"],
    "hoa-binh-2024": ["2024-08-07-sang"],
    "nam-dinh-2024": ["2024-07-25-sang", "2024-07-25-chieu", "2024-07-26-sang", "2024-07-26-chieu"],
    "tp-hcm-2025": ["2025-03-08-chieu"],
}
HOSTS = {
    "ha-giang-2023": ["ha-giang", "cuc-ttdn"],
    "da-lat-2024": ["bo-tttt", "ubnd-lam-dong"],
    "hoa-binh-2024": ["btgtw", "bcd-nhan-quyen", "tinh-uy-hoa-binh"],
    "nam-dinh-2024": ["ubnd-nam-dinh", "so-tttt-nam-dinh"],
    "tp-hcm-2025": ["btgdvtw", "thanh-uy-hcm"],
}


def delegates_of(key: str) -> list[Delegate]:
    statement = select(Delegate).join(Event).where(Event.key == key, Delegate.withdrawn_at.is_(None))
    return list(session().scalars(statement))


def contents() -> dict[str, tuple[int, str]]:
    """Of every table the number of rows and a digest of what they say."""
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in session().execute(select(table)))
        found[table.name] = (len(rows), hashlib.sha256(json.dumps(rows).encode()).hexdigest())
    session().rollback()
    return found


def test_the_command_says_what_it_loaded(loaded: Any) -> None:
    assert set(SESSIONS) <= set(loaded["loaded"])
    assert loaded["logins"] == [f"{who}@example.vn" for who in ("admin", "organizer", "instructor", "trainee")]


def test_a_second_run_changes_nothing(demo: Flask, command: Command) -> None:
    before = contents()
    assert command("demo") == {"loaded": [], "logins": list(logins.ADDRESSES), "password": None}
    assert contents() == before


@pytest.mark.parametrize("key", SESSIONS)
def test_events_have_their_days_and_hosts(demo: Flask, key: str) -> None:
    event = get_event(key)
    assert [one.key for one in event.sessions] == SESSIONS[key]
    assert [host.unit.key for host in event.hosts] == HOSTS[key]
    assert event.state == "published"
    assert event.published_at is not None
    assert event.published_at.date() < event.starts_on
    assert all((event.title_en, event.summary, event.summary_en, event.place_en, event.documents))


def test_speakers_have_the_posts_of_that_day(demo: Flask) -> None:
    speakers = session().execute(
        select(Speaker, Event).join(Topic, Topic.id == Speaker.topic_id).join(HalfDay).join(Event)
    )
    printed = {}
    for speaker, event in speakers:
        assert speaker.posts_held
        assert speaker.posts_held == posts_held.printed(speaker.person, event.starts_on)
        printed[speaker.person.full_name] = speaker.posts_held
    assert printed["Bùi Đức Hinh"] == (
        "Phó Bí thư Thường trực Tỉnh ủy Hòa Bình, Chủ tịch Hội đồng nhân dân tỉnh Hòa Bình, "
        "Trưởng Ban Chỉ đạo công tác thông tin đối ngoại tỉnh Hòa Bình"
    )
    assert printed["Đinh Tiến Dũng"] == "Phó Cục trưởng Cục Thông tin đối ngoại"
    hinh = session().scalars(select(Person).where(Person.full_name == "Bùi Đức Hinh")).one()
    assert [post.rank for post in hinh.posts] == [1, 2, 3]
    assert hinh.posts_on(date(2025, 8, 1)) == []


def test_quotas_are_those_of_their_day(demo: Flask) -> None:
    northern = get_event("hoa-binh-2024").quotas
    assert len(northern) == 14
    assert all(quota.unit.kind == UnitKind.PROVINCE for quota in northern)
    provinces = [one for one in get_event("da-lat-2024").quotas if one.unit.kind == UnitKind.PROVINCE]
    assert len(provinces) == 63
    for key in SESSIONS:
        event, picture = get_event(key), registration.quota_picture(get_event(key))
        assert all(quota.unit.existed_on(event.starts_on) for quota in event.quotas)
        assert sum(quota.seats for quota in event.quotas) == picture.seats
        assert all(0 < line.registered <= line.seats for line in picture.lines)
        assert picture.registered + picture.outside == len(delegates_of(key))


def test_more_than_three_hundred_came_to_da_lat(demo: Flask) -> None:
    assert len(delegates_of("da-lat-2024")) > 300
    imported = session().scalars(select(DelegateImport).join(Event).where(Event.key == "da-lat-2024")).one()
    assert imported.error_count == 0
    assert imported.written_count > 300
    assert any(row["repairs"] for row in imported.rows)


def test_everything_invented_is_marked(demo: Flask) -> None:
    public = set(session().scalars(select(Speaker.person_id)))
    unmarked = session().scalars(select(Person).where(Person.specimen.is_(False))).all()
    assert {person.id for person in unmarked} <= public
    assert len(unmarked) == 12
    assert session().scalars(select(Event.key).where(Event.specimen.is_(False))).all() == []
    assert (
        session().scalars(select(CertificateProgramme.id).where(CertificateProgramme.specimen.is_(False))).all() == []
    )
    for certificate in session().scalars(select(Certificate)):
        assert certificate.facts["specimen"] is True
        assert certificate.facts["agency"] == "TRUNG TÂM BỒI DƯỠNG MẪU"
        assert certificate.facts["signer"] == "Người Ký Mẫu"


def test_nobody_can_be_called_by_accident(demo: Flask) -> None:
    phones = session().scalars(select(Person.phone).where(Person.phone.is_not(None))).all()
    assert phones
    assert all(phone and phone.startswith("030") and len(phone) == 10 for phone in phones)


def test_past_events_have_realistic_attendance(demo: Flask) -> None:
    for key, sessions in SESSIONS.items():
        people = delegates_of(key)
        counts = Counter(
            session().scalars(
                select(Scan.half_day_id)
                .join(HalfDay)
                .where(HalfDay.event_id == get_event(key).id, Scan.voided_at.is_(None))
            )
        )
        assert len(counts) == len(sessions)
        assert all(0.75 * len(people) < number < len(people) for number in counts.values())


def test_people_are_coming_in_today_and_nobody_from_the_future(demo: Flask) -> None:
    arrivals = (
        session()
        .execute(select(HalfDay.half, Scan.at).join(HalfDay).where(HalfDay.event_id == get_event("lam-khe-hom-nay").id))
        .all()
    )
    assert len(arrivals) > 20
    assert {half for half, _at in arrivals} == {"sang"}
    assert max(at for _half, at in arrivals) <= TEN_O_CLOCK


def test_nam_dinh_shows_every_reason_and_waits_for_its_organizer(demo: Flask) -> None:
    candidates = records.candidates_of(get_event("nam-dinh-2024"))
    missing = {line.kind for one in candidates for line in one.entitlement.unmet}
    assert missing == {"attendance", "course", "test"}
    assert any(one.waits for one in candidates)
    assert not any(one.certificate_id for one in candidates)
    failed = [one for one in candidates if one.record.score and not one.record.score.passed]
    assert failed


def test_certificates_were_issued_one_revoked_one_issued_again(demo: Flask) -> None:
    certificates = session().scalars(select(Certificate)).all()
    events = {certificate.event.key for certificate in certificates if certificate.event}
    assert events == set(SESSIONS) - {"nam-dinh-2024"}
    assert {certificate.facts["design"] for certificate in certificates} == {"trang-trong", "hien-dai", "co-dien"}
    revoked = [certificate for certificate in certificates if certificate.revoked_at]
    assert len(revoked) == 2
    assert len([one for one in certificates if one.replaces_id is not None]) == 1
    for certificate in certificates:
        assert certificate.event is not None
        assert certificate.issued_on.year == certificate.event.starts_on.year


def test_plan_ninety_has_its_task_groups(demo: Flask) -> None:
    plan = session().scalars(select(TrainingPlan).where(TrainingPlan.number == "90/KH-UBND")).one()
    assert plan.issuer.key == "ubnd-nam-dinh"
    assert plan.issued_on == date(2024, 6, 21)
    assert len(plan.task_groups) == 5
    assert plan.indicators
    assert [event.key for event in plan.events] == ["nam-dinh-2024"]


def test_the_four_logins_work_and_have_their_roles(demo: Flask) -> None:
    roles = {"admin": {Role.ADMIN}, "organizer": {Role.ORGANIZER}, "instructor": {Role.INSTRUCTOR}, "trainee": set()}
    for login, expected in roles.items():
        account = accounts.find_by_email(f"{login}@example.vn")
        assert account is not None
        assert passwords.matches(PASSWORD, account.password_hash)
        assert set(account.granted_roles()) == expected


def test_the_trainee_has_something_of_everything(demo: Flask) -> None:
    account = accounts.find_by_email("trainee@example.vn")
    assert account is not None
    of_trainee = {"person_id": account.person_id}
    seats = registration.events_of_person(account.person_id)
    assert any(seat.event.ends_on < TODAY for seat in seats)
    assert any(seat.event.starts_on > TODAY for seat in seats)
    assert session().scalars(select(Certificate).filter_by(**of_trainee)).all()
    assert session().scalars(select(Attempt).filter_by(**of_trainee)).one().handed_in_at is not None
    assert session().scalars(select(Enrolment).filter_by(**of_trainee)).one().completed_at is None


def test_the_office_test_has_spread_scores(demo: Flask) -> None:
    scores = (
        session().scalars(select(Attempt.score).join(Quiz).where(Quiz.key.is_(None), Attempt.preview.is_(False))).all()
    )
    assert len(scores) >= 20
    assert len(set(scores)) >= 5
    test = session().scalars(select(Quiz).where(Quiz.key.is_(None))).one()
    assert {item.question.kind for item in test.items} == {"single", "multiple", "truefalse", "short"}


def test_no_job_is_left_but_mail_and_reminders_of_days_to_come(demo: Flask) -> None:
    waiting = session().execute(
        select(Job.kind, func.min(Job.run_at)).where(Job.finished_at.is_(None)).group_by(Job.kind)
    )
    first = dict(map(tuple, waiting))
    assert first.keys() == {"mail.send", "registration.remind"}
    assert first["registration.remind"] > clock.now()


def test_the_register_lists_no_invented_province(demo: Flask, command: Command) -> None:
    assert len(command("units", "list", "--kind", "province", "--as-of", "2024-08-07")["units"]) == 63
    assert len(command("units", "list", "--kind", "province", "--as-of", "2026-01-01")["units"]) == 34
