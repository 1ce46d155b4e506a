"""What is asked and what is told afterwards: every kind without a script, results by rule, practice, sections."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.quizzes import parts, taking
from lms.quizzes.attempt_models import Accommodation, Attempt
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import QuestionKind, Quiz, QuizSection, ShowFrom, ShowRule
from tests.quizzes.conftest import answer_all, item_of, taken
from tests.quizzes.every_kind import as_fields, right
from tests.world import World

SignIn = Callable[[Account], FlaskClient]


@pytest.mark.parametrize(
    ("show", "seen"), [(ShowRule.NONE, 0), (ShowRule.SCORE, 1), (ShowRule.MARKS, 2), (ShowRule.FULL, 3)]
)
def test_the_result_shows_what_the_rule_says(
    world: World, admitted: Quiz, client_of: SignIn, show: ShowRule, seen: int
) -> None:
    admitted.show = show
    attempt = taken(world.trainee, admitted, wrong=(QuestionKind.SINGLE,))
    page = client_of(world.trainee).get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "Đã nộp lúc" in page
    assert ("Đạt: 3/4" in page) == (seen >= 1)
    assert ("Người phát ngôn được giao" in page) == (seen >= 2)
    assert ("Trả lời đúng" in page) == (seen >= 2)
    for key in ("Đáp án đúng", "Được chấp nhận", "Việc phát ngôn được giao bằng văn bản."):
        assert (key in page) == (seen >= 3)


def test_the_result_waits_until_the_quiz_is_closed_for_everybody(
    world: World, admitted: Quiz, client_of: SignIn
) -> None:
    moment = clock.now()
    admitted.show_from, admitted.closes_at = ShowFrom.CLOSED, moment + timedelta(hours=1)
    later = Accommodation(
        quiz=admitted, person=world.other_trainee.person, reason="Ốm", granted_by_id=world.organizer.id,
        closes_at=moment + timedelta(hours=3),
    )  # fmt: skip
    session().add(later)
    attempt = taken(world.trainee, admitted)
    browser = client_of(world.trainee)
    for minutes, seen in ((5, False), (90, False), (200, True)):
        with clock.stopped_at(moment + timedelta(minutes=minutes)):
            page = browser.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
        assert ("Kết quả xem được từ" in page) == (not seen)
        assert ("Đạt: 4/4" in page) == seen
        assert ("Được chấp nhận" in page) == seen
        assert "Đã nộp lúc" in page


def test_what_waits_for_a_marker_is_no_result_yet(world: World, every_kind: Quiz, client_of: SignIn) -> None:
    attempt = taking.start(world.trainee, every_kind)
    for item in attempt.items:
        taking.save_answer(world.trainee.person_id, attempt.id, item.position, right(item), 1)
    taking.hand_in(world.trainee.person_id, attempt.id)
    page = client_of(world.trainee).get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "Còn 1 câu chờ người chấm" in page
    assert "9 trên 9 điểm" in page
    assert "Đạt:" not in page
    page = client_of(world.instructor).get(f"/quizzes/{every_kind.id}/results/{attempt.id}").get_data(as_text=True)
    assert "Chờ chấm" in page
    assert "Tỉnh đang xác minh." in page


def test_every_kind_is_answered_without_a_script(world: World, every_kind: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    address = browser.post(f"/quizzes/{every_kind.id}/attempts").location
    attempt = session().scalars(select(Attempt)).one()
    for item in attempt.items:
        page = browser.get(address, query_string={"question": item.position}).get_data(as_text=True)
        fields = as_fields(item, right(item))
        assert all(f'name="{name}"' in page for name in fields)
        saved = browser.post(address, data={"position": item.position, "go": "next", **fields})
        assert saved.status_code == 303
    session().expire_all()
    assert [item.answer for item in attempt.items] == [right(item) for item in attempt.items]
    page = browser.get(address).get_data(as_text=True)
    assert "10 đã trả lời, 0 chưa" in page
    result = browser.get(browser.post(f"{address}/submission").location).get_data(as_text=True)
    assert result.count("Trả lời đúng") == 9
    assert result.count("Chờ chấm") >= 1


def test_nothing_on_the_page_tells_the_key(world: World, every_kind: Quiz, client_of: SignIn) -> None:
    browser = client_of(world.trainee)
    page = browser.get(browser.post(f"/quizzes/{every_kind.id}/attempts").location).get_data(as_text=True)
    for told in ("72/2015", "Đúng người, đúng việc.", "quy chế phát ngôn", "Bục người phát ngôn", "place-a"):
        assert told not in page
    assert "<strong>sự việc bất thường</strong>" in page


def test_a_wrong_order_is_refused_in_the_page(world: World, every_kind: Quiz, client_of: SignIn) -> None:
    attempt = taking.start(world.trainee, every_kind)
    place = item_of(attempt, QuestionKind.ORDERING).position
    response = client_of(world.trainee).post(
        f"/attempts/{attempt.id}", data={"position": place, "place-1": "1", "place-2": "1"}
    )
    assert response.status_code == 422
    assert "Hãy xếp đủ các mục, mỗi mục một thứ tự." in response.get_data(as_text=True)


def test_markup_in_a_gap_is_not_run(world: World, every_kind: Quiz, client_of: SignIn) -> None:
    attempt = taking.start(world.trainee, every_kind)
    browser = client_of(world.trainee)
    place = item_of(attempt, QuestionKind.CLOZE).position
    browser.post(f"/attempts/{attempt.id}", data={"position": place, "gap-3": '"><script>alert(1)</script>'})
    place = item_of(attempt, QuestionKind.ESSAY).position
    browser.post(f"/attempts/{attempt.id}", data={"position": place, "text": "</textarea><script>alert(2)</script>"})
    taking.hand_in(world.trainee.person_id, attempt.id)
    page = browser.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") == 2


def test_a_practice_tells_at_once_and_counts_nowhere(world: World, admitted: Quiz, client_of: SignIn) -> None:
    admitted.practice = True
    attempt = taking.start(world.trainee, admitted)
    place = item_of(attempt, QuestionKind.SINGLE).position
    browser, address = client_of(world.trainee), f"/attempts/{attempt.id}"
    for answer, said in (("b", "Chưa đúng"), ("a", "Trả lời đúng")):
        checked = browser.post(address, data={"position": place, "answer": answer, "go": "verdict"})
        page = browser.get(checked.location).get_data(as_text=True)
        assert said in page
        assert "Việc phát ngôn được giao bằng văn bản." in page
    assert "luyện tập, không tính kết quả" in page
    result = browser.get(browser.post(f"{address}/submission").location).get_data(as_text=True)
    assert "Luyện tập: 1/4" in result
    assert "Chưa đạt" not in result


def test_only_a_practice_tells_before_the_end(world: World, attempt: Attempt, client_of: SignIn) -> None:
    answer_all(world.trainee, attempt)
    browser = client_of(world.trainee)
    for place in range(1, 5):
        page = browser.get(f"/attempts/{attempt.id}?question={place}&checked=1").get_data(as_text=True)
        assert "Trả lời đúng" not in page
        assert "Kiểm tra câu này" not in page


def test_sections_stand_over_their_questions(world: World, admitted: Quiz, client_of: SignIn) -> None:
    section = QuizSection(quiz=admitted, position=1, title="Phần pháp lý", intro="Trả lời *ngắn*.")
    session().add(section)
    session().flush()
    for item in admitted.items[2:]:
        item.section_id = section.id
    session().flush()
    attempt = taking.start(world.trainee, admitted)
    browser = client_of(world.trainee)
    page = browser.get(f"/attempts/{attempt.id}").get_data(as_text=True)
    assert page.count("Trả lời <em>ngắn</em>.") == 1
    assert page.count("Phần pháp lý") == 2
    taking.hand_in(world.trainee.person_id, attempt.id)
    assert "Phần pháp lý" in browser.get(f"/attempts/{attempt.id}/result").get_data(as_text=True)


def test_gaps_stand_in_the_text_only(app: Flask) -> None:
    """Not in the words of an image, where a field would break the page; one that has no place stands after the text."""
    gaps = Cloze((Gap(Short((Form("a"),))), Gap(Short((Form("b"),)))))
    with app.test_request_context():
        stem = parts.block(f'![x [[1]] " onerror=alert(1)](figure:{"0" * 64}) **[[1]]** [[2]](http://a.example)', None)
        shown = parts.parts_of(gaps, stem, [], {})
    assert isinstance(shown, parts.Filled)
    before, gap, after = shown.pieces
    assert isinstance(gap, parts.ShownGap)
    assert gap.number == "1"
    assert str(before).startswith("<p><img")
    assert str(before).endswith("<strong>")
    assert "[[1]]" in str(before)
    assert str(after).startswith("</strong>")
    assert [one.number for one in shown.rest] == ["2"]
