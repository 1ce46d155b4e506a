"""`lms quizzes analyse`: figures as the functions give them, and files told what is wrong with them."""

import json
from contextlib import suppress

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.cli import main
from lms.core.errors import RulesBroken
from lms.quizzes.analysis.report import analyse
from lms.quizzes.analysis.tables import read_table
from tests.quizzes.analysis import references as ref


def run(path, *options):
    return CliRunner().invoke(main, ["quizzes", "analyse", str(path), *options])


def lsat_file(tmp_path):
    lines = ["person,1,2,3,4,5"]
    lines += [f"P{row},{','.join(str(int(cell)) for cell in cells)}" for row, cells in enumerate(ref.matrix(ref.LSAT6))]
    path = tmp_path / "lsat.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_lsat6_comes_out_as_published(tmp_path):
    answer = run(lsat_file(tmp_path), "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert (found["persons"], found["items"]) == (1000, 5)
    assert found["classical"]["paper"]["reliability"] == pytest.approx(ref.LSAT6_ALPHA, abs=5e-5)
    published = np.array(ref.LSAT6_RASCH) * ref.LSAT6_SLOPE
    difficulties = [item["difficulty"] for item in found["rasch"]["items"]]
    assert difficulties == pytest.approx(published - published.mean(), abs=5e-4)
    assert all(item["standard_error"] > 0 for item in found["rasch"]["items"])
    assert len(found["rasch"]["persons"]) == 1000
    slopes = [item["discrimination"] for item in found["two_parameter"]["items"]]
    assert slopes == pytest.approx(ref.LSAT6_2PL_SLOPES, abs=1e-3)
    assert found == json.loads(json.dumps(analyse(ref.lsat6()).stored())) | {"rasch": found["rasch"]}


def test_the_summary_is_for_people(tmp_path):
    answer = run(lsat_file(tmp_path))
    assert "1000 người, 5 câu" in answer.output
    assert "KR-20 0.295" in answer.output
    assert "1\t1000\t0.924\t0.113" in answer.output


def test_a_small_class_is_told_why_there_is_no_more(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text("person,a,b\nAn,1,0\nBình,0,1\n", encoding="utf-8")
    found = json.loads(run(path, "--json").output)
    assert found["classical"]["refused"]["code"] == "too-few-persons"
    assert "Cần ít nhất 10 người" in found["classical"]["refused"]["message"]
    assert found["rasch"]["refused"]["code"] == "too-few-persons"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", None, "không có dòng nào"),
        ("person\nAn\n", "row 1", "tên từng câu"),
        ("person,a,a\nAn,1,0\n", "row 1, column 3", "có hai lần"),
        ("person,a,\nAn,1,0\n", "row 1, column 3", "chưa có tên câu"),
        ("person,a,b\n", "row 2", "chưa có người nào"),
        ("person,a,b\nAn,1,x\n", "row 2, column 3", "“x” không phải số từ 0 đến 1"),
        ("person,a,b\nAn,1,1.5\n", "row 2, column 3", "“1.5” không phải số từ 0 đến 1"),
        ("person,a,b\nAn,nan,1\n", "row 2, column 2", "“nan” không phải số từ 0 đến 1"),
        ("person,a,b\nAn,1\n", "row 2", "Dòng có 2 ô, dòng đầu có 3"),
        ("person,a,b\nAn,1,0\nAn,1,1\n", "row 3, column 1", "đã có ở dòng 2"),
        ("person,a,b\n,1,0\n", "row 2, column 1", "Chưa ghi người"),
        ('person,a,b\n"An,1,0\n', None, "không đọc được như CSV"),
    ],
)
def test_a_bad_file_is_told_row_and_column(tmp_path, text, where, message):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    answer = run(path, "--json")
    assert answer.exit_code == 1
    error = json.loads(answer.output)["errors"][0]
    assert error["where"] == where
    assert message in error["message"]


def test_a_file_of_another_encoding_is_told_how_to_save(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes("person,a\nBình,1\n".encode("utf-16"))
    assert "CSV UTF-8" in run(path).output


def test_every_mistake_is_told_at_once():
    with pytest.raises(RulesBroken) as broken:
        read_table(b"person,a,b\nAn,2,1\nChi,1,-1\n")
    assert [one.where for one in broken.value.refusals] == ["row 2, column 2", "row 3, column 3"]


def test_semicolons_and_decimal_commas_are_read():
    found = read_table("\ufeffperson;a;b\nAn;0,5;1\nBình;;0\n".encode())
    assert found.items == ("a", "b")
    assert found.persons == ("An", "Bình")
    assert found.values[0].tolist() == [0.5, 1]
    assert np.isnan(found.values[1, 0])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_no_file_is_an_accident(content):
    with suppress(RulesBroken):
        assert set(analyse(read_table(b"person,a,b\n" + content)).stored()["classical"]) <= {
            "refused",
            "paper",
            "items",
        }
