"""Mail leaves after the commit: into a folder where no server is configured, to the server where one is."""

import dataclasses
import email
import email.policy

from flask import Flask

from lms.config import Settings
from lms.core import jobs, mail
from lms.core.db import session, transaction
from tests.core.smtp import receiving_server


def post() -> mail.OutboxMail:
    with transaction():
        return mail.post("a@example.vn", "Mời dự hội nghị", "Kính gửi đồng chí Đặng Văn Đức")


def test_without_a_server_it_is_written_to_the_folder(app: Flask, settings: Settings) -> None:
    sent = post()
    assert sent.sent_at is None
    jobs.work_off()
    session().refresh(sent)
    assert sent.sent_at is not None
    raw = (settings.data_dir / "mail" / f"{sent.id:06d}.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == "Mời dự hội nghị"
    assert "Đặng Văn Đức" in message.get_content()


def test_with_a_server_it_is_handed_over_once(app: Flask) -> None:
    with receiving_server() as (address, received):
        app.extensions["lms_settings"] = replaced(app, smtp_url=address)
        try:
            sent = post()
            jobs.work_off()
            jobs.work_off()
        finally:
            app.extensions["lms_settings"] = replaced(app, smtp_url=None)
    session().refresh(sent)
    assert sent.sent_at is not None
    assert len(received) == 1
    assert b"a@example.vn" in received[0]


def test_a_server_that_is_away_is_tried_again(app: Flask) -> None:
    app.extensions["lms_settings"] = replaced(app, smtp_url="smtp://127.0.0.1:1")
    try:
        sent = post()
        jobs.work_off()
    finally:
        app.extensions["lms_settings"] = replaced(app, smtp_url=None)
    session().refresh(sent)
    assert sent.sent_at is None
    (job,) = session().query(jobs.Job).filter_by(key=f"mail:{sent.id}")
    assert job.state == "running"
    assert "ConnectionRefusedError" in (job.error or "")


def replaced(app: Flask, **changes: str | None) -> Settings:
    """The application's settings with some changed."""
    settings: Settings = app.extensions["lms_settings"]
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
