"""Marking: bounds, independence of order, forgiving short answers, exact sums."""

import unicodedata
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import fold
from lms.quizzes import marking
from lms.quizzes.models import QuestionKind

LETTERS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặ ýỷỹỵ", min_size=1)


@dataclass
class Asked:
    """Words of a question, as far as marking reads them."""

    kind: QuestionKind
    options: list[dict[str, Any]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    exact: bool = False


def multiple(rights: list[bool]) -> Asked:
    """A multiple-choice question; option ids are places."""
    return Asked(QuestionKind.MULTIPLE, [{"id": str(n), "right": right} for n, right in enumerate(rights)])


RIGHTS = st.lists(st.booleans(), min_size=2, max_size=10).filter(any)


@given(RIGHTS, st.data())
def test_multiple_choice_lies_between_nothing_and_all(rights: list[bool], data: st.DataObject) -> None:
    words = multiple(rights)
    chosen = data.draw(st.lists(st.sampled_from([str(n) for n in range(len(rights))]), unique=True))
    share = marking.fraction(words, {"chosen": chosen})
    assert 0 <= share <= 1
    assert (share == 1) == (set(chosen) == {str(n) for n, right in enumerate(rights) if right})


@given(RIGHTS, st.data())
def test_order_of_options_and_of_choosing_changes_nothing(rights: list[bool], data: st.DataObject) -> None:
    words = multiple(rights)
    chosen = data.draw(st.lists(st.sampled_from([str(n) for n in range(len(rights))]), unique=True))
    turned = Asked(words.kind, data.draw(st.permutations(words.options)))
    assert marking.fraction(turned, {"chosen": data.draw(st.permutations(chosen))}) == marking.fraction(
        words, {"chosen": chosen}
    )


@pytest.mark.parametrize(
    ("chosen", "share"),
    [("ab", 1), ("a", Fraction(1, 2)), ("abc", Fraction(1, 2)), ("ac", 0), ("c", 0), ("cd", 0), ("", 0), ("abcd", 0)],
)
def test_the_rule_of_multiple_choice(chosen: str, share: Fraction) -> None:
    options = [{"id": letter, "right": letter in "ab"} for letter in "abcd"]
    assert marking.fraction(Asked(QuestionKind.MULTIPLE, options), {"chosen": list(chosen)}) == share


@pytest.mark.parametrize("kind", [QuestionKind.SINGLE, QuestionKind.TRUE_FALSE])
def test_one_right_option_earns_all_or_nothing(kind: QuestionKind) -> None:
    words = Asked(kind, [{"id": "a", "right": False}, {"id": "b", "right": True}])
    assert marking.fraction(words, {"chosen": ["b"]}) == 1
    assert marking.fraction(words, {"chosen": ["a"]}) == 0
    assert marking.fraction(words, None) == 0


@given(LETTERS.filter(lambda text: marking.sameness(text) != ""))
def test_a_short_answer_is_found_without_its_accents(accepted: str) -> None:
    for written in (fold(accepted), accepted.upper(), unicodedata.normalize("NFD", accepted), f" «{accepted}». "):
        assert marking.is_accepted(written, [accepted], exact=False)


@given(LETTERS, st.lists(st.sampled_from([" ", ".", "-", "/", ", "])))
def test_spaces_and_punctuation_between_letters_do_not_count(text: str, noise: list[str]) -> None:
    noisy = "".join(letter + mark for letter, mark in zip(text, [*noise, *[""] * len(text)], strict=False))
    assert marking.sameness(noisy) == marking.sameness(text)


@pytest.mark.parametrize("written", ["nd 72/2015", "NĐ 72-2015", "nđ72/2015.", "  NĐ  72 / 2015 "])
def test_document_numbers_are_written_in_many_ways(written: str) -> None:
    assert marking.is_accepted(written, ["NĐ 72/2015"], exact=False)


def test_a_point_between_digits_counts() -> None:
    assert not marking.is_accepted("15", ["1,5"], exact=False)
    assert marking.is_accepted("1.5", ["1,5"], exact=False)
    assert not marking.is_accepted("722015", ["72/2015"], exact=False)


def test_an_exact_answer_forgives_only_spaces_at_the_ends() -> None:
    assert marking.is_accepted(" Hà  Nội ", ["Hà Nội"], exact=True)
    assert not marking.is_accepted("ha noi", ["Hà Nội"], exact=True)
    assert not marking.is_accepted("", [""], exact=True)


def test_nothing_written_is_never_accepted() -> None:
    assert not marking.is_accepted("…", ["?"], exact=False)


def test_three_thirds_are_a_whole() -> None:
    score = marking.total([(Fraction(1, 3), 1)] * 3)
    assert score == 1
    assert marking.is_pass(score, 3, 33)
    assert marking.is_pass(Fraction(3), 5, 60)
    assert not marking.is_pass(Fraction(299, 100), 5, 60)
