"""`lms registration import`, `export` and `retention`."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core.cli import Answer, command
from lms.core.clock import local
from lms.core.db import session
from lms.core.errors import NotFound
from lms.events.models import Event
from lms.registration import exports, importing, list_columns, printing, queries, retention
from lms.registration.importing import Summary
from lms.registration.list_columns import COLUMNS
from lms.registration.queries import Filters
from lms.registration.rows import SheetRow


def register(main: click.Group) -> None:
    """Add the group `registration`."""
    group = click.Group("registration", help="Delegates of events.")
    main.add_command(group)
    command(group, "import", writes=True)(import_list)
    command(group, "export")(export_list)
    command(group, "retention", writes=True)(let_go)


@click.argument("event")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and report; write nothing.")
def import_list(event: str, file: Path, dry_run: bool) -> Answer:
    """Import delegates from .xlsx, .xls, .ods or .csv: all rows or, when any is refused, none.

    Text in old encodings (TCVN3, VNI, Windows-1258, doubled UTF-8) is read and reported as repaired. Rows of people
    already on the list are reported as duplicates and change nothing; people who may be known ("alike") are entered as
    new ones. Going beyond a unit's quota is reported and not refused: whoever runs this command decides.
    """
    found = find_event(event)
    content = file.read_bytes()
    if dry_run:
        rows = importing.inspect(found, content, file.name).rows
        return Answer(_report(rows, importing.over_quota(found, rows)), _told(rows))
    imported = importing.upload(found, None, content, file.name)
    rows = importing.rows_of(imported)
    report = _report(rows, importing.over_quota(found, rows))
    refused = [
        {"code": one["code"], "message": one["message"], "where": f"{one['column']}{one['row']}"}
        for one in _refusals(rows)
    ]
    if refused:
        return Answer({**report, "errors": refused, "written": 0}, _told(rows), refused=True)
    earlier = queries.earlier_import(found, imported.file)
    if earlier is not None and earlier.written_at is not None and not report["accepted"]:
        importing.remove(imported)
        told = f"Đã nhập lúc {local(earlier.written_at):%H:%M %d/%m/%Y}; không có gì thay đổi."
        return Answer({**report, "written": 0, "unchanged_since": earlier.written_at}, told)
    reason, told = "Nhập bằng lệnh" if report["over_quota"] else "", _told(rows)
    del rows  # 10,000 of them weigh some 50 MB, and writing reads its own
    return Answer({**report, "written": importing.write(imported, None, reason)}, told)


@click.argument("event")
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "pdf"]), required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
def export_list(event: str, form: str, output: Path) -> Answer:
    """Write the delegate list, by unit, to a file."""
    found = find_event(event)
    lines = queries.all_delegates(found, Filters())
    headings, rows = list_columns.headings(tuple(COLUMNS)), list_columns.rows(lines, tuple(COLUMNS))
    if form == "pdf":
        content = printing.list_of(found, lines)
    elif form == "csv":
        content = exports.to_csv(headings, rows)
    else:
        content = exports.to_xlsx(found.title, headings, rows)
    output.write_bytes(content)
    return Answer({"delegates": len(lines), "file": str(output)}, f"{len(lines)} đại biểu → {output}")


@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def let_go(dry_run: bool) -> Answer:
    """Delete what need not be kept any longer of the delegates of all events whose day has come."""
    events = []
    for event in retention.due():
        parts = retention.preview(event) if dry_run else retention.let_go(event, None)
        if parts:
            events.append({"event": event.key, "gone": {part.kind: part.count for part in parts}})
    lines = [f"{one['event']}: {one['gone']}" for one in events]
    return Answer({"events": events, "deleted": not dry_run}, "\n".join(lines))


def find_event(key: str) -> Event:
    """The event of this key; raises NotFound."""
    found = session().scalar(select(Event).where(Event.key == key).options(joinedload(Event.unit)))
    if found is None:
        raise NotFound(f"Không có sự kiện “{key}”.")
    return found


def _report(rows: list[SheetRow], beyond: list[tuple[str, int, int]]) -> dict[str, Any]:
    return {
        "rows": len(rows),
        "accepted": [{**_place(row), **_values(row)} for row in rows if row.state == "new"],
        "repaired": [
            {
                **_place(row),
                "column": one["column"],
                "field": one["field"],
                "from": one["from"],
                "to": one["to"],
                "encoding": one["encoding"],
            }
            for row in rows
            for one in row.repairs
        ],
        "duplicates": [
            {**_place(row), "of": _of(row, rows)}
            for row in rows
            if row.same_as_row is not None or row.duplicate_of is not None
        ],
        "alike": [
            {**_place(row), **{name: row.alike[name] for name in ("full_name", "unit", "post", "why")}}
            for row in rows
            if row.state == "new" and row.alike
        ],
        "refused": [one for one in _refusals(rows) if one["code"] != "double"],
        "over_quota": [{"unit": unit, "seats": seats, "registered": number} for unit, seats, number in beyond],
    }


def _place(row: SheetRow) -> dict[str, Any]:
    """The row's number, with its sheet where that is not the first."""
    return {"row": row.row, "sheet": row.sheet} if row.sheet_number else {"row": row.row}


def _of(row: SheetRow, rows: list[SheetRow]) -> int | str:
    """The earlier row, as a number within the same sheet, or the delegate already on the list."""
    if row.same_as_row is None:
        return f"delegate:{row.duplicate_of}"
    earlier = next(one for one in rows if one.key == row.same_as_row)
    return earlier.row if earlier.sheet_number == row.sheet_number else f"{earlier.sheet}!{earlier.row}"


def _values(row: SheetRow) -> dict[str, Any]:
    names = ("full_name", "unit", "post", "phone", "email", "note")
    return {name: row.values.get(name, "") for name in names}


def _refusals(rows: list[SheetRow]) -> list[dict[str, Any]]:
    return [
        {
            **_place(row),
            "column": one["column"],
            "heading": one["heading"],
            "field": one["field"],
            "code": one["code"],
            "message": one["message"] % one["params"],
        }
        for row in rows
        for one in row.errors
    ]


def _told(rows: list[SheetRow]) -> str:
    summary = Summary.of(rows)
    lines = [f"Dòng {one['row']}, cột {one['column']} ({one['heading']}): {one['message']}" for one in _refusals(rows)]
    counts = f"{summary.new} mới · {summary.known} đã có · {summary.repaired} ô đã sửa · {summary.wrong} lỗi"
    return "\n".join([*lines, counts])
