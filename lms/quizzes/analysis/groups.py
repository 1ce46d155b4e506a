"""Groups side by side, without telling of a few people.

A group below `LEAST` persons is not shown. Nor may it be computed from the whole: what is left unshown together holds
at least two groups and at least `LEAST` persons, if need be by leaving out the next smallest group as well.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from lms.quizzes.analysis.matrix import Floats

LEAST = 5
NORMAL_95 = 1.96

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Group(Generic[Key]):
    """A group's `n`, mean and standard deviation of a figure; `margin` is half the 95 % interval of the mean."""

    key: Key
    n: int
    mean: float
    sd: float

    @property
    def margin(self) -> float:
        """Half of the 95 % interval of the mean."""
        return NORMAL_95 * self.sd / float(np.sqrt(self.n))


@dataclass(frozen=True)
class Comparison(Generic[Key]):
    """The groups that may be shown, the best first, and those withheld together: how many, and their persons.

    `rest` tells of those withheld as one; None where there are none, or they are still fewer than `LEAST` persons.
    """

    shown: tuple[Group[Key], ...]
    withheld: int
    rest: Group[None] | None


def compare(figures: Floats, keys: Sequence[Key]) -> Comparison[Key]:
    """Compare a figure of n persons by their groups."""
    members: dict[Key, list[int]] = {}
    for place, key in enumerate(keys):
        members.setdefault(key, []).append(place)
    hidden = withheld({key: len(places) for key, places in members.items()})
    shown = [_group(key, figures[places]) for key, places in members.items() if key not in hidden]
    left = [place for key in hidden for place in members[key]]
    rest = _group(None, figures[sorted(left)]) if len(left) >= LEAST and len(hidden) > 1 else None
    return Comparison(tuple(sorted(shown, key=lambda one: (-one.mean, -one.n, str(one.key)))), len(hidden), rest)


def withheld(sizes: dict[Key, int]) -> set[Key]:
    """The groups that must not be shown: the small ones, and as many of the next smallest as protect them."""
    by_size = sorted(sizes, key=lambda key: (sizes[key], str(key)))
    hidden = {key for key in by_size if sizes[key] < LEAST}
    if not hidden:
        return hidden
    for key in by_size:
        if len(hidden) > 1 and sum(sizes[one] for one in hidden) >= LEAST:
            break
        hidden.add(key)
    return hidden


def _group(key: Key, figures: Floats) -> Group[Key]:
    sd = float(figures.std(ddof=1)) if len(figures) > 1 else 0.0
    return Group(key, len(figures), float(figures.mean()), sd)
