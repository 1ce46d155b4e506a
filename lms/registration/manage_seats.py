"""Who asks for seats, for those who run the event: registrations, the waiting list, focal points, requests."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.core.i18n import _, explain, ngettext
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import queries as events
from lms.events.models import Event
from lms.registration import applications, choosing, focal_points, queries, same_person, service, unit_seats, waiting
from lms.registration.forms import FocalPointForm
from lms.registration.known import WHY_ALIKE
from lms.registration.manage import Answer, managed
from lms.registration.models import Application, ApplicationState, SeatRequest
from lms.registration.same_person import Said
from lms.registration.views import blueprint


@blueprint.get("/events/<key>/waiting-list")
@requires(Permission.DELEGATES)
def waiting_list(key: str) -> Answer:
    """Registrations to approve, requests for more seats, and who waits, with the rule in a sentence."""
    return _waiting_page(managed(key))


@blueprint.post("/events/<key>/applications/<int:application_id>/<any(approval,refusal):answer>")
@requires(Permission.DELEGATES)
def answer_application(key: str, application_id: int, answer: str) -> Answer:
    """Let a registration stand in line, or refuse it with a reason."""
    event = managed(key)
    found = unit_seats.get_application(event, application_id)
    try:
        if answer == "refusal":
            applications.refuse(found, current_user, request.form.get("reason", "")[:300])
            flash(_("Đã trả lời %(name)s.", name=found.full_name), "ok")
        else:
            applications.approve(found, current_user, _said())
            flash(*_approved(found))
    except RuleBroken as refusal:
        session().rollback()
        field = "reason" if answer == "refusal" else "same"
        return _waiting_page(event, {f"{field}-{application_id}": explain(refusal)}), 422
    return see(url_for("registration.waiting_list", key=key))


@blueprint.post("/events/<key>/seat-requests/<int:request_id>/answer")
@requires(Permission.DELEGATES)
def answer_request(key: str, request_id: int) -> Answer:
    """Grant a unit some of the seats it asked for, or none."""
    event = managed(key)
    found = unit_seats.get_request(event, request_id)
    granted = request.form.get("granted", "").strip()
    try:
        if not granted.isdecimal() or len(granted) > 4:
            raise RuleBroken("Cần một số nguyên.", code="seats")
        focal_points.answer_request(found, int(granted), request.form.get("answer", "")[:500], current_user)
    except (RuleBroken, RulesBroken) as refusal:
        session().rollback()
        first = refusal.refusals[0] if isinstance(refusal, RulesBroken) else refusal
        return _waiting_page(event, {f"granted-{request_id}": explain(first)}), 422
    for words, kind in _answered(event, found):
        flash(words, kind)
    return see(url_for("registration.waiting_list", key=key))


@blueprint.post("/events/<key>/waiting-list/promotion")
@requires(Permission.DELEGATES)
def promote(key: str) -> Answer:
    """Give what is free to whoever waits: after the deadline, seats that other units did not use."""
    event = managed(key)
    given = len(service.seats_changed(event))
    if given:
        flash(ngettext("Đã trao %(num)s chỗ.", "Đã trao %(num)s chỗ.", given), "ok")
    else:
        flash(_("Chưa có chỗ nào trao được theo quy tắc."), "info")
    return see(url_for("registration.waiting_list", key=key))


@blueprint.route("/events/<key>/focal-points", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def focal_points_of(key: str) -> Answer:
    """Who fills which unit's seats; naming one sends them a mail."""
    event, form = managed(key), FocalPointForm()
    if form.validate_on_submit():
        try:
            unit = service.get_unit(event, form.unit.data or "")
            named = focal_points.name(event, unit, form.full_name.data, form.email.data, current_user)
            sent = _("đã gửi thư") if event.published_at else _("thư gửi khi công bố sự kiện")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(
                _("%(name)s là đầu mối của %(unit)s; %(sent)s.", name=named.account.name, unit=unit.name, sent=sent),
                "ok",
            )
            return see(url_for("registration.focal_points_of", key=key))
    page = render_template(
        "registration/focal_points.html",
        event=event,
        form=form,
        named=unit_seats.focal_points_of(event),
        picture=queries.quota_picture(event),
        earlier=choosing.earlier_events(current_user, event),
        units=choosing.quota_units(event),
        specimen=event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/focal-points/copies")
@requires(Permission.DELEGATES)
def copy_focal_points(key: str) -> Answer:
    """Name whoever served the same units at an earlier event."""
    event = managed(key)
    earlier = events.get_managed_event(current_user, request.form.get("earlier", "")[:80], Permission.DELEGATES)
    number = focal_points.copy_from(event, earlier, current_user)
    words = ngettext("Đã thêm %(num)s đầu mối.", "Đã thêm %(num)s đầu mối.", number)
    if number:
        words += " " + (_("Đã gửi thư cho từng người.") if event.published_at else _("Thư gửi khi công bố sự kiện."))
    flash(words, "ok" if number else "info")
    return see(url_for("registration.focal_points_of", key=key))


@blueprint.post("/events/<key>/focal-points/<int:unit_id>/<int:account_id>/removal")
@requires(Permission.DELEGATES)
def remove_focal_point(key: str, unit_id: int, account_id: int) -> Answer:
    """Take a unit's page away from someone."""
    event = managed(key)
    found = unit_seats.get_focal_point(event, unit_id, account_id)
    focal_points.remove(found, current_user)
    flash(_("Đã bỏ đầu mối. Những gì người này đã ghi vẫn còn."), "ok")
    return see(url_for("registration.focal_points_of", key=key))


def _approved(found: Application) -> tuple[str, str]:
    """What came of an approval, in words, with its kind of message."""
    if found.state == ApplicationState.SEATED:
        return _("Đã ghi %(name)s vào danh sách.", name=found.full_name), "ok"
    if found.state == ApplicationState.REFUSED:
        return _("%(name)s đã có trong danh sách nên không ghi thêm chỗ nào.", name=found.full_name), "warn"
    return _("%(name)s vào danh sách chờ.", name=found.full_name), "ok"


def _said() -> Said | None:
    """What the page says of the person shown beside the registration."""
    person_id, same = request.form.get("alike", type=int), request.form.get("same")
    return Said(person_id, {"yes": True, "no": False}.get(same or "")) if person_id is not None else None


def _answered(event: Event, request: SeatRequest) -> list[tuple[str, str]]:
    """What an answer to a unit did, in words, each with its kind of message."""
    unit, granted = request.unit.name, request.granted or 0
    if not granted:
        return [(_("Đã trả lời %(unit)s: chưa giao thêm chỗ nào.", unit=unit), "ok")]
    words = N_("Đã giao thêm %(num)s chỗ cho %(unit)s.")
    told = [(ngettext(words, words, granted, unit=unit), "ok")]
    if events.get_quota(event, request.unit_id).at_points:
        hint = _("Phần giao thêm chưa chia theo điểm cầu; hãy chia tiếp ở trang Chỉ tiêu.")
        told.append((hint, "warn"))
    return told


def _waiting_page(event: Event, errors: dict[str, str] | None = None) -> str:
    page = request.args.get("page", 1, type=int)
    requested = unit_seats.applications_in(event, ApplicationState.REQUESTED, 1)
    return render_template(
        "registration/waiting_list.html",
        event=event,
        requested=requested,
        alike=same_person.alike(requested.rows),
        why_alike=WHY_ALIKE,
        page=unit_seats.applications_in(event, ApplicationState.WAITING, page),
        seat_requests=unit_seats.open_requests(event),
        answered=unit_seats.answered_requests(event),
        picture=queries.quota_picture(event),
        left_over=waiting.seats_left_over(event),
        errors=errors or {},
        typed=request.form,
        wrong=bool(errors),
        specimen=event.specimen,
    )
