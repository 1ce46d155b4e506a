"""A thousand people claim the last ten seats at one moment, through the running server with several workers."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from lms import create_app
from lms.config import Settings
from lms.core import clock, migrations
from lms.core.db import db, session, transaction
from lms.core.mail import OutboxMail
from lms.events.models import Event, EventKind, SelfRegistration
from lms.registration.models import Application, Delegate
from tests.servers import Deployment, free_port
from tests.world import World, build_world

CLAIMS, SEATS, WORKERS = 1000, 10, 2
AT_ONCE = 400
"""Connections open at one moment: as many as the server's queue takes without turning anyone away."""
LINK = re.compile(r"/registrations/[\w.-]+")
PLACE = re.compile(r"Chờ chỗ, thứ (\d+)")


@pytest.fixture
def server(own_database: str, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment with one event of ten seats that anyone may register for."""
    made = Deployment(tmp_path / "data", free_port(), {"LMS_DATABASE_URL": own_database, "LMS_EMBEDDED_WORKER": "0"})
    app = create_app(Settings.from_environment(made.environment))
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            build_world()
            day = clock.today() + timedelta(days=30)
            session().add(
                Event(
                    key="dong-nguoi", unit=World.load().units["lam-khe"], kind=EventKind.CONFERENCE, title="Đông người",
                    place="Lam Khê", starts_on=day, ends_on=day, published_at=clock.now(), seats=SEATS,
                    self_registration=SelfRegistration.OPEN,
                )
            )  # fmt: skip
        db.session.close()
        db.engine.dispose()
    made.start(workers=WORKERS)
    yield made
    made.kill()


def test_exactly_ten_are_seated_and_nobody_is_lost(server: Deployment) -> None:
    cookie, token = _form(server)
    with ThreadPoolExecutor(1) as crowd:  # a thread of its own: a browser's event loop may run in this one
        answers = crowd.submit(asyncio.run, _all_at_once(server, cookie, token)).result()
    assert Counter(status for status, _place in answers) == {303: CLAIMS}
    assert {place for _status, place in answers} == {"/events/dong-nguoi/registration/received"}

    app = create_app(Settings.from_environment(server.environment))
    with app.app_context():
        counted = session().execute(select(Application.state, func.count()).group_by(Application.state))
        assert dict(map(tuple, counted)) == {"seated": SEATS, "waiting": CLAIMS - SEATS}
        event = session().scalars(select(Event)).one()
        assert event.seats_taken == SEATS
        assert session().scalar(select(func.count()).select_from(Delegate)) == SEATS
        first = session().scalars(select(Application.state).order_by(Application.id).limit(SEATS + 1)).all()
        assert first == ["seated"] * SEATS + ["waiting"]
        links = [LINK.search(body) for body in session().scalars(select(OutboxMail.body).order_by(OutboxMail.id))]
        places = [link[0] for link in links if link]
        assert len(set(places)) == CLAIMS
        db.session.close()
        db.engine.dispose()

    told = [urlopen(f"{server.url}{place}").read().decode() for place in places[:: CLAIMS // 20]]
    waiting = [int(found[1]) for page in told if (found := PLACE.search(page))]
    assert len(set(waiting)) == len(waiting)
    assert all("Đồng chí đã có chỗ" in page or PLACE.search(page) for page in told)


def _form(server: Deployment) -> tuple[str, str]:
    """The session and the token of the registration page."""
    with urlopen(f"{server.url}/events/dong-nguoi/registration") as answer:
        page = answer.read().decode()
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["lms_session"].value
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return cookie, found[1]


async def _all_at_once(server: Deployment, cookie: str, token: str) -> list[tuple[int, str]]:
    gate = asyncio.Semaphore(AT_ONCE)
    return list(await asyncio.gather(*(_claim(server.port, cookie, token, number, gate) for number in range(CLAIMS))))


async def _claim(port: int, cookie: str, token: str, number: int, gate: asyncio.Semaphore) -> tuple[int, str]:
    """One POST on a connection of its own; the status and where it leads."""
    person = {"full_name": f"Vàng A {_letters(number)}", "unit": "Tỉnh Bình Sa", "email": f"p{number}@example.vn"}
    body = urlencode({**person, "csrf_token": token})
    head = (
        "POST /events/dong-nguoi/registration HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nCookie: lms_session={cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((head + body).encode())
        answer = (await asyncio.wait_for(reader.read(), 120)).decode()
        writer.close()
    status = int(answer.split(" ", 2)[1])
    place = re.search(r"\r\n[Ll]ocation: (\S+)", answer)
    return status, place[1] if place else answer[-300:]


def _letters(number: int) -> str:
    """A name of its own for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}").capitalize()
