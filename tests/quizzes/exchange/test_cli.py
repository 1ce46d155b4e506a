"""`lms quizzes import` and `export`, as the contract says."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core.db import session
from lms.quizzes import service
from lms.quizzes.models import Question, QuestionBank
from tests.commands import Command, command
from tests.world import World

GIFT = "::Câu 1::Ai phát ngôn?{=Người được giao ~Bất kỳ ai}\n\nHỏng{\n\nai phát ngôn{~Bất kỳ ai =Người được giao}\n"
QUESTION = {"where": "line 1", "kind": "single", "title": "Câu 1"}
SAME = {"where": "line 5", "kind": "single", "title": "ai phát ngôn"}


@pytest.fixture
def run(app: Flask) -> Command:
    """`run("import", …)` calls `lms quizzes import … --json`."""
    return command(app, "quizzes")


@pytest.fixture
def empty(world: World) -> QuestionBank:
    """A bank without questions."""
    return service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng nhập")


def count(bank: QuestionBank) -> int:
    """Questions of a bank."""
    return session().scalar(select(func.count()).where(Question.bank_id == bank.id)) or 0


def test_without_a_bank_a_file_is_only_checked(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(GIFT)
    assert run("import", str(file)) == (
        0,
        {
            "format": "gift",
            "questions": [QUESTION, SAME],
            "refused": [
                {
                    "where": "line 3",
                    "code": "braces",
                    "message": "Ngoặc { và } không đi với nhau. Hãy kiểm tra lại câu này.",
                }
            ],
            "written": 0,
        },
    )


def test_with_a_bank_new_questions_are_added_once(run: Command, empty: QuestionBank, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(GIFT)
    name = str(empty.id)
    code, dry = run("import", str(file), "--bank", name, "--dry-run")
    assert (code, dry["written"], dry["duplicates"], count(empty)) == (0, 0, [SAME], 0)
    code, done = run("import", str(file), "--bank", name, "--format", "gift")
    assert (code, done["written"], count(empty)) == (0, 1, 1)
    code, again = run("import", str(file), "--bank", name)
    assert (code, again["written"], again["duplicates"], count(empty)) == (0, 0, [QUESTION, SAME], 1)


def test_what_cannot_be_read_or_found_is_refused(run: Command, empty: QuestionBank, tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text("<quiz>")
    code, broken = run("import", str(file), "--bank", str(empty.id))
    assert (code, broken["errors"][0]["code"], broken["errors"][0]["where"]) == (1, "not-xml", "a.xml")
    file.write_text(GIFT)
    assert run("import", str(file), "--bank", "khong-co")[0] == 1
    assert run("import", str(file), "--format", "word")[0] == 2
    assert run("export", "khong-co", "--format", "gift", "-o", str(tmp_path / "b"))[0] == 1


@pytest.mark.parametrize("form", ["gift", "moodle-xml", "xlsx"])
def test_an_exported_bank_is_imported_without_a_new_question(
    run: Command, bank: QuestionBank, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "bank"
    code, told = run("export", str(bank.id), "--format", form, "-o", str(file))
    assert (code, told["questions"], told["file"]) == (0, 4, str(file))
    assert {"topic"} <= {loss["code"] for loss in told["losses"]} or form == "xlsx"
    code, read = run("import", str(file), "--bank", str(bank.id))
    assert (code, read["format"], len(read["questions"]), read["refused"]) == (0, form, 4, [])
    assert (read["written"], len(read["duplicates"])) == (0, 4)


def test_a_bank_is_found_by_its_key(run: Command, bank: QuestionBank, tmp_path: Path) -> None:
    bank.key = "ngan-hang-phat-ngon"
    file = tmp_path / "bank"
    assert run("export", "ngan-hang-phat-ngon", "--format", "gift", "-o", str(file))[0] == 0
    assert "Ai phát ngôn cho tỉnh?" in file.read_text()
    code, refused = run("import", str(file), "--bank", "ngan-hang-phat-ngon")
    assert code == 1
    assert "tệp của khóa học" in refused["errors"][0]["message"]
