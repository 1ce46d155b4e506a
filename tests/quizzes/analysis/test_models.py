"""Rasch and two-parameter models: published values, brute force beside the fast computation, and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.errors import RuleBroken
from lms.quizzes.analysis import marginal
from lms.quizzes.analysis.matrix import Responses
from lms.quizzes.analysis.measures import fitting, measures
from lms.quizzes.analysis.rasch import rasch
from lms.quizzes.analysis.two_parameter import two_parameter
from tests.quizzes.analysis import references as ref


def test_rasch_on_lsat6_is_as_ltm_published_it():
    fit = marginal.fit(ref.matrix(ref.LSAT6), one_slope=True)
    slope, variances = fit.slopes[0], fit.covariance
    difficulties = -fit.intercepts / slope
    assert slope == pytest.approx(ref.LSAT6_SLOPE, abs=5e-5)
    assert math.sqrt(variances[5, 5]) == pytest.approx(ref.LSAT6_SLOPE_ERROR, abs=5e-5)
    assert fit.log_likelihood == pytest.approx(ref.LSAT6_RASCH_HEIGHT, abs=5e-4)
    assert tuple(difficulties) == pytest.approx(ref.LSAT6_RASCH, abs=1e-4)
    assert tuple(fit.intercepts) == pytest.approx(ref.LSAT6_INTERCEPTS, abs=1e-3)
    for item, error in enumerate(ref.LSAT6_RASCH_ERRORS):
        gradient = np.zeros(6)
        gradient[item], gradient[5] = -1 / slope, -difficulties[item] / slope
        assert math.sqrt(gradient @ variances @ gradient) == pytest.approx(error, abs=1e-4)


def test_difficulties_on_the_rasch_scale_are_the_same_centred():
    found = rasch(ref.lsat6())
    published = np.array(ref.LSAT6_RASCH) * ref.LSAT6_SLOPE
    assert [item.difficulty for item in found.items] == pytest.approx(published - published.mean(), abs=5e-4)
    assert found.sd == pytest.approx(ref.LSAT6_SLOPE, abs=5e-4)
    assert found.mean == pytest.approx(-published.mean(), abs=5e-4)
    assert sum(item.difficulty for item in found.items) == pytest.approx(0)


def test_two_parameters_on_lsat6_are_as_ltm_published_them():
    found = two_parameter(ref.lsat6())
    assert found.log_likelihood == pytest.approx(ref.LSAT6_2PL_HEIGHT, abs=5e-4)
    items = found.items
    assert [item.discrimination for item in items] == pytest.approx(ref.LSAT6_2PL_SLOPES, abs=1e-3)
    errors = [item.discrimination_standard_error for item in items]
    assert errors == pytest.approx(ref.LSAT6_2PL_SLOPE_ERRORS, abs=5e-4)
    assert [item.difficulty for item in items] == pytest.approx(ref.LSAT6_2PL_DIFFICULTIES, abs=3e-3)
    errors = [item.difficulty_standard_error for item in items]
    assert errors == pytest.approx(ref.LSAT6_2PL_DIFFICULTY_ERRORS, abs=2e-3)


def test_two_parameters_on_lsat7_are_as_mirt_gives_them():
    fit = marginal.fit(ref.matrix(ref.LSAT7), one_slope=False)
    assert tuple(fit.slopes) == pytest.approx(ref.LSAT7_2PL_SLOPES, abs=2e-3)
    assert tuple(fit.intercepts) == pytest.approx(ref.LSAT7_2PL_INTERCEPTS, abs=2e-3)
    assert fit.log_likelihood == pytest.approx(ref.LSAT7_2PL_HEIGHT, abs=5e-4)


@pytest.mark.parametrize("one_slope", [True, False])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_fit_is_a_summit_of_a_likelihood_computed_otherwise(one_slope, missing):
    answers = ref.drawn(11, 150, 5, missing)
    fit = marginal.fit(answers, one_slope=one_slope)
    free = np.concatenate([fit.intercepts, fit.slopes[:1] if one_slope else fit.slopes])

    def height(parameters):
        slopes = np.repeat(parameters[5:], 5) if one_slope else parameters[5:]
        return _hermite_likelihood(answers, parameters[:5], slopes)

    assert fit.log_likelihood == pytest.approx(height(free), abs=1e-6)
    step = 1e-4
    units = np.eye(len(free)) * step
    slope = [(height(free + one) - height(free - one)) / (2 * step) for one in units]
    assert slope == pytest.approx([0] * len(free), abs=1e-4)
    curve = [
        [
            (height(free + a + b) - height(free + a - b) - height(free - a + b) + height(free - a - b)) / (4 * step**2)
            for a in units
        ]
        for b in units
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(curve))))
    assert tuple(np.sqrt(np.diag(fit.covariance))) == pytest.approx(errors, rel=1e-3)


def test_rasch_agrees_with_conditional_likelihood_where_persons_are_many():
    """Conditional on the score ability falls out; both estimates are of the same difficulties."""
    answers = ref.drawn(12, 4000, 6)
    found = rasch(Responses.of(answers))
    conditional = _conditional_difficulties(answers)
    for item, difficulty in zip(found.items, conditional, strict=True):
        assert item.difficulty == pytest.approx(difficulty, abs=item.standard_error / 2)


def test_measures_are_those_of_a_slow_search():
    difficulties = np.array([-2.0, -1.0, 0.0, 0.7, 1.9])
    answers = np.array([[0, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [1, np.nan, 1, 0, np.nan]])
    found = measures(answers, difficulties)
    for person, row in enumerate(answers):
        asked = ~np.isnan(row)
        ability = _slow_measure(row[asked], difficulties[asked])
        assert found.abilities[person] == pytest.approx(ability, abs=1e-5)
        chance = 1 / (1 + np.exp(difficulties[asked] - ability))
        assert found.errors[person] == pytest.approx(1 / math.sqrt(sum(chance * (1 - chance))), abs=1e-5)
    assert found.extreme.tolist() == [True, False, True, False]


def test_fit_is_that_of_a_slow_computation():
    answers = ref.drawn(13, 60, 7, 0.2)
    difficulties = np.linspace(-1.5, 1.5, 7)
    found = measures(answers, difficulties)
    items, persons = fitting(answers, difficulties, found)
    for place in range(7):
        cells = [
            (answers[row, place], found.abilities[row] - difficulties[place])
            for row in range(60)
            if not np.isnan(answers[row, place]) and not found.extreme[row]
        ]
        assert vars(items[place]) == pytest.approx(_slow_fit(cells))
    assert all((one is None) == bool(extreme) for one, extreme in zip(persons, found.extreme, strict=True))
    row = next(place for place, one in enumerate(persons) if one is not None)
    cells = [(x, found.abilities[row] - b) for x, b in zip(answers[row], difficulties, strict=True) if not np.isnan(x)]
    assert vars(persons[row]) == pytest.approx(_slow_fit(cells))


def test_an_item_against_the_grain_does_not_fit():
    answers = ref.drawn(14, 500, 12)
    answers[:, 5] = 1 - answers[:, 5]
    found = rasch(Responses.of(answers))
    worst = max(found.items, key=lambda item: item.fit.outfit)
    assert worst.name == "6"
    assert worst.fit.outfit_z > 4
    assert two_parameter(Responses.of(answers)).items[5].discrimination < 0


def test_items_all_right_or_all_wrong_are_named_and_the_rest_measured():
    answers = ref.drawn(15, 300, 8)
    answers[:, 2], answers[:, 6] = 1, 0
    found = rasch(Responses.of(answers))
    assert found.not_estimable == ("3", "7")
    alone = rasch(Responses.of(np.delete(answers, [2, 6], axis=1)))
    kept = [item.difficulty for item in found.items if item.difficulty is not None]
    assert kept == pytest.approx([item.difficulty for item in alone.items])
    assert two_parameter(Responses.of(answers)).items[2].discrimination is None


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_neither_order_of_rows_nor_of_columns_matters(seed, random):
    answers = ref.drawn(seed, 80, 6, 0.1)
    rows, columns = list(range(80)), list(range(6))
    random.shuffle(rows)
    random.shuffle(columns)
    try:
        one = rasch(Responses.of(answers))
    except RuleBroken:
        with pytest.raises(RuleBroken):
            rasch(Responses.of(answers[rows][:, columns]))
        return
    other = rasch(Responses.of(answers[rows][:, columns], [str(column) for column in columns]))
    mine = {str(int(item.name) - 1): item for item in one.items}
    for item in other.items:
        assert item.difficulty == pytest.approx(mine[item.name].difficulty, abs=1e-6)
        assert item.standard_error == pytest.approx(mine[item.name].standard_error, abs=1e-6)


@pytest.mark.parametrize(
    ("answers", "model", "code"),
    [
        (ref.drawn(1, 29, 10), rasch, "too-few-persons"),
        (ref.drawn(1, 100, 4), rasch, "too-few-items"),
        (np.ones((100, 10)), rasch, "too-few-items"),
        (ref.drawn(1, 199, 10), two_parameter, "too-few-persons"),
        (ref.drawn(1, 300, 4), two_parameter, "too-few-items"),
    ],
)
def test_too_little_is_refused_with_its_reason(answers, model, code):
    with pytest.raises(RuleBroken) as refusal:
        model(Responses.of(answers))
    assert refusal.value.code == code


def test_items_that_have_nothing_in_common_are_refused():
    answers = (np.random.default_rng(2).random((40, 5)) < 0.5).astype(float)
    answers[:, 1] = 1 - answers[:, 0]
    with pytest.raises(RuleBroken) as refusal:
        rasch(Responses.of(answers))
    assert refusal.value.code == "not-converged"


def test_partly_right_counts_as_not_right():
    answers = ref.drawn(16, 100, 6)
    partly = np.where(answers == 0, 0.5, answers)
    one, other = rasch(Responses.of(answers)), rasch(Responses.of(partly))
    assert [item.difficulty for item in one.items] == [item.difficulty for item in other.items]


def _hermite_likelihood(answers, intercepts, slopes):
    """The marginal log-likelihood by Gauss-Hermite quadrature, person by person."""
    points, weights = np.polynomial.hermite_e.hermegauss(61)
    weights = weights / weights.sum()
    total = 0.0
    for row in answers:
        asked = ~np.isnan(row)
        logits = intercepts[asked, None] + slopes[asked, None] * points
        chance = 1 / (1 + np.exp(-logits))
        likely = np.where(row[asked, None] == 1, chance, 1 - chance).prod(axis=0)
        total += math.log((likely * weights).sum())
    return total


def _conditional_difficulties(answers):
    """Difficulties that make the answers likeliest given each person's score, by fixed-point rounds (Andersen 1972)."""
    k = answers.shape[1]
    scores = answers.sum(axis=1).astype(int)
    counts = np.bincount(scores, minlength=k + 1)
    wins = answers.sum(axis=0)
    easiness = np.ones(k)
    for _round in range(500):
        whole = _symmetric(easiness)
        expected = np.zeros(k)
        for item in range(k):
            without = _symmetric(np.delete(easiness, item))
            for score in range(1, k + 1):
                expected[item] += counts[score] * easiness[item] * without[score - 1] / whole[score]
        easiness = easiness * wins / expected
        easiness = easiness / np.exp(np.log(easiness).mean())
    return -np.log(easiness)


def _symmetric(easiness):
    """Elementary symmetric functions: the coefficients of the product of (1 + e·t)."""
    found = np.array([1.0])
    for one in easiness:
        found = np.convolve(found, [1.0, one])
    return found


def _slow_measure(answers, difficulties):
    """Warm's weighted likelihood, its maximum searched on ever finer grids."""

    def weighted(ability):
        chance = 1 / (1 + np.exp(difficulties - ability))
        likely = np.where(answers == 1, chance, 1 - chance)
        return np.log(likely).sum() + 0.5 * math.log((chance * (1 - chance)).sum())

    middle, width = 0.0, 8.0
    while width > 1e-7:
        middle = max(np.linspace(middle - width, middle + width, 81), key=weighted)
        width /= 10
    return middle


def _slow_fit(cells):
    """Wright and Masters (1982), table 5.3a, cell by cell."""
    n = len(cells)
    outfit = weights = weighted = fourth = outfit_variance = 0.0
    for answer, distance in cells:
        chance = 1 / (1 + math.exp(-distance))
        variance = chance * (1 - chance)
        kurtosis = chance**4 * (1 - chance) + (1 - chance) ** 4 * chance
        residual = (answer - chance) ** 2
        outfit += residual / variance / n
        weights, weighted = weights + variance, weighted + residual
        fourth += kurtosis - variance**2
        outfit_variance += (kurtosis / variance**2 - 1) / n**2
    infit, q, r = weighted / weights, math.sqrt(fourth) / weights, math.sqrt(outfit_variance)
    return {
        "infit": infit,
        "infit_z": (infit ** (1 / 3) - 1) * 3 / q + q / 3,
        "outfit": outfit,
        "outfit_z": (outfit ** (1 / 3) - 1) * 3 / r + r / 3,
    }
