"""When two people may be one: each reason, what is none, symmetry, and that no alike pair is missed by the blocks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.likeness import REASONS, Known, blocks, pairs, reason

PHONE = "0912000111"
AN = Known(1, "Nguyễn Văn An", phone=PHONE, units=frozenset({7}), posts=frozenset({(7, "chuyen vien")}))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Known(2, "Nguyễn Văn An", phone=PHONE, units=frozenset({7})), "contact"),
        (Known(2, "Nguyễn Văn An", phone=PHONE), "contact"),
        (Known(2, "Nguyễn Văn An", phone=PHONE, units=frozenset({8})), "moved"),
        (Known(2, "Nguyễn Văn An", units=frozenset({7})), "unit"),
        (Known(2, "Nguyễn Văn An", units=frozenset({3}), heirs=frozenset({7})), "heir"),
        (Known(2, "Nguyên Văn Ân", phone=PHONE), "accents"),
        (Known(2, "Nguyen Van An", units=frozenset({7})), "accents"),
        (Known(2, "Văn An Nguyễn", phone=PHONE), "order"),
        (Known(2, "Ng. Văn An", units=frozenset({7})), "short"),
        (Known(2, "N.V. An", phone=PHONE, units=frozenset({9})), "short"),
        (Known(2, "NGUYỄN VĂN AN", phone="0987654321", units=frozenset({7}), posts=AN.posts), "unit"),
        (Known(2, "Nguyễn Văn An", units=frozenset({8})), None),
        (Known(2, "Nguyễn Văn An", phone="0987654321", units=frozenset({7})), None),
        (Known(2, "Nguyễn Văn Ánh", phone=PHONE, units=frozenset({7})), None),
        (Known(2, "Nguyên Văn Ân", phone="0987654321", units=frozenset({7}), posts=AN.posts), None),
        (Known(2, "Trần Văn An", phone=PHONE, units=frozenset({7})), None),
        (Known(2, "N. V. Ân Phú", phone=PHONE), None),
        (Known(2, "", phone=PHONE, units=frozenset({7})), None),
    ],
)
def test_reasons(other: Known, why: str | None) -> None:
    assert reason(AN, other) == why
    assert reason(other, AN) == why
    assert why is None or why in REASONS


def test_an_address_alone_tells_as_much_as_a_phone_in_any_case_of_letters() -> None:
    one, other = Known(1, "Lê Thị Hòa", email="hoa@example.vn"), Known(2, "Lê Thị Hoà", email="Hoa@example.vn")
    assert reason(one, other) == "contact"


def test_an_office_phone_that_many_share_tells_nothing() -> None:
    people = [Known(number, "Nguyễn Văn An", phone=PHONE) for number in range(21)]
    assert pairs(people) == {}
    assert len(pairs(people[:20])) == 190


NAMES = st.sampled_from(
    [
        "Nguyễn Văn An",
        "Nguyen Van An",
        "Ng. Văn An",
        "N.V. An",
        "Văn An Nguyễn",
        "Trần Thị Bình",
        "Tr. Thị Bình",
        "S",
        "",
    ]
)
PEOPLE = st.builds(
    Known,
    id=st.integers(1, 10**6),
    full_name=NAMES,
    phone=st.sampled_from([None, PHONE, "0987654321"]),
    email=st.sampled_from([None, "a@example.vn", "B@example.vn", "b@example.vn"]),
    units=st.frozensets(st.integers(1, 4), max_size=2),
    heirs=st.frozensets(st.integers(1, 4), max_size=2),
    posts=st.frozensets(st.tuples(st.integers(1, 3), st.just("chuyen vien")), max_size=2),
)


@given(PEOPLE, PEOPLE)
def test_likeness_is_symmetric_and_found_within_a_block(one: Known, other: Known) -> None:
    why = reason(one, other)
    assert why == reason(other, one)
    if why is not None:
        assert set(blocks(one)) & set(blocks(other))


@given(st.lists(PEOPLE, max_size=8))
def test_blocks_find_what_comparing_everyone_finds(people: list[Known]) -> None:
    people = [replace(one, id=number) for number, one in enumerate(people)]
    every = {
        (one.id, other.id): why
        for place, one in enumerate(people)
        for other in people[place + 1 :]
        if (why := reason(one, other)) is not None
    }
    assert pairs(people) == every
