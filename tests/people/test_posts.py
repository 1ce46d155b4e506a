"""Posts entered, corrected and closed on a person's page: who may, what is refused, what the record says."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.people import posts
from lms.people import service as people
from lms.people.models import Person
from lms.units.models import Unit, UnitKind
from tests.world import World

Browser = Callable[[Account], FlaskClient]
TYPED = {
    "name": "Trưởng phòng",
    "unit": "Tỉnh Lam Khê",
    "from_on": "2024-03-01",
    "to_on": "",
    "rank": "1",
    "name_en": "",
}
BUREAU, SUCCESSOR = "Ban Tuyên giáo tỉnh Lam Khê", date(2025, 2, 3)


@pytest.fixture
def person(world: World) -> Person:
    """Deputy head in Bình Sa since a day unknown."""
    made = people.create("Cầm Bá Thước")
    people.add_post(made, world.units["binh-sa"], "Phó Trưởng phòng")
    return made


@pytest.fixture
def bureau(world: World) -> Unit:
    """A unit that ended on 3 February 2025; another bears its name since."""
    old, new = (
        Unit(key=key, code=key, kind=UnitKind.PARTY, name=BUREAU, name_en=BUREAU, short_name=BUREAU)
        for key in ("ban-cu", "ban-moi")
    )
    old.valid_to = new.valid_from = SUCCESSOR
    for unit in (old, new):
        unit.index_names()
        session().add(unit)
    session().flush()
    return old


def _records(person: Person, verb: str) -> list[dict[str, object]]:
    wanted = (AuditEntry.subject == f"person:{person.id}", AuditEntry.verb == verb)
    return list(session().scalars(select(AuditEntry.detail).where(*wanted).order_by(AuditEntry.id)))


def test_who_moved_gives_up_one_post_and_takes_up_another(world: World, person: Person, client_of: Browser) -> None:
    browser, page = client_of(world.admin), f"/people/{person.id}"
    post = person.posts[0]
    for part in ("posts/new", f"posts/{post.id}", f"posts/{post.id}/ending"):
        assert f'href="{page}/{part}"' in browser.get(page).text
        assert "Cầm Bá Thước" in browser.get(f"{page}/{part}").text
    assert browser.post(f"{page}/posts/{post.id}/ending", data={"to_on": "01/03/2024"}).location.endswith(page)
    assert browser.post(f"{page}/posts/new", data=TYPED).status_code == 303
    assert browser.post(f"{page}/posts/new", data=TYPED).status_code == 303
    session().expire_all()
    held = [(one.name, one.unit.key, one.from_on, one.to_on) for one in person.posts]
    moved = date(2024, 3, 1)
    assert held == [("Phó Trưởng phòng", "binh-sa", None, moved), ("Trưởng phòng", "lam-khe", moved, None)]
    assert f'href="{page}/posts/{post.id}/ending"' not in browser.get(page).text
    assert [one["after"] for one in _records(person, "post.end")] == [{"to_on": "2024-03-01"}]
    added = _records(person, "post.add")
    assert [(one["post"], one["after"]["unit"]) for one in added] == [(person.posts[1].id, "lam-khe")]  # type: ignore[index]


def test_a_post_is_corrected_and_the_record_says_what_was_there(
    world: World, person: Person, client_of: Browser
) -> None:
    browser, post = client_of(world.admin), person.posts[0]
    page = f"/people/{person.id}/posts/{post.id}"
    assert 'value="Tỉnh Bình Sa"' in browser.get(page).text
    data = TYPED | {"to_on": "2025-01-01", "name_en": "Head of division", "rank": "2"}
    for _again in range(2):
        assert browser.post(page, data=data).status_code == 303
    session().expire_all()
    assert (post.name, post.name_en, post.unit.key, post.rank) == ("Trưởng phòng", "Head of division", "lam-khe", 2)
    assert (post.from_on, post.to_on) == (date(2024, 3, 1), date(2025, 1, 1))
    record = _records(person, "post.correct")
    assert len(record) == 1
    before = {"unit": "binh-sa", "name": "Phó Trưởng phòng", "name_en": None, "rank": 1, "from_on": None, "to_on": None}
    assert record[0]["before"] == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Mục này còn trống."),
        ({"rank": "0"}, "Cần một số từ 1 đến 99."),
        ({"from_on": "31/02/2024"}, "Ngày này không có trong lịch."),
        ({"from_on": "0024-03-01"}, "Ngày 01/3/24 quá sớm. Hãy xem lại năm."),
        ({"from_on": "2999-03-01"}, "Ngày 01/3/2999 chưa tới."),
        ({"to_on": "2999-03-01"}, "Ngày 01/3/2999 chưa tới."),
        ({"to_on": "2024-03-01"}, "Ngày thôi giữ phải sau ngày bắt đầu 01/3/2024."),
        ({"unit": "Sở Mặt trăng"}, "Không có đơn vị nào tên “Sở Mặt trăng”."),
        ({"unit": "Tỉnh Bình Sa", "name": "phó trưởng phòng"}, "Phó Trưởng phòng ở Tỉnh Bình Sa đã được ghi"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page_and_nothing_typed_is_lost(
    world: World, person: Person, client_of: Browser, change: dict[str, str], said: str
) -> None:
    answer = client_of(world.admin).post(f"/people/{person.id}/posts/new", data=TYPED | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{(TYPED | change)["unit"]}"' in answer.text
    assert [post.name for post in person.posts] == ["Phó Trưởng phòng"]


def test_a_correction_or_an_end_that_cannot_be_changes_nothing(
    world: World, person: Person, client_of: Browser
) -> None:
    browser, post = client_of(world.admin), person.posts[0]
    page = f"/people/{person.id}/posts/{post.id}"
    refused = browser.post(page, data=TYPED | {"to_on": "2023-01-01"})
    assert refused.status_code == 422
    assert "Ngày thôi giữ phải sau" in refused.text
    for typed, said in (("", "Mục này còn trống."), ("2999-01-01", "chưa tới"), ("x", "không có trong lịch")):
        refused = browser.post(f"{page}/ending", data={"to_on": typed})
        assert refused.status_code == 422
        assert said in refused.text
    session().expire_all()
    assert (post.name, post.unit.key, post.from_on, post.to_on) == ("Phó Trưởng phòng", "binh-sa", None, None)


def test_a_unit_is_the_one_of_that_name_that_existed_then(world: World, person: Person, bureau: Unit) -> None:
    admin = world.admin.id
    old = posts.add(person, posts.Held(BUREAU, "Cán bộ", from_on=date(2020, 1, 1), to_on=SUCCESSOR), admin)
    new = posts.add(person, posts.Held(BUREAU, "Cán bộ", from_on=SUCCESSOR), admin)
    assert (old.unit.key, new.unit.key) == ("ban-cu", "ban-moi")
    for days in ({"from_on": date(2020, 1, 1)}, {"from_on": date(2020, 1, 1), "to_on": date(2025, 3, 1)}):
        with pytest.raises(RuleBroken) as refused:
            posts.add(person, posts.Held(BUREAU, "Phó ban", **days), admin)
        assert refused.value.field == "to_on"
        assert "03/02/2025" in str(refused.value)
    open_old = people.add_post(person, bureau, "Ủy viên")
    with pytest.raises(RuleBroken) as refused:
        posts.correct(open_old, posts.Held(BUREAU, "Ủy viên ban"), admin)
    assert "không còn từ ngày 03/02/2025" in str(refused.value)
    assert open_old.name == "Ủy viên"
    posts.end(open_old, SUCCESSOR, admin)
    assert open_old.unit is bureau


def test_a_unit_that_is_no_more_today_says_when_it_was(world: World, person: Person, bureau: Unit) -> None:
    session().scalars(select(Unit).where(Unit.key == "ban-moi")).one().name = "Ban Tuyên giáo và Dân vận"
    session().scalars(select(Unit).where(Unit.key == "ban-moi")).one().short_name = "Ban TGDV"
    session().scalars(select(Unit).where(Unit.key == "ban-moi")).one().index_names()
    with pytest.raises(RuleBroken) as refused:
        posts.add(person, posts.Held(BUREAU, "Cán bộ", from_on=date(2025, 6, 1)), world.admin.id)
    assert "không có vào ngày 01/6/2025" in str(refused.value)
    assert refused.value.field == "unit"


def test_posts_are_for_those_who_run_the_system(
    world: World, person: Person, client: FlaskClient, client_of: Browser
) -> None:
    base, post = f"/people/{person.id}/posts", person.posts[0]
    for path in (f"{base}/new", f"{base}/{post.id}", f"{base}/{post.id}/ending"):
        assert client.get(path).status_code == 303
        for wrong in (world.organizer, world.trainee):
            assert client_of(wrong).post(path, data=TYPED).status_code == 403
    browser = client_of(world.admin)
    theirs = world.trainee.person.posts[0].id
    for path in ("/people/999999/posts/new", f"{base}/999999", f"{base}/{theirs}", f"{base}/{theirs}/ending"):
        assert browser.get(path).status_code == 404
    with pytest.raises(NotFound):
        posts.get(person, theirs)


def test_in_english(world: World, person: Person, client_of: Browser) -> None:
    browser = client_of(world.admin)
    browser.set_cookie("lms_language", "en")
    assert "Write down a post" in browser.get(f"/people/{person.id}/posts/new").text


DAYS = st.integers(0, 2000).map(lambda back: clock.today() - timedelta(days=back))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS), max_size=6))
def test_the_same_post_is_never_held_twice_on_one_day(
    world: World, spans: list[tuple[date | None, date | None]]
) -> None:
    someone = people.create("Người Thử")
    for from_on, to_on in spans:
        with suppress(RuleBroken):
            posts.add(someone, posts.Held("Tỉnh Lam Khê", "Chuyên viên", from_on=from_on, to_on=to_on), world.admin.id)
    days = {day + timedelta(days=step) for span in spans for day in span if day for step in (-1, 0, 1)}
    assert all(len(someone.posts_on(day)) <= 1 for day in days)
