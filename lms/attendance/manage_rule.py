"""How scans become half-days: the rule of an event, looked at before it changes anything."""

from functools import partial
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import outcomes, rules
from lms.attendance.changes import Difference
from lms.attendance.presence import Outcome
from lms.attendance.rule_forms import RuleForm
from lms.attendance.rules import Values
from lms.attendance.views import blueprint
from lms.attendance.words import STATE_WORDS, half_day_words, rule_words
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, ngettext
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event

Answer = str | Response | tuple[str, int]


@blueprint.route("/attendance/rule", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def rule(key: str) -> Answer:
    """The rule; what is sent is written at once when it changes nobody, else it is looked at first."""
    event, form = events.get_managed_event(current_user, key, Permission.EVENTS), RuleForm()
    if not form.is_submitted():
        form.show(Values.of(event))
        return _page(event, form)
    events_policy.refuse_cancelled(event)
    if form.validate():
        try:
            if rules.preview(event, form.values()).people:
                return see(url_for("attendance.rule_preview", key=key, **_sent(form.values())))
            rules.change_rule(event, form.values(), current_user._get_current_object(), "")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu cách tính. Không ai thay đổi kết quả."), "ok")
            return see(url_for("attendance.matrix", key=key))
    return _page(event, form), 422


@blueprint.route("/attendance/rule/preview", methods=["GET", "POST"])
@requires(Permission.EVENTS)
def rule_preview(key: str) -> Answer:
    """Whose half-days another rule would change, and the reason that writes it."""
    event = events.get_managed_event(current_user, key, Permission.EVENTS)
    if request.method == "GET":
        form = RuleForm(request.args, meta={"csrf": False})  # an address bears no token, and nothing is written
        return _preview_page(event, form) if _makes_a_rule(form) else see(url_for("attendance.rule", key=key))
    form = RuleForm()
    if not _makes_a_rule(form):
        return _page(event, form), 422
    try:
        written = rules.change_rule(event, form.values(), current_user._get_current_object(), form.reason.data or "")
    except RuleBroken as refusal:
        session().rollback()
        form.refuse(refusal)
        return _preview_page(event, form), 422
    words = "Đã lưu cách tính, đổi kết quả %(num)s lượt buổi."
    flash(ngettext(words, words, written), "ok")
    return see(url_for("attendance.matrix", key=key))


def _page(event: Event, form: RuleForm) -> str:
    return render_template(
        "attendance/rule.html", event=event, form=form, most=rules.MOST_MINUTES, now=rule_words(outcomes.rule_of(event))
    )


def _preview_page(event: Event, form: RuleForm) -> str:
    values = form.values()
    return render_template(
        "attendance/rule_preview.html",
        event=event,
        form=form,
        sent=_sent(values),
        found=rules.preview(event, values),
        before=rule_words(outcomes.rule_of(event)),
        after=rule_words(rules.rule_from(event, values)),
        grouped=partial(_grouped, {one.id: half_day_words(one) for one in event.sessions}),
        states=STATE_WORDS,
    )


def _grouped(named: dict[int, str], changed: list[Difference]) -> list[tuple[Outcome, Outcome, list[str]]]:
    """One person's differences: the outcome before and after, and the half-days of which that is so."""
    found: dict[tuple[Any, ...], tuple[Outcome, Outcome, list[str]]] = {}
    for one in changed:
        kind = (one.before.state, one.before.counts, one.after.state, one.after.counts)
        found.setdefault(kind, (one.before, one.after, []))[2].append(named[one.place[0]])
    return list(found.values())


def _sent(values: Values) -> dict[str, Any]:
    """The values as an address carries them: what is not set is left out."""
    sent = {**vars(values), "evidence": sorted(values.evidence)}
    return {name: "1" if value is True else value for name, value in sent.items() if value not in (None, False)}


def _makes_a_rule(form: RuleForm) -> bool:
    """Whether the values are in bounds; a refusal lands on its field."""
    if not form.validate():
        return False
    try:
        rules.checked(form.values())
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True
