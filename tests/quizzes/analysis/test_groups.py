"""Groups: nobody of a few is told of, nor can be computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.analysis.groups import LEAST, compare, withheld

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 12), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None)
@given(SIZES)
def test_no_small_group_shows_and_none_follows_from_the_whole(sizes):
    hidden = withheld(sizes)
    assert {key for key, n in sizes.items() if n < LEAST} <= hidden
    if hidden and hidden != set(sizes):
        assert len(hidden) > 1
        assert sum(sizes[key] for key in hidden) >= LEAST


@settings(max_examples=100, deadline=None)
@given(SIZES)
def test_nothing_is_withheld_without_need(sizes):
    hidden = withheld(sizes)
    small = {key for key, n in sizes.items() if n < LEAST}
    if not small:
        assert not hidden
    if len(small) > 1 and sum(sizes[key] for key in small) >= LEAST:
        assert hidden == small
    assert len(hidden - small) <= 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 20, "b": 4}, {"a", "b"}),
        ({"a": 20, "b": 10, "c": 4}, {"b", "c"}),
        ({"a": 20, "b": 10, "c": 3, "d": 2}, {"c", "d"}),
        ({"a": 20, "b": 10, "c": 1, "d": 1}, {"b", "c", "d"}),
        ({"a": 5, "b": 5}, set()),
        ({"a": 4}, {"a"}),
    ],
)
def test_the_next_smallest_protects_the_last(sizes, expected):
    assert withheld(sizes) == expected


def test_groups_stand_by_their_means_and_the_rest_together():
    keys = ["a"] * 6 + ["b"] * 8 + ["c"] * 3 + ["d"] * 4
    figures = np.array([0.5] * 6 + [0.25, 0.75] * 4 + [0.1] * 3 + [0.9] * 4)
    found = compare(figures + np.array([0.1] * 6 + [0.0] * 15), keys)
    assert [(one.key, one.n, round(one.mean, 3)) for one in found.shown] == [("a", 6, 0.6), ("b", 8, 0.5)]
    assert found.shown[1].sd == pytest.approx(np.std([0.25, 0.75] * 4, ddof=1))
    assert found.shown[1].margin == pytest.approx(1.96 * found.shown[1].sd / 8**0.5)
    assert (found.withheld, found.rest.n) == (2, 7)
    assert found.rest.mean == pytest.approx((0.1 * 3 + 0.9 * 4) / 7)


def test_a_single_small_group_says_nothing_at_all():
    found = compare(np.array([0.2, 0.4]), ["a", "a"])
    assert (found.shown, found.withheld, found.rest) == ((), 1, None)
