"""Số căn cước (CCCD): twelve digits that say where and when their holder was born (NĐ 137/2015/NĐ-CP, from memory).

Three digits of the province or country of registration of birth, one of century and sex, two of the year of birth, six
drawn. A number that fits this may still be nobody's: nothing is looked up anywhere.
"""

import re
from dataclasses import dataclass
from typing import Final

from lms.core.errors import N_, RuleBroken

_TWELVE = re.compile(r"\d{12}")
_LAST_PROVINCE: Final = 96
_FIRST_CENTURY: Final = 20
"""Digits 0 and 1 are men and women born in 1900–1999, 2 and 3 those of 2000–2099."""
_LAST_CENTURY_DIGIT: Final = 3


@dataclass(frozen=True)
class Reading:
    """What a number says: the code of the province, the sex ("male", "female"), the year of birth."""

    province: str
    sex: str
    year: int


def read(written: str, year_of_birth: int | None = None) -> Reading:
    """Read a number, spaces and dots forgiven. Raises RuleBroken on `id_number` for one that cannot be right."""
    digits = plain(written)
    if not _TWELVE.fullmatch(digits):
        raise _refusal(N_("Số căn cước gồm 12 chữ số. Hãy xem lại, hoặc để trống."), "id-length")
    if not 1 <= int(digits[:3]) <= _LAST_PROVINCE:
        raise _refusal(N_("Ba chữ số đầu của số căn cước là mã tỉnh, từ 001 đến 096."), "id-province")
    if int(digits[3]) > _LAST_CENTURY_DIGIT:
        raise _refusal(N_("Chữ số thứ tư của số căn cước cho biết thế kỷ và giới tính, từ 0 đến 3."), "id-century")
    century, sex = divmod(int(digits[3]), 2)
    year = (_FIRST_CENTURY - 1 + century) * 100 + int(digits[4:6])
    if year_of_birth is not None and year != year_of_birth:
        raise RuleBroken(
            "Số căn cước này của người sinh năm %(said)d, ngày sinh ghi năm %(given)d. Hãy xem lại cả hai.",
            field="id_number",
            code="id-year",
            said=year,
            given=year_of_birth,
        )
    return Reading(digits[:3], "female" if sex else "male", year)


def plain(written: str) -> str:
    """The number without the spaces and dots people write in it."""
    return re.sub(r"[\s.]", "", written)


def _refusal(message: str, code: str) -> RuleBroken:
    return RuleBroken(message, field="id_number", code=code)
