"""From scans to presence: pure functions of the set of scans, whatever order they came in (docs/attendance.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A scan "in" that stands: where, who, when (UTC), and how it is known."""

    half_day_id: int
    delegate_id: int
    at: datetime
    uuid: str
    method: str


class State(StrEnum):
    """What someone on the list was at one half-day."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"


class Expected(NamedTuple):
    """Someone on the list."""

    delegate_id: int
    ticket: str
    full_name: str
    unit: str


@dataclass(frozen=True)
class SessionSummary:
    """One half-day: everyone on the list, in list order, with the entry that counts or None."""

    key: str
    people: tuple[tuple[Expected, Entry | None], ...]

    @property
    def present(self) -> int:
        """How many came."""
        return sum(1 for _person, entry in self.people if entry is not None)

    @property
    def absent(self) -> int:
        """How many did not."""
        return len(self.people) - self.present

    def as_json(self) -> dict[str, Any]:
        """The document of `lms attendance summary`; nothing tells late, early or excused apart yet."""
        return {
            "key": self.key,
            "present": self.present,
            "late": 0,
            "left_early": 0,
            "excused": 0,
            "absent": self.absent,
            "people": [_person_as_json(person, entry) for person, entry in self.people],
        }


def first_entries(entries: Iterable[Entry]) -> dict[tuple[int, int], Entry]:
    """The entry that counts for each (half-day, delegate): the earliest; of two at once, the one of the lesser uuid."""
    first: dict[tuple[int, int], Entry] = {}
    for entry in entries:
        place = (entry.half_day_id, entry.delegate_id)
        known = first.get(place)
        if known is None or (entry.at, entry.uuid) < (known.at, known.uuid):
            first[place] = entry
    return first


def summarise(
    half_days: Sequence[tuple[int, str]], people: Sequence[Expected], first: Mapping[tuple[int, int], Entry]
) -> list[SessionSummary]:
    """The summary of each half-day, given as (id, key); `people` is the list in its order."""
    return [
        SessionSummary(key, tuple((person, first.get((half_day_id, person.delegate_id))) for person in people))
        for half_day_id, key in half_days
    ]


def _person_as_json(person: Expected, entry: Entry | None) -> dict[str, Any]:
    return {
        "ticket": person.ticket,
        "full_name": person.full_name,
        "unit": person.unit,
        "state": State.PRESENT if entry is not None else State.ABSENT,
        "at": entry.at.isoformat() if entry is not None else None,
        "method": entry.method if entry is not None else None,
    }
