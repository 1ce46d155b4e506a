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
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Response

from lms.attendance import batches, devices, doors, queries, syncing
from lms.attendance.doors import Door
from lms.attendance.forms import DeviceRequest
from lms.attendance.news import marks_since
from lms.attendance.pack import pack
from lms.core import clock
from lms.core.access import by_token, public, requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import explain
from lms.core.permissions import Permission
from lms.core.web import check_csrf, without_csrf
from lms.events import queries as events
from lms.events.models import Event

MEDIA_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/json", "application/jsonl"})

blueprint = Blueprint("attendance_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Caller:
    """Who asks for which event: an account, and the device they opened where it is the device that asks."""

    event_id: int
    account_id: int
    door: Door | None = None

    @property
    def point_id(self) -> int | None:
        """The point the device serves."""
        return self.door.point_id if self.door is not None else None


@blueprint.post("/events/<key>/attendance/devices")
@requires(Permission.DOOR)
def open_device(key: str) -> Response | tuple[Response, int]:
    """`{"key", "name", "point"}` → the device and its token, for this browser."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    try:
        asked = DeviceRequest.read(_json())
        point = queries.get_point(event, asked.point)
        opened = devices.open_device(
            event, current_user._get_current_object(), asked.key, asked.name, point, asked.held
        )
    except RuleBroken as refusal:
        return _refused(refusal)
    return jsonify(_as_json(opened))


@blueprint.post("/attendance/devices")
@without_csrf
@public
def pair_device() -> Response | tuple[Response, int]:
    """`{"code", "key", "name"}` → the device and its token: a phone without an account, opened with a pairing code.

    `{"code", "asks": true}` → whether the code is good, before the keeper is asked for a name; nothing is opened.
    """
    sent = _json()
    code = sent.get("code")
    try:
        if sent.get("asks") is True:
            devices.read_pairing(code if isinstance(code, str) else "")
            return jsonify(good=True)
        asked = DeviceRequest.read(sent)
        opened = devices.pair(code if isinstance(code, str) else "", asked.key, asked.name, asked.held)
    except RuleBroken as refusal:
        return _refused(refusal)
    return jsonify(_as_json(opened))


@blueprint.get("/events/<key>/attendance/pack")
@by_token
def show_pack(key: str) -> Response | tuple[Response, int]:
    """What the device holds; 304 where it has not changed, 410 once the event has closed."""
    caller = _caller(key)
    event = session().get_one(Event, caller.event_id)
    if devices.closes_at(event) <= clock.now():
        return _errors(410, "event-closed")
    answer = jsonify(pack(event, queries.get_point(event, caller.point_id)))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.post("/events/<key>/attendance/batches")
@without_csrf
@by_token
def receive_batches(key: str) -> Response:
    """Take batches of scans as NDJSON; each line is acknowledged by its id.

    A header that bears `after` (a cursor, 0 at first) is also told what others did since (`changes`); `waiting` is how
    many scans the device still has, `closing` that it closes for good.
    """
    caller = _caller(key)
    if request.mimetype not in MEDIA_TYPES:
        raise UnsupportedMediaType
    lines = request.get_data().splitlines()
    told, outcome = _first(lines), _merged(caller, lines)
    answer = outcome.as_json(explain)
    if caller.door is not None:
        doors.heard(caller.door, _number(told.get("waiting")))
        if told.get("closing") is True:
            devices.close(caller.door.key)
    after = _number(told.get("after"))
    if after is not None:
        answer["changes"] = marks_since(caller.event_id, caller.point_id, after, _moment(told.get("since")))
    return jsonify(answer)


def _merged(caller: Caller, lines: list[bytes]) -> syncing.Outcome:
    """Merge, and once more if another transaction stored one of the uuids meanwhile: then it is known."""
    received_at = clock.now()
    try:
        return _merge(caller, lines, received_at)
    except IntegrityError:
        session().rollback()
        return _merge(caller, lines, received_at)


def _merge(caller: Caller, lines: list[bytes], received_at: datetime) -> syncing.Outcome:
    return syncing.merge(
        caller.event_id,
        batches.read(lines, received_at),
        caller.account_id,
        device=caller.door.key if caller.door is not None else None,
        point_id=caller.point_id,
    )


def _caller(key: str) -> Caller:
    """Who asks for this event. Aborts with 401, 403 or 404 where nobody may."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        door = doors.find_door(key, token.strip())
        if door is None:
            abort(_errors(401, "device-unknown"))
        if door.revoked_at is not None:
            abort(_errors(403, "device-revoked"))
        return Caller(door.event_id, door.opened_by_id, door)
    if not current_user.is_authenticated:
        abort(401)
    if request.method != "GET":
        check_csrf()
    if not current_user.has_permission(Permission.DOOR):
        abort(403)
    return Caller(events.get_managed_event(current_user, key, Permission.DOOR).id, current_user.id)


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
    except (ValueError, RecursionError):
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
