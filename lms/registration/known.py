"""Which rows of a list name people already known, and which may.

The same: by name (perhaps written without accents) with the same phone or address, else by name, unit and post. Likely
the same: the same name in another unit or post, or the same but for accents in the same unit, where no phone or address
tells them apart, or with the same phone or address; this is proposed and never done by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from lms.core import text
from lms.core.db import chunks, session
from lms.core.errors import N_
from lms.people.models import Person, Post
from lms.registration.identity import apart, identity_keys, name_key, one_name
from lms.registration.models import Delegate
from lms.units.models import Unit

WHY_ALIKE: Final[dict[str, str]] = {
    "unit": N_("cùng tên, khác đơn vị"),
    "post": N_("cùng tên, cùng đơn vị, khác chức vụ"),
    "accents": N_("cùng đơn vị, tên chỉ khác dấu"),
    "contact": N_("cùng điện thoại hoặc thư điện tử, tên chỉ khác dấu"),
}
"""Why two may be one, in words."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """The known person a row names, or one who is likely the same.

    `alike`: `{"person_id", "full_name", "unit", "post", "why"}`, `why` being "unit", "post", "accents" or "contact".
    """

    person_id: int | None = None
    alike: dict[str, Any] | None = None


@dataclass
class _Known:
    """People by identity key, and everything known of those of one folded name: a dict for each post or seat."""

    by_key: dict[Key, list[dict[str, Any]]]
    by_name: dict[str, list[dict[str, Any]]]


def look_up(rows: Sequence[Mapping[str, Any]]) -> list[Match]:
    """The match of each row (`full_name`, `unit_id`, `post`, `phone`, `email`).

    An address tells more than a phone, a phone more than name, unit and post; people alike in these are told apart by
    a phone or address that differs. Three statements for each 500 different names.
    """
    known = _people_named(sorted({text.fold(row["full_name"]) for row in rows}))
    return [_match(row, known) for row in rows]


def match_people(rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """The id of the known person for each row, or None."""
    return [match.person_id for match in look_up(rows)]


def _match(row: Mapping[str, Any], known: _Known) -> Match:
    for key in identity_keys(row):
        found = [
            person["id"]
            for person in known.by_key.get(key, ())
            if (not apart(row, person) if key[0] == "post" else one_name(row["full_name"], person["full_name"]))
        ]
        if found:
            return Match(int(min(found)))
    return Match(alike=_likely(row, known.by_name.get(text.fold(row["full_name"]), ())))


def _likely(row: Mapping[str, Any], people: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The likeliest of the people of this folded name: in the same unit before elsewhere, in the same post before."""
    best: tuple[tuple[bool, bool, int], Mapping[str, Any], str] | None = None
    for person in people:
        same_name = name_key(person["full_name"]) == name_key(row["full_name"])
        same_unit = person["unit_id"] == row["unit_id"]
        reached_alike = any(row.get(one) and row[one] == person[one] for one in ("phone", "email"))
        if not reached_alike and (apart(row, person) or not (same_name or same_unit)):
            continue
        different = "accents" if same_unit else "contact"
        why = different if not same_name else "post" if same_unit else "unit"
        same_post = text.fold(person["post"]) == text.fold(row.get("post") or "")
        rank = (same_unit, same_post, -person["id"])
        if best is None or rank > best[0]:
            best = rank, person, why
    if best is None:
        return None
    person, why = best[1], best[2]
    return {
        "person_id": person["id"],
        "full_name": person["full_name"],
        "unit": person["unit"],
        "post": person["post"],
        "why": why,
    }


def _people_named(names: Sequence[str]) -> _Known:
    known = _Known({}, {})
    for chunk in chunks(names):
        _add(known, chunk)
    return known


def _add(known: _Known, names: Sequence[str]) -> None:
    """Add the people of these folded names, with all their posts and the seats they had."""
    named = (Person.search.in_(names), Person.merged_into_id.is_(None))
    columns = select(Person.id, Person.full_name, Person.search, Person.phone, Person.email).where(*named)
    people = {row.id: dict(row._mapping) for row in session().execute(columns)}
    ids = select(Person.id).where(*named)
    posts = session().execute(
        select(Post.person_id, Post.unit_id, Post.name, Unit.name).join(Unit).where(Post.person_id.in_(ids))
    )
    seats = session().execute(
        select(Delegate.person_id, Delegate.unit_id, Delegate.post, Unit.name)
        .join(Unit, Unit.id == Delegate.unit_id)
        .where(Delegate.person_id.in_(ids))
        .distinct()
    )
    for person_id, unit_id, post, unit in sorted({*map(tuple, posts), *map(tuple, seats)}):
        held = {**people[person_id], "unit_id": unit_id, "post": post, "unit": unit}
        known.by_key.setdefault(identity_keys(held)[-1], []).append(held)
        known.by_name.setdefault(held["search"], []).append(held)
    for person in people.values():
        bare = {**person, "unit_id": 0, "post": "", "unit": ""}
        for key in identity_keys(bare)[:-1]:
            known.by_key.setdefault(key, []).append(bare)
        if not any(one["id"] == person["id"] for one in known.by_name.get(person["search"], ())):
            known.by_name.setdefault(person["search"], []).append(bare)
