"""The bench's own deployment: a migrated SQLite database, the real courses, and events of any number of delegates."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select

from lms import create_app
from lms.accounts import service as accounts
from lms.accounts.models import Account
from lms.attendance import devices
from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.certificates.programme import set_programme
from lms.config import Settings
from lms.core import clock, migrations
from lms.core.db import db, session, transaction
from lms.core.permissions import Role
from lms.core.text import fold, name_sort_key
from lms.corpus import loading as corpus_loading
from lms.courses import loading as courses_loading
from lms.courses.models import Course
from lms.events.models import Event, EventKind, Half, HalfDay, Quota, SelfRegistration
from lms.learning import service as learning
from lms.people import service as people
from lms.people.models import Person
from lms.places import courses_folder
from lms.quizzes.models import Quiz
from lms.registration import seating
from lms.registration.models import Delegate, DelegateRole
from lms.units import loading as units_loading
from lms.units import queries as units
from lms.units.models import UnitKind

SIZES = (300, 2_000, 5_000, 20_000)
"""How many delegates an event has; in each step also so many people in the database."""
COURSE = "nguoi-phat-ngon"
TRAINEE = "trainee@example.vn"
CLAIMING = "Tỉnh Lào Cai"
"""The unit whose quota has seats left."""
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vàng", "Lò", "Đặng", "Bùi", "H'")
_MIDDLES = ("Văn", "Thị", "A", "Minh", "Thu", "Quốc", "Ngọc")
_GIVEN = ("Đức", "Hường", "Chứ", "Mẩy", "Ánh", "An", "Bình", "Khánh", "Sơn", "Yến", "Hùng", "Hưng")


@dataclass
class Bench:
    """The deployment, its browsers, and the events by size."""

    app: Flask
    engine: Engine
    organizer: "Browser"
    trainee: "Browser"
    visitor: "Browser"
    quiz_id: int
    events: dict[int, str] = field(default_factory=dict)
    tickets: dict[int, list[str]] = field(default_factory=dict)
    certificates: dict[int, str] = field(default_factory=dict)
    delegates: dict[int, "Browser"] = field(default_factory=dict)
    doors: dict[int, "Door"] = field(default_factory=dict)


class Browser:
    """A signed-in browser that calls the application in this process."""

    def __init__(self, app: Flask, identity: str | None) -> None:
        self._client: FlaskClient = app.test_client()
        if identity is not None:
            with self._client.session_transaction() as cookie:
                cookie["_user_id"] = identity
                cookie["_fresh"] = True
        page = self._client.get("/account" if identity else "/sign-in").get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        if found is None:
            raise RuntimeError("the page bears no token")
        self._headers = {"X-CSRFToken": found[1], "Referer": "http://localhost/"}

    def get(self, path: str, **headers: str) -> bytes:
        """The body of a page; raises RuntimeError for anything but 200."""
        return self._checked(self._client.get(path, headers=headers), 200)

    def post(self, path: str, *, expect: int = 303, method: str = "POST", **content: Any) -> tuple[bytes, str]:
        """Do an act; the body and where it leads."""
        response = self._client.open(path, method=method, headers=self._headers, **content)
        return self._checked(response, expect), response.location or ""

    @staticmethod
    def _checked(response: Any, expected: int) -> bytes:
        if response.status_code != expected:
            raise RuntimeError(f"{response.request.path}: {response.status_code} instead of {expected}")
        body: bytes = response.data
        return body


class Door:
    """A door device that calls the application in this process."""

    def __init__(self, app: Flask, key: str, token: str) -> None:
        self.key = key
        self._client: FlaskClient = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(self, path: str, body: bytes, scans: int) -> bytes:
        """Send a batch; the answer. Raises RuntimeError unless every scan was stored."""
        response = self._client.post(path, data=body, content_type="application/x-ndjson", headers=self._headers)
        if response.status_code != 200 or response.get_json()["stored"] != scans:
            raise RuntimeError(f"{path}: {response.status_code}, {response.data[:200]!r}")
        answer: bytes = response.data
        return answer


def build(folder: Path) -> Bench:
    """Set up the deployment below `folder`."""
    database = f"sqlite:///{folder / 'bench.sqlite3'}"
    settings = Settings(folder, database, "bench", "http://localhost", embedded_worker=False)
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
        with transaction():
            units_loading.load()
            corpus_loading.load(courses_folder())
            courses_loading.load(courses_folder())
            organizer = _account("organizer@example.vn", "Lò Thị Mẩy")
            trainee = _account(TRAINEE, "Đặng Văn Đức")
            accounts.grant(organizer, Role.ORGANIZER, units.get("cuc-ttdn"), None)
            course = session().scalars(select(Course).where(Course.slug == COURSE)).one()
            learning.enrol(trainee.person_id, course)
            quiz = session().scalars(select(Quiz).where(Quiz.id == course.final_test_id)).one()
            quiz.attempts_allowed = None
        engine, quiz_id = db.engine, quiz.id
        identities = (organizer.get_id(), trainee.get_id(), None)
    first, second, nobody = (Browser(app, identity) for identity in identities)
    return Bench(app, engine, organizer=first, trainee=second, visitor=nobody, quiz_id=quiz_id)


def fill(world: Bench, size: int) -> None:
    """Add an event with `size` delegates, of whom one signs in and has nothing else to do."""
    key = f"bench-{size}"
    day = clock.today()
    with world.app.app_context(), transaction():
        owner = units.get("cuc-ttdn")
        provinces = list(session().scalars(units.listed(kind=UnitKind.PROVINCE, as_of=date(2024, 8, 7))))
        event = Event(
            key=key, unit=owner, kind=EventKind.CONFERENCE, title=f"Hội nghị {size} đại biểu", place="Hà Nội",
            starts_on=day, ends_on=day, published_at=clock.now(), search=fold(f"hoi nghi {size}"),
            self_registration=SelfRegistration.OPEN, reply_by=day,
        )  # fmt: skip
        event.sessions += [
            HalfDay(on=day, half=Half.MORNING, starts_at=time(8), ends_at=time(11, 30)),
            HalfDay(on=day, half=Half.AFTERNOON, starts_at=time(14), ends_at=time(17)),
        ]
        event.quotas += [Quota(unit=unit, seats=-(-size // len(provinces))) for unit in provinces]
        next(one for one in event.quotas if one.unit.name == CLAIMING).seats += 100
        session().add(event)
        session().flush()
        names = [made_up_name(number) for number in range(size - 1)]
        session().execute(insert(Person), [person_row(name) for name in names])
        ids = list(session().scalars(select(Person.id).order_by(Person.id.desc()).limit(size - 1)))
        account = _account(f"delegate-{size}@example.vn", "Đặng Văn Đức")
        chosen = [*zip(ids, names, strict=True), (account.person_id, "Đặng Văn Đức")]
        tickets = [f"B{size:05d}-{number:05d}" for number in range(size)]
        session().execute(
            insert(Delegate),
            [
                {
                    "event_id": event.id,
                    "person_id": person_id,
                    "unit_id": provinces[number % len(provinces)].id,
                    "role": DelegateRole.DELEGATE,
                    "full_name": name,
                    "post": "Chuyên viên",
                    "ticket": tickets[number],
                    "sort_key": name_sort_key(name),
                    "unit_sort_key": provinces[number % len(provinces)].sort_key,
                    "search": fold(f"{name} {provinces[number % len(provinces)].name}"),
                    "registered_at": clock.now() - timedelta(days=3),
                }
                for number, (person_id, name) in enumerate(chosen)
            ],
        )
        seating.recount(event)
        number = _certificate(event, account).public_number
        identity = account.get_id()
        opened = devices.open_device(event, account, str(uuid4()), "Cửa chính")
        world.doors[size] = Door(world.app, opened.device.key, opened.token)
    world.delegates[size] = Browser(world.app, identity)
    world.events[size], world.tickets[size], world.certificates[size] = key, tickets, number


def _certificate(event: Event, holder: Account) -> Certificate:
    agency = event.unit
    programme = set_programme(
        event, agency=agency, agency_name="TRUNG TÂM BỒI DƯỠNG MẪU", symbol="GCN-MAU", place="Hà Nội",
        signer_name="Người Ký Mẫu", signer_post="GIÁM ĐỐC", title_en="the Training Conference", specimen=True,
    )  # fmt: skip
    matter = issuing.event_matter(event, programme)
    return issuing.make(
        programme, issuing.person_holder(holder.person, None, "Chuyên viên", matter), by_id=None, at=clock.now()
    )


def _account(email: str, name: str) -> Account:
    return accounts.create_account(people.create(name, email=email), email)


def person_row(name: str) -> dict[str, Any]:
    """The columns of a specimen person."""
    return {"full_name": name, "title": "", "specimen": True, "search": fold(name), "sort_key": name_sort_key(name)}


def made_up_name(number: int) -> str:
    """A name for each number; they come again after some hundreds."""
    family, number = _FAMILIES[number % len(_FAMILIES)], number // len(_FAMILIES)
    middle, number = _MIDDLES[number % len(_MIDDLES)], number // len(_MIDDLES)
    return f"{family} {middle} {_GIVEN[number % len(_GIVEN)]}"
