"""Quizzes on paper: every kind prints whole, the same again, and the key says what the paper shows."""

import io
import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from lms.core.pdf import TextDoesNotFit
from lms.quizzes.kinds.choice import Multiple, Option, Single
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.printing import Asked, Paper, Part, draw_keys, draw_papers, draw_sheets
from lms.quizzes.printing.keys import answer_of
from lms.quizzes.shuffling import shuffled
from lms.quizzes.wording import Words
from tests.quizzes.contents import SPECIAL, words

DRAWN = (draw_papers, draw_sheets, draw_keys)


def asked(content: object, number: int = 1, stem: str = "Câu hỏi?", seed: int = 5) -> Asked:
    """A question as a shuffled paper asks it."""
    order = content.arranged(lambda ids, part: shuffled(ids, seed, part))  # type: ignore[attr-defined]
    return Asked(number, f"C{number:03d}", stem, content, order, 2)  # type: ignore[arg-type]


def paper(*questions: Asked, code: str = "101") -> Paper:
    """A paper of one part."""
    return Paper(code, "Sở Văn hóa tỉnh Lam Khê", "Kiểm tra cuối khóa", 45, [Part("Phần I", "Chọn.", list(questions))])


def text_of(content: bytes) -> str:
    """All words of a PDF, spaces made one."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(words(SPECIAL), min_size=1, max_size=3), st.integers(0, 99))
def test_whatever_is_written_prints(several: list[Words], seed: int) -> None:
    questions = [asked(one.content, number, one.stem.vi, seed) for number, one in enumerate(several, 1)]
    for draw in DRAWN:
        content = draw([paper(*questions), paper(*questions, code="102")])
        assert content == draw([paper(*questions), paper(*questions, code="102")])
        said = text_of(content)
        assert "101" in said
        assert "102" in said


def test_a_paper_says_what_is_asked_and_not_the_answer() -> None:
    content = Single((Option(Both("Đúng rồi"), True, Both("Lời giải")), Option(Both("Sai rồi")), Option(Both("Khác"))))
    cloze = Cloze((Gap(Short((Form("bí mật"),))), Gap(content)))
    questions = [
        asked(content, 1, "Ai **phát ngôn**?\n\n- một\n- hai"),
        asked(cloze, 2, "Theo [[1]] thì [[2]] nói."),
        asked(
            Essay((Criterion(Both("Đủ ý"), (Level(0, Both("Thiếu")), Level(2, Both("Đủ")))),), 50, 100, "Chấm nhẹ"), 3
        ),
    ]
    said = text_of(draw_papers([paper(*questions)]))
    for wanted in (
        "MÃ ĐỀ",
        "Câu 1.",
        "Ai phát ngôn",
        "– một",
        "45 phút",
        "3 câu · 6 điểm",
        "Phần I",
        "(1) …",
        "từ 50 đến 100 chữ",
    ):
        assert wanted in said, wanted
    for hidden in ("bí mật", "Lời giải", "Chấm nhẹ"):
        assert hidden not in said
    key = text_of(draw_keys([paper(*questions)]))
    for told in ("(1) bí mật", "Chấm nhẹ", "2: Đủ", "[C001]"):
        assert told in key


def test_the_key_speaks_in_the_letters_of_its_paper() -> None:
    options = tuple(Option(Both(f"P{place}"), place < 2) for place in range(4))
    choice = asked(Multiple(options))
    right = [choice.labels()[one] for one in ("a", "b")]
    assert answer_of(choice).partition(" ")[0].rstrip(",") in right
    assert set(re.findall(r"\b[A-D]\b", answer_of(choice))) == set(right)
    order = asked(Ordering((Both("một"), Both("hai"), Both("ba"))))
    assert [one.strip() for one in answer_of(order).partition(" (")[0].split("–")] == [
        order.labels()[one] for one in ("a", "b", "c")
    ]
    pairs = asked(Matching(((Both("x"), 1), (Both("y"), 0)), (Both("một"), Both("hai"), Both("ba"))))
    assert answer_of(pairs) == f"1 – {pairs.labels()['b']}; 2 – {pairs.labels()['a']}"


def test_pages_are_numbered_for_each_code_and_nothing_is_lost() -> None:
    long = Essay((Criterion(Both("Đủ ý"), (Level(0, Both("Thiếu")), Level(2, Both("Đủ")))),), 0, 2000)
    questions = [asked(long, number, f"Viết bài số {number}. " + "Một câu dài. " * 200) for number in range(1, 4)]
    for draw in (draw_papers, draw_sheets):
        content = draw([paper(*questions), paper(*questions, code="102")])
        said = text_of(content)
        pages = len(PdfReader(io.BytesIO(content)).pages)
        assert pages % 2 == 0
        assert said.count(f"Trang 1/{pages // 2}") == 2
        assert f"Trang {pages // 2}/{pages // 2}" in said
    assert all(f"Viết bài số {number}." in text_of(draw_papers([paper(*questions)])) for number in (1, 2, 3))


def test_figures_print_and_a_letter_without_a_face_is_told() -> None:
    dot = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(dot, "PNG")
    digest = "a" * 64
    stem = f"Xem hình:\n\n![Bản đồ](figure:{digest})"
    shown = paper(asked(Short((Form("x"),)), 1, stem))
    with_figure = Paper(**{**shown.__dict__, "figures": lambda _digest: dot.getvalue()})
    assert len(PdfReader(io.BytesIO(draw_papers([with_figure]))).pages[0].images) == 1
    assert "Bản đồ" in text_of(draw_papers([shown]))
    with pytest.raises(TextDoesNotFit):
        draw_papers([paper(asked(Short((Form("x"),)), 1, "Cười \N{GRINNING FACE}"))])
