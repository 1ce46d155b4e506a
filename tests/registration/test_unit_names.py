"""Units by what people call them: names of other days lead to what they were then, organs to their place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.registration import choosing
from lms.registration.unit_names import UnitIndex, UnitName
from lms.registration.unit_organs import ORGANS, plain_name
from lms.units import loading
from lms.units.models import Succession, Unit
from tests.world import World

IN_2024, IN_2026 = date(2024, 8, 7), date(2026, 11, 24)
NAMES = ("Tỉnh Lào Cai", "Thành phố Huế", "Xã Nậm Khoang", "Phường Bến Nghé", "UBND tỉnh Bình Sa", "Bộ Ngoại giao")
PLACES = UnitIndex.of(UnitName(number, name, name) for number, name in enumerate(NAMES, start=1))


@pytest.fixture
def units(world: World) -> World:
    """The product's own register beside the world's units."""
    loading.load()
    return world


def refusal(event: Event, written: str, day: date) -> RuleBroken:
    """The answer to a name that is no unit of that day."""
    event.starts_on = event.ends_on = day
    with pytest.raises(RuleBroken) as refused:
        choosing.unit_index(event).get(written)
    assert refused.value.code == "unit-unknown"
    return refused.value


@pytest.mark.parametrize(
    ("written", "day", "said"),
    [
        ("Tỉnh Hà Giang", IN_2026, "Vào ngày sự kiện không còn “Tỉnh Hà Giang”: nay là “Tỉnh Tuyên Quang”."),
        ("ha giang", IN_2026, "Vào ngày sự kiện không còn “Tỉnh Hà Giang”: nay là “Tỉnh Tuyên Quang”."),
        ("Tỉnh Hà Gian", IN_2026, "Vào ngày sự kiện không còn “Tỉnh Hà Giang”: nay là “Tỉnh Tuyên Quang”."),
        ("Tỉnh Thừa Thiên Huế", IN_2026, "nay là “Thành phố Huế”."),
        ("UBND tỉnh Hà Giang", IN_2026, "nay là “Tỉnh Tuyên Quang”."),
        ("VP UBND tỉnh Yên Bái", IN_2026, "Vào ngày sự kiện không còn “Tỉnh Yên Bái”: nay là “Tỉnh Lào Cai”."),
        ("Sở TT&TT Hà Giang", IN_2026, "cấp trên của đơn vị này nay là “Tỉnh Tuyên Quang”."),
        ("UBND tỉnh Lào Cai", IN_2026, "Đây là cơ quan của “Tỉnh Lào Cai”."),
        ("Ủy ban nhân dân tỉnh Lào Cai", IN_2024, "Đây là cơ quan của “Tỉnh Lào Cai”."),
        ("Tỉnh uỷ Lào Cai", IN_2026, "Đây là cơ quan của “Tỉnh Lào Cai”."),
        ("Đoàn ĐBQH và HĐND tỉnh Lào Cai", IN_2026, "Đây là cơ quan của “Tỉnh Lào Cai”."),
        ("Văn phòng UBND tỉnh Hòa Bình", IN_2024, "Đây là cơ quan của “Ủy ban nhân dân tỉnh Hòa Bình”."),
        ("Ban TG&DV TW", IN_2024, "ngày đó là “Ban Dân vận Trung ương”; “Ban Tuyên giáo Trung ương”"),
        ("Ban Tuyên giáo Trung ương", IN_2026, "nay là “Ban Tuyên giáo và Dân vận Trung ương”."),
    ],
)
def test_what_is_proposed_for_a_name_that_is_not_of_that_day(
    units: World, event: Event, written: str, day: date, said: str
) -> None:
    assert said in str(refusal(event, written, day))


def test_the_event_s_day_decides_which_unit_existed(units: World, event: Event) -> None:
    event.starts_on = event.ends_on = IN_2024
    assert choosing.unit_index(event).get("Tỉnh Hà Giang").name == "Tỉnh Hà Giang"
    old = choosing.unit_index(event).get("Lào Cai").id
    event.starts_on = event.ends_on = IN_2026
    assert choosing.unit_index(event).get("Lào Cai").id != old, "the name is used again by another unit"


def test_a_merged_commune_leads_to_its_successor_and_a_divided_one_names_all(world: World, event: Event) -> None:
    old, new, other = world.units["nam-khoang"], world.units["binh-sa"], world.units["lam-khe"]
    old.valid_to = date(2025, 7, 1)
    session().add(Succession(predecessor_id=old.id, successor_id=new.id, on=date(2025, 7, 1)))
    session().flush()
    told = refusal(event, "UBND xã Nậm Khoang", IN_2026)
    assert told.params["nearest"] == "Tỉnh Bình Sa"
    session().add(Succession(predecessor_id=old.id, successor_id=other.id, on=date(2025, 7, 1)))
    session().flush()
    told = refusal(event, "Nậm Khoang", IN_2026)
    assert "nearest" not in told.params
    assert "“Tỉnh Bình Sa”; “Tỉnh Lam Khê”. Hãy chọn một đơn vị." in str(told)


def test_the_successor_s_own_office_is_proposed_where_the_register_has_it(units: World, event: Event) -> None:
    office = Unit(key="ubnd-tq", code="ubnd-tq", kind="office", name="UBND tỉnh Tuyên Quang", valid_from=IN_2024)
    office.name_en, office.short_name = office.name, office.name
    office.index_names()
    session().add(office)
    session().flush()
    told = refusal(event, "UBND tỉnh Hà Giang", IN_2026)
    assert "không còn “UBND tỉnh Hà Giang”: nay là “UBND tỉnh Tuyên Quang”." in str(told)


@given(st.lists(st.sampled_from(list(ORGANS)), min_size=1, max_size=3), st.sampled_from(NAMES), st.booleans())
def test_organs_before_a_name_propose_the_unit_of_that_name(organs: list[str], name: str, shouted: bool) -> None:
    written = " ".join([*organs, name])
    written = written.upper() if shouted else written
    try:
        nearest = PLACES.get(written).name
    except RuleBroken as refused:
        nearest = refused.params["nearest"]
    assert plain_name(nearest) in {plain_name(name), plain_name(f"{organs[-1]} {name}")}
