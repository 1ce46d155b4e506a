"""Private details: sealed at rest, for a purpose, for who may see them, each look recorded, in no export."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from lms.accounts.models import Account, RoleGrant
from lms.core import clock, jobs
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.permissions import ROLE_PERMISSIONS, Permission, Role
from lms.people import private
from lms.people.models import Person, PrivateDetails
from lms.people.private import FIELDS
from lms.places import PACKAGE
from lms.registration import list_columns
from tests.world import World

Browser = Callable[[Account], FlaskClient]
GOOD = {"born": "07/8/1985", "id_number": "024 185 000 123", "ethnic_group": "Tày", "purpose": "Làm thẻ vào cơ quan"}
"""A woman born in 1985 whose birth was registered in the province of code 024."""


def given(person: Person, **more: Any) -> PrivateDetails:
    values = {**GOOD, "keep_until": None, "actor_id": None, **more}
    return private.record(person, **values)


def test_nothing_is_readable_in_the_database(world: World) -> None:
    person = world.trainee.person
    given(person)
    row = session().execute(text("SELECT * FROM private_details")).one()
    stored = " ".join(str(value) for value in row)
    for secret in ("1985", "024185000123", "Tày", "T\\u00e0y"):
        assert secret not in stored
    details = private.find(person.id)
    session().refresh(details)
    assert details is not None
    assert (details.born, details.id_number, details.ethnic_group) == ("07/08/1985", "024185000123", "Tày")
    written = " ".join(str(entry.detail) for entry in session().scalars(select(AuditEntry)))
    assert "024185000123" not in written


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"purpose": "  "}, "purpose"),
        ({"id_number": "024 185 000"}, "id_number"),
        ({"born": "1958"}, "id_number"),
        ({"born": "31/02/1985"}, "born"),
        ({"born": "2999"}, "born"),
        ({"keep_until": date(2020, 1, 1)}, "keep_until"),
        ({"born": "", "id_number": "", "ethnic_group": ""}, None),
    ],
)
def test_what_cannot_be_kept(world: World, more: dict[str, Any], field: str | None) -> None:
    with pytest.raises(RuleBroken) as refusal:
        given(world.trainee.person, **more)
    assert refusal.value.field == field


def test_only_administrators_hold_the_permission_unless_a_deployment_says_otherwise() -> None:
    assert [role for role in Role if Permission.PRIVATE in ROLE_PERMISSIONS[role]] == [Role.ADMIN]


def test_the_scope_is_a_post_or_a_list_of_the_unit(world: World) -> None:
    here, there = [world.units["lam-khe"].path], [world.units["binh-sa"].path]
    person = world.trainee.person  # of xã Nậm Khoang, below tỉnh Lam Khê
    assert private.get_in_scope(person.id, here) == person
    assert private.get_in_scope(person.id, [""]) == person
    for paths in (there, []):
        with pytest.raises(NotFound):
            private.get_in_scope(person.id, paths)


def test_a_look_is_recorded_and_shown_once(world: World, client: FlaskClient, client_of: Browser) -> None:
    person, browser = world.trainee.person, client_of(world.admin)
    path = f"/people/{person.id}/private"
    assert client.get(path).status_code == 303
    for account in (world.organizer, world.trainee):
        assert client_of(account).get(path).status_code == 403
        assert client_of(account).post(f"{path}/viewing").status_code == 403
    assert browser.get("/people/999999/private").status_code == 404
    assert browser.post(f"{path}/viewing").status_code == 404
    wrong = browser.post(path, data={**GOOD, "id_number": "1"})
    assert wrong.status_code == 422
    assert "12 chữ số" in wrong.get_data(as_text=True)
    assert browser.post(path, data=GOOD).status_code == 303
    page = browser.get(path).get_data(as_text=True)
    assert "Làm thẻ vào cơ quan" in page
    assert "024185000123" not in page
    looked = browser.post(f"{path}/viewing")
    assert looked.status_code == 200
    assert "024185000123" in looked.get_data(as_text=True)
    assert looked.headers["Cache-Control"] == "no-store"
    entries = session().scalars(select(AuditEntry).where(AuditEntry.verb == "private.view")).all()
    assert [(entry.actor_id, entry.subject) for entry in entries] == [(world.admin.id, f"person:{person.id}")]
    assert "024185000123" not in browser.get(path).get_data(as_text=True)


def test_forgetting(world: World, client_of: Browser) -> None:
    person, browser = world.trainee.person, client_of(world.admin)
    given(person)
    for _twice in range(2):
        assert browser.post(f"/people/{person.id}/private/removal").status_code == 303
    assert private.find(person.id) is None
    assert [entry.verb for entry in session().scalars(select(AuditEntry))].count("private.forget") == 1


def test_details_go_after_their_day(world: World) -> None:
    given(world.trainee.person, keep_until=clock.today())
    given(world.other_trainee.person)
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        assert private.expired() == 1
        job = session().scalars(select(jobs.Job).where(jobs.Job.kind == private.JOB)).one()
        assert clock.local(job.run_at).date() == clock.today()
        jobs.run_here(job)
        assert private.find(world.trainee.person_id) is None
        given(world.trainee.person, keep_until=clock.today())
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        assert private.forget_expired(None) == 1
        assert private.forget_expired(None) == 0
    assert private.find(world.other_trainee.person_id) is not None


def test_nothing_but_people_and_the_end_of_retention_reads_the_table(world: World) -> None:
    """So no export, list or interface can come to hold it unnoticed."""
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "PrivateDetails" in path.read_text(encoding="utf-8")
    }
    of_people = {f"people/{name}.py" for name in ("belongings", "holdings", "models", "private")}
    assert readers <= of_people | {"registration/retention.py"}
    assert not set(FIELDS) & set(list_columns.COLUMNS)


def test_a_role_on_a_unit_reaches_no_other_unit(
    world: World, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.ORGANIZER, ROLE_PERMISSIONS[Role.ORGANIZER] | {Permission.PRIVATE})
    path = f"/people/{world.trainee.person_id}/private"
    assert client_of(world.organizer).get(path).status_code == 200
    assert client_of(world.stranger).get(path).status_code == 404
    assert session().scalars(select(RoleGrant)).all()
