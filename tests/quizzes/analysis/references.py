"""Public data and published figures.

LSAT section 6 and 7: five items of the Law School Admission Test, 1,000 persons each, from R. D. Bock and M. Lieberman,
"Fitting a response model for n dichotomously scored items", Psychometrika 35 (1970) 179-197; as `LSAT` in the R package
ltm and `LSAT6`, `LSAT7` in mirt.
"""

import numpy as np

from lms.quizzes.analysis.matrix import Floats, Responses

ITEMS = ("1", "2", "3", "4", "5")

LSAT6 = {
    "00000": 3,
    "00001": 6,
    "00010": 2,
    "00011": 11,
    "00100": 1,
    "00101": 1,
    "00110": 3,
    "00111": 4,
    "01000": 1,
    "01001": 8,
    "01011": 16,
    "01101": 3,
    "01110": 2,
    "01111": 15,
    "10000": 10,
    "10001": 29,
    "10010": 14,
    "10011": 81,
    "10100": 3,
    "10101": 28,
    "10110": 15,
    "10111": 80,
    "11000": 16,
    "11001": 56,
    "11010": 21,
    "11011": 173,
    "11100": 11,
    "11101": 61,
    "11110": 28,
    "11111": 298,
}
LSAT7 = {
    "00000": 12,
    "00001": 19,
    "00010": 1,
    "00011": 7,
    "00100": 3,
    "00101": 19,
    "00110": 3,
    "00111": 17,
    "01000": 10,
    "01001": 5,
    "01010": 3,
    "01011": 7,
    "01100": 7,
    "01101": 23,
    "01110": 8,
    "01111": 28,
    "10000": 7,
    "10001": 39,
    "10010": 11,
    "10011": 34,
    "10100": 14,
    "10101": 51,
    "10110": 15,
    "10111": 90,
    "11000": 6,
    "11001": 25,
    "11010": 7,
    "11011": 35,
    "11100": 18,
    "11101": 136,
    "11110": 32,
    "11111": 308,
}

# `descript(LSAT)` of ltm: proportions right, point biserial with the other items, alpha, alpha without each item.
LSAT6_FACILITY = (0.924, 0.709, 0.553, 0.763, 0.870)
LSAT6_DISCRIMINATION = (0.1128, 0.1532, 0.1728, 0.1444, 0.1216)
LSAT6_ALPHA = 0.2950
LSAT6_ALPHA_WITHOUT = (0.2754, 0.2376, 0.2168, 0.2459, 0.2663)
LSAT6_SCORES = (3, 20, 85, 237, 357, 298)
# `itemstats(LSAT7)` of mirt 1.45: mean, standard deviation, alpha, SEM; the same of the items.
LSAT7_PAPER = (3.707, 1.199, 0.453, 0.886)
LSAT7_FACILITY = (0.828, 0.658, 0.772, 0.606, 0.843)
LSAT7_DISCRIMINATION = (0.246, 0.247, 0.313, 0.223, 0.175)
LSAT7_ALPHA_WITHOUT = (0.396, 0.394, 0.345, 0.415, 0.438)
# `summary(rasch(LSAT))` of ltm, D. Rizopoulos, J. Stat. Softw. 17(5) (2006) 10-11, there with standard errors:
# difficulties on the scale where ability has variance 1, the common discrimination, the log-likelihood.
LSAT6_RASCH = (-3.6153, -1.3224, -0.3176, -1.7301, -2.7802)
LSAT6_RASCH_ERRORS = (0.3266, 0.1422, 0.0977, 0.1691, 0.2510)
LSAT6_SLOPE, LSAT6_SLOPE_ERROR = 0.7551, 0.0694
LSAT6_RASCH_HEIGHT = -2466.938
# `mirt(LSAT6, 'F = 1-5, CONSTRAIN = (1-5, a1)')`: the intercepts d of the same model.
LSAT6_INTERCEPTS = (2.730, 0.999, 0.240, 1.307, 2.100)
# `summary(ltm(LSAT ~ z1))` of ltm: the two-parameter model. Its maximum was left with a gradient of 0.024, so the
# figures hold to about 0.002.
LSAT6_2PL_SLOPES = (0.8254, 0.7229, 0.8905, 0.6886, 0.6575)
LSAT6_2PL_SLOPE_ERRORS = (0.2581, 0.1867, 0.2326, 0.1852, 0.2100)
LSAT6_2PL_DIFFICULTIES = (-3.3597, -1.3696, -0.2799, -1.8659, -3.1236)
LSAT6_2PL_DIFFICULTY_ERRORS = (0.8669, 0.3073, 0.0997, 0.4341, 0.8700)
LSAT6_2PL_HEIGHT = -2466.653
# `mirt(expand.table(LSAT7))` of mirt: slopes a1, intercepts d, log-likelihood. Its EM stops where a round changes less
# than 0.0001, so the last digit may be off by one or two.
LSAT7_2PL_SLOPES = (0.988, 1.081, 1.706, 0.765, 0.736)
LSAT7_2PL_INTERCEPTS = (1.856, 0.808, 1.804, 0.486, 1.855)
LSAT7_2PL_HEIGHT = -2658.805


def matrix(patterns: dict[str, int]) -> Floats:
    """The answers behind a table of patterns, persons × items."""
    return np.array([[float(mark) for mark in pattern] for pattern, n in patterns.items() for _person in range(n)])


def lsat6() -> Responses:
    """LSAT section 6."""
    return Responses.of(matrix(LSAT6), ITEMS)


def lsat7() -> Responses:
    """LSAT section 7."""
    return Responses.of(matrix(LSAT7), ITEMS)


def drawn(seed: int, persons: int, items: int, missing: float = 0.0) -> Floats:
    """Answers drawn by the Rasch model, a share of them not asked."""
    random = np.random.default_rng(seed)
    ability = random.normal(size=(persons, 1))
    difficulty = np.linspace(-1.5, 1.5, items)
    right = (random.random((persons, items)) < 1 / (1 + np.exp(difficulty - ability))).astype(float)
    right[random.random(right.shape) < missing] = np.nan
    return right
