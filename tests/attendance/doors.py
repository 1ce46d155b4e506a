"""A door device in tests: opened for an event, it sends batches with its token."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.accounts.models import Account
from lms.attendance import devices
from lms.core import clock
from lms.events.models import Event, Point
from tests.attendance.conftest import at
from tests.attendance.test_syncing import header

NDJSON = "application/x-ndjson"


@dataclass
class Door:
    """A device, and the browser it sends with."""

    browser: FlaskClient
    event: str
    key: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """By which the server knows it."""
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, *lines: dict[str, Any], sent_at: datetime | None = None, **header_more: Any) -> TestResponse:
        """Send lines as one batch with the right time; what the server answers."""
        opened = header(sent_at or clock.now(), device=self.key) | header_more
        return self.post("\n".join(json.dumps(line) for line in (opened, *lines)).encode())

    def post(self, body: bytes, content_type: str = NDJSON) -> TestResponse:
        """Send a body as it is."""
        address = f"/api/v1/events/{self.event}/attendance/batches"
        return self.browser.post(address, data=body, content_type=content_type, headers=self.headers)

    def pack(self, **headers: str) -> TestResponse:
        """Ask for what the device holds."""
        return self.browser.get(f"/api/v1/events/{self.event}/attendance/pack", headers=self.headers | headers)


def opened(
    browser: FlaskClient, event: Event, by: Account, name: str = "Cửa chính", point: Point | None = None
) -> Door:
    """A new device of the event, opened on its morning."""
    key = str(uuid4())
    with clock.stopped_at(at(7)):
        token = devices.open_device(event, by, key, name, point).token
    return Door(browser, event.key, key, token)


def undoing(of: str, **changes: Any) -> dict[str, Any]:
    """The line that takes a scan back."""
    return {"annulment": str(uuid4()), "of": of, "at": at(8).isoformat()} | changes


def answers(answer: TestResponse) -> list[str]:
    """What became of each line: its status, or the code of its refusal."""
    assert answer.status_code == 200, answer.data
    return [one.get("code") or one["status"] for one in answer.get_json()["scans"]]
