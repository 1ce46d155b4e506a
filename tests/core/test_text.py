"""Vietnamese folding and list order."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import collation_key, fold, name_sort_key, tidy

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
SYLLABLES = st.text(LETTERS, min_size=1, max_size=6)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Văn Đức", "dang van duc"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("  Phạm   S ", "pham s"),
        ("H'Hen Niê", "h'hen nie"),
    ],
)
def test_search_ignores_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_decomposed_and_composed_text_are_the_same_stored_text() -> None:
    name = "Nguyễn Thị Hường"
    assert tidy(unicodedata.normalize("NFD", name)) == unicodedata.normalize("NFC", name)


def test_people_are_listed_by_given_name_then_middle_then_family() -> None:
    ordered = ["Vàng A Chứ", "Đặng Văn Đức", "Trần Văn Hùng", "Lê Thị Hưng", "Nguyễn Thị Hường", "Lê Ân", "Phạm S"]
    expected = ["Lê Ân", "Vàng A Chứ", "Đặng Văn Đức", "Trần Văn Hùng", "Lê Thị Hưng", "Nguyễn Thị Hường", "Phạm S"]
    assert sorted(ordered, key=name_sort_key) == expected


def test_tones_follow_the_vietnamese_order() -> None:
    names = ["Lê Hoạ", "Lê Hoá", "Lê Hoã", "Lê Hoả", "Lê Hoà", "Lê Hoa"]
    assert sorted(names, key=name_sort_key) == names[::-1]


def test_letters_follow_the_vietnamese_alphabet() -> None:
    letters = [
        f"Tỉnh {letter}"
        for letter in [
            "A",
            "Ă",
            "Â",
            "B",
            "C",
            "D",
            "Đ",
            "E",
            "Ê",
            "G",
            "H",
            "I",
            "K",
            "L",
            "M",
            "N",
            "O",
            "Ô",
            "Ơ",
            "P",
            "Q",
            "R",
            "S",
            "T",
            "U",
            "Ư",
            "V",
            "X",
            "Y",
        ]
    ]
    assert sorted(letters, key=collation_key) == letters


def test_where_the_tone_stands_does_not_matter() -> None:
    assert name_sort_key("Lê Hòa") == name_sort_key("Lê Hoà")


@given(NAMES)
def test_the_key_does_not_depend_on_the_stored_form(name: str) -> None:
    assert name_sort_key(unicodedata.normalize("NFD", name)) == name_sort_key(unicodedata.normalize("NFC", name))


@given(NAMES)
def test_keys_are_ascii_so_that_every_database_compares_them_alike(name: str) -> None:
    assert name_sort_key(name).isascii()


@given(NAMES, NAMES)
def test_a_shorter_middle_name_comes_first(first: str, second: str) -> None:
    assert (name_sort_key(f"Lê {first} An") <= name_sort_key(f"Lê {second} An")) == (
        collation_key(first) <= collation_key(second)
    )


@given(st.text())
def test_tidy_is_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
