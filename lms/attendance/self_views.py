"""The code on the hall's screen, and checking oneself in by it from one's own phone."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, make_response, render_template, request, url_for
from flask import session as browser
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import half_days, queries, rotating, self_check_in
from lms.attendance.answers import Answer
from lms.attendance.forms import HereForm, SwitchForm
from lms.attendance.plates import Plate, plate_of
from lms.attendance.rotating import Shown
from lms.attendance.views import blueprint as of_event
from lms.attendance.words import half_day_words
from lms.core import clock, qr
from lms.core.access import public, requires
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see, whole_address
from lms.events import queries as events
from lms.events.models import HalfDay, Point
from lms.registration import queries as registration
from lms.registration.models import Delegate

GRANT_LIFE = timedelta(minutes=3)
"""How long someone who read a fresh code has to say who they are."""
PLATE_LIFE = timedelta(minutes=30)
"""How long the answer is shown again to the browser that got it, however often it is reloaded."""
PHONE_LIFE = timedelta(days=365)
_GRANT, _PLATE, _PHONE = "hall_code", "hall_plate", "lms_phone"

blueprint = Blueprint("here", __name__, url_prefix="/here")


@dataclass(frozen=True)
class Place:
    """Where the code that was read is on the screen; `late` when it was handed in after its time."""

    shown: Shown
    half_day: HalfDay
    point: Point | None
    code: str
    late: bool


@of_event.get("/sessions/<session_key>/code")
@requires(Permission.DOOR)
def hall_code(key: str, session_key: str) -> str:
    """The screen of the hall: a code that changes every five seconds."""
    half_day, point = _hall(key, session_key)
    now = clock.now()
    return render_template(
        "attendance/hall_code.html",
        event=half_day.event,
        half_day=half_day,
        point=point,
        title=half_day_words(half_day),
        open=self_check_in.is_open(half_day, now),
        next_in=rotating.next_in(now),
        step=rotating.STEP,
        form=SwitchForm(),
        address=whole_address("here.show"),
        shown_from=half_days.begins_at(half_day) - half_days.OPENS_BEFORE,
        over=half_days.ends_at(half_day) < now,
    )


@of_event.get("/sessions/<session_key>/code.svg")
@requires(Permission.DOOR)
def hall_code_picture(key: str, session_key: str) -> Response:
    """The code of this moment as a picture; the header says for how many milliseconds it stays."""
    half_day, point = _hall(key, session_key)
    now = clock.now()
    if not half_day.event.self_check_in or not self_check_in.is_open(half_day, now):
        raise NotFound
    code = rotating.code_at(half_day.id, point.id if point is not None else None, now)
    answer = make_response(qr.svg(whole_address("here.read_code", code=code)))
    answer.mimetype = "image/svg+xml"
    answer.headers["X-Next-In"] = str(rotating.next_in(now))
    return answer


@of_event.post("/sessions/<session_key>/code")
@requires(Permission.EVENTS)
def switch_self_check_in(key: str, session_key: str) -> Response:
    """Let people check themselves in at the event, or no longer."""
    event = events.get_managed_event(current_user, key)
    half_day = events.get_half_day(event, session_key)
    self_check_in.switch(event, SwitchForm().on.data == "1", current_user._get_current_object())
    return see(url_for("attendance.hall_code", key=key, session_key=half_day.key))


@blueprint.get("/<code>")
@public
def read_code(code: str) -> Response:
    """What a camera opens: a fresh code lets this browser go on for three minutes; the address says no more."""
    shown = rotating.read(code)
    until = clock.now() + GRANT_LIFE if shown.is_fresh(clock.now()) else None
    browser[_GRANT] = {"code": code, "until": until.timestamp() if until is not None else 0}
    browser.pop(_PLATE, None)
    return see(url_for("here.show"))


@blueprint.get("/")
@public
def show() -> str | tuple[str, int]:
    """Who is here: the reader, if they are signed in and on the list; else whose badge it is."""
    plate, place = _kept_plate(), _place()
    if plate is not None or place is not None:
        return _page(place, plate)
    return render_template("attendance/here_nothing.html"), 404


@blueprint.post("/")
@public
def admit() -> Response | tuple[str, int]:
    """Check the reader in, or hand their late code in; one phone, one person."""
    place = _place()
    if place is None:
        if _kept_plate() is not None:  # sent again with the browser's way back: once is enough
            return see(url_for("here.show"))
        return render_template("attendance/here_nothing.html"), 404
    form = HereForm()
    phone = request.cookies.get(_PHONE) or str(uuid.uuid4())
    try:
        delegate = _delegate(place.half_day, form.ticket.data or "")
        plate = _admitted(place, delegate, phone)
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(place, None, form), 422
    browser[_PLATE] = {"plate": plate.as_json(), "until": (clock.now() + PLATE_LIFE).timestamp()}
    browser.pop(_GRANT, None)
    answer = see(url_for("here.show"))
    answer.set_cookie(_PHONE, phone, max_age=PHONE_LIFE, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def _admitted(place: Place, delegate: Delegate, phone: str) -> Plate:
    if place.late:
        outcome = self_check_in.hand_in_late(place.shown, place.half_day, delegate, phone)
        if not isinstance(outcome, Answer):
            word, detail = _("Đã gửi, chờ ban tổ chức xác nhận"), _("Không cần gửi lại")
            return Plate("late", "again", "clock", word, delegate.full_name, delegate.unit.short_name, detail)
    else:
        outcome = self_check_in.admit(place.half_day, place.point, delegate, phone)
    return plate_of(outcome, place.point)


def _kept_plate() -> Plate | None:
    """What this browser was answered last, while it is not old."""
    kept = browser.get(_PLATE)
    if not isinstance(kept, dict) or float(kept.get("until") or 0) < clock.now().timestamp():
        return None
    return Plate(**kept["plate"])


def _place() -> Place | None:
    """Where the code this browser read is shown; None without one, or when its half-day is no more."""
    grant = browser.get(_GRANT)
    if not isinstance(grant, dict):
        return None
    shown = rotating.read(str(grant.get("code", "")))
    half_day = session().get(HalfDay, shown.half_day_id)
    if half_day is None or not half_day.event.self_check_in:
        return None
    point = queries.get_point(half_day.event, shown.point_id)
    late = float(grant.get("until") or 0) < clock.now().timestamp()
    return Place(shown, half_day, point, str(grant["code"]), late)


def _own_delegate(half_day: HalfDay) -> Delegate | None:
    """The reader's own place on the list, if they are signed in and have one."""
    if not current_user.is_authenticated:
        return None
    return registration.find_delegate(half_day.event_id, current_user.person_id)


def _delegate(half_day: HalfDay, ticket: str) -> Delegate:
    own = _own_delegate(half_day)
    if own is None and not ticket:
        raise RuleBroken(N_("Chưa gõ mã thẻ. Hãy gõ mã in trên thẻ."), field="ticket", code="no-ticket")
    found = own or queries.find_by_ticket(half_day.event_id, ticket)
    if found is None:
        message = N_("Mã thẻ này không có trong danh sách. Hãy xem lại mã in trên thẻ, ví dụ 7K3M-X9QD.")
        raise RuleBroken(message, field="ticket", code="not-listed")
    return found


def _page(place: Place | None, plate: Plate | None, form: HereForm | None = None) -> str:
    own = _own_delegate(place.half_day) if place is not None else None
    return render_template(
        "attendance/here.html",
        place=place,
        event=place.half_day.event if place is not None else None,
        session_words=half_day_words(place.half_day) if place is not None else "",
        plate=plate,
        own=own,
        form=form or HereForm(),
    )


def _hall(key: str, session_key: str) -> tuple[HalfDay, Point | None]:
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    return events.get_half_day(event, session_key), queries.get_point(event, request.args.get("point", type=int))
