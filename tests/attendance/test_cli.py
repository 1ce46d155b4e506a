"""`lms attendance …` as a script calls it."""

import json
from pathlib import Path

import pytest
from flask import Flask

from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.attendance.test_syncing import header, scan
from tests.commands import Command, command
from tests.world import World

People = dict[str, Delegate]
KEY = "lam-khe-2024"


@pytest.fixture
def run(app: Flask) -> Command:
    """`run("import", …)` calls `lms attendance import … --json`."""
    return command(app, "attendance")


def test_tickets_in_list_order(run: Command, people: People, world: World) -> None:
    registration.withdraw(people["Quỳ"], world.organizer, "Ốm")
    code, document = run("tickets", KEY)
    assert code == 0
    assert [one["full_name"] for one in document["tickets"]] == [
        "Phạm S",
        "Vàng A Chứ",
        "Nguyễn Thị Hường",
        "Đặng Văn Đức",
    ]
    assert document["tickets"][0] == {"ticket": people["S"].ticket, "full_name": "Phạm S", "unit": "Bình Sa"}


def test_sync_and_summary(run: Command, people: People, tmp_path: Path) -> None:
    wrong = at(9) - at(3)
    lines = [
        header(at(18) + wrong, at(18)),
        scan(people["Đức"].ticket, at(7, 56) + wrong),
        scan(people["Đức"].ticket, at(8, 30) + wrong, method="manual"),
        scan(people["Hường"].ticket, at(13, 40) + wrong, AFTERNOON, kind="out"),
        scan("2222-2222", at(8) + wrong),
    ]
    file = tmp_path / "scans.ndjson"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    code, document = run("sync", KEY, str(file))
    assert (code, document["stored"], document["known"], document["refused"]) == (0, 3, 0, 1)
    code, document = run("sync", KEY, str(file))
    assert (code, document["stored"], document["known"], document["refused"]) == (0, 0, 3, 1)
    code, document = run("summary", KEY)
    assert code == 0
    morning, afternoon = document["sessions"]
    assert [morning[name] for name in ("key", "present", "late", "left_early", "excused", "absent")] == [
        MORNING, 1, 0, 0, 0, 4,
    ]  # fmt: skip
    assert (afternoon["key"], afternoon["present"], afternoon["absent"]) == (AFTERNOON, 0, 5)
    [present] = [one for one in morning["people"] if one["state"] == "present"]
    assert present == {
        "ticket": people["Đức"].ticket,
        "full_name": "Đặng Văn Đức",
        "unit": "Nậm Khoang",
        "state": "present",
        "at": at(7, 56).isoformat(),
        "until": None,
        "method": "qr",
        "counts": True,
        "hours": 2.0,
    }


def test_an_event_that_is_none(run: Command) -> None:
    code, document = run("summary", "khong-co")
    assert (code, document["errors"][0]["code"]) == (1, "not-found")
