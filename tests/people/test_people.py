"""People: one full name, dated posts, accent-blind search, one person for one human."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.core.db import session
from lms.people import queries, service
from tests.world import World

Browser = Callable[[Account], FlaskClient]


def test_posts_of_a_day_are_those_held_then_highest_first(world: World) -> None:
    person = service.create("Bùi Đức Hinh")
    unit = world.units["lam-khe"]
    service.add_post(person, unit, "Chủ tịch HĐND tỉnh", rank=2, from_on=date(2023, 1, 1))
    service.add_post(person, unit, "Phó Bí thư Thường trực Tỉnh ủy", rank=1, from_on=date(2023, 1, 1))
    service.add_post(person, unit, "Phó Trưởng ban", rank=3, to_on=date(2024, 1, 1))
    session().refresh(person)
    held = [post.name for post in person.posts_on(date(2024, 8, 7))]
    assert held == ["Phó Bí thư Thường trực Tỉnh ủy", "Chủ tịch HĐND tỉnh"]


def test_a_post_ends_before_its_last_day(world: World) -> None:
    person = service.create("Phạm S")
    post = service.add_post(person, world.units["binh-sa"], "Chánh Văn phòng", to_on=date(2025, 7, 1))
    assert post.held_on(date(2025, 6, 30))
    assert not post.held_on(date(2025, 7, 1))


def test_search_forgives_accents_and_finds_by_unit(world: World) -> None:
    names = [person.full_name for person in session().scalars(queries.searched("dang van duc"))]
    assert names == ["Đặng Văn Đức"]
    in_unit = {person.full_name for person in session().scalars(queries.searched("binh sa"))}
    assert in_unit == {"Phạm S", "Vàng A Chứ", "Bùi Thị Ngọc Ánh"}


def test_the_same_person_is_not_entered_twice(world: World) -> None:
    unit = world.units["binh-sa"]
    first = service.find_or_create("Lê Thị A", unit, "Chuyên viên", phone="0911111111")
    again = service.find_or_create("Lê Thị A", unit, "Phó Trưởng phòng")
    elsewhere = service.find_or_create("Lê Thị A", world.units["nam-khoang"], "Chuyên viên")
    assert first.id == again.id
    assert first.id != elsewhere.id
    assert [post.name for post in first.posts] == ["Chuyên viên", "Phó Trưởng phòng"]


def test_pages_are_for_those_who_run_the_system(world: World, client: FlaskClient, client_of: Browser) -> None:
    person_id = world.trainee.person_id
    for path in ("/people/", f"/people/{person_id}"):
        assert client.get(path).status_code == 303
        assert client_of(world.organizer).get(path).status_code == 403
        assert "Đặng Văn Đức" in client_of(world.admin).get(path).get_data(as_text=True)
    assert client_of(world.admin).get("/people/999999").status_code == 404


def test_search_page_says_when_nobody_matches(world: World, client_of: Browser) -> None:
    page = client_of(world.admin).get("/people/?q=khong co ai").get_data(as_text=True)
    assert "Không thấy ai tên" in page
