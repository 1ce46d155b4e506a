"""For door devices: opening one, what it holds, and `POST /api/v1/events/KEY/attendance/batches` (docs/attendance.md).

A device proves itself by its token (`Authorization: Bearer …`); without one the caller is whoever is signed in, and a
POST then needs the session's token too (`X-CSRFToken`).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask_login import current_user
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Response

from lms.accounts.models import Account
from lms.attendance import batches, devices, queries, syncing
from lms.attendance.forms import DeviceRequest
from lms.attendance.models import DoorDevice
from lms.attendance.pack import marks_since, pack
from lms.core import clock
from lms.core.access import by_token, public, requires
from lms.core.errors import RuleBroken
from lms.core.i18n import explain
from lms.core.permissions import Permission
from lms.core.web import check_csrf, csrf
from lms.events import queries as events
from lms.events.models import Event, Point

MEDIA_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/json", "application/jsonl"})

blueprint = Blueprint("attendance_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Caller:
    """Who asks: an account, and the device they opened where it is the device that asks."""

    event: Event
    account: Account
    device: DoorDevice | None = None

    @property
    def point(self) -> Point | None:
        """The point the device serves."""
        return self.device.point if self.device is not None else None


@blueprint.post("/events/<key>/attendance/devices")
@requires(Permission.DOOR)
def open_device(key: str) -> Response | tuple[Response, int]:
    """`{"key", "name", "point"}` → the device and its token, for this browser."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    try:
        asked = DeviceRequest.read(_json())
        point = queries.get_point(event, asked.point)
        opened = devices.open_device(event, current_user._get_current_object(), asked.key, asked.name, point)
    except RuleBroken as refusal:
        return _refused(refusal)
    return jsonify(_as_json(opened))


@blueprint.post("/attendance/devices")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def pair_device() -> Response | tuple[Response, int]:
    """`{"code", "key", "name"}` → the device and its token: a phone without an account, opened with a pairing code."""
    sent = _json()
    code = sent.get("code")
    try:
        asked = DeviceRequest.read(sent)
        opened = devices.pair(code if isinstance(code, str) else "", asked.key, asked.name)
    except RuleBroken as refusal:
        return _refused(refusal)
    return jsonify(_as_json(opened))


@blueprint.get("/events/<key>/attendance/pack")
@by_token
def show_pack(key: str) -> Response | tuple[Response, int]:
    """What the device holds; 304 where it has not changed, 410 once the event has closed."""
    caller = _caller(key)
    if devices.closes_at(caller.event) <= clock.now():
        return _errors(410, "event-closed")
    answer = jsonify(pack(caller.event, caller.point))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.post("/events/<key>/attendance/batches")
@csrf.exempt  # type: ignore[untyped-decorator]
@by_token
def receive_batches(key: str) -> Response:
    """Take batches of scans as NDJSON; each line is acknowledged by its id.

    A header that bears `after` (a cursor, 0 at first) is also told what others did since (`changes`); `waiting` is how
    many scans the device still has.
    """
    caller = _caller(key)
    if request.mimetype not in MEDIA_TYPES:
        raise UnsupportedMediaType
    lines = request.get_data().splitlines()
    told = _first(lines)
    device = caller.device
    outcome = syncing.merge(
        caller.event,
        batches.read(lines, received_at=clock.now()),
        caller.account,
        device=device.key if device is not None else None,
        point=caller.point,
    )
    answer = outcome.as_json(explain)
    if device is not None:
        devices.heard(device, _number(told.get("waiting")))
    after = _number(told.get("after"))
    if after is not None:
        answer["changes"] = marks_since(caller.event, after, _moment(told.get("since")))
    return jsonify(answer)


def _caller(key: str) -> Caller:
    """Who asks for this event. Aborts with 401, 403 or 404 where nobody may."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        device = devices.find_device(key, token.strip())
        if device is None:
            abort(_errors(401, "device-unknown"))
        if device.revoked_at is not None:
            abort(_errors(403, "device-revoked"))
        return Caller(device.event, device.opened_by, device)
    if not current_user.is_authenticated:
        abort(401)
    if request.method != "GET":
        check_csrf()
    if not current_user.has_permission(Permission.DOOR):
        abort(403)
    return Caller(events.get_managed_event(current_user, key, Permission.DOOR), current_user._get_current_object())


def _as_json(opened: devices.Opened) -> dict[str, Any]:
    device = opened.device
    return {
        "event": device.event.key,
        "device": device.key,
        "name": device.name,
        "point": device.point_id,
        "token": opened.token,
    }


def _json() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def _first(lines: list[bytes]) -> dict[str, Any]:
    try:
        told = json.loads(lines[0]) if lines else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _refused(refusal: RuleBroken) -> tuple[Response, int]:
    return jsonify(errors=[{"code": refusal.code, "message": explain(refusal), "where": refusal.field}]), 422


def _errors(status: int, code: str) -> Response:
    answer = jsonify(errors=[{"code": code, "message": "", "where": None}])
    answer.status_code = status
    return answer
