"""The units of one focal point: what a spreadsheet of theirs may name; other units are known only to be refused."""

from collections.abc import Collection
from dataclasses import dataclass, field

from lms.core.errors import N_, RuleBroken
from lms.registration.quotas import covering
from lms.registration.unit_names import UnitIndex, UnitName


@dataclass
class OwnUnits(UnitIndex):
    """The unit and those below it that its quota covers, by name; `register` holds all units of the day."""

    unit: UnitName | None = None
    register: UnitIndex = field(default_factory=UnitIndex)

    @classmethod
    def within(cls, register: UnitIndex, unit_id: int, quotas: Collection[int]) -> "OwnUnits":
        """Those of a register that the quota of this unit covers; `quotas` are the units that have one."""
        index = cls.of(one for one in register.units.values() if covering(one.path, quotas) == unit_id)
        assert isinstance(index, cls)
        index.unit, index.register = register.units.get(unit_id), register
        return index

    def get(self, written: str) -> UnitName:
        """The one unit meant. Raises RuleBroken as `UnitIndex.get` does, and for a unit of someone else's ("other")."""
        try:
            return super().get(written)
        except RuleBroken:
            other = self._elsewhere(written)
            if other is None or self.unit is None:
                raise
        message = N_("%(other)s không thuộc chỉ tiêu của %(own)s. Hãy sửa đơn vị hoặc bỏ qua dòng này.")
        raise RuleBroken(message, field="unit", code="other-unit", other=other.name, own=self.unit.name)

    def has(self, written: str) -> bool:
        """Whether anything in the whole register is called so: a list may have headings of other units."""
        return self.register.has(written)

    def _elsewhere(self, written: str) -> UnitName | None:
        try:
            return self.register.get(written)
        except RuleBroken:
            return None
