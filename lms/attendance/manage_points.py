"""Remote points: the organizer's overview and naming of leaders, and the page of one point for whoever leads it."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import Account
from lms.attendance import half_days, point_counts, point_queries, points
from lms.attendance.point_forms import LeaderForm, ReopenForm, ReportForm
from lms.attendance.points import Ticks
from lms.attendance.views import blueprint
from lms.attendance.words import METHOD_WORDS, half_day_words
from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, ngettext
from lms.core.permissions import Permission
from lms.core.text import tidy
from lms.core.web import see
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event, HalfDay, Point

Answer: TypeAlias = str | Response | tuple[str, int]
SEARCH_FROM = 50
"""From how many names on a list a search box pays."""


@dataclass(frozen=True)
class Here:
    """One point at one of its event's half-days, as the account sees it; `manages`: whether they run the event."""

    event: Event
    point: Point
    half_day: HalfDay
    manages: bool

    def address(self, endpoint: str = "attendance.point", **more: Any) -> str:
        """An address of this point at this half-day."""
        return url_for(endpoint, key=self.event.key, point_id=self.point.id, session=self.half_day.key, **more)


@dataclass(frozen=True)
class Asked:
    """The figures with which a half-day would be closed."""

    named: int
    heads: int

    @property
    def figures(self) -> str:
        """What agreeing to them sends."""
        return f"{self.heads}/{self.named}"


@blueprint.get("/points/", endpoint="points")
@requires(Permission.POINT)
def overview(key: str) -> str:
    """Every point at one half-day: listed, named present, heads, the difference, whether it has closed, who leads."""
    event = events.get_managed_event(current_user, key, Permission.POINT)
    half_day = half_days.meant(event.sessions, request.args.get("session", ""), clock.now())
    only_open = request.args.get("state") == "open"
    tallies = point_queries.tallies(event, half_day) if half_day is not None else []
    return render_template(
        "attendance/points.html",
        event=event,
        half_day=half_day,
        tallies=tallies,
        shown=[one for one in tallies if not (only_open and one.closed)],
        only_open=only_open,
        closed=point_queries.closed_counts(event),
        leaders=point_queries.leaders(event),
        named=half_day_words,
    )


@blueprint.route("/points/leaders", methods=["GET", "POST"])
@requires(Permission.POINT)
def point_leaders(key: str) -> Answer:
    """Who answers for which point; naming one sends them a mail."""
    event, form = events.get_managed_event(current_user, key, Permission.POINT), LeaderForm()
    form.point.choices = [(point.id, point.name) for point in event.points]
    if request.method == "GET":
        form.point.data = request.args.get("point", type=int)
    if form.validate_on_submit():
        try:
            point = next(one for one in event.points if one.id == form.point.data)
            named = points.name_leader(point, form.full_name.data, form.email.data, _account())
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            sent = _("đã gửi thư") if event.published_at else _("thư gửi khi công bố sự kiện")
            words = _("%(name)s phụ trách %(point)s; %(sent)s.")
            flash(words % {"name": named.account.name, "point": point.name, "sent": sent}, "ok")
            return see(url_for("attendance.point_leaders", key=key))
    page = render_template(
        "attendance/point_leaders.html", event=event, form=form, leaders=point_queries.leaders(event)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/points/<int:point_id>/leaders/<int:account_id>/removal")
@requires(Permission.POINT)
def remove_point_leader(key: str, point_id: int, account_id: int) -> Answer:
    """Take the point's page away from someone."""
    event = events.get_managed_event(current_user, key, Permission.POINT)
    leader = point_queries.get_leader(event, point_id, account_id)
    name, point = leader.account.name, leader.point.name
    points.remove_leader(leader, _account())
    flash(_("%(name)s thôi phụ trách %(point)s.", name=name, point=point), "ok")
    return see(url_for("attendance.point_leaders", key=key))


@blueprint.get("/points/<int:point_id>")
@requires(Permission.POINT)
def point(key: str, point_id: int) -> Answer:
    """A point at one half-day: the named list with boxes, heads, the difference, closing."""
    found = point_queries.get_point(current_user, key, point_id)
    event = found.event
    half_day = half_days.meant(event.sessions, request.args.get("session", ""), clock.now())
    if half_day is None:
        return render_template("attendance/point_empty.html", event=event, point=found)
    return _page(Here(event, found, half_day, events_policy.may_manage(_account(), event, Permission.POINT)))


@blueprint.post("/points/<int:point_id>/report")
@requires(Permission.POINT)
def report_point(key: str, point_id: int) -> Answer:
    """Write ticks and heads; the half-day stays open."""
    here, form = _here(key, point_id), ReportForm()
    if not form.validate():
        return _page(here, form), 422
    try:
        done = points.report(here.point, here.half_day, _account(), _ticks(), form.count())
    except RuleBroken as refusal:
        return _refused(here, form, refusal)
    _tell(done)
    page = request.form.get("page", type=int)
    return see(here.address(page=page, q=request.args.get("q") or None))


@blueprint.post("/points/<int:point_id>/closing")
@requires(Permission.POINT)
def close_point(key: str, point_id: int) -> Answer:
    """Write ticks and heads, and close the half-day at this point, once the figures were looked at."""
    here, form = _here(key, point_id), ReportForm()
    if not form.validate():
        return _page(here, form), 422
    try:
        points.close(here.point, here.half_day, _account(), _ticks(), form.count())
    except RuleBroken as refusal:
        if refusal.code != "unagreed":
            return _refused(here, form, refusal)
        session().rollback()
        return _page(here, form, asked=Asked(refusal.params["present"], refusal.params["heads"])), 422
    flash(_("Đã chốt %(point)s, %(session)s.", point=here.point.name, session=_said(here)), "ok")
    return see(here.address())


@blueprint.post("/points/<int:point_id>/reopening")
@requires(Permission.POINT)
def reopen_point(key: str, point_id: int) -> Answer:
    """Let the point change a half-day it has closed; only who runs the event may."""
    here, form = _here(key, point_id), ReopenForm()
    if not here.manages:
        raise NotFound
    closed = point_queries.get_report(here.point, here.half_day)
    if form.validate():
        try:
            points.reopen(closed, _account(), form.reason.data or "")
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã mở lại %(point)s, %(session)s.", point=here.point.name, session=_said(here)), "ok")
            return see(here.address())
    return _page(here, reopening=form), 422


def _account() -> Account:
    account: Account = current_user._get_current_object()
    return account


def _here(key: str, point_id: int) -> Here:
    """The point and the half-day that an act names; raises NotFound where there is none of that key."""
    found = point_queries.get_point(current_user, key, point_id)
    half_day = events.get_half_day(found.event, request.args.get("session", ""))
    return Here(found.event, found, half_day, events_policy.may_manage(_account(), found.event, Permission.POINT))


def _ticks() -> Ticks:
    """The boxes that were ticked when the page was drawn, and those that are now."""
    shown, sent = (set(request.form.getlist(name, type=int)) for name in ("was", "here"))
    return Ticks.between(shown, sent)


def _refused(here: Here, form: ReportForm, refusal: RuleBroken) -> Answer:
    session().rollback()
    form.refuse(refusal)
    if refusal.code == "explanation-old":
        form.explanation.data, form.anew.data = "", "1"
    return _page(here, form, unsure=refusal.code == "implausible"), 422


def _page(
    here: Here,
    form: ReportForm | None = None,
    reopening: ReopenForm | None = None,
    asked: Asked | None = None,
    *,
    unsure: bool = False,
) -> str:
    """The point's page; after a refusal, or where figures are asked about, with the boxes as they were sent."""
    tally = point_queries.tallies(here.event, here.half_day, here.point)[0]
    words = tidy(request.args.get("q", ""))
    number = request.args.get("page", 1, type=int) if form is None else request.form.get("shown", 1, type=int)
    page = point_queries.names(here.point, here.half_day, words, number)
    sent, old = form is not None, ""
    if form is None:
        form = ReportForm(formdata=None)
        if tally.report is not None:
            form.heads.data, old = tally.report.head_count, point_counts.old_explanation(tally.report, tally.present)
            form.explanation.data = tally.report.explanation if not old else ""
    form.seen.data = point_counts.of_report(tally.report).stamp
    ticked = set(request.form.getlist("here", type=int)) if sent else {one.id for one in page.rows if one.by_leader}
    now, history = clock.now(), point_queries.history(here.point, here.half_day)
    return render_template(
        "attendance/point.html",
        here=here,
        event=here.event,
        tally=tally,
        page=page,
        q=words,
        searched=tally.listed > SEARCH_FROM,
        ticked=ticked,
        form=form,
        reopening=reopening or ReopenForm(formdata=None),
        wrong=sent or reopening is not None,
        too_early=now < half_days.begins_at(here.half_day) - half_days.OPENS_BEFORE,
        begun=half_days.begins_at(here.half_day) <= now,
        closed_by=point_queries.name_of(tally.report.reported_by_id) if tally.report is not None else "",
        ended=half_days.ends_at(here.half_day) <= now,
        asked=asked,
        old=old,
        unsure=unsure,
        history=history,
        reopened=history[0] if history and not tally.closed else None,
        named=half_day_words,
        methods=METHOD_WORDS,
    )


def _said(here: Here) -> str:
    words = half_day_words(here.half_day)
    return words[:1].lower() + words[1:]


def _tell(done: points.Confirmed) -> None:
    if done.added:
        flash(ngettext("Đã ghi %(num)s người có mặt.", "Đã ghi %(num)s người có mặt.", done.added), "ok")
    if done.taken:
        words = ngettext("Đã bỏ xác nhận %(num)s người.", "Đã bỏ xác nhận %(num)s người.", done.taken)
        flash(words, "ok")
    if done.gone:
        flash(
            ngettext(
                "%(num)s người không còn trong danh sách của điểm cầu nên không ghi.",
                "%(num)s người không còn trong danh sách của điểm cầu nên không ghi.",
                done.gone,
            ),
            "warn",
        )
    if not done.added and not done.taken and not done.gone:
        flash(_("Đã ghi số liệu của điểm cầu."), "ok")
