"""What answers of every kind chose, in parts that are counted."""

from hypothesis import given, settings

from lms.quizzes.chosen import MOST_PARTS, chosen, offered, rows_of
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import Both, Content
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from tests.quizzes import contents
from tests.quizzes.conftest import MULTIPLE, SINGLE


@settings(max_examples=60, deadline=None)
@given(contents.contents())
def test_the_key_chooses_only_what_is_right(content: Content) -> None:
    parts = chosen(content, content.key())
    assert all(part.right for part in parts)
    rows = rows_of(content, [content.key(), None])
    assert {part.key for part in parts} <= {row.key for row in rows}
    assert {part.key for part in offered(content)} <= {row.key for row in rows}
    assert len({row.key for row in rows}) == len(rows)


def test_options_stand_as_written_even_if_nobody_chose_them() -> None:
    rows = rows_of(SINGLE.content, [{"chosen": ["b"]}, None])
    assert [(row.key, row.right) for row in rows] == [("a", True), ("b", False), ("c", False)]
    assert [part.key for part in chosen(MULTIPLE.content, {"chosen": ["a", "c"]})] == ["a", "c"]


def test_written_answers_that_say_the_same_are_one_row_the_frequent_first() -> None:
    content = Short((Form("72/2015/NĐ-CP"),))
    given_texts = ["nd 72/2015", "ND 72-2015", "không biết", "72/2015/NĐ-CP"]
    rows = rows_of(content, [{"text": text} for text in given_texts])
    assert rows[0].words.vi == "nd 72/2015"
    assert [row.right for row in rows].count(True) == 1
    assert len(rows) == 3


def test_rows_are_bounded() -> None:
    answers = [{"text": f"câu {number}"} for number in range(100)]
    assert len(rows_of(Short((Form("x"),)), answers)) == MOST_PARTS


def test_pairs_orders_and_gaps_are_told_in_words() -> None:
    pairs = Matching(((Both("Hà Nội"), 0), (Both("Huế"), 1)), (Both("thủ đô"), Both("cố đô")))
    parts = chosen(pairs, {"pairs": {"1": "b", "2": "b"}})
    assert [(part.words.vi, part.right) for part in parts] == [("Hà Nội → cố đô", False), ("Huế → cố đô", True)]
    order = Ordering((Both("một"), Both("hai"), Both("ba")))
    part = chosen(order, {"order": [order.ids()[1], order.ids()[0], order.ids()[2]]})[0]
    assert (part.words.vi, part.right) == ("2 → 1 → 3", False)
    cloze = Cloze((Gap(Short((Form("24"),))),))
    part = chosen(cloze, {"gaps": {"1": {"text": "48"}}})[0]
    assert (part.words.vi, part.right) == ("[[1]] 48", False)
