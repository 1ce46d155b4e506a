"""Commands: issue, export, print the register, check a file."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from lms.certificates import addresses, checking, queries, service
from lms.certificates import register as books_of
from lms.certificates.models import Certificate
from lms.core import clock, files
from lms.core.cli import Answer, command
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.courses.models import Course
from lms.events.models import Event

_SUBJECT = click.argument("subject", metavar="EVENT|COURSE")


def register(main: click.Group) -> None:
    """Add the group `lms certificates`."""
    group = click.Group("certificates", help="Certificates: issue, register, export, check a file.")
    main.add_command(group)
    command(group, "issue", writes=True)(issue)
    command(group, "register")(print_register)
    command(group, "export")(export)
    command(group, "verify")(verify)


@_SUBJECT
def issue(subject: str) -> Answer:
    """Issue to all who are entitled and have none: to the delegates of an EVENT, or to who completed a COURSE."""
    issued = service.issue_all(_subject(subject))
    certificates = [_summary(one) for one in issued.certificates]
    refused = [{"holder": name, "message": message} for name, message in issued.refused]
    lines = [f"{one['register_number']}  {one['holder']}" for one in certificates]
    lines += [f"{one['holder']}: {one['message']}" for one in refused] + [f"Đã cấp {len(certificates)} giấy."]
    return Answer({"issued": len(certificates), "certificates": certificates, "refused": refused}, "\n".join(lines))


@click.option("--year", type=int, help="Only books of this year.")
def print_register(year: int | None) -> Answer:
    """The number books, the newest year first, each with its certificates and the proof that it has no gap."""
    books = [book for book in queries.visible_books(None) if year in {None, book.year}]
    proofs = books_of.prove(books)
    data, lines = [], []
    for book in books:
        proof = proofs[book.id]
        certificates = [_line(one) for one in books_of.all_lines(book, newest_first=False)]
        data.append(
            {
                "agency": book.agency.name,
                "kind": book.kind,
                "year": book.year,
                "symbol": book.symbol,
                "last_number": book.last_number,
                "whole": proof.whole,
                "missing": list(proof.missing),
                "strays": list(proof.strays),
                "certificates": certificates,
            }
        )
        state = "liền số" if proof.whole else f"KHÔNG LIỀN SỐ, khuyết {list(proof.missing)}, thừa {list(proof.strays)}"
        lines.append(f"{book.agency.name}, {book.year}/{book.symbol}: {proof.papers} giấy, {state}")
        lines += [f"  {one['register_number']}  {one['holder']}  {one['state']}" for one in certificates]
    return Answer({"books": data}, "\n".join(lines))


@_SUBJECT
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to fill.")
def export(subject: str, output: Path) -> Answer:
    """Write each certificate as NUMBER.pdf and NUMBER.json (`/` in a number is written `-`) into a folder."""
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for one in session().scalars(queries.issued_for(_subject(subject))):
        name = one.public_number
        (output / f"{name}.pdf").write_bytes(files.read(one.file))
        (output / f"{name}.json").write_text(json.dumps(_whole(one), ensure_ascii=False, indent=1), encoding="utf-8")
        written.append(name)
    return Answer({"exported": len(written), "files": written}, f"Đã ghi {len(written)} giấy vào {output}.")


@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--at", metavar="TIME", help="Judge as of this moment (ISO 8601), not now.")
def verify(file: Path, at: str | None) -> Answer:
    """Say whether a PDF was issued here and is unaltered, altered, revoked or not ours."""
    finding = checking.check_pdf(file.read_bytes(), _moment(at))
    data: dict[str, Any] = {"verdict": str(finding.verdict), "sha256": finding.digest}
    if finding.certificate is not None:
        data |= {"certificate": _whole(finding.certificate)}
    number = finding.certificate.register_number if finding.certificate else ""
    return Answer(data, f"{finding.verdict} {number}".strip())


def _subject(name: str) -> Event | Course:
    """The event of this key, or else the course of this slug."""
    event = session().scalar(select(Event).where(Event.key == name))
    course = None if event is not None else session().scalar(select(Course).where(Course.slug == name))
    found = event or course
    if found is None:
        raise RuleBroken(
            N_("Không có sự kiện hay khóa học nào tên “%(name)s”."), code="not-found", where="EVENT|COURSE", name=name
        )
    return found


def _moment(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"“{text}” is no ISO 8601 moment", param_hint="--at") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)


def _summary(certificate: Certificate) -> dict[str, Any]:
    return {
        "number": certificate.public_number,
        "register_number": certificate.register_number,
        "code": certificate.code,
        "holder": certificate.holder_name,
    }


def _line(certificate: Certificate) -> dict[str, Any]:
    """One line of the book."""
    return _summary(certificate) | {
        "issued_on": certificate.issued_on.isoformat(),
        "state": certificate.state,
        "revoked_at": certificate.revoked_at.isoformat() if certificate.revoked_at else None,
        "reason": certificate.revoke_reason,
        "replaces": certificate.replaces.register_number if certificate.replaces else None,
        "replaced_by": certificate.replaced_by.register_number if certificate.replaced_by else None,
    }


def _whole(certificate: Certificate) -> dict[str, Any]:
    """All that was certified, for a file beside the PDF."""
    return _summary(certificate) | {
        "facts": certificate.facts,
        "state": certificate.state,
        "verify_url": addresses.verify_url(certificate.public_number),
    }
