"""Signed paper back into the system: the rows as they were printed, what each says, and the names written below.

A row that is signed brings about one scan with the method "sheet"; a row that turns out not to be signed takes back
that scan alone. What nobody can tell waits for a person (`doubts`).

A point that has closed the half-day takes no more paper, as it takes no more ticks (`points`): the names present were
written down when it closed. Who runs the event opens it again, with a reason, and it closes anew with the paper in it;
or corrects one person, with a reason, on their page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select

from lms.accounts.models import Account
from lms.attendance import changes, point_queries, points, policy, printing, queries, service
from lms.attendance.changes import Cause
from lms.attendance.models import Scan, ScanKind, ScanMethod, SheetDoubt, SheetEntry
from lms.attendance.printing import Part
from lms.core import audit, clock, text
from lms.core.db import session
from lms.core.errors import N_, RuleBroken, RulesBroken
from lms.events.models import Event, HalfDay
from lms.registration.listing import DelegateLine
from lms.registration.models import Delegate

LONGEST_NAME = 200
MOST_WRITTEN = 50
"""How many names one page can have had written below its rows."""
_LOCK = select(Event.id).where(Event.id == bindparam("event_id")).with_for_update()


class RowAnswer(StrEnum):
    """What a row of the paper says."""

    NONE = "none"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Row:
    """A printed row: its number on the paper, whose it is, and what was entered of it so far.

    `scanned`: something other than the paper says that they came. `closed`: the row is of a point that has closed.
    """

    number: int
    delegate_id: int
    ticket: str
    full_name: str
    post: str
    unit: str
    answer: RowAnswer = RowAnswer.NONE
    note: str = ""
    scanned: bool = False
    point_id: int | None = None
    closed: bool = False


@dataclass(frozen=True)
class SheetPage:
    """One page of paper: its number, how many there are, its rows; `entered` of `listed` rows are entered in all."""

    number: int
    pages: int
    rows: Sequence[Row]
    entered: int
    listed: int

    @property
    def has_prev(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows this one."""
        return self.number < self.pages


@dataclass(frozen=True)
class Sent:
    """What the page says of a row now, and what it said when the page was opened: only what changed is written."""

    answer: RowAnswer
    note: str = ""
    was: RowAnswer | None = None
    noted: str = ""

    @property
    def changed(self) -> bool:
        """Whether someone changed it on the page."""
        return self.was is None or (self.answer, self.note) != (self.was, self.noted)


@dataclass(frozen=True)
class Differences:
    """Where paper and scans of a half-day disagree."""

    unsigned: Sequence[Row]
    unscanned: Sequence[Row]


def page_of(half_day: HalfDay, part: Part, number: int, printed_at: datetime | None = None) -> SheetPage:
    """One page of the paper, the nearest where there is none of this number. Raises RuleBroken as printing does."""
    lines = printing.lines_of(half_day.event, part, printed_at)
    rows = _rows(half_day, lines)
    sizes = printing.rows_on_pages(half_day.event, half_day, part, lines)
    number = min(max(1, number), len(sizes))
    start = sum(sizes[: number - 1])
    entered = sum(1 for row in rows if row.answer != RowAnswer.NONE)
    return SheetPage(number, len(sizes), rows[start : start + sizes[number - 1]], entered, len(rows))


def differences(half_day: HalfDay, part: Part) -> Differences:
    """Who was scanned and did not sign, and who signed without any scan, in list order."""
    rows = _rows(half_day, printing.lines_of(half_day.event, part))
    return Differences(
        [row for row in rows if row.answer == RowAnswer.UNSIGNED and row.scanned],
        [row for row in rows if row.answer == RowAnswer.SIGNED and not row.scanned],
    )


def save(half_day: HalfDay, page: SheetPage, sent: Mapping[int, Sent], by: Account) -> int:
    """Write what was changed on one page, by delegate id; how many rows. What nobody touched stays as it is.

    Raises RulesBroken: an unclear row without a note, or with one too long, or a row of which someone else has entered
    another answer since the page was opened; RuleBroken: the event was cancelled, or a
    row is of a point that has closed the half-day.
    """
    policy.refuse_cancelled(half_day.event)
    changed = [(row, sent[row.delegate_id]) for row in page.rows if row.delegate_id in sent]
    changed = [(row, one) for row, one in changed if one.changed]
    _check_notes(changed)
    session().execute(_LOCK, {"event_id": half_day.event_id})
    _refuse_moved(half_day, changed)
    points.refuse_closed(half_day, {row.point_id for row, _one in changed if row.point_id is not None})
    ids = [row.delegate_id for row, _one in changed]
    own = (SheetEntry.half_day_id == half_day.id, SheetEntry.delegate_id.in_(ids))
    entries = {one.delegate_id: one for one in session().scalars(select(SheetEntry).where(*own))}
    for row, one in changed:
        answer, note = one.answer, one.note if one.answer == RowAnswer.UNCLEAR else ""
        enter(half_day, row.delegate_id, entries.get(row.delegate_id), answer, by, note=note, page=page.number)
    if changed:
        detail = {"session": half_day.key, "page": page.number, "rows": len(changed)}
        audit.record("sheet.enter", f"event:{half_day.event_id}", actor_id=by.id, **detail)
    session().flush()
    return len(changed)


def note_written(half_day: HalfDay, part: Part, names: str, page: int, by: Account) -> int:
    """Let the names written below the rows wait for a person, a line each; one that waits already is not doubled.

    How many were noted. Raises RuleBroken: a line is too long, there are too many, or the paper is of a point that has
    closed the half-day.
    """
    lines = [line for line in (text.tidy(line) for line in names.splitlines()) if line]
    if len(lines) > MOST_WRITTEN or any(len(line) > LONGEST_NAME for line in lines):
        message = N_("Mỗi dòng một tên, tối đa %(most)s dòng và %(length)s ký tự mỗi dòng.")
        raise RuleBroken(message, field="written", code="bad-written", most=MOST_WRITTEN, length=LONGEST_NAME)
    point_id = part.point.id if part.point is not None else None
    if lines and point_id is not None:
        points.refuse_closed(half_day, {point_id})
    waiting = select(SheetDoubt.written).where(
        SheetDoubt.half_day_id == half_day.id, SheetDoubt.delegate_id.is_(None), SheetDoubt.decided_at.is_(None)
    )
    known = {text.fold(written) for written in session().scalars(waiting)}
    new = {text.fold(line): line for line in lines if text.fold(line) not in known}
    for line in new.values():
        doubt = f"Ghi thêm ngoài danh sách, tờ {page}"
        session().add(
            SheetDoubt(half_day_id=half_day.id, written=line, point_id=point_id, doubt=doubt, noted_by_id=by.id)
        )
    session().flush()
    return len(new)


def enter(
    half_day: HalfDay,
    delegate_id: int,
    entry: SheetEntry | None,
    answer: RowAnswer,
    by: Account,
    *,
    note: str = "",
    page: int | None = None,
) -> None:
    """Let a row say this: its scan and its doubt follow. `entry`: what was entered before; `page`: of the paper."""
    paper = f"Danh sách ký, tờ {page}" if page is not None else "Danh sách ký"
    scan_uuid = entry.scan_uuid if entry is not None else None
    if answer != RowAnswer.SIGNED and scan_uuid is not None:
        _take_back(half_day, delegate_id, scan_uuid, by, f"{paper}: nhập lại, không phải chữ ký")
        scan_uuid = None
    if answer != RowAnswer.UNCLEAR:
        _settle(half_day, delegate_id, by, f"{paper}: nhập lại")
    if answer == RowAnswer.NONE:
        if entry is not None:
            session().delete(entry)
        return
    if answer == RowAnswer.SIGNED and scan_uuid is None:
        scan_uuid = service.add_evidence(half_day, delegate_id, by, ScanMethod.SHEET, paper)
    if answer == RowAnswer.UNCLEAR:
        _doubt(half_day, delegate_id, note, by)
    if entry is None:
        entry = SheetEntry(half_day_id=half_day.id, delegate_id=delegate_id)
        session().add(entry)
    entry.answer, entry.note, entry.scan_uuid = answer, note, scan_uuid
    entry.entered_by_id, entry.entered_at = by.id, clock.now()


def entry_of(half_day: HalfDay, delegate_id: int) -> SheetEntry | None:
    """What was entered of a row."""
    return session().get(SheetEntry, (half_day.id, delegate_id))


def _rows(half_day: HalfDay, lines: Sequence[DelegateLine]) -> list[Row]:
    entered = select(SheetEntry.delegate_id, SheetEntry.answer, SheetEntry.note)
    entries = {one.delegate_id: one for one in session().execute(entered.where(SheetEntry.half_day_id == half_day.id))}
    standing = (Scan.half_day_id == half_day.id, Scan.kind == ScanKind.IN, Scan.voided_at.is_(None))
    methods: dict[int, set[str]] = {}
    for delegate_id, method in session().execute(select(Scan.delegate_id, Scan.method).where(*standing).distinct()):
        methods.setdefault(delegate_id, set()).add(method)
    closed = point_queries.closed_points(half_day)
    rows = []
    for number, line in enumerate(lines, start=1):
        known, entry = methods.get(line.id, set()), entries.get(line.id)
        unentered = RowAnswer.SIGNED if ScanMethod.SHEET in known else RowAnswer.NONE
        answer, note = (RowAnswer(entry.answer), entry.note) if entry is not None else (unentered, "")
        scanned = bool(known - {ScanMethod.SHEET})
        person = (line.id, line.ticket, line.full_name, line.post, line.unit_name)
        rows.append(Row(number, *person, answer, note, scanned, line.point_id, line.point_id in closed))
    return rows


def _refuse_moved(half_day: HalfDay, changed: Sequence[tuple[Row, Sent]]) -> None:
    """Raise RulesBroken for rows that say neither what the page was opened with nor what it says; after the lock."""
    ids = [row.delegate_id for row, one in changed if one.was is not None]
    said = select(SheetEntry.delegate_id, SheetEntry.answer, SheetEntry.note, SheetEntry.entered_at)
    by = queries.name_of(SheetEntry.entered_by_id).label("by")
    own = (SheetEntry.half_day_id == half_day.id, SheetEntry.delegate_id.in_(ids))
    stands = {one.delegate_id: one for one in session().execute(said.add_columns(by).where(*own))}
    refusals = []
    for row, one in changed:
        now = stands.get(row.delegate_id)
        if now is not None and (now.answer, now.note) not in ((one.was, one.noted), (one.answer, one.note)):
            message = N_("Dòng %(number)s: %(name)s đã nhập khác lúc %(time)s. Xem lại dòng này rồi lưu lần nữa.")
            more: dict[str, Any] = {
                "number": row.number,
                "name": now.by or "",
                "time": f"{clock.local(now.entered_at):%H:%M}",
            }
            refusals.append(RuleBroken(message, field=f"row-{row.delegate_id}", code="row-moved", **more))
    if refusals:
        raise RulesBroken(refusals)


def _check_notes(changed: Sequence[tuple[Row, Sent]]) -> None:
    refusals = []
    for row, one in changed:
        field = f"note-{row.delegate_id}"
        if one.answer == RowAnswer.UNCLEAR and not one.note:
            message = N_("Dòng %(number)s: ghi rõ điều chưa rõ.")
            refusals.append(RuleBroken(message, field=field, code="note-missing", number=row.number))
        elif len(one.note) > 300:
            message = N_("Dòng %(number)s: ghi chú dài quá 300 ký tự. Hãy rút ngắn.")
            refusals.append(RuleBroken(message, field=field, code="note-long", number=row.number))
    if refusals:
        raise RulesBroken(refusals)


def _take_back(half_day: HalfDay, delegate_id: int, scan_uuid: str, by: Account, reason: str) -> None:
    """Take back the row's own scan, unless someone took it back already."""
    scan = session().scalar(select(Scan).where(Scan.uuid == scan_uuid, Scan.voided_at.is_(None)))
    if scan is None:
        return
    delegate = session().get_one(Delegate, delegate_id)
    with changes.recorded(half_day.event, delegate, Cause.CORRECTION, by, reason):
        service.take_back(scan, by, reason)


def _doubt(half_day: HalfDay, delegate_id: int, note: str, by: Account) -> None:
    waiting = _waiting(half_day, delegate_id)
    if waiting is None:
        session().add(SheetDoubt(half_day_id=half_day.id, delegate_id=delegate_id, doubt=note, noted_by_id=by.id))
    else:
        waiting.doubt = note


def _settle(half_day: HalfDay, delegate_id: int, by: Account, decision: str) -> None:
    """A doubt about a row that has now been read waits no more."""
    waiting = _waiting(half_day, delegate_id)
    if waiting is not None:
        waiting.decided_at, waiting.decided_by_id, waiting.decision = clock.now(), by.id, decision


def _waiting(half_day: HalfDay, delegate_id: int) -> SheetDoubt | None:
    return session().scalar(
        select(SheetDoubt).where(
            SheetDoubt.half_day_id == half_day.id,
            SheetDoubt.delegate_id == delegate_id,
            SheetDoubt.method == ScanMethod.SHEET,
            SheetDoubt.decided_at.is_(None),
        )
    )
