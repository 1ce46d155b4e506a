"""The order in which an attempt shows questions and options: drawn from its seed, so that it can be drawn again."""

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def shuffled(things: Sequence[Thing], seed: int, part: str = "") -> list[Thing]:
    """The things in the order of this attempt; `part` separates one draw of the attempt from another."""
    drawn = list(things)
    random.Random(f"{seed}/{part}").shuffle(drawn)
    return drawn
