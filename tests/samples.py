"""One row of everything that an address can name, owned by tỉnh Lam Khê: for tests that walk through all addresses."""

from base64 import b64decode
from datetime import date, time
from typing import Any

from lms.accounts import service as accounts_service
from lms.attendance import excuses, rotating
from lms.attendance.models import DoorDevice, PointLeader, ScanMethod, SheetDoubt
from lms.attendance.service import check_in
from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.certificates.programme import set_programme
from lms.core import audit, clock, files, tokens
from lms.core.db import session
from lms.core.jobs import Job
from lms.core.mail import OutboxMail
from lms.corpus.models import Document
from lms.courses.models import Course, Figure, Lesson, LessonKind, Module
from lms.events.models import (
    Event,
    EventDocument,
    EventHost,
    EventKind,
    Half,
    HalfDay,
    HostRole,
    Point,
    Quota,
    Speaker,
    Topic,
    TrainingPlan,
)
from lms.people import merging, requests
from lms.people import service as people
from lms.people.models import DataRequestKind
from lms.quizzes import bank_bulk, figures
from lms.quizzes import importing as question_files
from lms.quizzes.attempt_models import Accommodation, Attempt, AttemptItem
from lms.quizzes.kinds.choice import true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.marking_models import Appeal
from lms.quizzes.models import Question, QuestionBank, QuestionKind, QuestionVersion, Quiz, QuizItem, QuizSection
from lms.registration import bulk, importing, invitations, links, notices
from lms.registration.models import Application, ApplicationState, Delegate, FocalPoint, SeatRequest
from tests.registration.sheets import delegates
from tests.world import World

EVENT_DAY = date(2026, 3, 10)


def samples(world: World) -> dict[tuple[str | None, str], Any]:
    """Values of address parameters by (blueprint, parameter); a blueprint of None stands for any other."""
    event, half_day, topic, speaker, document = _event(world)
    quiz, question, attempt = _quiz(world)
    course = _course(world, quiz)
    delegate = _delegate(world, event)
    spreadsheet = importing.upload(event, world.organizer, delegates(("Vàng A Chứ", "Xã Nậm Khoang")), "danh sách.xlsx")
    scan = check_in(half_day, delegate, world.organizer, ScanMethod.MANUAL).scan
    assert scan is not None
    plan = TrainingPlan(
        unit=world.units["lam-khe"], number="90/KH-UBND", title="Kế hoạch", issuer=world.units["lam-khe"],
        issued_on=EVENT_DAY, starts_on=EVENT_DAY, ends_on=EVENT_DAY,
    )  # fmt: skip
    job = Job(id="a-job", kind="x", key="x", payload={}, created_at=clock.now(), run_at=clock.now(), result={})
    mail = OutboxMail(recipient="a@example.vn", subject="Thư", body="Nội dung", created_at=clock.now())
    session().add_all([plan, job, mail, _law()])
    session().flush()
    grant = world.organizer.grants[0]
    return {
        ("units", "key"): "lam-khe",
        ("corpus", "key"): "nd-1-2020",
        (None, "key"): event.key,
        (None, "name"): "help",
        (None, "account_id"): world.organizer.id,
        (None, "grant_id"): grant.id,
        (None, "attempt_id"): attempt.id,
        (None, "position"): 1,
        (None, "slug"): course.slug,
        (None, "number"): 1,
        ("courses", "path"): "m/x.svg",
        (None, "document_id"): document.id,
        (None, "delegate_id"): delegate.id,
        (None, "form"): "xlsx",
        (None, "kind"): "call",
        (None, "suffix"): "pdf",
        (None, "unit_id"): world.units["lam-khe"].id,
        (None, "import_id"): spreadsheet.id,
        (None, "own_import_id"): _own_import(world, event),
        (None, "session_key"): half_day.key,
        ("here", "code"): rotating.code_at(half_day.id, None, clock.now()),
        (None, "topic_id"): topic.id,
        (None, "speaker_id"): speaker.id,
        (None, "job_id"): job.id,
        (None, "token"): accounts_service.issue_token(world.other_trainee, accounts_service.RESET_LIFE),
        (None, "link"): _link(delegate),
        (None, "person_id"): world.trainee.person_id,
        (None, "plan_id"): plan.id,
        (None, "bank_id"): question.bank_id,
        (None, "question_id"): question.id,
        (None, "digest"): _figure(),
        (None, "file_id"): _question_file(world, question.bank),
        ("quizzes", "entry_id"): _many_changed(world, question),
        (None, "section_id"): quiz.sections[0].id,
        (None, "accommodation_id"): _accommodation(world, quiz),
        ("quizzes", "what"): "papers",
        **_judged(world, quiz, question),
        (None, "quiz_id"): quiz.id,
        (None, "mail_id"): mail.id,
        (None, "half_day_id"): half_day.id,
        (None, "certificate_id"): _certificate(world, event, delegate).id,
        (None, "uuid"): scan.uuid,
        (None, "device_id"): _device(world, event),
        (None, "entry_id"): _act_on_many(world, event),
        (None, "point_id"): _point(world, event),
        **_seats(world, event),
        **_presence(world, half_day, delegate),
        **_records(world),
    }


def _event(world: World) -> tuple[Event, HalfDay, Topic, Speaker, EventDocument]:
    event = Event(
        key="hoi-nghi-thu", unit=world.units["lam-khe"], kind=EventKind.CONFERENCE, title="Hội nghị thử",
        title_en="Trial conference", place="Hội trường Lam Khê", starts_on=EVENT_DAY, ends_on=EVENT_DAY,
        published_at=clock.now(), search="hoi nghi thu",
    )  # fmt: skip
    half_day = HalfDay(on=EVENT_DAY, half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30))
    topic = Topic(position=1, title="Chuyên đề một")
    speaker = Speaker(person=world.instructor.person, position=1)
    document = EventDocument(
        position=1, title="Tài liệu", file=files.store(b"%PDF-1.4"), file_name="tai-lieu.pdf",
        media_type="application/pdf", size=8,
    )  # fmt: skip
    topic.speakers.append(speaker)
    half_day.topics.append(topic)
    event.sessions.append(half_day)
    event.documents.append(document)
    event.hosts.append(EventHost(unit=world.units["lam-khe"], role=HostRole.HOST))
    event.quotas += [Quota(unit=world.units[key], seats=5) for key in ("lam-khe", "nam-khoang")]
    session().add(event)
    session().flush()
    return event, half_day, topic, speaker, document


def _seats(world: World, event: Event) -> dict[tuple[str | None, str], Any]:
    """An application, a unit's request for seats, and a focal point."""
    unit = world.units["nam-khoang"]
    application = Application(event=event, unit=unit, state=ApplicationState.WAITING, full_name="Phạm S")
    request = SeatRequest(event=event, unit=unit, seats=1, reason="Thêm người", asked_by_id=world.organizer.id)
    focal_point = FocalPoint(event=event, unit=world.units["lam-khe"], account=world.organizer)
    session().add_all([application, request, focal_point])
    session().flush()
    return {
        (None, "unit_key"): unit.key,
        (None, "application_id"): application.id,
        (None, "application_token"): tokens.signed(notices.APPLICATION, application.id),
        (None, "request_id"): request.id,
        (None, "answer"): "approval",
    }


def _own_import(world: World, event: Event) -> int:
    """A spreadsheet of the focal point of Nậm Khoang."""
    content = delegates(("Vàng A Chứ", "Xã Nậm Khoang"))
    own = importing.upload(event, world.other_trainee, content, "danh sách đơn vị.xlsx")
    own.layout = {**own.layout, "unit": world.units["nam-khoang"].id}
    session().flush()
    return own.id


def _point(world: World, event: Event) -> int:
    """A remote point that the organizer answers for."""
    point = Point(event=event, position=1, name="Nậm Khoang")
    session().add(PointLeader(point=point, account=world.organizer))
    session().flush()
    return point.id


def _presence(world: World, half_day: HalfDay, delegate: Delegate) -> dict[tuple[str | None, str], Any]:
    """Leave of a delegate, and doubtful rows: one of theirs, one of a written name."""
    [leave] = excuses.excuse([half_day], delegate, world.organizer, "Họp đột xuất")
    doubt = SheetDoubt(half_day_id=half_day.id, written="Phạm S", doubt="Tờ 1", noted_by_id=world.organizer.id)
    theirs = SheetDoubt(half_day_id=half_day.id, delegate_id=delegate.id, doubt="Nhòe", noted_by_id=world.organizer.id)
    session().add_all([doubt, theirs])
    session().flush()
    return {(None, "excuse_id"): leave.id, (None, "doubt_id"): doubt.id}


def _records(world: World) -> dict[tuple[str | None, str], Any]:
    """Another record of a person, one merged into it, and a request about data."""
    other, gone = people.create("Phạm S"), people.create("Phạm S")
    asked = requests.ask(world.trainee.person, DataRequestKind.COPY, "", None)
    return {
        (None, "other_id"): other.id,
        (None, "merge_id"): merging.merge(other, gone, None).id,
        ("people", "request_id"): asked.id,
        ("people", "post_id"): world.trainee.person.posts[0].id,
    }


def _delegate(world: World, event: Event) -> Delegate:
    person = world.trainee.person
    delegate = Delegate(
        event=event, person=person, unit=world.units["nam-khoang"], full_name=person.full_name, post="Công chức",
        ticket="AAAA-1111", sort_key=person.sort_key, search=person.search, quota_unit_id=world.units["nam-khoang"].id,
    )  # fmt: skip
    session().add(delegate)
    session().flush()
    return delegate


def _device(world: World, event: Event) -> int:
    """A door device of the event."""
    device = DoorDevice(
        key="6d1f6a57-3f0d-4a0e-9d8e-0a0c5a9f6a01", event=event, name="Cửa chính", token="0" * 64,
        opened_by_id=world.organizer.id,
    )  # fmt: skip
    session().add(device)
    session().flush()
    return device.id


def _act_on_many(world: World, event: Event) -> int:
    """An act on many delegates that can be undone."""
    detail = {"act": "role", "value": "guest", "at": "", "before": [], "left": [], "left_number": 0}
    entry = audit.record(bulk.VERB, f"event:{event.id}", actor_id=world.organizer.id, **detail)
    session().flush()
    return entry.id


def _link(delegate: Delegate) -> str:
    """The personal link of an invited delegate."""
    invitations.invite(delegate, None)
    session().flush()
    return links.token_of(delegate, delegate.person.email or "")


def _quiz(world: World) -> tuple[Quiz, Question, Attempt]:
    bank = QuestionBank(title="Ngân hàng", unit=world.units["lam-khe"])
    question = Question(bank=bank, key="Q1", position=1, kind=QuestionKind.TRUE_FALSE, search="cau mot")
    version = QuestionVersion(
        question=question, number=1, kind=QuestionKind.TRUE_FALSE, stem="Câu một?",
        body=true_false(True).stored(),
    )  # fmt: skip
    quiz = Quiz(unit=world.units["lam-khe"], title="Bài thử", published_at=clock.now())
    session().add_all([bank, question, version, quiz])
    session().flush()
    quiz.items.append(QuizItem(question=question, position=1, points=1))
    quiz.sections.append(QuizSection(position=1, title="Phần I"))
    attempt = Attempt(quiz=quiz, person=world.trainee.person, started_at=clock.now(), max_score=1.0)
    attempt.items.append(AttemptItem(position=1, question_version=version, option_order=["true", "false"], points=1))
    session().add(attempt)
    session().flush()
    return quiz, question, attempt


def _judged(world: World, quiz: Quiz, question: Question) -> dict[tuple[str | None, str], Any]:
    """A closed attempt with an essay that waits for a marker, and an appeal to its other question."""
    content = Essay((Criterion(Both("Đủ ý"), (Level(0, Both("thiếu")), Level(2, Both("đủ")))),))
    version = QuestionVersion(number=1, kind=QuestionKind.ESSAY, stem="Viết tin đầu.", body=content.stored())
    essay = Question(bank_id=question.bank_id, key="Q9", position=9, kind=QuestionKind.ESSAY, versions=[version])
    session().add(essay)
    moment = clock.now()
    attempt = Attempt(
        quiz=quiz, person=world.other_trainee.person, started_at=moment, max_score=3.0, handed_in_at=moment, score=1.0
    )
    choice = AttemptItem(position=1, question_version=question.current_version, points=1, score=1.0)
    item = AttemptItem(position=2, question_version=version, points=2, answer={"text": "Chúng tôi đang xác minh."})
    attempt.items += [choice, item]
    session().add(attempt)
    session().flush()
    appeal = Appeal(attempt_id=attempt.id, attempt_item_id=choice.id, reason="Đề nghị xem lại câu một.")
    session().add(appeal)
    session().flush()
    return {("quizzes", "item_id"): item.id, ("quizzes", "appeal_id"): appeal.id}


def _accommodation(world: World, quiz: Quiz) -> int:
    """Another attempt for one person."""
    one = Accommodation(
        quiz=quiz, person=world.trainee.person, extra_attempts=1, reason="Ốm", granted_by_id=world.instructor.id
    )
    session().add(one)
    session().flush()
    return one.id


def _figure() -> str:
    """A white dot, kept as an image of questions."""
    dot = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj/FQAAAABJRU5ErkJggg==")
    return figures.keep(dot, None).digest


def _question_file(world: World, bank: QuestionBank) -> int:
    """A file of questions handed in for the bank."""
    return question_files.hand_in(world.admin, bank, "cau.txt", "Câu hai? {T}".encode(), "gift").id


def _many_changed(world: World, question: Question) -> int:
    """An act on questions that can be undone."""
    return bank_bulk.change(world.admin, question.bank, [question.id], bank_bulk.Act.TOPIC, "m1").entry_id


def _course(world: World, quiz: Quiz) -> Course:
    course = Course(
        slug="khoa-thu", unit=world.units["lam-khe"], title="Khóa thử", title_en="Trial", summary="Tóm tắt",
        summary_en="Summary", edition="1", loaded_at=clock.now(), search="khoa thu",
    )  # fmt: skip
    module = Module(key="m1", position=1, title="Một", title_en="One", objective="Biết", objective_en="Know")
    course.modules.append(module)
    session().add(course)
    session().flush()
    module.lessons.append(
        Lesson(
            course_id=course.id,
            key="m1/mot",
            position=1,
            number=1,
            kind=LessonKind.READING,
            title="Bài",
            title_en="Lesson",
            minutes=5,
            html="<p>Nội dung</p>",
            html_en="<p>Text</p>",
            file=files.store("tệp".encode()),
            file_name="x.pdf",
        )
    )
    session().add(Figure(course_id=course.id, path="m/x.svg", file=files.store(b"<svg/>"), media_type="image/svg+xml"))
    session().flush()
    return course


def _certificate(world: World, event: Event, delegate: Delegate) -> Certificate:
    programme = set_programme(
        event,
        agency=world.units["lam-khe"],
        agency_name="TRUNG TÂM BỒI DƯỠNG MẪU",
        symbol="GCN-LK",
        place="Lam Khê",
        signer_name="Người Ký Mẫu",
        signer_post="GIÁM ĐỐC",
    )
    matter = issuing.event_matter(event, programme)
    holder = issuing.person_holder(delegate.person, None, delegate.post, matter)
    return issuing.make(programme, holder, by_id=world.organizer.id, at=clock.now())


def _law() -> Document:
    return Document(
        key="nd-1-2020", number="1/2020/NĐ-CP", kind="Nghị định", kind_en="Decree", title="Về một việc",
        title_en="On a matter", issuer="Chính phủ", issuer_en="The Government", certainty="F",
    )  # fmt: skip
