"""Doubtful rows: what waits for a person, one decision at a time, and what was decided."""

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import doubts
from lms.attendance.models import SheetDoubt
from lms.attendance.paper_forms import ABSENT, DROPPED, IS, LISTED, PRESENT, DecisionForm
from lms.attendance.views import blueprint
from lms.attendance.words import METHOD_WORDS, half_day_words
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import queries as events
from lms.events.models import Event
from lms.registration import choosing
from lms.registration import queries as registration
from lms.registration import service as registering

Answer = Response | str | tuple[str, int]
OWN_WORDS = (doubts.PRESENT, doubts.ABSENT, doubts.LISTED, doubts.DROPPED)


@blueprint.get("/attendance/doubts", endpoint="doubts")
@requires(Permission.DELEGATES)
def show_doubts(key: str) -> str:
    """What waits, and below it what was decided."""
    return _page(events.get_managed_event(current_user, key, Permission.DELEGATES))


@blueprint.post("/attendance/doubts/<int:doubt_id>/decision")
@requires(Permission.DELEGATES)
def decide(key: str, doubt_id: int) -> Answer:
    """Decide about one row."""
    event = events.get_managed_event(current_user, key, Permission.DELEGATES)
    doubt = doubts.get_doubt(event, doubt_id)
    form = _form(event, doubt, sent=True)
    if form.validate():
        try:
            _decide(event, doubt, form)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã quyết định: %(name)s.", name=_name(doubt)), "ok")
            return see(url_for("attendance.doubts", key=key))
    return _page(event, (doubt.id, form)), 422


def _decide(event: Event, doubt: SheetDoubt, form: DecisionForm) -> None:
    account, word, decision = current_user._get_current_object(), form.word.data or "", form.decision.data
    if decision == PRESENT:
        doubts.accept(doubt, account, word)
    elif decision in {ABSENT, DROPPED}:
        doubts.reject(doubt, account, word)
    elif decision == LISTED:
        unit = registering.get_unit(event, form.unit.data or "")
        doubts.put_on_list(doubt, form.full_name.data or "", unit, form.post.data or "", account, word)
    else:
        delegate = registration.get_delegate(event, int(decision.removeprefix(IS)))
        doubts.accept_as(doubt, delegate, account, word)


def _form(event: Event, doubt: SheetDoubt, *, sent: bool = False) -> DecisionForm:
    """The form of one row; its fields bear the row's number, since a page has many."""
    form = DecisionForm(request.form if sent else None, prefix=f"d{doubt.id}-")
    if doubt.delegate_id is not None:
        form.decision.choices = [(PRESENT, _("Có mặt")), (ABSENT, _("Vắng"))]
        return form
    alike = [
        (f"{IS}{line.id}", _("Là %(name)s, %(unit)s, có trong danh sách", name=line.full_name, unit=line.unit))
        for line in doubts.alike(event, doubt)
    ]
    form.decision.choices = [*alike, (LISTED, _("Đưa vào danh sách, có mặt")), (DROPPED, _("Bỏ dòng này"))]
    if not sent:
        form.full_name.data, form.unit.data = doubts.name_and_unit(doubt)
    return form


def _name(doubt: SheetDoubt) -> str:
    return doubt.delegate.full_name if doubt.delegate is not None else doubt.written


def _page(event: Event, refused: tuple[int, DecisionForm] | None = None) -> str:
    page = doubts.waiting(event, request.args.get("page", 1, type=int))
    own = {one.id: _form(event, one) for one in page.rows}
    if refused is not None:
        own[refused[0]] = refused[1]
    return render_template(
        "attendance/doubts.html",
        event=event,
        page=page,
        decision_forms=own,
        came=doubts.came_since(page.rows),
        refused=refused[1] if refused is not None else None,
        decided=doubts.decided(event),
        units=choosing.unit_suggestions(event) if any(one.delegate_id is None for one in page.rows) else [],
        named=half_day_words,
        methods=METHOD_WORDS,
        own_words=OWN_WORDS,
    )
