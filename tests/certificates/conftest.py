"""A finished event of two half-days with a course and a test as its rule, three delegates, and its programme."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from lms.accounts.models import Account
from lms.attendance.models import Scan, ScanKind, ScanMethod
from lms.certificates import service
from lms.certificates.models import Certificate, CertificateProgramme
from lms.certificates.programme import set_programme
from lms.core.db import session
from lms.courses.models import Course
from lms.events.models import Event, EventKind, Half, HalfDay, RequiredCourse
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import Quiz
from lms.registration import tickets
from lms.registration.models import Delegate, DelegateRole
from lms.units.models import Unit
from tests.world import World

DAY = date(2024, 8, 7)
ISSUED_AT = datetime(2024, 8, 9, 3, tzinfo=UTC)
KEY = "lam-khe-2024"


@dataclass
class Class:
    """The event of the tests with the rows of its rule, and verbs that write what its delegates did."""

    event: Event
    course: Course
    quiz: Quiz
    delegates: dict[str, Delegate] = field(default_factory=dict)

    def join(
        self, person: Person, unit: Unit, post: str = "Chuyên viên", role: DelegateRole = DelegateRole.DELEGATE
    ) -> Delegate:
        """Give a person a seat."""
        delegate = Delegate(
            event=self.event,
            person=person,
            unit=unit,
            role=role,
            full_name=person.full_name,
            post=post,
            ticket=tickets.draw(),
            sort_key=person.sort_key,
            unit_sort_key=unit.sort_key,
            search=person.search,
        )
        session().add(delegate)
        session().flush()
        self.delegates[person.full_name] = delegate
        return delegate

    def come(self, delegate: Delegate, *half_days: int, kind: ScanKind = ScanKind.IN) -> list[Scan]:
        """Scan a delegate into half-days by their place from 0."""
        scans = []
        for place in half_days:
            half_day = self.event.sessions[place]
            moment = datetime.combine(half_day.on, half_day.starts_at, UTC)
            scans.append(
                Scan(
                    uuid=str(uuid4()),
                    half_day=half_day,
                    delegate=delegate,
                    kind=kind,
                    method=ScanMethod.QR,
                    at=moment,
                    stored_at=moment,
                )
            )
        session().add_all(scans)
        session().flush()
        return scans

    def complete(self, delegate: Delegate) -> None:
        """Let a delegate complete the required course."""
        done = datetime(2024, 8, 1, 2, tzinfo=UTC)
        session().add(
            Enrolment(
                person_id=delegate.person_id, course=self.course, enrolled_at=done - timedelta(9), completed_at=done
            )
        )
        session().flush()

    def sit(self, delegate: Delegate, score: float, *, preview: bool = False, open_: bool = False) -> None:
        """Let a delegate take the test of ten points, pass mark five."""
        begun = datetime(2024, 8, 7, 8, tzinfo=UTC)
        session().add(
            Attempt(
                quiz=self.quiz,
                person_id=delegate.person_id,
                preview=preview,
                started_at=begun,
                max_score=10,
                handed_in_at=None if open_ else begun + timedelta(minutes=20),
                score=None if open_ else score,
                passed=None if open_ else score >= 5,
            )
        )
        session().flush()

    def fulfil(self, delegate: Delegate) -> None:
        """Let a delegate do all that the rule asks for."""
        self.come(delegate, 0, 1)
        self.complete(delegate)
        self.sit(delegate, 8)


@pytest.fixture
def bare_class(world: World) -> Class:
    """The event with its rule and no delegates."""
    unit = world.units["lam-khe"]
    loaded = datetime(2024, 1, 1, tzinfo=UTC)
    quiz = Quiz(unit=unit, pass_percent=50, published_at=loaded)
    quiz.rename("Kiểm tra cuối lớp", "Final test")
    course = Course(
        slug="khung-chinh-sach",
        unit=unit,
        title="Khung chính sách",
        title_en="Policy framework",
        summary="",
        summary_en="",
        edition="1",
        loaded_at=loaded,
        hours=6,
    )
    event = Event(
        key=KEY,
        unit=unit,
        kind=EventKind.CLASS,
        title="Lớp tập huấn thông tin đối ngoại năm 2024",
        title_en="the 2024 Training Class on External Information",
        place="Hội trường tỉnh Lam Khê",
        place_en="Lam Khê Provincial Hall",
        starts_on=DAY,
        ends_on=DAY,
        hours=8,
        attendance_percent=100,
        test=quiz,
        published_at=loaded,
    )
    event.sessions += [
        HalfDay(on=DAY, half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30)),
        HalfDay(on=DAY, half=Half.AFTERNOON, starts_at=time(14), ends_at=time(17)),
    ]
    session().add_all([quiz, course, event])
    session().flush()
    event.required_courses.append(RequiredCourse(course=course))
    session().flush()
    return Class(event, course, quiz)


@pytest.fixture
def lesson(bare_class: Class, world: World) -> Class:
    """The event with three delegates: Đức (trainee) fulfils all, Ánh came once, Mẩy took part as a speaker."""
    duc = bare_class.join(world.trainee.person, world.units["nam-khoang"], "Công chức văn hóa – xã hội")
    anh = bare_class.join(world.other_trainee.person, world.units["binh-sa"])
    bare_class.join(world.organizer.person, world.units["so-lam-khe"], role=DelegateRole.SPEAKER)
    bare_class.fulfil(duc)
    bare_class.come(anh, 0)
    bare_class.sit(anh, 4.5)
    return bare_class


@pytest.fixture
def make_programme(world: World) -> Callable[..., CertificateProgramme]:
    """Write a programme; keywords change its words."""

    def write(subject: Event | Course, by: Account | None = None, **words: object) -> CertificateProgramme:
        usual: dict[str, object] = {
            "agency": world.units["lam-khe"],
            "symbol": "GCN-LAMKHÊ",
            "place": "Lam Khê",
            "signer_name": "Người Ký Mẫu",
            "signer_post": "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
            "agency_name": "Ủy ban nhân dân tỉnh Lam Khê",
        }
        return set_programme(subject, by=by, **(usual | words))

    return write


@pytest.fixture
def programme(lesson: Class, make_programme: Callable[..., CertificateProgramme]) -> CertificateProgramme:
    """What the event's certificates say."""
    return make_programme(lesson.event)


@pytest.fixture
def certificate(lesson: Class, programme: CertificateProgramme) -> Certificate:
    """Đức's certificate."""
    (made,) = service.issue_all(lesson.event, at=ISSUED_AT).certificates
    return made


def crowd(lesson: Class, world: World, count: int) -> None:
    """Seat invented people, every second of whom fulfils the rule."""
    for number in range(count):
        person = Person()
        person.rename(f"Người Thử {number:02d}")
        session().add(person)
        session().flush()
        delegate = lesson.join(person, world.units["lam-khe"])
        if number % 2:
            lesson.fulfil(delegate)
