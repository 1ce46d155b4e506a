"""Taking an import back: what it made and nobody touched goes, the rest stays and it is said why."""

from collections.abc import Callable
from datetime import time

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.attendance.models import Scan, ScanMethod
from lms.attendance.service import check_in
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, Half, HalfDay, Quota
from lms.people import service as people_service
from lms.people.models import Person, Post
from lms.registration import importing, service, undoing
from lms.registration.importing import Correction
from lms.registration.models import Delegate, DelegateImport, Invitation
from tests.registration import sheets
from tests.world import World

PEOPLE = tuple(
    (f"Lý A {letter}", "Lam Khê", "Chuyên viên", f"091234567{number}") for number, letter in enumerate("BCDEG")
)


def write(event: Event, world: World, *people: tuple[str, ...]) -> DelegateImport:
    imported = importing.upload(event, world.organizer, sheets.delegates(*(people or PEOPLE)), "a.xlsx")
    importing.write(imported, world.organizer)
    return imported


def counted(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def delegate(name: str) -> Delegate:
    return session().scalars(select(Delegate).where(Delegate.full_name == name)).one()


def test_all_of_it_goes_and_the_file_may_be_imported_again(open_event: Event, world: World) -> None:
    before = (counted(Person), counted(Post), counted(Delegate))
    imported = write(open_event, world)
    assert (counted(Person), counted(Post)) == (before[0] + 5, before[1] + 5)
    undone = undoing.undo(imported, world.organizer)
    assert (undone.removed, undone.kept) == (5, [])
    assert (counted(Person), counted(Post), counted(Delegate)) == before
    assert undoing.undo(imported, world.organizer) == undone
    again = write(open_event, world)
    assert again.id != imported.id
    assert again.written_count == 5


def test_seats_are_given_back(event: Event, world: World) -> None:
    imported = write(event, world, ("Lý A Một", "Bình Sa"))
    undoing.undo(imported, world.organizer)
    session().refresh(event)
    quota = session().get_one(Quota, (event.id, world.units["binh-sa"].id), populate_existing=True)
    assert (quota.taken, event.seats_taken) == (0, 0)


def _attended(one: Delegate, event: Event, world: World) -> None:
    half_day = HalfDay(event=event, on=event.starts_on, half=Half.MORNING, starts_at=time(8), ends_at=time(11))
    session().add(half_day)
    session().flush()
    check_in(half_day, one, world.organizer, ScanMethod.MANUAL)


def _invited(one: Delegate, _event: Event, _world: World) -> None:
    session().add(Invitation(delegate_id=one.id, link="x" * 64))


def _changed(one: Delegate, _event: Event, world: World) -> None:
    service.change(one, world.organizer, post="Trưởng phòng")


def _renamed(one: Delegate, _event: Event, _world: World) -> None:
    one.person.rename("Lý A Bê")


def _withdrawn(one: Delegate, _event: Event, world: World) -> None:
    service.withdraw(one, world.organizer, "Bận")


def _account(one: Delegate, _event: Event, _world: World) -> None:
    session().add(Account(person=one.person, email="b@example.vn"))


def _post(one: Delegate, _event: Event, world: World) -> None:
    people_service.add_post(one.person, world.units["binh-sa"], "Ủy viên")


@pytest.mark.parametrize(
    ("touch", "why"),
    [
        (_attended, "scans"),
        (_invited, "invitations"),
        (_changed, "changed"),
        (_renamed, "changed"),
        (_withdrawn, "withdrawn"),
        (_account, "accounts"),
        (_post, "changed"),
    ],
)
def test_whoever_was_touched_stays(
    open_event: Event, world: World, touch: Callable[[Delegate, Event, World], None], why: str
) -> None:
    imported = write(open_event, world)
    touch(delegate("Lý A B"), open_event, world)
    session().flush()
    undone = undoing.undo(imported, world.organizer)
    assert undone.removed == 4
    (kept,) = undone.kept
    assert kept["full_name"] in {"Lý A B", "Lý A Bê"}
    assert why in kept["why"]
    assert set(kept["why"]) <= undoing.REASONS.keys()
    assert counted(Delegate) == 1


def test_known_people_stay_known_and_lose_only_what_was_added(open_event: Event, world: World) -> None:
    person = people_service.create("Lý A Một")
    people_service.add_post(person, world.units["lam-khe"], "Chuyên viên")
    imported = write(open_event, world, ("Lý A Một", "Lam Khê", "Chuyên viên", "0912345678"))
    assert person.phone == "0912345678"
    assert undoing.undo(imported, world.organizer).removed == 1
    session().refresh(person)
    assert person.phone is None
    assert [post.name for post in person.posts] == ["Chuyên viên"]


def test_an_import_not_written_cannot_be_undone(open_event: Event, world: World) -> None:
    imported = importing.upload(open_event, world.organizer, sheets.delegates(*PEOPLE), "a.xlsx")
    with pytest.raises(RuleBroken) as refused:
        undoing.undo(imported, world.organizer)
    assert refused.value.code == "import-unwritten"
    assert counted(Scan) == 0


def test_a_likely_duplicate_is_proposed_and_the_answer_holds(open_event: Event, world: World) -> None:
    person = people_service.create("Lý A Một")
    people_service.add_post(person, world.units["binh-sa"], "Chuyên viên")
    other = people_service.create("Lý A Hải")
    people_service.add_post(other, world.units["lam-khe"], "Chuyên viên")
    content = sheets.delegates(
        ("Lý A Một", "Lam Khê", "Phó phòng"), ("Ly A Hai", "Lam Khê", "Chuyên viên"), ("Lý A Ba", "Lam Khê")
    )
    imported = importing.upload(open_event, world.organizer, content, "a.xlsx")
    rows = importing.rows_of(imported)
    assert [row.alike and (row.alike["person_id"], row.alike["why"]) for row in rows] == [
        (person.id, "unit"),
        (other.id, "accents"),
        None,
    ]
    importing.correct(imported, {rows[0].key: Correction(same=True), rows[1].key: Correction(same=False)})
    people = counted(Person)
    assert importing.write(imported, world.organizer) == 3
    assert counted(Person) == people + 2
    assert delegate("Lý A Một").person_id == person.id
    assert delegate("Ly A Hai").person_id != other.id
