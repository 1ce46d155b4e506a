"""Moodle XML as Moodle exports it: every type we take, its images, and where it is refused."""

import base64
from decimal import Decimal
from fractions import Fraction
from xml.sax.saxutils import escape

import pytest

from lms.quizzes import exchange
from lms.quizzes.exchange.entries import Entry, Reading, digest_of
from lms.quizzes.kinds import choice, ordering
from lms.quizzes.kinds.choice import Multiple, Single, true_false
from lms.quizzes.kinds.cloze import Cloze
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from tests.quizzes.exchange.entries import MAP, SEAL, png


def text(tag: str, words: str, form: str = "html", inner: str = "", attributes: str = "") -> str:
    """A text element."""
    return f'<{tag} format="{form}"{attributes}><text>{escape(words)}</text>{inner}</{tag}>'


def answer(share: str, words: str, feedback: str = "") -> str:
    """An answer."""
    return text("answer", words, inner=text("feedback", feedback), attributes=f' fraction="{share}"')


def file(name: str, content: bytes) -> str:
    """A file in base64."""
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'


def question(kind: str, *parts: str, stem: str = "<p>Hỏi?</p>", files: str = "") -> str:
    """A question."""
    head = f"<name><text>Tên câu</text></name>{text('questiontext', stem, inner=files)}"
    return f'<question type="{kind}">{head}{"".join(parts)}</question>'


def reading(*questions: str) -> Reading:
    """What a file of the questions says."""
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{chr(10).join(questions)}\n</quiz>'
    return exchange.read("cau-hoi.xml", content.encode())


def one(*parts: str, **more: str) -> Entry:
    """The only question of a file, which is taken."""
    read = reading(question(*parts, **more))
    assert read.refused == []
    (entry,) = read.entries
    return entry


def refusal(*parts: str, **more: str) -> str:
    """The code that the only question of a file is refused with."""
    (refused,) = reading(question(*parts, **more)).refused
    assert refused.message % refused.params
    return refused.code


def test_a_choice_has_title_category_tags_images_and_feedback() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/Luật/Báo chí//Xuất bản</text></category></question>'
    )
    tags = "<tags><tag><text>báo chí</text></tag><tag><text>luật</text></tag></tags>"
    shown = question(
        "multichoice",
        text("generalfeedback", "<p>Xem <b>Điều 3</b>.</p>"),
        "<single>true</single><shuffleanswers>false</shuffleanswers>",
        answer("100", "<p>Con dấu</p>", "<p>Đúng</p>"),
        answer("0", "Chữ ký"),
        tags,
        stem='<p>Đây là gì?</p><p><img src="@@PLUGINFILE@@/con%20d%E1%BA%A5u.png" alt="con dấu tròn" width="20"></p>',
        files=file("con dấu.png", SEAL),
    )
    read = reading(category, shown)
    (entry,) = read.entries
    assert read.format == "moodle-xml"
    assert entry.where == "question 1, line 4"
    assert (entry.labels.title, entry.labels.tags) == ("Tên câu", ("báo chí", "luật"))
    assert entry.labels.category == "Luật/Báo chí-Xuất bản"
    assert entry.words.stem.vi == f"Đây là gì?\n\n![con dấu tròn](figure:{digest_of(SEAL)})"
    assert entry.figures == {digest_of(SEAL): SEAL}
    assert entry.words.feedback.vi == "Xem **Điều 3**."
    content = entry.words.content
    assert isinstance(content, Single)
    assert content.keep_order
    assert [(option.text.vi, option.right, option.feedback.vi) for option in content.options] == [
        ("Con dấu", True, "Đúng"),
        ("Chữ ký", False, ""),
    ]


def test_several_right_options_are_marked_as_moodle_does() -> None:
    usual = one(
        "multichoice", "<single>false</single>", answer("50", "a"), answer("50", "b"), answer("-50", "c")
    ).words.content
    assert isinstance(usual, Multiple)
    assert usual.credit == choice.Credit.BALANCED
    thirds = one(
        "multichoice",
        "<single>false</single>",
        *(answer("33.33333", name) for name in "abc"),
        answer("-100", "d"),
    ).words.content
    assert isinstance(thirds, Multiple)
    assert [option.share for option in thirds.options] == [Fraction(1, 3)] * 3 + [Fraction(-1)]
    whole = one("multichoiceset", answer("100", "a"), answer("100", "b"), answer("0", "c")).words.content
    assert isinstance(whole, Multiple)
    assert whole.credit == choice.Credit.ALL


def test_plain_kinds_are_read() -> None:
    truth = one("truefalse", answer("0", "true", "không"), answer("100", "false", "phải"))
    assert truth.words.content == true_false(False, Both("không"), Both("phải"))
    short = one("shortanswer", "<usecase>1</usecase>", answer("100", "Hà Nội"), answer("50", "5\\*"), answer("0", "*"))
    assert short.words.content == Short((Form("Hà Nội"), Form("5*", Fraction(1, 2))), exact=True)
    pairs = [
        text("subquestion", prompt, inner=f"<answer><text>{match}</text></answer>")
        for prompt, match in (("<p>Pháp</p>", "Paris"), ("Ý", "Roma"), ("", "Tokyo"))
    ]
    assert one("matching", *pairs).words.content == Matching(
        ((Both("Pháp"), 0), (Both("Ý"), 1)), (Both("Paris"), Both("Roma"), Both("Tokyo"))
    )
    ordered = one("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>", answer("1", "một"), answer("1", "hai"))
    assert ordered.words.content == Ordering((Both("một"), Both("hai")), ordering.Credit.ALL)
    essay = one("essay", text("graderinfo", "<p>Chấm <i>kỹ</i></p>"), "<minwordlimit>100</minwordlimit>").words.content
    assert isinstance(essay, Essay)
    assert (essay.fewest_words, essay.guide) == (100, "Chấm *kỹ*")


def test_numbers_have_tolerances_and_units() -> None:
    number = (
        '<answer fraction="100" format="moodle_auto_format"><text>1.5</text><tolerance>0.1</tolerance>'
        f"{text('feedback', 'đúng')}</answer>"
        '<answer fraction="0"><text>*</text></answer>'
        "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
        "<unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"
    )
    values = (Value(Decimal("1.5"), Decimal("0.1"), feedback=Both("đúng")),)
    units = (Unit("m"), Unit("cm", Decimal("0.01")))
    optional = one("numerical", number, "<unitgradingtype>0</unitgradingtype><showunits>0</showunits>").words.content
    assert optional == Numeric(values, units, UnitRule.OPTIONAL)
    assert optional.fraction({"text": "150 cm"}) == 1
    required = one("numerical", number, "<unitgradingtype>1</unitgradingtype><unitpenalty>1</unitpenalty>")
    assert required.words.content == Numeric(values, units, UnitRule.REQUIRED)
    assert one("numerical", number, "<showunits>3</showunits>").words.content == Numeric(values)
    assert refusal("numerical", number, "<unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty>") == "units"


def test_gaps_of_every_kind_are_read() -> None:
    stem = (
        "<p>Thủ đô là {1:SHORTANSWER:=Hà Nội#đúng~%50%Thăng Long~*#Xem lại.}, có {2:NM:=30:0.5} quận,"
        " ở {:MULTICHOICE_S:=miền Bắc~miền Nam#sai\\}~%25%miền Trung}; mã {1:SAC:=HN \\~ 1}.</p>"
    )
    entry = one("cloze", text("generalfeedback", ""), stem=stem)
    assert entry.words.stem.vi == "Thủ đô là [[1]], có [[2]] quận, ở [[3]]; mã [[4]]."
    assert entry.words.feedback.vi == "Xem lại."
    content = entry.words.content
    assert isinstance(content, Cloze)
    assert [gap.weight for gap in content.gaps] == [1, 2, 1, 1]
    first, second, third, fourth = [gap.filler for gap in content.gaps]
    assert first == Short((Form("Hà Nội", feedback=Both("đúng")), Form("Thăng Long", Fraction(1, 2))))
    assert second == Numeric((Value(Decimal(30), Decimal("0.5")),))
    assert isinstance(third, Single)
    assert [option.share for option in third.options] == [1, 0, Fraction(1, 4)]
    assert third.options[1].feedback.vi == "sai}"
    assert fourth == Short((Form("HN ~ 1"),), exact=True)


def test_words_to_be_chosen_for_places_become_gaps() -> None:
    words = "".join(
        f"<selectoption><text>{word}</text><group>{group}</group></selectoption>"
        for word, group in (("mèo", 1), ("chó", 1), ("xanh", 2), ("đỏ", 2))
    )
    entry = one("gapselect", words, stem="Con [[2]] màu [[3]].")
    assert entry.words.stem.vi == "Con [[1]] màu [[2]]."
    assert entry.words.content.key() == {"gaps": {"1": {"chosen": ["b"]}, "2": {"chosen": ["a"]}}}


def test_markers_on_an_image_become_zones() -> None:
    drops = (
        "<drag><no>1</no><text>X</text></drag>"
        "<drop><no>1</no><shape>circle</shape><coords>100,80;15</coords><choice>1</choice></drop>"
        "<drop><no>2</no><shape>rectangle</shape><coords>10,20;30,40</coords><choice>1</choice></drop>"
        "<drop><no>3</no><shape>polygon</shape><coords>200,200;240,200;200,240</coords><choice>1</choice></drop>"
    )
    entry = one("ddmarker", file("map.png", MAP), drops)
    assert entry.words.content == Hotspot(
        digest_of(MAP),
        400,
        300,
        Both("Tên câu"),
        (
            Zone(Shape.CIRCLE, (100, 80, 15)),
            Zone(Shape.RECTANGLE, (10, 20, 40, 60)),
            Zone(Shape.POLYGON, (200, 200, 240, 200, 200, 240)),
        ),
    )


def test_texts_in_two_languages_are_parted() -> None:
    vi, en = (
        '<span lang="vi" class="multilang">Xin <b>chào</b></span>',
        '<span lang="en" class="multilang">Hello</span>',
    )
    stem = f"<p>{vi}{en} A?</p>"
    entry = one("truefalse", answer("100", "true"), stem=stem)
    assert entry.words.stem == Both("Xin **chào** A?", "Hello A?")


@pytest.mark.parametrize(
    ("kind", "parts", "code"),
    [
        ("description", "", "no-answers"),
        ("calculated", "", "kind"),
        ("essay-autograde", "", "kind"),
        ("cloze", "", "gap"),
        ("multichoice", answer("100", "một mình"), "options"),
        ("multichoice", answer("fifty", "a"), "share"),
        ("shortanswer", answer("100", "a*b"), "wildcard"),
        ("numerical", answer("100", "nhiều"), "number"),
        ("ordering", "<gradingtype>RELATIVE_TO_CORRECT</gradingtype>", "credit"),
        ("ordering", "<selecttype>RANDOM</selecttype>", "select"),
        ("ddmarker", "", "figure"),
        ("ddmarker", file("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "figure-kind"),
        ("ddmarker", file("x.png", b"\x89PNG\r\n\x1a\n"), "figure-kind"),
        ("ddmarker", file("x.png", MAP[:-40]), "figure-kind"),
        ("ddmarker", file("x.png", png(4001, 1)), "figure-size"),
        ("ddmarker", file("x.png", MAP) + "<drag><no>1</no></drag><drag><no>2</no></drag>", "markers"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(kind: str, parts: str, code: str) -> None:
    assert refusal(kind, parts) == code


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("http://evil.vn/x.png", "figure"),
        ("@@PLUGINFILE@@/other.png", "figure"),
        ("@@PLUGINFILE@@/x.png", "figure-kind"),
        ("data:image/svg+xml;base64,PHN2Zz4=", "figure"),
        ("data:image/png;base64,AAAA", "figure-kind"),
    ],
)
def test_images_from_elsewhere_and_broken_ones_are_refused(source: str, code: str) -> None:
    files = file("x.png", b"no image")
    assert refusal("truefalse", answer("100", "true"), stem=f'<img src="{source}">', files=files) == code


def test_multiple_responses_in_a_gap_are_refused_and_keep_no_other_out() -> None:
    read = reading(
        question("cloze", stem="Chọn {1:MULTIRESPONSE:=a~=b~c}"), question("truefalse", answer("100", "true"))
    )
    assert [(one.where, one.code) for one in read.refused] == [("question 1, line 3", "multiresponse")]
    assert [entry.where for entry in read.entries] == ["question 2, line 4"]


def test_a_file_that_is_no_quiz_is_refused_whole() -> None:
    for content, code in ((b"<quiz></quiz>", "empty"), (b"<html></html>", "not-quiz"), (b"<quiz>", "not-xml")):
        broken = exchange.read("a.xml", content, "moodle-xml").unreadable
        assert broken is not None
        assert broken.code == code
