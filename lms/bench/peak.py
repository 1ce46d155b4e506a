"""The peak: one event at 3,280 points with 75,000 people, whose devices come home late, twice, mixed and cut short."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from functools import partial
from itertools import chain
from uuid import UUID

from sqlalchemy import insert, select

from lms.attendance import batches, outcomes, syncing
from lms.bench.measuring import WARM_UP, Call
from lms.bench.world import Bench, made_up_name, person_row
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.text import fold, name_sort_key
from lms.events.models import Event, EventKind, Half, HalfDay, Point
from lms.people.models import Person
from lms.registration.models import Delegate, DelegateRole
from lms.registration.tickets import ALPHABET
from lms.units import queries as units
from lms.units.models import Unit

PEOPLE, POINTS = 75_000, 3_280
KEY = "bench-peak"
DAY = date(2025, 8, 7)
TIMES = WARM_UP + 1
MOST_LINES = 40
"""How many scans a device sends at once."""


def operations(world: Bench) -> Iterator[tuple[str, list[Call]]]:
    """Everyone's scan brought home at once to an event that has none, then again to one that has them; the summary."""
    with world.app.app_context(), transaction():
        tickets = fill(units.get("cuc-ttdn"), PEOPLE, POINTS)
        event_id = session().scalars(select(Event.id).where(Event.key == KEY)).one()
    lines = list(chain.from_iterable(home(tickets, POINTS, random.Random(1), faults=False)))
    yield f"sync of {PEOPLE:,}", [partial(_sync, world, event_id, lines, keep=False)] * TIMES
    _sync(world, event_id, lines, keep=True)
    yield f"resync of {PEOPLE:,}", [partial(_sync, world, event_id, lines, keep=False)] * TIMES
    yield f"summary of {PEOPLE:,}", [partial(_summary, world, event_id)] * TIMES


def fill(unit: Unit, people: int, points: int) -> list[str]:
    """Write the event of a unit with so many people, spread evenly over its points; their tickets in that order."""
    event = Event(
        key=KEY, unit=unit, kind=EventKind.HYBRID, title="Hội nghị nhiều điểm cầu", place="Hà Nội", starts_on=DAY,
        ends_on=DAY, published_at=clock.now(), search=fold("hoi nghi nhieu diem cau"),
    )  # fmt: skip
    event.sessions = [
        HalfDay(on=DAY, half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30)),
        HalfDay(on=DAY, half=Half.AFTERNOON, starts_at=time(14), ends_at=time(17)),
    ]
    event.points = [Point(position=number, name=f"Điểm cầu {number}") for number in range(1, points + 1)]
    session().add(event)
    session().flush()
    names = [made_up_name(number) for number in range(people)]
    session().execute(insert(Person), [person_row(name) for name in names])
    ids = session().scalars(select(Person.id).order_by(Person.id.desc()).limit(people)).all()
    tickets = [_ticket(number) for number in range(people)]
    rows = [
        {
            "event_id": event.id,
            "person_id": person_id,
            "unit_id": unit.id,
            "point_id": event.points[number % points].id,
            "role": DelegateRole.DELEGATE,
            "full_name": names[number],
            "post": "Chuyên viên",
            "ticket": tickets[number],
            "sort_key": name_sort_key(names[number]),
            "unit_sort_key": unit.sort_key,
            "search": fold(names[number]),
            "registered_at": clock.now(),
        }
        for number, person_id in enumerate(ids)
    ]
    session().execute(insert(Delegate), rows)
    return tickets


def home(tickets: Sequence[str], points: int, chance: random.Random, *, faults: bool = True) -> list[list[bytes]]:
    """What the device of each point sends of the morning, as batches in the order in which they arrive.

    Every clock is wrong by up to a day. `faults`: each scan is sent twice, the second time days late; a batch is under
    way for up to an hour, its lines are mixed, every third is cut in its last line, and all batches are shuffled.
    """
    sent: list[list[bytes]] = []
    for point in range(points):
        wrong = timedelta(seconds=chance.randint(-86_400, 86_400))
        scans = [_scan(ticket, chance, wrong) for ticket in tickets[point::points]]
        sent += _batches(point, scans, timedelta(), wrong, chance if faults else None)
        if faults:
            sent += _batches(point, scans, timedelta(days=chance.randint(1, 9)), wrong, None)
    if faults:
        chance.shuffle(sent)
    return sent


def _batches(
    point: int, scans: list[bytes], later: timedelta, wrong: timedelta, chance: random.Random | None
) -> list[list[bytes]]:
    received_at = clock.at_local(DAY, time(18)) + later
    made = []
    for start in range(0, len(scans), MOST_LINES):
        lines = scans[start : start + MOST_LINES]
        under_way = timedelta(seconds=1)
        if chance is not None:
            chance.shuffle(lines)
            under_way = timedelta(seconds=chance.randint(1, 3_600))
            if chance.randrange(3) == 0:
                lines[-1] = lines[-1][: chance.randrange(10, len(lines[-1]))]
        heading = {
            "batch": str(UUID(int=point << 64 | start << 32 | later.days)),
            "device": f"may-{point}",
            "sent_at": (received_at - under_way + wrong).isoformat(),
            "received_at": received_at.isoformat(),
        }
        made.append([json.dumps(heading).encode(), *lines])
    return made


def _scan(ticket: str, chance: random.Random, wrong: timedelta) -> bytes:
    came_at = clock.at_local(DAY, time(7, 30)) + timedelta(seconds=chance.randint(0, 3_600))
    line = {
        "scan": str(UUID(int=chance.getrandbits(128), version=4)),
        "seq": 1,
        "session": f"{DAY.isoformat()}-sang",
        "ticket": ticket,
        "kind": "in",
        "at": (came_at + wrong).isoformat(),
        "method": "qr",
    }
    return json.dumps(line).encode()


def _sync(world: Bench, event_id: int, lines: list[bytes], *, keep: bool) -> bytes:
    with world.app.app_context(), transaction():
        outcome = syncing.merge(event_id, batches.read(lines))
        answer = json.dumps(outcome.as_json()).encode()
        if not keep:
            session().rollback()
    if outcome.count()["refused"]:
        raise RuntimeError("a scan was refused")
    return answer


def _summary(world: Bench, event_id: int) -> bytes:
    with world.app.app_context():
        sessions = outcomes.summary(session().get_one(Event, event_id))
        return json.dumps([one.as_json() for one in sessions]).encode()


def _ticket(number: int) -> str:
    """A ticket for each number, in the form of a drawn one."""
    letters = ""
    for _place in range(8):
        number, letter = divmod(number, len(ALPHABET))
        letters = ALPHABET[letter] + letters
    return f"{letters[:4]}-{letters[4:]}"
