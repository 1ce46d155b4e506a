"""Where things stand in the pictures of an analysis; pure."""

from dataclasses import dataclass

import numpy as np

from lms.quizzes.analysis.rasch import Rasch

STEP = 0.5
FARTHEST = 5.0


@dataclass(frozen=True)
class Rung:
    """One step of a Wright map: from `logit` on for half a logit, how many persons and which items (from 1) are there.

    Whoever and whatever lies beyond ±5 stands on the last rung.
    """

    logit: float
    persons: int
    items: tuple[int, ...]


def wright_map(rasch: Rasch) -> list[Rung]:
    """The rungs from the highest down, without empty ones at either end."""
    abilities = _rungs(np.array([person.ability for person in rasch.persons]))
    placed = [(number, item.difficulty) for number, item in enumerate(rasch.items, 1) if item.difficulty is not None]
    difficulties = _rungs(np.array([difficulty for _number, difficulty in placed]))
    low = min(abilities.min(), difficulties.min())
    high = max(abilities.max(), difficulties.max())
    return [
        Rung(
            logit=float(rung * STEP),
            persons=int((abilities == rung).sum()),
            items=tuple(number for (number, _b), mine in zip(placed, difficulties, strict=True) if mine == rung),
        )
        for rung in range(int(high), int(low) - 1, -1)
    ]


def _rungs(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.floor(np.clip(values, -FARTHEST, FARTHEST - STEP / 2) / STEP)
