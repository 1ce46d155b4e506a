"""Logistic item response models by marginal maximum likelihood: EM with fixed quadrature, finished by Newton's method.

P(right) = 1 / (1 + exp(-(c + a·z))), z normal with mean 0 and variance 1 (Bock and Aitkin, Psychometrika 46, 1981);
with one slope for all items (Thissen, Psychometrika 47, 1982) it is the Rasch model, the slope being the standard
deviation of ability. Integrals are sums over `NODES` equally spaced points. Standard errors are from the observed
information, by Louis' identity (J. R. Stat. Soc. B 44, 1982). An item not put to a person is left out of that person's
likelihood.
"""

from dataclasses import dataclass

import numpy as np

from lms.core.errors import N_, RuleBroken
from lms.quizzes.analysis.matrix import Floats

NODES = np.linspace(-6.0, 6.0, 61)
LOG_WEIGHTS = -0.5 * NODES**2 - np.log(np.exp(-0.5 * NODES**2).sum())
MOST_EM = 12
MOST_STEPS = 200
CLOSE = 1e-8
FARTHEST = 2.0
STEEPEST = 8.0
FLATTEST = 0.05
NOT_CONVERGED = N_(
    "Phép ước lượng không hội tụ: các câu không cùng đo một năng lực, hoặc số người còn ít so với số câu. "
    "Hãy xem lại các câu có độ phân biệt âm trước."
)


@dataclass(frozen=True, eq=False)
class Fit:
    """`intercepts` c and `slopes` a of k items; `covariance` of (c₁ … c_k, a₁ … a_k), or, where one slope is shared,
    of (c₁ … c_k, a). `steps` counts rounds."""

    intercepts: Floats
    slopes: Floats
    covariance: Floats
    log_likelihood: float
    steps: int


@dataclass(frozen=True, eq=False)
class _Data:
    """`right` is 0 where not asked; `asked` is 1 or 0; both n × k."""

    right: Floats
    asked: Floats


def fit(right: Floats, *, one_slope: bool) -> Fit:
    """Fit answers 1, 0 or NaN, n × k, every item with both; raises RuleBroken (not-converged)."""
    asked = ~np.isnan(right)
    data = _Data(np.where(asked, right, 0.0), asked.astype(float))
    share = data.right.sum(axis=0) / data.asked.sum(axis=0)
    k = right.shape[1]
    parameters = np.concatenate([np.log(share / (1 - share)) * 1.1, np.ones(k)])
    collapse = _collapse(k, one_slope)
    for step in range(1, MOST_STEPS + 1):
        posterior, height = _posterior(data, parameters)
        following = None
        if step > MOST_EM:
            score, information = _derivatives(data, parameters, posterior)
            score, information = collapse.T @ score, collapse.T @ information @ collapse
            newton = _newton_step(score, information)
            if newton is not None and np.abs(newton).max() < CLOSE:
                return _finished(parameters, information, height, step)
            following = None if newton is None else _climbed(data, parameters, collapse @ newton, height)
        parameters = _em(data, parameters, posterior, one_slope) if following is None else following
        if np.abs(parameters[k:]).max() > STEEPEST or (one_slope and abs(parameters[k]) < FLATTEST):
            break
    raise RuleBroken(NOT_CONVERGED, code="not-converged")


def probabilities(parameters: Floats) -> Floats:
    """P(right) at every node, k × nodes, of parameters (c, a)."""
    k = len(parameters) // 2
    found: Floats = 1.0 / (1.0 + np.exp(-(parameters[:k, None] + parameters[k:, None] * NODES)))
    return found


def _collapse(k: int, one_slope: bool) -> Floats:
    """What turns free parameters into (c, a): the identity, or the last one given to every slope."""
    if not one_slope:
        return np.eye(2 * k)
    matrix = np.zeros((2 * k, k + 1))
    matrix[:k, :k] = np.eye(k)
    matrix[k:, k] = 1.0
    return matrix


def _posterior(data: _Data, parameters: Floats) -> tuple[Floats, float]:
    """The weight of every node for every person, n × nodes, and the log-likelihood."""
    k = len(parameters) // 2
    logits = parameters[:k, None] + parameters[k:, None] * NODES
    joint = data.right @ logits - data.asked @ np.logaddexp(0.0, logits) + LOG_WEIGHTS
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    totals = weights.sum(axis=1, keepdims=True)
    return weights / totals, float((np.log(totals) + top).sum())


def _em(data: _Data, parameters: Floats, posterior: Floats, one_slope: bool) -> Floats:
    """One M-step: a Newton step of the expected likelihood, items apart or, with one slope, together."""
    k = len(parameters) // 2
    chance = probabilities(parameters)
    people = data.asked.T @ posterior
    residual = data.right.T @ posterior - people * chance
    spread = people * chance * (1 - chance)
    by_c, by_a = residual.sum(axis=1), residual @ NODES
    cc, ca, aa = spread.sum(axis=1), spread @ NODES, spread @ NODES**2
    if one_slope:
        slope = (by_a.sum() - (ca * by_c / cc).sum()) / (aa.sum() - (ca * ca / cc).sum())
        step = np.concatenate([(by_c - ca * slope) / cc, np.full(k, slope)])
    else:
        area = cc * aa - ca * ca
        step = np.concatenate([(aa * by_c - ca * by_a) / area, (cc * by_a - ca * by_c) / area])
    moved: Floats = parameters + np.clip(step, -FARTHEST, FARTHEST)
    return moved


def _newton_step(score: Floats, information: Floats) -> Floats | None:
    """Where Newton's method goes next; None where it would go down."""
    try:
        step: Floats = np.linalg.solve(information, score).astype(np.float64)
    except np.linalg.LinAlgError:
        return None
    return np.clip(step, -FARTHEST, FARTHEST) if step @ score >= 0 else None


def _climbed(data: _Data, parameters: Floats, step: Floats, height: float) -> Floats | None:
    """The parameters after the step, halved while the likelihood falls; None where it falls all the same."""
    for halving in range(8):
        moved: Floats = parameters + step / 2**halving
        if _posterior(data, moved)[1] >= height - 1e-9 * abs(height):
            return moved
    return None


def _derivatives(data: _Data, parameters: Floats, posterior: Floats) -> tuple[Floats, Floats]:
    """The score and the observed information of (c, a): for each person the expected information of the complete
    data, less the variance of its score over the person's posterior."""
    k = len(parameters) // 2
    chance = probabilities(parameters)
    expected = [data.asked * (posterior @ (chance * NODES**power).T) for power in range(3)]
    ability = [posterior @ NODES**power for power in range(3)]
    residual = [data.right * ability[power][:, None] - expected[power] for power in range(2)]
    means = np.hstack(residual)
    both = _both_asked(data, chance, posterior)
    blocks = []
    for power in range(3):
        crossed = data.right.T @ expected[power]
        product = data.right.T @ (data.right * ability[power][:, None]) - crossed - crossed.T + both[power]
        product.flat[:: k + 1] -= (data.asked.T @ posterior * chance * (1 - chance)) @ NODES**power
        blocks.append(product)
    information = means.T @ means - np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    return means.sum(axis=0), information


def _both_asked(data: _Data, chance: Floats, posterior: Floats) -> list[Floats]:
    """For powers 0, 1, 2 of z: the sum, over persons asked both items, of the posterior mean of P·P·z^power; k × k."""
    if data.asked.all():
        people = posterior.sum(axis=0)
        return [(chance * (people * NODES**power)) @ chance.T for power in range(3)]
    k = len(chance)
    found: list[Floats] = [np.zeros((k, k)) for _power in range(3)]
    for place, node in enumerate(NODES):
        weight = posterior[:, place]
        near = weight > 1e-9
        if near.any():
            asked = data.asked[near]
            product = (asked.T @ (asked * weight[near, None])) * np.outer(chance[:, place], chance[:, place])
            for power in range(3):
                found[power] += product * node**power
    return found


def _finished(parameters: Floats, information: Floats, height: float, steps: int) -> Fit:
    """The fit, its slopes turned so that most rise; raises RuleBroken where the surface is no summit."""
    k = len(parameters) // 2
    try:
        covariance = np.linalg.inv(information)
    except np.linalg.LinAlgError as flat:
        raise RuleBroken(NOT_CONVERGED, code="not-converged") from flat
    if (np.diag(covariance) <= 0).any():
        raise RuleBroken(NOT_CONVERGED, code="not-converged")
    if parameters[k:].sum() < 0:
        turned = np.concatenate([np.ones(k), -np.ones(len(covariance) - k)])
        parameters = np.concatenate([parameters[:k], -parameters[k:]])
        covariance = covariance * np.outer(turned, turned)
    return Fit(parameters[:k], parameters[k:], covariance.astype(np.float64), height, steps)
