"""Who was there: the matrix, its spreadsheet, corrections with a reason, the sign-in sheet."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import matrix, printing, queries, service
from lms.attendance.forms import ABSENT, PRESENT, CorrectionForm
from lms.attendance.matrix import Filters, Line
from lms.attendance.models import ScanMethod
from lms.attendance.views import blueprint
from lms.attendance.words import METHOD_WORDS, half_day_words, outcome_words
from lms.core import clock
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, in_language
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event, HalfDay
from lms.registration import queries as registration
from lms.registration.exports import to_xlsx
from lms.registration.models import Delegate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/attendance", endpoint="matrix")
@requires(Permission.DOOR)
def show_matrix(key: str) -> str:
    """Person × half-day by unit, with totals; or only who is missing at one half-day."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    filters = _filters(event)
    return render_template(
        "attendance/matrix.html",
        event=event,
        filters=filters,
        kept=_kept(filters),
        matrix=matrix.read(event, filters, request.args.get("page", 1, type=int)),
        units=registration.units_present(event),
        begun={one.id for one in event.sessions if _began(one) <= clock.now()},
        named=half_day_words,
        written=outcome_words,
        may_correct=events_policy.may_manage(current_user, event, Permission.DELEGATES),
    )


@blueprint.get("/attendance.xlsx")
@requires(Permission.DOOR)
def export(key: str) -> Response:
    """The matrix as it is shown, all pages of it."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    lines = matrix.everyone(event, _filters(event))
    title = in_language(event.title, event.title_en)
    return download(to_xlsx(title, _headings(event), _rows(event, lines)), f"diem-danh-{event.key}.xlsx", XLSX)


@blueprint.get("/attendance/<int:delegate_id>")
@requires(Permission.DELEGATES)
def person(key: str, delegate_id: int) -> str:
    """One person's half-days with every scan, and the form that corrects one."""
    event, delegate = _delegate(key, delegate_id)
    form = _form(event)
    wanted = request.args.get("session", "")
    form.session.data = wanted if wanted in dict(form.session.choices) else form.session.choices[0][0]
    return _person_page(event, delegate, form)


@blueprint.post("/attendance/<int:delegate_id>/corrections")
@requires(Permission.DELEGATES)
def correct(key: str, delegate_id: int) -> Response | tuple[str, int]:
    """Enter a presence or take one back, with the reason."""
    event, delegate = _delegate(key, delegate_id)
    form = _form(event)
    if form.validate():
        try:
            _correct(form, events.get_half_day(event, form.session.data), delegate)
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã sửa điểm danh của %(name)s.", name=delegate.full_name), "ok")
            return see(url_for("attendance.person", key=key, delegate_id=delegate_id))
    return _person_page(event, delegate, form), 422


@blueprint.get("/sessions/<session_key>/sheet.pdf")
@requires(Permission.DOOR)
def sheet(key: str, session_key: str) -> Response:
    """The sign-in sheet of a half-day, of all or of one point."""
    half_day = queries.get_door(current_user, key, session_key)
    event = half_day.event
    point = queries.get_point(event, request.args.get("point", type=int))
    content = printing.sheet_of(event, half_day, point)
    return download(content, f"diem-danh-{event.key}-{half_day.key}.pdf", "application/pdf", inline=True)


def _filters(event: Event) -> Filters:
    """What the address asks for; a half-day that is none shows everyone."""
    missing = request.args.get("missing", "")
    half_day = next((one for one in event.sessions if one.key == missing), None)
    return Filters(request.args.get("q", ""), request.args.get("unit", type=int), half_day)


def _kept(filters: Filters) -> dict[str, Any]:
    return {
        "q": filters.text or None,
        "unit": filters.unit_id,
        "missing": filters.missing.key if filters.missing is not None else None,
    }


def _began(half_day: HalfDay) -> Any:
    return clock.at_local(half_day.on, half_day.starts_at)


def _headings(event: Event) -> list[str]:
    people = [_("TT"), _("Họ và tên"), _("Chức vụ"), _("Đơn vị")]
    return [*people, *(half_day_words(one) for one in event.sessions), _("Số buổi được tính")]


def _rows(event: Event, lines: list[Line]) -> list[list[str | int]]:
    """A row a person, then how many came to each half-day."""
    ids = [one.id for one in event.sessions]
    rows: list[list[str | int]] = [
        [
            number,
            line.full_name,
            line.post,
            line.unit,
            *(outcome_words(line.outcomes[one]) for one in ids),
            line.counted,
        ]
        for number, line in enumerate(lines, start=1)
    ]
    present = [sum(1 for line in lines if line.outcomes[one].came) for one in ids]
    return [*rows, ["", _("Có mặt"), "", "", *present, sum(present)]]


def _delegate(key: str, delegate_id: int) -> tuple[Event, Delegate]:
    event = events.get_managed_event(current_user, key, Permission.DELEGATES)
    return event, registration.get_delegate(event, delegate_id)


def _form(event: Event) -> CorrectionForm:
    form = CorrectionForm()
    form.session.choices = [(one.key, half_day_words(one)) for one in event.sessions]
    return form


def _correct(form: CorrectionForm, half_day: HalfDay, delegate: Delegate) -> None:
    account, reason = current_user._get_current_object(), form.reason.data or ""
    if form.outcome.data == ABSENT:
        service.mark_absent(half_day, delegate, account, reason)
        return
    came_at = clock.at_local(half_day.on, form.came_at.data) if form.came_at.data is not None else None
    service.mark_present(half_day, delegate, account, reason, method=ScanMethod(form.method.data), at=came_at)


def _person_page(event: Event, delegate: Delegate, form: CorrectionForm) -> str:
    history = queries.history(event, delegate.id)
    standing = {half_day_id: any(_counts(scan) for scan in scans) for half_day_id, scans in history.items()}
    if form.outcome.data is None:
        half_day = next((one for one in event.sessions if one.key == form.session.data), None)
        form.outcome.data = ABSENT if half_day is not None and standing.get(half_day.id) else PRESENT
    return render_template(
        "attendance/person.html",
        event=event,
        delegate=delegate,
        form=form,
        history=history,
        standing=standing,
        begun={one.id for one in event.sessions if _began(one) <= clock.now()},
        named=half_day_words,
        methods=METHOD_WORDS,
        void_words={service.UNDONE_AT_DOOR: _("Hoàn tác ở cửa")},
    )


def _counts(scan: Any) -> bool:
    return scan.kind == "in" and scan.voided_at is None
