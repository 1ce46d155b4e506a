"""Issuing to those entitled: numbers, frozen facts and PDF, mail, the job, and what later edits cannot touch."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.certificates import queries, service
from lms.certificates.models import Certificate, CertificateProgramme
from lms.core import clock, files, jobs
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.mail import OutboxMail
from lms.learning.models import Enrolment
from lms.people.models import Person
from tests.certificates.conftest import ISSUED_AT, Class
from tests.printed import codes, flat, page_texts
from tests.world import World

Write = Callable[..., CertificateProgramme]


def add_people(lesson: Class, world: World, count: int) -> None:
    """Seat invented people who fulfil the rule."""
    for number in range(count):
        person = Person(email=f"nguoi{number}@example.vn")
        person.rename(f"Người Thử {number:02d}")
        session().add(person)
        session().flush()
        lesson.fulfil(lesson.join(person, world.units["lam-khe"]))


def test_the_entitled_get_a_number_and_a_frozen_pdf(
    lesson: Class, programme: CertificateProgramme, world: World
) -> None:
    issued = service.issue_all(lesson.event, world.organizer, ISSUED_AT)
    (certificate,) = issued.certificates
    assert certificate.register_number == "01/2024/GCN-LAMKHÊ"
    assert certificate.public_number == f"01-2024-GCN-LAMKHE-{certificate.code}"
    assert certificate.holder_name == "Đặng Văn Đức"
    assert certificate.issued_on == date(2024, 8, 9)
    pdf = files.read(certificate.file)
    text = flat(page_texts(pdf)[0])
    for words in (
        "Đặng Văn Đức",
        "01/2024/GCN-LAMKHÊ",
        "Lớp tập huấn thông tin đối ngoại năm 2024",
        "Người Ký Mẫu",
        "xã Nậm Khoang",
        "Lam Khê, ngày 09 tháng 8 năm 2024",
        "thời lượng 8 giờ",
        "7 August 2024",
    ):
        assert words in text.replace("\u00a0", " ")
    assert codes(pdf) == [f"http://lms.test/verify/{certificate.public_number}"]
    assert "MẪU" not in text


def test_the_holder_is_told_and_the_act_recorded(lesson: Class, programme: CertificateProgramme, world: World) -> None:
    (certificate,) = service.issue_all(lesson.event, world.organizer, ISSUED_AT).certificates
    mail = session().scalars(select(OutboxMail)).one()
    assert mail.recipient == "trainee@example.vn"
    assert mail.subject == "Giấy chứng nhận số 01/2024/GCN-LAMKHÊ đã cấp"
    assert f"http://lms.test/verify/{certificate.public_number}" in mail.body
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "certificate.issue")).one()
    assert (entry.subject, entry.actor_id) == (f"certificate:{certificate.id}", world.organizer.id)


def test_issuing_again_gives_no_second_certificate(lesson: Class, programme: CertificateProgramme) -> None:
    assert len(service.issue_all(lesson.event, at=ISSUED_AT).certificates) == 1
    assert not service.issue_all(lesson.event, at=ISSUED_AT).certificates
    lesson.fulfil(lesson.delegates["Bùi Thị Ngọc Ánh"])
    (later,) = service.issue_all(lesson.event, at=ISSUED_AT + timedelta(days=1)).certificates
    assert later.register_number == "02/2024/GCN-LAMKHÊ"


def test_later_edits_change_nothing_issued(
    lesson: Class, programme: CertificateProgramme, make_programme: Write, world: World
) -> None:
    (certificate,) = service.issue_all(lesson.event, at=ISSUED_AT).certificates
    digest, facts, pdf = certificate.file, dict(certificate.facts), files.read(certificate.file)
    make_programme(lesson.event, signer_name="Người Ký Khác", title="Tên khác", design="co-dien", agency_name="Khác")
    world.trainee.person.rename("Đặng Văn Đức Mới")
    lesson.delegates["Đặng Văn Đức"].full_name = "Đặng Văn Đức Mới"
    lesson.event.title, lesson.event.hours, lesson.event.attendance_percent = "Sự kiện khác", 99, 0
    session().flush()
    session().expire_all()
    again = session().get_one(Certificate, certificate.id)
    assert (again.file, again.facts) == (digest, facts)
    assert files.read(again.file) == pdf


def test_an_event_that_is_a_specimen_issues_specimens(lesson: Class, make_programme: Write) -> None:
    lesson.event.specimen = True
    assert make_programme(lesson.event, specimen=False).specimen
    (certificate,) = service.issue_all(lesson.event, at=ISSUED_AT).certificates
    assert certificate.facts["specimen"] is True
    assert "MẪU" in page_texts(files.read(certificate.file))[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [("draft", "draft"), ("cancelled", "cancelled"), ("early", "too-early"), ("unwritten", "no-programme")],
)
def test_what_must_stand_before_issuing(lesson: Class, make_programme: Write, change: str, code: str) -> None:
    if change != "unwritten":
        make_programme(lesson.event)
    if change == "draft":
        lesson.event.published_at = None
    if change == "cancelled":
        lesson.event.cancelled_at = ISSUED_AT
    at = datetime(2024, 8, 6, 1, tzinfo=UTC) if change == "early" else ISSUED_AT
    with pytest.raises(RuleBroken) as refusal:
        service.issue_all(lesson.event, at=at)
    assert refusal.value.code == code


def test_a_name_that_cannot_be_printed_stops_nobody_else(
    lesson: Class, programme: CertificateProgramme, world: World
) -> None:
    add_people(lesson, world, 3)
    lesson.delegates["Người Thử 01"].full_name = "Ｗ" * 10
    issued = service.issue_all(lesson.event, at=ISSUED_AT)
    assert [one.number for one in issued.certificates] == [1, 2, 3]
    ((name, why),) = issued.refused
    assert name == "Ｗ" * 10
    assert "không có trong phông chữ" in why


def test_the_job_issues_in_parts_and_goes_on_after_a_crash(
    lesson: Class, programme: CertificateProgramme, world: World
) -> None:
    add_people(lesson, world, 44)
    job = service.start_issue(lesson.event, world.organizer, "/back")
    assert service.start_issue(lesson.event, world.organizer, "/back") is job
    steps = service.run_issue(job)
    assert next(steps) == (0, 45)
    assert next(steps) == (20, 45)
    steps.close()
    assert queries.count_issued(lesson.event) == (20, 20)
    assert list(service.run_issue(job)) == [(20, 45), (40, 45), (45, 45)]
    numbers = session().scalars(select(Certificate.number).order_by(Certificate.number)).all()
    assert numbers == list(range(1, 46))
    assert job.result == {"issued": 45, "refused": []}
    assert list(service.run_issue(job)) == [(45, 45)]


def test_a_finished_job_is_followed_by_another(lesson: Class, programme: CertificateProgramme, world: World) -> None:
    first = service.start_issue(lesson.event, world.organizer)
    jobs.run_here(first)
    with pytest.raises(RuleBroken) as refusal:
        service.start_issue(lesson.event, world.organizer)
    assert refusal.value.code == "nobody"
    lesson.fulfil(lesson.delegates["Bùi Thị Ngọc Ánh"])
    second = service.start_issue(lesson.event, world.organizer)
    assert second is not first
    jobs.run_here(second)
    assert queries.count_issued(lesson.event) == (2, 2)


def test_the_programme_rests_while_issuing(
    lesson: Class, programme: CertificateProgramme, make_programme: Write, world: World
) -> None:
    service.start_issue(lesson.event, world.organizer)
    with pytest.raises(RulesBroken) as refusals:
        make_programme(lesson.event, signer_name="Khác")
    assert refusals.value.refusals[0].code == "being-issued"


def test_who_completed_a_course_gets_its_certificate(lesson: Class, make_programme: Write) -> None:
    make_programme(lesson.course, symbol="GCN-KH", agency_name="Cục Minh Họa")
    started = session().scalars(select(Enrolment)).one()
    (certificate,) = service.issue_all(lesson.course, at=ISSUED_AT).certificates
    assert certificate.course_id == lesson.course.id
    assert certificate.facts["starts_on"] == clock.local(started.enrolled_at).date().isoformat()
    assert certificate.facts["ends_on"] == "2024-08-01"
    assert "khóa học" in flat(page_texts(files.read(certificate.file))[0])
    assert not service.issue_all(lesson.course, at=ISSUED_AT).certificates


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"symbol": "gcn/x y"}, "symbol"),
        ({"place": ""}, "place"),
        ({"signer_name": "  "}, "signer_name"),
        ({"signer_post": "\n"}, "signer_post"),
        ({"title": "Hội nghị tập huấn công tác thông tin đối ngoại " * 8}, "title"),
        ({"signer_name": "Người Ký Ｗ"}, "signer_name"),
    ],
)
def test_a_programme_that_cannot_be_printed_is_refused(
    lesson: Class, make_programme: Write, words: dict[str, str], field: str
) -> None:
    with pytest.raises(RulesBroken) as refusals:
        make_programme(lesson.event, **words)
    assert [one.field for one in refusals.value.refusals] == [field]


def test_nobody_numbers_from_the_book_of_another_unit(lesson: Class, make_programme: Write, world: World) -> None:
    with pytest.raises(RulesBroken) as refusals:
        make_programme(lesson.event, world.organizer, agency=world.units["bo-thu"])
    assert refusals.value.refusals[0].field == "agency"
    assert make_programme(lesson.event, world.organizer, agency=world.units["so-lam-khe"]).agency_id


@pytest.mark.parametrize(
    ("venue", "printed"),
    [
        ("Thành phố Đà Lạt", "tại thành phố Đà Lạt"),
        ("Hội trường tỉnh", "tại hội trường tỉnh"),
        ("Hà Nội", "tại Hà Nội"),
    ],
)
def test_a_place_reads_on_inside_the_sentence(
    lesson: Class, programme: CertificateProgramme, venue: str, printed: str
) -> None:
    lesson.event.place = venue
    (certificate,) = service.issue_all(lesson.event, at=ISSUED_AT).certificates
    text = flat(page_texts(files.read(certificate.file))[0]).replace("\u00a0", " ")
    assert f"{printed}, thời lượng 8 giờ" in text
    assert certificate.facts["venue"] == venue
