"""One person's half-days: every scan, leave, what was changed; corrections and leave, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import excuses, outcomes, points, presence, queries, service
from lms.attendance.changes import Cause, changes_of
from lms.attendance.half_days import begins_at, latest
from lms.attendance.models import ScanKind, ScanMethod
from lms.attendance.person_forms import ABSENT, ALL, PRESENT, CorrectionForm, ExcuseForm, WithdrawalForm
from lms.attendance.presence import Outcome, Place, Rule
from lms.attendance.views import blueprint
from lms.attendance.words import STATE_WORDS, half_day_words, rule_words, scan_words, state_words, why_not
from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, lazy
from lms.core.permissions import Permission
from lms.core.web import see
from lms.events import queries as events
from lms.events.models import Event, HalfDay
from lms.registration import queries as registration
from lms.registration.models import Delegate

CAUSE_WORDS = {
    Cause.CORRECTION: lazy("sửa điểm danh"),
    Cause.EXCUSE: lazy("phép"),
    Cause.RULE: lazy("cách tính buổi"),
    Cause.HOURS: lazy("giờ của buổi"),
}
EXCUSE = "excuse-"
"""What the names of the excuse form's fields begin with, beside those of the correction."""
_OWN_WORDS = (service.UNDONE_AT_DOOR, excuses.WITHDRAWN, points.CONFIRMED, points.TAKEN_BACK)
"""Reasons that nobody typed: they are told in the reader's language."""


@dataclass(frozen=True)
class Standing:
    """One half-day of a person as the page shows it."""

    half_day: HalfDay
    outcome: Outcome
    said: str
    why_not: list[str]
    scans: Any
    excuses: Any
    begun: bool

    @property
    def only_out(self) -> bool:
        """Whether scans say that they went out, and none that they came in."""
        standing = [scan for scan in self.scans if scan.voided_at is None]
        return bool(standing) and all(scan.kind == ScanKind.OUT for scan in standing)

    @property
    def look(self) -> str:
        """The tag's kind."""
        if not self.outcome.came and not self.begun and not self.outcome.excused and not self.scans:
            return "idle"
        return "ok" if self.outcome.counts else "warn"


@blueprint.get("/attendance/<int:delegate_id>")
@requires(Permission.DELEGATES)
def person(key: str, delegate_id: int) -> str:
    """One person's half-days with every scan, and the forms that correct one or give leave.

    Both propose the half-day that the address names, else the one running or the last before.
    """
    event, delegate = _delegate(key, delegate_id)
    form, excuse_form = _forms(event)
    proposed, wanted = latest(event.sessions, clock.now()), request.args.get("session", "")
    for field in (form.session, excuse_form.half_day):
        field.data = wanted if wanted in dict(field.choices) else proposed.key if proposed is not None else None
    return _page(event, delegate, form, excuse_form)


@blueprint.post("/attendance/<int:delegate_id>/corrections")
@requires(Permission.DELEGATES)
def correct(key: str, delegate_id: int) -> Response | tuple[str, int]:
    """Enter a presence or take one back, with the reason."""
    event, delegate = _delegate(key, delegate_id)
    form, _unsent = _forms(event)
    if form.validate():
        try:
            _correct(form, events.get_half_day(event, form.session.data), delegate)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã sửa điểm danh của %(name)s.", name=delegate.full_name), "ok")
            return see(url_for("attendance.person", key=key, delegate_id=delegate_id))
    return _page(event, delegate, form, _forms(event, unsent=True)[1]), 422


@blueprint.post("/attendance/<int:delegate_id>/excuses")
@requires(Permission.DELEGATES)
def excuse(key: str, delegate_id: int) -> Response | tuple[str, int]:
    """Excuse someone at one half-day or at all of them."""
    event, delegate = _delegate(key, delegate_id)
    _unsent, form = _forms(event)
    if form.validate():
        every = form.half_day.data == ALL
        half_days = event.sessions if every else [events.get_half_day(event, form.half_day.data)]
        try:
            given = excuses.excuse(half_days, delegate, current_user._get_current_object(), form.reason.data or "")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            known = outcomes.outcomes(event, [delegate.id])
            came = any(known[one.half_day_id, delegate.id].came for one in given)
            flash(_excused(delegate, len(given), came), "ok")
            return see(url_for("attendance.person", key=key, delegate_id=delegate_id))
    return _page(event, delegate, _forms(event, unsent=True)[0], form), 422


@blueprint.post("/attendance/<int:delegate_id>/excuses/<int:excuse_id>/withdrawal")
@requires(Permission.DELEGATES)
def withdraw_excuse(key: str, delegate_id: int, excuse_id: int) -> Response | tuple[str, int]:
    """Take leave back."""
    event, delegate = _delegate(key, delegate_id)
    found, form = excuses.get_excuse(event, delegate_id, excuse_id), WithdrawalForm()
    if not form.validate():
        unsent, excuse_form = _forms(event, unsent=True)
        unsent.form_errors += form.reason.errors
        return _page(event, delegate, unsent, excuse_form), 422
    excuses.withdraw(found, current_user._get_current_object(), form.reason.data or "")
    flash(_("Đã rút phép của %(name)s.", name=delegate.full_name), "ok")
    return see(url_for("attendance.person", key=key, delegate_id=delegate_id))


def _delegate(key: str, delegate_id: int) -> tuple[Event, Delegate]:
    event = events.get_managed_event(current_user, key, Permission.DELEGATES)
    return event, registration.get_delegate(event, delegate_id)


def _forms(event: Event, *, unsent: bool = False) -> tuple[CorrectionForm, ExcuseForm]:
    """Both forms of the page; `unsent`: as they are before anything is filled in."""
    sent = {"formdata": None} if unsent else {}
    form, excuse_form = CorrectionForm(**sent), ExcuseForm(prefix=EXCUSE, **sent)
    half_days = [(one.key, half_day_words(one)) for one in event.sessions]
    form.session.choices = half_days
    excuse_form.half_day.choices = [*half_days, (ALL, _("Mọi buổi"))] if len(half_days) > 1 else half_days
    return form, excuse_form


def _correct(form: CorrectionForm, half_day: HalfDay, delegate: Delegate) -> None:
    account, reason = current_user._get_current_object(), form.reason.data or ""
    if form.outcome.data == ABSENT:
        service.mark_absent(half_day, delegate, account, reason)
        return
    hours = (form.came_at.data, form.left_at.data)
    came_at, left_at = (clock.at_local(half_day.on, hour) if hour is not None else None for hour in hours)
    method, beforehand = ScanMethod(form.method.data), bool(form.beforehand.data)
    service.mark_present(
        half_day, delegate, account, reason, method=method, at=came_at, left_at=left_at, beforehand=beforehand
    )


def _excused(delegate: Delegate, number: int, came: bool) -> str:
    said = _("Đã ghi phép của %(name)s: %(number)s buổi.", name=delegate.full_name, number=number)
    if not came:
        return str(said)
    return f"{said} {_('Ở buổi đã có mặt, phép chỉ che cho việc đến muộn hoặc về sớm.')}"


def _page(event: Event, delegate: Delegate, form: CorrectionForm, excuse_form: ExcuseForm) -> str:
    rule, known = outcomes.rule_of(event), outcomes.outcomes(event, [delegate.id])
    if form.outcome.data is None:
        meant = next((one for one in event.sessions if one.key == form.session.data), None)
        present = meant is not None and known[meant.id, delegate.id].came
        form.outcome.data = ABSENT if present else PRESENT
    counted, each = sum(1 for one in known.values() if one.counts), presence.hours_each(rule, len(event.sessions))
    return render_template(
        "attendance/person.html",
        event=event,
        delegate=delegate,
        form=form,
        excuse_form=excuse_form,
        standings=_standings(event, delegate, rule, known),
        counted=counted,
        hours=round(counted * each, 2),
        hour_each=each,
        rule=rule_words(rule),
        changes=changes_of(event, delegate.id),
        named={one.id: half_day_words(one) for one in event.sessions},
        states=STATE_WORDS,
        causes=CAUSE_WORDS,
        scanned=scan_words,
        own_words={one: _(one) for one in _OWN_WORDS},
    )


def _standings(event: Event, delegate: Delegate, rule: Rule, known: Mapping[Place, Outcome]) -> list[Standing]:
    history, leave, now = queries.history(event, delegate.id), excuses.of_person(event, delegate.id), clock.now()
    replaced = delegate.replaces.full_name if delegate.replaces is not None else ""
    found = []
    for one in event.sessions:
        outcome = known[one.id, delegate.id]
        said, reasons = state_words(outcome, replaced), why_not(outcome, rule)
        scans, given = history.get(one.id, ()), leave.get(one.id, ())
        found.append(Standing(one, outcome, said, reasons, scans, given, begins_at(one) <= now))
    return found
