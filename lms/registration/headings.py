"""What a heading means: our field for each of its wordings, as they are met in lists of delegates."""

import re
from enum import StrEnum
from typing import Final

from lms.core.errors import N_
from lms.core.text import fold


class Field(StrEnum):
    """What is read from a list of delegates; `BORN` is checked and then forgotten, `GIVEN` is joined to the name."""

    FULL_NAME = "full_name"
    GIVEN = "given"
    UNIT = "unit"
    POST = "post"
    PHONE = "phone"
    EMAIL = "email"
    BORN = "born"
    NOTE = "note"


REQUIRED: Final = (Field.FULL_NAME, Field.UNIT)
LABELS: Final[dict[Field, str]] = {
    Field.FULL_NAME: N_("Họ và tên"),
    Field.GIVEN: N_("Tên (cột riêng)"),
    Field.UNIT: N_("Đơn vị"),
    Field.POST: N_("Chức vụ"),
    Field.PHONE: N_("Điện thoại"),
    Field.EMAIL: N_("Thư điện tử"),
    Field.BORN: N_("Ngày sinh"),
    Field.NOTE: N_("Ghi chú"),
}
"""Our own name of each field."""

_WORDINGS: Final[dict[Field, tuple[str, ...]]] = {
    Field.FULL_NAME: (
        *("ho va ten", "ho ten", "dai bieu", "ten dai bieu", "ten d c", "ten dong chi", "hoc vien", "ten hoc vien"),
        *("full name", "name", "nguoi tham du", "nguoi du", "can bo", "ten can bo"),
        *("ho", "ho dem", "ho va dem", "ho lot", "ho chu lot", "ho va chu lot", "ho va lot", "ho ten dem"),
    ),
    Field.GIVEN: ("ten", "ten goi"),
    Field.UNIT: (
        *("don vi", "co quan", "ten don vi", "noi cong tac", "dia phuong", "tinh thanh pho", "tinh", "tinh tp"),
        *("to chuc", "noi lam viec", "unit", "agency", "organization", "organisation", "so ban nganh"),
    ),
    Field.POST: ("chuc vu", "chuc danh", "cv", "nhiem vu", "vi tri cong tac", "post", "position", "title"),
    Field.PHONE: (
        *("dien thoai", "sdt", "so dt", "dt", "di dong", "dtdd", "so di dong", "dd", "so lien he", "phone"),
        *("telephone", "mobile", "tel", "sodt", "lien he", "dien thoai lien he"),
    ),
    Field.EMAIL: (
        "email",
        "e mail",
        "thu dien tu",
        "hop thu dien tu",
        "hop thu",
        "mail",
        "dia chi mail",
        "email cong vu",
    ),
    Field.BORN: ("ngay sinh", "nam sinh", "sinh ngay", "sinh nam", "ntns", "date of birth", "dob"),
    Field.NOTE: ("ghi chu", "note", "notes", "remarks", "luu y"),
}
_BY_WORDING: Final = {wording: field for field, wordings in _WORDINGS.items() for wording in wordings}
_STARTS: Final = (
    (Field.FULL_NAME, ("ho va ten", "ho ten", "ten dai bieu", "ten hoc vien")),
    (Field.UNIT, ("don vi", "co quan", "noi cong tac", "ten co quan", "ten don vi", "dia phuong", "noi lam viec")),
    (Field.POST, ("chuc vu", "chuc danh")),
    (Field.PHONE, ("so dien thoai", "dien thoai", "sdt", "so dt", "dtdd", "so di dong", "dt di dong", "dt lien he")),
    (Field.EMAIL, ("email", "e mail", "thu dien tu", "dia chi email", "dia chi thu", "hop thu")),
    (Field.BORN, ("ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang sinh", "ngay thang nam")),
    (Field.NOTE, ("ghi chu",)),
)
_ORDER_NUMBER: Final = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "sott", "s tt"})
_PARENTHESES = re.compile(r"\([^)]*\)")
_NOT_A_WORD = re.compile(r"[\W_]+")
_SAYS_IT = re.compile(r":\s*\w")
_LONGEST: Final = 80


def field_of(heading: str) -> Field | None:
    """Our field for a heading in one of its wordings, whatever its case, accents, breaks or remarks in brackets."""
    if not heading or len(heading) > _LONGEST or _SAYS_IT.search(heading):
        return None
    for words in (plain(_PARENTHESES.sub(" ", heading)), plain(heading)):
        if words in _BY_WORDING:
            return _BY_WORDING[words]
        for field, starts in _STARTS:
            if any(words == start or words.startswith(f"{start} ") for start in starts):
                return field
    return None


def is_order_number(heading: str) -> bool:
    """Whether a column counts the rows (STT)."""
    return plain(heading) in _ORDER_NUMBER


def plain(heading: str) -> str:
    """Folded words with single spaces: "Họ và\\ntên:" is "ho va ten"."""
    return _NOT_A_WORD.sub(" ", fold(heading)).strip()
