"""Offline check-ins: whatever the order, repetition, interleaving or clock, the same set gives the same summary."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from lms.attendance import batches, outcomes, service, syncing
from lms.attendance.models import Scan
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.world import World

People = dict[str, Delegate]
NAMES = ("Đức", "Hường", "Chứ", "Quỳ", "S")


def header(sent_at: datetime, received_at: datetime | None = None, device: str = "cua-a") -> dict[str, Any]:
    line = {"batch": str(uuid4()), "device": device, "sent_at": sent_at.isoformat()}
    return line | ({"received_at": received_at.isoformat()} if received_at else {})


def scan(ticket: str, moment: datetime, session_key: str = MORNING, **changes: Any) -> dict[str, Any]:
    return {
        "scan": str(uuid4()),
        "seq": 1,
        "session": session_key,
        "ticket": ticket,
        "kind": "in",
        "at": moment.isoformat(),
        "method": "qr",
    } | changes


def merge(event: Event, lines: Sequence[dict[str, Any] | str]) -> syncing.Outcome:
    raw = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    return syncing.merge(event.id, batches.read([line.encode() for line in raw]))


def statuses(outcome: syncing.Outcome) -> list[str]:
    return [receipt.status for receipt in outcome.receipts]


def told(event: Event) -> list[dict[str, Any]]:
    return [one.as_json() for one in outcomes.summary(event)]


def test_a_wrong_device_clock_is_corrected(event: Event, people: People) -> None:
    wrong = timedelta(hours=23, minutes=7)
    line = scan(people["Đức"].ticket, at(7, 56) + wrong)
    outcome = merge(event, [header(at(18) + wrong, at(18)), line])
    assert outcome.count() == {"stored": 1, "known": 0, "refused": 0}
    [stored] = outcomes.marks(event.id)
    assert (stored.at, stored.uuid, stored.method) == (at(7, 56), line["scan"], "qr")


def test_a_file_without_received_at_corrects_nothing(event: Event, people: People) -> None:
    merge(event, [header(at(18)), scan(people["Đức"].ticket, at(7, 56))])
    [stored] = outcomes.marks(event.id)
    assert stored.at == at(7, 56)


def test_of_two_corrections_the_smaller_counts(event: Event, people: People) -> None:
    line = scan(people["Đức"].ticket, at(7, 56))
    slow, quick = header(at(9), at(21)), header(at(12), at(12, 1))
    for order in ([slow, quick], [quick, slow]):
        session().execute(delete(Scan))
        assert [statuses(merge(event, [one, line])) for one in order] == [["stored"], ["known"]]
        [stored] = outcomes.marks(event.id)
        assert stored.at == at(7, 57)
    session().execute(delete(Scan))
    assert statuses(merge(event, [slow, line, quick, line])) == ["stored", "known"]
    [stored] = outcomes.marks(event.id)
    assert stored.at == at(7, 57)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ticket": "AAAA-AAAA"}, "not-listed"),
        ({"session": "2024-08-09-sang"}, "unknown-session"),
        ({"kind": "through"}, "bad-kind"),
        ({"method": "leader"}, "bad-method"),
        ({"at": "31/02/2024"}, "bad-at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "bad-at"),
        ({"scan": 17}, "bad-scan"),
        ({"ticket": None}, "bad-ticket"),
        ({"session": "\x00" * 9}, "bad-session"),
    ],
)
def test_a_scan_that_cannot_be_placed_is_refused_alone(
    event: Event, people: People, change: dict[str, Any], code: str
) -> None:
    good = scan(people["Đức"].ticket, at(8))
    outcome = merge(event, [header(at(9), at(9)), good, scan(people["Chứ"].ticket, at(8)) | change])
    assert statuses(outcome) == ["stored", "refused"]
    refusal = outcome.as_json()["scans"][1]
    assert (refusal["code"], refusal["where"]) == (code, "line 3")


def test_lines_cut_short_and_lines_without_a_header(event: Event, people: People) -> None:
    good = scan(people["Đức"].ticket, at(8))
    cut = json.dumps(scan(people["Chứ"].ticket, at(8)))[:40]
    outcome = merge(event, [good, header(at(9), at(9)), good, "", cut, "[1]", '{"batch": "x"}', good])
    answers = [(one.status, one.refusal.code if one.refusal else None) for one in outcome.receipts]
    assert answers == [
        ("refused", "no-batch"),
        ("stored", None),
        ("refused", "unreadable"),
        ("refused", "unreadable"),
        ("refused", "bad-batch"),
        ("refused", "no-batch"),
    ]


def test_one_id_over_two_contents_keeps_the_first(event: Event, people: People) -> None:
    line = scan(people["Đức"].ticket, at(8))
    opened = header(at(9), at(9))
    outcome = merge(event, [opened, line, line | {"ticket": people["Chứ"].ticket}, line | {"at": at(7).isoformat()}])
    assert [one.refusal.code if one.refusal else one.status for one in outcome.receipts] == [
        "stored",
        "conflict",
        "conflict",
    ]
    assert statuses(merge(event, [opened, line | {"ticket": people["Chứ"].ticket}])) == ["refused"]
    assert [entry.delegate_id for entry in outcomes.marks(event.id)] == [people["Đức"].id]


def test_the_scan_of_someone_who_withdrew_is_kept_and_counts_when_they_come_back(
    event: Event, people: People, world: World
) -> None:
    registration.withdraw(people["Quỳ"], world.organizer, "Đi công tác")
    assert statuses(merge(event, [header(at(9), at(9)), scan(people["Quỳ"].ticket, at(8))])) == ["stored"]
    assert outcomes.summary(event)[0].present == 0
    registration.put_back(people["Quỳ"], world.organizer)
    assert outcomes.summary(event)[0].present == 1


def test_a_scan_taken_back_stays_so_when_it_comes_again(
    event: Event, morning: HalfDay, people: People, world: World
) -> None:
    lines = [header(at(9), at(9)), scan(people["Đức"].ticket, at(8))]
    merge(event, lines)
    service.mark_absent(morning, people["Đức"], world.organizer, "Quét nhầm thẻ")
    assert statuses(merge(event, lines)) == ["known"]
    assert outcomes.summary(event)[0].present == 0


def test_a_thousand_lines_cost_few_statements(
    event: Event, people: People, count_statements: Callable[..., Any]
) -> None:
    tickets = [person.ticket for person in people.values()]
    lines = [scan(tickets[n % 5], at(8) + timedelta(seconds=n)) for n in range(1500)]
    with count_statements() as statements:
        outcome = merge(event, [header(at(9), at(9)), *lines])
    assert outcome.count()["stored"] == 1500
    assert len(statements) <= 11
    with count_statements() as statements:
        summary = outcomes.summary(event)
    assert len(statements) <= 4
    assert [(one.present, one.absent) for one in summary] == [(5, 0), (0, 5)]


_seen = st.tuples(
    st.uuids(version=4),
    st.sampled_from(NAMES),
    st.sampled_from([MORNING, AFTERNOON]),
    st.sampled_from(["in", "out"]),
    st.integers(0, 240),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_gives_the_same_summary(
    app: Flask, event: Event, people: People, data: st.DataObject
) -> None:
    """Three devices with clocks wrong by up to a day send overlapping batches, late and in any order."""
    clocks = data.draw(st.lists(st.integers(-86400, 86400).map(lambda s: timedelta(seconds=s)), min_size=3, max_size=3))
    seen = data.draw(st.lists(_seen, min_size=1, max_size=20, unique_by=lambda one: one[0]))
    sent = [_batch(people, clocks, seen, device, part) for device in range(3) for part in data.draw(_parts(len(seen)))]
    first = data.draw(st.permutations(sent))
    second = data.draw(st.permutations(sent + sent[: len(sent) // 2]))
    results = []
    for order in (first, second):
        session().execute(delete(Scan))
        for batch in order:
            assert "refused" not in statuses(merge(event, batch))
        results.append(told(event))
    assert results[0] == results[1]


def _parts(length: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    """Batches of one device: from which scan to which, and how many seconds each is under way; all scans are sent."""
    part = st.tuples(st.integers(0, length), st.integers(0, length), st.integers(0, 90000))
    return st.lists(part, max_size=3).map(lambda parts: [*parts, (0, length, 5)])


def _batch(
    people: People, clocks: list[timedelta], seen: list[tuple[UUID, str, str, str, int]], device: int, part: Any
) -> list[dict[str, Any]]:
    start, end, delay = part
    wrong = clocks[device]
    opened = header(at(18) + wrong, at(18) + timedelta(seconds=delay), f"cua-{device}")
    return [opened] + [
        scan(
            people[name].ticket,
            at(7, 30) + timedelta(minutes=minute) + wrong,
            key,
            scan=str(uuid),
            kind=kind,
        )
        for number, (uuid, name, key, kind, minute) in enumerate(seen)
        if number % 3 == device and start <= number < end
    ]
