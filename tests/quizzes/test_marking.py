"""Short answers as people write them, and exact sums; what holds for every kind is in `test_kinds`."""

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import fold
from lms.quizzes import marking
from lms.quizzes.kinds.content import sameness
from lms.quizzes.kinds.short import Form, Short

LETTERS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặ ýỷỹỵ", min_size=1)


def accepts(written: str, accepted: str, *, exact: bool = False) -> bool:
    """Whether a short answer earns the whole."""
    return Short((Form(accepted),), exact).fraction({"text": written}) == 1


@given(LETTERS.filter(lambda text: sameness(text) != ""))
def test_a_short_answer_is_found_without_its_accents(accepted: str) -> None:
    for written in (fold(accepted), accepted.upper(), unicodedata.normalize("NFD", accepted), f" «{accepted}». "):
        assert accepts(written, accepted)


@given(LETTERS, st.lists(st.sampled_from([" ", ".", "-", "/", ", "])))
def test_spaces_and_punctuation_between_letters_do_not_count(text: str, noise: list[str]) -> None:
    noisy = "".join(letter + mark for letter, mark in zip(text, [*noise, *[""] * len(text)], strict=False))
    assert sameness(noisy) == sameness(text)


@pytest.mark.parametrize("written", ["nd 72/2015", "NĐ 72-2015", "nđ72/2015.", "  NĐ  72 / 2015 "])
def test_document_numbers_are_written_in_many_ways(written: str) -> None:
    assert accepts(written, "NĐ 72/2015")


def test_a_point_between_digits_counts() -> None:
    assert not accepts("15", "1,5")
    assert accepts("1.5", "1,5")
    assert not accepts("722015", "72/2015")


def test_an_exact_answer_forgives_only_spaces_at_the_ends() -> None:
    assert accepts(" Hà  Nội ", "Hà Nội", exact=True)
    assert not accepts("ha noi", "Hà Nội", exact=True)
    assert not accepts("", "", exact=True)


def test_nothing_written_is_never_accepted() -> None:
    assert not accepts("…", "?")


def test_three_thirds_are_a_whole() -> None:
    score = marking.total([(Fraction(1, 3), 1)] * 3)
    assert score == 1
    assert marking.is_pass(score, 3, 33)
    assert marking.is_pass(Fraction(3), 5, 60)
    assert not marking.is_pass(Fraction(299, 100), 5, 60)
