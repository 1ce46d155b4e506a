"""Other hours of a half-day that has marks: whose results they change, looked at before they are written."""

from datetime import time
from functools import partial
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import hours
from lms.attendance.manage_rule import grouped
from lms.attendance.rule_forms import NewHoursForm
from lms.attendance.views import blueprint
from lms.attendance.words import STATE_WORDS, half_day_words
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.i18n import _, explain, hour
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import agenda
from lms.events import queries as events
from lms.events.models import HalfDay

Answer = str | Response | tuple[str, int]


def review(half_day: HalfDay, starts_at: time, ends_at: time) -> str | None:
    """For the agenda: the page that shows whose results these hours change; None where nobody's."""
    if not hours.preview(half_day, starts_at, ends_at).people:
        return None
    sent: dict[str, Any] = {"starts_at": hour(starts_at), "ends_at": hour(ends_at), "was": _span(half_day)}
    return url_for("attendance.hours_preview", key=half_day.event.key, session_key=half_day.key, **sent)


@blueprint.route("/sessions/<session_key>/hours/preview", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def hours_preview(key: str, session_key: str) -> Answer:
    """Whose results other hours of a half-day would change, and the reason that writes them."""
    event = events.get_managed_event(current_user, key, Permission.EVENTS)
    half_day = events.get_half_day(event, session_key)
    form = NewHoursForm() if request.method == "POST" else NewHoursForm(request.args, meta={"csrf": False})
    if not form.starts_at.validate(form) or not form.ends_at.validate(form):
        return see(url_for("events.agenda", key=key))
    new = (form.starts_at.data, form.ends_at.data)
    try:
        agenda.check_hours(event, half_day, *new)
    except RuleBroken as refusal:
        flash(explain(refusal), "bad")
        return see(url_for("events.agenda", key=key))
    if request.method == "GET":
        return _page(half_day, form)
    if not form.validate():
        return _page(half_day, form), 422
    try:
        _refuse_moved(half_day, form)
        agenda.set_hours(current_user._get_current_object(), event, half_day, *new, form.reason.data or "")
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(half_day, form), 422
    flash(_("Đã lưu giờ của buổi."), "ok")
    return see(url_for("events.agenda", key=key))


def _refuse_moved(half_day: HalfDay, form: NewHoursForm) -> None:
    """Refuse where the hours are not those that the page was drawn with; the page is drawn anew with those of now."""
    if form.was.data and form.was.data != _span(half_day):
        form.was.data = _span(half_day)
        message = N_("Giờ của buổi đã được đổi trong lúc đó. Xem lại ai đổi kết quả rồi lưu lần nữa.")
        raise RuleBroken(message, code="hours-moved")


def _page(half_day: HalfDay, form: NewHoursForm) -> str:
    return render_template(
        "attendance/hours_preview.html",
        event=half_day.event,
        half_day=half_day,
        title=half_day_words(half_day),
        form=form,
        found=hours.preview(half_day, form.starts_at.data, form.ends_at.data),
        grouped=partial(grouped, {one.id: half_day_words(one) for one in half_day.event.sessions}),
        states=STATE_WORDS,
    )


def _span(half_day: HalfDay) -> str:
    return f"{hour(half_day.starts_at)}-{hour(half_day.ends_at)}"
