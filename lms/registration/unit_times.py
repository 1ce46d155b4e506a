"""What units of other days were on one day: whom they had become, or whom they came from. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from lms.registration.unit_names import OtherDay, UnitName

Steps: TypeAlias = Mapping[int, Collection[int]]


def is_alive(row: Any, day: date) -> bool:
    """Whether a unit's row (`valid_from`, `valid_to`) existed on the day."""
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def on_other_days(rows: Sequence[Any], steps: Iterable[tuple[int, int]], day: date) -> Iterator[OtherDay]:
    """The units that did not exist on the day, with those they were on it; one that leads nowhere is left out.

    `rows`: id, name, short_name, symbol, path, sort_key, valid_from, valid_to. `steps`: predecessor and successor. An
    office that ended without successor leads to the unit above it, and to what became of that.
    """
    living = {row.id for row in rows if is_alive(row, day)}
    forward: dict[int, set[int]] = defaultdict(set)
    backward: dict[int, set[int]] = defaultdict(set)
    for old, new in steps:
        forward[old].add(new)
        backward[new].add(old)
    for row in rows:
        if row.id in living:
            continue
        later = row.valid_from is not None and row.valid_from > day
        then, why = _traced(row.id, backward if later else forward, living), "later" if later else "heir"
        if not then and not later:
            then, why = _from_above(row.path, forward, living), "parent"
        if then:
            yield OtherDay(UnitName(*row[:6]), tuple(sorted(then)), why)


def _traced(unit_id: int, steps: Steps, living: Collection[int]) -> set[int]:
    """The living units reached, not looking beyond one that lives."""
    found: set[int] = set()
    seen, border = {unit_id}, [unit_id]
    while border:
        for other in set(steps.get(border.pop(), ())) - seen:
            seen.add(other)
            if other in living:
                found.add(other)
            else:
                border.append(other)
    return found


def _from_above(path: str, forward: Steps, living: Collection[int]) -> set[int]:
    """The nearest unit above a path "/1/34/" that lives, or what became of it."""
    for above in reversed([int(part) for part in path.split("/") if part][:-1]):
        if above in living:
            return {above}
        if found := _traced(above, forward, living):
            return found
    return set()
