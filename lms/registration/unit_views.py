"""A unit's page at an event, for its focal point: fill the seats, substitute, withdraw, ask for more."""

from contextlib import suppress

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.registration import (
    applications,
    choosing,
    focal_points,
    invitations,
    policy,
    queries,
    service,
    slips,
    unit_seats,
    waiting,
)
from lms.registration.forms import SeatRequestForm, SlipForm, SubstituteForm, UnitDelegateForm, WithdrawForm
from lms.registration.manage import freed
from lms.registration.models import Application, ApplicationState, Delegate
from lms.registration.unit_seats import UnitSeats
from lms.registration.views import Answer, blueprint
from lms.registration.words import FIELDS, state_of
from lms.units.models import Unit


@blueprint.get("/events/<key>/units/<unit_key>")
@requires(Permission.SEATS)
def unit(key: str, unit_key: str) -> Answer:
    """The unit's seats, filled and free; who waits; what was asked for."""
    return _page(_seats(key, unit_key))


@blueprint.post("/events/<key>/units/<unit_key>/delegates")
@requires(Permission.SEATS)
def add_to_unit(key: str, unit_key: str) -> Answer:
    """Name one more delegate; where the seats are used up, they wait."""
    seats, form = _seats(key, unit_key), UnitDelegateForm()
    form.offer_points([(point.id, point.name) for point in seats.event.points])
    if not form.validate_on_submit():
        return _page(seats, form), 422
    try:
        asked = applications.ask(seats.event, _candidate(seats, form), current_user, by_unit=True)
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(seats, form), 422
    _tell(seats, asked)
    return see(url_for("registration.unit", key=key, unit_key=unit_key))


@blueprint.route("/events/<key>/units/<unit_key>/delegates/<int:delegate_id>/correction", methods=["GET", "POST"])
@requires(Permission.SEATS)
def put_right(key: str, unit_key: str, delegate_id: int) -> Answer:
    """Put right what was written wrongly of a delegate."""
    seats = _seats(key, unit_key)
    found = unit_seats.get_delegate(seats, delegate_id)
    form = SlipForm(data={"full_name": found.full_name, "post": found.post, "phone": found.person.phone or ""})
    if form.validate_on_submit():
        said = [form[name].data or "" for name in ("full_name", "post", "phone")]
        try:
            slips.put_right(found, current_user, *said)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu thay đổi của %(name)s.", name=found.full_name), "ok")
            return see(url_for("registration.unit", key=key, unit_key=unit_key))
    page = render_template(
        "registration/put_right.html",
        event=seats.event,
        seats=seats,
        delegate=found,
        form=form,
        history=[one for one in queries.history_of(found) if one.verb == "delegate.change"],
        fields=FIELDS,
        specimen=seats.event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<key>/units/<unit_key>/delegates/<int:delegate_id>/substitute", methods=["GET", "POST"])
@requires(Permission.SEATS)
def substitute(key: str, unit_key: str, delegate_id: int) -> Answer:
    """Name someone in a delegate's place."""
    seats = _seats(key, unit_key)
    delegate, form = unit_seats.get_delegate(seats, delegate_id), SubstituteForm()
    if form.validate_on_submit():
        try:
            policy.refuse_over(seats.event)
            candidate = form.candidate(delegate.unit)
            named = service.substitute(delegate, candidate, current_user, form.reason.data or "")
            if delegate.invited_at is not None:
                _invite_too(named)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã cử %(name)s thay %(old)s.", name=named.full_name, old=delegate.full_name), "ok")
            return see(url_for("registration.unit", key=key, unit_key=unit_key))
    page = render_template(
        "registration/substitute.html",
        event=seats.event,
        seats=seats,
        delegate=delegate,
        form=form,
        specimen=seats.event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<key>/units/<unit_key>/delegates/<int:delegate_id>/withdrawal", methods=["GET", "POST"])
@requires(Permission.SEATS)
def withdraw_from_unit(key: str, unit_key: str, delegate_id: int) -> Answer:
    """Take one of the unit's delegates off the list; whoever waits gets the seat."""
    seats = _seats(key, unit_key)
    delegate, form = unit_seats.get_delegate(seats, delegate_id), WithdrawForm()
    if form.validate_on_submit():
        try:
            policy.refuse_over(seats.event)
            seated = service.withdraw(delegate, current_user, form.reason.data or "")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(freed(delegate, seated), "ok")
            return see(url_for("registration.unit", key=key, unit_key=unit_key))
    page = render_template(
        "registration/unit_withdrawal.html",
        event=seats.event,
        seats=seats,
        delegate=delegate,
        form=form,
        specimen=seats.event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/units/<unit_key>/applications/<int:application_id>/withdrawal")
@requires(Permission.SEATS)
def take_back_application(key: str, unit_key: str, application_id: int) -> Answer:
    """Whoever waits need not wait any more."""
    seats = _seats(key, unit_key)
    found = unit_seats.get_application(seats.event, application_id)
    if found.quota_unit_id == seats.unit.id:
        applications.take_back(found, current_user)
        flash(_("Đã rút %(name)s khỏi danh sách chờ.", name=found.full_name), "ok")
    return see(url_for("registration.unit", key=key, unit_key=unit_key))


@blueprint.post("/events/<key>/units/<unit_key>/requests")
@requires(Permission.SEATS)
def ask_for_seats(key: str, unit_key: str) -> Answer:
    """Ask for more seats; asked again before the answer, it is changed."""
    seats, form = _seats(key, unit_key), SeatRequestForm()
    if not form.validate_on_submit():
        return _page(seats, request_form=form), 422
    try:
        policy.refuse_over(seats.event)
        earlier = unit_seats.open_request_of(seats)
        focal_points.ask_for_seats(seats.event, seats.unit, form.seats.data, form.reason.data, current_user)
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(seats, request_form=form), 422
    if earlier is not None:
        flash(_("Đề nghị này thay đề nghị trước, chưa được trả lời."), "info")
    flash(_("Đã gửi ban tổ chức. Đồng chí nhận trả lời qua thư và ở trang này."), "ok")
    return see(url_for("registration.unit", key=key, unit_key=unit_key))


def _seats(key: str, unit_key: str) -> UnitSeats:
    return unit_seats.get_unit_seats(current_user, key, unit_key)


def _page(seats: UnitSeats, form: UnitDelegateForm | None = None, request_form: SeatRequestForm | None = None) -> str:
    if form is None:
        form = UnitDelegateForm(formdata=None)
        form.offer_points([(point.id, point.name) for point in seats.event.points])
    asked = unit_seats.requests_of(seats)
    return render_template(
        "registration/unit.html",
        event=seats.event,
        seats=seats,
        delegates=unit_seats.delegates_of(seats),
        waiting=unit_seats.waiting_of(seats),
        requests=asked,
        form=form,
        request_form=request_form or SeatRequestForm(formdata=None),
        wrong=request.method == "POST",
        units=choosing.units_below(seats.event, seats.unit),
        may_fill=policy.may_fill(seats.event),
        may_change=policy.may_change(seats.event),
        state_of=state_of,
        specimen=seats.event.specimen,
    )


def _candidate(seats: UnitSeats, form: UnitDelegateForm) -> service.Candidate:
    chosen = form.point.data if "point" in form else None
    point = next((one for one in seats.event.points if str(one.id) == chosen), None)
    return form.candidate(_unit_meant(seats, form.unit.data or ""), point)


def _unit_meant(seats: UnitSeats, written: str) -> Unit:
    """The unit itself, or one below it; raises RuleBroken on the field "unit"."""
    if not written:
        return seats.unit
    found = service.get_unit(seats.event, written)
    if not found.path.startswith(seats.unit.path):
        message = "%(below)s không thuộc %(unit)s. Hãy chọn đơn vị trực thuộc hoặc để trống."
        raise RuleBroken(message, field="unit", code="other-unit", below=found.name, unit=seats.unit.name)
    return found


def _invite_too(named: Delegate) -> None:
    """Whoever comes for someone invited is invited; without an address the organizers see them as not invited."""
    with suppress(RuleBroken), session().begin_nested():
        invitations.invite(named, current_user.id)


def _tell(seats: UnitSeats, asked: Application) -> None:
    if asked.state == ApplicationState.SEATED:
        flash(_("Đã ghi %(name)s vào danh sách.", name=asked.full_name), "ok")
        return
    message = _(
        "Đơn vị đã dùng hết %(seats)s chỗ; %(name)s vào danh sách chờ, thứ %(place)s.",
        seats=seats.seats,
        name=asked.full_name,
        place=waiting.standing(asked),
    )
    flash(message, "warn")
