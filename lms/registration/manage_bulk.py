"""One act on the delegates that were ticked, or on all that match a filter: look at it, do it, undo it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.forms import Form
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events.models import Event
from lms.registration import bulk, invitations, listing, policy
from lms.registration.bulk import Act
from lms.registration.bulk_forms import PointForm, ReasonForm, RoleForm, SendForm
from lms.registration.forms import OverQuotaForm
from lms.registration.list_address import filters_of, kept_filters
from lms.registration.listing import DelegateLine, Filters
from lms.registration.manage import Answer, managed
from lms.registration.manage_list import list_url
from lms.registration.views import blueprint
from lms.registration.words import ACTS

INVITE: Final = "invite"
FORMS: Final[dict[str, type[ReasonForm | PointForm | RoleForm | SendForm]]] = {
    Act.WITHDRAW: ReasonForm,
    Act.POINT: PointForm,
    Act.ROLE: RoleForm,
    INVITE: SendForm,
}
_SHOWN: Final = 10


@blueprint.get("/events/<key>/delegates/bulk")
@requires(Permission.DELEGATES)
def bulk_check(key: str) -> Answer:
    """How many an act is about, who comes first, and what it asks; a print or an export begins at once."""
    event, act = managed(key), request.args.get("act", "")
    chosen = _chosen(request.args)
    if act not in ACTS or chosen is None:
        message = _("Chưa chọn ai. Hãy đánh dấu người cần làm.") if chosen is None else _("Chưa chọn việc cần làm.")
        flash(message, "bad")
        said = {
            name: request.args.getlist(name) for name in ("delegate", "all", "act", "page") if request.args.get(name)
        }
        return see(list_url(event, filters_of(request.args), columns=request.args.get("columns", ""), **said))
    if act not in FORMS:
        return redirect(_file_url(event, act, chosen))
    return _page(event, act, chosen, _form(event, act))


@blueprint.post("/events/<key>/delegates/bulk")
@requires(Permission.DELEGATES)
def bulk_do(key: str) -> Answer:
    """Do the act to those that the page before was about; if they are others by now, show that page again."""
    event, act = managed(key), request.form.get("act", "")
    chosen = _chosen(request.form)
    if act not in FORMS or chosen is None:
        flash(_("Chưa chọn ai. Hãy đánh dấu người cần làm."), "warn")
        return see(list_url(event, filters_of(request.form)))
    form, lines = _form(event, act), _concerned(event, act, chosen)
    if not form.validate():
        return _page(event, act, chosen, form), 422
    if request.form.get("seen") != _digest(lines):
        form.form_errors.append(_("Danh sách đã đổi từ lúc xem. Hãy xem lại rồi làm."))
        return _page(event, act, chosen, form), 422
    try:
        return see(_do(event, act, [line.id for line in lines], form))
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(event, act, chosen, form), 422


@blueprint.post("/events/<key>/delegates/bulk/<int:entry_id>/undoing")
@requires(Permission.DELEGATES)
def bulk_undo(key: str, entry_id: int) -> Answer:
    """Take an act back for whoever is still as it left them."""
    event = managed(key)
    bulk.undo(event, entry_id, current_user._get_current_object())
    return see(list_url(event, filters_of(request.form), columns=request.form.get("columns", ""), done=entry_id))


@blueprint.get("/events/<key>/delegates/acts")
@requires(Permission.DELEGATES)
def bulk_acts(key: str) -> str:
    """What was done to many at once, and its undo, for as long as anyone is still as it left them."""
    event = managed(key)
    return render_template("registration/acts.html", event=event, acts=bulk.recent(event), words=ACTS)


def _do(event: Event, act: str, ids: Sequence[int], form: Any) -> str:
    """Do the act; the address that tells of it."""
    actor, filters = current_user._get_current_object(), filters_of(request.form)
    columns = request.form.get("columns", "")
    if act == INVITE:
        back = list_url(event, filters, columns=columns)
        return url_for("home.job", job_id=invitations.invite_chosen(event, actor, ids, back).id)
    leave = form.over_quota_reason() if isinstance(form, OverQuotaForm) else ""
    outcome = bulk.do(event, ids, Act(act), form.value(), actor, leave)
    return list_url(event, filters, columns=columns, done=outcome.id)


def _chosen(args: MultiDict[str, str]) -> Filters | None:
    """Those who were ticked, in the list's order, or all that match its filter; None where nobody was chosen."""
    filters = filters_of(args, args.getlist("delegate"))
    if args.get("all"):
        return replace(filters, ids=())
    if not filters.ids:
        return None
    return Filters(state="all", order=filters.order, descending=filters.descending, ids=filters.ids)


def _concerned(event: Event, act: str, chosen: Filters) -> list[DelegateLine]:
    """Those of the chosen whom the act can change: who is on the list, and for a mail has an address."""
    lines = listing.all_delegates(event, chosen)
    return [line for line in lines if line.withdrawn_at is None and (act != INVITE or line.email)]


def _form(event: Event, act: str) -> Any:
    form: Form = FORMS[act]()
    if isinstance(form, PointForm):
        form.offer_points([(point.id, point.name) for point in event.points])
    return form


def _page(event: Event, act: str, chosen: Filters, form: Form) -> str:
    lines = _concerned(event, act, chosen)
    return render_template(
        "registration/bulk.html",
        event=event,
        act=act,
        form=form,
        word=ACTS[act],
        number=len(lines),
        first=lines[:_SHOWN],
        beside=len(listing.ids_of(event, chosen)) - len(lines),
        again=sum(1 for line in lines if line.invited_at is not None),
        seen=_digest(lines),
        ids=chosen.ids,
        kept=kept_filters(filters_of(request.values)),
        columns=request.values.get("columns", ""),
        back=list_url(event, filters_of(request.values), columns=request.values.get("columns", "")),
        limited=isinstance(form, OverQuotaForm) and policy.has_limits(event),
        may_invite=policy.may_invite(event),
        specimen=event.specimen,
    )


def _digest(lines: Sequence[DelegateLine]) -> str:
    """By what it is known that the people are still the same."""
    ids = ",".join(str(line.id) for line in sorted(lines, key=lambda line: line.id))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def _file_url(event: Event, act: str, chosen: Filters) -> str:
    kept = {**kept_filters(chosen), "delegate": chosen.ids}
    if act == "badges":
        return url_for("registration.badges", key=event.key, **kept)
    columns = request.args.get("columns", "")
    if columns:
        kept["columns"] = columns
    return url_for("registration.export", key=event.key, form=act, **kept)
