"""The delegate list against Python's own filter and sort; what it costs however long it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from lms.core.db import session
from lms.core.text import collation_key, fold, name_sort_key, search_terms
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import listing, queries, service
from lms.registration.listing import HALL, STATE_ORDER, STATES, Filters
from lms.registration.models import Delegate, DelegateRole, Invitation, InvitationAnswer
from tests.registration.conftest import Register
from tests.world import World

MOMENT = datetime(2024, 7, 2, 3, tzinfo=UTC)
NAMES = ("Lý A Một", "Đặng Văn Đức", "Nguyễn Thị Hường", "Nguyễn Thị Hương", "Vàng A Chứ", "Lò Ân", "Bùi Ngọc Ánh")
POSTS = ("Chuyên viên", "chuyên viên", "Phó Trưởng phòng", "Chánh Văn phòng", "Đội trưởng", "")
UNITS = ("lam-khe", "so-lam-khe", "nam-khoang", "binh-sa")
ROLES = tuple(DelegateRole)


@pytest.fixture
def people(open_event: Event, register: Register, world: World) -> list[Delegate]:
    """Thirty delegates of every kind: units, points, roles, posts, answers, withdrawn, substituted."""
    made = []
    for number in range(30):
        one = register(
            f"{NAMES[number % len(NAMES)]}{'' if number < len(NAMES) else ' ' + chr(65 + number % 5)}",
            UNITS[number % len(UNITS)], post=POSTS[number % len(POSTS)], phone=f"09{number:08d}",
            role=ROLES[number % 3], point=open_event.points[0] if number % 5 == 0 else None,
        )  # fmt: skip
        one.registered_at = MOMENT + timedelta(minutes=number % 4)
        one.over_quota_reason = "Được duyệt thêm" if number % 7 == 0 else None
        made.append(one)
    for number, one in enumerate(made):
        _answer(one, number)
    for number in (3, 11):
        made[number].withdrawn_at, made[number].withdraw_reason = MOMENT, "Bận"
    made[4].replaces, made[12].replaces = made[3], made[11]
    session().flush()
    return made


def _answer(one: Delegate, number: int) -> None:
    """Invite some, let them accept, decline, or their mail come back."""
    if number % 3 == 0:
        return
    answers = (None, InvitationAnswer.ACCEPTED, InvitationAnswer.DECLINED, None)
    answer = answers[number % 4]
    one.invited_at = MOMENT
    session().add(
        Invitation(
            delegate=one, link=f"{number:064d}", answer=answer, bounced_at=MOMENT if number % 8 in (1, 3) else None
        )
    )
    if answer == InvitationAnswer.DECLINED:
        one.withdrawn_at, one.withdraw_reason = MOMENT, "Từ chối lời mời"


def state(one: Delegate, people: list[Delegate]) -> str:
    """The state a row bears, said once more."""
    invitation = session().get(Invitation, one.id)
    if one.withdrawn_at:
        if any(other.replaces_id == one.id for other in people):
            return "substituted"
        return "declined" if invitation and invitation.answer == "declined" else "withdrawn"
    if not one.invited_at or invitation is None:
        return "uninvited"
    if invitation.answer == "accepted":
        return "accepted"
    return "bounced" if invitation.bounced_at else "unanswered"


def belongs(one: Delegate, filters: Filters, people: list[Delegate], world: World) -> bool:
    """Whether Python would show this one."""
    unit, on_list, own = one.unit, one.withdrawn_at is None, state(one, people)
    asked = {
        "all": True,
        "active": on_list,
        "invited": on_list and own != "uninvited",
        "over-quota": on_list and one.over_quota_reason is not None,
        "withdrawn": not on_list,
    }
    wide = next((each for each in world.units.values() if each.id == filters.unit_id), None)
    found = fold(f"{one.full_name} {unit.name} {unit.short_name} {one.person.phone}")
    return (
        asked.get(filters.state, own == filters.state)
        and all(term in found for term in search_terms(filters.text))
        and (wide is None or unit.path.startswith(wide.path))
        and (filters.point_id is None or (one.point_id or HALL) == filters.point_id)
        and (not filters.role or one.role == filters.role)
        and all(term in fold(one.post) for term in search_terms(filters.post))
    )


def key(one: Delegate, order: str, people: list[Delegate]) -> Any:
    """Where Python would put this one."""
    name = (name_sort_key(one.full_name), one.id)
    return {
        "name": name,
        "unit": (one.unit.sort_key, *name),
        "post": (collation_key(one.post), one.post, *name),
        "state": (STATE_ORDER.index(state(one, people)), *name),
        "registered": (one.registered_at, *name),
    }[order]


@given(
    text=st.sampled_from(("", "duc", "Đức", "thi huong", "lam khe", "0900000012", "a", "%", "không ai")),
    unit=st.sampled_from((None, "lam-khe", "nam-khoang", "binh-sa", "bo-thu")),
    in_state=st.sampled_from(STATES),
    point=st.sampled_from((None, HALL, 1)),
    role=st.sampled_from(("", "delegate", "speaker", "guest", "press")),
    post=st.sampled_from(("", "vien", "TRƯỞNG", "chanh phong", "x")),
    order=st.sampled_from(listing.ORDERS),
    descending=st.booleans(),
    per_page=st.sampled_from((4, 7, 50)),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_list_is_what_python_would_filter_and_sort(
    *, people: list[Delegate], open_event: Event, world: World, text: str, unit: str | None, in_state: str,
    point: int | None, role: str, post: str, order: str, descending: bool, per_page: int,
) -> None:  # fmt: skip
    filters = Filters(
        text=text, unit_id=world.units[unit].id if unit else None, state=in_state, role=role, post=post, order=order,
        point_id=open_event.points[0].id if point == 1 else point, descending=descending,
    )  # fmt: skip
    shown = sorted(
        (one for one in people if belongs(one, filters, people, world)),
        key=lambda one: key(one, order, people),
        reverse=descending,
    )
    expected = [one.id for one in shown]
    assert [line.id for line in listing.all_delegates(open_event, filters)] == expected
    assert listing.ids_of(open_event, filters) == expected
    page = listing.list_delegates(open_event, filters, 1, per_page)
    paged = [line.id for line in page.rows]
    for number in range(2, page.pages + 1):
        paged += [line.id for line in listing.list_delegates(open_event, filters, number, per_page).rows]
    assert (page.total, page.more, paged) == (len(expected), False, expected)
    beyond = listing.list_delegates(open_event, filters, 999, per_page)
    assert beyond.number == max(1, page.pages)
    for line in page.rows:
        assert listing.state_of(line) == state(next(one for one in people if one.id == line.id), people)


def test_a_descending_list_is_the_list_reversed(people: list[Delegate], open_event: Event) -> None:
    for order in listing.ORDERS:
        upward = Filters(state="all", order=order)
        downward = listing.ids_of(open_event, replace(upward, descending=True))
        assert downward == listing.ids_of(open_event, upward)[::-1]


def test_a_search_counts_to_a_thousand_and_still_reaches_every_page(
    open_event: Event, world: World, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    crowd(open_event, world, 1_130)
    with count_statements() as statements:
        page = listing.list_delegates(open_event, Filters(text="dam"))
    assert len(statements) == 2
    assert (page.total, page.more, page.pages, len(page.rows)) == (1_000, True, 20, 50)
    seen = set()
    for number in range(1, 24):
        page = listing.list_delegates(open_event, Filters(text="dam", order="name"), number)
        seen |= {line.id for line in page.rows}
    assert len(seen) == 1_130
    assert (page.number, page.total, page.more, page.last) == (23, 1_130, False, 1_130)
    exact = listing.list_delegates(open_event, Filters(text="dam", unit_id=world.units["binh-sa"].id))
    assert (exact.total, exact.more) == (565, False)
    assert listing.list_delegates(open_event, Filters()).total == 1_130


def test_units_to_filter_by_are_those_on_the_list_and_above(
    open_event: Event, register: Register, world: World
) -> None:
    assert queries.units_to_filter(open_event) == queries.units_present(open_event) == []
    gone = register("Lý A Một", "nam-khoang")
    register("Lý A Hai", "binh-sa")
    service.withdraw(gone, world.organizer, "Bận")
    assert {name for _id, name in queries.units_to_filter(open_event)} == {"Nậm Khoang", "Lam Khê", "Bình Sa"}
    assert {name for _id, name in queries.units_present(open_event)} == {"Nậm Khoang", "Bình Sa"}


def crowd(event: Event, world: World, number: int) -> None:
    """So many delegates, half of Lam Khê and half of Bình Sa."""
    names = [f"Đám {chr(65 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(number)]
    first = (session().query(Person.id).order_by(Person.id.desc()).limit(1).scalar() or 0) + 1
    rows = [
        {"id": first + n, "full_name": name, "sort_key": name_sort_key(name), "search": fold(name)}
        for n, name in enumerate(names)
    ]
    session().execute(insert(Person), rows)
    units = (world.units["lam-khe"], world.units["binh-sa"])
    session().execute(
        insert(Delegate),
        [
            {
                "event_id": event.id, "person_id": first + n, "unit_id": units[n % 2].id, "role": "delegate",
                "full_name": name, "ticket": f"C{n:04d}", "sort_key": name_sort_key(name), "search": fold(name),
                "unit_sort_key": units[n % 2].sort_key, "post": "Chuyên viên",
            }
            for n, name in enumerate(names)
        ],
    )  # fmt: skip
