"""The door without script: choosing a half-day, and checking people in by a code or a name. The app: door_app.py."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask import session as browser
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import answers, policy, queries, service
from lms.attendance.answers import Answer
from lms.attendance.models import Scan, ScanMethod
from lms.attendance.plates import Plate, plate_of, undone
from lms.attendance.words import half_day_words
from lms.core import clock
from lms.core.access import requires
from lms.core.errors import N_, RuleBroken
from lms.core.i18n import explain
from lms.core.permissions import Permission
from lms.core.text import search_terms, tidy
from lms.core.web import see
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event, HalfDay, Point
from lms.registration import queries as registration
from lms.registration import tickets
from lms.registration.models import Delegate

MOST_MATCHES = 8
_PLATE = "door_plate"

blueprint = Blueprint("attendance", __name__, url_prefix="/events/<key>")


@dataclass(frozen=True)
class Door:
    """Where people are checked in: a half-day of an event, perhaps at one of its points only."""

    event: Event
    half_day: HalfDay
    point: Point | None

    def address(self, endpoint: str = "attendance.door_session", **values: Any) -> str:
        """An address of this door."""
        point_id = self.point.id if self.point is not None else None
        return url_for(endpoint, key=self.event.key, session_key=self.half_day.key, point=point_id, **values)

    def admit(self, delegate: Delegate | None, method: ScanMethod, exception: str) -> Answer:
        """Check someone in here; None is nobody on the list."""
        if delegate is None:
            return answers.NOT_LISTED
        account = current_user._get_current_object()
        return service.check_in(self.half_day, delegate, account, method, point=self.point, exception=exception)


@blueprint.get("/check-in")
@requires(Permission.DOOR)
def door(key: str) -> str:
    """The half-days: today's first, of these the one that is not over."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    today, over = clock.today(), {one.id for one in queries.taken_place(event)}
    half_days = sorted(event.sessions, key=lambda one: (one.on != today, one.on == today and one.id in over))
    return render_template(
        "attendance/door.html",
        event=event,
        half_days=half_days,
        counts=queries.session_counts(event),
        today=today,
        named=half_day_words,
        may_close_points=events_policy.may_manage(current_user, event, Permission.POINT),
    )


@blueprint.route("/sessions/<session_key>/check-in", methods=["GET", "POST"])
@requires(Permission.DOOR)
def door_session(key: str, session_key: str) -> str | Response | tuple[str, int]:
    """The door of one half-day. A POST takes a ticket, a name or a choice among names."""
    here = _door(key, session_key)
    if request.method == "GET":
        return _page(here, request.args.get("q", ""))
    entry, chosen = tidy(request.form.get("entry", "")), request.form.get("delegate", type=int)
    try:
        if chosen is None and not entry:
            raise RuleBroken(N_("Chưa nhập gì. Hãy quét thẻ hoặc gõ họ tên."), field="entry", code="empty")
        delegate = _chosen(here.event, chosen) or queries.find_by_ticket(here.event.id, entry)
        if delegate is None and not _is_code(entry):
            return see(here.address(q=entry))
        method = ScanMethod.MANUAL if chosen is not None else ScanMethod.QR
        answer = here.admit(delegate, method, request.form.get("exception", ""))
    except RuleBroken as refusal:
        return _page(here, entry, error=explain(refusal)), 422
    browser[_PLATE] = plate_of(answer, here.point, entry).as_json()
    return see(here.address())


@blueprint.post("/sessions/<session_key>/scans/<uuid>/annulment")
@requires(Permission.DOOR)
def undo(key: str, session_key: str, uuid: str) -> Response:
    """Take one's own scan back."""
    here = _door(key, session_key)
    scan = queries.get_scan(here.half_day, uuid)
    service.undo(scan, current_user._get_current_object())
    browser[_PLATE] = undone(scan).as_json()
    return see(here.address())


def _door(key: str, session_key: str) -> Door:
    return _at(queries.get_door(current_user, key, session_key), request.values.get("point", type=int))


def _at(half_day: HalfDay, point_id: int | None) -> Door:
    return Door(half_day.event, half_day, queries.get_point(half_day.event, point_id))


def _chosen(event: Event, delegate_id: int | None) -> Delegate | None:
    return registration.get_delegate(event, delegate_id) if delegate_id is not None else None


def _is_code(entry: str) -> bool:
    """Whether a text can only be a ticket: a name of eight letters such as "Thanh Nga" may look like one."""
    return tickets.normalise(entry) is not None and any(one.isdigit() or one == "-" for one in entry)


def _page(here: Door, typed: str, error: str = "") -> str:
    account = current_user._get_current_object()
    last = queries.last_scan_of(here.half_day, account)
    return render_template(
        "attendance/door_session.html",
        event=here.event,
        title=half_day_words(here.half_day),
        plate=None if error else _kept_plate(),
        error=error,
        last=last if last is not None and _may_undo(last) else None,
        units=_counts(here),
        off_day=here.half_day.on != clock.today(),
        **_matches(here, typed),
    )


def _may_undo(scan: Scan) -> bool:
    return policy.may_undo(current_user._get_current_object(), scan, clock.now())


def _kept_plate() -> Plate | None:
    """The plate that the POST before this page left in the browser's cookie; shown once."""
    kept = browser.pop(_PLATE, None)
    return Plate(**kept) if kept else None


def _matches(here: Door, typed: str) -> dict[str, Any]:
    typed = tidy(typed)
    found = registration.search_delegates(here.event.id, typed, MOST_MATCHES) if search_terms(typed) else []
    came_in = queries.came_in(here.half_day.id, [one.id for one in found]) if found else {}
    return {"found": found, "came_in": came_in, "q": typed, "here": here}


def _counts(here: Door) -> list[tuple[str, queries.Count]]:
    return queries.unit_counts(here.half_day, here.point.id if here.point is not None else None)
