"""Invented names: the same each time, of several peoples, and names that the importer takes as they are."""

import pytest

from lms.demo import names
from lms.demo.source import read
from lms.registration.rows import check_name

REGIONS = sorted(read("names")["weights"])


@pytest.mark.parametrize("region", REGIONS)
def test_names_are_stable_various_and_valid(region: str) -> None:
    drawn = [names.draw(f"{region}/{number}", region) for number in range(200)]
    assert drawn == [names.draw(f"{region}/{number}", region) for number in range(200)]
    assert len(set(drawn)) > 150
    assert all(check_name(name) == (name, "") for name in drawn)
    assert all(len(name.split()) >= 2 or "'" in name for name in drawn)


def test_each_region_draws_its_own_peoples() -> None:
    mong = [name for name in (names.draw(str(number), "ha-giang") for number in range(300)) if " A " in name]
    assert mong
    assert not [name for name in (names.draw(str(number), "mekong") for number in range(300)) if " A " in name]


def test_provinces_have_their_region() -> None:
    assert names.region_of("hoa-binh") == "muong"
    assert names.region_of("ha-noi") == "lowland"
    assert names.region_of(None) == "lowland"


def test_no_speaker_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    first = names.draw("someone")
    monkeypatch.setattr(names, "_speakers", lambda: frozenset({names.fold(first)}))
    assert names.draw("someone") != first
