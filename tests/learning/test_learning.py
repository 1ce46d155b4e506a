"""Taking a course: enrol, read, come back where one stopped, finish, complete."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course, CourseStaff
from lms.learning import queries, service
from lms.learning.models import Enrolment, LessonProgress
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import Quiz
from lms.quizzes.policy import is_admitted
from tests.world import World

Browser = Callable[[Account], FlaskClient]


def passed_attempt(account: Account, quiz: Quiz, *, passed: bool = True) -> Attempt:
    """An attempt handed in, as quizzes tell learning of it."""
    moment = clock.now()
    attempt = Attempt(
        quiz=quiz, person_id=account.person_id, started_at=moment, handed_in_at=moment, closed_by="person",
        score=1 if passed else 0, max_score=1, passed=passed,
    )  # fmt: skip
    session().add(attempt)
    session().flush()
    service.take_quiz_result(attempt)
    return attempt


@pytest.fixture
def browser(world: World, course: Course, client_of: Browser) -> FlaskClient:
    return client_of(world.trainee)


def test_the_catalogue_is_open_to_all(course: Course, client: FlaskClient) -> None:
    assert "Khóa thử" in client.get("/courses/").get_data(as_text=True)
    assert "Không có khóa học nào khớp" in client.get("/courses/?q=khong-co-dau").get_data(as_text=True)
    page = client.get("/courses/thu").get_data(as_text=True)
    assert "Làm được một việc" in page
    assert "Đăng nhập để học" in page
    assert client.get("/courses/khong-co").status_code == 404


def test_a_lesson_wants_signing_in_and_enrolling(course: Course, client: FlaskClient, browser: FlaskClient) -> None:
    assert client.get("/courses/thu/lessons/1").location.startswith("/sign-in")
    assert browser.get("/courses/thu/lessons/1").location == "/courses/thu"
    assert browser.post("/courses/thu/enrolment").location == "/courses/thu/lessons/1"
    assert "Ở xã Nậm Khoang" in browser.get("/courses/thu/lessons/1").get_data(as_text=True)
    assert browser.get("/courses/thu/lessons/9").status_code == 404


def test_enrolling_twice_is_once(course: Course, browser: FlaskClient) -> None:
    for _time in range(2):
        browser.post("/courses/thu/enrolment")
    assert session().scalar(select(func.count()).select_from(Enrolment)) == 1


def test_a_lesson_shows_the_state_of_its_citations_on_the_day(course: Course, browser: FlaskClient) -> None:
    browser.post("/courses/thu/enrolment")
    with clock.stopped_at(clock.now().replace(year=2026, month=6, day=30, hour=3)):
        assert "Còn hiệu lực" in browser.get("/courses/thu/lessons/1").get_data(as_text=True)
    with clock.stopped_at(clock.now().replace(year=2026, month=7, day=2)):
        assert "Hết hiệu lực từ 01/7/2026" in browser.get("/courses/thu/lessons/1").get_data(as_text=True)


def test_reading_a_page_writes_nothing(course: Course, browser: FlaskClient) -> None:
    browser.post("/courses/thu/enrolment")
    browser.get("/courses/thu/lessons/1")
    assert session().scalar(select(func.count()).select_from(LessonProgress)) == 0


def test_one_comes_back_where_one_stopped(course: Course, browser: FlaskClient) -> None:
    browser.post("/courses/thu/enrolment")
    path = "/courses/thu/lessons/1/progress"
    assert browser.post(path, data={"place": "s-dieu-can-biet"}).status_code == 204
    assert 'href="#s-dieu-can-biet"' in browser.get("/courses/thu/lessons/1").get_data(as_text=True)
    browser.post(path, data={"place": '"><script>'})
    assert session().scalars(select(LessonProgress.place)).one() == "s-dieu-can-biet"
    assert "Học tiếp bài 1" in browser.get("/courses/thu").get_data(as_text=True)


def test_finishing_goes_on_and_progress_is_honest(course: Course, browser: FlaskClient) -> None:
    browser.post("/courses/thu/enrolment")
    for _double_click in range(2):
        response = browser.post("/courses/thu/lessons/1/progress", data={"finished": "1"})
        assert response.location == "/courses/thu/lessons/2"
    assert "Xong 1 trên 2 bài" in browser.get("/courses/thu").get_data(as_text=True)
    assert "Xong 1 trên 2 bài" in browser.get("/courses/").get_data(as_text=True)


def test_a_quiz_lesson_is_finished_only_by_passing(world: World, course: Course, browser: FlaskClient) -> None:
    browser.post("/courses/thu/enrolment")
    response = browser.post("/courses/thu/lessons/2/progress", data={"finished": "1"}, follow_redirects=True)
    assert "xong khi đạt bài kiểm tra" in response.get_data(as_text=True)
    quiz = session().scalars(select(Quiz).where(Quiz.key == "thu-tu-kiem")).one()
    passed_attempt(world.trainee, quiz, passed=False)
    assert queries.courses_of(world.trainee.person_id)[0].finished == 0
    passed_attempt(world.trainee, quiz)
    assert queries.courses_of(world.trainee.person_id)[0].finished == 1


def test_a_course_is_completed_by_all_lessons_and_the_final_test(
    world: World, course: Course, browser: FlaskClient
) -> None:
    browser.post("/courses/thu/enrolment")
    browser.post("/courses/thu/lessons/1/progress", data={"finished": "1"})
    passed_attempt(world.trainee, session().scalars(select(Quiz).where(Quiz.key == "thu-tu-kiem")).one())
    assert session().scalars(select(Enrolment.completed_at)).one() is None
    passed_attempt(world.trainee, course.final_test)  # type: ignore[arg-type]
    completed_at = session().scalars(select(Enrolment.completed_at)).one()
    assert completed_at is not None
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        passed_attempt(world.trainee, course.final_test)  # type: ignore[arg-type]
    assert session().scalars(select(Enrolment.completed_at)).one() == completed_at
    assert "Đã hoàn thành" in browser.get("/courses/thu").get_data(as_text=True)


def test_learners_are_admitted_to_their_courses_quizzes_only(world: World, course: Course) -> None:
    quiz = course.final_test
    assert quiz is not None
    assert not is_admitted(world.trainee.person_id, quiz.id)
    service.enrol(world.trainee.person_id, course)
    assert is_admitted(world.trainee.person_id, quiz.id)
    assert not is_admitted(world.other_trainee.person_id, quiz.id)


def test_learners_are_seen_by_those_who_teach(world: World, course: Course, client_of: Browser) -> None:
    service.enrol(world.trainee.person_id, course)
    path = "/courses/thu/learners"
    assert client_of(world.trainee).get(path).status_code == 403
    assert client_of(world.instructor).get(path).status_code == 404
    session().add(CourseStaff(course_id=course.id, account_id=world.instructor.id))
    session().flush()
    assert "Đặng Văn Đức" in client_of(world.instructor).get(path).get_data(as_text=True)
    assert "Ở xã Nậm Khoang" in client_of(world.instructor).get("/courses/thu/lessons/1").get_data(as_text=True)


def test_progress_of_a_course_one_does_not_take_is_refused(course: Course, browser: FlaskClient) -> None:
    assert browser.post("/courses/thu/lessons/1/progress", data={"finished": "1"}).status_code == 404


def test_my_courses_cost_the_same_however_many_lessons(
    world: World, course: Course, count_statements: Callable
) -> None:  # type: ignore[type-arg]
    service.enrol(world.trainee.person_id, course)
    with count_statements() as statements:
        queries.courses_of(world.trainee.person_id)
    assert len(statements) <= 2


def test_a_figure_is_served_and_can_run_nothing(course: Course, client: FlaskClient) -> None:
    response = client.get("/courses/thu/files/01-mot/figures/so-do.svg")
    assert response.mimetype == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert client.get("/courses/thu/files/../../etc/passwd").status_code == 404


def test_the_page_speaks_english(course: Course, client: FlaskClient) -> None:
    client.post("/preferences", data={"language": "en", "next": "/courses/"})
    page = client.get("/courses/thu").get_data(as_text=True)
    assert "Trial course" in page
    assert 'lang="en"' in page


def test_courses_on_offer_say_how_many_lessons_they_have(course: Course, client: FlaskClient) -> None:
    assert "2 bài, khoảng 1 giờ" in client.get("/courses/").get_data(as_text=True)
