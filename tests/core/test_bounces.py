"""Delivery-status notifications: read whatever is in them, matched to the mail they speak of, noted once."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.cli import main
from lms.core import bounces, clock, mail
from lms.core.db import session

NOTIFICATION = """\
From: MAILER-DAEMON@mx.example.vn
To: no-reply@example.vn
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain; charset=utf-8

Không gửi được.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.vn

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: no
 such mailbox
{returned}
--b--
"""
WHOLE = "--b\nContent-Type: message/rfc822\n\nMessage-ID: {id}\nSubject: x\n\nbody"
HEADERS = "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\nSubject: x"


def notification(recipient: str, returned: str = "", action: str = "failed", message_id: str = "") -> bytes:
    text = NOTIFICATION.format(recipient=recipient, action=action, returned=returned.format(id=message_id))
    return text.replace("\n", "\r\n").encode()


def sent(recipient: str = "a@example.vn") -> mail.OutboxMail:
    made = mail.post(recipient, "Mời", "Kính gửi")
    made.sent_at = clock.now()
    session().flush()
    return made


@pytest.mark.parametrize("returned", [WHOLE, HEADERS])
def test_the_mail_is_found_by_the_original_that_was_sent_back(app: Flask, returned: str) -> None:
    first, latest = sent(), sent()
    message_id = mail.message_id(first.id)
    (report,) = bounces.read(notification("forwarded@other.example", returned, message_id=message_id))
    assert (report.status, report.words) == ("5.1.1", "550 5.1.1 <forwarded@other.example>: no such mailbox")
    assert bounces.mark(report) == ("marked", first)
    assert first.error == report.words
    assert latest.error is None
    assert bounces.mark(report) == ("known", first)


def test_without_the_original_it_is_the_latest_mail_to_that_address(app: Flask) -> None:
    first, latest = sent("A@example.vn"), sent("A@example.vn")
    (report,) = bounces.read(notification("a@example.vn"))
    assert bounces.mark(report) == ("marked", latest)
    assert first.error is None


def test_only_a_failure_marks_and_a_forged_id_finds_nothing(app: Flask) -> None:
    made = sent()
    (late,) = bounces.read(notification("a@example.vn", action="delayed"))
    assert bounces.mark(late) == ("delayed", made)
    forged = mail.message_id(made.id).replace(f".{made.id}.", f".{made.id + 1}.")
    (report,) = bounces.read(notification("nobody@example.vn", WHOLE, message_id=forged))
    assert bounces.mark(report) == ("unknown", None)
    assert made.error is None


def test_several_recipients_of_one_notification(app: Flask) -> None:
    content = notification("a@example.vn").replace(
        b"\r\n--b--", b"\r\nFinal-Recipient: rfc822;b@example.vn\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b--"
    )
    assert [report.recipient for report in bounces.read(content)] == ["a@example.vn", "b@example.vn"]


def test_what_is_no_notification_says_nothing(app: Flask) -> None:
    assert bounces.read(b"") == []
    assert bounces.read(b"Subject: hello\r\n\r\nFinal-Recipient: rfc822; a@example.vn\r\nAction: failed\r\n") == []
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(80))
    assert bounces.read(nested) == []


@given(st.binary(max_size=400), st.integers(0, 700))
def test_hostile_bytes_are_read_without_an_error(noise: bytes, at: int) -> None:
    whole = notification("a@example.vn", WHOLE, message_id="<x@y>")
    for report in bounces.read(whole[:at] + noise + whole[at:]) + bounces.read(noise):
        assert "\0" not in repr(report)
        assert len(report.words) <= 500


def test_the_command_answers_for_each_file_and_for_standard_input(app: Flask, tmp_path: Path) -> None:
    made = sent()
    session().commit()
    (tmp_path / "one.eml").write_bytes(notification("a@example.vn", WHOLE, message_id=mail.message_id(made.id)))
    (tmp_path / "two.eml").write_bytes(b"Subject: holiday\r\n\r\nI am away")
    arguments = ["mail", "bounced", "--json", str(tmp_path / "one.eml"), str(tmp_path / "two.eml")]
    answer = run(app, arguments)
    assert answer["marked"] == 1
    assert [(one["outcome"], one["mail"]) for one in answer["reports"]] == [("marked", made.id), ("no-report", None)]
    session().refresh(made)
    assert "no such mailbox" in (made.error or "")
    again = run(app, ["mail", "bounced", "--json", "-"], (tmp_path / "one.eml").read_bytes())
    assert (again["marked"], again["reports"][0]["outcome"]) == (0, "known")


def run(app: Flask, arguments: list[str], standard_input: bytes | None = None) -> dict[str, object]:
    result = CliRunner().invoke(main, arguments, obj=lambda: app, input=standard_input)
    assert result.exit_code == 0, result.output
    answer: dict[str, object] = json.loads(result.stdout)
    return answer
