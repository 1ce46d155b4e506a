"""Checking the cells of a delegate list: every refusal has its place, every repair is shown, right text stays."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.core.errors import RuleBroken
from lms.registration import rows, tickets
from lms.registration.headings import Field
from lms.registration.lines import Line
from lms.registration.unit_names import UnitIndex, UnitName

UNITS = UnitIndex.of(
    [
        UnitName(1, "Tỉnh Lam Khê", "Lam Khê", "LAM-KHE"),
        UnitName(2, "Sở Văn hóa, Thể thao và Du lịch tỉnh Lam Khê", "Sở VHTTDL Lam Khê"),
        UnitName(3, "Thành phố Nậm Khoang", "Nậm Khoang"),
        UnitName(4, "Tỉnh Bình Sa", "Bình Sa"),
        UnitName(5, "Xã Bình Sa", "Bình Sa"),
        UnitName(6, "Tỉnh Hòa An", "Hòa An"),
    ]
)
COLUMNS = rows.Columns(
    {"full_name": ("B", "Họ và tên"), "unit": ("C", "Đơn vị"), "phone": ("E", "SĐT"), "born": ("F", "Ngày sinh")}
)


def checked(*people: dict[str, str]) -> list[rows.SheetRow]:
    lines = [
        Line(number, {Field(name): cell for name, cell in one.items()}) for number, one in enumerate(people, start=5)
    ]
    found = rows.check_rows(lines, COLUMNS, UNITS)
    rows.mark_doubles(found, lambda _row: COLUMNS)
    return found


def person(full_name: str = "Phạm S", unit: str = "Lam Khê", **more: str) -> dict[str, str]:
    return {"full_name": full_name, "unit": unit, **more}


@pytest.mark.parametrize(
    ("written", "unit_id"),
    [
        ("Tỉnh Lam Khê", 1),
        ("lam khê", 1),
        ("LAM KHE", 1),
        ("tinh  lam khe", 1),
        ("T. Lam Khê", 1),
        ("lam-khe", 1),
        ("Sở VHTTDL Lam Khê", 2),
        ("Sở văn hóa thể thao và du lịch tỉnh Lam Khê", 2),
        ("TP. Nậm Khoang", 3),
        ("Nậm Khoang", 3),
        ("Tỉnh Bình Sa", 4),
        ("Hoà An", 6),
    ],
)
def test_a_unit_is_found_by_any_of_its_names(written: str, unit_id: int) -> None:
    assert UNITS.get(written).id == unit_id


def test_an_unknown_unit_gets_the_nearest_name_and_an_ambiguous_one_all_of_them() -> None:
    with pytest.raises(RuleBroken) as unknown:
        UNITS.get("Tỉnh Lam Kê")
    assert (unknown.value.code, unknown.value.params["nearest"]) == ("unit-unknown", "Tỉnh Lam Khê")
    with pytest.raises(RuleBroken) as strange:
        UNITS.get("Zzzzz")
    assert strange.value.code == "unit-unknown"
    assert "nearest" not in strange.value.params
    with pytest.raises(RuleBroken) as several:
        UNITS.get("Bình Sa")
    assert (several.value.code, several.value.params["names"]) == ("unit-ambiguous", "Tỉnh Bình Sa; Xã Bình Sa")


@pytest.mark.parametrize(
    ("cell", "value", "mended"),
    [
        ("0912345678", "0912345678", ""),
        ("0912.345.678", "0912345678", ""),
        ("912345678", "0912345678", "phone"),
        ("+84 912 345 678", "0912345678", "phone"),
        ("84912345678", "0912345678", "phone"),
        ("024 3822 1234", "02438221234", ""),
        ("", "", ""),
    ],
)
def test_phones(cell: str, value: str, mended: str) -> None:
    assert rows.check_phone(cell) == (value, mended)


@pytest.mark.parametrize(
    ("cell", "code"), [("12345", "phone-digits"), ("0112345678", "phone-digits"), ("không có", "phone-text")]
)
def test_phones_that_are_none(cell: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rows.check_phone(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "name-missing"),
        ("x" * 200, "too-long"),
        ("Nguyễn Văn 2", "name-digits"),
        ("=cmd|' /C calc'!A", "name-characters"),
        ("--", "name-characters"),
    ],
)
def test_names_that_are_none(cell: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rows.check_name(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "name", ["S", "Phạm S", "H'Hen Niê", "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh", "A’Lăng Mai", "x" * 120]
)
def test_names_that_are_right_stay_as_they_are(name: str) -> None:
    assert rows.check_name(name) == (name, "")


def test_loose_marks_and_comrade_are_mended_and_shown() -> None:
    (row,) = checked(person(unicodedata.normalize("NFD", "Đ/c Đặng Văn Đức"), phone="912345678"))
    assert row.values["full_name"] == "Đặng Văn Đức"
    assert row.state == "new"
    assert [(one["field"], one["column"], one["encoding"]) for one in row.repairs] == [
        ("full_name", "B", "title"),
        ("phone", "E", "phone"),
    ]
    assert row.raw["phone"] == "912345678"
    assert rows.check_name(unicodedata.normalize("NFD", "Đặng Đức"))[1] == "nfd"


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        *(
            ("28/02/1985", True),
            ("29/2/1984", True),
            ("1985", True),
            ("02/1985", True),
            ("1985-02-28", True),
            ("", True),
        ),
        *(
            ("31/02/1985", False),
            ("29/02/1985", False),
            ("01/13/1985", False),
            ("hôm qua", False),
            ("01/01/1820", False),
        ),
    ],
)
def test_a_day_of_birth_is_checked_and_never_kept(cell: str, right: bool) -> None:
    (row,) = checked(person(born=cell))
    assert (row.state == "new") is right
    assert "born" not in row.values
    assert ("born" in row.raw) is not right
    if cell == "31/02/1985":
        (error,) = row.errors
        assert (error["column"], error["heading"], error["params"]["month"], error["params"]["last"]) == (
            "F",
            "Ngày sinh",
            "02/1985",
            28,
        )


def test_a_day_of_birth_to_come_is_refused() -> None:
    with clock.stopped_at(datetime(2024, 1, 1, tzinfo=UTC)):
        assert checked(person(born="02/01/2024"))[0].state == "error"


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("a.b@sovhttdl.lamkhe.gov.vn", True),
        ("mailto:a@b.vn", True),
        ("a@b", False),
        ("a b@c.vn", False),
        ("a@@b.vn", False),
    ],
)
def test_addresses(cell: str, right: bool) -> None:
    assert (checked(person(email=cell))[0].state == "new") is right


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (person(), person(), True),
        (
            person(phone="0912345678"),
            person("PHAM S", "Bộ", phone="+84912345678"),
            False,
        ),  # the second has no known unit
        (person(phone="0912345678"), person("Pham S", "Hòa An", phone="+84912345678"), True),
        (person(email="A@b.vn"), person(unit="Hòa An", email="a@B.vn"), True),
        (person(post="Trưởng phòng"), person(post="Chuyên viên"), False),
        (person(phone="0912345678"), person(phone="0987654321"), False),
        (person("Lê Văn Hùng"), person("Lê Văn Hưng"), False),
        (person("Hoà"), person("Hòa"), True),
        (person(phone="0912345678"), person(), True),
    ],
)
def test_the_same_person_twice_in_a_file(first: dict[str, str], second: dict[str, str], same: bool) -> None:
    one, other = checked(first, second)
    assert one.state == "new"
    assert (other.same_as_row == 5) is same
    assert ([error["code"] for error in other.errors] == ["double"]) is same


def test_skipping_the_first_of_two_frees_the_second() -> None:
    pair = checked(person(), person())
    pair[0].skipped = True
    rows.mark_doubles(pair, lambda _row: COLUMNS)
    assert [row.state for row in pair] == ["skipped", "new"]


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=40), st.text(max_size=30))
def test_no_cell_breaks_the_check_and_what_passes_passes_again(name: str, unit: str, phone: str, born: str) -> None:
    (row,) = checked(person(name, unit, phone=phone, born=born))
    for error in row.errors:
        assert error["message"] % error["params"]
    values: dict[str, Any] = {key: value for key, value in row.values.items() if key in {"full_name", "phone"}}
    for key, value in values.items():
        assert rows.check_value(Field(key), value) == (value, "")


@given(
    st.text("aăâeêoôơuưyđbcdghklmnpqrstvx ", min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
def test_a_right_name_is_never_altered(name: str) -> None:
    assert rows.check_name(name) == (name, "")


def test_tickets_are_short_random_and_read_back() -> None:
    drawn = {tickets.draw() for _ in range(2000)}
    assert len(drawn) == 2000
    for ticket in drawn:
        assert len(ticket) == 9
        assert not set("01ILOU") & set(ticket)
        assert tickets.normalise(ticket.lower().replace("-", " ")) == ticket
    assert tickets.normalise("https://example.vn") is None
    assert tickets.picture("7K3M-X9QD").startswith(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 25 25"')
