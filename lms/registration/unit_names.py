"""Finding a unit of the register by what a spreadsheet calls it: exact name before short name before folded text.

A name that no unit of the event's day bears is looked for among those that had gone by then, whose successor is
proposed, and without the organ before it: "UBND tỉnh Hà Giang" leads to Tuyên Quang. Nothing is taken unasked.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.registration.unit_organs import plain_name, without_organs

_PREFIX = re.compile(r"^(tinh|thanh pho|tp|t) ")
_SUGGESTIONS: Final = 200
_CLOSE: Final = 0.72

_UNKNOWN: Final = {
    "none": N_("Không có đơn vị “%(written)s” vào ngày sự kiện. Hãy ghi đúng tên trong danh mục đơn vị."),
    "near": N_("Không có đơn vị “%(written)s” vào ngày sự kiện. Gần nhất là “%(nearest)s”."),
    "organ": N_("Danh mục không ghi riêng “%(written)s”. Đây là cơ quan của “%(nearest)s”."),
    "heir": N_("Vào ngày sự kiện không còn “%(was)s”: nay là “%(nearest)s”."),
    "heirs": N_("Vào ngày sự kiện không còn “%(was)s”: nay là %(names)s. Hãy chọn một đơn vị."),
    "parent": N_("Vào ngày sự kiện không còn “%(was)s”; cấp trên của đơn vị này nay là “%(nearest)s”."),
    "later": N_("Vào ngày sự kiện chưa có “%(was)s”: ngày đó là “%(nearest)s”."),
    "laters": N_("Vào ngày sự kiện chưa có “%(was)s”: ngày đó là %(names)s. Hãy chọn một đơn vị."),
}


@dataclass(frozen=True)
class UnitName:
    """A unit as it existed on the event's first day; `path` is "/1/34/" down to itself."""

    id: int
    name: str
    short_name: str
    symbol: str = ""
    path: str = ""
    sort_key: str = ""


@dataclass(frozen=True)
class OtherDay:
    """A unit that did not exist on the event's first day, and the ids of those it was on that day.

    `why`: "heir" (it had become these), "later" (it came from these), "parent" (it ended; the unit above was this).
    """

    unit: UnitName
    then: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class _Proposal:
    """What to say of a name that is not in the register of that day: a key of `_UNKNOWN` and what it names."""

    why: str
    nearest: str | None = None
    was: str = ""
    names: str = ""

    def params(self) -> dict[str, str]:
        """The names of the message."""
        said = {"nearest": self.nearest or "", "was": self.was, "names": self.names}
        return {name: words for name, words in said.items() if words}


@dataclass
class UnitIndex:
    """The names of many units, each under several keys; a closer wording wins over a looser one."""

    units: dict[int, UnitName] = field(default_factory=dict)
    _tiers: tuple[dict[str, set[int]], ...] = field(default_factory=lambda: ({}, {}, {}, {}))
    _other_days: dict[int, OtherDay] = field(default_factory=dict)
    _other_tiers: tuple[dict[str, set[int]], ...] = field(default_factory=lambda: ({}, {}, {}, {}))
    _suggested: dict[str, _Proposal] = field(default_factory=dict)
    _sought: int = 0

    @classmethod
    def of(cls, units: Iterable[UnitName], other_days: Iterable[OtherDay] = ()) -> "UnitIndex":
        """The index of the units of a day, and of those of other days that lead to them."""
        index = cls()
        for unit in units:
            index.units[unit.id] = unit
            _enter(index._tiers, unit)
        for other in other_days:
            index._other_days[other.unit.id] = other
            _enter(index._other_tiers, other.unit)
        return index

    def get(self, written: str) -> UnitName:
        """The one unit meant. Raises RuleBroken with code "unit-unknown" (and the nearest name) or "unit-ambiguous"."""
        for found in _found(self._tiers, written):
            if len(found) == 1:
                return self.units[next(iter(found))]
            if found:
                names = "; ".join(sorted(self.units[one].name for one in found)[:4])
                raise RuleBroken(
                    "Tên “%(written)s” có thể là: %(names)s. Hãy ghi tên đầy đủ.",
                    field="unit",
                    code="unit-ambiguous",
                    written=written[:80],
                    names=names,
                )
        proposal = self._proposal(written)
        message, params = _UNKNOWN[proposal.why], proposal.params()
        raise RuleBroken(message, field="unit", code="unit-unknown", written=written[:80], **params)

    def has(self, written: str) -> bool:
        """Whether anything in the register is called so, be it one unit or several."""
        return any(_found(self._tiers, written))

    def _proposal(self, written: str) -> _Proposal:
        """What is proposed for a name: by what it became or whose organ it is; else one that is written alike."""
        plain = plain_name(written)
        if plain not in self._suggested:
            self._suggested[plain] = self._by_history(written) or self._alike(plain)
        return self._suggested[plain]

    def _by_history(self, written: str) -> _Proposal | None:
        """By what the unit became or whose organ it is; an office that merely ended is looked for as an organ first."""
        became = self._by_succession(written)
        if became is not None and became.why != "parent":
            return became
        return self._by_organ(written) or became

    def _by_succession(self, written: str) -> _Proposal | None:
        """What the one unit of another day that is called so was on this one."""
        for found in _found(self._other_tiers, written):
            thens = {self._other_days[one].then for one in found}
            if len(thens) == 1:
                return self._of_other_day(self._other_days[min(found)])
            if found:
                return None
        return None

    def _by_organ(self, written: str) -> _Proposal | None:
        """The unit whose organ is written; where it had become another by then, that one's same organ or itself."""
        for organ, rest in without_organs(plain_name(written)):
            named = next((found for found in _found(self._tiers, rest) if found), set())
            if len(named) == 1:
                return _Proposal("organ", self.units[next(iter(named))].name)
            became = None if named else self._by_succession(rest)
            if became is not None:
                own = self._organ_of(organ, became.nearest) if became.nearest else None
                return _Proposal(became.why, own, tidy(written)[:80]) if own else became
        return None

    def _organ_of(self, organ: str, unit: str) -> str | None:
        """The name of a unit's own organ, where the register has it."""
        found = next((ids for ids in _found(self._tiers, f"{organ} {unit}") if ids), set())
        return self.units[next(iter(found))].name if len(found) == 1 else None

    def _of_other_day(self, other: OtherDay) -> _Proposal:
        names = [unit.name for unit in sorted(map(self.units.__getitem__, other.then), key=lambda one: one.sort_key)]
        if len(names) == 1:
            return _Proposal(other.why, names[0], other.unit.name)
        several = {"heir": "heirs", "later": "laters"}.get(other.why, "none")
        return _Proposal(several, was=other.unit.name, names="; ".join(f"“{name}”" for name in names[:6]))

    def _alike(self, plain: str) -> _Proposal:
        """The unit with the most alike name; after many wrong names no more are sought, for it is slow."""
        if self._sought == _SUGGESTIONS:
            return _Proposal("none")
        self._sought += 1
        best: tuple[float, int, _Proposal] | None = None
        for asked in dict.fromkeys((plain[:200], _PREFIX.sub("", plain[:200]))):
            for order, tiers in enumerate((self._tiers, self._other_tiers)):
                ratio, ids = _closest(asked, tiers)
                if ids and (best is None or (ratio, -order) > best[:2]):
                    best = ratio, -order, self._told(ids, other_day=tiers is self._other_tiers)
        return best[2] if best is not None else _Proposal("none")

    def _told(self, ids: set[int], *, other_day: bool) -> _Proposal:
        if other_day:
            return self._of_other_day(self._other_days[min(ids)])
        return _Proposal("near", self.units[min(ids)].name)


def _found(tiers: Sequence[dict[str, set[int]]], written: str) -> Iterator[set[int]]:
    """Ids of the units of this name, the closest wording first."""
    plain = plain_name(written)
    looked_up = (tidy(written).casefold(), tidy(written).casefold(), plain, _PREFIX.sub("", plain))
    for tier, key in zip(tiers, looked_up, strict=True):
        yield tier.get(key, set()) if key else set()


def _closest(plain: str, tiers: Sequence[dict[str, set[int]]]) -> tuple[float, set[int]]:
    """How alike the most alike folded name is, from 0 to 1, and whose it is."""
    folded, loose = tiers[2], tiers[3]
    close = difflib.get_close_matches(plain, [*folded, *loose], 1, _CLOSE)
    if not close:
        return 0, set()
    return difflib.SequenceMatcher(None, close[0], plain).ratio(), folded.get(close[0]) or loose[close[0]]


def _enter(tiers: Sequence[dict[str, set[int]]], unit: UnitName) -> None:
    for tier, key in _keys(unit):
        tiers[tier].setdefault(key, set()).add(unit.id)


def _keys(unit: UnitName) -> list[tuple[int, str]]:
    name, short = plain_name(unit.name), plain_name(unit.short_name)
    keys = [(0, unit.name.casefold()), (1, unit.short_name.casefold()), (2, name), (2, short)]
    keys += [(3, _PREFIX.sub("", name)), (3, _PREFIX.sub("", short))]
    if unit.symbol:
        keys.append((1, unit.symbol.casefold()))
    return keys
