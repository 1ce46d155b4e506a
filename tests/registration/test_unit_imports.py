"""A focal point imports the people of their own unit: the same steps, no more rights than seats."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.accounts.models import Account
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, Quota
from lms.registration import choosing, importing, service, undoing
from lms.registration.models import Application, Delegate, DelegateImport
from tests.registration import sheets
from tests.registration.conftest import Register
from tests.world import World

ClientOf = Callable[[Account], FlaskClient]
UNIT = "/events/lam-khe-2024/units/binh-sa"
IMPORTS = f"{UNIT}/imports"
NAMES = ("Lý A Một", "Lý A Hai", "Lý A Ba", "Vàng A Chứ", "Phạm Văn Sĩ", "Ma Thị Tới")


def send(browser: FlaskClient, content: bytes, name: str = "danh sách.xlsx") -> TestResponse:
    return browser.post(IMPORTS, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def plain_list(*names: str) -> bytes:
    """A list as a unit keeps its own: no column says the unit."""
    header = ("STT", "Họ và tên", "Chức vụ")
    return sheets.workbook(header, *((number, name, "Chuyên viên") for number, name in enumerate(names, 1)))


def on_list(event: Event) -> list[str]:
    names = select(Delegate.full_name).where(Delegate.event_id == event.id, Delegate.withdrawn_at.is_(None))
    return sorted(session().scalars(names))


def states(event: Event) -> dict[str, str]:
    found = session().scalars(select(Application).where(Application.event_id == event.id))
    return {one.full_name: str(one.state) for one in found}


def test_people_of_the_unit_are_seated_in_the_order_of_the_file_and_the_rest_wait(
    client_of: ClientOf, focal: Account, coming: Event
) -> None:
    browser = client_of(focal)
    assert f'href="{IMPORTS}"' in browser.get(UNIT).get_data(as_text=True)
    assert "Ai không ghi đơn vị là người của Tỉnh Bình Sa" in browser.get(IMPORTS).get_data(as_text=True)
    sent = send(browser, plain_list("Lý A Một", "Lý A Hai"))
    page = browser.get(sent.location).get_data(as_text=True)
    assert "Đơn vị còn 1 chỗ cho 2 người mới" in page
    assert "Vượt chỉ tiêu" not in page
    assert "Tỉnh Bình Sa</td>" in page
    assert "ô hệ thống đã sửa" not in page
    done = browser.post(
        f"{sent.location}/writing", data={"over_quota": "1", "reason": "Cố thêm"}, follow_redirects=True
    )
    page = done.get_data(as_text=True)
    assert "1 người chưa có chỗ nên vào danh sách chờ." in page
    assert on_list(coming) == ["Lý A Một"]
    assert states(coming) == {"Lý A Hai": "waiting"}
    assert "Lý A Hai" in browser.get(UNIT).get_data(as_text=True)
    (seat,) = session().scalars(select(Delegate))
    assert (seat.unit.key, seat.over_quota_reason) == ("binh-sa", None)
    told = session().scalars(select(AuditEntry.detail).where(AuditEntry.verb == "delegates.import")).one()
    assert (told["count"], told["waiting"], told["unit"]) == (1, 1, seat.unit_id)


def test_rows_of_other_units_are_asked_about_and_never_written(
    client_of: ClientOf, focal: Account, coming: Event, world: World
) -> None:
    browser = client_of(focal)
    content = sheets.delegates(("Lý A Một", "Bình Sa"), ("Lý A Hai", "Lam Khê"), ("Lý A Ba", "Đâu đó"))
    sent = send(browser, content)
    page = browser.get(sent.location).get_data(as_text=True)
    assert "Sửa 2 dòng chưa rõ" in page
    assert "Tỉnh Lam Khê không thuộc chỉ tiêu của Tỉnh Bình Sa." in page
    refused = browser.post(f"{sent.location}/writing")
    assert (refused.status_code, "Còn 2 dòng lỗi" in refused.get_data(as_text=True)) == (422, True)
    still = {"row": ["6"], "r6-full_name": "Lý A Hai", "r6-unit": "Xã Nậm Khoang"}
    browser.post(f"{sent.location}/corrections", data=still)
    assert "Xã Nậm Khoang không thuộc chỉ tiêu của Tỉnh Bình Sa." in browser.get(sent.location).get_data(as_text=True)
    browser.post(f"{sent.location}/corrections", data={"skip-all": "1"})
    assert browser.post(f"{sent.location}/writing").status_code == 303
    assert on_list(coming) == ["Lý A Một"]
    again = send(browser, content)
    assert "Tệp này đã nhập lúc" in browser.get(again.location).get_data(as_text=True)


def test_columns_are_named_again_within_the_same_walls(client_of: ClientOf, focal: Account, coming: Event) -> None:
    browser = client_of(focal)
    sent = send(browser, sheets.delegates(("Lý A Một", "Lam Khê", "Chuyên viên")))
    answer = browser.post(f"{sent.location}/columns", data={"column-C": "", "column-B": "full_name"})
    assert answer.status_code == 303
    page = browser.get(sent.location).get_data(as_text=True)
    assert "không thuộc" not in page
    assert "Tỉnh Bình Sa</td>" in page
    browser.post(f"{sent.location}/columns", data={"column-C": "unit"})
    assert "Tỉnh Lam Khê không thuộc" in browser.get(sent.location).get_data(as_text=True)


def test_an_undo_takes_back_seats_and_applications_but_not_a_seat_given_since(
    client_of: ClientOf, focal: Account, coming: Event, world: World
) -> None:
    browser = client_of(focal)
    sent = send(browser, plain_list("Lý A Một", "Lý A Hai", "Lý A Ba"))
    browser.post(f"{sent.location}/writing")
    service.withdraw(session().scalars(select(Delegate)).one(), world.organizer, "Bận")
    assert on_list(coming) == ["Lý A Hai"]
    page = browser.post(f"{sent.location}/undoing", follow_redirects=True).get_data(as_text=True)
    assert "Lý A Hai: từ đơn đăng ký" in page
    assert on_list(coming) == ["Lý A Hai"]
    assert states(coming) == {"Lý A Hai": "seated", "Lý A Ba": "withdrawn"}
    sent = send(browser, plain_list("Vàng A Chứ"))
    assert browser.post(f"{sent.location}/removal").location == IMPORTS
    assert browser.get(sent.location).status_code == 404


def test_the_deadline_and_a_file_that_is_no_list_are_told(client_of: ClientOf, focal: Account, coming: Event) -> None:
    browser = client_of(focal)
    wrong = send(browser, b"%PDF-1.4", "danh sách.pdf")
    assert (wrong.status_code, "<title>Lỗi:" in wrong.get_data(as_text=True)) == (422, True)
    many = send(browser, plain_list(*(f"Lý A {chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(301))))
    assert (many.status_code, "tối đa 300" in many.get_data(as_text=True)) == (422, True)
    sent = send(browser, plain_list("Lý A Một"))
    coming.reply_by = clock.today() - timedelta(days=1)
    session().flush()
    for late in (browser.post(f"{sent.location}/writing"), send(browser, plain_list("Lý A Hai"))):
        assert (late.status_code, "Đã hết hạn gửi danh sách" in late.get_data(as_text=True)) == (422, True)
    page = browser.get(IMPORTS).get_data(as_text=True)
    assert "Đã hết hạn gửi danh sách" in page
    assert "Đọc tệp" not in page
    assert on_list(coming) == []


@pytest.mark.parametrize("path", ["", "/corrections", "/columns", "/writing", "/undoing", "/removal"])
def test_only_the_unit_comes_in(
    client: FlaskClient, client_of: ClientOf, focal: Account, coming: Event, world: World, path: str
) -> None:
    address = send(client_of(focal), plain_list("Lý A Một")).location + path
    method = "post" if path else "get"
    assert getattr(client, method)(address).status_code == 303
    assert getattr(client_of(world.trainee), method)(address).status_code == 403
    assert getattr(client_of(world.stranger), method)(address).status_code == 404
    assert getattr(client_of(focal), method)(address.replace("binh-sa", "lam-khe")).status_code == 404
    number = session().scalars(select(DelegateImport.id)).one()
    other_desk = f"/events/lam-khe-2024/imports/{number}{path}"
    assert getattr(client_of(world.organizer), method)(other_desk).status_code == 404
    assert getattr(client_of(focal), method)(other_desk).status_code == 403
    assert on_list(coming) == []


def test_nobody_of_another_unit_is_told_or_taken(
    client_of: ClientOf, focal: Account, coming: Event, world: World
) -> None:
    browser = client_of(focal)
    sent = send(browser, plain_list("Đặng Văn Đức"))
    page = browser.get(sent.location).get_data(as_text=True)
    assert "Công chức văn hóa" not in page
    browser.post(f"{sent.location}/corrections", data={"asked": "2", "r2-same": "yes"})
    browser.post(f"{sent.location}/writing")
    (seat,) = session().scalars(select(Delegate))
    assert seat.full_name == "Đặng Văn Đức"
    assert seat.person_id != world.trainee.person_id


def test_a_unit_below_with_a_quota_of_its_own_is_another_units(coming: Event, world: World) -> None:
    lam_khe, so = world.units["lam-khe"], world.units["so-lam-khe"]
    units = choosing.units_for(coming, lam_khe.id)
    assert units.get("Xã Nậm Khoang").name == "Xã Nậm Khoang"
    assert units.get(so.name).id == so.id
    coming.quotas.append(Quota(unit=so, seats=2))
    session().flush()
    with pytest.raises(RuleBroken) as refused:
        choosing.units_for(coming, lam_khe.id).get(so.name)
    assert (refused.value.code, refused.value.field) == ("other-unit", "unit")
    with pytest.raises(RuleBroken) as unknown:
        choosing.units_for(coming, lam_khe.id).get("Đâu đó")
    assert unknown.value.code == "unit-unknown"


@given(
    seats=st.integers(1, 4), whole=st.sampled_from((None, 0, 2, 9)), before=st.integers(0, 2), count=st.integers(1, 4)
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_more_seats_than_there_are_and_nobody_is_lost(
    focal: Account, coming: Event, register: Register, world: World, seats: int, whole: int | None, before: int,
    count: int,
) -> None:  # fmt: skip
    unit = world.units["binh-sa"]
    with session().begin_nested() as savepoint:
        quota = session().get_one(Quota, (coming.id, unit.id))
        quota.seats, coming.seats = seats, whole
        session().flush()
        for number in range(before):
            register(NAMES[5 - number], "binh-sa", reason="Có trước")
        rows = plain_list(*NAMES[:count])
        imported = importing.upload(coming, focal, rows, "a.xlsx", unit_id=unit.id)
        number = importing.write(imported, focal, "Cố thêm")
        session().expire_all()
        free = max(0, min(seats - before, (whole if whole is not None else 99) - before))
        assert number == min(count, free)
        assert quota.taken == before + number
        assert sorted([*on_list(coming), *states(coming)]) == sorted([*NAMES[:count], *NAMES[6 - before :]])
        repeated = importing.upload(coming, focal, rows, "a.xlsx", unit_id=unit.id)
        assert importing.write(repeated, focal) == 0
        assert len(states(coming)) == count - number
        undoing.undo(imported, focal)
        assert len(on_list(coming)) == before
        assert set(states(coming).values()) <= {"withdrawn"}
        savepoint.rollback()
    session().expire_all()
