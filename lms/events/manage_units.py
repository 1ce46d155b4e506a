"""Pages about units: who hosts, who may send how many, and at which points people attend."""

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import arrangements, choosing, queries
from lms.events.forms import HOST_WORDS, HostForm, PointsForm, SeatsForm
from lms.events.manage import Answer, Errors, explained, managed
from lms.events.models import Event, HostRole, SelfRegistration
from lms.events.views import blueprint

BLANK_POINTS = 3


@blueprint.route("/events/<key>/hosts", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def hosts(key: str) -> Answer:
    """Who hosts and co-hosts."""
    event = managed(key)
    if request.method == "GET":
        return _hosts_page(event)
    form = HostForm()
    units = choosing.get_units([form.unit_id.data or 0], event.starts_on)
    if not form.validate() or not units:
        return _hosts_page(event, [(_("Đơn vị này không còn trong danh mục. Hãy tìm lại."), None)]), 422
    try:
        arrangements.add_host(current_user, event, units[0], HostRole(form.role.data))
    except (RuleBroken, RulesBroken) as refusal:
        return _hosts_page(event, explained(refusal)), 422
    flash(_("Đã lưu đơn vị chủ trì, phối hợp."), "ok")
    return see(url_for("events.hosts", key=key))


@blueprint.post("/events/<key>/hosts/<int:unit_id>/place")
@requires(Permission.EVENTS)
def place_host(key: str, unit_id: int) -> Answer:
    """Put a host at the place given, 1 first."""
    event = managed(key)
    try:
        arrangements.place_host(current_user, event, unit_id, request.form.get("position", 1, type=int))
    except RuleBroken as refusal:
        return _hosts_page(event, explained(refusal)), 422
    return see(url_for("events.hosts", key=key))


@blueprint.post("/events/<key>/hosts/<int:unit_id>/removal")
@requires(Permission.EVENTS)
def remove_host(key: str, unit_id: int) -> Answer:
    """Take a host away."""
    event = managed(key)
    try:
        arrangements.remove_host(current_user, event, unit_id)
    except RuleBroken as refusal:
        return _hosts_page(event, explained(refusal)), 422
    return see(url_for("events.hosts", key=key))


@blueprint.route("/events/<key>/quotas", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def quotas(key: str) -> Answer:
    """Seats of each unit, all on one page."""
    event = managed(key)
    if request.method == "GET":
        return _quotas_page(event)
    typed = {quota.unit: request.form.get(f"seats-{quota.unit_id}", "").strip() for quota in event.quotas}
    wrong = {unit.id: text for unit, text in typed.items() if not _whole(text)}
    if wrong:
        message = _("Cần một số nguyên.")
        return _quotas_page(event, [(message, f"#seats-{unit_id}") for unit_id in wrong]), 422
    try:
        arrangements.set_quotas(current_user, event, {unit: int(text or 0) for unit, text in typed.items()})
    except (RuleBroken, RulesBroken) as refusal:
        return _quotas_page(event, explained(refusal)), 422
    flash(_("Đã lưu chỉ tiêu."), "ok")
    return see(url_for("events.quotas", key=key))


@blueprint.post("/events/<key>/quotas/units")
@requires(Permission.EVENTS)
def add_quotas(key: str) -> Answer:
    """Give the units picked as many seats each."""
    event = managed(key)
    units = choosing.get_units(request.form.getlist("unit_id", type=int), event.starts_on)
    seats = request.form.get("seats", 0, type=int)
    if not units or seats < 1:
        return _quotas_page(event, [(_("Hãy chọn ít nhất một đơn vị và ghi số chỗ từ 1 trở lên."), "#seats")]), 422
    try:
        arrangements.add_quotas(current_user, event, units, seats)
    except (RuleBroken, RulesBroken) as refusal:
        return _quotas_page(event, explained(refusal)), 422
    flash(_("Đã thêm chỉ tiêu."), "ok")
    return see(url_for("events.quotas", key=key))


@blueprint.post("/events/<key>/seats")
@requires(Permission.EVENTS)
def seats(key: str) -> Answer:
    """How many may come in all, and whether people may put themselves on the list."""
    event, form = managed(key), SeatsForm()
    if not form.validate_on_submit():
        return _quotas_page(event, seats_form=form), 422
    try:
        chosen = SelfRegistration(form.self_registration.data)
        arrangements.set_seats(current_user, event, form.limit.data, chosen)
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _quotas_page(event, seats_form=form), 422
    flash(_("Đã lưu số chỗ và cách đăng ký."), "ok")
    return see(url_for("events.quotas", key=key))


@blueprint.route("/events/<key>/quotas/<int:unit_id>", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def quota_shares(key: str, unit_id: int) -> Answer:
    """How many of a unit's seats are at which point."""
    event = managed(key)
    quota = queries.get_quota(event, unit_id)
    errors: Errors = []
    if request.method == "POST":
        typed = {point: request.form.get(f"seats-{point.id}", "").strip() for point in event.points}
        errors = [(_("Cần một số nguyên."), f"#seats-{one.id}") for one, text in typed.items() if not _whole(text)]
        try:
            if not errors:
                shares = {one: int(text or 0) for one, text in typed.items()}
                arrangements.share_quota(current_user, event, quota, shares)
                shared = any(shares.values())
                flash(_("Đã chia chỉ tiêu theo điểm cầu.") if shared else _("Đã bỏ chia theo điểm cầu."), "ok")
                return see(url_for("events.quotas", key=key))
        except (RuleBroken, RulesBroken) as refusal:
            errors = explained(refusal)
    page = render_template(
        "events/quota_shares.html",
        event=event,
        quota=quota,
        shares={share.point_id: share for share in quota.at_points},
        typed=request.form,
        errors=errors,
        wrong=bool(errors),
    )
    return page, 422 if errors else 200


@blueprint.route("/events/<key>/points", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def points(key: str) -> Answer:
    """The places people attend at."""
    event, form = managed(key), PointsForm()
    if form.validate_on_submit():
        try:
            arrangements.set_points(current_user, event, form.rows())
        except RuleBroken as refusal:
            errors = explained(refusal)
            return render_template("events/points.html", event=event, form=form, errors=errors, wrong=True), 422
        flash(_("Đã lưu điểm cầu."), "ok")
        return see(url_for("events.points", key=key))
    if not form.is_submitted():
        for point in event.points:
            form.points.append_entry(
                {"point_id": str(point.id), "name": point.name, "place": point.place, "seats": point.seats}
            )
        for _blank in range(min(BLANK_POINTS, form.points.max_entries - len(event.points))):
            form.points.append_entry()
    page = render_template("events/points.html", event=event, form=form, errors=[])
    return page, 422 if form.is_submitted() else 200


def _hosts_page(event: Event, errors: Errors = ()) -> str:
    query = request.args.get("q", "")
    there = {host.unit_id for host in event.hosts}
    found = choosing.search_units(query, event.starts_on) if query else []
    return render_template(
        "events/hosts.html",
        event=event,
        q=query,
        units=[unit for unit in found if unit.id not in there],
        errors=errors,
        wrong=bool(errors),
        host_words=HOST_WORDS,
    )


def _whole(text: str) -> bool:
    return not text or (text.isdecimal() and len(text) < 10)


def _quotas_page(event: Event, errors: Errors = (), seats_form: SeatsForm | None = None) -> str:
    query, kind = request.args.get("q", ""), request.args.get("kind", "")
    there = {quota.unit_id for quota in event.quotas}
    found = choosing.search_units(query, event.starts_on) if query else []
    if kind == "province":
        found = choosing.provinces_on(event.starts_on)
    return render_template(
        "events/quotas.html",
        event=event,
        quotas=queries.quotas_in_order(event),
        seats_form=seats_form or SeatsForm(formdata=None, obj=event, limit=event.seats),
        typed=request.form,
        q=query,
        kind=kind,
        units=[unit for unit in found if unit.id not in there],
        errors=errors,
        wrong=bool(errors) or seats_form is not None,
        wrong_fields={target: text for text, target in errors if target},
    )
