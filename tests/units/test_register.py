"""The dated register: 63 provinces, then 34; names and codes that were given to others."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lms.core.db import session
from lms.units import loading, queries
from lms.units.models import Succession, Unit, UnitKind
from tests.world import World

BEFORE, AFTER = date(2024, 8, 7), date(2026, 1, 1)
TEST_PROVINCES = 2


def provinces(day: date) -> list[Unit]:
    return list(session().scalars(queries.listed(kind=UnitKind.PROVINCE, as_of=day)))


def test_63_provinces_became_34(register: World) -> None:
    assert len(provinces(BEFORE)) - TEST_PROVINCES == 63
    assert len(provinces(AFTER)) - TEST_PROVINCES == 34


def test_every_former_province_has_one_successor(register: World) -> None:
    for unit in provinces(BEFORE):
        if unit.valid_to is not None:
            assert len(queries.successors(unit)) == 1, unit.name


@pytest.mark.parametrize(
    ("name", "old_code", "new_code"),
    [
        ("Lào Cai", "10", "15"),
        ("Bắc Ninh", "27", "24"),
        ("Quảng Trị", "45", "44"),
        ("Gia Lai", "64", "52"),
        ("Tây Ninh", "72", "80"),
        ("Đồng Tháp", "87", "82"),
        ("An Giang", "89", "91"),
    ],
)
def test_a_name_kept_with_another_code_is_another_unit(
    register: World, name: str, old_code: str, new_code: str
) -> None:
    (old,) = queries.named_on(name, BEFORE)
    (new,) = queries.named_on(name, AFTER)
    assert (old.code, new.code) == (old_code, new_code)
    assert old.id != new.id
    assert queries.trace(old, AFTER) == [new]


def test_tracing_goes_both_ways(register: World) -> None:
    assert [unit.name for unit in queries.trace(queries.get("ha-giang"), AFTER)] == ["Tỉnh Tuyên Quang"]
    came_from = queries.trace(queries.get("phu-tho-2025"), BEFORE)
    assert [unit.short_name for unit in came_from] == ["Hòa Bình", "Phú Thọ", "Vĩnh Phúc"]


def test_the_14_northern_provinces_of_2024_lie_in_10_units_today(register: World) -> None:
    lines = [line for line in loading._lines() if line["northern_midlands_and_mountains"] == "1"]
    assert len(lines) == 14
    today = {
        unit.id for line in lines for unit in queries.trace(queries.get(loading.province_key(line["old_name"])), AFTER)
    }
    assert len(today) == 10


def test_ministries_follow_their_succession(register: World) -> None:
    assert queries.get("bo-tttt").existed_on(date(2025, 2, 28))
    assert not queries.get("bo-tttt").existed_on(date(2025, 3, 1))
    became = [unit.key for unit in queries.trace(queries.get("cuc-ttdn"), AFTER)]
    assert became == ["cuc-ttcs-ttdn"]


def test_old_and_new_names_are_found_without_accents(register: World) -> None:
    found = {unit.key for unit in session().scalars(queries.listed("ban tuyen giao"))}
    assert {"btgtw", "btgdvtw"} <= found


def test_lists_go_by_protocol_then_by_the_alphabet(register: World) -> None:
    keys = (
        *("bo-noi-vu", "btgdvtw", "cuc-ttcs-ttdn", "hoa-binh", "tinh-uy-hoa-binh", "ubnd-hoa-binh", "hdnd-hoa-binh"),
        *("thanh-uy-hcm", "bcd-ttdn-hoa-binh", "so-tttt-ha-giang", "so-lam-khe", "nam-khoang", "bo-thu", "binh-sa"),
    )
    district = Unit(
        key="ubnd-tp", code="ubnd-tp", kind=UnitKind.OFFICE, name="Uỷ ban nhân dân thành phố Hòa Bình, tỉnh Hòa Bình",
        name_en="x", short_name="UBND thành phố Hòa Bình", parent=queries.get("hoa-binh"),
    )  # fmt: skip
    district.index_names()
    session().add(district)
    session().flush()
    listed = [unit.key for unit in session().scalars(queries.listed()) if unit.key in {*keys, "ubnd-tp"}]
    assert listed == [
        *("btgdvtw", "bo-noi-vu", "bo-thu", "cuc-ttcs-ttdn"),
        *("binh-sa", "hdnd-hoa-binh", "hoa-binh", "thanh-uy-hcm", "tinh-uy-hoa-binh", "ubnd-hoa-binh"),
        *("bcd-ttdn-hoa-binh", "so-tttt-ha-giang", "so-lam-khe"),
        *("nam-khoang", "ubnd-tp"),
    ]


def test_loading_again_changes_nothing(register: World) -> None:
    before = session().scalar(select(func.count()).select_from(Unit))
    steps = session().scalar(select(func.count()).select_from(Succession))
    loading.load()
    assert session().scalar(select(func.count()).select_from(Unit)) == before
    assert session().scalar(select(func.count()).select_from(Succession)) == steps


def test_all_below_a_unit_is_a_path_prefix(world: World) -> None:
    province, commune = world.units["lam-khe"], world.units["nam-khoang"]
    below = session().scalars(select(Unit.key).where(queries.below([province.path]))).all()
    assert set(below) == {"lam-khe", "so-lam-khe", "nam-khoang"}
    assert commune.path.startswith(province.path)
    assert session().scalars(select(Unit.key).where(queries.below([]))).all() == []
