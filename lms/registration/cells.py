"""Checking one cell of a delegate list: its value and how it was mended, or the refusal in words. Pure."""

import re
from datetime import date, timedelta
from typing import Final

from lms.core import clock, text
from lms.core.errors import N_, RuleBroken
from lms.registration.headings import REQUIRED, Field

MAX_NAME: Final = 120
MAX_POST: Final = 200
MAX_NOTE: Final = 300
MAX_EMAIL: Final = 254
MAX_PHONE: Final = 20

_COMRADE = re.compile(r"^(đ\s*/\s*c|đồng chí)[\s.:]+", re.IGNORECASE)
_EMAIL = re.compile(
    r"[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\d{1,3}\s*[.)]\s*(?=[^\W\d_])")
_PHONE_WORDS = re.compile(r"\([^)]*[^\W\d_][^)]*\)|^[^\d+(]+|\s+[^\W\d_][^\d]*$")
_BETWEEN_PHONES = re.compile(r"[/;,|&]|\s[-–]\s|\s{2,}")
_OLD_MOBILES: Final = {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0162": "032",
    "0163": "033",
    "0164": "034",
    "0165": "035",
    "0166": "036",
    "0167": "037",
    "0168": "038",
    "0169": "039",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
"""11-digit prefixes and what they became on 15/9/2018 (Bộ TT&TT's plan for mobile numbers)."""
_NAME_CHARACTER = re.compile(r"[^\w\s.,'’\-–()]|_")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SHORT = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2})")
_IN_WORDS = re.compile(r"(?:(?:ngày )?(\d{1,2}) )?(?:tháng (\d{1,2}) )?năm (\d{4})", re.IGNORECASE)
_EXCEL_DAY_0: Final = date(1899, 12, 30)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Repair = tuple[str, str]
"""The mended text, and how it was wrong: "nfd", "control", "title", "number", "phone", "phones", "emails"; or ""."""


def check_name(cell: str) -> tuple[str, str]:
    """A full name, as it is; "Đ/c" or "1." before it is taken off."""
    name, mended = _tidied(cell)
    if _NUMBERED.match(name):
        name, mended = _NUMBERED.sub("", name), "number"
    if _COMRADE.match(name):
        name, mended = _COMRADE.sub("", name), "title"
    if not name:
        raise RuleBroken("Thiếu họ và tên. Hãy điền.", code="name-missing")
    _check_length(name, MAX_NAME)
    if any(character.isdigit() for character in name):
        raise RuleBroken(
            "Họ và tên “%(name)s” có chữ số. Hãy xem lại có nhầm cột không.", code="name-digits", name=name
        )
    if _NAME_CHARACTER.search(name) or not any(character.isalpha() for character in name):
        raise RuleBroken("Họ và tên “%(name)s” có ký tự lạ. Hãy sửa.", code="name-characters", name=name)
    return name, mended


def check_unit(cell: str) -> tuple[str, str]:
    """What the unit is called; whether there is one is asked of the register."""
    unit, mended = _tidied(cell)
    if not unit:
        raise RuleBroken("Thiếu đơn vị. Hãy điền.", code="unit-missing")
    _check_length(unit, MAX_NOTE)
    return unit, mended


def check_phone(cell: str) -> tuple[str, str]:
    """A Vietnamese number in 10 digits (11 for some fixed lines).

    +84, a lost leading zero and the 11-digit mobiles of before 2018 are mended; of two numbers the first mobile counts.
    """
    written = text.tidy(cell)
    bare = _PHONE_WORDS.sub("", written).strip(" '’.:")
    if not bare:
        if written:
            raise _no_phone(written)
        return "", ""
    number, mended = _one_phone(bare)
    if number is not None:
        return number, mended or ("phone" if len(bare) < len(written.strip(" '’")) else "")
    digits = re.sub(r"\D", "", bare)
    side_by_side = re.fullmatch(r"(0\d{9})(0\d{9,10})", digits)
    parts = side_by_side.groups() if side_by_side else _BETWEEN_PHONES.split(bare)
    numbers = [number for part in parts if (number := _one_phone(part)[0]) is not None] if len(parts) > 1 else []
    if numbers:
        return next((number for number in numbers if not number.startswith("02")), numbers[0]), "phones"
    raise _no_phone(written)


def _one_phone(written: str) -> tuple[str | None, str]:
    """One number in its stored form and how it was mended; None where it is none."""
    digits = re.sub(r"[\s.,\-–()]", "", re.sub(r"\.0$", "", written))
    mended = ""
    if digits.startswith(("+84", "0084")) or (digits.startswith("84") and len(digits) in {11, 12}):
        digits, mended = "0" + re.sub(r"^(?:\+84|0084|84)0?", "", digits), "phone"
    elif re.fullmatch(r"[35789]\d{8}|1[2689]\d{8}|2\d{9}", digits):
        digits, mended = "0" + digits, "phone"
    if digits[:4] in _OLD_MOBILES and len(digits) == 11:
        digits, mended = _OLD_MOBILES[digits[:4]] + digits[4:], "phone"
    right = digits.isascii() and re.fullmatch(r"0[35789]\d{8}|02\d{8,9}", digits)
    return (digits, mended) if right else (None, "")


def _no_phone(written: str) -> RuleBroken:
    digits = re.sub(r"[\s.\-()+]", "", written)
    if not digits.isascii() or not digits.isdigit():
        message = N_("Điện thoại “%(phone)s” không phải một số. Hãy ghi một số duy nhất.")
        return RuleBroken(message, code="phone-text", phone=written[:40])
    return RuleBroken(
        "Điện thoại “%(phone)s” có %(count)d chữ số. Cần 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
        code="phone-digits",
        phone=written[:40],
        count=len(digits),
    )


def check_email(cell: str) -> tuple[str, str]:
    """An address, in small letters; of two the first counts."""
    email = re.sub(r"^mailto:", "", text.tidy(cell), flags=re.IGNORECASE)
    if not email:
        return "", ""
    parts = [part.strip("<>().") for part in re.split(r"[\s;,/|]+", email) if part]
    if len(parts) > 1 and all(_EMAIL.fullmatch(part) for part in parts):
        return parts[0].casefold(), "emails"
    if len(email) > MAX_EMAIL or ".." in email or not _EMAIL.fullmatch(email):
        raise RuleBroken(
            "“%(email)s” chưa đúng dạng ten@coquan.vn. Hãy sửa hoặc để trống.", code="email", email=email[:80]
        )
    return email.casefold(), ""


def check_born(cell: str) -> tuple[str, str]:
    """Look whether a day, month or year of birth can be one; it is never kept."""
    written = text.tidy(cell)
    if not written:
        return "", ""
    if iso := _ISO.fullmatch(written):
        year, month, day = (int(part) for part in iso.groups())
    elif whole := _DAY.fullmatch(written):
        day, month, year = (int(part) for part in whole.groups())
    elif half := _MONTH.fullmatch(written):
        day, (month, year) = 1, (int(part) for part in half.groups())
    elif re.fullmatch(r"\d{4}", written):
        day, month, year = 1, 1, int(written)
    elif short := _SHORT.fullmatch(written):
        day, month, year = (int(part) for part in short.groups())
        year += 1900 if year > clock.today().year % 100 else 2000
    elif words := _IN_WORDS.fullmatch(written):
        day, month, year = (int(part) for part in words.groups("1"))
    elif re.fullmatch(r"\d{5}", written):
        serial = _EXCEL_DAY_0 + timedelta(days=int(written))
        day, month, year = serial.day, serial.month, serial.year
    else:
        raise RuleBroken(
            "Ngày sinh “%(born)s” không đọc được. Hãy ghi ngày/tháng/năm hoặc để trống.", code="born", born=written[:40]
        )
    _check_day(year, month, day, written)
    return written, ""


def _check_day(year: int, month: int, day: int, written: str) -> None:
    if not 1 <= month <= 12:
        raise RuleBroken(
            "Ngày sinh “%(born)s”: không có tháng %(month)d. Hãy sửa hoặc để trống.",
            code="born",
            born=written,
            month=month,
        )
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 28 if month == 2 and not leap else _MONTH_DAYS[month - 1]
    if not 1 <= day <= last:
        raise RuleBroken(
            "Ngày sinh “%(born)s”: tháng %(month)s chỉ có %(last)d ngày. Hãy sửa hoặc để trống.",
            code="born",
            born=written,
            month=f"{month:02d}/{year}",
            last=last,
        )
    if year < 1900 or date(year, month, day) > clock.today():
        raise RuleBroken("Ngày sinh “%(born)s” không thể có. Hãy sửa hoặc để trống.", code="born", born=written)


def _check_post(cell: str) -> tuple[str, str]:
    post, mended = _tidied(cell)
    _check_length(post, MAX_POST)
    return post, mended


def _check_note(cell: str) -> tuple[str, str]:
    note, mended = _tidied(cell)
    _check_length(note, MAX_NOTE)
    return note, mended


_CHECKS: Final = {
    Field.FULL_NAME: check_name,
    Field.UNIT: check_unit,
    Field.POST: _check_post,
    Field.PHONE: check_phone,
    Field.EMAIL: check_email,
    Field.BORN: check_born,
    Field.NOTE: _check_note,
}


def check_value(name: Field, cell: str) -> tuple[str, str]:
    """The value of one cell and how it was mended. Raises RuleBroken."""
    return _CHECKS[name](cell)


def _tidied(cell: str) -> Repair:
    """NFC, single spaces; a letter written with loose marks, or an invisible character, is a repair worth showing."""
    tidy = text.tidy(cell)
    spaced = " ".join(cell.split())
    if spaced == tidy:
        return tidy, ""
    return tidy, "nfd" if text.tidy(spaced) == tidy and len(spaced) > len(tidy) and _has_loose_marks(
        cell
    ) else "control"


def _has_loose_marks(cell: str) -> bool:
    return any(0x300 <= ord(character) <= 0x36F for character in cell)


def _check_length(value: str, maximum: int) -> None:
    if len(value) > maximum:
        raise RuleBroken(
            "Ô này dài %(count)d ký tự, tối đa %(max)d. Hãy rút ngắn.", code="too-long", count=len(value), max=maximum
        )


def as_it_is(name: Field, cell: str) -> str:
    """A cell as the file has it, only in the stored form and no longer than there is room."""
    value = text.tidy(cell)
    if name in REQUIRED and not value:
        return _CHECKS[name](value)[0]
    _check_length(value, _ROOM.get(name, MAX_NOTE))
    return value


_ROOM: Final = {
    Field.FULL_NAME: MAX_NAME,
    Field.POST: MAX_POST,
    Field.PHONE: MAX_PHONE,
    Field.EMAIL: MAX_EMAIL,
}
ENCODINGS: Final[dict[str, str]] = {
    "nfd": N_("dấu rời"),
    "tcvn3": N_("TCVN3 (.VnTime)"),
    "vni": N_("VNI"),
    "utf8-twice": N_("UTF-8 hai lần"),
    "cp1258": N_("Windows-1258"),
    "control": N_("ký tự ẩn"),
    "phone": N_("số điện thoại"),
    "phones": N_("lấy một số"),
    "emails": N_("lấy một địa chỉ"),
    "title": N_("bỏ “đ/c”"),
    "number": N_("bỏ số thứ tự"),
    "merged": N_("ô gộp"),
    "above": N_("theo dòng trên"),
    "section": N_("theo tiêu đề nhóm"),
    "sheet": N_("theo tên trang tính"),
    "title-row": N_("theo tiêu đề bảng"),
    "kept": N_("giữ nguyên"),
}
"""How a cell was mended, in words."""
ALIKE_STORED: Final = frozenset({"nfd", "control", "cp1258"})
"""What cannot be kept as in the file: text is stored in one form."""
