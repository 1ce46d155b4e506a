"""Cited documents and their state on a day."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.core.errors import RulesBroken
from lms.corpus import loading, queries
from lms.corpus.models import Document, ForceState
from lms.places import courses_folder
from tests.world import World


@pytest.fixture
def documents(world: World) -> World:
    loading.load(courses_folder())
    return world


@pytest.mark.parametrize(
    ("key", "day", "state"),
    [
        ("nd-09-2017", date(2026, 6, 30), ForceState.IN_FORCE),
        ("nd-09-2017", date(2026, 7, 1), ForceState.ENDED),
        ("nd-244-2026", date(2026, 6, 30), ForceState.NOT_YET),
        ("nd-244-2026", date(2026, 7, 1), ForceState.IN_FORCE),
        ("cerc", date(2026, 7, 1), ForceState.NOT_LAW),
    ],
)
def test_a_document_is_judged_by_the_day(documents: World, key: str, day: date, state: ForceState) -> None:
    assert queries.get(key).state_on(day) == state


def test_an_unknown_beginning_is_said_to_be_unknown() -> None:
    assert Document(number="1", in_force_from=None, in_force_to=None).state_on(date(2026, 1, 1)) == ForceState.UNKNOWN


def test_the_pages_show_state_source_and_succession(documents: World, client: FlaskClient) -> None:
    assert "Nghị định 244/2026/NĐ-CP" in client.get("/documents/").get_data(as_text=True)
    page = client.get("/documents/nd-09-2017").get_data(as_text=True)
    assert "Hết hiệu lực từ 01/7/2026" in page
    assert "Nghị định 244/2026/NĐ-CP" in page
    assert client.get("/documents/khong-co").status_code == 404


def test_an_empty_shelf_says_so(world: World, client: FlaskClient) -> None:
    assert "Chưa nạp văn bản nào" in client.get("/documents/").get_data(as_text=True)


def test_a_wrong_file_is_refused_whole(world: World, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "x.yaml").write_text("key: y\n", encoding="utf-8")
    with pytest.raises(RulesBroken) as refused:
        loading.load(tmp_path)
    assert refused.value.refusals[0].where == "documents/x.yaml:1"
