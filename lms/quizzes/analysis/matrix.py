"""Answers as a matrix: persons × items, each cell the share of the item's points that was earned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lms.core.errors import N_, RuleBroken

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUNDING = 9
"""Decimals to which sums are compared: equal scores stay equal in whatever order they were summed."""


@dataclass(frozen=True, eq=False)
class Responses:
    """`values`: n × k shares from 0 to 1, NaN: not asked or not reached. `weights`: the points of each item.

    `seconds`, where known: how long each answer took, NaN: not measured. Persons to whom nothing was put are left out
    by `of`.
    """

    values: Floats
    items: tuple[str, ...]
    persons: tuple[str, ...]
    weights: Floats
    seconds: Floats | None = None

    @classmethod
    def of(
        cls,
        values: Sequence[Sequence[float]] | Floats,
        items: Sequence[str] | None = None,
        persons: Sequence[str] | None = None,
        weights: Sequence[float] | Floats | None = None,
        seconds: Floats | None = None,
    ) -> "Responses":
        """Check and take a matrix; names default to numbers from 1, weights to 1. Raises RuleBroken (bad-matrix)."""
        cells = np.asarray(values, dtype=float)
        if cells.ndim != 2 or not cells.size:
            raise RuleBroken(N_("Chưa có câu trả lời nào để phân tích."), code="bad-matrix")
        if (bad := np.argwhere((cells < 0) | (cells > 1) | np.isinf(cells))).size:
            row, column = bad[0]
            message = N_("Người thứ %(row)s, câu thứ %(column)s: phần điểm phải từ 0 đến 1.")
            raise RuleBroken(message, code="bad-matrix", row=int(row) + 1, column=int(column) + 1)
        asked = ~np.isnan(cells).all(axis=1)
        n, k = cells.shape
        names = [str(number) for number in range(1, n + 1)] if persons is None else persons
        return cls(
            cells[asked],
            tuple(items) if items is not None else tuple(str(number) for number in range(1, k + 1)),
            tuple(name for name, kept in zip(names, asked, strict=True) if kept),
            np.ones(k) if weights is None else np.asarray(weights, dtype=float),
            None if seconds is None else seconds[asked],
        )

    @classmethod
    def of_cells(
        cls, cells: Iterable[tuple[int, int, float, float, int]], items: Sequence[str], persons: Sequence[str]
    ) -> "Responses":
        """The same from cells (row, column, share, points, seconds), of which each person has at least one.

        Shares are kept within 0 and 1; an item is worth what its last cell says; no seconds are none measured.
        """
        values = np.full((len(persons), len(items)), np.nan)
        seconds = np.full(values.shape, np.nan)
        weights = np.ones(len(items))
        for row, column, share, points, spent in cells:
            values[row, column] = min(max(share, 0.0), 1.0)
            weights[column] = points
            if spent:
                seconds[row, column] = spent
        return cls.of(values, items, persons, weights, seconds)

    @property
    def asked(self) -> Flags:
        """Which item was put to whom, n × k."""
        return ~np.isnan(self.values)

    @property
    def complete(self) -> bool:
        """Whether everyone was asked everything."""
        return bool(self.asked.all())

    @property
    def dichotomous(self) -> bool:
        """Whether every answer is wholly right or wholly wrong."""
        known = self.values[self.asked]
        return bool(((known == 0) | (known == 1)).all())

    @property
    def points(self) -> Floats:
        """Points earned, n × k, 0 where not asked."""
        return np.where(self.asked, self.values * self.weights, 0.0)

    @property
    def worth(self) -> Floats:
        """The points of what each person was asked."""
        worth: Floats = self.asked.astype(float) @ self.weights
        return worth

    @property
    def shares(self) -> Floats:
        """Each person's points as a share of the points asked, from 0 to 1."""
        worth = self.worth
        share = np.divide(self.points.sum(axis=1), worth, out=np.zeros_like(worth), where=worth > 0)
        rounded: Floats = np.round(share, ROUNDING)
        return rounded

    @property
    def facilities(self) -> tuple[tuple[int, float], ...]:
        """For each item how many were asked and the mean share, NaN for none: the only figures a small class has."""
        counts = self.asked.sum(axis=0)
        sums = np.nansum(self.values, axis=0)
        return tuple((int(n), float(total / n) if n else float("nan")) for n, total in zip(counts, sums, strict=True))

    def right(self) -> Floats:
        """1 where an answer earned everything, 0 where less, NaN where not asked: what the Rasch model is fitted to."""
        return np.where(self.asked, (self.values >= 1 - 1e-9).astype(float), np.nan)
