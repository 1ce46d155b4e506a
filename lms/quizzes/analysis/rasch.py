"""The Rasch model: one ability, one difficulty an item, both in logits.

Difficulties by marginal maximum likelihood (`marginal`), their mean set to 0; persons and fit as in `measures`. Answers
count as right where they earned everything. Matches ltm::rasch (Rizopoulos, J. Stat. Softw. 17(5), 2006) and
mirt(itemtype = "Rasch") (Chalmers, J. Stat. Softw. 48(6), 2012) on LSAT section 6.
"""

from dataclasses import dataclass

import numpy as np

from lms.core.errors import N_, RuleBroken
from lms.quizzes.analysis import marginal
from lms.quizzes.analysis.matrix import Flags, Floats, Responses
from lms.quizzes.analysis.measures import Fitting, fitting, measures

LEAST_PERSONS = 30
LEAST_ITEMS = 5


@dataclass(frozen=True)
class RaschItem:
    """`difficulty` and its standard error in logits; both None where everyone was right (or nobody)."""

    name: str
    n: int
    difficulty: float | None
    standard_error: float | None
    fit: Fitting | None


@dataclass(frozen=True)
class RaschPerson:
    """One person's ability and its standard error in logits; `extreme`: everything right or nothing."""

    name: str
    ability: float
    standard_error: float
    extreme: bool
    fit: Fitting | None


@dataclass(frozen=True)
class Rasch:
    """A paper on the Rasch scale. `mean` and `sd` are of ability in the population the persons come from; `reliability`
    is the share of the measures' variance that is not error."""

    n: int
    mean: float
    sd: float
    sd_standard_error: float
    reliability: float | None
    log_likelihood: float
    items: tuple[RaschItem, ...]
    persons: tuple[RaschPerson, ...]

    @property
    def not_estimable(self) -> tuple[str, ...]:
        """Items that everyone or nobody got right."""
        return tuple(item.name for item in self.items if item.difficulty is None)


def rasch(responses: Responses) -> Rasch:
    """Fit the model; raises RuleBroken (too-few-persons, too-few-items, not-converged)."""
    n = len(responses.persons)
    if n < LEAST_PERSONS:
        message = N_("Mô hình Rasch cần ít nhất %(least)s người, nay có %(n)s.")
        raise RuleBroken(message, code="too-few-persons", least=LEAST_PERSONS, n=n)
    right, varies, kept = estimable(responses)
    fit = marginal.fit(right, one_slope=True)
    difficulties = -fit.intercepts - (-fit.intercepts).mean()
    k = len(difficulties)
    centring = np.hstack([np.full((k, k), 1 / k) - np.eye(k), np.zeros((k, 1))])
    errors = np.sqrt(np.diag(centring @ fit.covariance @ centring.T))
    found = measures(right, difficulties)
    item_fits, person_fits = fitting(right, difficulties, found)
    return Rasch(
        n=len(right),
        mean=float(fit.intercepts.mean()),
        sd=float(fit.slopes[0]),
        sd_standard_error=float(np.sqrt(fit.covariance[k, k])),
        reliability=_reliability(found.abilities, found.errors),
        log_likelihood=fit.log_likelihood,
        items=_items(responses, varies, difficulties, errors, item_fits),
        persons=tuple(
            RaschPerson(name, float(ability), float(error), bool(extreme), None if extreme else person_fit)
            for name, ability, error, extreme, person_fit in zip(
                kept, found.abilities, found.errors, found.extreme, person_fits, strict=True
            )
        ),
    )


def estimable(responses: Responses) -> tuple[Floats, Flags, list[str]]:
    """Answers as 1, 0, NaN to the items that someone got right and someone wrong; which items these are; the names of
    the persons who were asked any of them. Raises RuleBroken (too-few-items)."""
    right = responses.right()
    asked = responses.asked.sum(axis=0)
    score = np.nansum(right, axis=0)
    varies: Flags = np.asarray((score > 0) & (score < asked))
    if (n := int(varies.sum())) < LEAST_ITEMS:
        message = N_("Cần ít nhất %(least)s câu có người làm đúng và có người làm sai, nay có %(n)s.")
        raise RuleBroken(message, code="too-few-items", least=LEAST_ITEMS, n=n)
    inside = right[:, varies]
    present: Flags = np.asarray((~np.isnan(inside)).any(axis=1))
    return inside[present], varies, [name for name, kept in zip(responses.persons, present, strict=True) if kept]


def _items(
    responses: Responses, varies: Flags, difficulties: Floats, errors: Floats, fits: list[Fitting | None]
) -> tuple[RaschItem, ...]:
    counts = responses.asked.sum(axis=0)
    places = iter(range(len(difficulties)))
    found = []
    for name, n, kept in zip(responses.items, counts, varies, strict=True):
        if kept:
            place = next(places)
            found.append(RaschItem(name, int(n), float(difficulties[place]), float(errors[place]), fits[place]))
        else:
            found.append(RaschItem(name, int(n), None, None, None))
    return tuple(found)


def _reliability(abilities: Floats, errors: Floats) -> float | None:
    variance = float(abilities.var(ddof=1))
    return max(0.0, 1 - float((errors**2).mean()) / variance) if variance > 1e-9 else None
