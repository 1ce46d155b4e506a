"""The sign-in sheets of an event: printing them, and entering the signed paper page by page."""

from datetime import datetime, timedelta

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import printing, queries, sheet_entry
from lms.attendance.half_days import begins_at
from lms.attendance.printing import Part
from lms.attendance.sheet_entry import RowAnswer, Sent, SheetPage
from lms.attendance.views import blueprint
from lms.attendance.words import half_day_words
from lms.core import clock, text
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.i18n import _, explain, hour, lazy
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.events import policy as events_policy
from lms.events import queries as events
from lms.events.models import Event, HalfDay
from lms.registration.listing import HALL

Answer = Response | str | tuple[str, int]
MOST_SHOWN = 100
ANSWER_WORDS = {
    RowAnswer.NONE: lazy("chưa nhập"),
    RowAnswer.SIGNED: lazy("đã ký"),
    RowAnswer.UNSIGNED: lazy("không ký"),
    RowAnswer.UNCLEAR: lazy("chưa rõ"),
}


@blueprint.get("/attendance/sheets")
@requires(Permission.DOOR)
def sheets_page(key: str) -> str:
    """The sheets of each half-day: to print, and to enter when they come back signed."""
    event = events.get_managed_event(current_user, key, Permission.DOOR)
    return render_template("attendance/sheets.html", event=event, named=half_day_words, hall=HALL)


@blueprint.get("/sessions/<session_key>/sheet.pdf")
@requires(Permission.DOOR)
def sheet(key: str, session_key: str) -> Response:
    """The sign-in sheet of a half-day: of all, of one point, or of those at no point."""
    half_day = queries.get_door(current_user, key, session_key)
    event = half_day.event
    content = printing.sheet_of(event, half_day, _part(event))
    return download(content, f"diem-danh-{event.key}-{half_day.key}.pdf", "application/pdf", inline=True)


@blueprint.get("/sessions/<session_key>/sheets.pdf")
@requires(Permission.DOOR)
def all_sheets(key: str, session_key: str) -> Response:
    """The sign-in sheets of every point of a half-day in one file, the hall's first."""
    half_day = queries.get_door(current_user, key, session_key)
    event = half_day.event
    content = printing.sheets_of(event, half_day, printing.parts(event))
    return download(content, f"diem-danh-{event.key}-{half_day.key}-cac-diem.pdf", "application/pdf", inline=True)


@blueprint.get("/sessions/<session_key>/sheet-entry")
@requires(Permission.DOOR)
def sheet_rows(key: str, session_key: str) -> str:
    """One page of signed paper as it was printed."""
    half_day = queries.get_door(current_user, key, session_key)
    part, printed_at = _part(half_day.event), _printed_at()
    page = sheet_entry.page_of(half_day, part, request.args.get("sheet", 1, type=int), printed_at)
    return _page(half_day, part, page)


@blueprint.post("/sessions/<session_key>/sheet-entry")
@requires(Permission.DOOR)
def enter_sheet(key: str, session_key: str) -> Answer:
    """Write what the page says, then go on to the next."""
    half_day = queries.get_door(current_user, key, session_key)
    part, account = _part(half_day.event), current_user._get_current_object()
    page = sheet_entry.page_of(half_day, part, request.args.get("sheet", 1, type=int), _printed_at())
    sent = _sent(page)
    try:
        number = sheet_entry.save(half_day, page, sent, account)
        names = request.form.get("written", "")
        noted = sheet_entry.note_written(half_day, part, names, page.number, account)
    except (RuleBroken, RulesBroken) as refusal:
        session().rollback()
        page = sheet_entry.page_of(half_day, part, page.number, _printed_at())
        return _page(half_day, part, page, sent, refusal), 422
    said = _("Tờ %(sheet)s/%(sheets)s: đã lưu %(number)s dòng.", sheet=page.number, sheets=page.pages, number=number)
    if noted:
        said = f"{said} {_('%(number)s tên ghi thêm chờ ở Dòng chưa rõ.', number=noted)}"
    flash(said, "ok")
    further = page.has_next and "stay" not in request.form and "all" not in request.form
    return see(_address(half_day, part, page.number + further))


def _part(event: Event) -> Part:
    """Whose sheet the address names; raises NotFound."""
    point_id = request.args.get("point", type=int)
    return Part(hall=True) if point_id == HALL else Part(queries.get_point(event, point_id))


def _printed_at() -> datetime | None:
    """The end of the minute that the paper says it was printed in (UTC); None: the list as it stands."""
    try:
        told = datetime.fromisoformat(request.args.get("printed", ""))
        return clock.at_local(told.date(), told.time().replace(tzinfo=None)) + timedelta(seconds=59.9)
    except (ValueError, OverflowError):
        return None


def _address(half_day: HalfDay, part: Part, number: int) -> str:
    printed = request.args.get("printed") if _printed_at() is not None else None
    return url_for(
        "attendance.sheet_rows",
        key=half_day.event.key,
        session_key=half_day.key,
        point=part.point_id,
        printed=printed,
        sheet=number,
    )


def _sent(page: SheetPage) -> dict[int, Sent]:
    """What the page says of each row; a row that the form does not name stays as it is."""
    found = {}
    for row in page.rows:
        answer = _answer(f"row-{row.delegate_id}")
        if answer is None:
            continue
        if answer == RowAnswer.NONE and "all" in request.form:
            answer = RowAnswer.SIGNED
        note = text.tidy(request.form.get(f"note-{row.delegate_id}", ""))
        found[row.delegate_id] = Sent(
            answer,
            note if answer == RowAnswer.UNCLEAR else "",
            _answer(f"was-{row.delegate_id}"),
            text.tidy(request.form.get(f"noted-{row.delegate_id}", "")),
        )
    return found


def _answer(name: str) -> RowAnswer | None:
    value = request.form.get(name, "")
    return RowAnswer(value) if value in set(RowAnswer) else None


def _page(
    half_day: HalfDay,
    part: Part,
    page: SheetPage,
    sent: dict[int, Sent] | None = None,
    refusal: RuleBroken | RulesBroken | None = None,
) -> str:
    event = half_day.event
    refusals = refusal.refusals if isinstance(refusal, RulesBroken) else [refusal] if refusal is not None else []
    begins = clock.local(begins_at(half_day))
    return render_template(
        "attendance/sheet_entry.html",
        event=event,
        half_day=half_day,
        title=half_day_words(half_day),
        part=part,
        page=page,
        sent=sent or {},
        errors={one.field or "": explain(one) for one in refusals},
        written=request.form.get("written", ""),
        words=ANSWER_WORDS,
        address=lambda number: _address(half_day, part, number),
        printed=request.args.get("printed") if _printed_at() is not None else "",
        before_start=f"{begins:%Y-%m-%dT%H:%M}",
        start_hour=hour(half_day.starts_at),
        walked_in=_walked_in(half_day, part),
        differences=sheet_entry.differences(half_day, part),
        most=MOST_SHOWN,
        may_decide=events_policy.may_manage(current_user, event, Permission.DELEGATES),
    )


def _walked_in(half_day: HalfDay, part: Part) -> int:
    """How many walked in after the half-day began: paper printed before does not have them."""
    return queries.count_walked_in_since(half_day.event_id, begins_at(half_day), part.point_id)
