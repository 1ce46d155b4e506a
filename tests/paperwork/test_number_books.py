"""Number books: from 1 each year, no gap, no number twice, also when a transaction is rolled back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.paperwork import queries
from lms.paperwork.service import lock_book, take_number
from tests.world import World

KIND, SYMBOL = "giay-chung-nhan", "GCN-TTĐN"


def test_numbers_count_up_from_one_and_print_with_a_leading_zero(world: World) -> None:
    unit = world.units["lam-khe"]
    taken = [take_number(unit, KIND, 2024, SYMBOL) for _ in range(11)]
    assert [one.number for one in taken] == list(range(1, 12))
    assert taken[0].printed == "01/2024/GCN-TTĐN"
    assert taken[10].printed == "11/2024/GCN-TTĐN"
    assert len({one.book.id for one in taken}) == 1


def test_every_agency_kind_and_year_has_a_book_of_its_own(world: World) -> None:
    first, second = world.units["lam-khe"], world.units["binh-sa"]
    books = [(first, KIND, 2024), (first, KIND, 2025), (first, "chung-chi", 2024), (second, KIND, 2024)]
    assert [take_number(*book, SYMBOL).number for book in books] == [1, 1, 1, 1]


def test_a_year_has_one_symbol(world: World) -> None:
    take_number(world.units["lam-khe"], KIND, 2024, SYMBOL)
    with pytest.raises(RuleBroken) as refusal, session().begin_nested():
        take_number(world.units["lam-khe"], KIND, 2024, "GCN-KHÁC")
    assert refusal.value.field == "symbol"
    assert SYMBOL in str(refusal.value)
    assert take_number(world.units["lam-khe"], KIND, 2024, SYMBOL).number == 2


def test_a_number_goes_back_with_its_transaction(world: World) -> None:
    unit = world.units["lam-khe"]
    take_number(unit, KIND, 2024, SYMBOL)
    part = session().begin_nested()
    assert take_number(unit, KIND, 2024, SYMBOL).number == 2
    part.rollback()
    assert take_number(unit, KIND, 2024, SYMBOL).number == 2


def test_holding_a_book_takes_no_number(world: World) -> None:
    unit = world.units["lam-khe"]
    book = lock_book(unit, KIND, 2024, SYMBOL)
    assert book.last_number == 0
    assert queries.find_book(unit.id, KIND, 2024) is book
    assert take_number(unit, KIND, 2024, SYMBOL).number == 1
    assert lock_book(unit, KIND, 2024, SYMBOL).last_number == 1


@given(st.integers(0, 30), st.lists(st.integers(-2, 35), unique=True))
def test_the_proof_names_every_gap_and_stray(last: int, numbers: list[int]) -> None:
    proof = queries.compare(last, numbers)
    assert set(proof.missing) == set(range(1, last + 1)) - set(numbers)
    assert set(proof.strays) == set(numbers) - set(range(1, last + 1))
    assert proof.whole == (sorted(numbers) == list(range(1, last + 1)))
