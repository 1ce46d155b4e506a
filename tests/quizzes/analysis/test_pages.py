"""The analysis of a quiz on its pages: who may see, what it says, how many statements it takes."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.core.db import session
from lms.people.models import Person
from lms.quizzes import analysing, service
from lms.quizzes.analysis.report import analyse
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import QuestionKind, Quiz
from lms.quizzes.wording import Words
from tests.quizzes.analysis.crowd import attend, build_crowd_quiz, closed_attempt
from tests.quizzes.conftest import MULTIPLE, SHORT, taken
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
SIZES = {"so-lam-khe": 30, "nam-khoang": 12, "binh-sa": 15, "bo-thu": 3}


@pytest.fixture
def crowd(world: World) -> Quiz:
    """A quiz of eight questions that sixty people took; the third question is answered against the grain."""
    quiz = build_crowd_quiz(world.units["so-lam-khe"], 8)
    attend(quiz, world.units, SIZES, against=2)
    return quiz


def page_of(browser: FlaskClient, quiz: Quiz, rest: str = "") -> str:
    answer = browser.get(f"/quizzes/{quiz.id}/analysis{rest}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_says_what_the_functions_say(world: World, crowd: Quiz, client_of: SignIn) -> None:
    answers = analysing.answers_of(crowd)
    assert answers.responses is not None
    assert answers.responses.values.shape == (60, 8)
    report = analyse(answers.responses)
    assert report.classical.figures is not None
    assert report.rasch.figures is not None
    page = page_of(client_of(world.instructor), crowd)
    reliability = report.classical.figures.paper.reliability
    assert f"{reliability:.2f}".replace(".", ",") in page
    difficulty = report.rasch.figures.items[0].difficulty
    assert f"{abs(difficulty):.2f}".replace(".", ",") in page
    assert "Mô hình hai tham số cần ít nhất 200 người, nay có 60." in page
    assert "Ngược" in page
    assert "**" not in page.split("<main", 1)[1]


def test_questions_stand_in_the_order_asked_for(world: World, crowd: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    numbers = {}
    for order in ("number", "findings", "facility", "discrimination", "difficulty", "seconds", "nonsense"):
        table = page_of(browser, crowd, f"?order={order}").split("<caption>Các câu hỏi</caption>")[1]
        numbers[order] = table.index("1. Câu hỏi 1?"), table.index("3. Câu hỏi 3?"), table.index("8. Câu hỏi 8?")
    assert numbers["number"] == numbers["nonsense"]
    first, third, last = numbers["number"]
    assert first < third < last
    assert numbers["findings"][1] == min(numbers["findings"])
    assert numbers["discrimination"][1] == min(numbers["discrimination"])
    assert numbers["facility"][2] < numbers["facility"][0]
    assert numbers["difficulty"][2] < numbers["difficulty"][0]
    assert numbers["seconds"][2] == min(numbers["seconds"])


def test_units_are_compared_without_telling_of_a_few(world: World, crowd: Quiz, client_of: SignIn) -> None:
    found = analysing.units_compared(analysing.answers_of(crowd))
    assert {one.key[0]: one.n for one in found.shown if one.key} == {"Lam Khê": 42}
    assert (found.withheld, found.rest.n if found.rest else 0) == (2, 18)
    page = page_of(client_of(world.instructor), crowd)
    assert "Lam Khê" in page
    assert "2 đơn vị ít người, gộp lại" in page
    assert "Bộ Thử nghiệm" not in page.split('id="questions"')[1]


def test_one_question_with_what_was_chosen(world: World, crowd: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    odd, plain = crowd.items[2].question, crowd.items[0].question
    page = page_of(browser, crowd, f"/questions/{odd.id}")
    assert "Người giỏi trả lời sai nhiều hơn" in page
    assert "Đáp án" in page
    assert "Phương án a" in page
    assert "Phương án d" in page
    table = analysing.options_of(analysing.answers_of(crowd), plain.id)[0]
    counts = {part.key: row.n for part, row in zip(table.parts, table.table.rows, strict=True)}
    values = analysing.answers_of(crowd).responses.values  # type: ignore[union-attr]
    assert counts["a"] == int(values[:, 0].sum())
    assert sum(counts.values()) == 60
    assert browser.get(f"/quizzes/{crowd.id}/analysis/questions/999999").status_code == 404


def test_who_may_see_one_question(world: World, crowd: Quiz, client: FlaskClient, client_of: SignIn) -> None:
    address = f"/quizzes/{crowd.id}/analysis/questions/{crowd.items[0].question_id}"
    assert client.get(address).status_code == 303
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.other_instructor).get(address).status_code == 404


def test_the_spreadsheet_is_what_the_screen_shows(world: World, crowd: Quiz, client_of: SignIn) -> None:
    response = client_of(world.instructor).get(f"/quizzes/{crowd.id}/analysis.xlsx?order=facility")
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    assert book.sheetnames == ["Cả bài", "Từng câu", "Đơn vị"]
    rows = list(book["Từng câu"].iter_rows(min_row=4, values_only=True))
    shares = [row[4] for row in rows]
    assert shares == sorted(shares)
    assert len(rows) == 8
    odd = next(row for row in rows if row[0] == 3)
    assert odd[1] == "Câu hỏi 3?"
    assert odd[5] < 0
    assert "Ngược" in odd[16]
    paper = dict(list(book["Cả bài"].iter_rows(min_row=4, values_only=True)))
    assert paper["Số người"] == 60
    units = list(book["Đơn vị"].iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[1]) for row in units] == [("Lam Khê", 42), ("2 đơn vị ít người, gộp lại", 18)]


def test_a_small_class_has_its_shares_and_the_reason(world: World, admitted: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    assert "Chưa có lượt nào nộp bài." in page_of(browser, admitted)
    taken(world.trainee, admitted, wrong=(QuestionKind.SHORT,))
    page = page_of(browser, admitted)
    assert "Mới có 1 người nộp bài. Cần ít nhất 10 người" in page
    assert SHORT.stem.vi in page
    short = next(item.question for item in admitted.items if item.question.kind == QuestionKind.SHORT)
    question = page_of(browser, admitted, f"/questions/{short.id}")
    assert "Bỏ trống" not in question
    multiple = next(item.question for item in admitted.items if item.question.kind == QuestionKind.MULTIPLE)
    question = page_of(browser, admitted, f"/questions/{multiple.id}")
    assert MULTIPLE.stem.vi in question
    assert "Điều đã biết" in question
    assert browser.get(f"/quizzes/{admitted.id}/analysis.xlsx").status_code == 200


def test_the_first_marked_attempt_of_each_person_counts(world: World, admitted: Quiz) -> None:
    first = taken(world.trainee, admitted, wrong=(QuestionKind.SHORT,))
    taken(world.trainee, admitted)
    answers = analysing.answers_of(admitted)
    assert answers.attempt_ids == (first.id,)
    assert answers.responses is not None
    assert sorted(answers.responses.values[0]) == [0, 1, 1, 1]
    first.marked_at = None
    session().flush()
    answers = analysing.answers_of(admitted)
    assert (answers.responses, answers.waiting) == (None, 1)


def test_a_question_not_in_a_persons_paper_was_not_asked(world: World) -> None:
    quiz = build_crowd_quiz(world.units["so-lam-khe"], 4)
    versions = [item.question.versions[0] for item in quiz.items]
    for marks in ([1, 0, np.nan, np.nan], [np.nan, 1, 1, np.nan], [0, np.nan, np.nan, 1]):
        person = Person(specimen=True)
        person.rename("Học Viên Rút Đề")
        session().add(closed_attempt(quiz, person, versions, np.array(marks)))
    session().flush()
    responses = analysing.answers_of(quiz).responses
    assert responses is not None
    assert responses.asked.sum(axis=0).tolist() == [2, 2, 1, 1]
    assert responses.facilities == ((2, 0.5), (2, 0.5), (1, 1.0), (1, 1.0))
    assert responses.shares.tolist() == [0.5, 1.0, 0.5]


def test_a_corrected_question_has_a_table_for_each_version(world: World, crowd: Quiz) -> None:
    question = crowd.items[0].question
    words = Words.of(question.versions[0])
    assert service.reword(question, replace(words, stem=Both("Câu một, viết lại?")))
    session().expire_all()
    person = Person(specimen=True)
    person.rename("Học Viên Mới")
    versions = [item.question.current_version for item in crowd.items]
    session().add(closed_attempt(crowd, person, versions, np.ones(8)))
    session().flush()
    tables = analysing.options_of(analysing.answers_of(crowd), question.id)
    assert [(one.number, one.table.n) for one in tables] == [(2, 1), (1, 60)]


def test_statements_do_not_grow_with_the_class(world: World, client_of: SignIn, count_statements: Counting) -> None:
    browser = client_of(world.instructor)
    counts = []
    for size in (12, 60):
        quiz = build_crowd_quiz(world.units["so-lam-khe"], 6)
        attend(quiz, world.units, {"so-lam-khe": size})
        with count_statements() as statements:
            page_of(browser, quiz)
        counts.append(len(statements))
        with count_statements() as statements:
            page_of(browser, quiz, f"/questions/{quiz.items[0].question_id}")
        counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
