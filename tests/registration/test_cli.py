"""`lms registration import` and `export`, exactly as the contract says."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core.db import session
from lms.events.models import Event
from lms.registration.models import Delegate, DelegateImport
from tests.commands import Command, command
from tests.core.test_repair import tcvn3
from tests.registration import sheets


@pytest.fixture
def run(app: Flask) -> Command:
    """`run("import", …)` calls `lms registration import … --json`."""
    return command(app, "registration")


def on_list() -> int:
    return session().scalar(select(func.count()).select_from(Delegate)) or 0


def test_a_list_is_reported_and_written(run: Command, open_event: Event, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(sheets.delegates(("Lý A Một", "Lam Khê", "Chuyên viên", 987654321), ("Lý A Hai", "Tỉnh Bình Sa")))
    code, dry = run("import", open_event.key, str(file), "--dry-run")
    assert (code, on_list()) == (0, 0)
    code, done = run("import", open_event.key, str(file))
    assert (code, done["written"], on_list()) == (0, 2, 2)
    assert {key: done[key] for key in dry} == dry
    assert dry["rows"] == 2
    assert dry["refused"] == dry["duplicates"] == []
    assert dry["accepted"][0] == {
        "row": 5,
        "full_name": "Lý A Một",
        "unit": "Tỉnh Lam Khê",
        "post": "Chuyên viên",
        "phone": "0987654321",
        "email": "",
        "note": "",
    }
    (repair,) = dry["repaired"]
    assert (repair["row"], repair["column"], repair["from"], repair["to"], repair["encoding"]) == (
        5,
        "E",
        "987654321",
        "0987654321",
        "phone",
    )
    code, again = run("import", open_event.key, str(file))
    assert (code, again["written"], again["accepted"], on_list()) == (0, 0, [], 2)
    assert [one["row"] for one in again["duplicates"]] == [5, 6]


def test_old_encodings_are_read_and_reported(run: Command, open_event: Event, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    text = "Họ và tên;Đơn vị\nNguyễn Thị Hường;Tỉnh Lam Khê\nTrần Đức;Xã Nậm Khoang\n"
    file.write_bytes(tcvn3(text).encode("latin-1"))
    code, done = run("import", open_event.key, str(file))
    assert (code, done["written"]) == (0, 2)
    assert [one["full_name"] for one in done["accepted"]] == ["Nguyễn Thị Hường", "Trần Đức"]
    assert {"row": 2, "column": "A", "field": "full_name", "from": "NguyÔn ThÞ H­êng", "to": "Nguyễn Thị Hường"} | {
        "encoding": "tcvn3"
    } in done["repaired"]
    assert [(one["row"], one["why"]) for one in done["alike"]] == [(2, "unit")]
    imports = session().scalar(select(func.count()).select_from(DelegateImport))
    code, again = run("import", open_event.key, str(file))
    assert (code, again["written"], again["accepted"]) == (0, 0, [])
    assert again["unchanged_since"]
    assert session().scalar(select(func.count()).select_from(DelegateImport)) == imports


def test_several_sheets_are_told_apart(run: Command, open_event: Event, tmp_path: Path) -> None:
    head = ("Họ tên", "Đơn vị")
    file = tmp_path / "a.xlsx"
    file.write_bytes(
        sheets.workbook(head, ("Lý A Một", "Lam Khê"), Hai=[head, ("Lý A Một", "Lam Khê"), ("Lý B", "Đâu")])
    )
    _code, report = run("import", open_event.key, str(file), "--dry-run")
    assert report["duplicates"] == [{"row": 2, "sheet": "Hai", "of": "Danh sách!2"}]
    assert [(one["row"], one["sheet"], one["code"]) for one in report["refused"]] == [(3, "Hai", "unit-unknown")]


def test_one_refused_row_refuses_all(run: Command, open_event: Event, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "Họ và tên;Đơn vị;SĐT\nLý A Một;Lam Khê;12\nLý A Hai;Lam Khê;\nLý A Hai;Lam Khê;\n", encoding="utf-8"
    )
    code, report = run("import", open_event.key, str(file))
    assert (code, report["written"], on_list()) == (1, 0, 0)
    (refused,) = report["refused"]
    assert (refused["row"], refused["column"], refused["code"]) == (2, "C", "phone-digits")
    assert "có 2 chữ số" in refused["message"]
    assert report["duplicates"] == [{"row": 4, "of": 3}]
    assert [(one["code"], one["where"]) for one in report["errors"]] == [("phone-digits", "C2"), ("double", "A4")]
    assert run("import", open_event.key, str(file), "--dry-run")[0] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7", "not-a-spreadsheet"), (sheets.workbook(("Họ tên",)), "missing-column"), (b"", "empty")],
)
def test_a_file_that_cannot_be_read_at_all(
    run: Command, open_event: Event, tmp_path: Path, content: bytes, code: str
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    exit_code, report = run("import", open_event.key, str(file))
    assert (exit_code, [one["code"] for one in report["errors"]]) == (1, [code])
    assert set(report["errors"][0]) == {"code", "message", "where"}


def test_wrong_usage_and_an_event_that_is_not(run: Command, open_event: Event, tmp_path: Path) -> None:
    assert run("import", open_event.key, str(tmp_path / "none.xlsx"))[0] == 2
    file = tmp_path / "a.xlsx"
    file.write_bytes(sheets.delegates(("Lý A Một", "Lam Khê")))
    code, report = run("import", "nowhere", str(file))
    assert (code, report["errors"][0]["code"]) == (1, "not-found")


def test_going_beyond_a_quota_is_reported_and_written(run: Command, event: Event, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(sheets.delegates(("Lý A Một", "Bình Sa"), ("Lý A Hai", "Bình Sa")))
    code, report = run("import", event.key, str(file))
    assert (code, report["written"]) == (0, 2)
    assert report["over_quota"] == [{"unit": "Bình Sa", "seats": 1, "registered": 2}]


def test_the_list_is_exported_in_each_form(run: Command, open_event: Event, register: Any, tmp_path: Path) -> None:
    register("Lý A Một", post="Chuyên viên")
    for form, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF")):
        file = tmp_path / f"list.{form}"
        code, told = run("export", open_event.key, "--format", form, "-o", str(file))
        assert (code, told["delegates"]) == (0, 1)
        assert file.read_bytes().startswith(start)
    rows = list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text(encoding="utf-8-sig"))))
    assert rows[1][:4] == ["1", "Lý A Một", "Chuyên viên", "Tỉnh Lam Khê"]
    assert run("export", open_event.key, "--format", "doc", "-o", "x")[0] == 2
