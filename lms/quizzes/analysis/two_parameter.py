"""The two-parameter logistic model: besides a difficulty each item has a discrimination of its own.

By marginal maximum likelihood, ability normal with mean 0 and variance 1, logistic scale without 1.7. Matches ltm::ltm
on LSAT section 6 (Rizopoulos, J. Stat. Softw. 17(5), 2006) and mirt on section 7 (Chalmers, J. Stat. Softw. 48(6),
2012).
"""

from dataclasses import dataclass

import numpy as np

from lms.core.errors import N_, RuleBroken
from lms.quizzes.analysis import marginal
from lms.quizzes.analysis.matrix import Responses
from lms.quizzes.analysis.rasch import estimable

LEAST_PERSONS = 200
FLAT = 0.1


@dataclass(frozen=True)
class TwoParameterItem:
    """`discrimination` a and `difficulty` b with their standard errors: P = 1 / (1 + exp(-a(θ - b))).

    All None where the item cannot be estimated, the difficulty also where the curve is all but flat.
    """

    name: str
    discrimination: float | None
    discrimination_standard_error: float | None
    difficulty: float | None
    difficulty_standard_error: float | None


@dataclass(frozen=True)
class TwoParameter:
    """A paper by the two-parameter model, over `n` persons."""

    n: int
    log_likelihood: float
    items: tuple[TwoParameterItem, ...]


def two_parameter(responses: Responses) -> TwoParameter:
    """Fit the model; raises RuleBroken (too-few-persons, too-few-items, not-converged)."""
    n = len(responses.persons)
    if n < LEAST_PERSONS:
        message = N_("Mô hình hai tham số cần ít nhất %(least)s người, nay có %(n)s.")
        raise RuleBroken(message, code="too-few-persons", least=LEAST_PERSONS, n=n)
    right, varies, _names = estimable(responses)
    fit = marginal.fit(right, one_slope=False)
    places = iter(range(len(fit.slopes)))
    items = tuple(
        _item(name, fit, next(places)) if kept else TwoParameterItem(name, None, None, None, None)
        for name, kept in zip(responses.items, varies, strict=True)
    )
    return TwoParameter(len(right), fit.log_likelihood, items)


def _item(name: str, fit: marginal.Fit, place: int) -> TwoParameterItem:
    """b = -c/a; its error by the delta method."""
    slope = float(fit.slopes[place])
    k = len(fit.slopes)
    of_c, of_a = fit.covariance[place, place], fit.covariance[k + place, k + place]
    error = float(np.sqrt(of_a))
    if abs(slope) < FLAT:
        return TwoParameterItem(name, slope, error, None, None)
    difficulty = -float(fit.intercepts[place]) / slope
    variance = of_c + difficulty**2 * of_a + 2 * difficulty * fit.covariance[place, k + place]
    return TwoParameterItem(name, slope, error, difficulty, float(np.sqrt(variance)) / abs(slope))
