"""The door devices of an event: which there are, opening one on this browser, pairing another, revoking."""

from flask import Response, flash, render_template, request, url_for
from flask import session as browser
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField

from lms.attendance import devices, queries
from lms.attendance.views import blueprint
from lms.core import clock, qr
from lms.core.access import requires
from lms.core.errors import NotFound
from lms.core.forms import Form, choices, optional
from lms.core.i18n import _, lazy
from lms.core.permissions import Permission
from lms.core.web import see, whole_address
from lms.events import queries as events
from lms.events.models import Event

_PAIRING = "door_pairing"
"""In the browser's cookie: the event's key and the code that this browser shows; it stands in no address."""


class PairingForm(Form):
    """Which point the other device is to serve."""

    pairing_point = SelectField(lazy("Điểm cầu"), [optional()], coerce=lambda one: int(one) if one else None)


@blueprint.get("/check-in/devices", endpoint="devices")
@requires(Permission.DOOR)
def list_devices(key: str) -> str:
    """The event's devices, and the two ways of opening one."""
    event = _event(key)
    return _page(event, _form(event))


@blueprint.post("/check-in/devices/<int:device_id>/revocation")
@requires(Permission.DOOR)
def revoke_device(key: str, device_id: int) -> BaseResponse:
    """Let a device serve no more."""
    device = devices.get_device(_event(key), device_id)
    devices.revoke(device, current_user._get_current_object())
    flash(_("Đã thu hồi máy “%(name)s”. Máy xóa danh sách ngay khi có mạng.", name=device.name), "ok")
    return see(url_for("attendance.devices", key=key))


@blueprint.post("/check-in/devices/pairing")
@requires(Permission.DOOR)
def start_pairing(key: str) -> BaseResponse | tuple[str, int]:
    """Draw a pairing code and show it."""
    event = _event(key)
    form = _form(event)
    if not form.validate():
        return _page(event, form), 422
    point = queries.get_point(event, form.pairing_point.data)
    code = devices.pairing_code(event, current_user._get_current_object(), point)
    browser[_PAIRING] = [event.key, code, point.name if point is not None else ""]
    return see(url_for("attendance.pairing", key=key))


@blueprint.get("/check-in/devices/pairing")
@requires(Permission.DOOR)
def pairing(key: str) -> str:
    """The code that this browser drew last, as a picture and as a link; without one, how to draw one."""
    event = _event(key)
    code, point = _drawn(event)
    until = devices.good_until(code) if code else None
    if until is not None and until <= clock.now():
        code, until = "", None
    return render_template(
        "attendance/pairing.html", event=event, link=_link(code) if code else "", point=point, until=until
    )


@blueprint.get("/check-in/devices/pairing.svg")
@requires(Permission.DOOR)
def pairing_picture(key: str) -> Response:
    """The QR code of that link; 404 where none was drawn."""
    code, _point = _drawn(_event(key))
    if not code:
        raise NotFound
    return Response(qr.svg(_link(code)), mimetype="image/svg+xml")


def _event(key: str) -> Event:
    return events.get_managed_event(current_user, key, Permission.DOOR)


def _form(event: Event) -> PairingForm:
    form = PairingForm()
    form.pairing_point.choices = choices([(one.id, one.name) for one in event.points], _("Mọi điểm"))
    return form


def _drawn(event: Event) -> tuple[str, str]:
    """The code drawn for this event and the name of its point."""
    key, code, point = browser.get(_PAIRING) or ("", "", "")
    return (code, point) if key == event.key else ("", "")


def _link(code: str) -> str:
    """What the other phone's camera opens; behind the "#", no server sees the code on the way."""
    return f"{whole_address('door.shell')}#pair={code}"


def _page(event: Event, form: PairingForm) -> str:
    return render_template(
        "attendance/devices.html",
        event=event,
        form=form,
        page=devices.of_event(event, request.args.get("page", 1, type=int)),
        closed=devices.closes_at(event) <= clock.now() or event.cancelled_at is not None,
    )
