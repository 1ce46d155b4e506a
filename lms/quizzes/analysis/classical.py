"""Classical figures of a paper and its items.

Alpha is Cronbach's (Psychometrika 16, 1951), written with mean variance v and mean covariance c of the items so that
papers drawn for each person have one too: L·c / (v + (L-1)·c), L the number of items a person is asked; for a paper
that is the same for everyone this is the usual formula, and KR-20 (Kuder and Richardson, 1937) where all items are
right or wrong. The upper and lower groups are 27 % each (Kelley, 1939); people level at their edge belong to them in
part, so that no order of rows matters.
"""

from dataclasses import dataclass

import numpy as np

from lms.core.errors import N_, RuleBroken
from lms.quizzes.analysis.matrix import ROUNDING, Flags, Floats, Responses

LEAST_PERSONS = 10
GROUP = 0.27
CLASSES = 10
HAIR = 1e-12


@dataclass(frozen=True)
class ItemFigures:
    """One item: `n` persons asked, `facility` 0 to 1; None where it says nothing (few persons, no variance).

    `discrimination`: correlation of the item with the share earned on all other items. `index`: facility of the upper
    27 % less that of the lower. `seconds`: median time.
    """

    name: str
    n: int
    facility: float
    discrimination: float | None
    index: float | None
    alpha_without: float | None
    seconds: float | None


@dataclass(frozen=True)
class PaperFigures:
    """A paper in points, where papers differ scaled to the usual one worth `max_score`; `sd` with n - 1.

    `reliability` is KR-20 where `dichotomous`, else alpha; `sem` = sd·√(1 - reliability). `histogram`: persons by
    tenths of all points.
    """

    n: int
    items: int
    max_score: float
    mean: float
    sd: float
    median: float
    dichotomous: bool
    reliability: float | None
    sem: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True)
class Classical:
    """The paper and its items in their order."""

    paper: PaperFigures
    items: tuple[ItemFigures, ...]


def classical(responses: Responses) -> Classical:
    """All classical figures; raises RuleBroken (too-few-persons)."""
    n = len(responses.persons)
    if n < LEAST_PERSONS:
        message = N_("Mới có %(n)s người nộp bài. Cần ít nhất %(least)s người thì các con số mới có nghĩa.")
        raise RuleBroken(message, code="too-few-persons", n=n, least=LEAST_PERSONS)
    length = float(np.median(responses.asked.sum(axis=1)))
    covariances, pairs = _covariances(responses)
    reliability = _alpha(covariances, pairs, length)
    return Classical(_paper(responses, reliability), _items(responses, covariances, pairs, length))


def correlation(left: Floats, right: Floats) -> float | None:
    """Pearson's; None below three pairs or without variance."""
    if len(left) < 3:
        return None
    a, b = left - left.mean(), right - right.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > HAIR else None


def group_weights(shares: Floats, part: float, *, upper: bool) -> Floats:
    """How far each person belongs to the best (or worst) `part` of all, 0 to 1; the weights sum to part·n."""
    order = shares if upper else -shares
    size = part * len(order)
    edge = np.sort(order)[::-1][min(int(np.ceil(size)), len(order)) - 1]
    inside, level = order > edge, order == edge
    weights: Floats = inside + level * ((size - inside.sum()) / level.sum())
    return weights


def _paper(responses: Responses, reliability: float | None) -> PaperFigures:
    shares = responses.shares
    top = float(np.median(responses.worth))
    scores = shares * top
    sd = float(scores.std(ddof=1))
    classes = np.minimum((shares * CLASSES + 1e-9).astype(int), CLASSES - 1)
    return PaperFigures(
        n=len(shares),
        items=len(responses.items),
        max_score=top,
        mean=float(scores.mean()),
        sd=sd,
        median=float(np.median(scores)),
        dichotomous=responses.dichotomous,
        reliability=reliability,
        sem=None if reliability is None else sd * float(np.sqrt(max(0.0, 1 - reliability))),
        histogram=tuple(int(count) for count in np.bincount(classes, minlength=CLASSES)),
    )


def _items(responses: Responses, covariances: Floats, pairs: Floats, length: float) -> tuple[ItemFigures, ...]:
    asked, values, shares = responses.asked, responses.values, responses.shares
    points, worth = responses.points, responses.worth
    upper = group_weights(shares, GROUP, upper=True)
    lower = group_weights(shares, GROUP, upper=False)
    found = []
    for place, name in enumerate(responses.items):
        present: Flags = asked[:, place]
        n = int(present.sum())
        mine = values[present, place]
        enough = n >= LEAST_PERSONS
        others = worth[present] - responses.weights[place]
        rest = points[present].sum(axis=1) - points[present, place]
        counted = others > 0
        rest_share = np.round(rest[counted] / others[counted], ROUNDING)
        found.append(
            ItemFigures(
                name=name,
                n=n,
                facility=float(mine.mean()) if n else float("nan"),
                discrimination=correlation(mine[counted], rest_share) if enough else None,
                index=_index(mine, upper[present], lower[present]) if enough else None,
                alpha_without=_alpha_without(covariances, pairs, length, place, n / len(shares)),
                seconds=_median_seconds(responses.seconds, place),
            )
        )
    return tuple(found)


def _index(mine: Floats, upper: Floats, lower: Floats) -> float | None:
    if upper.sum() < 1 or lower.sum() < 1:
        return None
    return float(np.average(mine, weights=upper) - np.average(mine, weights=lower))


def _median_seconds(seconds: Floats | None, place: int) -> float | None:
    if seconds is None:
        return None
    known = seconds[:, place]
    known = known[~np.isnan(known)]
    return float(np.median(known)) if known.size else None


def _covariances(responses: Responses) -> tuple[Floats, Floats]:
    """Covariances of the items' points (n - 1) over the persons asked both, and how many these are; both k × k.

    Points are centred first: with the mean of those asked both taken off again, sums stay exact enough.
    """
    asked = responses.asked.astype(float)
    counts = asked.sum(axis=0)
    points = responses.points
    centre = np.divide(points.sum(axis=0), counts, out=np.zeros_like(counts), where=counts > 0)
    centred = (points - centre) * asked
    pairs = asked.T @ asked
    sums = centred.T @ asked
    with np.errstate(divide="ignore", invalid="ignore"):
        covariances = (centred.T @ centred - sums * sums.T / pairs) / (pairs - 1)
    return np.where(pairs >= 2, covariances, np.nan), pairs


def _alpha(covariances: Floats, pairs: Floats, length: float) -> float | None:
    """None for one item, or where nobody differs."""
    if length < 2:
        return None
    known = ~np.isnan(covariances)
    one = np.eye(len(covariances), dtype=bool)
    if not (known & one).any() or not (known & ~one).any():
        return None
    variance = np.average(covariances[known & one], weights=pairs[known & one])
    shared = np.average(covariances[known & ~one], weights=pairs[known & ~one])
    whole = float(variance + (length - 1) * shared)
    return float(length * shared) / whole if whole > HAIR else None


def _alpha_without(covariances: Floats, pairs: Floats, length: float, place: int, asked: float) -> float | None:
    kept = np.arange(len(covariances)) != place
    return _alpha(covariances[np.ix_(kept, kept)], pairs[np.ix_(kept, kept)], length - asked)
