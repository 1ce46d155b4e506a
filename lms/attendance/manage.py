"""Who was there: the matrix, what it may be narrowed to, and its spreadsheet."""

import re
from typing import Any

from flask import render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import doubts, finding, matrix, outcomes
from lms.attendance.half_days import begins_at, latest
from lms.attendance.matrix import Filters, Line
from lms.attendance.views import blueprint
from lms.attendance.words import half_day_words, outcome_words, rule_words
from lms.core import clock
from lms.core.access import requires
from lms.core.i18n import _, in_language, lazy
from lms.core.permissions import Permission
from lms.core.text import fold
from lms.core.web import XLSX, download
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event
from lms.registration import queries as registration
from lms.registration.exports import Sheet, to_workbook

LONGEST_NAME = 120
"""Of a downloaded file, without its ending."""
_NO_WORD = re.compile(r"[^a-z0-9]+")
ABSENT_AT = "absent-"
"""What the choice "absent at one half-day" begins with; the half-day's key follows."""
ONLY_WORDS = {
    finding.LATE: lazy("Đến muộn"),
    finding.LEFT_EARLY: lazy("Về sớm"),
    finding.EXCUSED: lazy("Có phép"),
    finding.UNCOUNTED: lazy("Có mặt nhưng không được tính"),
    finding.WALKED_IN: lazy("Đến trực tiếp, không có trong danh sách"),
}


@blueprint.get("/attendance", endpoint="matrix")
@requires(Permission.DOOR)
def show_matrix(key: str) -> str:
    """Person × half-day by unit, with totals; or only those who are meant."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    filters, now = _filters(event), clock.now()
    may_correct = events_policy.may_manage(current_user, event, Permission.DELEGATES)
    return render_template(
        "attendance/matrix.html",
        event=event,
        filters=filters,
        shown=_shown(filters),
        kept=_kept(filters),
        matrix=matrix.read(event, filters, request.args.get("page", 1, type=int)),
        units=registration.units_present(event),
        begun={one.id for one in event.sessions if begins_at(one) <= now},
        now=latest(event.sessions, now),
        named=half_day_words,
        written=outcome_words,
        only_words=ONLY_WORDS,
        rule=rule_words(outcomes.rule_of(event)),
        may_correct=may_correct,
        may_change_rule=events_policy.may_manage(current_user, event, Permission.EVENTS),
        waiting=doubts.count_waiting(event) if may_correct else 0,
    )


@blueprint.get("/attendance.xlsx")
@requires(Permission.DOOR)
def export(key: str) -> Response:
    """The matrix as it is shown, all pages of it."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    filters = _filters(event)
    lines, only = matrix.everyone(event, filters), _only(event, filters)
    title = " – ".join([in_language(event.title, event.title_en), *([", ".join(only)] if only else [])])
    name = "-".join(["diem-danh", event.key, *(_NO_WORD.sub("-", fold(one)).strip("-") for one in only)])[:LONGEST_NAME]
    sheet = Sheet(_("Có mặt"), title, _headings(event), _rows(event, lines))
    return download(to_workbook([sheet]), f"{name}.xlsx", XLSX)


def _filters(event: Event) -> Filters:
    """What the address asks for; a half-day that is none, or an unknown choice, shows everyone."""
    show = request.args.get("show", "")
    missing = request.args.get("missing", "") or (show.removeprefix(ABSENT_AT) if show.startswith(ABSENT_AT) else "")
    half_day = next((one for one in event.sessions if one.key == missing), None)
    only = show if show in finding.ONLY else ""
    return Filters(request.args.get("q", ""), request.args.get("unit", type=int), half_day, only)


def _only(event: Event, filters: Filters) -> list[str]:
    """What the table is narrowed to, in words; nothing where it holds everyone."""
    found = [f"“{filters.text}”"] if filters.text else []
    if filters.unit_id is not None:
        found += [name for unit_id, name in registration.units_present(event) if unit_id == filters.unit_id]
    if filters.missing is not None:
        found.append(_("Vắng: %(session)s", session=half_day_words(filters.missing)))
    return [*found, str(ONLY_WORDS[filters.only])] if filters.only else found


def _shown(filters: Filters) -> str:
    """The choice of "Xem" that is taken."""
    return f"{ABSENT_AT}{filters.missing.key}" if filters.missing is not None else filters.only


def _kept(filters: Filters) -> dict[str, Any]:
    return {"q": filters.text or None, "unit": filters.unit_id, "show": _shown(filters) or None}


def _headings(event: Event) -> list[str]:
    people = [_("TT"), _("Họ và tên"), _("Chức vụ"), _("Đơn vị")]
    return [*people, *(half_day_words(one) for one in event.sessions), _("Số buổi được tính"), _("Số giờ")]


def _rows(event: Event, lines: list[Line]) -> list[list[str | int | float]]:
    """A row a person, then how many came to each half-day, with the half-days and hours counted in all."""
    ids, begun = [one.id for one in event.sessions], {one.id for one in event.sessions if begins_at(one) <= clock.now()}
    rows: list[list[str | int | float]] = [
        [
            number,
            line.full_name,
            line.post,
            line.unit,
            *(outcome_words(line.outcomes[one], line.replaced) or _absent(one in begun) for one in ids),
            line.counted,
            line.hours,
        ]
        for number, line in enumerate(lines, start=1)
    ]
    present = [sum(1 for line in lines if line.outcomes[one].came) for one in ids]
    counted = sum(line.counted for line in lines)
    return [*rows, ["", _("Có mặt"), "", "", *present, counted, round(sum(line.hours for line in lines), 2)]]


def _absent(begun: bool) -> str:
    return _("vắng") if begun else ""
