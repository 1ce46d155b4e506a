"""Classical figures: published values, a slow computation beside the fast one, and what must not matter."""

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lms.core.errors import RuleBroken
from lms.quizzes.analysis.classical import classical, group_weights
from lms.quizzes.analysis.matrix import Responses
from lms.quizzes.analysis.options import option_table, thirds
from tests.quizzes.analysis import references as ref

SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0])
FULL = st.tuples(st.integers(10, 25), st.integers(3, 6)).flatmap(lambda shape: arrays(float, shape, elements=SHARES))
PARTIAL = st.tuples(st.integers(10, 25), st.integers(3, 6)).flatmap(
    lambda shape: arrays(float, shape, elements=st.one_of(SHARES, st.just(float("nan"))))
)


def test_lsat6_is_what_it_was_published_as():
    answers = ref.matrix(ref.LSAT6)
    assert answers.shape == (1000, 5)
    assert tuple(answers.mean(axis=0)) == pytest.approx(ref.LSAT6_FACILITY, abs=1e-9)
    assert tuple(np.bincount(answers.sum(axis=1).astype(int))) == ref.LSAT6_SCORES


def test_lsat6_has_the_published_classical_figures():
    found = classical(ref.lsat6())
    assert found.paper.dichotomous
    assert found.paper.reliability == pytest.approx(ref.LSAT6_ALPHA, abs=5e-5)
    assert [item.facility for item in found.items] == pytest.approx(ref.LSAT6_FACILITY, abs=1e-9)
    assert [item.discrimination for item in found.items] == pytest.approx(ref.LSAT6_DISCRIMINATION, abs=5e-5)
    assert [item.alpha_without for item in found.items] == pytest.approx(ref.LSAT6_ALPHA_WITHOUT, abs=5.1e-5)


def test_lsat7_has_the_published_classical_figures():
    found = classical(ref.lsat7())
    paper = (found.paper.mean, found.paper.sd, found.paper.reliability, found.paper.sem)
    assert paper == pytest.approx(ref.LSAT7_PAPER, abs=5.1e-4)
    assert [item.facility for item in found.items] == pytest.approx(ref.LSAT7_FACILITY, abs=5e-4)
    assert [item.discrimination for item in found.items] == pytest.approx(ref.LSAT7_DISCRIMINATION, abs=5e-4)
    assert [item.alpha_without for item in found.items] == pytest.approx(ref.LSAT7_ALPHA_WITHOUT, abs=5e-4)
    assert found.paper.median == 4
    assert sum(found.paper.histogram) == 1000


def test_kr20_is_its_own_formula():
    answers = ref.matrix(ref.LSAT7)
    share = answers.mean(axis=0)
    kr20 = 5 / 4 * (1 - (share * (1 - share)).sum() / answers.sum(axis=1).var())
    assert classical(ref.lsat7()).paper.reliability == pytest.approx(kr20)


@settings(max_examples=40, deadline=None)
@given(FULL)
def test_figures_are_those_of_a_slow_computation(answers):
    found = classical(Responses.of(answers))
    totals = [sum(row) for row in answers.tolist()]
    columns = answers.T.tolist()
    k = len(columns)
    spread = statistics.variance(totals)
    assert found.paper.mean == pytest.approx(statistics.mean(totals))
    assert found.paper.sd == pytest.approx(statistics.stdev(totals), abs=1e-7)
    assert found.paper.median == pytest.approx(statistics.median(totals), abs=1e-7)
    if spread > 1e-9:
        alpha = k / (k - 1) * (1 - sum(statistics.variance(column) for column in columns) / spread)
        assert found.paper.reliability == pytest.approx(alpha, abs=1e-7)
        assert found.paper.sem == pytest.approx(
            (spread * min(1.0, 1 - alpha) if alpha >= 0 else spread * (1 - alpha)) ** 0.5
        )
    for item, column in zip(found.items, columns, strict=True):
        rest = [total - mine for total, mine in zip(totals, column, strict=True)]
        if statistics.variance(column) > 0 and statistics.variance(rest) > 1e-9:
            assert item.discrimination == pytest.approx(statistics.correlation(column, rest), abs=1e-6)
        else:
            assert item.discrimination is None


@settings(max_examples=40, deadline=None)
@given(PARTIAL, st.randoms(use_true_random=False))
def test_the_order_of_persons_and_items_does_not_matter(answers, random):
    if np.isnan(answers).all(axis=1).sum() > len(answers) - 10:
        return
    rows, columns = list(range(answers.shape[0])), list(range(answers.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    one = classical(Responses.of(answers))
    other = classical(Responses.of(answers[rows][:, columns]))
    assert _near(vars(one.paper), vars(other.paper))
    for place, column in enumerate(columns):
        mine, theirs = vars(one.items[column]) | {"name": ""}, vars(other.items[place]) | {"name": ""}
        assert _near(mine, theirs)


@settings(max_examples=40, deadline=None)
@given(FULL)
def test_an_item_that_all_get_right_changes_nothing_but_the_length(answers):
    one = classical(Responses.of(answers))
    other = classical(Responses.of(np.hstack([answers, np.ones((len(answers), 1))])))
    assert other.paper.mean == pytest.approx(one.paper.mean + 1)
    assert other.paper.sd == pytest.approx(one.paper.sd, abs=1e-7)
    for mine, theirs in zip(one.items, other.items, strict=False):
        assert theirs.facility == mine.facility
        assert theirs.index == pytest.approx(mine.index, abs=1e-9)
        assert theirs.discrimination == pytest.approx(mine.discrimination, abs=1e-6)
    added = other.items[-1]
    assert (added.facility, added.discrimination, added.index) == (1.0, None, pytest.approx(0))


@settings(max_examples=60, deadline=None)
@given(PARTIAL)
def test_figures_keep_their_bounds(answers):
    if np.isnan(answers).all(axis=1).sum() > len(answers) - 10:
        return
    found = classical(Responses.of(answers))
    assert sum(found.paper.histogram) == found.paper.n
    for item in found.items:
        assert item.n == 0 or 0 <= item.facility <= 1
        assert item.discrimination is None or -1 - 1e-9 <= item.discrimination <= 1 + 1e-9
        assert item.index is None or -1 - 1e-9 <= item.index <= 1 + 1e-9
    assert found.paper.reliability is None or found.paper.reliability <= 1 + 1e-9


def test_too_few_persons_are_refused():
    with pytest.raises(RuleBroken) as refusal:
        classical(Responses.of(np.eye(9)))
    assert refusal.value.code == "too-few-persons"
    assert "9" in str(refusal.value)


def test_an_impossible_share_is_refused_with_its_place():
    with pytest.raises(RuleBroken, match="Người thứ 2, câu thứ 3"):
        Responses.of([[0, 1, 0], [1, 1, 1.5]])


def test_points_weigh_the_paper_and_not_the_facility():
    answers = ref.drawn(3, 40, 4)
    plain = classical(Responses.of(answers))
    weighed = classical(Responses.of(answers, weights=[3, 1, 1, 1]))
    assert weighed.paper.max_score == 6
    assert weighed.paper.mean == pytest.approx(plain.paper.mean + 2 * plain.items[0].facility)
    assert [item.facility for item in weighed.items] == [item.facility for item in plain.items]


def test_papers_drawn_from_a_pool_have_the_reliability_of_their_length():
    whole = ref.drawn(5, 4000, 30)
    random = np.random.default_rng(6)
    drawn = whole.copy()
    for row in drawn:
        row[random.permutation(30)[10:]] = np.nan
    fixed = classical(Responses.of(whole[:, ::3])).paper
    pooled = classical(Responses.of(drawn)).paper
    assert pooled.max_score == 10
    assert pooled.reliability == pytest.approx(fixed.reliability, abs=0.03)


def test_whoever_is_level_at_the_edge_of_a_group_belongs_in_part():
    weights = group_weights(np.array([0.1, 0.5, 0.5, 0.5, 0.9] * 2), 0.27, upper=True)
    assert weights.sum() == pytest.approx(2.7)
    assert weights[4] == weights[9] == 1
    assert weights[1] == pytest.approx(0.7 / 6)
    assert weights[0] == 0


def test_options_are_counted_by_thirds():
    shares = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    third = thirds(shares)
    assert third.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    chosen = [{"b"}, {"b"}, set(), {"a"}, {"b"}, {"a"}, {"a"}, {"a"}, {"a", "c"}]
    table = option_table(chosen, third, shares, ["a", "b", "c", "d"])
    assert table.people == (3, 3, 3)
    assert [row.thirds for row in table.rows] == [(0, 2, 3), (2, 1, 0), (0, 0, 1), (0, 0, 0)]
    assert table.blank.thirds == (1, 0, 0)
    assert table.rows[1].mean_share == pytest.approx(0.8 / 3)
    assert table.rows[3].mean_share is None


def test_thirds_keep_level_persons_together():
    assert set(thirds(np.array([0.5, 0.5, 0.5, 0.5]))) == {1}
    assert thirds(np.array([0.0, 0.5, 0.5, 0.5, 0.5, 1.0])).tolist() == [0, 1, 1, 1, 1, 2]


def _near(one: dict, other: dict) -> bool:
    return all(
        value == pytest.approx(other[key], abs=1e-7, nan_ok=True) if value is not None else other[key] is None
        for key, value in one.items()
    )
