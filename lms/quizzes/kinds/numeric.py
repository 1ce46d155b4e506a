"""Numeric answer: a number within a tolerance of an accepted one, perhaps with a unit.

Numbers are read as Vietnamese and English write them. A comma or a point with anything but three digits after it is a
decimal mark; two different marks: the last is the decimal mark; the same mark twice parts thousands. One mark with
three digits after it ("1.234") could be both, and is met if either reading is right. Exact decimals, no floating point.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.core.text import fold
from lms.quizzes.kinds.content import (
    EMPTY,
    NOTHING,
    WHOLE,
    Answer,
    Both,
    Content,
    Fields,
    Shuffle,
    checked_text,
    read_share,
    write_share,
)

MOST_VALUES = 20
MOST_UNITS = 20
_NUMBER = re.compile(r"^([+-]?)\s*(\d[\d.,\s]*|[.,]\d+)(?:[eE]([+-]?\d{1,3}))?\s*(.*)$", re.DOTALL)
_PARTED = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$")


class UnitRule(StrEnum):
    """What a unit is worth."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Value:
    """An accepted number. `tolerance` is in the number's unit, or a share of the number where `relative`."""

    number: Decimal
    tolerance: Decimal = Decimal(0)
    relative: bool = False
    share: Fraction = WHOLE
    feedback: Both = EMPTY

    def holds(self, given: Decimal) -> bool:
        """Whether a number lies within the tolerance, its ends counted in."""
        room = abs(self.number) * self.tolerance if self.relative else self.tolerance
        return abs(given - self.number) <= room

    def stored(self) -> dict[str, Any]:
        """As JSON, numbers as text."""
        found: dict[str, Any] = {"number": str(self.number)}
        if self.tolerance:
            found["tolerance"] = str(self.tolerance)
        if self.relative:
            found["relative"] = True
        if self.share != WHOLE:
            found["share"] = write_share(self.share)
        return found | ({"feedback": self.feedback.stored()} if self.feedback != EMPTY else {})

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Value":
        """From JSON."""
        return cls(
            number=Decimal(data["number"]),
            tolerance=Decimal(data.get("tolerance", "0")),
            relative=bool(data.get("relative")),
            share=read_share(data["share"]) if "share" in data else WHOLE,
            feedback=Both.read(data.get("feedback")),
        )


@dataclass(frozen=True)
class Unit:
    """A unit as it may be written; a number in it times `factor` is in the unit of the accepted numbers."""

    name: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Numeric(Content):
    """Accepted numbers, and the units they may be given in."""

    kind = "numeric"
    values: tuple[Value, ...]
    units: tuple[Unit, ...] = ()
    unit_rule: UnitRule = UnitRule.NONE

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Numeric":
        """From stored JSON."""
        units = tuple(Unit(one["name"], Decimal(one.get("factor", "1"))) for one in body.get("units", ()))
        rule = UnitRule(body.get("unit_rule", UnitRule.NONE))
        return cls(tuple(Value.read(one) for one in body["values"]), units, rule)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        body: dict[str, Any] = {"values": [value.stored() for value in self.values]}
        if self.units:
            body["units"] = [{"name": one.name, "factor": str(one.factor)} for one in self.units]
        return body | ({"unit_rule": str(self.unit_rule)} if self.unit_rule != UnitRule.NONE else {})

    def faults(self, stem: Both) -> list[RuleBroken]:
        """No number, a negative tolerance, none that earns the whole, a rule without units."""
        found = []
        if not 1 <= len(self.values) <= MOST_VALUES:
            return [RuleBroken(N_("Chưa có đáp số nào. Hãy ghi ít nhất một."), field="values")]
        for place, value in enumerate(self.values):
            if not value.number.is_finite() or not value.tolerance.is_finite() or value.tolerance < 0:
                found.append(RuleBroken(N_("Đáp số và sai số phải là số, sai số không âm."), field=f"values-{place}"))
            elif not NOTHING <= value.share <= WHOLE:
                message = N_("Phần điểm của một đáp số từ 0 đến 100 phần trăm.")
                found.append(RuleBroken(message, field=f"values-{place}"))
        if not any(value.share == WHOLE for value in self.values):
            found.append(RuleBroken(N_("Chưa có đáp số nào được trọn điểm."), field="values"))
        names = [fold(unit.name) for unit in self.units]
        if self.unit_rule != UnitRule.NONE and not names:
            found.append(RuleBroken(N_("Chưa ghi đơn vị đo nào."), field="units"))
        elif not all(names) or len(set(names)) < len(names) or any(unit.factor <= 0 for unit in self.units):
            found.append(RuleBroken(N_("Mỗi đơn vị đo ghi một lần, với hệ số lớn hơn 0."), field="units"))
        return found

    def pieces(self) -> Iterator[Both]:
        """Feedback of the numbers; numbers and units are for finding."""
        for value in self.values:
            yield Both(str(value.number))
            yield value.feedback
        for unit in self.units:
            yield Both(unit.name)

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Nothing to arrange."""
        return []

    def checked(self, given: Any) -> Answer | None:
        """`{"text": "12,5 km"}`, as it was typed."""
        return None if given is None else checked_text(given, 80)

    def given(self, fields: Fields) -> Any:
        """The value of `text`."""
        return {"text": next(iter(fields.get("text", ())), "")}

    def match(self, text: str) -> Value | None:
        """The accepted number that a text meets, of several the best paid; None for none."""
        met = [value for number in self._numbers(text) for value in self.values if value.holds(number)]
        return max(met, key=lambda value: value.share, default=None)

    def _numbers(self, text: str) -> list[Decimal]:
        """The readings of a text in the unit of the accepted numbers; none where the unit is wrong or missing."""
        readings, rest = read_numbers(text)
        name = fold(rest).strip()
        if not name:
            return [] if self.unit_rule == UnitRule.REQUIRED else readings
        unit = next((one for one in self.units if fold(one.name).strip() == name), None)
        return [] if unit is None else [number * unit.factor for number in readings]

    def fraction(self, answer: Answer) -> Fraction:
        """The share of the number that is met."""
        met = self.match(str(answer.get("text", "")))
        return met.share if met else NOTHING

    def key(self) -> Answer:
        """The first number that earns the whole, with the first unit where one is asked for."""
        number = next(value.number for value in self.values if value.share == WHOLE)
        unit = next((one for one in self.units if one.factor == 1), None) if self.unit_rule != UnitRule.NONE else None
        text = f"{number:f}".replace(".", ",")
        return {"text": f"{text} {unit.name}" if unit else text}


def read_numbers(text: str) -> tuple[list[Decimal], str]:
    """The numbers a text may mean (none, one, or two where a mark is ambiguous) and what follows them."""
    found = _NUMBER.match(text.strip().replace("\u2212", "-").replace("\u00a0", " "))
    if found is None:
        return [], text
    sign, digits, power, rest = found.groups()
    body = re.sub(r"\s", "", digits).rstrip(".,")
    trailing = digits.rstrip()[-1:] if digits.rstrip()[-1:] in ".," else ""
    if trailing and rest:
        rest = rest.lstrip()
    numbers = []
    for plain in _plain(body):
        try:
            numbers.append(Decimal(f"{sign}{plain}e{power or 0}"))
        except InvalidOperation:
            continue
    return numbers, rest


def _plain(body: str) -> list[str]:
    """Digits with at most one point, in every reading."""
    marks = [mark for mark in body if mark in ".,"]
    if not marks:
        return [body]
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _mark, decimals = body.rpartition(last)
        return [] if last in whole else [re.sub(r"[.,]", "", whole) + "." + decimals]
    if len(marks) > 1:
        return [body.replace(last, "")] if _PARTED.match(body) else []
    decimal = body.replace(last, ".")
    return [decimal, body.replace(last, "")] if _PARTED.match(body) and not body.startswith("0") else [decimal]
