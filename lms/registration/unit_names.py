"""Finding a unit of the register by what a spreadsheet calls it: exact name before short name before folded text."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lms.core.errors import RuleBroken
from lms.core.text import fold, tidy

_PREFIX = re.compile(r"^(tinh|thanh pho|tp|t) ")
_NOT_A_WORD = re.compile(r"[\W_]+")
_SUGGESTIONS: Final = 200


@dataclass(frozen=True)
class UnitName:
    """A unit as it existed on the event's first day; `path` is "/1/34/" down to itself."""

    id: int
    name: str
    short_name: str
    symbol: str = ""
    path: str = ""
    sort_key: str = ""


@dataclass
class UnitIndex:
    """The names of many units, each under several keys; a closer wording wins over a looser one."""

    units: dict[int, UnitName] = field(default_factory=dict)
    _tiers: tuple[dict[str, set[int]], ...] = field(default_factory=lambda: ({}, {}, {}, {}))
    _suggested: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[UnitName]) -> "UnitIndex":
        """The index of these units."""
        index = cls()
        for unit in units:
            index.units[unit.id] = unit
            for tier, key in _keys(unit):
                index._tiers[tier].setdefault(key, set()).add(unit.id)
        return index

    def get(self, written: str) -> UnitName:
        """The one unit meant. Raises RuleBroken with code "unit-unknown" (and the nearest name) or "unit-ambiguous"."""
        for found in self._found(written):
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
        raise self._unknown(written, _plain(written))

    def has(self, written: str) -> bool:
        """Whether anything in the register is called so, be it one unit or several."""
        return any(self._found(written))

    def _found(self, written: str) -> Iterator[set[int]]:
        """Ids of the units of this name, the closest wording first."""
        plain = _plain(written)
        looked_up = (tidy(written).casefold(), tidy(written).casefold(), plain, _PREFIX.sub("", plain))
        for tier, key in zip(self._tiers, looked_up, strict=True):
            yield tier.get(key, set()) if key else set()

    def _unknown(self, written: str, plain: str) -> RuleBroken:
        nearest = self._nearest(plain)
        if nearest is None:
            return RuleBroken(
                "Không có đơn vị “%(written)s” vào ngày sự kiện. Hãy ghi đúng tên trong danh mục đơn vị.",
                field="unit",
                code="unit-unknown",
                written=written[:80],
            )
        return RuleBroken(
            "Không có đơn vị “%(written)s” vào ngày sự kiện. Gần nhất là “%(nearest)s”.",
            field="unit",
            code="unit-unknown",
            written=written[:80],
            nearest=nearest,
        )

    def _nearest(self, plain: str) -> str | None:
        """The unit with the most alike name, or None; after many wrong names no more are sought, for it is slow."""
        if plain not in self._suggested and len(self._suggested) < _SUGGESTIONS:
            folded, loose = self._tiers[2], self._tiers[3]
            keys = [*folded, *loose]
            close = difflib.get_close_matches(plain[:200], keys, 1, 0.72)
            close = close or difflib.get_close_matches(_PREFIX.sub("", plain[:200]), keys, 1, 0.72)
            ids = (folded.get(close[0]) or loose[close[0]]) if close else set()
            self._suggested[plain] = self.units[min(ids)].name if ids else None
        return self._suggested.get(plain)


def _keys(unit: UnitName) -> list[tuple[int, str]]:
    name, short = _plain(unit.name), _plain(unit.short_name)
    keys = [(0, unit.name.casefold()), (1, unit.short_name.casefold()), (2, name), (2, short)]
    keys += [(3, _PREFIX.sub("", name)), (3, _PREFIX.sub("", short))]
    if unit.symbol:
        keys.append((1, unit.symbol.casefold()))
    return keys


def _plain(written: str) -> str:
    return _NOT_A_WORD.sub(" ", fold(written)).strip()
