"""What several features need and that knows none of them."""

from flask import Flask

from lms.config import Settings
from lms.core import access, assets, celery, db, files, i18n, jobs, mail, sealing, web


def init_app(app: Flask) -> None:
    """Set up database, languages, access control, static files, stored files, mail and jobs."""
    settings: Settings = app.extensions["lms_settings"]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app, settings.database_url)
    i18n.init_app(app, settings.data_dir / "cache")
    web.init_app(app, settings)
    access.init_app(app)
    assets.init_app(app)
    files.init_app(app, settings.data_dir)
    sealing.init_app(app)
    mail.init_app(app)
    if settings.jobs_url:
        celery.connect(app, settings.jobs_url)


__all__ = ["access", "assets", "db", "files", "i18n", "init_app", "jobs", "mail", "sealing", "web"]
