"""From an uploaded file to the list: checked, put right on the page, then written all at once or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.text import tidy
from lms.events.models import Event
from lms.registration import choosing, inserting, known, mapping, policy, queries, service, spreadsheet
from lms.registration.models import Delegate, DelegateImport
from lms.registration.rows import Columns, SheetRow, check_rows, correct_row, mark_doubles

MANY: Final = 500
"""An import of more rows is written by a job."""
_KEPT: Final = timedelta(days=7)
_CHUNK: Final = 500


@dataclass(frozen=True)
class Inspection:
    """What a file holds for an event, before anything is kept or written."""

    layout: dict[str, Any]
    rows: list[SheetRow]


@dataclass(frozen=True)
class Summary:
    """The numbers above the preview; `repaired` counts cells, the rest rows."""

    new: int = 0
    known: int = 0
    wrong: int = 0
    skipped: int = 0
    repaired: int = 0

    @classmethod
    def of(cls, rows: Iterable[SheetRow]) -> "Summary":
        """Count."""
        rows = list(rows)
        states = Counter(row.state for row in rows)
        repaired = sum(len(row.repairs) for row in rows if row.state != "skipped")
        return cls(states["new"], states["known"], states["error"], states["skipped"], repaired)


def inspect(event: Event, content: bytes, file_name: str) -> Inspection:
    """Read and check a file. Raises RuleBroken or RulesBroken for one that cannot be read as a list of delegates."""
    grids = spreadsheet.read(content, file_name)
    found = mapping.find(grids)
    layout = {
        "sheet": found.grid.name,
        "other_sheets": [grid.name for grid in grids if grid is not found.grid],
        "header_row": found.header_row,
        "columns": [
            {"letter": column.letter, "heading": column.heading[:80], "field": column.field} for column in found.columns
        ],
    }
    cells = found.data_rows()
    if not cells:
        raise RuleBroken(
            "Dưới dòng tiêu đề %(row)d không có người nào. Hãy xem lại tệp.",
            field="file",
            code="no-rows",
            row=found.header_row,
        )
    rows = check_rows(cells, columns_of(layout), choosing.unit_index(event))
    examine(event, rows, columns_of(layout))
    return Inspection(layout, rows)


def upload(event: Event, actor: Account | None, content: bytes, file_name: str) -> DelegateImport:
    """Check a file and keep its rows until they are written; the same file sent twice is one import.

    Imports nobody finished are forgotten after a week: they hold names and phones.
    """
    policy.refuse_cancelled(event)
    digest = hashlib.sha256(content).hexdigest()
    inspection = inspect(event, content, file_name)
    waiting = (DelegateImport.event_id == event.id, DelegateImport.written_at.is_(None))
    session().execute(delete(DelegateImport).where(*waiting, DelegateImport.uploaded_at < clock.now() - _KEPT))
    found = session().scalar(
        select(DelegateImport).where(*waiting, DelegateImport.file == digest, DelegateImport.account_id == _id(actor))
    )
    if found is not None:
        return found
    imported = DelegateImport(
        event=event, file_name=tidy(file_name)[-200:], file=digest, layout=inspection.layout, account_id=_id(actor)
    )
    keep(imported, inspection.rows)
    session().add(imported)
    session().flush()
    return imported


def rows_of(imported: DelegateImport) -> list[SheetRow]:
    """The rows as they stand."""
    return [SheetRow(**row) for row in imported.rows]


def keep(imported: DelegateImport, rows: Sequence[SheetRow]) -> None:
    """Store the rows as they stand now."""
    imported.rows = [row.plain() for row in rows]
    imported.row_count = len(rows)
    imported.error_count = sum(row.state == "error" for row in rows)


def correct(
    imported: DelegateImport, typed: Mapping[int, Mapping[str, str]], skipped: Mapping[int, bool]
) -> list[SheetRow]:
    """Check again the rows (by their number) in which something was typed, and leave out or take in others."""
    _refuse_written(imported)
    columns, units = columns_of(imported.layout), choosing.unit_index(imported.event)
    rows = []
    for row in rows_of(imported):
        row.skipped = skipped.get(row.row, row.skipped)
        rows.append(correct_row(row, typed[row.row], columns, units) if typed.get(row.row) else row)
    examine(imported.event, rows, columns)
    keep(imported, rows)
    session().flush()
    return rows


def skip_wrong(imported: DelegateImport) -> None:
    """Leave out every row that still has an error."""
    wrong = {row.row: True for row in rows_of(imported) if row.state == "error"}
    correct(imported, {}, wrong)


def examine(event: Event, rows: Sequence[SheetRow], columns: Columns) -> None:
    """Find the same person twice in the file, people already known, and those already on the list."""
    mark_doubles(rows, columns)
    for row in rows:
        row.person_id = row.duplicate_of = None
    right = [row for row in rows if row.state == "new"]
    delegates = session().execute(select(Delegate.person_id, Delegate.id).where(Delegate.event_id == event.id))
    on_list = {one.person_id: one.id for one in delegates}
    seen: dict[int, SheetRow] = {}
    for row, person_id in zip(right, known.match_people([row.values for row in right]), strict=True):
        if person_id is None:
            continue
        if person_id in seen:
            row.same_as_row = seen[person_id].row
            row.errors.append(double_error(row, columns))
            continue
        seen[person_id] = row
        row.person_id, row.duplicate_of = person_id, on_list.get(person_id)


def double_error(row: SheetRow, columns: Columns) -> dict[str, Any]:
    """The refusal of a row whose person stands in row `same_as_row`."""
    refusal = RuleBroken(
        "Người này đã có ở dòng %(row)d. Hãy bỏ qua một trong hai dòng.", code="double", row=row.same_as_row
    )
    return {**columns.of("full_name"), "code": refusal.code, "message": refusal.message, "params": refusal.params}


def over_quota(event: Event, rows: Sequence[SheetRow]) -> list[tuple[str, int, int]]:
    """(unit, seats, registered if these rows are written) of each unit that would go beyond its quota."""
    picture = queries.quota_picture(event)
    if not picture.lines:
        return []
    units = choosing.unit_index(event).units
    coming: Counter[int] = Counter(row.values["unit_id"] for row in rows if row.state == "new")
    more: Counter[int | None] = Counter()
    for unit_id, number in coming.items():
        line = picture.line_of(units[unit_id].path)
        more[line.unit_id if line else None] += number
        if line is None:
            more[-unit_id] += number
    beyond = [
        (line.unit, line.seats, line.registered + more[line.unit_id])
        for line in picture.lines
        if more[line.unit_id] and line.registered + more[line.unit_id] > line.seats
    ]
    outside = [(units[-key].short_name, 0, number) for key, number in more.items() if key is not None and key < 0]
    return beyond + sorted(outside)


def write(imported: DelegateImport, actor: Account | None, over_quota_reason: str = "") -> int:
    """Write every row that is new, all or none; the number written. An import already written changes nothing.

    Raises RuleBroken: rows with errors remain ("rows-wrong"), or a quota would be exceeded without a reason
    ("over-quota").
    """
    session().refresh(imported, with_for_update=True)
    if imported.written_at is not None:
        return imported.written_count
    policy.refuse_cancelled(imported.event)
    service.lock(imported.event)
    rows = rows_of(imported)
    examine(imported.event, rows, columns_of(imported.layout))
    keep(imported, rows)
    reason = tidy(over_quota_reason)
    check_writable(imported.event, rows, reason)
    new = [row for row in rows if row.state == "new"]
    inserting.insert_rows(imported, new, reason or None)
    imported.written_at, imported.written_count = clock.now(), len(new)
    session().flush()
    detail = {"import_id": imported.id, "count": len(new), **({"over_quota": reason} if reason else {})}
    audit.record("delegates.import", f"event:{imported.event_id}", actor_id=_id(actor), **detail)
    return len(new)


def check_writable(event: Event, rows: Sequence[SheetRow], reason: str) -> None:
    """Refuse while rows are wrong, or units go beyond their quota without a reason."""
    wrong = sum(row.state == "error" for row in rows)
    if wrong:
        message = N_("Còn %(count)d dòng lỗi nên chưa ghi gì. Hãy sửa hoặc bỏ qua các dòng đó.")
        raise RuleBroken(message, code="rows-wrong", count=wrong)
    beyond = [] if reason else over_quota(event, rows)
    if beyond:
        units = "; ".join(f"{unit} {number}/{seats}" for unit, seats, number in beyond[:5])
        raise RuleBroken(
            "Vượt chỉ tiêu: %(units)s. Muốn ghi, hãy chọn “Vượt chỉ tiêu” và ghi lý do.",
            field="over_quota",
            code="over-quota",
            units=units + (" …" if len(beyond) > 5 else ""),
        )


def columns_of(layout: Mapping[str, Any]) -> Columns:
    """Letters and headings by field."""
    return Columns({one["field"]: (one["letter"], one["heading"]) for one in layout["columns"] if one["field"]})


def _refuse_written(imported: DelegateImport) -> None:
    if imported.written_at is not None:
        raise RuleBroken("Lần nhập này đã ghi xong nên không sửa được nữa.", code="import-written")


def _id(actor: Account | None) -> int | None:
    return actor.id if actor is not None else None
