"""The same event issued by several hands at once: everyone gets one certificate, the book stays whole."""

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms import create_app
from lms.certificates import queries, service
from lms.certificates.models import Certificate
from lms.certificates.programme import set_programme
from lms.config import Settings
from lms.core import files, migrations
from lms.core.db import db, session, transaction
from lms.events.models import Event, EventKind, Half, HalfDay
from lms.paperwork import queries as paperwork
from lms.people.models import Person
from lms.registration import tickets
from lms.registration.models import Delegate
from lms.units import queries as units
from tests.world import build_world

KEYS = ("lop-mot", "lop-hai")
PEOPLE, HANDS = 12, 3
ISSUED_AT = datetime(2024, 8, 9, 3, tzinfo=UTC)


@pytest.fixture
def own_app(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application over a database of its own, with two events of one agency that ask for nothing."""
    if request.config.getoption("--database") == "sqlite":
        yield from _application(f"sqlite:///{tmp_path / 'lms.sqlite3'}", tmp_path)
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415 - starts a server only where it is asked for

    with fresh_database(tmp_path_factory) as url:
        yield from _application(url, tmp_path)


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(
        Settings(data_dir=folder, database_url=url, secret_key="x", base_url="http://lms.test", embedded_worker=False)
    )
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
            for key in KEYS:
                _write_event(key)
        session().close()
    yield app
    with app.app_context():
        db.engine.dispose()


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


def test_two_events_issued_by_three_hands_each(own_app: Flask) -> None:
    together = threading.Barrier(HANDS * len(KEYS))

    def issue(key: str) -> int:
        with own_app.app_context():
            together.wait()
            with transaction():
                event = session().scalars(select(Event).where(Event.key == key)).one()
                issued = len(service.issue_all(event, at=ISSUED_AT).certificates)
            session().close()
            return issued

    with ThreadPoolExecutor(HANDS * len(KEYS)) as pool:
        counts = list(pool.map(issue, itertools.chain.from_iterable([key] * HANDS for key in KEYS)))
    assert sum(counts) == PEOPLE * len(KEYS)
    with own_app.app_context():
        certificates = session().scalars(select(Certificate)).all()
        assert sorted(one.number for one in certificates) == list(range(1, PEOPLE * len(KEYS) + 1))
        assert (
            len({one.person_id for one in certificates}) == len({one.code for one in certificates}) == len(certificates)
        )
        assert all(files.path_of(one.file).exists() for one in certificates)
        (book,) = queries.visible_books(None)
        assert paperwork.prove([book], Certificate.book_id, Certificate.number)[book.id].whole
        session().close()
