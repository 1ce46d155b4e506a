"""What holds for every kind of question, and the marking rules of each in examples."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import RuleBroken
from lms.quizzes import kinds, marking
from lms.quizzes.kinds import ordering
from lms.quizzes.kinds.choice import Credit, Multiple, Option, Single, true_false
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import EMPTY, Both, Content, read_share, write_share
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule, Value, read_numbers
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.shuffling import shuffled
from lms.quizzes.wording import Words, faults
from tests.quizzes.contents import contents, words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["a", "1", "true"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["chosen", "text", "pairs", "order", "gaps", "points", "1", "a"]), inner)
    ),
    max_leaves=12,
)


def options(rights: str) -> tuple[Option, ...]:
    """Options a, b, c …; "+" is right."""
    return tuple(Option(Both(f"ý {place}"), mark == "+") for place, mark in enumerate(rights))


@given(words())
def test_what_may_be_written_has_no_fault(made: Words) -> None:
    assert faults(made) == []


@given(contents())
def test_a_content_is_the_same_after_storing(made: Content) -> None:
    again = kinds.read(made.kind, made.stored())
    assert again.stored() == made.stored()
    assert [piece.vi for piece in again.pieces()] == [piece.vi for piece in made.pieces()]


@given(contents())
def test_the_key_earns_everything(made: Content) -> None:
    key = made.key()
    if made.needs_marker:
        assert key is None
        assert marking.fraction(made, {"text": "Chúng tôi đang xác minh."}) is None
    else:
        assert made.checked(key) == key
        assert marking.fraction(made, key) == 1
    assert marking.fraction(made, None) == 0


@given(contents(), st.integers(0, 10**6))
def test_shuffling_hides_nothing_and_changes_no_mark(made: Content, seed: int) -> None:
    shown = made.arranged(lambda ids, part: shuffled(ids, seed, part))
    assert sorted(shown) == sorted(made.arranged(None))
    if isinstance(made, Ordering):
        assert shown != made.ids()
        assert made.arranged(None) != made.ids()


@given(contents(), JSON)
def test_any_answer_is_refused_or_marked_within_bounds(made: Content, given_answer: Any) -> None:
    answer = checked_or_refused(made, given_answer)
    assert made.checked(answer) == answer
    share = marking.fraction(made, answer)
    assert share is None or 0 <= share <= 1


def checked_or_refused(made: Content, given_answer: Any) -> dict[str, Any] | None:
    """The stored answer, None where it is refused; no other error may escape."""
    try:
        return made.checked(given_answer)
    except RuleBroken as refusal:
        if refusal.code != "bad-answer":
            raise
        return None


FIELDS = st.dictionaries(
    st.sampled_from(["answer", "text", "pair-1", "place-a", "gap-1", "x-1", "y-1"]),
    st.lists(st.sampled_from(["a", "1", "true", "12", "", "x"]), max_size=3),
)


@given(contents(), FIELDS)
def test_any_form_is_refused_or_marked(made: Content, fields: dict[str, list[str]]) -> None:
    share = marking.fraction(made, checked_or_refused(made, made.given(fields)))
    assert share is None or 0 <= share <= 1


@pytest.mark.parametrize(
    ("chosen", "share"),
    [("ab", 1), ("a", Fraction(1, 2)), ("abc", Fraction(1, 2)), ("ac", 0), ("c", 0), ("cd", 0), ("abcd", 0)],
)
def test_multiple_choice_is_balanced(chosen: str, share: Fraction) -> None:
    assert Multiple(options("++--")).fraction({"chosen": list(chosen)}) == share


def test_multiple_choice_may_be_all_or_nothing() -> None:
    content = Multiple(options("++-"), Credit.ALL)
    assert [content.fraction({"chosen": list(chosen)}) for chosen in ("ab", "a", "abc")] == [1, 0, 0]


def test_options_may_carry_their_own_shares() -> None:
    third, half = Fraction(1, 3), Fraction(1, 2)
    parts = ((third, "một"), (2 * third, "hai"), (-half, "ba"))
    content = Multiple(tuple(Option(Both(text), share > 0, EMPTY, share) for share, text in parts), Credit.SHARES)
    assert [content.fraction({"chosen": list(chosen)}) for chosen in ("ab", "b", "abc", "c")] == [1, 2 * third, half, 0]
    one = Single((Option(Both("x"), True, EMPTY, Fraction(1)), Option(Both("y"), False, EMPTY, half)), Credit.SHARES)
    assert [one.fraction({"chosen": [chosen]}) for chosen in "ab"] == [1, half]


@pytest.mark.parametrize(
    "share", [Fraction(1, 3), Fraction(-1, 3), Fraction(1, 7), Fraction(1, 2), Fraction(0), Fraction(1)]
)
def test_a_share_is_written_as_percent_and_read_back(share: Fraction) -> None:
    assert read_share(write_share(share)) == share


def test_true_or_false_keep_their_places() -> None:
    content = true_false(False)
    assert content.arranged(lambda ids, _part: list(reversed(ids))) == ["true", "false"]
    assert content.fraction({"chosen": ["false"]}) == 1


def test_one_choice_refuses_two() -> None:
    with pytest.raises(RuleBroken):
        Single(options("+--")).checked({"chosen": ["a", "b"]})


def test_answers_are_stored_in_one_form() -> None:
    assert Multiple(options("++-")).checked({"chosen": ["c", "a", "c"]}) == {"chosen": ["a", "c"]}
    assert Multiple(options("++-")).checked({"chosen": []}) is None
    short = Short((Form("Hà Nội"),))
    assert short.checked({"text": "  Hà   Nội "}) == {"text": "Hà Nội"}
    assert short.checked({"text": "  "}) is None
    with pytest.raises(RuleBroken):
        short.checked({"text": "a" * 501})


def test_a_short_answer_earns_the_best_form_it_meets() -> None:
    content = Short((Form("Hà Nội"), Form("ha noi", Fraction(1, 2)), Form("Huế", Fraction(1, 2))))
    assert [content.fraction({"text": text}) for text in ("HA NOI", "hue", "Vinh")] == [1, Fraction(1, 2), 0]


@pytest.mark.parametrize(
    ("text", "numbers", "rest"),
    [
        ("1.234,5 km", ["1234.5"], "km"),
        ("1,234.5", ["1234.5"], ""),
        ("1,5", ["1.5"], ""),
        ("1.234", ["1.234", "1234"], ""),
        ("0.125", ["0.125"], ""),
        ("12 000", ["12000"], ""),
        ("1.000.000 đồng", ["1000000"], "đồng"),
        ("−3,5e2%", ["-350"], "%"),
        (",5", ["0.5"], ""),
        ("1,2,3", [], ""),
        ("không rõ", [], "không rõ"),
    ],
)
def test_numbers_are_read_as_vietnamese_and_english_write_them(text: str, numbers: list[str], rest: str) -> None:
    assert read_numbers(text) == ([Decimal(number) for number in numbers], rest)


def test_a_number_holds_within_its_tolerance_and_unit() -> None:
    hours = (Unit("giờ"), Unit("phút", Decimal(1) / Decimal(60)))
    free = Numeric((Value(Decimal(24), Decimal("0.5")),), hours, UnitRule.OPTIONAL)
    strict = Numeric(free.values, hours, UnitRule.REQUIRED)
    given_texts = ["24", "24,5 giờ", "24,51", "1440 phút", "24 phút", "24 ngày"]
    assert [int(free.fraction({"text": text})) for text in given_texts] == [1, 1, 0, 1, 0, 0]
    assert [int(strict.fraction({"text": text})) for text in given_texts] == [0, 1, 0, 1, 0, 0]
    relative = Numeric((Value(Decimal(200), Decimal("0.1"), relative=True),))
    assert [int(relative.fraction({"text": text})) for text in ("180", "220", "179,9")] == [1, 1, 0]


def test_each_pair_earns_its_share() -> None:
    content = Matching(((Both("một"), 0), (Both("hai"), 1), (Both("ba"), 0)), (Both("lẻ"), Both("chẵn"), Both("không")))
    assert content.key() == {"pairs": {"1": "a", "2": "b", "3": "a"}}
    answer = content.checked({"pairs": {"1": "a", "2": "c", "3": ""}})
    assert answer == {"pairs": {"1": "a", "2": "c"}}
    assert content.fraction(answer) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("credit", "order", "share"),
    [
        (ordering.Credit.NEIGHBOURS, "bcda", Fraction(2, 3)),
        (ordering.Credit.PLACES, "bcda", 0),
        (ordering.Credit.PLACES, "abdc", Fraction(1, 2)),
        (ordering.Credit.ALL, "abdc", 0),
        (ordering.Credit.ALL, "abcd", 1),
        (ordering.Credit.NEIGHBOURS, "dcba", 0),
    ],
)
def test_an_order_partly_right_is_paid_by_its_rule(credit: ordering.Credit, order: str, share: Fraction) -> None:
    content = Ordering(tuple(Both(text) for text in ("một", "hai", "ba", "bốn")), credit)
    assert content.fraction({"order": list(order)}) == share


def test_an_order_needs_every_item_once() -> None:
    content = Ordering((Both("một"), Both("hai"), Both("ba")))
    fields = {"place-a": ["2"], "place-b": ["1"], "place-c": ["3"]}
    assert content.checked(content.given(fields)) == {"order": ["b", "a", "c"]}
    with pytest.raises(RuleBroken, match="mỗi mục một thứ tự"):
        content.checked(content.given(fields | {"place-c": ["1"]}))
    assert content.checked(content.given({})) is None


def test_gaps_count_by_their_weight() -> None:
    choice = Single((Option(Both("24 giờ"), True), Option(Both("48 giờ"))))
    content = Cloze((Gap(choice, 3), Gap(Short((Form("Lam Khê"),)))))
    assert content.fraction({"gaps": {"1": {"chosen": ["a"]}}}) == Fraction(3, 4)
    assert content.fraction({"gaps": {"2": {"text": "lam khe"}}}) == Fraction(1, 4)
    assert content.given({"gap-1": ["b"], "gap-2": ["x"]}) == {"gaps": {"1": {"chosen": ["b"]}, "2": {"text": "x"}}}


@pytest.mark.parametrize("stem", ["Không có chỗ trống", "Có [[1]] thôi", "[[1]] và [[2]] và [[2]]", "[[1]] [[3]]"])
def test_a_cloze_needs_each_gap_once_in_its_text(stem: str) -> None:
    content = Cloze((Gap(Short((Form("một"),))), Gap(Short((Form("hai"),)))))
    assert [fault.field for fault in content.faults(Both(stem))] == ["stem"]
    assert content.faults(Both("[[2]] rồi [[1]]")) == []


def test_an_essay_is_judged_by_its_rubric() -> None:
    levels = (Level(0, Both("không")), Level(2, Both("có")))
    content = Essay(
        (Criterion(Both("Điều đã biết"), levels), Criterion(Both("Giờ tin sau"), (*levels, Level(3, Both("rõ")))))
    )
    assert content.earned({"1": 2, "2": 3}) == 1
    assert content.earned({"1": 2, "2": 0}) == Fraction(2, 5)
    with pytest.raises(RuleBroken, match="Giờ tin sau"):
        content.earned({"1": 2, "2": 1})
    assert content.checked({"text": "Dòng một\n\n dòng  hai "}) == {"text": "Dòng một\n\ndòng hai"}


def test_points_hit_their_zones_and_miss_at_a_cost() -> None:
    square = Zone(Shape.POLYGON, (10, 10, 60, 10, 60, 60, 10, 60))
    content = Hotspot("0" * 64, 200, 100, Both("Sơ đồ"), (square, Zone(Shape.CIRCLE, (150, 50, 10))))
    share = {
        ((30, 30), (150, 60)): 1,
        ((10, 10),): Fraction(1, 2),
        ((30, 30), (40, 40)): Fraction(1, 2),
        ((30, 30), (100, 90)): 0,
        ((150, 61),): 0,
    }
    assert {points: content.fraction({"points": [list(one) for one in points]}) for points in share} == share
    with pytest.raises(RuleBroken):
        content.checked({"points": [[1, 1], [2, 2], [3, 3]]})
    with pytest.raises(RuleBroken):
        content.checked({"points": [[201, 1]]})
