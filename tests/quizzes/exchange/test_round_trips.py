"""Export, then import, is the identity for what a format can say; what it cannot say is listed before."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes import exchange
from lms.quizzes.exchange.entries import Entry
from tests.quizzes.contents import LETTERS, SPECIAL
from tests.quizzes.exchange.entries import SLOW, entries

WRITTEN = [form for form in ("gift", "moodle-xml", "xlsx") if form in exchange.WRITERS]
NAMED = {
    "topic": {"topic"},
    "difficulty": {"difficulty"},
    "category": {"category"},
    "tags": {"tags"},
    "title": {"title"},
}
"""A label and the code of the loss that accounts for its change."""


def without_place(entry: Entry) -> Entry:
    """The question itself."""
    return replace(entry, where="")


@pytest.mark.parametrize("form", WRITTEN)
@settings(SLOW, max_examples=25)
@given(made=st.lists(entries(LETTERS) | entries(SPECIAL), min_size=1, max_size=2))
def test_what_is_written_is_read_again_but_for_what_is_listed(form: str, made: list[Entry]) -> None:
    told = [exchange.SAID[form](entry) for entry in made]
    reading = exchange.read(f"questions.{form}", exchange.write(made, form))
    kept = [entry for entry, _losses in told if entry is not None]
    assert [one for one in reading.refused if one.where] == []
    assert [without_place(one) for one in reading.entries] == [without_place(one) for one in kept]
    assert reading.format == form or not kept
    for entry, (expected, losses) in zip(made, told, strict=True):
        assert (expected == entry) == (not losses)
        codes = {loss.code for loss in losses}
        if expected is not None:
            for label, code in NAMED.items():
                assert getattr(expected.labels, label) == getattr(entry.labels, label) or codes & code
            assert expected.words.cites == entry.words.cites or "cites" in codes


@pytest.mark.parametrize("form", WRITTEN)
@settings(SLOW, max_examples=20)
@given(made=entries(LETTERS))
def test_what_is_lost_once_is_all_that_is_lost(form: str, made: Entry) -> None:
    kept, _losses = exchange.SAID[form](made)
    if kept is not None:
        assert exchange.SAID[form](kept) == (kept, [])
