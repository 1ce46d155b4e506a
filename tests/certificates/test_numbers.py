"""Numbers and codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates import numbers
from lms.certificates.numbers import Written

NUMBER, CODE = "12/2024/GCN-TTĐN", "7K4M9QX0"
FULL = Written(CODE, numbers.canonical(NUMBER))
codes = st.text(numbers.ALPHABET, min_size=8, max_size=8)


def test_public_number_is_ascii_capitals() -> None:
    assert numbers.public_number(NUMBER, CODE) == "12-2024-GCN-TTDN-7K4M9QX0"
    assert numbers.printed_code(CODE) == "7K4M-9QX0"


@pytest.mark.parametrize(
    "typed",
    [
        "12-2024-GCN-TTDN-7K4M9QX0",
        "12/2024/GCN-TTĐN 7K4M-9QX0",
        " 12 / 2024 / gcn-ttđn   7k4m 9qxo ",
        "12-2024-gcn-ttdn-7k4m9qxO",
        "I2-2O24-GCN-TTDN-7K4M9QX0",
        "012-2024-GCN-TTDN-7K4M9QX0",
        "https://taphuan.example.vn/verify/12-2024-GCN-TTDN-7K4M9QX0",
    ],
)
def test_what_people_mistake_is_forgiven(typed: str) -> None:
    assert numbers.read(typed) == FULL


@pytest.mark.parametrize("typed", ["7K4M9QX0", "7k4m-9qxo", "7K4M 9QX0"])
def test_a_code_alone_is_enough(typed: str) -> None:
    assert numbers.read(typed) == Written(CODE, "")


@pytest.mark.parametrize("typed", [NUMBER, "12-2024-gcn-ttdn", "12 / 2024 / GCN-TTĐN", "l2/2024/GCN-TTĐN"])
def test_a_number_without_its_code_is_known_for_one(typed: str) -> None:
    assert numbers.read(typed) == Written(None, numbers.canonical(NUMBER))


@pytest.mark.parametrize("typed", ["", "12", "giấy của tôi đâu", "7K4M9QUU", "x" * 300, "’; DROP TABLE users--"])
def test_what_can_be_none_is_none(typed: str) -> None:
    assert numbers.read(typed) is None


def test_drawn_codes_are_of_the_alphabet_and_differ() -> None:
    drawn = {numbers.draw_code() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(code) == 8 and set(code) <= set(numbers.ALPHABET) for code in drawn)


@given(st.integers(1, 99_999), st.integers(2000, 2099), codes)
def test_every_printed_address_reads_back(number: int, year: int, code: str) -> None:
    register_number = f"{number:02d}/{year}/GCN-TTĐN"
    assert numbers.read(numbers.public_number(register_number, code)) == Written(
        code, numbers.canonical(register_number)
    )


@given(st.text(max_size=120))
def test_reading_never_fails(typed: str) -> None:
    written = numbers.read(typed)
    assert written is None or written.code is None or set(written.code) <= set(numbers.ALPHABET)
