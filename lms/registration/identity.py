"""When two entries mean the same person. Pure: works on the values of rows and of known people alike."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lms.core import text


def identity_keys(values: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Keys any of which, when shared, means the same person: folded name with e-mail or phone; name, unit and post.

    Names that share a folded key must besides be `one_name`.
    """
    name = text.fold(values["full_name"])
    keys: list[tuple[str, ...]] = []
    if values.get("email"):
        keys.append(("email", name, values["email"].casefold()))
    if values.get("phone"):
        keys.append(("phone", name, values["phone"]))
    keys.append(("post", name_key(values["full_name"]), str(values["unit_id"]), text.fold(values.get("post") or "")))
    return keys


def apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two people alike in name, unit and post are told apart by their phones or addresses."""
    return any(
        one.get(name) and other.get(name) and str(one[name]).casefold() != str(other[name]).casefold()
        for name in ("phone", "email")
    )


def one_name(one: str, other: str) -> bool:
    """Whether two names of the same letters can be one written twice: alike in accents too, or one without any.

    Vân and Văn are two; Van may be either.
    """
    return name_key(one) == name_key(other) or any(text.fold(name) == name.casefold() for name in (one, other))


@lru_cache(maxsize=20_000)
def name_key(full_name: str) -> str:
    """The name for comparing: hòa and hoà are one, Hùng and Hưng are two."""
    return text.collation_key(full_name.casefold())
