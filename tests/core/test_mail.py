"""Mail leaves after the commit: into a folder where no server is configured, to the server where one is."""

import dataclasses
import email
import email.policy

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lms.config import Settings
from lms.core import clock, jobs, mail
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(subject=st.lists(st.text(alphabet="abcĐđệữẵỌ[]:/0", min_size=1, max_size=14), min_size=1).map(" ".join))
@example(subject="[Trả lời xin thêm chỗ] Hội nghị thử nhập danh sách năm 2026 của các đơn vị tỉnh Lam Khê")
def test_a_long_subject_loses_no_space_on_the_way(app: Flask, subject: str) -> None:
    sent = mail.OutboxMail(id=1, recipient="a@example.vn", subject=subject, body="x", created_at=clock.now())
    raw = mail.written(sent).as_bytes()
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject
    assert all(len(line) <= 78 for line in raw.partition(b"\n\n")[0].splitlines())


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


def test_a_refused_recipient_is_noted_and_not_tried_again(app: Flask) -> None:
    heard: list[tuple[int, str]] = []

    def hear(returned: mail.OutboxMail, words: str) -> None:
        heard.append((returned.id, words))

    mail.return_listeners.append(hear)
    try:
        sent = send_through(app, {b"RCPT": b"550 5.1.1 no such mailbox"})
    finally:
        mail.return_listeners.remove(hear)
    assert sent.sent_at is None
    assert sent.error == "550 5.1.1 no such mailbox"
    assert sent.attempts == 1
    assert heard == [(sent.id, "550 5.1.1 no such mailbox")]
    assert job_of(sent).state == "done"


@pytest.mark.parametrize(
    "refusals",
    [{b"RCPT": b"451 4.7.1 greylisted"}, {b"RCPT": b"530 5.7.0 authentication required"}, {b"MAIL": b"550 not you"}],
)
def test_trouble_that_is_not_the_recipients_is_tried_again(app: Flask, refusals: dict[bytes, bytes]) -> None:
    sent = send_through(app, refusals)
    assert (sent.sent_at, sent.error) == (None, None)
    assert job_of(sent).finished_at is None


def test_a_message_refused_for_good_is_noted(app: Flask) -> None:
    assert send_through(app, {b"DATA": b"554 too long"}).error == "554 too long"


def test_a_calendar_goes_along_twice_with_its_line_ends(app: Flask) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nX-WORDS:Hội nghị\r\nEND:VCALENDAR\r\n"
    message = mail.written(mail.post("a@example.vn", "Hủy", "Kính gửi", calendar=calendar))
    plain, beside = next(iter(message.iter_parts())).iter_parts()
    attached = next(iter(message.iter_attachments()))
    assert plain.get_content() == "Kính gửi\n"
    assert (beside.get_content_type(), beside["Content-Type"].params["method"]) == ("text/calendar", "CANCEL")
    assert attached.get_filename() == "invite.ics"
    for part in (beside, attached):
        assert part.get_payload(decode=True) == calendar.encode()


def test_a_message_id_names_its_mail_and_cannot_be_made_up(app: Flask) -> None:
    written = mail.message_id(17)
    assert written.endswith("@example.vn>")
    assert mail.mail_named(f"References: {written}") == 17
    assert mail.mail_named(written.replace(".17.", ".18.")) is None
    assert mail.mail_named("<lms.17@example.vn>") is None


def send_through(app: Flask, refusals: dict[bytes, bytes]) -> mail.OutboxMail:
    with receiving_server(refusals) as (address, _received):
        app.extensions["lms_settings"] = replaced(app, smtp_url=address)
        try:
            sent = post()
            jobs.work_off()
        finally:
            app.extensions["lms_settings"] = replaced(app, smtp_url=None)
    session().refresh(sent)
    return sent


def job_of(sent: mail.OutboxMail) -> jobs.Job:
    (job,) = session().query(jobs.Job).filter_by(key=f"mail:{sent.id}")
    return job
