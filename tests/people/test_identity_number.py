"""Numbers of identity cards: what they say, and what cannot be one."""

import pytest

from lms.core.errors import RuleBroken
from lms.people import identity_number
from lms.people.identity_number import Reading


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("001085000123", Reading("001", "male", 1985)),
        ("024 185 000 123", Reading("024", "female", 1985)),
        ("096304.000123", Reading("096", "female", 2004)),
    ],
)
def test_what_a_number_says(written: str, said: Reading) -> None:
    assert identity_number.read(written) == said
    assert identity_number.read(written, said.year) == said


@pytest.mark.parametrize(
    ("written", "year", "code"),
    [
        ("012345678", None, "id-length"),
        ("00108500012a", None, "id-length"),
        ("000085000123", None, "id-province"),
        ("097085000123", None, "id-province"),
        ("001485000123", None, "id-century"),
        ("001085000123", 1958, "id-year"),
    ],
)
def test_what_cannot_be_one(written: str, year: int | None, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        identity_number.read(written, year)
    assert (refusal.value.code, refusal.value.field) == (code, "id_number")
