"""The order in which an attempt shows questions and options: drawn from the attempt's id, so that it never changes."""

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def shuffled(things: Sequence[Thing], attempt_id: int, part: str = "") -> list[Thing]:
    """The things in the order of this attempt; `part` separates one draw of the attempt from another."""
    drawn = list(things)
    random.Random(f"{attempt_id}/{part}").shuffle(drawn)
    return drawn
