"""GIFT as Moodle's documentation shows it, question by question, and where it says no."""

from decimal import Decimal
from fractions import Fraction

import pytest

from lms.quizzes import exchange
from lms.quizzes.exchange.entries import Entry, place
from lms.quizzes.kinds.choice import Credit, Multiple, Single, true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Value
from lms.quizzes.kinds.short import Form, Short


def one(text: str) -> Entry:
    """The only question of a text, which is taken."""
    reading = exchange.read("a.txt", text.encode(), "gift")
    assert reading.refused == []
    (entry,) = reading.entries
    return entry


def refused(text: str) -> list[tuple[str, str]]:
    """Place and code of what is refused."""
    return [(one.where, one.code) for one in exchange.read("a.txt", text.encode(), "gift").refused]


def test_a_choice_has_its_title_category_tags_and_feedback() -> None:
    entry = one(
        "$CATEGORY: $course$/top/Luật/Báo chí\n\n"
        "// ghi chú [id:x1] [tag:báo chí] [tag:a\\]b]\n"
        "::Câu 1::Ai [phát ngôn]?{\n=Người được giao#Đúng.\n~Bất kỳ ai#Sai.\n####Xem Điều 3.}\n"
    )
    assert (entry.labels.title, entry.labels.category) == ("Câu 1", "Luật/Báo chí")
    assert entry.labels.tags == ("báo chí", "a]b")
    assert entry.where == "line 4"
    assert entry.words.stem == Both("Ai [phát ngôn]?")
    assert entry.words.feedback == Both("Xem Điều 3.")
    content = entry.words.content
    assert isinstance(content, Single)
    assert [(option.text.vi, option.right, option.feedback.vi) for option in content.options] == [
        ("Người được giao", True, "Đúng."),
        ("Bất kỳ ai", False, "Sai."),
    ]


def test_weights_make_partial_and_multiple_choices() -> None:
    partial = one("Gần đúng?{=a ~%50%b ~c}").words.content
    assert isinstance(partial, Single)
    assert [option.share for option in partial.options] == [1, Fraction(1, 2), 0]
    usual = one("Hai ý?{~%50%a ~%50%b ~%-50%c}").words.content
    assert isinstance(usual, Multiple)
    assert usual.credit == Credit.BALANCED
    assert [option.right for option in usual.options] == [True, True, False]
    gentle = one("Hai ý?{~%50%a ~%50%b ~%-100%c}").words.content
    assert isinstance(gentle, Multiple)
    assert gentle.credit == Credit.SHARES
    assert gentle.fraction({"chosen": ["a", "c"]}) == 0


def test_a_missing_word_leaves_a_line_in_the_sentence() -> None:
    entry = one("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert entry.words.stem.vi == "Grant is _____ in Grant's tomb."


@pytest.mark.parametrize(
    ("answers", "content"),
    [
        ("{T}", true_false(True)),
        ("{FALSE#không phải#phải rồi}", true_false(False, Both("không phải"), Both("phải rồi"))),
        ("{TRUE#không phải#phải rồi}", true_false(True, Both("phải rồi"), Both("không phải"))),
        ("{=Hà Nội =%50%Thăng Long#cũ}", Short((Form("Hà Nội"), Form("Thăng Long", Fraction(1, 2), Both("cũ"))))),
        ("{Hà Nội}", Short((Form("Hà Nội"),))),
        ("{#1822:5}", Numeric((Value(Decimal(1822), Decimal(5)),))),
        ("{#1..3}", Numeric((Value(Decimal(2), Decimal(1)),))),
        ("{#1,5}", Numeric((Value(Decimal("1.5")),))),
        (
            "{#\n=1822:0#đúng\n=%50%1822:2}",
            Numeric(
                (Value(Decimal(1822), feedback=Both("đúng")), Value(Decimal(1822), Decimal(2), share=Fraction(1, 2)))
            ),
        ),
        (
            "{=Pháp -> Paris =Ý -> Roma = -> Tokyo}",
            Matching(((Both("Pháp"), 0), (Both("Ý"), 1)), (Both("Paris"), Both("Roma"), Both("Tokyo"))),
        ),
    ],
)
def test_each_kind_is_read(answers: str, content: object) -> None:
    assert one(f"Hỏi {answers}").words.content == content


def test_an_essay_gets_a_rubric_to_be_marked_by() -> None:
    content = one("Nêu suy nghĩ. {}").words.content
    assert isinstance(content, Essay)
    assert content.rubric


def test_escapes_stand_for_themselves() -> None:
    entry = one(r"2 \= 1 \+ 1\: \{có\} \# \~\n\nxuống dòng C\:\\a {=\{a\=b\} ~x\#y}")
    assert entry.words.stem.vi.splitlines()[0].startswith("2 = 1 ")
    assert entry.words.stem.vi.splitlines()[0].endswith(": {có} # ~")
    assert [both.vi for both in entry.words.content.pieces() if both.vi] == ["{a=b}", "x#y"]


def test_what_is_said_to_any_other_answer_is_said_to_all() -> None:
    assert one("Số?{#=5 ~#Xem lại bài 2.}").words.feedback.vi == "Xem lại bài 2."
    assert one("Thủ đô?{=Hà Nội =%0%*#Xem bản đồ.####Chung.}").words.feedback.vi == "Chung.\n\nXem bản đồ."


def test_forms_of_text_are_read() -> None:
    assert one("[html]<p>Một <b>hai</b></p>{T}").words.stem.vi == "Một **hai**"
    assert one("[markdown]Một **hai**{T}").words.stem.vi == "Một **hai**"
    assert one("[plain]Một **hai**{T}").words.stem.vi == r"Một \*\*hai\*\*"
    assert one("a<b và c{T}").words.stem.vi == "a<b và c"


def test_a_bad_question_is_refused_by_its_line_and_keeps_no_other_out() -> None:
    text = "Lời dẫn\n\n// ghi chú\nHỏng { =a\n\nTốt{T}\n\nMột ý{~a}\n\nMẫu{=a*b}\n\nSố{#x}\n\n[html]<img src='a'>{T}"
    assert refused(text) == [
        ("line 1", "no-answers"),
        ("line 4", "braces"),
        ("line 8", "options"),
        ("line 10", "wildcard"),
        ("line 12", "number"),
        ("line 14", "figure"),
    ]
    assert [entry.words.stem.vi for entry in exchange.read("a", text.encode(), "gift").entries] == ["Tốt"]


def test_a_file_without_questions_or_of_other_letters_is_refused_whole() -> None:
    assert refused("// chỉ có ghi chú\n") == [("", "empty")]
    assert refused("") == [("", "empty")]
    reading = exchange.read("a", "Hỏi{T}".encode("utf-16"), "gift")
    assert len(reading.entries) == 1
    broken = exchange.read("a", b"H\xe1\xbb{T}", "gift").unreadable
    assert broken is not None
    assert broken.code == "encoding"


def test_places_are_said_to_people() -> None:
    assert place("line 12") == ("dòng %(n)s", {"n": 12})
    assert place("question 3, line 57") == ("dòng %(n)s", {"n": 57})
    assert place("row 5") == ("hàng %(n)s", {"n": 5})
    assert place("items/q.xml") == ("items/q.xml", {})
