"""`lms demo`: load the demo data once."""

import click
from flask import current_app

from lms.config import Settings
from lms.core import clock, migrations
from lms.core.cli import Answer, command
from lms.core.db import db, transaction
from lms.core.errors import RuleBroken
from lms.demo import loading, logins
from lms.demo.scene import Scene


def register(main: click.Group) -> None:
    """Add the command."""
    command(main, "demo")(demo)


@click.option(
    "--people", type=click.IntRange(1, 50_000), help="Also an event with so many delegates, key tai-lon-N, to measure."
)
def demo(people: int | None) -> Answer:
    """Load the demo data: five events with invented delegates, and four logins.

    What stands already stays as it is. Each part is a transaction: an interrupted run is taken up by the next.
    """
    if not migrations.is_current(db.engine):
        raise RuleBroken("Cơ sở dữ liệu chưa sẵn sàng. Hãy chạy “lms init” trước.", code="no-database")
    settings: Settings = current_app.extensions["lms_settings"]
    loaded = loading.load(people)
    with transaction():
        password = logins.settle_password(Scene.on(clock.today()), settings.demo_password)
    data = {"loaded": loaded, "logins": list(logins.ADDRESSES), "password": password.text}
    return Answer(data, _told(loaded, password))


def _told(loaded: list[str], password: logins.Password) -> str:
    lines = [
        f"Đã nạp dữ liệu trình diễn: {', '.join(loaded)}." if loaded else "Dữ liệu trình diễn đã có, không đổi gì."
    ]
    if password.fresh:
        lines += [logins.introduction(), f"Mật khẩu chung · password: {password.text}", logins.ABOUT_PASSWORD]
    return "\n".join(lines)
