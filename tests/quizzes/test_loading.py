"""Loading `questions.yaml`: idempotent, versions only for changed words, mistakes with their place; the real files."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from lms.core.db import session
from lms.core.errors import RulesBroken
from lms.places import courses_folder
from lms.quizzes import loading, taking
from lms.quizzes.models import Question, QuestionVersion, Quiz, QuizItem, ShowRule
from tests.world import World

FILE: dict[str, Any] = {
    "bank": {"key": "thu", "title": {"vi": "Ngân hàng thử", "en": "A trial bank"}},
    "questions": [
        {
            "key": "P01",
            "kind": "single",
            "topic": "m1",
            "difficulty": "easy",
            "stem": {"vi": "Câu một?", "en": "Question one?"},
            "options": [
                {"text": {"vi": "Đúng đây", "en": "This"}, "right": True, "feedback": {"vi": "Đúng.", "en": "Right."}},
                {"text": {"vi": "Không phải", "en": "Not this"}, "right": False},
            ],
            "feedback": {"vi": "Vì sao.", "en": "Why."},
            "cites": ["nd-72-2015 Điều 6"],
        },
        {"key": "P02", "kind": "truefalse", "topic": "m1", "stem": {"vi": "Hai.", "en": "Two."}, "answer": False},
        {
            "key": "P03",
            "kind": "short",
            "topic": "m2",
            "stem": {"vi": "Ba?", "en": "Three?"},
            "accepted": {"vi": ["Hà Nội"], "en": ["Hanoi", "Hà Nội"]},
        },
    ],
    "quizzes": [
        {
            "key": "kiem-tra",
            "title": {"vi": "Kiểm tra", "en": "Test"},
            "intro": {"vi": "Ba câu.", "en": "Three questions."},
            "questions": ["P03", "P01"],
            "time_limit_minutes": 10,
            "attempts_allowed": 2,
            "pass_percent": 60,
            "show": "score",
            "shuffle": False,
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The file with one value set; a path of "…/+" adds to a list."""
    data = copy.deepcopy(FILE)
    *way, last = path.split("/")
    place: Any = data
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    if last == "+":
        place.append(value)
    else:
        place[int(last) if last.isdecimal() else last] = value
    return data


def test_load_and_load_again(world: World) -> None:
    unit = world.units["so-lam-khe"]
    first = loading.load_bank(FILE, unit)
    assert first.reworded == 3
    assert list(first.questions) == ["P01", "P02", "P03"]
    quiz = first.quizzes["kiem-tra"]
    assert [item.question.key for item in quiz.items] == ["P03", "P01"]
    assert (quiz.time_limit_minutes, quiz.pass_percent, quiz.show, quiz.shuffle) == (10, 60, ShowRule.SCORE, False)
    assert quiz.published_at is not None
    assert [form["text"] for form in first.questions["P03"].current_version.body["accepted"]] == ["Hà Nội", "Hanoi"]
    assert [one["right"] for one in first.questions["P02"].current_version.body["options"]] == [False, True]
    published, items = quiz.published_at, {item.id for item in quiz.items}
    again = loading.load_bank(FILE, unit)
    assert again.reworded == 0
    assert (again.bank.id, again.quizzes["kiem-tra"].id) == (first.bank.id, quiz.id)
    assert (quiz.published_at, {item.id for item in quiz.items}) == (published, items)
    for table, rows in ((Question, 3), (QuestionVersion, 3), (Quiz, 1), (QuizItem, 2)):
        assert session().scalar(select(func.count()).select_from(table)) == rows


def test_changed_words_become_a_version_once_seen(world: World) -> None:
    unit = world.units["so-lam-khe"]
    quiz = loading.load_bank(FILE, unit).quizzes["kiem-tra"]
    new = changed("questions/0/stem/vi", "Câu một, viết lại?")
    question = loading.load_bank(new, unit).questions["P01"]
    assert (question.current_number, question.current_version.stem) == (1, "Câu một, viết lại?")
    taking.start(world.trainee, quiz)
    question = loading.load_bank(FILE, unit).questions["P01"]
    assert (question.current_number, question.current_version.stem) == (2, "Câu một?")


def test_what_is_gone_from_the_file_is_retired_and_may_come_back(world: World) -> None:
    unit = world.units["so-lam-khe"]
    loading.load_bank(FILE, unit)
    less = copy.deepcopy(FILE)
    del less["questions"][0]
    less["quizzes"] = [less["quizzes"][0] | {"key": "khac", "questions": ["P02"]}]
    loading.load_bank(less, unit)
    gone = session().scalars(select(Question).where(Question.key == "P01")).one()
    assert gone.retired_at is not None
    old = session().scalars(select(Quiz).where(Quiz.key == "kiem-tra")).one()
    assert old.published_at is None
    loading.load_bank(FILE, unit)
    assert gone.retired_at is None
    assert old.published_at is not None


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("bank/key", "có trắng", "bank.key"),
        ("bank/title", "Tên", "bank.title"),
        ("questions/0/stem/en", "", "questions[0].stem.en"),
        ("questions/0/kind", "hotspot", "questions[0].kind"),
        ("questions/0/difficulty", "khó", "questions[0].difficulty"),
        ("questions/0/options/1/right", "no", "questions[0].options[1].right"),
        ("questions/0/options/0/right", False, "questions[0].options"),
        ("questions/0/options/1/text/vi", "đúng đây", "questions[0].options[1]"),
        ("questions/0/options", [], "questions[0].options"),
        ("questions/0/fedback", {}, "questions[0].fedback"),
        ("questions/1/answer", None, "questions[1].answer"),
        ("questions/2/accepted", {"vi": []}, "questions[2].accepted"),
        ("questions/2/key", "P01", "questions[2].key"),
        ("questions/+", "text", "questions[3]"),
        ("quizzes/0/questions/+", "P99", "quizzes[0].questions[2]"),
        ("quizzes/0/questions/+", "P01", "quizzes[0].questions[2]"),
        ("quizzes/0/questions", [], "quizzes[0].questions"),
        ("quizzes/0/pass_percent", 101, "quizzes[0].pass_percent"),
        ("quizzes/0/time_limit_minutes", "20", "quizzes[0].time_limit_minutes"),
        ("quizzes/0/show", "some", "quizzes[0].show"),
    ],
)
def test_a_mistake_names_its_place(world: World, path: str, value: Any, where: str) -> None:
    data = changed(path, value)
    assert where in [mistake.where for mistake in loading.check_bank(data)]
    with pytest.raises(RulesBroken):
        loading.load_bank(data, world.units["so-lam-khe"])
    assert session().scalar(select(func.count()).select_from(Question)) == 0


@pytest.mark.parametrize("data", [None, [], "text", {}, {"bank": None, "questions": None}])
def test_a_file_that_is_none_is_refused(data: Any) -> None:
    assert loading.check_bank(data)


@pytest.mark.parametrize("file", sorted(courses_folder().glob("*/questions.yaml")), ids=lambda path: path.parent.name)
def test_the_courses_questions_load(world: World, file: Path) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [(mistake.where, str(mistake)) for mistake in loading.check_bank(data)] == []
    loaded = loading.load_bank(data, world.units["so-lam-khe"])
    assert len(loaded.questions) >= 15
    for quiz in loaded.quizzes.values():
        assert quiz.max_score == len(quiz.items)


def both(text: str) -> dict[str, str]:
    """A text that is the same in both languages."""
    return {"vi": text, "en": text}


KINDS: dict[str, dict[str, Any]] = {
    "numeric": {
        "values": [{"number": 24, "tolerance": "0.5"}, {"number": 1440, "percent": 5, "share": 50}],
        "units": [{"name": "giờ"}, {"name": "phút", "factor": "0.0166"}],
    },
    "matching": {
        "pairs": [{"prompt": both("Một"), "choice": both("A")}, {"prompt": both("Hai"), "choice": both("B")}],
        "extras": [both("C")],
    },
    "ordering": {"items": [both("Một"), both("Hai"), both("Ba")], "credit": "places"},
    "cloze": {
        "stem": both("Thủ đô [[1]], [[2]] chữ"),
        "gaps": [
            {"kind": "single", "options": [{"text": both("Hà Nội"), "right": True}, {"text": both("Huế")}]},
            {"kind": "numeric", "values": [{"number": 2}], "weight": 2},
        ],
    },
    "essay": {
        "rubric": [
            {"name": both("Rõ"), "levels": [{"points": 2, "text": both("Đủ")}, {"points": 0, "text": both("Thiếu")}]}
        ],
        "most_words": 300,
        "guide": "Xem Điều 6",
    },
}


def of_kind(kind: str, **more: Any) -> dict[str, Any]:
    """The file with a fourth question of a kind."""
    question = {"key": "P04", "kind": kind, "stem": both("Hỏi gì?"), "category": "Luật/Nghị định", "tags": ["mới"]}
    return changed("questions/+", question | KINDS[kind] | more)


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_kinds_load_again_and_again(world: World, kind: str) -> None:
    unit = world.units["so-lam-khe"]
    assert [(one.where, str(one)) for one in loading.check_bank(of_kind(kind))] == []
    loaded = loading.load_bank(of_kind(kind), unit)
    question = loaded.questions["P04"]
    assert (question.kind, question.category, [tag.tag for tag in question.tags]) == (kind, "Luật/Nghị định", ["mới"])
    content = question.current_version.content
    assert content.needs_marker or content.fraction(content.key() or {}) == 1
    assert loading.load_bank(of_kind(kind), unit).reworded == 0


@pytest.mark.parametrize(
    ("kind", "more", "where"),
    [
        ("numeric", {"values": [{"number": "nhiều"}]}, "values[0].number"),
        ("numeric", {"values": [{"number": 1, "tolerance": -1}]}, "values[0]"),
        ("matching", {"pairs": KINDS["matching"]["pairs"][:1]}, "pairs"),
        ("matching", {"extras": [both("a")]}, "extras[0]"),
        ("ordering", {"credit": "balanced"}, "credit"),
        ("ordering", {"options": []}, "options"),
        ("cloze", {"stem": both("Thủ đô [[1]]")}, "stem"),
        ("cloze", {"gaps": [{"kind": "essay"}]}, "gaps[0].kind"),
        ("essay", {"rubric": [{"name": both("Rõ"), "levels": []}]}, "rubric[0]"),
        ("essay", {"tags": ["a" * 61]}, "tags[0]"),
    ],
)
def test_a_mistake_of_the_other_kinds_names_its_place(kind: str, more: dict[str, Any], where: str) -> None:
    assert f"questions[3].{where}" in [one.where for one in loading.check_bank(of_kind(kind, **more))]
