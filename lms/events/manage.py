"""Making and running an event: new draft, management page, details, publication, cancellation, copy, deletion."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotAllowed, RuleBroken, RulesBroken
from lms.core.i18n import _, day, explain, ngettext
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import choosing, copying, policy, queries, service, tasks, whole
from lms.events.forms import HALF_WORDS, HOST_WORDS, KIND_WORDS, CancelForm, CopyForm, DetailsForm, NewEventForm
from lms.events.models import Event, TrainingPlan
from lms.events.views import blueprint

Answer = str | Response | tuple[str, int]
Errors = Sequence[tuple[str, str | None]]


def managed(key: str) -> Event:
    """The event of the address with all that its pages print; raises NotFound."""
    return whole.loaded(queries.get_managed_event(current_user, key))


def explained(refusal: RuleBroken | RulesBroken) -> Errors:
    """A refusal for the summary on top of a page; what the refused act changed so far is taken back."""
    session().rollback()
    refusals = refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]
    return [
        (explain(one), f"#{one.field}" if one.field and one.field.startswith("seats-") else None) for one in refusals
    ]


@blueprint.route("/events/new", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def new() -> Answer:
    """Five questions, then a draft."""
    units = choosing.units_of(current_user, Permission.EVENTS)
    if not policy.may_create(current_user):
        raise NotAllowed
    form = NewEventForm()
    plans = _offer_plans(form, None)
    if form.validate_on_submit():
        try:
            event = _create(form, plans)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã tạo bản nháp. Chỉ ban tổ chức thấy sự kiện này cho đến khi công bố."), "ok")
            return see(url_for("events.manage", key=event.key))
    elif not form.is_submitted():
        form.unit.data = units[0].name if units else ""
        form.plan.data = request.args.get("plan", "")
    return render_template("events/new.html", form=form, units=units), 422 if form.is_submitted() else 200


@blueprint.get("/events/<key>/management")
@requires(Permission.EVENTS)
def manage(key: str) -> Answer:
    """What the event still needs, and the acts on it as a whole."""
    return _management_page(managed(key))


@blueprint.route("/events/<key>/details", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def details(key: str) -> Answer:
    """Name, kind, days, place, words, address."""
    event = managed(key)
    span = service.span_of(event)
    form = DetailsForm(obj=event, data={"first": span.first.value, "last": span.last.value})
    plans = _offer_plans(form, event)
    if form.validate_on_submit():
        plan = plans.get(form.plan.data)
        address = form.key.data if policy.may_change_key(event) else None
        try:
            service.edit_event(current_user, event, form.details(plan), form.span(), key=address)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu thông tin chung."), "ok")
            return see(url_for("events.manage", key=event.key))
    elif not form.is_submitted():
        form.plan.data = str(event.plan_id or "")
    page = render_template("events/details.html", form=form, event=event, may_change_key=policy.may_change_key(event))
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/publication")
@requires(Permission.EVENTS)
def publish(key: str) -> Answer:
    """Make the draft public, or say what is missing."""
    event = managed(key)
    try:
        service.publish(current_user, event)
    except RulesBroken as refusal:
        pages = {one.where: url_for(f"events.{one.where}", key=key) for one in refusal.refusals}
        errors = [(explain(one), pages[one.where]) for one in refusal.refusals]
        return _management_page(event, errors=errors), 422
    flash(_("Đã công bố sự kiện. Ai cũng xem được trang của sự kiện."), "ok")
    return see(url_for("events.manage", key=key))


@blueprint.post("/events/<key>/cancellation")
@requires(Permission.EVENTS)
def cancel(key: str) -> Answer:
    """Cancel the event, with the reason that everyone reads."""
    event, form = managed(key), CancelForm()
    if not form.validate_on_submit():
        return _management_page(event, form), 422
    try:
        service.cancel(current_user, event, form.reason.data)
    except RuleBroken as refusal:
        return _management_page(event, errors=explained(refusal)), 422
    flash(_("Đã hủy sự kiện. Trang của sự kiện vẫn còn, kèm lý do hủy."), "ok")
    return see(url_for("events.manage", key=key))


@blueprint.route("/events/<key>/copies", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def copy(key: str) -> Answer:
    """A new draft from this event, on other days."""
    event = managed(key)
    form = CopyForm(data={"title": event.title})
    if form.validate_on_submit():
        made = copying.copy_event(current_user, event, title=form.title.data, starts_on=form.starts_on.data)
        flash(_("Đã chép thành bản nháp mới, không kèm đại biểu."), "ok")
        if made.starts_on < clock.today():
            flash(
                _("Ngày bắt đầu %(day)s đã qua. Nếu chưa đúng, hãy sửa ở Thông tin chung.", day=day(made.starts_on)),
                "warn",
            )
        left_out = copying.units_left_out(event, made.starts_on)
        if left_out:
            names = "; ".join(unit.name for unit in left_out)
            flash(_("Đã bỏ đơn vị không còn tồn tại vào ngày mới: %(names)s.", names=names), "warn")
        return see(url_for("events.manage", key=made.key))
    return render_template("events/copy.html", form=form, event=event), 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/deletion")
@requires(Permission.EVENTS)
def delete(key: str) -> Answer:
    """Delete a draft."""
    event = managed(key)
    title = event.title
    try:
        service.delete(current_user, event)
    except RuleBroken as refusal:
        return _management_page(event, errors=explained(refusal)), 422
    flash(_("Đã xóa bản nháp “%(title)s”.", title=title), "ok")
    return see(url_for("events.index"))


def own_tasks(event: Event, account: Any) -> list[tasks.Task]:
    """The tasks of this feature on an event's task list."""
    if not policy.may_manage(account, event):
        return []
    topics = sum(len(half_day.topics) for half_day in event.sessions)
    halves = ngettext("%(num)s buổi", "%(num)s buổi", len(event.sessions))
    agenda_hint = _("%(halves)s, %(topics)s chuyên đề", halves=halves, topics=topics)
    hosts = "; ".join(host.unit.short_name for host in event.hosts)
    units, seats = queries.quota_totals(event)
    quota_hint = _("%(units)s đơn vị, %(seats)s chỗ", units=units, seats=seats) if seats else ""
    rule_hint = _("Dự từ %(percent)s%% số buổi", percent=event.attendance_percent)
    points_needed = event.kind == "hybrid"
    rows: list[tuple[int, str, str, str, str]] = [
        (10, "details", _("Thông tin chung"), event.place, "done"),
        (20, "hosts", _("Đơn vị chủ trì, phối hợp"), hosts, "done" if event.hosts else "todo"),
        (30, "agenda", _("Chương trình"), agenda_hint, "done" if topics else "progress" if event.sessions else "todo"),
        (50, "quotas", _("Chỉ tiêu từng đơn vị"), quota_hint, "done" if seats else "todo"),
        (60, "documents", _("Tài liệu"), str(len(event.documents) or ""), "done" if event.documents else "optional"),
        (70, "rule", _("Điều kiện cấp giấy chứng nhận"), rule_hint, "done"),
        (80, "staff", _("Người giúp việc"), str(len(event.staff) or ""), "done" if event.staff else "optional"),
    ]
    if points_needed or event.points:
        points = ngettext("%(num)s điểm cầu", "%(num)s điểm cầu", len(event.points)) if event.points else ""
        rows.append((40, "points", _("Điểm cầu"), points, "done" if event.points else "todo"))
    return [
        tasks.Task(position, label, url_for(f"events.{page}", key=event.key), hint, state)
        for position, page, label, hint, state in rows
    ]


def _management_page(event: Event, form: CancelForm | None = None, errors: Errors = ()) -> str:
    account = current_user._get_current_object()
    return render_template(
        "events/manage.html",
        event=event,
        tasks=tasks.of(event, account),
        form=form,
        errors=errors,
        quotas=queries.quota_lines(event),
        policy=policy,
        kind_words=KIND_WORDS,
        half_words=HALF_WORDS,
        host_words=HOST_WORDS,
    )


def _offer_plans(form: NewEventForm | DetailsForm, event: Event | None) -> dict[str, TrainingPlan]:
    plans = list(queries.plans_to_choose(current_user))
    if event is not None and event.plan is not None and event.plan not in plans:
        plans.append(event.plan)
    form.plan.choices = [
        ("", _("Không theo kế hoạch nào")),
        *((str(one.id), f"{one.number} – {one.title}") for one in plans),
    ]
    return {str(plan.id): plan for plan in plans}


def _create(form: NewEventForm, plans: dict[str, TrainingPlan]) -> Event:
    day = form.starts_on.data
    unit = choosing.the_unit(form.unit.data, day, field="unit", account=current_user, permission=Permission.EVENTS)
    host = choosing.the_unit(form.host.data, day, field="host") if form.host.data else unit
    return service.create_event(
        current_user._get_current_object(), unit, form.details(plans.get(form.plan.data)), form.span(), host=host
    )
