"""The same event issued by several hands at once: everyone gets one certificate, the book stays whole."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import select

from lms.certificates import queries, service
from lms.certificates.models import Certificate
from lms.certificates.programme import set_programme
from lms.core import files
from lms.core.db import session, transaction
from lms.events.models import Event, EventKind, Half, HalfDay
from lms.paperwork import queries as paperwork
from lms.people.models import Person
from lms.registration import tickets
from lms.registration.models import Delegate
from lms.units import queries as units

KEYS = ("lop-mot", "lop-hai")
PEOPLE, HANDS = 12, 3
ISSUED_AT = datetime(2024, 8, 9, 3, tzinfo=UTC)


@pytest.fixture
def agency_app(own_app: Flask) -> Flask:
    """The application over a database of its own, with two events of one agency that ask for nothing."""
    with own_app.app_context():
        with transaction():
            for key in KEYS:
                _write_event(key)
        session().close()
    return own_app


def _write_event(key: str) -> None:
    unit, day = units.get("lam-khe"), date(2024, 8, 7)
    event = Event(
        key=key, unit=unit, kind=EventKind.CLASS, title=key, title_en=key, place="Lam Khê", starts_on=day, ends_on=day,
        attendance_percent=0, published_at=ISSUED_AT,
    )  # fmt: skip
    event.sessions.append(HalfDay(on=day, half=Half.MORNING, starts_at=time(8), ends_at=time(11)))
    session().add(event)
    for number in range(PEOPLE):
        person = Person()
        person.rename(f"Người {key} {number}")
        session().add(person)
        session().flush()
        session().add(
            Delegate(
                event=event, person=person, unit=unit, full_name=person.full_name, ticket=tickets.draw(),
                sort_key=person.sort_key, search=person.search,
            )
        )  # fmt: skip
    session().flush()
    set_programme(event, agency=unit, symbol="GCN", place="Lam Khê", signer_name="Người Ký", signer_post="CHỦ TỊCH")


def test_two_events_issued_by_three_hands_each(agency_app: Flask) -> None:
    together = threading.Barrier(HANDS * len(KEYS))

    def issue(key: str) -> int:
        with agency_app.app_context():
            together.wait()
            with transaction():
                event = session().scalars(select(Event).where(Event.key == key)).one()
                issued = len(service.issue_all(event, at=ISSUED_AT).certificates)
            session().close()
            return issued

    with ThreadPoolExecutor(HANDS * len(KEYS)) as pool:
        counts = list(pool.map(issue, itertools.chain.from_iterable([key] * HANDS for key in KEYS)))
    assert sum(counts) == PEOPLE * len(KEYS)
    with agency_app.app_context():
        certificates = session().scalars(select(Certificate)).all()
        assert sorted(one.number for one in certificates) == list(range(1, PEOPLE * len(KEYS) + 1))
        assert (
            len({one.person_id for one in certificates}) == len({one.code for one in certificates}) == len(certificates)
        )
        assert all(files.path_of(one.file).exists() for one in certificates)
        (book,) = queries.visible_books(None)
        assert paperwork.prove([book], Certificate.book_id, Certificate.number)[book.id].whole
        session().close()
