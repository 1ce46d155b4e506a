"""From an uploaded file to the list: checked, put right on the page, then written all at once or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.core.text import fold, tidy
from lms.events.models import Event
from lms.registration import choosing, inserting, kept_files, own_rows, policy, queries, service
from lms.registration.models import DelegateImport
from lms.registration.reading import Choices, Inspection, columns_of, examine, inspect
from lms.registration.rows import Correction, SheetRow, check_row, correct_row

__all__ = ["MANY", "Choices", "Correction", "Inspection", "Summary", "inspect"]

MANY: Final = 500
"""An import of more rows is written by a job."""
_KEPT: Final = timedelta(days=7)


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


class Corrected(NamedTuple):
    """All rows as they are now, and those that stay as they were changed elsewhere."""

    rows: list[SheetRow]
    outdated: list[SheetRow]


def upload(
    event: Event,
    actor: Account | None,
    content: bytes,
    file_name: str,
    *,
    by_hand: bool = False,
    unit_id: int | None = None,
) -> DelegateImport:
    """Check a file and keep its rows until they are written; the same file sent twice is one import.

    With `by_hand` the file is kept too, so that a person may name its columns. With `unit_id` it is a unit's own list,
    which is refused once no more may be named. Imports nobody finished are forgotten after a week: they hold names and
    phones.
    """
    policy.refuse_cancelled(event)
    if unit_id is not None:
        policy.refuse_filled(event)
    digest = hashlib.sha256(content).hexdigest()
    inspection = inspect(event, content, file_name, by_hand=by_hand, unit_id=unit_id)
    if unit_id is not None:
        own_rows.refuse_too_many(inspection.rows)
    waiting = (DelegateImport.event_id == event.id, DelegateImport.written_at.is_(None))
    old = select(DelegateImport).where(*waiting, DelegateImport.uploaded_at < clock.now() - _KEPT)
    for forgotten in session().scalars(old):
        remove(forgotten)
    session().flush()
    same = (DelegateImport.file == digest, DelegateImport.account_id == audit.id_of(actor))
    for found in session().scalars(select(DelegateImport).where(*waiting, *same).order_by(DelegateImport.id)):
        if found.unit_id == unit_id:
            return found
    layout = {**inspection.layout, **({"content": kept_files.keep(content)} if by_hand else {})}
    imported = DelegateImport(
        event=event, file_name=tidy(file_name)[-200:], file=digest, layout=layout, account_id=audit.id_of(actor)
    )
    keep(imported, inspection.rows)
    session().add(imported)
    session().flush()
    return imported


def remove(imported: DelegateImport) -> None:
    """Put aside an import that was not written; its rows and its file are forgotten."""
    if imported.written_at is None:
        kept_files.forget([imported.layout.get("content")])
        session().delete(imported)


def choose_columns(imported: DelegateImport, choices: Choices) -> None:
    """Read the file again with its columns named as a person says; what was put right by hand stays.

    Raises RuleBroken: it is written already, the file is gone ("file-gone"), a field was given to two columns.
    """
    _refuse_written(imported)
    content = kept_files.read(imported.layout.get("content"))
    if content is None:
        raise RuleBroken("Tệp này không còn được giữ. Hãy tải lại tệp.", code="file-gone")
    own = imported.unit_id
    inspection = inspect(imported.event, content, imported.file_name, choices, by_hand=True, unit_id=own)
    before = {row.key: row for row in rows_of(imported)}
    units = choosing.units_for(imported.event, own)
    rows = [
        check_row(
            replace(row, typed=old.typed, skipped=old.skipped, kept=old.kept, same=old.same),
            columns_of(inspection.layout, row.sheet_number),
            units,
        )
        if (old := before.get(row.key)) is not None and (old.typed or old.skipped or old.kept or old.same is not None)
        else row
        for row in inspection.rows
    ]
    imported.layout = {**inspection.layout, "content": imported.layout["content"]}
    if rows:
        examine(imported.event, rows, imported.layout, imported.file)
    keep(imported, rows)
    session().flush()


def rows_of(imported: DelegateImport) -> list[SheetRow]:
    """The rows as they stand; change their lists and dicts by assignment, for they are those that are stored."""
    return [SheetRow(**row) for row in imported.rows]


def keep(imported: DelegateImport, rows: Sequence[SheetRow]) -> None:
    """Store the rows as they stand now."""
    imported.rows = [row.plain() for row in rows]
    imported.row_count = len(rows)
    imported.error_count = sum(row.state == "error" for row in rows)


def correct(imported: DelegateImport, corrections: Mapping[int, Correction]) -> Corrected:
    """Check again the rows (by their key) of which something was said, save those that were changed elsewhere since.

    Raises RuleBroken: "import-written".
    """
    session().refresh(imported, with_for_update=True)
    _refuse_written(imported)
    units, before = choosing.units_for(imported.event, imported.unit_id), rows_of(imported)
    outdated = [row for row in before if row.key in corrections and corrections[row.key].is_outdated(row)]
    taken = corrections.keys() - {row.key for row in outdated}
    rows = [
        correct_row(row, corrections[row.key], columns_of(imported.layout, row.sheet_number), units)
        if row.key in taken
        else row
        for row in before
    ]
    examine(imported.event, rows, imported.layout, imported.file)
    keep(imported, rows)
    session().flush()
    return Corrected(rows, outdated)


def skip_wrong(imported: DelegateImport) -> None:
    """Leave out every row that still has an error."""
    wrong = [row.key for row in rows_of(imported) if row.state == "error"]
    correct(imported, {key: Correction(skipped=True) for key in wrong})


def nearest_units(shown: Iterable[SheetRow], rows: Iterable[SheetRow]) -> dict[int, tuple[str, int]]:
    """Key of a row whose unit is unknown → the nearest name, and how many rows of `rows` say the same unit."""
    written = [unit for row in rows if (unit := _unknown_unit(row)) is not None]
    return {row.key: (unit[1], written.count(unit)) for row in shown if (unit := _unknown_unit(row)) is not None}


def use_nearest(imported: DelegateImport, key: int | None) -> None:
    """Take the suggested unit in a row and in all others that say the same unknown unit."""
    rows = rows_of(imported)
    unit = next((found for row in rows if row.key == key and (found := _unknown_unit(row)) is not None), None)
    if unit is not None:
        same = [row.key for row in rows if _unknown_unit(row) == unit]
        correct(imported, {one: Correction({"unit": unit[1]}) for one in same})


def _unknown_unit(row: SheetRow) -> tuple[str, str] | None:
    """What a row calls its unit, folded, and the nearest name; None where it is known or nothing is near."""
    if row.state != "error":
        return None
    named = (error["params"] for error in row.errors if error["code"] == "unit-unknown")
    return next(((fold(one["written"]), one["nearest"]) for one in named if "nearest" in one), None)


def remember_reason(imported: DelegateImport, ticked: bool, reason: str) -> None:
    """Keep what was said of going beyond a quota until the import is written."""
    imported.layout = {**imported.layout, "beyond": {"over_quota": ticked, "reason": tidy(reason)[:300]}}


def over_quota(event: Event, rows: Sequence[SheetRow]) -> list[tuple[str, int, int]]:
    """(unit, seats, registered if these rows are written) of each unit that would go beyond its quota.

    The event comes first, by its title, where all its seats together would not do.
    """
    picture = queries.quota_picture(event)
    registered = event.seats_taken + sum(row.state == "new" for row in rows)
    whole = [(event.title, event.seats, registered)] if event.seats is not None and registered > event.seats else []
    if not picture.lines:
        return whole
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
    return whole + beyond + sorted(outside)


def write(imported: DelegateImport, actor: Account | None, over_quota_reason: str = "") -> int:
    """Write every row that is new, all or none; the number written. An import already written changes nothing.

    Of a unit's own list as many are written as the unit has free seats, the others stand in line; no reason gives it
    more. Raises RuleBroken: rows with errors remain ("rows-wrong"), or a quota would be exceeded without a reason
    ("over-quota"); of a unit's own list also what `applications.ask` raises.
    """
    session().refresh(imported, with_for_update=True)
    if imported.written_at is not None:
        return imported.written_count
    policy.refuse_cancelled(imported.event)
    service.lock(imported.event)
    if imported.layout.get("missing"):
        raise RuleBroken("Chưa rõ cột nào là họ tên, cột nào là đơn vị. Hãy khớp cột trước.", code="columns-missing")
    rows = rows_of(imported)
    examine(imported.event, rows, imported.layout, imported.file)
    own = imported.unit_id
    reason = tidy(over_quota_reason) if own is None else ""
    check_writable(imported.event, rows, reason, own)
    new = [row for row in rows if row.state == "new"]
    seated = new if own is None else new[: own_rows.free_seats(imported.event, own)]
    inserting.insert_rows(imported, seated, reason or None)
    _note_likenesses(seated, actor)
    waiting = own_rows.stand_in_line(imported, new[len(seated) :], actor)
    keep(imported, rows)
    kept_files.forget([imported.layout.get("content")])
    kept = {name: value for name, value in imported.layout.items() if name not in {"content", "beyond"}}
    imported.layout = kept | ({"waiting": waiting} if waiting else {})
    imported.written_at, imported.written_count = clock.now(), len(seated)
    session().flush()
    detail = {"import_id": imported.id, "count": len(seated), **({"over_quota": reason} if reason else {})}
    detail |= {} if own is None else {"unit": own, "waiting": waiting}
    audit.record("delegates.import", f"event:{imported.event_id}", actor_id=audit.id_of(actor), **detail)
    return len(seated)


def check_writable(event: Event, rows: Sequence[SheetRow], reason: str, unit_id: int | None = None) -> None:
    """Refuse while rows are wrong, or units go beyond their quota without a reason.

    A unit's own list goes beyond nothing: it is refused once no more may be named.
    """
    if unit_id is not None:
        policy.refuse_filled(event)
    wrong = sum(row.state == "error" for row in rows)
    if wrong:
        message = N_("Còn %(count)d dòng lỗi nên chưa ghi gì. Hãy sửa hoặc bỏ qua các dòng đó.")
        raise RuleBroken(message, code="rows-wrong", count=wrong)
    beyond = [] if reason or unit_id is not None else over_quota(event, rows)
    if beyond:
        units = "; ".join(f"{unit} {number}/{seats}" for unit, seats, number in beyond[:5])
        raise RuleBroken(
            "Vượt chỉ tiêu: %(units)s. Muốn ghi, hãy chọn “Vượt chỉ tiêu” và ghi lý do.",
            field="over_quota",
            code="over-quota",
            units=units + (" …" if len(beyond) > 5 else ""),
        )


def _note_likenesses(rows: Sequence[SheetRow], actor: Account | None) -> None:
    """Leave it to those who keep the register of people to merge whom nobody here found to be the same."""
    pairs = {
        (min(ids), max(ids)): row.same
        for row in rows
        if row.alike and row.person_id is not None and not row.same
        for ids in [(row.person_id, row.alike["person_id"])]
        if ids[0] != ids[1]
    }
    if pairs:
        inserting.insert_likenesses(pairs, audit.id_of(actor))


def _refuse_written(imported: DelegateImport) -> None:
    if imported.written_at is not None:
        raise RuleBroken("Lần nhập này đã ghi xong nên không sửa được nữa.", code="import-written")
