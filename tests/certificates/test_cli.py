"""The commands as a script calls them, and the judgement of files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lms.certificates import service
from lms.certificates.checking import Verdict, check_pdf
from lms.certificates.models import Certificate, CertificateProgramme
from lms.cli import main
from lms.core import clock, files
from lms.core.db import session
from tests.certificates.conftest import ISSUED_AT, KEY, Class
from tests.world import World

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Call `lms certificates …`; the options' document is on standard output."""

    def call(*arguments: str) -> Result:
        session().commit()
        result = CliRunner().invoke(main, ["certificates", *arguments], obj=lambda: app)
        session().expire_all()
        return result

    return call


def document(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_issuing_by_command(programme: CertificateProgramme, run: Run) -> None:
    result = run("issue", KEY, "--json")
    assert result.exit_code == 0, result.output
    answer = document(result)
    assert answer["issued"] == 1
    assert answer["certificates"][0]["holder"] == "Đặng Văn Đức"
    assert document(run("issue", KEY, "--json"))["issued"] == 0


@pytest.mark.parametrize(("subject", "code"), [("khong-co", "not-found"), (KEY, "no-programme")])
def test_issuing_is_refused_in_the_contracts_words(lesson: Class, run: Run, subject: str, code: str) -> None:
    result = run("issue", subject, "--json")
    assert result.exit_code == 1
    assert [error["code"] for error in document(result)["errors"]] == [code]


def test_the_register_by_command(certificate: Certificate, run: Run, world: World) -> None:
    newer = service.reissue(certificate, world.organizer, at=ISSUED_AT)
    (book,) = document(run("register", "--json"))["books"]
    assert (book["year"], book["last_number"], book["whole"], book["missing"]) == (2024, 2, True, [])
    old, new = book["certificates"]
    assert (old["state"], old["replaced_by"]) == ("revoked", newer.register_number)
    assert (new["state"], new["replaces"]) == ("valid", certificate.register_number)
    assert document(run("register", "--year", "1999", "--json"))["books"] == []
    assert "liền số" in run("register").output


def test_export_writes_a_pdf_and_its_facts(certificate: Certificate, run: Run, tmp_path: Path) -> None:
    result = run("export", KEY, "-o", str(tmp_path / "out"), "--json")
    assert result.exit_code == 0, result.output
    name = certificate.public_number
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [f"{name}.json", f"{name}.pdf"]
    assert (tmp_path / "out" / f"{name}.pdf").read_bytes() == files.read(certificate.file)
    facts = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
    assert facts["number"] == name
    assert facts["facts"]["holder"] == "Đặng Văn Đức"
    assert facts["verify_url"] == f"http://lms.test/verify/{name}"
    assert set(facts) == {"number", "register_number", "code", "holder", "facts", "state", "verify_url"}


def test_a_file_is_judged_by_command(certificate: Certificate, run: Run, tmp_path: Path, world: World) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(files.read(certificate.file))
    answer = document(run("verify", str(paper), "--json"))
    assert answer["verdict"] == "unaltered"
    assert answer["certificate"]["number"] == certificate.public_number
    service.revoke(certificate, "nhầm", world.organizer)
    assert document(run("verify", str(paper), "--json"))["verdict"] == "revoked"
    assert document(run("verify", str(paper), "--at", "2024-08-10", "--json"))["verdict"] == "unaltered"
    assert run("verify", str(paper), "--at", "hôm qua").exit_code == 2
    assert run("verify", str(tmp_path / "none.pdf")).exit_code == 2


def test_a_strange_file_is_not_ours(certificate: Certificate) -> None:
    for content in (
        b"",
        b"%PDF-1.4",
        b"PK\x03\x04",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>",
    ):
        assert check_pdf(content, clock.now()).verdict == Verdict.NOT_OURS


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_noticed(certificate: Certificate, data: st.DataObject) -> None:
    paper = bytearray(files.read(certificate.file))
    place = data.draw(st.integers(0, len(paper) - 1))
    paper[place] ^= data.draw(st.integers(1, 255))
    assert check_pdf(bytes(paper), clock.now()).verdict in {Verdict.ALTERED, Verdict.NOT_OURS}


def test_an_altered_file_names_the_certificate_it_claims_to_be(certificate: Certificate) -> None:
    paper = files.read(certificate.file) + b"\n% added"
    finding = check_pdf(paper, clock.now())
    assert finding.verdict == Verdict.ALTERED
    assert finding.certificate is not None
    assert finding.certificate.id == certificate.id
    without_link = paper.replace(certificate.public_number.encode(), b"0" * len(certificate.public_number))
    assert check_pdf(without_link, clock.now()).verdict == Verdict.ALTERED
