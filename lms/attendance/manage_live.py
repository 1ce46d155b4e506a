"""The live view of a half-day for those who run it or keep its door, and the same figures as a spreadsheet."""

from functools import partial
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import arrival_chart, arrivals, half_days, live, queries
from lms.attendance.arrivals import Arrivals
from lms.attendance.live import Figures, MissingUnit, UnitFigures, Watched
from lms.attendance.looks import Look, Looks
from lms.attendance.views import blueprint
from lms.attendance.words import half_day_words, step_words
from lms.core import clock
from lms.core.access import requires
from lms.core.db import SAFE_METHODS, after_commit
from lms.core.errors import NotFound
from lms.core.i18n import _, hour, in_language, moment, number
from lms.core.permissions import Permission
from lms.core.web import XLSX, download
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event
from lms.registration.exports import Sheet, to_workbook

MOST_UNITS = 60
"""Units drawn as bars; all of them are in the spreadsheet."""
REFRESH = 10
"""Seconds between two looks."""
LOOKS = "attendance_looks"
"""Under which name the application keeps its looks."""
_SCANNING = frozenset({"attendance.door_session", "attendance.undo"})
"""Acts at a door: so many that every look would be dropped before anyone shared it."""


@blueprint.get("/presence")
@requires(Permission.DOOR)
def presence(key: str) -> str:
    """Who is there now; asked for again by the page's script, only the part that changes."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    watched = _watched(event)
    if watched is None:
        return render_template("attendance/presence.html", event=event, watched=None)
    part = "HX-Request" in request.headers
    return render_template("attendance/_presence.html" if part else "attendance/presence.html", **_values(watched))


@blueprint.get("/presence.xlsx")
@requires(Permission.DOOR)
def presence_export(key: str) -> Response:
    """The same figures as sheets, with everyone who is missing."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    watched = _watched(event)
    if watched is None:
        raise NotFound
    name = f"truc-tiep-{event.key}-{watched.half_day.key}.xlsx"
    return download(to_workbook(_sheets(watched)), name, XLSX)


@blueprint.after_request
def look_again(response: Response) -> Response:
    """Whoever did something sees what it made of the figures."""
    acted = request.method not in SAFE_METHODS and response.status_code < 400
    if acted and request.endpoint not in _SCANNING and request.view_args:
        after_commit(partial(_looks().drop, request.view_args["key"]))
    return response


def _watched(event: Event) -> Watched | None:
    """What the address asks for; None where the event has no half-day. Raises NotFound for a point of another event."""
    half_day = half_days.meant(event.sessions, request.args.get("session", ""), clock.now())
    point = queries.get_point(event, request.args.get("point", type=int))
    return Watched(event, half_day, point) if half_day is not None else None


def _values(watched: Watched) -> dict[str, Any]:
    event, half_day, now = watched.event, watched.half_day, clock.now()
    look = _looks().at(watched)
    figures, steps = look.figures, look.steps
    by_missing = request.args.get("order") == "missing"
    shown = sorted(look.units, key=lambda one: -one.figures.missing) if by_missing else look.units
    kept: dict[str, Any] = {"session": half_day.key, "point": watched.point.id if watched.point is not None else None}
    begins_at = half_days.begins_at(half_day)
    may_see_points = event.points and events_policy.may_manage(current_user, event, Permission.POINT)
    return {
        "event": event,
        "watched": watched,
        "half_day": half_day,
        "figures": figures,
        "exits": figures.left > 0,
        "sentence": _sentence(figures),
        "found": _found(look),
        "untimed": look.untimed,
        "steps": steps,
        "chart": arrival_chart.draw(steps, figures.expected, begins_at) if steps else None,
        "step_words": step_words,
        "beyond": [step_words(one) for one in steps if one.early or one.late],
        "begins_at": begins_at,
        "over": half_days.ends_at(half_day) <= now,
        "units": shown[:MOST_UNITS],
        "units_left": len(shown[MOST_UNITS:]),
        "by_missing": by_missing,
        "missing": look.missing,
        "missing_left": figures.missing - sum(len(one.people) for one in look.missing),
        "devices": look.devices,
        "points": look.points if may_see_points else None,
        "looked_at": look.at,
        "kept": kept,
        "here": url_for("attendance.presence", key=event.key, **kept, order="missing" if by_missing else None),
        "refresh": REFRESH,
        "named": half_day_words,
        "may_see_points": may_see_points,
    }


def _looks() -> Looks:
    looks: Looks = current_app.extensions[LOOKS]
    return looks


def _sentence(figures: Figures) -> str:
    """The totals in one sentence, for those who listen."""
    if figures.left:
        told: str = _(
            "Đã đến %(present)s trên %(expected)s, đang trong hội trường %(inside)s, còn vắng %(missing)s.",
            present=figures.present,
            expected=figures.expected,
            inside=figures.inside,
            missing=figures.missing,
        )
        return told
    words: str = _(
        "Có mặt %(present)s trên %(expected)s, còn vắng %(missing)s.",
        present=figures.present,
        expected=figures.expected,
        missing=figures.missing,
    )
    return words


def _found(look: Look) -> str:
    """What the picture of arrivals shows, in a sentence."""
    if not look.steps:
        return ""
    busiest, last = arrivals.busiest(look.steps), look.steps[-1]
    present, expected = number(last.in_all), number(look.figures.expected)
    words: str = _(
        "Đến %(time)s có %(present)s trên %(expected)s người.",
        time=hour(min(last.until, look.at)),
        present=present,
        expected=expected,
    )
    if busiest is None:
        return words
    since, until, most = hour(busiest.since), hour(busiest.until), number(busiest.number)
    return f"{words} {_('Đông nhất từ %(since)s đến %(until)s: %(most)s người.', since=since, until=until, most=most)}"


def _sheets(watched: Watched) -> list[Sheet]:
    units, steps = live.by_unit(watched), arrivals.arrivals(watched)
    untimed = live.total(units).present - (steps[-1].in_all if steps else 0)
    title = in_language(watched.event.title, watched.event.title_en)
    where = [half_day_words(watched.half_day), *([watched.point.name] if watched.point is not None else [])]
    title = f"{title} – {', '.join(where)}"
    people = [
        [unit.name, one.full_name, one.post, *_whom_to_call(unit)]
        for unit in live.missing(watched, None)
        for one in unit.people
    ]
    return [
        Sheet(_("Tổng hợp"), title, [_("Mục"), _("Số người")], _totals(live.total(units))),
        Sheet(
            _("Theo đơn vị"),
            title,
            [_("Đơn vị"), *(str(word) for word, _number in _totals(Figures())[:-1])],
            _lines(units),
        ),
        Sheet(_("Lượt đến theo thời gian"), title, [_("Từ"), _("Số người đến"), _("Cộng dồn")], _times(steps, untimed)),
        Sheet(
            _("Người vắng"),
            title,
            [_("Đơn vị"), _("Họ và tên"), _("Chức vụ"), _("Đầu mối"), _("Điện thoại đầu mối")],
            people,
        ),
    ]


def _whom_to_call(unit: MissingUnit) -> tuple[str, str]:
    """The names of a unit's focal points and, in the same order, their phones."""
    return "; ".join(one.name for one in unit.focal_points), "; ".join(one.phone or "–" for one in unit.focal_points)


def _totals(figures: Figures) -> list[list[str | int]]:
    """Each figure with its name; last the moment they were read."""
    return [
        [_("Trong danh sách"), figures.expected],
        [_("Có mặt"), figures.present],
        [_("Đến muộn"), figures.late],
        [_("Về sớm"), figures.left_early],
        [_("Đã ra"), figures.left],
        [_("Vắng có phép"), figures.excused],
        [_("Người được thay đã dự"), figures.substituted],
        [_("Vắng"), figures.missing],
        [_("Số liệu lúc"), moment(clock.now())],
    ]


def _lines(units: list[UnitFigures]) -> list[list[str | int]]:
    return [[one.name, *(number for _word, number in _totals(one.figures)[:-1])] for one in units]


def _times(steps: list[Arrivals], untimed: int) -> list[list[str | int]]:
    """Each step; last, where there are any, those who came nobody knows when."""
    found: list[list[str | int]] = [[step_words(one), one.number, one.in_all] for one in steps]
    in_all = steps[-1].in_all if steps else 0
    return [*found, [_("Theo giấy, sửa tay"), untimed, in_all + untimed]] if untimed else found
