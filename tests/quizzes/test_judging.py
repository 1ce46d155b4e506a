"""Essays before markers, keys put right afterwards, appeals: the rules and the pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.accounts.models import Account, RoleGrant
from lms.core import clock
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.permissions import Role
from lms.quizzes import appeals, judging, regrading, service, standing, taking
from lms.quizzes.attempt_models import Attempt, AttemptItem
from lms.quizzes.judging import Judgement
from lms.quizzes.kinds.choice import Option, Single
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.marking_models import Appeal, EssayMark, Regrade, RegradeChange
from lms.quizzes.models import QuestionKind, Quiz, ShowRule
from lms.quizzes.signals import marked
from lms.quizzes.wording import Labels, Words
from tests.quizzes.conftest import RIGHT_ANSWERS, RULES, SINGLE, item_of, only
from tests.world import World

SignIn = Callable[[Account], FlaskClient]

RUBRIC = (
    Criterion(Both("Điều đã biết"), (Level(0, Both("không nêu")), Level(2, Both("nêu đủ")))),
    Criterion(Both("Giờ tin sau"), (Level(0, Both("không hẹn")), Level(3, Both("hẹn giờ rõ")))),
)
ESSAY = Words(Essay(RUBRIC, guide="Chỉ người chấm đọc."), Both("Viết tin đầu, không quá 100 chữ."))
TEXT = "Chúng tôi đang xác minh và sẽ thông tin lúc 17 giờ."


@pytest.fixture
def quiz(world: World) -> Iterator[Quiz]:
    """A published quiz of a choice worth 1 and an essay worth 10, marked by one."""
    bank = service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng")
    questions = [service.add_question(bank, words, Labels()) for words in (SINGLE, ESSAY)]
    made = service.create_quiz(world.instructor, bank.unit, replace(RULES, show=ShowRule.FULL))
    service.add_items(made, questions)
    service.set_points(made, {made.items[1].id: 10})
    service.publish(world.instructor, made)
    with only(world.trainee, made):
        yield made


@pytest.fixture
def attempt(world: World, quiz: Quiz) -> Attempt:
    """Handed in with a right choice and an essay."""
    attempt = taking.start(world.trainee, quiz)
    for kind, answer in (
        (QuestionKind.SINGLE, RIGHT_ANSWERS[QuestionKind.SINGLE]),
        (QuestionKind.ESSAY, {"text": TEXT}),
    ):
        taking.save_answer(world.trainee.person_id, attempt.id, item_of(attempt, kind).position, answer, 1)
    session().expire_all()
    return taking.hand_in(world.trainee.person_id, attempt.id)


@pytest.fixture
def second(world: World) -> Account:
    """Another who sees the unit's results."""
    return _instructor(world, world.other_trainee)


def _instructor(world: World, account: Account) -> Account:
    session().add(RoleGrant(account_id=account.id, role=Role.INSTRUCTOR, unit_id=world.units["so-lam-khe"].id))
    session().flush()
    session().expire_all()
    return account


def essay_of(attempt: Attempt) -> AttemptItem:
    """The attempt's essay."""
    return item_of(attempt, QuestionKind.ESSAY)


def test_an_essay_waits_and_the_attempt_with_it(world: World, quiz: Quiz, attempt: Attempt) -> None:
    assert (attempt.score, attempt.passed, attempt.marked_at) == (1.0, None, None)
    assert judging.queue_of(world.instructor, quiz) == judging.Queue(quiz, 1, 1)
    item = judging.next_for(world.instructor, quiz)
    assert item is not None
    assert item.id == essay_of(attempt).id


def test_one_marker_sets_the_points_and_the_attempt_is_marked(world: World, quiz: Quiz, attempt: Attempt) -> None:
    told: list[tuple[float | None, bool | None]] = []

    def hear(sender: Attempt) -> None:
        told.append((sender.score, sender.passed))

    with marked.connected_to(hear):
        judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 2, "2": 3}, "Rõ và đủ."))
    session().expire_all()
    assert (essay_of(attempt).score, essay_of(attempt).comment) == (10.0, "Rõ và đủ.")
    assert (attempt.score, attempt.passed) == (11.0, True)
    assert attempt.marked_at is not None
    assert told == [(11.0, True)]
    assert judging.next_for(world.instructor, quiz) is None
    with pytest.raises(RuleBroken, match="đã có điểm"):
        judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 0, "2": 0}))


def test_every_criterion_needs_a_level_of_its_own(world: World, quiz: Quiz, attempt: Attempt) -> None:
    with pytest.raises(RuleBroken, match="Giờ tin sau"):
        judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 2, "2": 2}))
    assert session().scalars(select(EssayMark)).all() == []


def test_two_who_agree_are_averaged(world: World, quiz: Quiz, attempt: Attempt, second: Account) -> None:
    quiz.markers, quiz.marking_gap = 2, 60
    item = essay_of(attempt)
    judging.judge(world.instructor, quiz, item.id, Judgement({"1": 2, "2": 3}, "Một."))
    assert item.score is None
    assert judging.next_for(world.instructor, quiz) is None
    assert judging.next_for(second, quiz) is not None
    judging.judge(second, quiz, item.id, Judgement({"1": 0, "2": 3}, "Hai."))
    session().expire_all()
    assert (item.score, item.comment) == (8.0, "Một.\n\nHai.")
    assert attempt.marked_at is not None


def test_two_who_differ_wait_for_a_third_whose_word_stands(
    world: World, quiz: Quiz, attempt: Attempt, second: Account
) -> None:
    quiz.markers, quiz.marking_gap = 2, 20
    item = essay_of(attempt)
    judging.judge(world.instructor, quiz, item.id, Judgement({"1": 2, "2": 3}))
    judging.judge(second, quiz, item.id, Judgement({"1": 0, "2": 0}))
    assert item.score is None
    assert judging.next_for(second, quiz) is None
    third = _instructor(world, world.trainee)
    judging.judge(third, quiz, item.id, Judgement({"1": 2, "2": 0}, "Thiếu giờ tin sau."))
    session().expire_all()
    assert (item.score, item.comment) == (4.0, "Thiếu giờ tin sau.")
    assert [mark.settling for mark in judging.marks_of(item)] == [False, False, True]


def test_a_marker_may_judge_anew_until_the_points_stand(
    world: World, quiz: Quiz, attempt: Attempt, second: Account
) -> None:
    quiz.markers = 2
    item = essay_of(attempt)
    judging.judge(world.instructor, quiz, item.id, Judgement({"1": 0, "2": 0}))
    judging.judge(world.instructor, quiz, item.id, Judgement({"1": 2, "2": 3}))
    assert [mark.points for mark in judging.marks_of(item)] == [10.0]
    judging.judge(second, quiz, item.id, Judgement({"1": 2, "2": 3}))
    assert item.score == 10.0


def test_the_page_names_nobody_and_goes_on_to_the_next(
    world: World, quiz: Quiz, attempt: Attempt, client_of: SignIn
) -> None:
    browser = client_of(world.instructor)
    listed = browser.get("/marking/").get_data(as_text=True)
    assert f'href="/marking/{quiz.id}"' in listed
    page = browser.get(f"/marking/{quiz.id}").get_data(as_text=True)
    assert TEXT in page
    assert "Chỉ người chấm đọc." in page
    assert judging.code_of(attempt.id) in page
    assert world.trainee.person.full_name not in page
    address = f"/marking/{quiz.id}/essays/{essay_of(attempt).id}"
    wrong = browser.post(address, data={"level-1": "2", "comment": "Giữ lại"})
    assert wrong.status_code == 422
    told = wrong.get_data(as_text=True)
    assert "Chưa chọn mức cho tiêu chí “Giờ tin sau”." in told
    assert "Giữ lại" in told
    long = browser.post(address, data={"level-1": "2", "level-2": "0", "comment": "a" * 4001})
    assert long.status_code == 422
    assert "Nhận xét dài quá 4000 ký tự." in long.get_data(as_text=True)
    saved = browser.post(address, data={"level-1": "2", "level-2": "0", "comment": "Thiếu giờ."})
    assert saved.status_code == 303
    assert "Mọi bài đã có điểm." in browser.get(saved.location).get_data(as_text=True)
    assert browser.post(address, data={"level-1": "0", "level-2": "0"}).status_code == 303
    session().expire_all()
    assert essay_of(attempt).score == 4.0
    own = client_of(world.trainee).get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "Thiếu giờ." in own


def test_markers_are_those_who_see_the_results(world: World, quiz: Quiz, attempt: Attempt, client_of: SignIn) -> None:
    addresses = ["/marking/", f"/marking/{quiz.id}", f"/marking/{quiz.id}/essays/{essay_of(attempt).id}"]
    addresses += [f"/quizzes/{quiz.id}/regrades", f"/quizzes/{quiz.id}/appeals"]
    assert {client_of(world.trainee).get(address).status_code for address in addresses} == {403}
    assert {client_of(world.other_instructor).get(address).status_code for address in addresses[1:]} == {404}


TURNED = replace(
    SINGLE,
    content=Single(
        tuple(
            Option(option.text, place == 1, option.feedback)
            for place, option in enumerate(SINGLE.content.options)  # type: ignore[attr-defined]
        )
    ),
)


def test_a_corrected_key_shows_who_changes_and_keeps_what_was(world: World, quiz: Quiz, attempt: Attempt) -> None:
    quiz.pass_percent = 100
    judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 2, "2": 3}))
    question = quiz.items[0].question
    assert regrading.look(quiz, question).changes == []
    service.edit_question(question, TURNED, Labels())
    assert [one.id for one in regrading.newer_keys(quiz)] == [question.id]
    look = regrading.look(quiz, question)
    assert [(one.points, one.score, one.passed, one.turns) for one in look.changes] == [(0.0, 10.0, False, True)]
    assert item_of(attempt, QuestionKind.SINGLE).score == 1.0
    with pytest.raises(RuleBroken, match="lý do"):
        regrading.regrade(world.instructor, quiz, question, "  ")
    regrading.regrade(world.instructor, quiz, question, "Đáp án nhập nhầm.")
    session().expire_all()
    assert (attempt.score, attempt.passed) == (10.0, False)
    assert item_of(attempt, QuestionKind.SINGLE).question_version.number == 1
    change = session().scalars(select(RegradeChange)).one()
    assert (change.points_before, change.points_after, change.score_before, change.score_after) == (
        1.0,
        0.0,
        11.0,
        10.0,
    )
    assert (change.passed_before, change.passed_after) == (True, False)
    with pytest.raises(RuleBroken, match="không làm thay đổi"):
        regrading.regrade(world.instructor, quiz, question, "Lần nữa.")


def test_another_question_cannot_mark_an_old_answer(world: World, quiz: Quiz, attempt: Attempt) -> None:
    question = quiz.items[0].question
    fewer = replace(SINGLE, content=Single(SINGLE.content.options[:2]))  # type: ignore[attr-defined]
    service.edit_question(question, fewer, Labels())
    look = regrading.look(quiz, question)
    assert (look.changes, look.other_shape) == ([], 1)


def test_regrading_in_the_browser(world: World, quiz: Quiz, attempt: Attempt, client_of: SignIn) -> None:
    question = quiz.items[0].question
    service.edit_question(question, TURNED, Labels())
    browser = client_of(world.instructor)
    address = f"/quizzes/{quiz.id}/regrades/{question.id}"
    assert f'href="{address}"' in browser.get(f"/quizzes/{quiz.id}/regrades").get_data(as_text=True)
    assert "1 → 0" in browser.get(address).get_data(as_text=True)
    refused = browser.post(address, data={"reason": ""})
    assert refused.status_code == 422
    assert "Hãy ghi lý do chấm lại." in refused.get_data(as_text=True)
    assert browser.post(address, data={"reason": "Đáp án nhập nhầm."}).status_code == 303
    assert "Đáp án nhập nhầm." in browser.get(f"/quizzes/{quiz.id}/regrades").get_data(as_text=True)
    assert session().scalars(select(Regrade)).one().account_id == world.instructor.id
    essay = quiz.items[1].question
    told = browser.get(f"/quizzes/{quiz.id}/regrades/{essay.id}").get_data(as_text=True)
    assert "không chấm lại theo đáp án" in told


def test_an_appeal_is_filed_once_answered_once_and_a_regrade_lets_it_stand(
    world: World, quiz: Quiz, attempt: Attempt, client_of: SignIn
) -> None:
    judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 0, "2": 3}))
    item = item_of(attempt, QuestionKind.SINGLE)
    item.score = 0.0
    session().flush()
    trainee = client_of(world.trainee)
    assert "Phúc khảo" in trainee.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    address = f"/attempts/{attempt.id}/appeals/{item.position}"
    assert trainee.post(address, data={"reason": "ngắn"}).status_code == 422
    for _time in range(2):
        assert trainee.post(address, data={"reason": "Đáp án tôi chọn đúng theo Điều 3."}).status_code == 303
    appeal = session().scalars(select(Appeal)).one()
    browser = client_of(world.instructor)
    answering = f"/quizzes/{quiz.id}/appeals/{appeal.id}"
    assert answering in browser.get(f"/quizzes/{quiz.id}/appeals").get_data(as_text=True)
    for data, words in (
        ({"points": "2", "answer": "Đúng."}, "từ 0 đến 1"),
        ({"points": "một", "answer": "Đúng."}, "phải là một số"),
        ({"points": "1", "answer": " "}, "Hãy ghi lý do"),
    ):
        refused = browser.post(answering, data=data)
        assert refused.status_code == 422
        assert words in refused.get_data(as_text=True)
    assert browser.post(answering, data={"points": "1", "answer": "Đồng chí chọn đúng."}).status_code == 303
    assert browser.post(answering, data={"points": "0", "answer": "Thôi."}).status_code == 422
    session().expire_all()
    assert (item.score, attempt.score) == (1.0, 7.0)
    assert "Đồng chí chọn đúng." in trainee.get(address).get_data(as_text=True)
    service.edit_question(quiz.items[0].question, TURNED, Labels())
    assert regrading.look(quiz, quiz.items[0].question).changes == []


def test_appeals_end_and_belong_to_their_person(world: World, quiz: Quiz, attempt: Attempt, client_of: SignIn) -> None:
    judging.judge(world.instructor, quiz, essay_of(attempt).id, Judgement({"1": 0, "2": 3}))
    address = f"/attempts/{attempt.id}/appeals/1"
    assert client_of(world.other_trainee).get(address).status_code == 404
    assert attempt.marked_at is not None
    with clock.stopped_at(attempt.marked_at + (appeals.open_until(attempt) - attempt.marked_at) * 2):  # type: ignore[operator]
        late = client_of(world.trainee).post(address, data={"reason": "Xin xem lại câu này."})
        assert late.status_code == 422
        assert "nay đã quá hạn" in late.get_data(as_text=True)
    quiz.show = ShowRule.SCORE
    session().flush()
    assert client_of(world.trainee).get(address).status_code == 404


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=12), st.data())
def test_points_kept_as_floating_point_add_up_exactly(parts: list[tuple[int, int]], data: st.DataObject) -> None:
    exact = [Fraction(above, below) for above, below in parts]
    stored: list[float | None] = [float(one) for one in exact]
    assert standing.total([*stored, None]) == sum(exact)
    one = data.draw(st.sampled_from(exact))
    left = standing.total([float(sum(exact[:3])), -float(exact[0]), float(one)])
    assert left == sum(exact[:3]) - exact[0] + one
