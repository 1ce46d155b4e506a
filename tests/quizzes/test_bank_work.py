"""Work in a bank: many questions pasted, many changed at once and taken back, folders, tags, figures, what is twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.core.db import session
from lms.quizzes import bank_queries, likeness, service, taking
from lms.quizzes.kinds.content import Both
from lms.quizzes.models import Question, QuestionBank, QuestionKind, Quiz
from lms.quizzes.wording import Labels
from tests.quizzes.conftest import SINGLE, questions_of, taken
from tests.quizzes.test_pasting import THREE
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]


def test_paste_look_mend_and_write(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/question-banks/{bank.id}/paste"
    assert "Câu 1. Ai phát ngôn cho tỉnh?" in browser.get(address).get_data(as_text=True)
    text = THREE + "\nCâu 4. Ai ký?\nA. Chủ tịch\nB. Văn thư\n"
    looked = browser.post(address, data={"text": text, "act": "write", "difficulty": "easy"})
    page = looked.get_data(as_text=True)
    assert (looked.status_code, "Chưa biết phương án nào đúng." in page) == (422, True)
    assert 'href="#part-3"' in page
    assert len(questions_of(bank)) == 4
    parts = ["Câu 1. Ai phát ngôn?\n*A. Người được giao\nB. Ai cũng được", "Câu 4. Ai ký?\n*A. Chủ tịch\nB. Văn thư"]
    labels = {"difficulty": "easy", "topic": "m9", "category": "Ký", "tags": "mới", "skip_known": "y"}
    looked = browser.post(address, data={"part": parts, "act": "look"} | labels)
    assert "Ghi 2 câu vào ngân hàng" in looked.get_data(as_text=True)
    assert browser.post(address, data={"part": parts, "act": "write"} | labels).status_code == 303
    made = questions_of(bank)[-1]
    assert (len(questions_of(bank)), made.topic, made.category, made.key) == (6, "m9", "Ký", "C006")
    again = browser.post(address, data={"part": parts, "act": "write"} | labels)
    assert "Không có câu nào mới để ghi." in again.get_data(as_text=True)
    assert browser.post(address, data={"text": " ", "act": "look"}).status_code == 422


def test_who_may_paste_and_change_many(
    world: World, bank: QuestionBank, client: FlaskClient, client_of: SignIn
) -> None:
    for path in ("paste", "selection", "selection/1/undo", "questions/preview?kind=short"):
        address = f"/question-banks/{bank.id}/{path}"
        assert client.post(address).status_code == 303, path
        assert client_of(world.trainee).post(address).status_code == 403, path
        assert client_of(world.other_instructor).post(address).status_code == 404, path
    assert client_of(world.instructor).get(f"/question-banks/{bank.id}/duplicates").status_code == 200
    assert client_of(world.instructor).post(f"/question-banks/{bank.id}/questions/preview").status_code == 404


def change(browser: FlaskClient, bank: QuestionBank, ids: list[int], act: str, /, **values: str) -> str:
    answer = browser.post(f"/question-banks/{bank.id}/selection", data={"question": ids, "act": act} | values)
    assert answer.status_code in {303, 422}
    page = browser.get(answer.location) if answer.status_code == 303 else answer
    return page.get_data(as_text=True)


def undo(browser: FlaskClient, bank: QuestionBank, page: str) -> str:
    address = page.split("/undo", maxsplit=1)[0].rpartition('action="')[2] + "/undo"
    return browser.get(browser.post(address).location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "values", "name", "after"),
    [
        ("topic", {"topic": "m7"}, "topic", "m7"),
        ("category", {"category": " X / Y "}, "category", "X/Y"),
        ("difficulty", {"difficulty": "hard"}, "difficulty", "hard"),
    ],
)
def test_change_many_and_take_it_back(
    world: World, bank: QuestionBank, client_of: SignIn, act: str, values: dict[str, str], name: str, after: str
) -> None:
    browser = client_of(world.instructor)
    one, two, three, _four = questions_of(bank)
    before = getattr(three, name)
    page = change(browser, bank, [one.id, two.id, three.id], act, **values)
    assert "Đã đổi 3 câu." in page
    assert [getattr(question, name) for question in (one, two, three)] == [after] * 3
    setattr(one, name, "easy" if name == "difficulty" else "khác")
    session().flush()
    told = undo(browser, bank, page)
    assert "Đã hoàn tác ở 2 câu. Giữ nguyên vì đã đổi sau đó: C001." in told
    assert [getattr(question, name) for question in (two, three)] == [before] * 2
    assert "/undo" not in told


def test_tags_of_many(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    one, two, *_rest = questions_of(bank)
    page = change(browser, bank, [one.id, two.id], "tag", tag="Phát ngôn")
    assert "#Phát ngôn" in page
    assert bank_queries.tags(bank) == [("Phát ngôn", 2)]
    assert one.key in browser.get(f"/question-banks/{bank.id}?tag=phat+ngon").get_data(as_text=True)
    page = change(browser, bank, [one.id, two.id], "untag", tag="phat ngon")
    assert bank_queries.tags(bank) == []
    undo(browser, bank, page)
    assert bank_queries.tags(bank) == [("Phát ngôn", 2)]
    assert "Chưa ghi nhãn." in change(browser, bank, [one.id], "tag", tag=" ")


def test_retire_many_leaves_those_that_are_asked(
    world: World, bank: QuestionBank, quiz: Quiz, client_of: SignIn
) -> None:
    browser = client_of(world.instructor)
    service.add_question(bank, replace(SINGLE, stem=Both("Câu mới?")), Labels())
    ids = [question.id for question in questions_of(bank)]
    page = change(browser, bank, ids, "retire")
    assert "Đã đổi 1 câu. Không cất vì đang nằm trong bài đã công bố: C001, C002, C003, C004." in page
    assert [question.retired_at is not None for question in questions_of(bank)] == [False] * 4 + [True]
    undo(browser, bank, page)
    assert all(question.retired_at is None for question in questions_of(bank))


def test_move_many_to_another_bank(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    other = service.create_bank(world.instructor, bank.unit, "Ngân hàng khác")
    service.add_question(other, SINGLE, Labels())
    moved = questions_of(bank)[1]
    page = change(browser, bank, [moved.id], "move", bank=str(other.id))
    assert (moved.bank_id, moved.key) == (other.id, "C002")
    undo(browser, bank, page)
    assert (moved.bank_id, moved.key) == (bank.id, "C002")
    foreign = service.create_bank(world.other_instructor, world.units["binh-sa"], "Không của mình")
    assert "Chưa chọn ngân hàng để chuyển đến." in change(browser, bank, [moved.id], "move", bank=str(foreign.id))
    assert moved.bank_id == bank.id


def test_all_that_the_filters_let_through(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    browser.post(f"/question-banks/{bank.id}/selection?kind=short", data={"all": "1", "act": "topic", "topic": "m8"})
    assert [question.topic for question in questions_of(bank)] == ["m1", "m1", "m1", "m8"]
    assert "Chưa chọn câu hỏi nào." in change(browser, bank, [], "topic", topic="x")
    assert "Chưa chọn việc cần làm" in change(browser, bank, [questions_of(bank)[0].id], "destroy")
    assert "Dài quá 80 ký tự" in change(browser, bank, [questions_of(bank)[0].id], "topic", topic="a" * 81)


def test_folders(world: World, bank: QuestionBank, client_of: SignIn) -> None:
    for path in ("Luật/Nghị định", "Luật", "Luật khác"):
        service.add_question(bank, replace(SINGLE, stem=Both(f"Hỏi {path}?")), Labels(category=path))
    [law, other] = bank_queries.tree(bank)
    assert (law.name, law.count, law.folders[0].name, other.count) == ("Luật", 2, "Nghị định", 1)
    page = client_of(world.instructor).get(f"/question-banks/{bank.id}?category=Lu%E1%BA%ADt").get_data(as_text=True)
    assert "1–2 trong 2 câu hỏi" in page


def test_usage_and_figures(world: World, admitted: Quiz, bank: QuestionBank, client_of: SignIn) -> None:
    admitted.attempts_allowed = None
    for wrong in ((), (), (QuestionKind.SINGLE,), (QuestionKind.SINGLE, QuestionKind.SHORT), (QuestionKind.SHORT,)):
        taken(world.trainee, admitted, wrong)
    taking.start(world.instructor, admitted, preview=True)
    question = questions_of(bank)[0]
    found = bank_queries.usage([question.id])[question.id]
    assert (found.quizzes, found.attempts, found.facility) == (1, 5, pytest.approx(0.6))
    # x = 1 1 0 0 1 of this question, y = 3 3 3 2 2 thirds of the rest
    assert found.discrimination == pytest.approx(1 / 6, abs=1e-9)
    page = client_of(world.instructor).get(f"/questions/{question.id}").get_data(as_text=True)
    assert "60 phần trăm số điểm" in page


def test_versions_say_what_changed(world: World, bank: QuestionBank, attempt: object, client_of: SignIn) -> None:
    question = questions_of(bank)[0]
    service.edit_question(question, replace(SINGLE, stem=Both("Ai được phát ngôn?")), Labels())
    page = client_of(world.instructor).get(f"/questions/{question.id}").get_data(as_text=True)
    assert "<del>Ai phát ngôn cho tỉnh?</del> <ins>Ai được phát ngôn?</ins>" in page
    [(new, unseen), (_old, seen)] = bank_queries.versions_of(question)
    assert (new.number, unseen, seen) == (2, 0, 1)


def test_what_is_said_twice_is_told(
    world: World, bank: QuestionBank, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.instructor)
    other = service.create_bank(world.instructor, bank.unit, "Ngân hàng khác")
    service.add_question(other, replace(SINGLE, stem=Both("ai phat ngon cho TỈNH")), Labels())
    near = replace(SINGLE, stem=Both("Ai phát ngôn cho huyện?", "Who speaks for the province?"))
    service.add_question(bank, near, Labels())
    foreign = service.create_bank(world.other_instructor, world.units["binh-sa"], "Không của mình")
    service.add_question(foreign, SINGLE, Labels())
    page = browser.get(f"/question-banks/{bank.id}").get_data(as_text=True)
    assert page.count("Trùng với câu khác") == 1
    with count_statements() as few:
        twice = browser.get(f"/question-banks/{bank.id}/duplicates").get_data(as_text=True)
    assert "Ngân hàng khác" in twice
    assert "Gần trùng, chung" in twice
    assert "Không của mình" not in twice
    shown = browser.get(f"/questions/{questions_of(bank)[0].id}").get_data(as_text=True)
    assert "Có câu giống câu này" in shown
    for number in range(60):
        service.add_question(bank, replace(SINGLE, stem=Both(f"Việc số {number} làm sao?")), Labels())
    with count_statements() as many:
        browser.get(f"/question-banks/{bank.id}/duplicates")
    assert len(many) <= len(few) + 1
    assert session().scalar(select(func.count()).select_from(Question)) == 67


def test_likeness_counts_common_words() -> None:
    one = "Ai được giao phát ngôn và cung cấp thông tin cho báo chí"
    others = {
        2: f"{one} nữa",
        3: one.replace("báo chí", "công chúng, nhân dân"),
        4: "Chuyện khác hẳn, không liên quan gì",
    }
    assert likeness.alike(one, others) == [(2, pytest.approx(13 / 14))]
    texts = {1: f"{one} của tỉnh", 2: f"{one} của tinh", 3: "Một câu khác hẳn về địa giới hành chính"}
    assert list(likeness.pairs(texts)) == [(1, 2)]
    assert likeness.alike("A B", {1: "a b"}) == []
