"""A specimen event with very many delegates, to measure how pages bear them."""

from datetime import time, timedelta
from typing import Any

from lms.core import clock
from lms.demo import delegates, happenings
from lms.demo.people import Invented, of_unit
from lms.demo.scene import Scene, get_event
from lms.people import service as people
from lms.registration import queries
from lms.units.models import UnitKind

_SHEET = 5_000
"""Rows of one spreadsheet."""


def key_of(number: int) -> str:
    """The address of the event of that many delegates."""
    return f"tai-lon-{number}"


def add(scene: Scene, number: int) -> None:
    """An event today with `number` delegates from all provinces of the day, imported by spreadsheets."""
    happenings.add(scene, _source(number))
    event = get_event(key_of(number))
    crowd = _crowd(scene, number)
    with clock.stopped_at(clock.at_local(scene.today - timedelta(days=5), time(9))):
        for start in range(0, number, _SHEET):
            delegates.import_list(scene, event, crowd[start : start + _SHEET])
    people.mark_specimen([line.person_id for line in queries.delegates_of(event)])


def _crowd(scene: Scene, number: int) -> list[Invented]:
    provinces = [
        unit
        for unit in scene.units.values()
        if unit.kind == UnitKind.PROVINCE and not unit.specimen and unit.existed_on(scene.today)
    ]
    each = -(-number // len(provinces))
    by_province = [of_unit(unit, each, "2025") for unit in provinces]
    return [people[place] for place in range(each) for people in by_province][:number]


def _source(number: int) -> dict[str, Any]:
    words = f"Sự kiện tải lớn: {number} đại biểu (hư cấu)"
    summary = "Sự kiện hư cấu để đo tốc độ các trang với danh sách dài."
    return {
        "key": key_of(number),
        "kind": "conference",
        "title": {"vi": words, "en": f"A large event: {number} delegates (invented)"},
        "place": {"vi": "Trung tâm Hội nghị tỉnh Lam Khê (hư cấu)", "en": "Lam Khê Convention Centre (invented)"},
        "summary": {"vi": summary, "en": "An invented event to measure pages with a long list."},
        "from": {"day": 0, "half": "sang"},
        "to": {"day": 0, "half": "chieu"},
        "prepared_on": -20,
        "reply_by": -3,
        "hosts": [{"unit": "lam-khe", "role": "host"}],
        "agenda": [[{"at": "07:30", "vi": "Khai mạc", "en": "Opening"}], []],
        "quotas": {},
        "rule": {"attendance_percent": 100},
    }
