"""Taking a quiz through its pages, without a script and with the saves a script sends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.quizzes import service, taking
from lms.quizzes.attempt_models import Accommodation, Attempt
from lms.quizzes.models import QuestionKind, Quiz
from tests.quizzes.conftest import RIGHT_ANSWERS, answer_all, item_of, taken
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]


def put(browser: FlaskClient, attempt: Attempt, position: int, body: object) -> tuple[int, dict[str, object]]:
    """Save as the script does; status and JSON."""
    response = browser.put(f"/attempts/{attempt.id}/answers/{position}", json=body)
    return response.status_code, response.get_json(silent=True) or {}


def test_before_the_start(world: World, admitted: Quiz, client_of: SignIn) -> None:
    page = client_of(world.trainee).get(f"/quizzes/{admitted.id}").get_data(as_text=True)
    assert "Kiểm tra cuối khóa" in page
    assert "20 phút" in page
    assert "0/2 đã dùng" in page
    assert "Bắt đầu làm bài" in page


def test_in_english(world: World, admitted: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    browser.set_cookie("lms_language", "en")
    assert "Final test" in browser.get(f"/quizzes/{admitted.id}").get_data(as_text=True)
    address = browser.post(f"/quizzes/{admitted.id}/attempts").location
    page = browser.get(address).get_data(as_text=True)
    assert "Who speaks for the province?" in page
    assert "Ai phát ngôn" not in page


def test_a_whole_attempt_without_a_script(world: World, admitted: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    started = browser.post(f"/quizzes/{admitted.id}/attempts")
    assert started.status_code == 303
    again = browser.post(f"/quizzes/{admitted.id}/attempts")
    assert again.location == started.location
    attempt = session().scalars(select(Attempt)).one()
    for item in attempt.items:
        page = browser.get(started.location, query_string={"question": item.position}).get_data(as_text=True)
        assert f"Câu {item.position} trong 4" in page
        kind = QuestionKind(item.question_version.kind)
        right = RIGHT_ANSWERS[kind]
        answer = {"text": right["text"]} if kind is QuestionKind.SHORT else {"answer": right["chosen"]}
        saved = browser.post(started.location, data={"position": item.position, "go": "next", **answer})
        assert saved.status_code == 303
    assert saved.location.endswith("/submission")
    assert "Đã trả lời đủ 4 câu" in browser.get(saved.location).get_data(as_text=True)
    result = browser.post(saved.location)
    assert result.location.endswith("/result")
    assert browser.post(saved.location).location == result.location
    page = browser.get(result.location).get_data(as_text=True)
    assert "Đạt: 4/4" in page
    assert "Việc phát ngôn được giao bằng văn bản." in page
    assert browser.get(started.location).location == result.location


def test_moving_and_flagging(world: World, attempt: Attempt, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    address = f"/attempts/{attempt.id}"
    assert browser.post(address, data={"position": 2, "go": "previous"}).location.endswith("question=1")
    assert browser.post(address, data={"position": 1, "go": "4"}).location.endswith("question=4")
    assert browser.post(address, data={"position": 2, "flag": "1"}).location.endswith("question=2")
    check = browser.get(f"{address}/submission").get_data(as_text=True)
    assert "Câu đã đánh dấu" in check
    assert "Còn 4 câu chưa trả lời" in check
    assert f"{address}?question=3" in check
    assert attempt.items[1].flagged


def test_a_bad_form_answer_is_refused_in_the_page(world: World, attempt: Attempt, client_of: SignIn) -> None:
    position = item_of(attempt, QuestionKind.SINGLE).position
    response = client_of(world.trainee).post(
        f"/attempts/{attempt.id}", data={"position": position, "answer": ["a", "b"]}
    )
    assert response.status_code == 422
    assert "Câu này chỉ chọn một đáp án." in response.get_data(as_text=True)
    assert client_of(world.trainee).post(f"/attempts/{attempt.id}", data={"position": 9}).status_code == 404


def test_saving_as_the_script_does(world: World, attempt: Attempt, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    item = item_of(attempt, QuestionKind.SINGLE)
    status, saved = put(browser, attempt, item.position, {"answer": {"chosen": ["a"]}, "seq": 2, "flagged": True})
    assert (status, saved["seq"], saved["stored"]) == (200, 2, True)
    assert attempt.deadline_at is not None
    assert saved["deadline"] == attempt.deadline_at.isoformat()
    assert put(browser, attempt, item.position, {"answer": {"chosen": ["b"]}, "seq": 1})[1]["stored"] is False
    assert (item.answer, item.flagged) == ({"chosen": ["a"]}, True)
    assert put(browser, attempt, item.position, {"answer": None, "seq": 3})[0] == 200
    session().expire_all()
    assert item.answer is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"answer": {"chosen": ["a"]}},
        {"answer": {"chosen": ["a"]}, "seq": "1"},
        {"answer": {"chosen": ["a"]}, "seq": True},
        {"answer": {"chosen": ["a"]}, "seq": 0},
        {"answer": {"chosen": ["a"]}, "seq": 2**40},
        {"answer": {"chosen": ["zz"]}, "seq": 1},
        {"answer": {"chosen": ["a"]}, "seq": 1, "flagged": "yes"},
        {"answer": {"chosen": ["a"]}, "seq": 1, "client_id": "one"},
        {"answer": {"chosen": ["a"]}, "seq": 1, "client_id": 1},
        {"answer": {"chosen": ["a"]}, "seq": 1, "seconds": -1},
        {"answer": {"chosen": ["a"]}, "seq": 1, "seconds": 1.5},
    ],
)
def test_a_save_of_another_shape_is_refused(world: World, attempt: Attempt, client_of: SignIn, body: object) -> None:
    item = item_of(attempt, QuestionKind.SINGLE)
    status, answer = put(client_of(world.trainee), attempt, item.position, body)
    assert (status, answer["errors"][0]["code"]) == (422, "bad-answer")  # type: ignore[index]
    assert item.answer is None


def test_saves_after_the_end_are_refused_by_name(world: World, attempt: Attempt, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    body = {"answer": None, "seq": 1}
    deadline = clock.now() - timedelta(seconds=1)
    attempt.deadline_at = deadline
    status, answer = put(browser, attempt, 1, body)
    assert (status, answer["errors"][0]["code"], answer["counted"]) == (409, "time-over", False)  # type: ignore[index]
    late = browser.post(f"/attempts/{attempt.id}", data={"position": 2})
    assert late.location.endswith("/result")
    page = browser.get(late.location).get_data(as_text=True)
    assert "0/4 câu có trả lời" in page
    assert "2 câu đến sau giờ không tính." in page
    assert attempt.handed_in_at is None
    browser.post(f"/attempts/{attempt.id}/submission")
    assert (attempt.closed_by, attempt.handed_in_at) == ("deadline", deadline)
    assert put(browser, attempt, 1, body)[1]["errors"][0]["code"] == "handed-in"  # type: ignore[index]


def test_a_save_is_few_statements(
    world: World, attempt: Attempt, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.trainee)
    address = f"/attempts/{attempt.id}/answers/1"
    browser.put(address, json={"answer": None, "seq": 1})
    with count_statements() as statements:
        assert browser.put(address, json={"answer": None, "seq": 2}).status_code == 200
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT", "UPDATE", "INSERT"]


def test_no_attempts_left_is_said_in_the_page(world: World, admitted: Quiz, client_of: SignIn) -> None:
    for _time in range(2):
        taken(world.trainee, admitted)
    response = client_of(world.trainee).post(f"/quizzes/{admitted.id}/attempts")
    assert response.status_code == 422
    assert "Đã dùng hết 2 lượt làm bài." in response.get_data(as_text=True)


def test_the_result_of_an_open_attempt_leads_back(world: World, attempt: Attempt, client_of: SignIn) -> None:
    response = client_of(world.trainee).get(f"/attempts/{attempt.id}/result")
    assert response.location.endswith(f"/attempts/{attempt.id}")


def test_the_quiz_pages_of_an_open_attempt_show_the_way_back(world: World, attempt: Attempt, client_of: SignIn) -> None:
    page = client_of(world.trainee).get(f"/quizzes/{attempt.quiz_id}").get_data(as_text=True)
    assert f"/attempts/{attempt.id}" in page
    assert "Làm tiếp" in page


def test_what_was_allowed_stands_on_the_page_before(world: World, admitted: Quiz, client_of: SignIn) -> None:
    extra = Accommodation(
        quiz=admitted, person=world.trainee.person, reason="Khiếm thị", granted_by_id=world.organizer.id,
        extra_minutes=15, extra_attempts=1,
    )  # fmt: skip
    session().add(extra)
    session().flush()
    page = client_of(world.trainee).get(f"/quizzes/{admitted.id}").get_data(as_text=True)
    assert "35 phút" in page
    assert "0/3 đã dùng" in page


GETS = ("/quizzes/{quiz}", "/attempts/{attempt}", "/attempts/{attempt}/submission", "/attempts/{attempt}/result")
POSTS = ("/quizzes/{quiz}/attempts", "/attempts/{attempt}", "/attempts/{attempt}/submission")


@pytest.mark.parametrize("path", GETS)
def test_signed_out_and_stranger(
    world: World, attempt: Attempt, client: FlaskClient, client_of: SignIn, path: str
) -> None:
    address = path.format(quiz=attempt.quiz_id, attempt=attempt.id)
    out = client.get(address)
    assert (out.status_code, "/sign-in" in out.location) == (303, True)
    for other in (world.other_trainee, world.stranger, world.other_instructor):
        assert client_of(other).get(address).status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_acts_of_a_stranger(world: World, attempt: Attempt, client: FlaskClient, client_of: SignIn, path: str) -> None:
    address = path.format(quiz=attempt.quiz_id, attempt=attempt.id)
    assert client.post(address).status_code == 303
    assert client_of(world.other_trainee).post(address, data={"position": 1}).status_code == 404
    assert client_of(world.other_trainee).put(f"/attempts/{attempt.id}/answers/1", json={"seq": 1}).status_code == 404
    assert attempt.handed_in_at is None


def test_those_who_write_preview_but_do_not_take(world: World, quiz: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    assert browser.get(f"/quizzes/{quiz.id}").status_code == 200
    assert browser.post(f"/quizzes/{quiz.id}/attempts").status_code == 403
    started = browser.post(f"/quizzes/{quiz.id}/preview")
    assert "xem trước, không tính kết quả" in browser.get(started.location).get_data(as_text=True)
    result = browser.post(f"{started.location}/submission")
    assert "Về trang quản lý" in browser.get(result.location).get_data(as_text=True)


def test_a_withdrawn_quiz_lets_an_attempt_go_on(world: World, attempt: Attempt, client_of: SignIn) -> None:
    service.withdraw(world.instructor, attempt.quiz)
    answer_all(world.trainee, attempt)
    assert client_of(world.trainee).get(f"/attempts/{attempt.id}").status_code == 200
    assert taking.hand_in(world.trainee.person_id, attempt.id).passed


def test_pages_keep_their_number_of_statements(
    world: World, attempt: Attempt, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.trainee)
    address = f"/attempts/{attempt.id}"
    with count_statements() as statements:
        assert browser.get(address).status_code == 200
    assert len(statements) <= 5, statements
