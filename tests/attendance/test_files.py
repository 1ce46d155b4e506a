"""Files that devices saved, handed in on a page: what was stored, known and refused, and files that are none."""

import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance.models import Scan
from lms.core.db import session
from lms.events.models import Event
from lms.registration.models import Delegate
from tests.attendance.conftest import MORNING, at, build_event
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
FILES = "/events/lam-khe-2024/attendance/files"
HEADER = {"batch": "1d1f6a57-3f0d-4a0e-9d8e-0a0c5a9f6a01", "device": "cửa 1", "sent_at": "2024-08-07T12:00:00+07:00"}


def scan(number: int, ticket: str, **changes: object) -> dict[str, object]:
    line = {"scan": f"00000000-0000-4000-8000-{number:012d}", "seq": number, "session": MORNING, "ticket": ticket}
    return line | {"kind": "in", "at": "2024-08-07T07:20:00+07:00", "method": "qr"} | changes


def file_of(*lines: object) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines)


def hand_in(browser: FlaskClient, content: bytes, name: str = "cua-1.ndjson") -> object:
    return browser.post(FILES, data={"file": (io.BytesIO(content), name)})


def test_who_may_hand_in(client: FlaskClient, client_of: Browser, door_keeper: World, people: People) -> None:
    content = file_of(HEADER, scan(1, people["Đức"].ticket))
    assert client.get(FILES).status_code == 303
    assert hand_in(client, content).status_code == 303
    for name, status in (("stranger", 404), ("instructor", 403)):
        browser = client_of(door_keeper.accounts[name])
        assert browser.get(FILES).status_code == status
        assert hand_in(browser, content).status_code == status
    assert session().scalars(select(Scan)).all() == []
    assert hand_in(client_of(door_keeper.trainee), content).status_code == 303
    assert session().scalars(select(Scan)).one().at == at(7, 20)


def test_what_became_of_each_line(client_of: Browser, world: World, people: People) -> None:
    elsewhere = scan(3, people["S"].ticket, session="2024-08-08-sang")
    content = file_of(HEADER, scan(1, people["Đức"].ticket), b"", scan(2, "ZZZZ-9999"), elsewhere, b'{"scan": "0000')
    browser = client_of(world.organizer)
    page = browser.get(hand_in(browser, content).location).get_data(as_text=True)
    assert [page.count(f">{number}</dd>") for number in (0, 1, 3)] == [1, 1, 1]
    told = page[page.index("Các dòng bị từ chối") :]
    assert '<th scope="row">4</th>' in told
    assert "Mã “ZZZZ-9999” không có trong danh sách của sự kiện." in told
    assert '<th scope="row">5</th>' in told
    assert "Sự kiện không có buổi “2024-08-08-sang”." in told
    assert '<th scope="row">6</th>' in told
    assert "cua-1.ndjson" in browser.get(FILES).get_data(as_text=True)


def test_the_same_file_again_changes_nothing(client_of: Browser, world: World, people: People) -> None:
    browser, content = client_of(world.organizer), b"\xef\xbb\xbf" + file_of(HEADER, scan(1, people["Đức"].ticket))
    hand_in(browser, content)
    before = [(one.uuid, one.at, one.stored_at) for one in session().scalars(select(Scan))]
    page = browser.get(hand_in(browser, content).location).get_data(as_text=True)
    assert "Mọi dòng đã có từ trước; không có gì thay đổi." in page
    assert [(one.uuid, one.at, one.stored_at) for one in session().scalars(select(Scan))] == before
    assert len(before) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("danh-sach.xlsx", b"PK\x03\x04", "Không nhận loại tệp “danh-sach.xlsx”"),
        ("khong-duoi", b"{}", "Không nhận loại tệp"),
        ("cua-1.ndjson", b"", "rỗng"),
        ("cua-1.ndjson", b"\n \n", "rỗng"),
        ("cua-1.ndjson", b"PK\x03\x04\xff", "dòng đầu không đọc được"),
        ("cua-1.txt", b"[1, 2]\n", "dòng đầu không đọc được"),
        ("cua-1.json", b'{"a": 1}\n', "dòng đầu không đọc được"),
    ],
)
def test_a_file_that_is_none(
    client_of: Browser, world: World, event: Event, name: str, content: bytes, words: str
) -> None:
    answer = hand_in(client_of(world.organizer), content, name)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "<title>Lỗi:" in page


def test_no_file_at_all(client_of: Browser, world: World, event: Event) -> None:
    answer = client_of(world.organizer).post(FILES, data={})
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.get_data(as_text=True)


def test_a_file_larger_than_this_deployment_takes(app: Flask, client_of: Browser, world: World, event: Event) -> None:
    limit, app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_CONTENT_LENGTH"], 1000
    try:
        assert hand_in(client_of(world.organizer), b"x" * 2000).status_code == 413
    finally:
        app.config["MAX_CONTENT_LENGTH"] = limit


def test_a_receipt_belongs_to_its_event(client_of: Browser, world: World, people: People) -> None:
    browser = client_of(world.organizer)
    receipt = hand_in(browser, file_of(HEADER, scan(1, people["Đức"].ticket))).location.rpartition("=")[2]
    build_event(world, "khac")
    assert browser.get(f"{FILES}?receipt={receipt}").status_code == 200
    assert browser.get(f"/events/khac/attendance/files?receipt={receipt}").status_code == 404
    assert browser.get(f"{FILES}?receipt=999999").status_code == 404


def test_a_cancelled_event_takes_no_file(client_of: Browser, world: World, event: Event, people: People) -> None:
    event.cancelled_at = at(6)
    answer = hand_in(client_of(world.organizer), file_of(HEADER, scan(1, people["Đức"].ticket)))
    assert answer.status_code == 422
    assert "đã hủy" in answer.get_data(as_text=True)
