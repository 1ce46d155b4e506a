"""Commands that set up and check the database and the catalogues of any deployment."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import current_app

from lms.core import jobs, migrations
from lms.core.cli import Answer, command
from lms.core.db import db
from lms.core.errors import N_, RuleBroken
from lms.core.repair import repair
from lms.core.text import name_sort_key, tidy
from lms.places import PACKAGE, templates_folder

_EXTRACTION = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy": None, "N_": None, "RuleBroken": None}


def register(main: click.Group) -> None:
    """Add the commands."""
    command(main, "migrate")(migrate)
    command(main, "check-migrations")(check_migrations)
    command(main, "write-migration")(write_migration)
    command(main, "check-translations")(check_translations)
    command(main, "worker")(worker)
    group = text_group(main)
    command(group, "sort")(sort_names)
    command(group, "repair")(repair_lines)


def text_group(main: click.Group) -> click.Group:
    """The group `lms text`."""
    group = click.Group("text", help="Vietnamese text.")
    main.add_command(group)
    return group


def migrate() -> Answer:
    """Bring the database to the newest version."""
    migrations.upgrade(db.engine)
    return Answer({"migrated": True}, "Cơ sở dữ liệu đã ở phiên bản mới nhất.")


def check_migrations() -> Answer:
    """Refuse when the models say what no migration does; migrates the database of LMS_DATABASE_URL first."""
    migrations.upgrade(db.engine)
    return _findings("migrations", {str(one): None for one in migrations.differences(db.engine)})


@click.argument("message")
def write_migration(message: str) -> Answer:
    """For developers: write the next migration from what the models say and the migrated database does not.

    Read it before it is committed: checks and computed values are written by hand.
    """
    migrations.upgrade(db.engine)
    path = migrations.write_revision(db.engine, message)
    return Answer({"written": path.name}, path.name)


def check_translations() -> Answer:
    """Refuse when a text of the product has no English."""
    return _findings("untranslated", missing_translations())


def _findings(code: str, found: Mapping[str, str | None]) -> Answer:
    errors = [{"code": code, "message": message, "where": where} for message, where in found.items()]
    lines = [f"{where}: {message}" if where else message for message, where in found.items()]
    return Answer({"errors": errors}, "\n".join(lines) or "✓", refused=bool(errors))


def worker() -> Answer:
    """Work jobs off until stopped: Celery where LMS_JOBS_URL is set, else the embedded loop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings = app.extensions["lms_settings"]
    if settings.jobs_url:
        from lms.core import celery  # noqa: PLC0415 - needs the optional extra

        celery.work(app, settings.jobs_url)
    else:
        jobs.work_forever(app)
    return Answer({})


@click.argument("names", type=click.File(encoding="utf-8"), default="-")
def sort_names(names: TextIO) -> Answer:
    """Read names, one a line; write them in Vietnamese list order."""
    ordered = sorted((tidy(line) for line in names if line.strip()), key=lambda name: (name_sort_key(name), name))
    return Answer({"names": ordered}, "\n".join(ordered))


@click.argument("lines", type=click.File("r", encoding="utf-8"), default="-")
def repair_lines(lines: TextIO) -> Answer:
    """Read one JSON object a line, {"text", "font"?}; write {"text", "from", "changed"} for each."""
    answers = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            given, font = _text_and_font(line, number)
            repaired = repair(given, font)
            answers.append({"text": repaired.text, "from": repaired.source, "changed": repaired.text != given})
    return Answer(None, lines=answers)


def _text_and_font(line: str, number: int) -> tuple[str, str | None]:
    try:
        given = json.loads(line)
        text, font = given["text"], given.get("font")
    except (ValueError, TypeError, KeyError, AttributeError):
        text = font = None
    if not isinstance(text, str) or not isinstance(font, str | None):
        message = N_("Dòng này không phải một đối tượng JSON có “text”.")
        raise RuleBroken(message, code="line", where=f"line {number}")
    return text, font


def missing_translations() -> dict[str, str]:
    """Message ids of code and templates that no English catalogue holds, with one place each."""
    known: set[str] = set()
    for file in (PACKAGE / "translations" / "en").glob("*.po"):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                strings = message.string if isinstance(message.string, tuple | list) else [message.string]
                if message.id and all(strings) and not message.fuzzy:
                    known.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return {message: where for message, where in used_messages().items() if message not in known}


def used_messages() -> dict[str, str]:
    """Every message id of code and templates, with one place where it stands."""
    used: dict[str, str] = {}
    for root in (PACKAGE, Path(templates_folder())):
        for name, line, message, _comments, _context in extract_from_dir(
            str(root), _EXTRACTION, {"**.html": {"trimmed": "true", "silent": "false"}}, _KEYWORDS
        ):
            key = message[0] if isinstance(message, tuple) else message
            if key and key.strip():
                used.setdefault(key, f"{root.name}/{name}:{line}")
    return used
