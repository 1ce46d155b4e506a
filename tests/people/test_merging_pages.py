"""Pages of duplicates and merges: the litany, what is shown before, the act, the way back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import jobs
from lms.core.db import session
from lms.people import finding, merging, service
from lms.people.models import Likeness, Merge, Person
from tests.world import World

Browser = Callable[[Account], FlaskClient]


@pytest.fixture
def pair(world: World) -> tuple[Person, Person]:
    """Two records of one person: the same name and phone, posts in two units."""
    one = service.create("Lê Thị A", phone="0911222333")
    other = service.create("Lê Thị A", phone="0911222333", email="a@example.vn")
    service.add_post(one, world.units["binh-sa"], "Chuyên viên")
    service.add_post(other, world.units["nam-khoang"], "Công chức")
    finding.find_all()
    session().commit()
    return one, other


def pages(pair: tuple[Person, Person]) -> list[str]:
    one, other = pair
    record = merging.merge(service.create("Vũ B"), service.create("Vũ B"), None)
    return [
        "/people/duplicates",
        f"/people/{one.id}/merge",
        f"/people/{one.id}/merge/{other.id}",
        f"/people/merges/{record.id}",
    ]


def test_pages_are_for_those_who_run_the_system(
    world: World, client: FlaskClient, client_of: Browser, pair: tuple[Person, Person]
) -> None:
    for path in pages(pair):
        assert client.get(path).status_code == 303
        assert client_of(world.organizer).get(path).status_code == 403
        assert client_of(world.admin).get(path).status_code == 200
    for path in ("/people/999999/merge", "/people/1/merge/999999", "/people/merges/999999"):
        assert client_of(world.admin).get(path).status_code == 404
    assert (
        client_of(world.admin).post(f"/people/duplicates/{pair[0].id}/{world.trainee.person_id}/dismissal").status_code
        == 404
    )


def test_a_button_looks_for_pairs_and_finding_again_changes_nothing(
    world: World, client_of: Browser, pair: tuple[Person, Person]
) -> None:
    browser = client_of(world.admin)
    answer = browser.post("/people/duplicates")
    assert answer.status_code == 303
    assert browser.post("/people/duplicates").location == answer.location
    job = session().scalars(select(jobs.Job).where(jobs.Job.kind == finding.JOB)).one()
    jobs.run_here(job)
    assert job.result == {"found": 1, "new": 0}


def test_pairs_stand_side_by_side_and_two_people_are_not_named_again(
    world: World, client_of: Browser, pair: tuple[Person, Person]
) -> None:
    browser = client_of(world.admin)
    page = browser.get("/people/duplicates").get_data(as_text=True)
    assert "cùng tên, cùng điện thoại hoặc thư điện tử, khác đơn vị" in page
    assert "Gộp làm một, giữ hồ sơ này" in page
    assert "Chuyên viên, Tỉnh Bình Sa" in page
    path = f"/people/duplicates/{pair[1].id}/{pair[0].id}/dismissal"
    for _twice in range(2):
        assert browser.post(path).status_code == 303
    finding.find_all()
    assert "Không có cặp nào chờ xem" in browser.get("/people/duplicates").get_data(as_text=True)
    browser.post(path, data={"again": "1"})
    assert "Gộp làm một" in browser.get("/people/duplicates").get_data(as_text=True)


def test_a_pair_that_is_alike_no_more_goes_unless_a_person_proposed_it(
    world: World, pair: tuple[Person, Person]
) -> None:
    one, other = pair
    third = service.create("Mai C")
    session().add(Likeness(first_id=one.id, second_id=third.id, reason="import"))
    other.phone = "0987654321"
    session().flush()
    assert finding.find_all() == (0, 0)
    assert session().scalars(select(Likeness.second_id)).all() == [third.id]


def test_what_will_move_is_shown_then_moved_then_taken_back(
    world: World, client_of: Browser, pair: tuple[Person, Person]
) -> None:
    (one, other), browser = pair, client_of(world.admin)
    path = f"/people/{one.id}/merge/{other.id}"
    page = browser.get(path).get_data(as_text=True)
    assert "Công chức, Xã Nậm Khoang" in page
    assert "Thư điện tử: a@example.vn" in page
    assert browser.post(path, data={"seen": "khác"}).status_code == 422
    assert session().scalars(select(Merge)).all() == []
    seen = merging.plan(one, other).digest
    answer = browser.post(path, data={"seen": seen})
    assert answer.status_code == 303
    assert browser.post(path, data={"seen": seen}).status_code == 422
    assert len(session().scalars(select(Merge)).all()) == 1
    assert browser.get(f"/people/{other.id}").location == f"/people/{one.id}"
    assert "Hồ sơ đã gộp vào đây" in browser.get(f"/people/{one.id}").get_data(as_text=True)
    assert "Đã gộp" in browser.get(answer.location).get_data(as_text=True)
    for _twice in range(2):
        assert browser.post(f"{answer.location}/separation").status_code == 303
    assert "Đã tách lại" in browser.get(answer.location).get_data(as_text=True)
    assert browser.get(f"/people/{other.id}").status_code == 200
    assert (one.email, [post.name for post in other.posts]) == (None, ["Công chức"])


def test_a_refused_merge_says_why_and_offers_no_button(world: World, client_of: Browser) -> None:
    browser = client_of(world.admin)
    path = f"/people/{world.trainee.person_id}/merge/{world.other_trainee.person_id}"
    page = browser.get(path).get_data(as_text=True)
    assert "Cả hai hồ sơ đều có tài khoản" in page
    assert "Có thể tách lại." not in page
    assert browser.post(path, data={}).status_code == 422
    assert browser.get(f"/people/{world.trainee.person_id}/merge/{world.trainee.person_id}").status_code == 404


def test_any_other_record_can_be_looked_for(world: World, client_of: Browser, pair: tuple[Person, Person]) -> None:
    page = client_of(world.admin).get(f"/people/{pair[0].id}/merge?q=dang van").get_data(as_text=True)
    assert f"/people/{pair[0].id}/merge/{world.trainee.person_id}" in page


def test_a_list_of_pairs_costs_the_same_for_many(
    world: World, client_of: Browser, count_statements: Callable[[], Any]
) -> None:
    def add(number: int) -> None:
        for place in range(number):
            for _twice in range(2):
                person = service.create("Lê Thị A", phone=f"09112223{place:02d}")
                service.add_post(person, world.units["binh-sa"], "Chuyên viên")
        finding.find_all()
        session().commit()

    browser = client_of(world.admin)
    add(2)
    with count_statements() as few:
        browser.get("/people/duplicates")
    add(16)
    with count_statements() as many:
        browser.get("/people/duplicates")
    assert len(many) <= len(few) + 1


def test_a_correction_is_followed_by_lists(world: World, client_of: Browser, pair: tuple[Person, Person]) -> None:
    browser, one = client_of(world.admin), pair[0]
    assert browser.post(f"/people/{one.id}/correction", data={"full_name": ""}).status_code == 422
    wrong = browser.post(f"/people/{one.id}/correction", data={"full_name": "Lê Thị Á", "email": "không phải"})
    assert "ten@coquan.vn" in wrong.get_data(as_text=True)
    good = {"full_name": "Lê Thị  Á", "title": "TS.", "email": "A@example.vn", "phone": ""}
    assert browser.post(f"/people/{one.id}/correction", data=good).status_code == 303
    assert (one.full_name, one.title, one.email, one.phone) == ("Lê Thị Á", "TS.", "a@example.vn", None)
    assert client_of(world.organizer).get(f"/people/{one.id}/correction").status_code == 403
