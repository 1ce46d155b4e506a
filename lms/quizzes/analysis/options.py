"""What was chosen, by how well people did on the whole paper: the distractor table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lms.quizzes.analysis.matrix import Floats

THIRDS = 3

Thirds = NDArray[np.int_]
"""For each person the third they are in: 0, 1 or 2."""


@dataclass(frozen=True)
class OptionRow:
    """One option: how many chose it in the lower, middle and upper third, and the mean share of all points (0 to 1)
    of those who did, None where nobody did."""

    key: str
    thirds: tuple[int, int, int]
    mean_share: float | None

    @property
    def n(self) -> int:
        """How many chose it."""
        return sum(self.thirds)


@dataclass(frozen=True)
class OptionTable:
    """The options of one item; `people`: how many were asked in each third. `blank` is who gave no answer."""

    people: tuple[int, int, int]
    rows: tuple[OptionRow, ...]
    blank: OptionRow

    @property
    def n(self) -> int:
        """How many were asked."""
        return sum(self.people)


def thirds(shares: Floats) -> Thirds:
    """0, 1 or 2 for each person: the lower, middle, upper third by share of all points.

    Whoever is level stays together, so that thirds may differ in size.
    """
    levels, places, counts = np.unique(shares, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    parts = np.minimum((THIRDS * middle / len(shares)).astype(int), THIRDS - 1)
    found: Thirds = parts[places.reshape(-1)] if len(levels) > 1 else np.ones(len(shares), dtype=int)
    return found


def option_table(chosen: Sequence[Collection[str]], third: Thirds, shares: Floats, keys: Sequence[str]) -> OptionTable:
    """Count what was chosen: `chosen` holds what each person asked chose, none for a blank; rows in the order of
    `keys`."""
    people = np.bincount(third, minlength=THIRDS)
    rows = tuple(_row(key, np.array([key in one for one in chosen], dtype=bool), third, shares) for key in keys)
    blank = _row("", np.array([not one for one in chosen], dtype=bool), third, shares)
    return OptionTable((int(people[0]), int(people[1]), int(people[2])), rows, blank)


def _row(key: str, took: NDArray[np.bool_], third: Thirds, shares: Floats) -> OptionRow:
    counts = np.bincount(third[took], minlength=THIRDS)
    mean = float(shares[took].mean()) if took.any() else None
    return OptionRow(key, (int(counts[0]), int(counts[1]), int(counts[2])), mean)
