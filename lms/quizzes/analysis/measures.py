"""Abilities of persons on the Rasch scale, and how well answers fit it.

Measures are Warm's weighted likelihood estimates (Psychometrika 54, 1989): finite also for those with everything right
or nothing, and all but free of bias. Fit is the mean of squared standardised residuals (outfit) and the same weighted
by information (infit), each with its z by the cube-root transformation (Wright and Masters, Rating Scale Analysis,
1982, ch. 5); whoever has everything right or nothing says nothing of fit and is left out.
"""

from dataclasses import dataclass

import numpy as np

from lms.quizzes.analysis.matrix import Flags, Floats

BOUND = 12.0
MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Measures:
    """`abilities` in logits with `errors`, n of each; `extreme`: everything right or nothing."""

    abilities: Floats
    errors: Floats
    extreme: Flags


@dataclass(frozen=True)
class Fitting:
    """Mean squares, 1 where answers vary as the model says; z beyond ±2 is rare; z is None where there is too little
    to tell."""

    infit: float
    infit_z: float | None
    outfit: float
    outfit_z: float | None


def measures(right: Floats, difficulties: Floats) -> Measures:
    """Measures of persons (answers 1, 0, NaN; n × k) on items of these difficulties, in logits."""
    asked = ~np.isnan(right)
    key = np.column_stack([asked, np.nansum(right, axis=1)])
    kinds, places = np.unique(key, axis=0, return_inverse=True)
    places = places.reshape(-1)
    asked_kinds, scores = kinds[:, :-1], kinds[:, -1]
    abilities = _weighted(asked_kinds, scores, difficulties)
    chance = _chance(abilities, difficulties)
    errors = 1 / np.sqrt((asked_kinds * chance * (1 - chance)).sum(axis=1))
    extreme = (scores == 0) | (scores == asked_kinds.sum(axis=1))
    return Measures(abilities[places], errors[places], extreme[places])


def fitting(right: Floats, difficulties: Floats, found: Measures) -> tuple[list[Fitting | None], list[Fitting | None]]:
    """The fit of every item and of every person; None where nobody who is not extreme answered it, or is extreme."""
    asked = ~np.isnan(right) & ~found.extreme[:, None]
    chance = _chance(found.abilities, difficulties)
    spread = chance * (1 - chance)
    kurtosis = spread * ((1 - chance) ** 3 + chance**3)
    squares = np.where(asked, (np.nan_to_num(right) - chance) ** 2, 0.0)
    parts = asked * spread, np.where(asked, kurtosis, 0.0), squares, squares / spread
    items = _fits(asked, *parts, spread, axis=0)
    persons = _fits(asked, *parts, spread, axis=1)
    return items, persons


def _chance(abilities: Floats, difficulties: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(difficulties - abilities[:, None]))
    return found


def _weighted(asked: Floats, scores: Floats, difficulties: Floats) -> Floats:
    """Where score - expected + J / 2I is nothing, by bisection: positive far down, negative far up."""
    low, high = np.full(len(scores), -BOUND), np.full(len(scores), BOUND)
    low, high = low + difficulties.min(), high + difficulties.max()
    middle: Floats = (low + high) / 2
    for _round in range(MOST_ROUNDS):
        chance = _chance(middle, difficulties)
        spread = asked * chance * (1 - chance)
        lean = (spread * (1 - 2 * chance)).sum(axis=1) / (2 * spread.sum(axis=1))
        above = scores - (asked * chance).sum(axis=1) + lean > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
        middle = (low + high) / 2
        if (high - low).max() < 1e-10:
            break
    return middle


def _fits(
    asked: Flags, weight: Floats, kurtosis: Floats, squares: Floats, standard: Floats, spread: Floats, axis: int
) -> list[Fitting | None]:
    n = asked.sum(axis=axis)
    weights = weight.sum(axis=axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        outfit = standard.sum(axis=axis) / n
        infit = squares.sum(axis=axis) / weights
        outfit_variance = (kurtosis / spread**2).sum(axis=axis) / n**2 - 1 / n
        infit_variance = (kurtosis - weight**2).sum(axis=axis) / weights**2
    return [
        Fitting(
            float(infit[place]),
            _cube_root_z(float(infit[place]), float(infit_variance[place])),
            float(outfit[place]),
            _cube_root_z(float(outfit[place]), float(outfit_variance[place])),
        )
        if n[place]
        else None
        for place in range(len(n))
    ]


def _cube_root_z(mean_square: float, variance: float) -> float | None:
    if variance <= 1e-12:
        return None
    root = float(np.sqrt(variance))
    return (float(np.cbrt(mean_square)) - 1) * 3 / root + root / 3
