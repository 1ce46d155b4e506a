"""Plain text of teachers becomes questions: the ways they write it, what is wrong by its line, and any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.errors import RuleBroken
from lms.quizzes import pasting
from lms.quizzes.kinds.choice import Choice, Multiple, Option, Single, TrueFalse, true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.wording import Words, faults

THREE = """
Câu 1. Ai phát ngôn cho tỉnh?
A. Người phát ngôn được giao
*B. Bất kỳ ai
C. Báo chí
Giải thích: Việc phát ngôn được giao bằng văn bản.

Câu 2: Tin ban đầu gồm những gì?
a) Điều đã biết
b) Điều đang xác minh
c) Phỏng đoán
ĐA: A, B

Câu 3) Cung cấp thông tin trong 24 giờ.
Đáp án: Đúng
"""


def right(words: Words) -> list[str]:
    assert isinstance(words.content, Choice)
    return [option.text.vi for option in words.content.options if option.right]


def test_three_questions() -> None:
    one, two, three = pasting.read(THREE)
    assert [found.problems for found in (one, two, three)] == [[], [], []]
    assert (one.words.stem.vi, right(one.words)) == ("Ai phát ngôn cho tỉnh?", ["Bất kỳ ai"])
    assert one.words.feedback.vi == "Việc phát ngôn được giao bằng văn bản."
    assert isinstance(two.words.content, Multiple)
    assert right(two.words) == ["Điều đã biết", "Điều đang xác minh"]
    assert isinstance(three.words.content, TrueFalse)
    assert three.words.content.key() == {"chosen": ["true"]}
    assert (one.first_line, one.last_line, three.first_line) == (2, 6, 14)


@pytest.mark.parametrize(
    "text",
    [
        "1. Thủ đô?\nA. Huế\nB. Hà Nội*\nC. Vinh",
        "1) Thủ đô?\na. Huế\nb. Hà Nội\nc. Vinh\nĐáp án: b",
        "1/ Thủ đô?\nA) Huế\n* B) Hà Nội\nC) Vinh",
        "Câu 1: Thủ đô?\nA. Huế B. Hà Nội C. Vinh\nĐÁP ÁN: B",
        "Câu hỏi 1. Thủ đô?\nA/ Huế\nB/ Hà Nội\nC/ Vinh\nĐA. B",
        "Câu 1 Thủ đô?\nA. Huế\n**B. Hà Nội**\nC. Vinh",
        "Câu 1. Thủ đô?\nA. Huế\nB. Hà Nội\nC. Vinh\nĐáp án đúng là: B. Hà Nội",
        "Câu 1. Thủ đô?\nA. Huế\nB. Hà Nội\nC. Vinh\nĐáp án: Hà Nội.",
        "Câu 1. Thủ đô?\nA. Huế\nB. Hà\nNội\nC. Vinh\n\n1.B 2.C",
        "Question 1. Thủ đô?\nA. Huế\nB*. Hà Nội\nC. Vinh",
        "Thủ đô?\nA. Huế\nB. Hà Nội\nC. Vinh\nAnswer: B",
    ],
)
def test_the_ways_a_question_is_written(text: str) -> None:
    [found] = pasting.read(text)
    assert (found.problems, found.words.stem.vi) == ([], "Thủ đô?")
    assert isinstance(found.words.content, Single)
    assert [option.text.vi for option in found.words.content.options] == ["Huế", "Hà Nội", "Vinh"]
    assert right(found.words) == ["Hà Nội"]


def test_numbers_within_a_named_question_begin_none() -> None:
    [found] = pasting.read("Câu 1. Chọn:\n1. Một\n2. Hai\nA. Cả hai\nB. Không\nĐáp án: A")
    assert found.words.stem.vi == "Chọn:\n1. Một\n2. Hai"
    [found] = pasting.read("1. Ai viết Tư bản?\nC. Mác hay Ph. Ăng-ghen?\nA. C. Mác\nB. Lênin\nĐáp án: A")
    assert found.words.stem.vi == "Ai viết Tư bản?\nC. Mác hay Ph. Ăng-ghen?"
    assert right(found.words) == ["C. Mác"]


def test_short_answers_and_marks_in_the_text() -> None:
    [one, two] = pasting.read("1. Thủ đô?\nĐáp án: Hà Nội | Ha Noi\n2. Nước sôi ở 100 độ (Sai)")
    assert one.words.content == Short((Form("Hà Nội"), Form("Ha Noi")))
    assert two.words.content.key() == {"chosen": ["false"]}
    assert two.words.stem.vi == "Nước sôi ở 100 độ"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Câu 1. Hỏi?\nA. Một\nB. Hai", 3, "Chưa biết phương án nào đúng."),
        ("Câu 1. Hỏi?\nA. Một\nB. Hai\nĐáp án: D", 4, "Đáp án ghi D"),
        ("Câu 1. Hỏi?\n*A. Một\nB. Hai\nĐáp án: B", 4, "Dấu * ở A nhưng đáp án ghi B."),
        ("Câu 1. Hỏi?\nA. Một\nB. Hai\nĐáp án: cả hai", 4, "Không hiểu đáp án"),
        ("Câu 1. Hỏi?\nA. Một\n*B. Một", 3, "Phương án này trùng với phương án 1."),
        ("Câu 1. Hỏi?", 1, "Chưa thấy phương án nào"),
        ("Câu 1.\n*A. Một\nB. Hai", 1, "Câu hỏi còn trống."),
    ],
)
def test_what_is_wrong_is_said_by_its_line(text: str, line: int, words: str) -> None:
    [found] = pasting.read(text)
    [problem] = found.problems
    assert problem.line == line
    assert (problem.message % problem.params).startswith(words)


def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(RuleBroken):
        pasting.read("x" * (pasting.LONGEST + 1))
    with pytest.raises(RuleBroken):
        pasting.read("\n".join(f"Câu {n}. Hỏi?" for n in range(1, pasting.MOST_QUESTIONS + 2)))


plain = st.text("abcđêơưzáộ 0123456789,?", min_size=3, max_size=30).map(lambda one: f"Việc {' '.join(one.split())} nào")


@st.composite
def questions(draw: st.DrawFn) -> Words:
    """A question that such a text can say."""
    texts = draw(st.lists(plain, min_size=2, max_size=5, unique_by=str.casefold))
    marked = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    options = tuple(Option(Both(text), place in marked) for place, text in enumerate(texts))
    choice = Multiple(options) if len(marked) > 1 else Single(options)
    short = Short(tuple(Form(text) for text in texts))
    content = draw(st.sampled_from([choice, short, true_false(True), true_false(False)]))
    return Words(content, Both(draw(plain)), Both(draw(st.just("") | plain)))


@settings(max_examples=60, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=4))
def test_what_is_written_is_read_back(asked: list[Words]) -> None:
    found = pasting.read(pasting.written(asked))
    assert [one.words for one in found] == asked
    assert all(not one.problems for one in found)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*THREE.splitlines(), "*", "A.", "1. ", "Câu 9", "Đáp án:", "ĐA: Z"]) | st.text(max_size=30)
    )
)
def test_any_text_is_read_and_every_problem_has_its_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    for found in pasting.read(text):
        assert found.problems or not faults(found.words)
        assert all(1 <= problem.line <= len(text.splitlines()) for problem in found.problems)
        for problem in found.problems:
            assert problem.message % problem.params
