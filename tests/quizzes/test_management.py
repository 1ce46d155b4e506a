"""Running a quiz: create, choose and order questions, rules, publish; results, one attempt, spreadsheet."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.people.models import Person, Post
from lms.quizzes import results, service, taking
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.models import QuestionBank, QuestionKind, Quiz, ShowRule
from lms.quizzes.results import Order, View
from lms.quizzes.wording import Labels
from tests.quizzes.conftest import SHORT, answer_all, build_quiz, local_input, questions_of, taken
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]

RULES_FORM = {
    "title": "Bài giữa khóa",
    "time_limit_minutes": "15",
    "attempts_allowed": "",
    "pass_percent": "70",
    "show": "score",
    "grade_policy": "last",
    "show_from": "handed-in",
}


def add_attempts(world: World, quiz: Quiz, count: int) -> None:
    """Closed attempts of as many invented people, scores 0 to 4 in turn."""
    now = clock.now()
    for number in range(count):
        person = Person(specimen=True)
        person.rename(f"Học Viên {number:03d}")
        person.posts.append(Post(unit=world.units["nam-khoang"], name="Chuyên viên"))
        attempt = Attempt(quiz=quiz, person=person, started_at=now - timedelta(minutes=9), max_score=4)
        attempt.handed_in_at, attempt.closed_by = now, "person"
        attempt.score, attempt.passed = float(number % 5), number % 5 >= 3
        session().add(attempt)
    session().flush()


def test_create_choose_order_and_publish(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    assert "Chưa có bài kiểm tra nào." in browser.get("/quizzes/").get_data(as_text=True)
    assert browser.get("/quizzes/new").status_code == 200
    made = browser.post("/quizzes/new", data=RULES_FORM | {"unit_id": world.units["so-lam-khe"].id, "shuffle": "y"})
    quiz = session().scalars(select(Quiz)).one()
    assert (quiz.time_limit_minutes, quiz.attempts_allowed, quiz.pass_percent) == (15, None, 70)
    assert (quiz.show, quiz.grade_policy, quiz.shuffle) == (ShowRule.SCORE, "last", True)
    refused = browser.post(f"/quizzes/{quiz.id}/publication")
    assert (refused.status_code, "Bài chưa có câu hỏi nào." in refused.get_data(as_text=True)) == (422, True)
    assert browser.post(f"/quizzes/{quiz.id}/preview").status_code == 422
    address = f"/quizzes/{quiz.id}/questions"
    assert made.location.endswith(address)
    assert "Ai phát ngôn cho tỉnh?" in browser.get(address).get_data(as_text=True)
    questions = questions_of(bank)
    browser.post(address, data={"act": "add", "question": [questions[0].id, questions[1].id, questions[3].id]})
    browser.post(address, data={"act": "add", "question": [questions[0].id, questions[2].id]})
    assert [item.question_id for item in quiz.items] == [questions[place].id for place in (0, 1, 3, 2)]
    browser.post(address, data={"act": f"up-{quiz.items[3].id}"})
    assert [item.question_id for item in quiz.items] == [question.id for question in questions]
    browser.post(address, data={"act": f"down-{quiz.items[3].id}"})
    browser.post(address, data={"act": f"remove-{quiz.items[0].id}"})
    browser.post(address, data={"act": "points", f"points-{quiz.items[0].id}": "5"})
    assert [item.points for item in quiz.items] == [5, 1, 1]
    page = browser.get(f"/quizzes/{quiz.id}/management").get_data(as_text=True)
    assert "Đã có 3 câu" in page
    assert browser.post(f"/quizzes/{quiz.id}/publication").status_code == 303
    assert quiz.published_at is not None
    assert "Đã công bố" in browser.get("/quizzes/?q=giua+khoa").get_data(as_text=True)
    browser.post(f"/quizzes/{quiz.id}/withdrawal")
    assert quiz.published_at is None


def test_bad_changes_of_questions_are_refused(world: World, quiz: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/quizzes/{quiz.id}/questions"
    none = browser.post(address, data={"act": "add"})
    assert (none.status_code, "Chưa chọn câu hỏi nào để thêm." in none.get_data(as_text=True)) == (422, True)
    points = browser.post(address, data={"act": "points", f"points-{quiz.items[0].id}": "0"})
    assert (points.status_code, "Điểm mỗi câu từ 1 đến 100." in points.get_data(as_text=True)) == (422, True)
    assert browser.post(address, data={"act": "up-999999"}).status_code == 404
    while len(quiz.items) > 1:
        browser.post(address, data={"act": f"remove-{quiz.items[0].id}"})
    last = browser.post(address, data={"act": f"remove-{quiz.items[0].id}"})
    assert last.status_code == 422
    assert "Bài đã công bố phải còn ít nhất một câu." in last.get_data(as_text=True)


def test_questions_of_a_strangers_bank_are_not_added(world: World, quiz: Quiz, client_of: SignIn) -> None:
    foreign = service.create_bank(world.other_instructor, world.units["binh-sa"], "Của Bình Sa")
    other = service.store_question(foreign, "X1", 1, SHORT, Labels())
    address = f"/quizzes/{quiz.id}/questions"
    browser = client_of(world.instructor)
    assert browser.post(address, data={"act": "add", "question": other.id}).status_code == 422
    assert "Của Bình Sa" not in browser.get(f"{address}?bank={foreign.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Mục này còn trống."),
        ({"pass_percent": "101"}, "Cần một số từ 0 đến 100."),
        ({"time_limit_minutes": "0"}, "Cần một số từ 1 đến 1440."),
        ({"opens_at": local_input(60), "closes_at": local_input(30)}, "Giờ đóng phải sau giờ mở."),
    ],
)
def test_bad_rules_are_refused_in_the_page(
    world: World, quiz: Quiz, client_of: SignIn, change: dict[str, str], message: str
) -> None:
    response = client_of(world.instructor).post(f"/quizzes/{quiz.id}/rules", data=RULES_FORM | change)
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert quiz.pass_percent == 60


def test_the_window_is_typed_on_a_vietnamese_clock(world: World, quiz: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/quizzes/{quiz.id}/rules"
    window = {"opens_at": "2026-11-02T07:30", "closes_at": "2026-11-02T11:00"}
    assert browser.post(address, data=RULES_FORM | window).status_code == 303
    assert quiz.opens_at is not None
    assert quiz.opens_at.isoformat() == "2026-11-02T00:30:00+00:00"
    assert 'value="2026-11-02T11:00"' in browser.get(address).get_data(as_text=True)


def test_results_name_order_score_order_and_search(world: World, admitted: Quiz, client_of: SignIn) -> None:
    taken(world.trainee, admitted, wrong=(QuestionKind.SHORT, QuestionKind.SINGLE))
    taken(world.trainee, admitted)
    taken(world.other_trainee, admitted, wrong=(QuestionKind.SHORT,))
    taking.start(world.stranger, admitted)
    by_name = results.all_results(admitted, View())
    assert [(row.full_name, row.number, row.counted) for row in by_name] == [
        ("Bùi Thị Ngọc Ánh", 1, True),
        ("Đặng Văn Đức", 1, False),
        ("Đặng Văn Đức", 2, True),
        ("Phạm S", 1, False),
    ]
    assert [row.score for row in results.all_results(admitted, View(order=Order.SCORE))] == [4.0, 3.0, 2.0, None]
    assert len(results.all_results(admitted, View(counted_only=True))) == 3
    figures = results.figures(admitted)
    assert (figures.people, figures.passed, figures.mean_percent) == (2, 2, 87.5)
    assert figures.classes == (0, 0, 0, 0, 0, 0, 0, 1, 0, 1)
    browser = client_of(world.instructor)
    page = browser.get(f"/quizzes/{admitted.id}/results").get_data(as_text=True)
    assert page.index("Bùi Thị Ngọc Ánh") < page.index("Đặng Văn Đức") < page.index("Phạm S")
    assert "87,5" in page
    found = browser.get(f"/quizzes/{admitted.id}/results?q=dang+duc&order=score").get_data(as_text=True)
    assert "Đặng Văn Đức" in found
    assert "Ngọc Ánh" not in found
    assert "Không thấy ai tên" in browser.get(f"/quizzes/{admitted.id}/results?q=zzz").get_data(as_text=True)
    browser.set_cookie("lms_language", "en")
    assert "87.5" in browser.get(f"/quizzes/{admitted.id}/results").get_data(as_text=True)


def test_an_expired_attempt_is_shown_as_being_closed(world: World, admitted: Quiz) -> None:
    attempt = taking.start(world.trainee, admitted)
    attempt.deadline_at = clock.now() - timedelta(seconds=1)
    session().flush()
    assert [row.state for row in results.all_results(admitted, View())] == [results.State.CLOSING]


def test_one_attempt_with_its_answers(world: World, admitted: Quiz, client_of: SignIn) -> None:
    attempt = taken(world.trainee, admitted, wrong=(QuestionKind.SHORT,))
    open_attempt = taking.start(world.other_trainee, admitted)
    browser = client_of(world.instructor)
    page = browser.get(f"/quizzes/{admitted.id}/results/{attempt.id}").get_data(as_text=True)
    assert "Đặng Văn Đức" in page
    assert "3 trên 4 điểm" in page
    assert "Được chấp nhận:" in page
    still = browser.get(f"/quizzes/{admitted.id}/results/{open_attempt.id}").get_data(as_text=True)
    assert "Lượt này đang làm" in still
    assert "Được chấp nhận:" not in still


def test_the_spreadsheet_is_what_the_screen_shows(world: World, admitted: Quiz, client_of: SignIn) -> None:
    world.other_trainee.person.rename("=cmd|' /C calc'!A1")
    taken(world.trainee, admitted)
    taken(world.other_trainee, admitted, wrong=(QuestionKind.SHORT,))
    response = client_of(world.instructor).get(f"/quizzes/{admitted.id}/results.xlsx?order=score")
    assert "K%E1%BA%BFt%20qu%E1%BA%A3" in response.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == ["Đặng Văn Đức", "=cmd|' /C calc'!A1"]
    assert [row[6] for row in rows] == [4, 3]
    assert sheet["B5"].data_type == "s"
    found = client_of(world.instructor).get(f"/quizzes/{admitted.id}/results.xlsx?q=duc")
    sheet = openpyxl.load_workbook(io.BytesIO(found.data)).active
    assert sheet is not None
    assert sheet.max_row == 4


def test_two_hundred_results_are_as_few_statements(
    world: World, admitted: Quiz, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.instructor)
    address = f"/quizzes/{admitted.id}/results"
    add_attempts(world, admitted, 2)
    with count_statements() as few:
        browser.get(address)
    add_attempts(world, admitted, 200)
    with count_statements() as many:
        page = browser.get(address).get_data(as_text=True)
    assert "1–50 trong 202 lượt làm" in page
    assert len(many) == len(few) <= 9, many
    for path in ("/quizzes/", f"{address}/questions"):
        with count_statements() as statements:
            browser.get(path)
        assert len(statements) <= 7, statements


PAGES = (
    "/quizzes/{quiz}/management",
    "/quizzes/{quiz}/rules",
    "/quizzes/{quiz}/questions",
    "/quizzes/{quiz}/results",
    "/quizzes/{quiz}/results.xlsx",
    "/quizzes/{quiz}/analysis",
    "/quizzes/{quiz}/analysis.xlsx",
    "/quizzes/{quiz}/results/{attempt}",
)
ACTS = ("rules", "questions", "publication", "withdrawal", "preview")


@pytest.mark.parametrize("path", ["/quizzes/", "/quizzes/new", *PAGES])
def test_who_may_see(world: World, attempt: Attempt, client: FlaskClient, client_of: SignIn, path: str) -> None:
    address = path.format(quiz=attempt.quiz_id, attempt=attempt.id)
    assert client.get(address).status_code == 303
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.organizer).get(address).status_code == 403
    assert client_of(world.instructor).get(address).status_code == 200
    expected = 404 if path in PAGES else 200
    assert client_of(world.other_instructor).get(address).status_code == expected


@pytest.mark.parametrize("act", ACTS)
def test_who_may_act(world: World, quiz: Quiz, client: FlaskClient, client_of: SignIn, act: str) -> None:
    address = f"/quizzes/{quiz.id}/{act}"
    assert client.post(address).status_code == 303
    assert client_of(world.trainee).post(address, data=RULES_FORM).status_code == 403
    assert client_of(world.other_instructor).post(address, data=RULES_FORM).status_code == 404
    session().refresh(quiz)
    assert (quiz.title, len(quiz.items), quiz.published_at is None) == ("Kiểm tra cuối khóa", 4, False)


def test_a_preview_is_in_no_result(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    quiz = build_quiz(world, bank)
    preview = taking.start(world.instructor, quiz, preview=True)
    answer_all(world.instructor, preview)
    taking.hand_in(world.instructor.person_id, preview.id)
    browser = client_of(world.instructor)
    assert "Chưa có ai làm bài này." in browser.get(f"/quizzes/{quiz.id}/results").get_data(as_text=True)
    assert browser.get(f"/quizzes/{quiz.id}/results/{preview.id}").status_code == 404
    assert results.figures(quiz).people == 0


def test_publishing_after_the_window_is_refused(world: World, quiz: Quiz, client_of: SignIn) -> None:
    service.withdraw(world.instructor, quiz)
    quiz.closes_at = clock.now() - timedelta(minutes=1)
    response = client_of(world.instructor).post(f"/quizzes/{quiz.id}/publication")
    assert response.status_code == 422
    assert "Giờ đóng bài đã qua." in response.get_data(as_text=True)


def test_a_new_quiz_that_closes_before_it_opens_is_refused_on_the_page(world: World, client_of: SignIn) -> None:
    data = {
        "title": "Bài thử", "pass_percent": "50", "show": "full", "grade_policy": "best",
        "unit_id": str(world.units["lam-khe"].id), "opens_at": "2026-03-02T08:00", "closes_at": "2026-03-01T08:00",
    }  # fmt: skip
    response = client_of(world.instructor).post("/quizzes/new", data={**data, "title": ""})
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "Giờ đóng phải sau giờ mở." in page
    assert 'href="#title"' in page
