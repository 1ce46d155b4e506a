"""The pages of an import, for whoever runs the event and for a unit's focal point: the same four steps, other walls."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.db import keep_despite_refusal, session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.i18n import _, ngettext
from lms.core.paging import PER_PAGE, Page
from lms.core.web import see
from lms.events.models import Event
from lms.registration import import_answers, importing, jobs, own_rows, policy, queries, undoing
from lms.registration.cells import ALIKE_STORED, ENCODINGS
from lms.registration.forms import OverQuotaForm, UploadForm
from lms.registration.headings import LABELS, Field
from lms.registration.importing import Summary
from lms.registration.known import WHY_ALIKE
from lms.registration.models import DelegateImport
from lms.registration.rows import SheetRow, look_alikes
from lms.registration.unit_seats import UnitSeats
from lms.registration.views import Answer
from lms.registration.words import FIELDS

Row = TypeVar("Row")
_SHOWN_STALE = 10
_FIRST = {"error": 0, "new": 1, "known": 2, "skipped": 3}


@dataclass(frozen=True)
class Desk:
    """Where an import is worked on: at the event's own desk, or at that of one unit (`seats`)."""

    event: Event
    seats: UnitSeats | None = None

    @property
    def unit_id(self) -> int | None:
        """The unit whose people alone may be brought; None: any."""
        return self.seats.unit.id if self.seats is not None else None

    def url(self, endpoint: str, import_id: int | None = None, **values: Any) -> str:
        """The address of a page of imports at this desk."""
        if self.seats is None:
            return url_for(f"registration.{endpoint}", key=self.event.key, import_id=import_id, **values)
        there: dict[str, Any] = {"key": self.event.key, "unit_key": self.seats.unit.key, "own_import_id": import_id}
        return url_for(f"registration.unit_{endpoint}", **there, **values)

    @property
    def list_url(self) -> str:
        """The address of the list that is filled here."""
        if self.seats is None:
            return url_for("registration.delegates", key=self.event.key)
        return url_for("registration.unit", key=self.event.key, unit_key=self.seats.unit.key)

    def get(self, import_id: int) -> DelegateImport:
        """An import that was begun here; raises NotFound."""
        return queries.get_import(self.event, import_id, self.unit_id)


def choose_file(desk: Desk) -> Answer:
    """Choose a file; nothing is written yet."""
    form = UploadForm()
    policy.refuse_cancelled(desk.event)
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or ""
        try:
            imported = importing.upload(desk.event, current_user, content, name, by_hand=True, unit_id=desk.unit_id)
        except (RuleBroken, RulesBroken) as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            return see(desk.url("show_import", import_id=imported.id))
    page = render_template(
        "registration/imports.html",
        event=desk.event,
        desk=desk,
        form=form,
        may_fill=desk.seats is None or policy.may_fill(desk.event),
        imports=queries.imports_of(desk.event, desk.unit_id),
        specimen=desk.event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


def show(desk: Desk, import_id: int) -> Answer:
    """The rows as they stand: those with errors to be put right, then all, then the writing."""
    imported = desk.get(import_id)
    return _page(desk, imported, _reason_as_said(imported))


def correct(desk: Desk, import_id: int) -> Answer:
    """Keep all that was said on the page and check again; the button may say one thing more, as leaving out rows."""
    imported = desk.get(import_id)
    try:
        _take_said(imported)
        if "skip-all" in request.form:
            importing.skip_wrong(imported)
        if "nearest" in request.form:
            importing.use_nearest(imported, request.form.get("nearest", type=int))
    except RuleBroken as refusal:
        return _refused(desk, imported, refusal)
    if imported.error_count == 0:
        flash(_("Đã lưu, không còn dòng lỗi. Hãy xem lại rồi ghi vào danh sách."), "ok")
    return see(_address(desk, imported))


def choose_columns(desk: Desk, import_id: int) -> Answer:
    """Say which column holds what, and which sheets are lists; the file is read again at once."""
    imported = desk.get(import_id)
    try:
        importing.choose_columns(imported, import_answers.choices(request.form, imported))
    except (RuleBroken, RulesBroken) as refusal:
        return _refused(desk, imported, refusal)
    flash(_("Đã đọc lại tệp theo cột vừa chọn."), "ok")
    return see(desk.url("show_import", import_id=import_id))


def undo(desk: Desk, import_id: int) -> Answer:
    """Take a written import back: whoever has not been touched since goes, the page says who stays and why."""
    imported = desk.get(import_id)
    try:
        undoing.undo(imported, current_user)
    except RuleBroken as refusal:
        return _refused(desk, imported, refusal)
    return see(desk.url("show_import", import_id=import_id))


def write(desk: Desk, import_id: int) -> Answer:
    """Write all rows at once as the page says; many by a job whose progress is shown.

    What was said on the page is kept although the writing is refused.
    """
    imported, form = desk.get(import_id), OverQuotaForm()
    address = desk.url("show_import", import_id=import_id)
    try:
        _take_said(imported)
    except RuleBroken:  # written meanwhile
        return see(address)
    try:
        with session().begin_nested():
            reason = form.over_quota_reason() if desk.seats is None else ""
            if imported.row_count > importing.MANY:
                importing.check_writable(desk.event, importing.rows_of(imported), reason)
                job = jobs.enqueue_writing(imported, current_user, reason, address)
                return see(url_for("home.job", job_id=job.id))
            number = importing.write(imported, current_user, reason)
    except RuleBroken as refusal:
        form.refuse(refusal)
        keep_despite_refusal()
        return _page(desk, imported, form), 422
    flash(ngettext("Đã nhập %(num)s đại biểu", "Đã nhập %(num)s đại biểu", number), "ok")
    return see(address)


def remove(desk: Desk, import_id: int) -> Answer:
    """Put an import aside that was not written: its rows are forgotten."""
    imported = desk.get(import_id)
    if imported.written_at is None:
        importing.remove(imported)
        flash(_("Đã bỏ lần nhập này. Chưa có gì được ghi."), "ok")
    return see(desk.url("imports"))


def _page(desk: Desk, imported: DelegateImport, form: OverQuotaForm) -> str:
    event, rows = desk.event, importing.rows_of(imported)
    cells = _repairs(rows)
    ordered = sorted(rows, key=lambda row: (_FIRST[row.state], row.key))
    return render_template(
        "registration/import.html",
        event=event,
        desk=desk,
        imported=imported,
        summary=Summary.of(rows),
        place=_place_in(imported),
        page=_page_of(ordered, request.args.get("page", 1, type=int)),
        repairs=_page_of(cells, request.args.get("cells", 1, type=int)),
        kept_count=sum(one["encoding"] == "kept" for _row, one in cells),
        repaired=Counter(one["encoding"] for row in rows if row.state != "skipped" for one in row.repairs),
        encodings=ENCODINGS,
        alike_stored=ALIKE_STORED,
        why_alike=WHY_ALIKE,
        reasons=undoing.REASONS,
        over_quota=importing.over_quota(event, rows) if imported.written_at is None and desk.seats is None else [],
        free=own_rows.free_seats(event, desk.seats.unit.id) if desk.seats is not None else None,
        earlier=queries.earlier_import(event, imported.file)
        or queries.earlier_import(event, imported.file, undone=True),
        quota_form=form,
        fields=FIELDS,
        labels={str(field): label for field, label in LABELS.items()},
        editable=_editable,
        many=importing.MANY,
        specimen=event.specimen,
        **_asked(desk, [] if imported.written_at else rows),
    )


def _asked(desk: Desk, rows: list[SheetRow]) -> dict[str, Any]:
    """What the page asks of rows that wait: those that are wrong or opened, and those who may be someone known.

    People of other units are known to those who run the event alone.
    """
    opened = request.args.get("edit", type=int)
    wrong = [row for row in rows if row.state == "error"][:PER_PAGE]
    proposed = [row for row in rows if row.alike and not row.skipped] if desk.seats is None else []
    alike = sorted(proposed, key=lambda row: row.same is not None)
    doubtful = look_alikes(rows)
    return {
        "wrong_rows": wrong,
        "edited_rows": [row for row in rows if row.key == opened and row.state in {"new", "known"}],
        "nearest": importing.nearest_units(wrong, rows),
        "alike": alike[:PER_PAGE],
        "alike_count": len(alike),
        "look_alikes": doubtful,
        "pairs": [(doubtful[row.key], row) for row in rows if row.key in doubtful and doubtful[row.key].key < row.key],
    }


def _take_said(imported: DelegateImport) -> None:
    """Keep what was typed and chosen anywhere on the page. Raises RuleBroken: it is written already."""
    outdated = importing.correct(imported, import_answers.corrections(request.form)).outdated
    if outdated:
        numbers = ", ".join(str(row.row) for row in outdated[:_SHOWN_STALE])
        flash(_("Dòng %(rows)s đã được sửa ở cửa sổ khác nên giữ theo lần sửa ấy. Hãy xem lại.", rows=numbers), "warn")
    if "reason" in request.form:
        importing.remember_reason(imported, "over_quota" in request.form, request.form["reason"])


def _reason_as_said(imported: DelegateImport) -> OverQuotaForm:
    return OverQuotaForm(formdata=None, data=imported.layout.get("beyond"))


def _address(desk: Desk, imported: DelegateImport) -> str:
    """The page again, its tables where they were, with the row opened that a button asked for."""
    args: dict[str, Any] = {name: number for name in ("page", "cells") if (number := request.args.get(name, type=int))}
    opened = request.form.get("edit", type=int)
    if opened is not None:
        args |= {"edit": opened, "_anchor": f"row-{opened}"}
    return desk.url("show_import", import_id=imported.id, **args)


def _place_in(imported: DelegateImport) -> Callable[[SheetRow], str]:
    """How a row is named: with its sheet where several were read."""
    several = len(imported.layout.get("sheets") or []) > 1
    return lambda row: _("Dòng %(row)s", row=row.row) + (f", {row.sheet}" if several else "")


def _repairs(rows: list[SheetRow]) -> list[tuple[SheetRow, dict[str, str]]]:
    """Repaired cells and those kept as in the file; what changed letters stands before what only gathers marks."""
    cells = [(row, one) for row in rows if row.state != "skipped" for one in row.repairs]
    for row in rows:
        cells += [
            (row, {"field": name, "heading": "", "from": row.raw[name], "to": row.cell(name), "encoding": "kept"})
            for name in row.kept
            if row.state != "skipped" and name not in row.typed
        ]
    return sorted(cells, key=lambda cell: (cell[1]["encoding"] in ALIKE_STORED, cell[0].key))


def _refused(desk: Desk, imported: DelegateImport, refusal: RuleBroken | RulesBroken) -> Answer:
    session().rollback()
    form = _reason_as_said(imported)
    form.refuse(refusal)
    return _page(desk, imported, form), 422


def _page_of(rows: list[Row], number: int) -> Page[Row]:
    number = min(max(1, number), max(1, -(-len(rows) // PER_PAGE)))
    return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, PER_PAGE, len(rows))


def _editable(row: SheetRow) -> list[str]:
    """The fields of a wrong row to be shown as boxes: those of the sheet, and those that are wrong."""
    named = set(row.raw) | {error["field"] for error in row.errors} | set(row.typed)
    return [str(field) for field in Field if str(field) in named]
