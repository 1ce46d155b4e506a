"""Sections, blueprint, sample, print and accommodations in the browser: works, stranger 404, wrong role 403, 422."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import jobs
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.people import privacy
from lms.quizzes import accommodations, allowances, papers, queries, results, service, taking
from lms.quizzes.attempt_models import Accommodation, Attempt
from lms.quizzes.models import Difficulty, GradePolicy, QuestionBank, QuestionKind, Quiz, ShowFrom
from tests.quizzes.conftest import RULES, local_input, questions_of, taken
from tests.quizzes.test_drawing import filled_bank
from tests.quizzes.test_management import RULES_FORM
from tests.world import World

SignIn = Callable[[Account], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
PAGES = ("sections/new", "blueprint", "sample", "print", "print/papers.pdf", "accommodations", "rules", "questions")


@pytest.fixture
def draft(world: World, bank: QuestionBank) -> Quiz:
    """A draft of the bank's four questions."""
    quiz = service.create_quiz(world.instructor, bank.unit, RULES)
    papers.add_items(quiz, questions_of(bank))
    return quiz


def test_sections_are_made_moved_filled_and_taken_away(world: World, draft: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    base = f"/quizzes/{draft.id}"
    for title in ("Phần I", "Phần II"):
        assert browser.post(f"{base}/sections/new", data={"title": title}).status_code == 303
    empty = browser.post(f"{base}/sections/new", data={"title": ""})
    assert (empty.status_code, "Mục này còn trống." in empty.get_data(as_text=True)) == (422, True)
    session().expire_all()
    first, second = draft.sections
    browser.post(f"{base}/sections/{first.id}", data={"title": "Phần Một", "intro": "Chọn."})
    browser.post(f"{base}/questions", data={"act": f"section-down-{first.id}"})
    items = list(draft.items)
    browser.post(f"{base}/questions", data={"act": "points", f"section-{items[0].id}": str(second.id)})
    session().expire_all()
    assert [one.title for one in draft.sections] == ["Phần II", "Phần Một"]
    assert items[0].section_id == second.id
    page = browser.get(f"{base}/questions").get_data(as_text=True)
    assert page.index("Trước mọi phần</h2>") < page.index("<h2>Phần II") < page.index("<h2>Phần Một")
    assert browser.post(f"{base}/questions", data={"act": "section-up-999"}).status_code == 404
    browser.post(f"{base}/questions", data={"act": f"section-remove-{second.id}"})
    session().expire_all()
    assert [one.title for one in draft.sections] == ["Phần Một"]
    assert {item.section_id for item in draft.items} == {None}


def test_a_blueprint_is_filled_refused_and_shown(world: World, draft: Quiz, client_of: SignIn) -> None:
    bank = filled_bank(world, 2)
    browser = client_of(world.instructor)
    address = f"/quizzes/{draft.id}/blueprint?bank={bank.id}"
    assert "có 2" in browser.get(address).get_data(as_text=True)
    sent = {"topic-0": "", "topic-1": "m1", "topic-2": "m2", "points-hard": "3"}
    refused = browser.post(address, data=sent | {"count-1-easy": "3", "count-2-hard": "1"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Chủ đề “m1”: cần 3 câu, ngân hàng chỉ có 2 câu như vậy." in page
    assert 'href="#count-1-easy"' in page
    assert draft.draws == []
    bad = browser.post(address, data=sent | {"points-easy": "0"})
    assert (bad.status_code, "Điểm mỗi câu từ 1 đến 100." in bad.get_data(as_text=True)) == (422, True)
    kept = browser.post(address, data=sent | {"count-1-easy": "2", "count-2-hard": "1", "count-0-any": "1"})
    assert kept.status_code == 303
    session().expire_all()
    lines = {(one.topic, one.difficulty): (one.count, one.points) for one in draft.draws}
    assert lines == {("m1", Difficulty.EASY): (2, 1), ("m2", Difficulty.HARD): (1, 3), ("", None): (1, 1)}
    browser.post(address, data=sent | {"count-1-easy": "1"})
    session().expire_all()
    assert [(one.topic, one.count) for one in draft.draws] == [("m1", 1)]
    browser.get(f"/quizzes/{draft.id}/questions")
    sample = browser.get(f"/quizzes/{draft.id}/sample?seed=7").get_data(as_text=True)
    assert "Đề mẫu số 7" in sample
    assert "5 câu, 5 điểm" in sample
    assert sample == browser.get(f"/quizzes/{draft.id}/sample?seed=7").get_data(as_text=True)
    browser.post(f"/quizzes/{draft.id}/questions", data={"act": f"draw-remove-{draft.draws[0].id}"})
    session().expire_all()
    assert draft.draws == []
    assert browser.get(f"/quizzes/{draft.id}/blueprint?bank=99999").status_code == 404


def test_a_short_line_keeps_a_quiz_from_being_published(world: World, draft: Quiz, client_of: SignIn) -> None:
    bank = filled_bank(world, 1)
    browser = client_of(world.instructor)
    browser.post(f"/quizzes/{draft.id}/blueprint?bank={bank.id}", data={"topic-0": "m1", "count-0-any": "3"})
    service.retire(world.instructor, questions_of(bank)[0])
    refused = browser.post(f"/quizzes/{draft.id}/publication")
    assert refused.status_code == 422
    assert "Dòng 1 của ma trận đề cần 3 câu nhưng chỉ rút được 2." in refused.get_data(as_text=True)
    assert "Ma trận đề đang thiếu câu hỏi" in browser.get(f"/quizzes/{draft.id}/questions").get_data(as_text=True)
    service.restore(questions_of(bank)[0])
    assert browser.post(f"/quizzes/{draft.id}/publication").status_code == 303
    more = browser.post(f"/quizzes/{draft.id}/blueprint?bank={bank.id}", data={"topic-0": "m1", "count-0-any": "4"})
    assert more.status_code == 422
    assert [line.count for line in draft.draws] == [3]


def test_rules_ask_for_what_matters(world: World, draft: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    address = f"/quizzes/{draft.id}/rules"
    page = browser.get(address).get_data(as_text=True)
    assert "Số người chấm" not in page
    assert "Hạn chế rút câu" not in page
    draft.markers = 2
    sent = RULES_FORM | {"grade_policy": "average", "practice": "y", "show_from": "closed"}
    refused = browser.post(address, data=sent)
    assert (refused.status_code, "kết quả sẽ không bao giờ hiện" in refused.get_data(as_text=True)) == (422, True)
    draft.markers = 2
    session().flush()
    assert browser.post(address, data=sent | {"closes_at": local_input(60)}).status_code == 303
    assert (draft.grade_policy, draft.practice, draft.show_from) == ("average", True, ShowFrom.CLOSED)
    assert draft.markers == 2
    bank = filled_bank(world, 1)
    browser.post(f"/quizzes/{draft.id}/blueprint?bank={bank.id}", data={"topic-0": "m1", "count-0-any": "1"})
    session().expire_all()
    browser.post(address, data=sent | {"closes_at": local_input(60), "exposure_percent": "30"})
    assert draft.exposure_percent == 30


def test_more_time_reaches_an_attempt_under_way(world: World, attempt: Attempt, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    base = f"/quizzes/{attempt.quiz_id}/accommodations"
    assert "Đặng Văn Đức" in browser.get(f"{base}?q=dang+van+duc").get_data(as_text=True)
    address = f"{base}/people/{world.trainee.person_id}"
    before = attempt.deadline_at
    assert before is not None
    for sent, message in (
        ({"reason": "Khiếm thị"}, "Chưa cho thêm gì."),
        ({"extra_minutes": "10"}, "Mục này còn trống."),
        ({"extra_minutes": "x", "reason": "Vì"}, "số"),
        ({"closes_at": local_input(60), "reason": "Vì"}, "không cần giờ đóng riêng"),
    ):
        refused = browser.post(address, data=sent)
        assert (refused.status_code, message in refused.get_data(as_text=True)) == (422, True)
    made = browser.post(address, data={"extra_minutes": "10", "extra_attempts": "1", "reason": "Khiếm thị"})
    assert made.status_code == 303
    session().expire_all()
    assert attempt.deadline_at == before + timedelta(minutes=10)
    runs = session().scalars(select(jobs.Job.run_at).where(jobs.Job.kind == taking.CLOSING_JOB)).all()
    assert attempt.deadline_at in runs
    assert allowances.allowance_of(attempt.quiz, world.trainee.person_id).attempts == 3
    browser.post(address, data={"extra_minutes": "5", "reason": "Đổi"})
    session().expire_all()
    assert attempt.deadline_at == before + timedelta(minutes=10)
    standing = accommodations.find_standing(attempt.quiz, world.trainee.person_id)
    assert standing is not None
    assert session().query(Accommodation).count() == 2
    page = browser.get(base).get_data(as_text=True)
    assert "Đổi" in page
    assert "Đã thu hồi" in page
    assert browser.post(f"{base}/{standing.id}/withdrawal").status_code == 303
    assert accommodations.count(attempt.quiz) == 0
    verbs = set(session().scalars(select(AuditEntry.verb)))
    assert {"quiz.accommodate", "quiz.accommodation-withdraw"} <= verbs


def test_the_reason_is_told_to_its_person_and_can_be_erased(world: World, admitted: Quiz) -> None:
    terms = accommodations.Terms("Gãy tay", extra_minutes=10)
    made = accommodations.grant(world.instructor, admitted, world.trainee.person, terms)
    held = {one.category.key: one.records for one in privacy.held(world.trainee.person)}
    assert (held["accommodations"][0]["reason"], held["accommodations"][0]["minutes"]) == ("Gãy tay", 10)
    privacy.erase(world.trainee.person, world.admin.id)
    session().expire_all()
    assert (made.reason, made.extra_minutes) == ("", 10)


def test_people_out_of_reach_are_not_found(world: World, quiz: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    page = browser.get(f"/quizzes/{quiz.id}/accommodations?q=ngoc+anh").get_data(as_text=True)
    assert "Bùi Thị Ngọc Ánh" not in page
    other = world.other_trainee.person_id
    assert browser.get(f"/quizzes/{quiz.id}/accommodations/people/{other}").status_code == 404


def test_three_files_are_printed(world: World, draft: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.instructor)
    page = browser.get(f"/quizzes/{draft.id}/print?codes=3&seed=9").get_data(as_text=True)
    assert "Mã đề 101 đến 103, số in 9" in page
    for what in ("papers", "answer-sheets", "key"):
        address = f"/quizzes/{draft.id}/print/{what}.pdf?codes=3&seed=9"
        answer = browser.get(address)
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
        assert browser.get(address).data == answer.data
        assert browser.get(address.replace("seed=9", "seed=8")).data != answer.data
    version = draft.items[0].question.current_version
    version.stem = "Cười \N{GRINNING FACE}"
    session().flush()
    refused = browser.get(f"/quizzes/{draft.id}/print/papers.pdf")
    assert refused.status_code == 422
    assert "Phông chữ để in không có ký tự" in refused.get_data(as_text=True)
    draft.items.clear()
    session().flush()
    assert browser.get(f"/quizzes/{draft.id}/print/papers.pdf").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see(world: World, quiz: Quiz, client: FlaskClient, client_of: SignIn, page: str) -> None:
    address = f"/quizzes/{quiz.id}/{page}"
    assert client.get(address).status_code == 303
    assert client_of(world.other_instructor).get(address).status_code == 404
    assert client_of(world.trainee).get(address).status_code == 403
    assert client_of(world.instructor).get(address).status_code == 200


def test_forty_questions_are_as_few_statements(
    world: World, draft: Quiz, client_of: SignIn, count_statements: Counting
) -> None:
    browser = client_of(world.instructor)
    bank = filled_bank(world, 8)
    for number in (1, 2):
        browser.post(f"/quizzes/{draft.id}/sections/new", data={"title": f"Phần {number}"})
    browser.post(f"/quizzes/{draft.id}/blueprint?bank={bank.id}", data={"topic-0": "m1", "count-0-easy": "1"})
    session().commit()
    pages = [f"/quizzes/{draft.id}/{page}" for page in ("questions", "sample", "blueprint", "print/key.pdf?codes=1")]
    few = []
    for page in pages:
        with count_statements() as statements:
            browser.get(page)
        few.append(len(statements))
    papers.add_items(draft, questions_of(bank)[8:])
    browser.post(f"/quizzes/{draft.id}/blueprint?bank={bank.id}", data={"topic-0": "m1", "count-0-easy": "4"})
    session().commit()
    for page, before in zip(pages, few, strict=True):
        with count_statements() as statements:
            browser.get(page)
        assert len(statements) <= before, page


@pytest.mark.parametrize(
    ("policy", "pass_percent", "percent", "passed", "marked"),
    [("average", 75, 75.0, True, 2), ("average", 76, 75.0, False, 2), ("first", 60, 100.0, True, 1)],
)
def test_results_by_each_policy(
    world: World, admitted: Quiz, policy: str, pass_percent: int, percent: float, passed: bool, marked: int
) -> None:
    admitted.grade_policy, admitted.pass_percent = GradePolicy(policy), pass_percent
    taken(world.trainee, admitted)
    taken(world.trainee, admitted, wrong=(QuestionKind.SINGLE, QuestionKind.MULTIPLE))
    figures = results.figures(admitted)
    assert (figures.people, figures.passed, figures.mean_percent) == (1, int(passed), percent)
    assert queries.best_result(world.trainee.person_id, admitted.id) == (percent, passed)
    assert sum(row.counted for row in results.all_results(admitted, results.View())) == marked
