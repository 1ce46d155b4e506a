"""The delegates of an event for those who run it: adding, changing, withdrawing one of them."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import queries as events
from lms.events.models import Event
from lms.people.models import Person
from lms.registration import choosing, policy, queries, service
from lms.registration.forms import (
    CorrectionForm,
    DelegateForm,
    NewDelegateForm,
    OverQuotaForm,
    WithdrawForm,
)
from lms.registration.models import Application, Delegate, DelegateRole
from lms.registration.service import Candidate
from lms.registration.views import blueprint
from lms.registration.words import FIELDS, ROLES, STATES, VERBS, state_of
from lms.units.models import Unit

Answer = str | BaseResponse | tuple[str, int]


def managed(key: str) -> Event:
    """The event of the address whose delegates the reader manages; raises NotFound."""
    return events.get_managed_event(current_user, key, Permission.DELEGATES)


@blueprint.route("/events/<key>/delegates/new", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def new(key: str) -> Answer:
    """Put one person on the list; a known person may be looked up and chosen first."""
    event, form = managed(key), NewDelegateForm()
    if event.cancelled_at is not None and request.method == "GET":
        flash(_("Sự kiện đã hủy nên danh sách không đổi được nữa."), "warn")
        return see(url_for("registration.delegates", key=key))
    policy.refuse_cancelled(event)
    form.offer_points([(point.id, point.name) for point in event.points])
    if form.validate_on_submit():
        try:
            delegate = _register(event, form)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã ghi %(name)s vào danh sách.", name=delegate.full_name), "ok")
            return see(url_for("registration.delegate", key=key, delegate_id=delegate.id))
    elif not form.is_submitted():
        _fill_in_known(form, request.args.get("person", ""))
    page = render_template(
        "registration/new.html",
        event=event,
        form=form,
        q=request.args.get("q", ""),
        people=choosing.find_people(request.args.get("q", ""), event),
        units=choosing.unit_suggestions(event),
        picture=queries.quota_picture(event),
        specimen=event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<key>/delegates/<int:delegate_id>", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def delegate(key: str, delegate_id: int) -> Answer:
    """One delegate: facts, changes, history."""
    event = managed(key)
    found = queries.get_delegate(event, delegate_id)
    form = _change_form(found)
    if form.validate_on_submit():
        changes: dict[str, Any] = {"role": DelegateRole(form.role.data)}
        changes |= {name: form[name].data or "" for name in ("post", "phone", "email", "note")}
        if "point" in form:
            changes["point_id"] = int(form.point.data) if form.point.data else None
        try:
            service.change(found, current_user, over_quota_reason=form.over_quota_reason(), **changes)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu thay đổi."), "ok")
            return see(url_for("registration.delegate", key=key, delegate_id=delegate_id))
    return delegate_page(event, found, form), 422 if form.is_submitted() else 200


@blueprint.post("/events/<key>/delegates/<int:delegate_id>/correction")
@requires(Permission.DELEGATES)
def correct(key: str, delegate_id: int) -> Answer:
    """Put a delegate's name or unit right."""
    event = managed(key)
    found, form = queries.get_delegate(event, delegate_id), CorrectionForm()
    if form.validate():
        try:
            unit = service.get_unit(event, form.unit.data or "")
            service.correct(found, current_user, form.full_name.data or "", unit, form.over_quota_reason())
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu thay đổi."), "ok")
            return see(url_for("registration.delegate", key=key, delegate_id=delegate_id))
    return delegate_page(event, found, _change_form(found, unsent=True), correction_form=form), 422


@blueprint.post("/events/<key>/delegates/<int:delegate_id>/withdrawal")
@requires(Permission.DELEGATES)
def withdraw(key: str, delegate_id: int) -> Answer:
    """Take a delegate off the list."""
    event = managed(key)
    found, form = queries.get_delegate(event, delegate_id), WithdrawForm()
    if not form.validate():
        return delegate_page(event, found, _change_form(found, unsent=True), withdraw_form=form), 422
    try:
        seated = service.withdraw(found, current_user, form.reason.data or "")
    except RuleBroken as refusal:
        form.refuse(refusal)
        return delegate_page(event, found, _change_form(found, unsent=True), withdraw_form=form), 422
    flash(freed(found, seated), "ok")
    return see(url_for("registration.delegate", key=key, delegate_id=delegate_id))


@blueprint.post("/events/<key>/delegates/<int:delegate_id>/return")
@requires(Permission.DELEGATES)
def put_back(key: str, delegate_id: int) -> Answer:
    """Put a delegate who withdrew back on the list."""
    event = managed(key)
    found, form = queries.get_delegate(event, delegate_id), OverQuotaForm()
    try:
        service.put_back(found, current_user, form.over_quota_reason())
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return delegate_page(event, found, _change_form(found, unsent=True), return_form=form), 422
    flash(_("Đã đưa %(name)s trở lại danh sách.", name=found.full_name), "ok")
    return see(url_for("registration.delegate", key=key, delegate_id=delegate_id))


def freed(withdrawn: Delegate, seated: Sequence[Application]) -> str:
    """What became of the seat of someone who was withdrawn, in words."""
    words = _("Đã rút %(name)s khỏi danh sách.", name=withdrawn.full_name)
    if seated:
        names = ", ".join(one.full_name for one in seated)
        return f"{words} {_('Chỗ này đã trao cho người đang chờ: %(names)s.', names=names)}"
    return f"{words} {_('Chỗ của đơn vị trống trở lại.')}" if withdrawn.role == DelegateRole.DELEGATE else words


def delegate_page(
    event: Event,
    found: Delegate,
    form: DelegateForm,
    withdraw_form: WithdrawForm | None = None,
    return_form: OverQuotaForm | None = None,
    correction_form: CorrectionForm | None = None,
) -> str:
    """The page of one delegate, with the form that was refused, if one was."""
    return render_template(
        "registration/delegate.html",
        event=event,
        delegate=found,
        form=form,
        withdraw_form=withdraw_form or WithdrawForm(formdata=None),
        return_form=return_form or OverQuotaForm(formdata=None),
        correction_form=correction_form or CorrectionForm(formdata=None, data=_identity(found)),
        units=choosing.unit_suggestions(event),
        history=queries.history_of(found),
        replaced_by=queries.substitute_of(found),
        seat_unit=session().get(Unit, found.quota_unit_id) if found.quota_unit_id is not None else None,
        state=state_of(found),
        states=STATES,
        roles=ROLES,
        verbs=VERBS,
        fields=FIELDS,
        point_names={point.id: point.name for point in event.points},
        may_invite=policy.may_invite(event) and found.withdrawn_at is None and bool(found.person.email),
        specimen=event.specimen,
    )


def _register(event: Event, form: NewDelegateForm) -> Delegate:
    unit = service.get_unit(event, form.unit.data or "")
    point = next((one for one in event.points if "point" in form and str(one.id) == form.point.data), None)
    candidate = Candidate(
        full_name=form.full_name.data or "",
        unit=unit,
        post=form.post.data or "",
        phone=form.phone.data or "",
        email=form.email.data or "",
        note=form.note.data or "",
        role=DelegateRole(form.role.data),
        point=point,
    )
    reason = form.over_quota_reason()
    person = _chosen(form.person.data or "")
    return service.register(event, candidate, current_user, person=person, over_quota_reason=reason)


def _chosen(number: str) -> Person | None:
    return session().get(Person, int(number)) if number.isdecimal() and len(number) < 10 else None


def _fill_in_known(form: NewDelegateForm, chosen: str) -> None:
    """Take name, post and unit from a person who was chosen; phone and address stay theirs, unseen."""
    person = _chosen(chosen)
    if person is None:
        return
    form.person.data, form.full_name.data = str(person.id), person.full_name
    if person.posts:
        form.post.data, form.unit.data = person.posts[0].name, person.posts[0].unit.name


def _identity(found: Delegate) -> dict[str, str]:
    return {"full_name": found.full_name, "unit": found.unit.name}


def _change_form(found: Delegate, *, unsent: bool = False) -> DelegateForm:
    shown = {
        "post": found.post,
        "role": str(found.role),
        "point": str(found.point_id or ""),
        "phone": found.person.phone or "",
        "email": found.person.email or "",
        "note": found.note,
    }
    form = DelegateForm(formdata=None, data=shown) if unsent else DelegateForm(data=shown)
    form.offer_points([(point.id, point.name) for point in found.event.points])
    return form
