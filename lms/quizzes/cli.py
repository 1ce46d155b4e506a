"""`lms quizzes import`, `export` and `analyse`."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from lms.core.cli import Answer, command
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.quizzes import analysis_cli, exchange, importing
from lms.quizzes.exchange.entries import Entry, Reading, Refused, place
from lms.quizzes.models import QuestionBank


def register(main: click.Group) -> None:
    """Add the group `quizzes`."""
    group = click.Group("quizzes", help="Questions in files, and the analysis of papers.")
    main.add_command(group)
    command(group, "import", writes=True)(import_questions)
    command(group, "export")(export_questions)
    command(group, "analyse")(analysis_cli.analyse)


@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["auto", *sorted(exchange.READERS)]), default="auto")
@click.option("--bank", "name", help="Key or number of the bank to write to; without it the file is only checked.")
@click.option("--dry-run", is_flag=True, help="Check and report; write nothing.")
def import_questions(file: Path, form: str, name: str | None, dry_run: bool) -> Answer:
    """Read questions from GIFT, Aiken, Moodle XML or .xlsx; with --bank, add those that it does not have yet.

    Refused questions are reported with their place and keep no other out. Questions that say the same as one of the
    bank are reported as duplicates and not added, so that the same file twice adds nothing.
    """
    reading = exchange.read(file.name, file.read_bytes(), form)
    if reading.unreadable is not None:
        broken = reading.unreadable
        raise RuleBroken(broken.message, code=broken.code, where=file.name, **broken.params)
    report: dict[str, Any] = {
        "format": reading.format,
        "questions": [_question(entry) for entry in reading.entries],
        "refused": [_refusal(one) for one in reading.refused],
    }
    if name is None:
        return Answer({**report, "written": 0}, _told(reading, "chỉ kiểm tra: không ghi vào ngân hàng nào"))
    bank = find_bank(name)
    found = importing.compare(bank, reading)
    report["duplicates"] = [_question(reading.entries[at]) for at in sorted(found.known)]
    if dry_run:
        told = f"{len(found.new)} câu mới, {len(found.known)} câu đã có; chưa ghi gì"
        return Answer({**report, "written": 0}, _told(reading, told))
    written = importing.add(None, bank, [reading.entries[at] for at in found.new], file.name)
    told = f"đã thêm {written} câu vào “{bank.title}”, {len(found.known)} câu đã có"
    return Answer({**report, "written": written}, _told(reading, told))


@click.argument("name", metavar="BANK")
@click.option("--format", "form", type=click.Choice(sorted(exchange.WRITERS)), required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
def export_questions(name: str, form: str, output: Path) -> Answer:
    """Write the questions of a bank (its key or number) to a file, and say what of them the format cannot say."""
    exported = importing.export(find_bank(name), form)
    output.write_bytes(exported.content)
    losses = [{"title": one.title, "code": one.code, "what": one.what % one.params} for one in exported.losses]
    data = {"format": form, "questions": exported.count, "file": str(output), "losses": losses}
    lines = [f"{one['title']}: {one['what']}" for one in losses]
    return Answer(data, "\n".join([*lines, f"{exported.count} câu → {output}"]))


def find_bank(name: str) -> QuestionBank:
    """The bank with this key, or with this number; raises NotFound."""
    found = session().scalar(select(QuestionBank).where(QuestionBank.key == name))
    if found is None and name.isascii() and name.isdigit() and len(name) < 10:
        found = session().get(QuestionBank, int(name))
    if found is None:
        raise NotFound(f"Không có ngân hàng câu hỏi “{name}”.")
    return found


def _question(entry: Entry) -> dict[str, str]:
    return {"where": entry.where, "kind": str(entry.words.kind), "title": entry.title}


def _refusal(one: Refused) -> dict[str, str]:
    return {"where": one.where, "code": one.code, "message": one.message % one.params}


def _told(reading: Reading, end: str) -> str:
    lines = []
    for one in reading.refused:
        words, params = place(one.where)
        lines.append(f"{words % params}: {one.message % one.params}")
    counts = f"{reading.format}: {len(reading.entries)} câu đọc được, {len(reading.refused)} câu không nhận; {end}"
    return "\n".join([*lines, counts])
