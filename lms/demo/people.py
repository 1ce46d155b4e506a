"""The invented delegates of a unit: name, post and phone follow from the unit, the time and a number."""

import random
import zlib
from dataclasses import dataclass

from lms.demo import names
from lms.demo.source import read
from lms.units.models import Unit, UnitKind

_PHONE = "030"
"""No Vietnamese network has numbers that begin so: nobody can be called by accident."""


@dataclass(frozen=True)
class Invented:
    """Someone who does not exist."""

    full_name: str
    post: str
    phone: str
    unit: Unit


def of_unit(unit: Unit, count: int, time: str) -> list[Invented]:
    """The first `count` people of a unit at a time ("2024"); asked again they are the same."""
    posts = _posts(unit, time)
    region = names.region_of(_province(unit))
    return [
        Invented(
            full_name=names.draw(f"{unit.key}/{time}/{number}", region),
            post=posts[number % len(posts)],
            phone=f"{_PHONE}{zlib.crc32(f'{unit.key}/{time}/{number}'.encode()) % 10_000_000:07d}",
            unit=unit,
        )
        for number in range(count)
    ]


def dice(*about: object) -> random.Random:
    """Chance that falls the same way each time for the same thing."""
    return random.Random("/".join(str(one) for one in about))


def _province(unit: Unit) -> str | None:
    up: Unit | None = unit
    while up is not None and up.kind != UnitKind.PROVINCE:
        up = up.parent
    return up.key if up else None


def _posts(unit: Unit, time: str) -> list[str]:
    lists = read("posts")["posts"]
    found: list[str] = next(
        lists[key] for key in (unit.key, f"{unit.kind}-{time}", str(unit.kind), "office") if key in lists
    )
    party = "Thành ủy" if unit.name.startswith("Thành phố") else "Tỉnh ủy"
    return [post.replace("{party}", party) for post in found]
