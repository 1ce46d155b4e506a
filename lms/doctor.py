"""`lms doctor`: check a deployment and say what to mend."""

import os
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import text

from lms.config import Settings
from lms.core import migrations, typefaces
from lms.core.cli import Answer, command
from lms.core.db import db
from lms.core.errors import RuleBroken
from lms.core.typefaces import Typeface
from lms.home.queries import troubles


def register(main: click.Group) -> None:
    """Add the command."""
    command(main, "doctor")(doctor)


def doctor() -> Answer:
    """Check database, migrations, folders, fonts, broker and waiting jobs."""
    settings: Settings = current_app.extensions["lms_settings"]
    findings = [_judge(name, check, settings) for name, check in _CHECKS]
    lines = [f"{'✓' if finding['ok'] else '✗'} {finding['check']}: {finding['message']}" for finding in findings]
    return Answer({"checks": findings}, "\n".join(lines), refused=not all(finding["ok"] for finding in findings))


def _judge(name: str, check: Callable[[Settings], str], settings: Settings) -> dict[str, object]:
    try:
        return {"check": name, "ok": True, "message": check(settings)}
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever is wrong
        return {"check": name, "ok": False, "message": str(error) or type(error).__name__}


def _database(_settings: Settings) -> str:
    db.session.execute(text("SELECT 1"))
    return str(db.engine.dialect.name)


def _migrations(_settings: Settings) -> str:
    if not migrations.is_current(db.engine):
        raise RuleBroken("Cơ sở dữ liệu chưa ở phiên bản mới nhất. Hãy chạy lms init.")
    return "newest version"


def _folder(settings: Settings) -> str:
    if not os.access(settings.data_dir, os.W_OK):
        raise RuleBroken("Không ghi được vào thư mục %(folder)s.", folder=str(settings.data_dir))
    return str(settings.data_dir)


def _fonts(_settings: Settings) -> str:
    for face in Typeface:
        typefaces.load(face)
    return f"{len(Typeface)} faces"


def _broker(settings: Settings) -> str:
    if settings.jobs_url is None:
        return "embedded worker"
    from redis import Redis  # noqa: PLC0415 - comes with the extra lms[jobs]

    Redis.from_url(settings.jobs_url, socket_timeout=3).ping()
    return settings.jobs_url.rpartition("@")[2]


def _troubles(_settings: Settings) -> str:
    found = troubles()
    if found["failed_jobs"] or found["late_jobs"]:
        raise RuleBroken(
            "%(failed)d việc chạy nền bị lỗi, %(late)d việc chờ quá 10 phút.",
            failed=found["failed_jobs"],
            late=found["late_jobs"],
        )
    return "none failed, none late"


def _mail(settings: Settings) -> str:
    return "SMTP" if settings.smtp_url else f"no SMTP: written to {Path(settings.data_dir, 'mail')}"


_CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("database", _database),
    ("migrations", _migrations),
    ("data folder", _folder),
    ("fonts", _fonts),
    ("job engine", _broker),
    ("jobs", _troubles),
    ("mail", _mail),
)
