"""Everyone at once at very many points, with every fault of devices and networks: none lost, none doubled, any order.

A tenth of the size that `make bench` measures (lms/bench/peak.py).
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from lms.attendance import batches, outcomes, syncing
from lms.attendance.models import Scan
from lms.bench.peak import KEY, fill, home
from lms.core.db import session
from lms.events.models import Event
from tests.world import World


@pytest.fixture
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """People and points."""
    return (7_500, 328) if request.config.getoption("--database") == "sqlite" else (2_000, 90)


def test_a_tenth_of_the_peak(
    app: Flask, world: World, size: tuple[int, int], count_statements: Callable[..., Any]
) -> None:
    people, points = size
    tickets = fill(world.units["lam-khe"], people, points)
    event = session().scalars(select(Event).where(Event.key == KEY)).one()
    sent = home(tickets, points, random.Random(75_000))
    summaries = []
    for order in (sent, random.Random(1).sample(sent + sent[:100], len(sent) + 100)):
        session().execute(delete(Scan))
        with count_statements() as statements:
            outcome = syncing.merge(event.id, batches.read(chain.from_iterable(order)))
        assert len(statements) <= 10 + 6 * (len(outcome.receipts) // syncing.CHUNK + 1)
        codes = Counter(one.refusal.code if one.refusal else one.status for one in outcome.receipts)
        assert codes["stored"] == people
        assert set(codes) == {"stored", "known", "unreadable"}
        with count_statements() as statements:
            told = [one.as_json() for one in outcomes.summary(event)]
        assert len(statements) <= 4
        summaries.append(sha256(json.dumps(told).encode()).hexdigest())
    assert summaries[0] == summaries[1]
    assert session().scalar(select(func.count()).select_from(Scan)) == people
    assert [(one["present"], one["absent"]) for one in told] == [(people, 0), (0, people)]
    came = {one["ticket"]: one["at"] for one in told[0]["people"]}
    assert set(came) == set(tickets)
    assert {moment[:13] for moment in came.values()} <= {"2025-08-07T00", "2025-08-07T01"}, "a clock was not corrected"
