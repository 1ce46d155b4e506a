"""`lms init` and `lms serve`: from an empty folder to a running server."""

import os
import sys

import click
from flask import Flask
from sqlalchemy import create_engine

from lms import create_app
from lms.config import Settings
from lms.core import jobs, migrations
from lms.core.cli import Answer, command
from lms.core.db import db, transaction
from lms.corpus import loading as corpus_loading
from lms.courses import loading as courses_loading
from lms.demo import logins
from lms.places import courses_folder
from lms.units import loading as units_loading

THREADS = 32
WORKERS = 2


def register(main: click.Group) -> None:
    """Add the commands."""
    command(main, "init")(init)
    main.add_command(serve)


def init() -> Answer:
    """Create or migrate the database; load the register of units, the cited documents and the courses."""
    migrations.upgrade(db.engine)
    with transaction():
        units = units_loading.load()
        documents = corpus_loading.load(courses_folder())
        courses = courses_loading.load(courses_folder())
    data = {"units": units, "documents": documents, "courses": courses}
    return Answer(data, f"Sẵn sàng: {units} đơn vị, {documents} văn bản, {courses} khóa học.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=WORKERS, show_default=True, help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve with a production WSGI server: gunicorn, or waitress where there is no fork."""
    os.environ.setdefault("LMS_BASE_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
    settings = Settings.from_environment()
    _announce(settings)
    if sys.platform == "win32":
        from waitress import serve as waitress_serve  # noqa: PLC0415 - only where gunicorn cannot run

        waitress_serve(served_app(), host=host, port=port, threads=THREADS)
        return
    from lms.gunicorn_server import run  # noqa: PLC0415 - imports fcntl, which Windows lacks

    run(served_app, host, port, workers, THREADS)


def served_app() -> Flask:
    """The application of one server process, with static files and, unless a broker does it, a job worker."""
    app = create_app(serve_assets=True)
    settings: Settings = app.extensions["lms_settings"]
    if settings.embedded_worker and not settings.jobs_url:
        jobs.start_worker(app)
    return app


def _announce(settings: Settings) -> None:
    """Print the address and, where the demo stands, its four logins; their password is known as a hash only."""
    lines = [settings.base_url]
    engine = create_engine(settings.database_url)
    try:
        if logins.are_there(engine):
            lines += [logins.introduction(), logins.ABOUT_PASSWORD]
    finally:
        engine.dispose()
    click.echo("\n".join(lines), err=True)
