"""Invented Vietnamese names of several peoples, drawn from lists: the same seed gives the same name."""

import random
from functools import cache
from typing import Any

from lms.core.text import fold
from lms.demo.source import read

_LOWLAND = "lowland"


def draw(seed: str, region: str = _LOWLAND) -> str:
    """An invented person's whole name; never one of the public figures who speak at the events."""
    chance = random.Random(seed)
    while True:
        name = _name(chance, _people(chance, region))
        if fold(name) not in _speakers():
            return name


def region_of(province: str | None) -> str:
    """The region whose weights the people of a province (by its key) are drawn by."""
    for region, provinces in read("names")["regions"].items():
        if province in provinces:
            return str(region)
    return _LOWLAND


def _people(chance: random.Random, region: str) -> dict[str, Any]:
    weights = read("names")["weights"][region]
    chosen = chance.choices(list(weights), list(weights.values()))[0]
    people: dict[str, Any] = read("names")["peoples"][chosen]
    return people


def _name(chance: random.Random, people: dict[str, Any]) -> str:
    sex = "female" if chance.random() < 0.45 else "male"
    parts = [chance.choice(people[part]) for part in ("family", sex, f"given_{sex}")]
    # Ê Đê and K'Ho write the first part of a name joined to the next: H'Lan, K'Brơi.
    return " ".join(part for part in parts if part).replace("' ", "'")


@cache
def _speakers() -> frozenset[str]:
    return frozenset(fold(one["full_name"]) for one in read("speakers")["speakers"].values())
