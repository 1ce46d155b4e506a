"""For door devices: `POST /api/v1/events/KEY/attendance/batches`."""

from flask import Blueprint, jsonify, request
from flask_login import current_user
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Response

from lms.attendance import batches, syncing
from lms.core import clock
from lms.core.access import requires
from lms.core.i18n import explain
from lms.core.permissions import Permission
from lms.events import queries as events

MEDIA_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/json", "application/jsonl"})

blueprint = Blueprint("attendance_api", __name__, url_prefix="/api/v1/events/<key>/attendance")


@blueprint.post("/batches")
@requires(Permission.DOOR)
def receive_batches(key: str) -> Response:
    """Take batches of scans as NDJSON; each scan is acknowledged by its id. The session's token: X-CSRFToken."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    if request.mimetype not in MEDIA_TYPES:
        raise UnsupportedMediaType
    lines = batches.read(request.get_data().splitlines(), received_at=clock.now())
    return jsonify(syncing.merge(event, lines, current_user).as_json(explain))
