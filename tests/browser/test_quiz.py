"""A quiz with a question of every kind in a real browser: by keyboard alone, without network, after a crash."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms import create_app
from lms.accounts import passwords
from lms.bench.every_kind import ESSAY, build_quiz
from lms.config import Settings
from lms.core.db import db, session, transaction
from lms.quizzes import taking
from lms.quizzes.attempt_models import AnswerEvent, Attempt, AttemptItem
from lms.quizzes.models import QuestionKind
from tests.browser.conftest import SCREENSHOTS
from tests.browser.visitor import Visitor
from tests.quizzes.conftest import item_of
from tests.servers import PASSWORD, Deployment, deployment
from tests.world import World, build_world

pytestmark = pytest.mark.browser

Served = tuple[Deployment, Flask]
Sitting = tuple[Visitor, Callable[[], Attempt]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the small world, whose trainee has a password."""
    with deployment(tmp_path_factory.mktemp("quiz")) as made:
        app = create_app(Settings.from_environment(made.environment))
        with app.app_context():
            with transaction():
                build_world()
                World.load().trainee.password_hash = passwords.hashed(PASSWORD)
            session().close()
        made.start()
        yield made, app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def sitting(served: Served, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Sitting]:
    """The trainee before an attempt at a quiz of her own, unshuffled; and the attempt as the database has it."""
    made, app = served
    with app.app_context():
        with transaction():
            world = World.load()
            rules = {"title": "Kiểm tra mọi dạng câu hỏi", "shuffle": False, "time_limit_minutes": 60}
            quiz = build_quiz(world.units["so-lam-khe"], world.instructor, **rules)
            quiz.practice = getattr(request, "param", "") == "practice"
            attempt_id = taking.start(world.trainee, quiz).id
        session().close()
    visitor = Visitor(chromium, made.url, SCREENSHOTS, role="trainee", language="vi", width=360)

    def attempt() -> Attempt:
        session().close()
        return session().get_one(Attempt, attempt_id)

    visitor.open(f"/attempts/{attempt_id}")
    with app.app_context():
        yield visitor, attempt
        session().close()
    visitor.close()


def keys(page: Page, *pressed: str) -> None:
    """Press one key after another."""
    for key in pressed:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what the selector names has the focus."""
    for _press in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def answer_by_keyboard(page: Page, kind: QuestionKind) -> None:
    """Give the right answer to the question shown, with keys only."""
    form = "form:not([hidden])"
    match kind:
        case "single" | "truefalse":
            tab_to(page, f"{form} input[name=answer]")
            keys(page, "Space")
        case "multiple":
            for option in "ab":
                tab_to(page, f"{form} input[value={option}]")
                keys(page, "Space")
        case "short" | "numeric":
            tab_to(page, f"{form} input[name=text]")
            page.keyboard.type("nghị định 72" if kind == QuestionKind.SHORT else "1,5 giờ")
        case "essay":
            tab_to(page, f"{form} textarea")
            page.keyboard.type(ESSAY["text"])
        case "matching":
            for place, word in enumerate(("Ng", "B", "Ng"), 1):
                tab_to(page, f"{form} select[name=pair-{place}]")
                page.keyboard.type(word)
        case "cloze":
            tab_to(page, f"{form} select[name=gap-1]")
            page.keyboard.type("ng")
            for place, text in ((2, "90"), (3, "72/2015/NĐ-CP")):
                tab_to(page, f"{form} input[name=gap-{place}]")
                page.keyboard.type(text)
        case "hotspot":
            tab_to(page, f"{form} .spot")
            keys(page, *["Shift+ArrowUp"] * 3, "Enter", *["Shift+ArrowDown"] * 4, "Enter")
        case "ordering":
            order_by_keyboard(page, form)


def order_by_keyboard(page: Page, form: str) -> None:
    """Bring each item to its place with Alt and the arrow key up."""
    right = ("Xác nhận sự việc", "Nói điều đã biết", "Nói việc đang làm", "Hẹn giờ sau")
    for place, words in enumerate(right):
        tab_to(page, f'{form} li[data-words="{words}"] button:not([disabled])')
        texts = page.locator(f"{form} .sorting-text").all_inner_texts()
        keys(page, *["Alt+ArrowUp"] * (texts.index(words) - place))
        keys(page, *["Shift+Tab"] * 12)


@pytest.mark.parametrize("width", [360, 1280])
def test_every_kind_by_keyboard_alone(sitting: Sitting, width: int) -> None:
    visitor, attempt = sitting
    page = visitor.page
    visitor.resize(width)
    kinds = [QuestionKind(item.question_version.kind) for item in attempt().items]
    assert set(kinds) == set(QuestionKind)
    for place, kind in enumerate(kinds, 1):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Câu {place} trong 10")
        answer_by_keyboard(page, kind)
        visitor.picture(f"quiz-{kind}")
        assert visitor.check() == [], kind
        tab_to(page, "form:not([hidden]) .quizfoot .btn-primary")
        keys(page, "Enter")
    expect(page.get_by_text("Đã trả lời đủ 10 câu")).to_be_visible()
    assert visitor.check() == []
    tab_to(page, "main button.btn-primary")
    keys(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ chấm")
    visitor.picture("quiz-result")
    assert visitor.check() == []
    closed = attempt()
    assert {item.question_version.kind: item.score for item in closed.items} == {
        kind: None if kind == QuestionKind.ESSAY else 1 for kind in kinds
    }


def test_a_lost_network_is_bridged_and_a_crash_too(sitting: Sitting) -> None:
    visitor, attempt = sitting
    page = visitor.page
    page.get_by_label("Người phát ngôn được giao").check()
    expect(page.locator(".save")).to_contain_text("Đã lưu")
    visitor.offline(True)
    page.get_by_label("Bất kỳ công chức nào").check()
    page.get_by_role("button", name="Câu tiếp theo").click()
    page.get_by_role("checkbox", name="Điều đã biết").check()
    expect(page.locator(".save")).to_contain_text("mất kết nối")
    visitor.crash()
    assert item_of(attempt(), QuestionKind.SINGLE).answer == {"chosen": ["a"]}
    visitor.offline(False)
    visitor.new_page()
    visitor.open(f"/attempts/{attempt().id}")
    expect(visitor.page.locator(".save")).to_contain_text("Đã lưu")
    expect(visitor.page.get_by_label("Bất kỳ công chức nào")).to_be_checked()
    kept = attempt()
    assert item_of(kept, QuestionKind.SINGLE).answer == {"chosen": ["b"]}
    assert item_of(kept, QuestionKind.MULTIPLE).answer == {"chosen": ["a"]}


def test_what_comes_after_the_end_is_sent_and_told(sitting: Sitting) -> None:
    visitor, attempt = sitting
    page = visitor.page
    visitor.offline(True)
    page.get_by_label("Người phát ngôn được giao").check()
    page.get_by_role("button", name="Câu tiếp theo").click()
    page.get_by_role("checkbox", name="Điều đã biết").check()
    expect(page.locator(".save")).to_contain_text("mất kết nối")
    with transaction():
        taking.hand_in(attempt().person_id, attempt().id)
    visitor.offline(False)
    expect(page.get_by_text("2 câu đến sau khi nộp không tính.")).to_be_visible(timeout=30_000)
    late = session().scalars(select(AnswerEvent.answer).join(AttemptItem).where(AttemptItem.attempt_id == attempt().id))
    assert sorted(late, key=str) == [{"chosen": ["a"]}, {"chosen": ["a"]}]


@pytest.mark.parametrize("sitting", ["practice"], indirect=True)
def test_a_practice_tells_at_once(sitting: Sitting) -> None:
    visitor, attempt = sitting
    page = visitor.page
    page.get_by_label("Bất kỳ công chức nào").check()
    page.get_by_role("button", name="Kiểm tra câu này").click()
    expect(page.get_by_role("heading", name="Chưa đúng")).to_be_visible()
    expect(page.get_by_text("Chỉ người được giao.").first).to_be_visible()
    visitor.picture("quiz-practice")
    assert visitor.check() == []
    page.get_by_label("Người phát ngôn được giao").check()
    expect(page.get_by_role("heading", name="Chưa đúng")).to_have_count(0)
    page.get_by_role("button", name="Kiểm tra câu này").click()
    expect(page.get_by_role("heading", name="Trả lời đúng")).to_be_visible()
    assert item_of(attempt(), QuestionKind.SINGLE).answer == {"chosen": ["a"]}


def test_points_by_pointer(sitting: Sitting) -> None:
    visitor, attempt = sitting
    page = visitor.page
    visitor.open(f"/attempts/{attempt().id}?question=10")
    box = page.locator(".spot").bounding_box()
    assert box
    scale = box["width"] / 400
    page.locator(".spot").click(position={"x": 200 * scale, "y": 45 * scale})
    page.locator(".spot").click(position={"x": 20 * scale, "y": 280 * scale})
    page.get_by_role("button", name="Bỏ điểm 2").click()
    expect(page.locator(".spot-points li")).to_have_count(1)
    page.locator(".spot").click(position={"x": 200 * scale, "y": 220 * scale})
    expect(page.locator(".save")).to_contain_text("Đã lưu")
    visitor.picture("quiz-pointer")
    page.get_by_role("button", name="Xem lại bài").click()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chưa đạt: 1/10")
