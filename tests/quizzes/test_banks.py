"""Banks and questions in the browser: all four kinds, options added without a script, versions, search, scope."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core.db import session
from lms.quizzes import loading, queries, service, taking
from lms.quizzes.attempt_models import Attempt
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import Difficulty, Question, QuestionBank, QuestionKind, QuestionVersion, Quiz
from lms.quizzes.wording import Labels
from tests.quizzes.conftest import SINGLE, questions_of
from tests.quizzes.test_loading import FILE
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]

SINGLE_FORM = {
    "stem": "Ai ký văn bản?",
    "options-0-text": "Người có thẩm quyền",
    "options-0-right": "y",
    "options-0-feedback": "Đúng thẩm quyền.",
    "options-1-text": "Văn thư",
    "difficulty": "easy",
    "topic": "m2",
    "cites": "nd-30-2020 Điều 13\n\n",
}


def only_question(bank: QuestionBank) -> Question:
    """The newest question of a bank."""
    return questions_of(bank)[-1]


def test_create_a_bank(world: World, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    assert "Chưa có ngân hàng nào." in browser.get("/question-banks/").get_data(as_text=True)
    form = browser.get("/question-banks/new").get_data(as_text=True)
    assert "Sở VHTTDL Lam Khê" in form
    assert "Bình Sa" not in form
    made = browser.post("/question-banks/new", data={"title": "Phát  ngôn", "unit_id": world.units["so-lam-khe"].id})
    assert made.status_code == 303
    page = browser.get(made.location).get_data(as_text=True)
    assert "Phát ngôn" in page
    assert "Chưa có câu hỏi nào trong ngân hàng này." in page
    assert "Phát ngôn" in browser.get("/question-banks/?q=phat+ngon").get_data(as_text=True)
    assert "Không có ngân hàng nào khớp." in browser.get("/question-banks/?q=abc").get_data(as_text=True)


def test_a_bank_needs_a_title_and_a_unit_of_ones_own(world: World, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    empty = browser.post("/question-banks/new", data={"title": " ", "unit_id": world.units["so-lam-khe"].id})
    assert (empty.status_code, "Mục này còn trống." in empty.get_data(as_text=True)) == (422, True)
    foreign = browser.post("/question-banks/new", data={"title": "A", "unit_id": world.units["binh-sa"].id})
    assert foreign.status_code == 422
    assert session().scalar(select(func.count()).select_from(QuestionBank)) == 0


def test_rename_a_bank(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/title"
    assert "Ngân hàng phát ngôn" in browser.get(address).get_data(as_text=True)
    assert browser.post(address, data={"title": "Tên mới"}).status_code == 303
    assert bank.title == "Tên mới"
    assert browser.post(address, data={"title": "a" * 201}).status_code == 422


def test_write_a_single_choice_question(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    kinds = browser.get(f"/question-banks/{bank.id}/questions/new").get_data(as_text=True)
    assert "kind=short" in kinds
    address = f"/question-banks/{bank.id}/questions/new?kind=single"
    assert "Phương án <span data-n>4</span>" in browser.get(address).get_data(as_text=True)
    saved = browser.post(address, data=SINGLE_FORM)
    assert saved.status_code == 303
    question = only_question(bank)
    assert (question.kind, question.topic, question.difficulty) == (QuestionKind.SINGLE, "m2", Difficulty.EASY)
    version = question.current_version
    assert [(one["id"], one["text"], one["right"]) for one in version.body["options"]] == [
        ("a", {"vi": "Người có thẩm quyền"}, True),
        ("b", {"vi": "Văn thư"}, False),
    ]
    assert version.cites == ["nd-30-2020 Điều 13"]
    page = browser.get(saved.location).get_data(as_text=True)
    assert "Người học thấy" in page
    assert "Đúng thẩm quyền." in page
    assert "Chưa có bản tiếng Anh." in page


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("multiple", SINGLE_FORM | {"options-1-right": "y", "options-2-text": "Khách mời"}),
        ("truefalse", {"stem": "Nước sôi ở 100 độ.", "truth": "true", "difficulty": "easy"}),
        ("short", {"stem": "Thủ đô?", "accepted-0-text": "Hà Nội", "accepted-1-text": "Ha Noi", "difficulty": "hard"}),
    ],
)
def test_write_the_other_kinds(
    world: World, bank: QuestionBank, client_of: SignIn, kind: str, form: dict[str, str]
) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/questions/new?kind={kind}"
    assert browser.get(address).status_code == 200
    saved = browser.post(address, data=form | {"act": "save-next"})
    assert saved.location.partition("?")[2].startswith(f"kind={kind}")
    question = only_question(bank)
    assert question.kind == kind
    browser.get(f"/questions/{question.id}")
    assert browser.get(f"/questions/{question.id}/words").status_code == 200


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("single", {"stem": ""}, "Câu hỏi còn trống."),
        ("single", {"options-0-right": ""}, "Chưa đánh dấu phương án đúng."),
        ("single", {"options-1-right": "y"}, "chỉ có một phương án đúng, nay đánh dấu 2."),
        ("single", {"options-1-text": "người có thẩm quyền"}, "Phương án này trùng với phương án 1."),
        ("multiple", {"options-2-text": " ", "options-2-right": "y"}, "Phương án 3 còn trống."),
        ("truefalse", {}, "Chưa chọn Đúng hay Sai. Hãy chọn."),
        ("short", {"accepted-0-text": " . "}, "Chưa có câu trả lời đúng nào."),
        ("short", {"accepted-0-text": "a", "topic": "a" * 81}, "Dài quá 80 ký tự."),
    ],
)
def test_faulty_questions_are_refused_in_the_page(
    world: World, bank: QuestionBank, client_of: SignIn, kind: str, change: dict[str, str], message: str
) -> None:
    form = {name: value for name, value in (SINGLE_FORM | change).items() if value}
    response = client_of(world.instructor).post(f"/question-banks/{bank.id}/questions/new?kind={kind}", data=form)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert message in page
    assert re.search(rf'<li><a href="#[^"]+">[^<]*{re.escape(message)}', page), "the summary leads to no field"
    assert len(questions_of(bank)) == 4


def test_options_are_added_removed_and_moved_without_a_script(
    world: World, bank: QuestionBank, client_of: SignIn
) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/questions/new?kind=single"

    def texts(act: str) -> list[str]:
        page = browser.post(address, data=SINGLE_FORM | {"act": act})
        assert page.status_code == 422
        html = page.get_data(as_text=True)
        assert "cần xem lại" not in html
        places = [html.find(text) for text in ("Người có thẩm quyền", "Văn thư")]
        return [str(html.count("data-row")), "moved" if places[0] > places[1] >= 0 else "kept", str(min(places) > 0)]

    assert texts("add:options") == ["3", "kept", "True"]
    assert texts("down:options-0") == ["2", "moved", "True"]
    assert texts("up:options-1") == ["2", "moved", "True"]
    assert texts("remove:options-1") == ["1", "kept", "False"]
    assert texts("remove:options-77") == ["2", "kept", "True"]
    assert len(questions_of(bank)) == 4


def test_an_edit_makes_a_version_only_when_seen(
    world: World, bank: QuestionBank, quiz: Quiz, client_of: SignIn
) -> None:
    browser = client_of(world.instructor)
    question = questions_of(bank)[0]
    address = f"/questions/{question.id}/words"
    versions = select(func.count()).select_from(QuestionVersion).where(QuestionVersion.question_id == question.id)
    assert browser.post(address, data=SINGLE_FORM).status_code == 303
    assert session().scalar(versions) == 1
    taking.start(world.instructor, quiz, preview=True)
    assert browser.post(address, data=SINGLE_FORM).status_code == 303
    assert session().scalar(versions) == 1, "the same words are no new version"
    assert browser.post(address, data=SINGLE_FORM | {"stem": "Ai ký?"}).status_code == 303
    assert session().scalar(versions) == 2
    assert (question.current_number, question.current_version.stem) == (2, "Ai ký?")


def test_retire_and_restore(world: World, bank: QuestionBank, quiz: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    question = questions_of(bank)[0]
    refused = browser.post(f"/questions/{question.id}/retirement")
    assert "đang nằm trong bài đã công bố" in browser.get(refused.location).get_data(as_text=True)
    service.withdraw(world.instructor, quiz)
    browser.post(f"/questions/{question.id}/retirement")
    assert question.retired_at is not None
    assert question.key not in browser.get(f"/question-banks/{bank.id}").get_data(as_text=True)
    assert question.key in browser.get(f"/question-banks/{bank.id}?retired=1").get_data(as_text=True)
    browser.post(f"/questions/{question.id}/restoration")
    assert question.retired_at is None


def test_search_and_filters(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}"
    assert "Ai phát ngôn cho tỉnh?" in browser.get(f"{address}?q=nguoi+phat+ngon+duoc+giao").get_data(as_text=True)
    short = browser.get(f"{address}?kind=short&topic=m1&difficulty=medium").get_data(as_text=True)
    assert "Nghị định về thông tin đối ngoại số mấy?" in short
    assert "Ai phát ngôn" not in short
    assert "Không có câu hỏi nào khớp." in browser.get(f"{address}?difficulty=hard").get_data(as_text=True)
    assert browser.get(f"{address}?difficulty=nothing&page=99").status_code == 200


def test_a_bank_of_two_hundred_is_as_few_statements(
    world: World, bank: QuestionBank, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}"
    with count_statements() as few:
        browser.get(address)
    for number in range(200):
        words = replace(SINGLE, stem=Both(f"Câu {number}"))
        service.add_question(bank, words, Labels("m2", Difficulty.EASY))
    with count_statements() as many:
        page = browser.get(address).get_data(as_text=True)
    assert "1–50 trong 204 câu hỏi" in page
    assert len(many) == len(few) <= 13, many


PAGES = (
    "/question-banks/{bank}",
    "/question-banks/{bank}/title",
    "/question-banks/{bank}/questions/new",
    "/question-banks/{bank}/questions/new?kind=single",
    "/questions/{question}",
    "/questions/{question}/words",
)


@pytest.mark.parametrize("path", ["/question-banks/", "/question-banks/new", *PAGES])
def test_who_may_write(world: World, bank: QuestionBank, client: FlaskClient, client_of: SignIn, path: str) -> None:
    address = path.format(bank=bank.id, question=questions_of(bank)[0].id)
    assert client.get(address).status_code == 303
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.organizer).get(address).status_code == 403
    assert client_of(world.instructor).get(address).status_code == 200
    assert client_of(world.admin).get(address).status_code == 200
    expected = 404 if path in PAGES else 200
    assert client_of(world.other_instructor).get(address).status_code == expected


@pytest.mark.parametrize("path", ["/questions/{question}/retirement", "/questions/{question}/restoration"])
def test_who_may_retire(world: World, bank: QuestionBank, client: FlaskClient, client_of: SignIn, path: str) -> None:
    address = path.format(question=questions_of(bank)[0].id)
    assert client.post(address).status_code == 303
    assert client_of(world.trainee).post(address).status_code == 403
    assert client_of(world.other_instructor).post(address).status_code == 404
    assert questions_of(bank)[0].retired_at is None


def test_a_bank_from_files_is_shown_but_not_edited(world: World, client_of: SignIn) -> None:
    loaded = loading.load_bank(FILE, world.units["so-lam-khe"])
    browser = client_of(world.instructor)
    question = loaded.questions["P01"]
    assert "nạp từ tệp" in browser.get(f"/question-banks/{loaded.bank.id}").get_data(as_text=True)
    assert browser.get(f"/questions/{question.id}").status_code == 200
    assert browser.get(f"/questions/{question.id}/words").status_code == 404
    browser.post(f"/questions/{question.id}/retirement")
    assert question.retired_at is None
    assert browser.post(f"/questions/{question.id}/words", data=SINGLE_FORM).status_code == 404
    assert question.current_version.stem == "Câu một?"
    quiz = loaded.quizzes["kiem-tra"]
    assert browser.get(f"/quizzes/{quiz.id}/management").status_code == 200
    assert browser.get(f"/quizzes/{quiz.id}/questions").status_code == 200
    assert browser.get(f"/quizzes/{quiz.id}/rules").status_code == 404
    assert browser.post(f"/quizzes/{quiz.id}/withdrawal").status_code == 422
    assert browser.post(f"/quizzes/{quiz.id}/questions", data={"act": "add"}).status_code == 422
    assert session().scalar(select(func.count()).select_from(Attempt)) == 0
    assert queries.get_managed_quiz(world.instructor, quiz.id).published_at is not None
