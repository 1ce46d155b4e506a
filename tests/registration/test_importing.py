"""From a file to the list: all or nothing, twice is once, wrong rows are put right or left out."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.core.db import db, session
from lms.core.errors import RuleBroken, RulesBroken
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import importing, service
from lms.registration.importing import Correction, Summary
from lms.registration.models import Delegate, DelegateImport
from tests.registration import sheets
from tests.registration.conftest import Register
from tests.world import World


def names(event: Event) -> list[str]:
    return list(
        session().scalars(select(Delegate.full_name).where(Delegate.event_id == event.id).order_by(Delegate.sort_key))
    )


def counted(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def test_a_list_is_kept_shown_and_written(open_event: Event, world: World) -> None:
    content = sheets.delegates(
        ("Lý A Một", "Lam Khê", "Chuyên viên", 987654321, "mot@example.vn", "Ăn chay"),
        ("Đặng Văn Đức", "Xã Nậm Khoang", "", "0912345678"),
    )
    imported = importing.upload(open_event, world.organizer, content, "danh-sach.xlsx")
    rows = importing.rows_of(imported)
    assert Summary.of(rows) == Summary(new=2, repaired=1)
    assert (rows[0].row, rows[0].repairs[0]["from"], rows[0].repairs[0]["to"]) == (5, "987654321", "0987654321")
    assert rows[1].person_id == world.trainee.person_id
    assert names(open_event) == []
    assert importing.write(imported, world.organizer) == 2
    assert names(open_event) == ["Đặng Văn Đức", "Lý A Một"]
    one = session().scalar(select(Delegate).where(Delegate.full_name == "Lý A Một"))
    assert one
    assert (one.post, one.note, one.person.phone, one.unit.key) == (
        "Chuyên viên",
        "Ăn chay",
        "0987654321",
        "lam-khe",
    )
    assert [post.name for post in one.person.posts] == ["Chuyên viên"]


def test_the_same_file_twice_changes_nothing(open_event: Event, world: World) -> None:
    content = sheets.delegates(("Lý A Một", "Lam Khê"), ("Lý A Hai", "Bình Sa", "Chuyên viên", "0987654321"))
    first = importing.upload(open_event, world.organizer, content, "a.xlsx")
    assert importing.upload(open_event, world.organizer, content, "a.xlsx") is first
    importing.write(first, world.organizer)
    assert importing.write(first, world.organizer) == 2
    people = counted(Person)
    second = importing.upload(open_event, world.organizer, content, "a.xlsx")
    assert second is not first
    assert Summary.of(importing.rows_of(second)) == Summary(known=2)
    assert importing.write(second, world.organizer) == 0
    assert (counted(Person), len(names(open_event))) == (people, 2)


def test_someone_who_withdrew_is_not_brought_back_by_a_file(
    open_event: Event, register: Register, world: World
) -> None:
    service.withdraw(register("Lý A Một"), world.organizer, "Bận")
    imported = importing.upload(open_event, world.organizer, sheets.delegates(("Lý A Một", "Lam Khê")), "a.xlsx")
    assert Summary.of(importing.rows_of(imported)).known == 1
    assert importing.write(imported, world.organizer) == 0


def test_wrong_rows_stop_the_writing_until_put_right_or_left_out(open_event: Event, world: World) -> None:
    content = sheets.delegates(
        ("Lý A Một", "Lam Khê"),
        ("Lý A 2", "Lam Khê"),
        ("Lý A Ba", "Lam Kê", "", "123"),
        ("x" * 200, "Lam Khê"),
        ("Lý A Một", "Lam Khê"),
    )
    imported = importing.upload(open_event, world.organizer, content, "a.xlsx")
    errors = [(row.row, error["column"], error["code"]) for row in importing.rows_of(imported) for error in row.errors]
    assert errors == [
        (6, "B", "name-digits"),
        (7, "C", "unit-unknown"),
        (7, "E", "phone-digits"),
        (8, "B", "too-long"),
        (9, "B", "double"),
    ]
    with pytest.raises(RuleBroken) as refused:
        importing.write(imported, world.organizer)
    assert (refused.value.code, refused.value.params) == ("rows-wrong", {"count": 4})
    assert names(open_event) == []
    importing.correct(
        imported,
        {
            6: Correction({"full_name": "Lý A Hai"}),
            7: Correction({"unit": "Lam Khê", "phone": ""}),
            8: Correction({}, skipped=True),
        },
    )
    assert [(row.row, row.state) for row in importing.rows_of(imported)] == [
        (5, "new"),
        (6, "new"),
        (7, "new"),
        (8, "skipped"),
        (9, "error"),
    ]
    assert importing.rows_of(imported)[1].raw["full_name"] == "Lý A 2"
    importing.skip_wrong(imported)
    assert importing.write(imported, world.organizer) == 3
    with pytest.raises(RuleBroken, match="đã ghi xong"):
        importing.correct(imported, {8: Correction({}, skipped=False)})


def test_a_wrong_correction_is_shown_as_it_was_typed(open_event: Event, world: World) -> None:
    imported = importing.upload(open_event, world.organizer, sheets.delegates(("Lý A 2", "Lam Khê")), "a.xlsx")
    (row,) = importing.correct(imported, {5: Correction({"full_name": "Lý A 3", "unit": "Bình Sa"})}).rows
    assert (row.state, row.cell("full_name"), row.values["unit"], row.raw["full_name"]) == (
        "error",
        "Lý A 3",
        "Tỉnh Bình Sa",
        "Lý A 2",
    )


def test_a_day_of_birth_leaves_no_trace(open_event: Event, world: World) -> None:
    content = sheets.workbook(
        ("Họ tên", "Đơn vị", "Ngày sinh"), ("Lý A Một", "Lam Khê", "02/03/1985"), ("Lý A Hai", "Lam Khê", "31/02/1985")
    )
    imported = importing.upload(open_event, world.organizer, content, "a.xlsx")
    right, wrong = importing.rows_of(imported)
    assert "1985" not in str(right.plain())
    assert wrong.errors[0]["code"] == "born"
    importing.correct(imported, {3: Correction({"born": ""})})
    assert importing.write(imported, world.organizer) == 2


def test_quotas_hold_for_a_file_unless_a_reason_is_given(event: Event, world: World) -> None:
    content = sheets.delegates(("Lý A Một", "Bình Sa"), ("Lý A Hai", "Bình Sa"), ("Lý A Ba", "Bộ Thử nghiệm"))
    imported = importing.upload(event, world.organizer, content, "a.xlsx")
    assert importing.over_quota(event, importing.rows_of(imported)) == [("Bình Sa", 1, 2), ("Bộ Thử nghiệm", 0, 1)]
    with pytest.raises(RuleBroken) as refused:
        importing.write(imported, world.organizer)
    assert (refused.value.code, refused.value.params["units"]) == ("over-quota", "Bình Sa 2/1; Bộ Thử nghiệm 1/0")
    assert names(event) == []
    assert importing.write(imported, world.organizer, "Công văn bổ sung") == 3
    beyond = select(Delegate.full_name).where(Delegate.event_id == event.id, Delegate.over_quota_reason.is_not(None))
    assert set(session().scalars(beyond)) == {"Lý A Hai", "Lý A Ba"}, "the first of the file had a seat"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", sheets.workbook(("STT", "Họ tên")), sheets.workbook(("Họ tên", "Đơn vị"))]
)
def test_a_file_that_is_no_list_leaves_nothing(open_event: Event, world: World, content: bytes) -> None:
    with pytest.raises((RuleBroken, RulesBroken)):
        importing.upload(open_event, world.organizer, content, "a.xlsx")
    assert counted(DelegateImport) == 0


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["Lý A Một", "Lý A Hai", "LY A HAI", "Phạm S", "Đặng Văn Đức", "Sai 9", ""]),
        st.sampled_from(["Lam Khê", "Tỉnh Bình Sa", "Không Đâu"]),
        st.sampled_from(["", "Chuyên viên"]),
        st.sampled_from(["", "0912345678", "987654321", "12"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, leave_out=st.booleans())
def test_writing_is_all_or_nothing_and_twice_is_once(
    app: Flask, open_event: Event, world: World, people: list[tuple[str, str, str, str]], leave_out: bool
) -> None:
    content = sheets.delegates(*people)
    with db.session.begin_nested() as attempt:
        imported = importing.upload(open_event, world.organizer, content, "a.xlsx")
        if leave_out:
            importing.skip_wrong(imported)
        summary = Summary.of(importing.rows_of(imported))
        before = (counted(Delegate), counted(Person))
        if summary.wrong:
            with pytest.raises(RuleBroken):
                importing.write(imported, world.organizer)
            assert (counted(Delegate), counted(Person)) == before
            assert imported.written_at is None
        else:
            assert importing.write(imported, world.organizer) == summary.new == counted(Delegate) - before[0]
            after = (counted(Delegate), counted(Person))
            again = importing.upload(open_event, world.organizer, content, "a.xlsx")
            importing.skip_wrong(again)
            assert importing.write(again, world.organizer) == 0
            assert (counted(Delegate), counted(Person)) == after
        attempt.rollback()
    session().expire_all()


def test_a_list_does_not_go_beyond_the_seats_of_the_event_without_a_reason(open_event: Event, world: World) -> None:
    open_event.seats = 1
    session().flush()
    imported = importing.upload(
        open_event, world.organizer, sheets.delegates(("Lý A Một", "Lam Khê"), ("Lý A Hai", "Bình Sa")), "a.xlsx"
    )
    assert importing.over_quota(open_event, importing.rows_of(imported)) == [(open_event.title, 1, 2)]
    with pytest.raises(RuleBroken) as beyond:
        importing.write(imported, world.organizer)
    assert beyond.value.code == "over-quota"
    assert names(open_event) == []
    assert importing.write(imported, world.organizer, "Hội trường có thêm ghế") == 2
    assert session().scalar(select(Event.seats_taken).where(Event.id == open_event.id)) == 2
