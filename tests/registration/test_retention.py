"""Retention of an event: the day, the preview, what goes and what stays, the page and the command."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.cli import main
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event
from lms.people import private
from lms.people import service as people
from lms.registration import importing, queries, retention
from lms.registration.models import Application, ApplicationState, Delegate, DelegateImport
from tests.registration.sheets import delegates
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Register = Callable[..., Delegate]
DAY = date(2025, 8, 8)
"""A year after the event; long past."""


@pytest.fixture
def seats(world: World, event: Event, register: Register) -> dict[str, Delegate]:
    """Someone known here alone; someone with an account; someone of another event that is still kept."""
    alone = register("Lê Thị A", phone="0911222333", email="a@example.vn", note="Ăn chay")
    with_account = register("Vũ Văn B", phone="0911222444", email="b@example.vn")
    accounts.create_account(with_account.person, "b@example.vn")
    both = register("Mai Thị C", "binh-sa", phone="0911222555")
    other = Event(
        key="binh-sa-2025", unit=world.units["binh-sa"], kind=event.kind, title="Hội nghị khác", place="Bình Sa",
        starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 1), published_at=clock.now(),
    )  # fmt: skip
    session().add(other)
    session().flush()
    session().add(
        Delegate(
            event=other, person=both.person, unit=both.unit, full_name="Mai Thị C", ticket="CCCC-3333",
            sort_key=both.sort_key, search="mai thi c",
        )
    )  # fmt: skip
    session().add(
        Application(event=event, unit=both.unit, state=ApplicationState.REFUSED, full_name="Đỗ D", email="d@example.vn")
    )
    for seat in (alone, both):
        details = {"born": "1985", "id_number": "", "ethnic_group": "", "purpose": "Làm thẻ", "keep_until": None}
        private.record(seat.person, **details, actor_id=None)
    importing.upload(event, world.organizer, delegates(("Vàng A Chứ", "Xã Nậm Khoang")), "danh sách.xlsx")
    session().flush()
    return {"alone": alone, "with_account": with_account, "both": both}


def counts(event: Event) -> dict[str, int]:
    return {part.kind: part.count for part in retention.preview(event)}


def test_the_preview_tells_what_goes_and_who(event: Event, seats: dict[str, Delegate]) -> None:
    assert counts(event) == {"contacts": 1, "private": 1, "notes": 1, "applications": 1, "imports": 1}
    told = {part.kind: part.examples for part in retention.preview(event)}
    assert told["contacts"] == ["Lê Thị A"]
    assert told["imports"] == ["danh sách.xlsx"]


def test_nothing_goes_before_its_day_and_nothing_more_after(
    world: World, event: Event, seats: dict[str, Delegate]
) -> None:
    for day, code in ((None, "no-day"), (clock.today() + timedelta(days=1), "not-yet")):
        retention.set_day(event, day, None)
        assert not retention.is_due(event)
        with pytest.raises(RuleBroken) as refusal:
            retention.let_go(event, None)
        assert refusal.value.code == code
    retention.set_day(event, clock.today(), None)
    assert retention.is_due(event)
    gone = retention.let_go(event, world.organizer.id)
    assert {part.kind for part in gone} == set(retention.KINDS)
    assert counts(event) == {}
    assert not retention.is_due(event)
    assert retention.let_go(event, None) == []
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "event.retention")).one()
    assert entry.detail["gone"]["contacts"] == 1


def test_contacts_that_were_corrected_go_from_the_record_too(event: Event, seats: dict[str, Delegate]) -> None:
    for seat in (seats["alone"], seats["both"]):
        known = {"full_name": seat.full_name, "title": "", "email": None}
        people.correct(seat.person, **known, phone="0988777666", actor_id=None)
    event.keep_until = DAY
    retention.let_go(event, None)
    entries = session().scalars(select(AuditEntry).where(AuditEntry.verb == "person.correct")).all()
    kept = {one.subject: "0988777666" in str(one.detail) for one in entries}
    assert kept == {f"person:{seats['alone'].person_id}": False, f"person:{seats['both'].person_id}": True}


def test_what_documents_the_event_stays(event: Event, seats: dict[str, Delegate]) -> None:
    event.keep_until = DAY
    retention.let_go(event, None)
    alone, with_account, both = seats["alone"], seats["with_account"], seats["both"]
    assert (alone.full_name, alone.unit.key, alone.note) == ("Lê Thị A", "lam-khe", "")
    assert (alone.person.phone, alone.person.email) == (None, None)
    assert "0911222333" not in alone.search
    assert "le thi a" in alone.search
    assert with_account.person.email == "b@example.vn"
    assert both.person.phone == "0911222555"
    assert private.find(alone.person_id) is None
    assert private.find(both.person_id) is not None
    imported = session().scalars(select(DelegateImport)).one()
    assert (imported.rows, imported.row_count, imported.file_name) == ([], 1, "danh sách.xlsx")
    assert len(queries.all_delegates(event, queries.Filters())) == 3


def test_the_last_of_several_events_lets_contacts_go(event: Event, seats: dict[str, Delegate]) -> None:
    session().scalars(select(Event).where(Event.key == "binh-sa-2025")).one().keep_until = DAY
    assert counts(event)["contacts"] == 2


def test_the_day_comes_after_the_event(event: Event) -> None:
    with pytest.raises(RuleBroken, match="sau khi sự kiện kết thúc"):
        retention.set_day(event, event.ends_on, None)


def test_the_page(
    world: World, event: Event, seats: dict[str, Delegate], client: FlaskClient, client_of: Browser
) -> None:
    path = f"/events/{event.key}/retention"
    browser = client_of(world.organizer)
    assert client.get(path).status_code == 303
    assert client_of(world.trainee).get(path).status_code == 403
    assert client_of(world.stranger).get(path).status_code == 404
    assert client_of(world.stranger).post(f"{path}/deletion").status_code == 404
    page = browser.get(path).get_data(as_text=True)
    assert "Lê Thị A" in page
    assert "Xóa ngay" not in page
    early = browser.post(path, data={"keep_until": "2024-08-08"})
    assert early.status_code == 422
    assert "Ngày này phải sau khi sự kiện kết thúc." in early.get_data(as_text=True)
    assert browser.post(path, data={"keep_until": "31/02/2025"}).status_code == 422
    refused = browser.post(f"{path}/deletion", follow_redirects=True).get_data(as_text=True)
    assert "Chưa đặt ngày giữ đến" in refused
    assert browser.post(path, data={"keep_until": "2025-08-08"}).status_code == 303
    assert "Xóa ngay" in browser.get(path).get_data(as_text=True)
    assert "đã đến ngày xóa" in browser.get(f"/events/{event.key}/management").get_data(as_text=True)
    for _twice in range(2):
        assert browser.post(f"{path}/deletion").status_code == 303
    assert "Không có gì phải xóa." in browser.get(path).get_data(as_text=True)
    assert "Lê Thị A" in browser.get(f"/events/{event.key}/delegates").get_data(as_text=True)


def test_a_preview_costs_a_bounded_number_of_statements(
    event: Event, seats: dict[str, Delegate], count_statements: Callable[[], Any]
) -> None:
    with count_statements() as statements:
        retention.preview(event)
    assert len(statements) <= 12


def test_the_command(app: Flask, event: Event, seats: dict[str, Delegate]) -> None:
    event.keep_until = DAY
    session().commit()
    runner = app.test_cli_runner()

    def run(*arguments: str) -> Any:
        answer = runner.invoke(main, ["registration", "retention", "--json", *arguments], obj=lambda: app)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)

    assert run("--dry-run")["events"][0]["gone"]["contacts"] == 1
    assert run()["events"][0]["event"] == "lam-khe-2024"
    assert run() == {"events": [], "deleted": True}
