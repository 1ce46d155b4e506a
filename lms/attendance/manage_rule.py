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
from lms.attendance.words import STATE_WORDS, half_day_words, rule_words, value_words
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
    """The rule and what it was before; what is sent is looked at before it is written. An address may bear values."""
    event = events.get_managed_event(current_user, key, Permission.EVENTS)
    if request.method == "GET":
        kept = "seen" in request.args
        form = RuleForm(request.args if kept else None, meta={"csrf": False})
        if not kept:
            form.show(Values.of(event))
        return _page(event, form)
    form = RuleForm()
    events_policy.refuse_cancelled(event)
    if form.validate():
        try:
            rules.refuse_moved(event, form.seen.data or "")
            rules.refuse_same(event, form.values())
        except RuleBroken as refusal:
            return _refused(event, form, refusal)
        return see(url_for("attendance.rule_preview", key=key, **_sent(form)))
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
    account, seen = current_user._get_current_object(), form.seen.data or ""
    try:
        written = rules.change_rule(event, form.values(), account, form.reason.data or "", seen)
    except RuleBroken as refusal:
        session().rollback()
        if refusal.code == "rule-moved":
            return _refused(event, form, refusal)
        form.refuse(refusal)
        return _preview_page(event, form), 422
    words = "Đã lưu cách tính, đổi kết quả %(num)s lượt buổi."
    flash(ngettext(words, words, written) if written else _("Đã lưu cách tính. Không ai thay đổi kết quả."), "ok")
    return see(url_for("attendance.matrix", key=key))


def _refused(event: Event, form: RuleForm, refusal: RuleBroken) -> Answer:
    """The form with what was entered, drawn with the rule as it is now."""
    form.refuse(refusal)
    form.seen.data = Values.of(event).stamp
    return _page(event, form), 422


def _page(event: Event, form: RuleForm) -> str:
    return render_template(
        "attendance/rule.html",
        event=event,
        form=form,
        most=rules.MOST_MINUTES,
        now=rule_words(outcomes.rule_of(event)),
        history=rules.history(event),
        told=value_words,
    )


def _preview_page(event: Event, form: RuleForm) -> str:
    values = form.values()
    return render_template(
        "attendance/rule_preview.html",
        event=event,
        form=form,
        sent=_sent(form),
        found=rules.preview(event, values),
        before=rule_words(outcomes.rule_of(event)),
        after=rule_words(rules.rule_from(event, values)),
        grouped=partial(grouped, {one.id: half_day_words(one) for one in event.sessions}),
        states=STATE_WORDS,
    )


def grouped(named: dict[int, str], changed: list[Difference]) -> list[tuple[Outcome, Outcome, list[str]]]:
    """One person's differences: the outcome before and after, and the half-days of which that is so."""
    found: dict[tuple[Any, ...], tuple[Outcome, Outcome, list[str]]] = {}
    for one in changed:
        kind = (one.before.state, one.before.counts, one.after.state, one.after.counts)
        found.setdefault(kind, (one.before, one.after, []))[2].append(named[one.place[0]])
    return list(found.values())


def _sent(form: RuleForm) -> dict[str, Any]:
    """What was sent as an address carries it: what is not set is left out."""
    values = form.values()
    sent = {**vars(values), "evidence": sorted(values.evidence), "seen": form.seen.data or ""}
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
