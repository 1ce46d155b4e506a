"""Ids of an ordering are letters in the right order: a page shows each by its place in the attempt's order instead."""

from collections.abc import Mapping, Sequence
from typing import Any

from lms.quizzes.kinds.content import Fields


def mask(order: Sequence[str], item_id: str) -> str:
    """The number a page knows an item by, "1" for the first of the attempt's order."""
    return str(order.index(item_id) + 1) if item_id in order else item_id


def unmask(order: Sequence[str], given: Any) -> Any:
    """An ordering's answer from a page with its own ids; anything else as it is."""
    shown = given.get("order") if isinstance(given, Mapping) else None
    if not isinstance(shown, list):
        return given
    own = {str(place): item_id for place, item_id in enumerate(order, 1)}
    return {"order": [own.get(one, one) if isinstance(one, str) else one for one in shown]}


def unmask_fields(order: Sequence[str], fields: Fields) -> Fields:
    """The same for a form without a script: `place-1` becomes `place-ID`."""
    own = {f"place-{place}": f"place-{item_id}" for place, item_id in enumerate(order, 1)}
    return {own.get(name, name): values for name, values in fields.items()}
