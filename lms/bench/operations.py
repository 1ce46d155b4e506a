"""The operations measured, each as a row of calls."""

import json
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice, product
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from lms.attendance import outcomes
from lms.bench.measuring import WARM_UP, Call
from lms.bench.world import CLAIMING, COURSE, SIZES, Bench
from lms.certificates.drawing import CertificateFace, draw
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event
from lms.quizzes.attempt_models import AttemptItem
from lms.quizzes.models import QuestionKind, QuestionVersion
from lms.registration import bulk, exports, importing, listing
from lms.registration.bulk import Act
from lms.registration.listing import Filters
from lms.units.models import Unit

_IMPORTED = 10_000
_PART = {"HX-Request": "true"}
_SYLLABLES = ("Nguyễn", "Trần", "Đặng", "Hường", "Quốc", "Dũng", "Mẩy", "Thủy", "Ánh", "Khuê", "Lộc", "Phượng")
TIMES = 43
"""How often an operation is called, the warm-up included."""


def bare_page() -> list[Call]:
    """A page of a bare Flask application: the floor of everything else."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>bare</title>")
    client = app.test_client()
    return _repeated(lambda: client.get("/").data)


def operations(world: Bench, size: int) -> Iterator[tuple[str, Iterator[Call] | list[Call]]]:
    """Name and calls of each operation, on the event of `size` delegates."""
    event = f"/events/{world.events[size]}"
    door = f"{event}/sessions/{clock.today().isoformat()}-sang"
    organizer, trainee, visitor, delegate = world.organizer, world.trainee, world.visitor, world.delegates[size]
    yield "sign-in page", _repeated(lambda: visitor.get("/sign-in"))
    yield "my work", _repeated(lambda: delegate.get("/"))
    yield "event page", _repeated(lambda: delegate.get(event))
    yield "event management", _repeated(lambda: organizer.get(f"{event}/management"))
    yield "delegate list (50)", _repeated(lambda: organizer.get(f"{event}/delegates"))
    yield "delegate search", _repeated(lambda: organizer.get(f"{event}/delegates?q=dang+duc"))
    yield "delegate search, typing", _repeated(lambda: organizer.get(f"{event}/delegates?q=dang+duc", **_PART))
    yield "delegate search, nobody", _repeated(lambda: organizer.get(f"{event}/delegates?q=khong+ai", **_PART))
    yield "withdraw all and undo", _withdrawals(world, size)
    yield "check-in page", _repeated(lambda: organizer.get(f"{door}/check-in"))
    yield "scan", _scans(world, size, 1, TIMES)
    yield "batch of 1,000", _scans(world, size, 1_000, WARM_UP + 5)
    yield "presence of all", _repeated(lambda: _presence(world, world.events[size]))[: WARM_UP + 5]
    yield "claim of a seat", _claims(world, event)
    if size == SIZES[0]:
        yield "import 10,000 rows", _imports(world, size)
    yield "course page", _repeated(lambda: trainee.get(f"/courses/{COURSE}"))
    yield "lesson", _repeated(lambda: trainee.get(f"/courses/{COURSE}/lessons/1"))
    yield from _quiz(world)
    yield "certificate PDF", _repeated(lambda: draw(_face()))
    yield "verify page", _repeated(lambda: visitor.get(f"/verify/{world.certificates[size]}"))


def _repeated(call: Call) -> list[Call]:
    return [call] * TIMES


def _imports(world: Bench, size: int) -> list[Call]:
    """A list of 10,000 people checked and written, then taken back so that the next finds nobody known."""
    with world.app.app_context():
        units = session().scalars(select(Unit.name).where(Unit.valid_to.is_(None)).order_by(Unit.id).limit(200)).all()
    people: list[list[str | int]] = [
        [
            number,
            f"{name} {family}",
            units[number % len(units)],
            "Chuyên viên",
            f"09{number:08d}",
            f"p{number}@example.vn",
        ]
        for number, (name, family) in enumerate(islice(cycle(product(_SYLLABLES, repeat=2)), _IMPORTED), start=1)
    ]
    headings = ["STT", "Họ và tên", "Đơn vị", "Chức vụ", "Điện thoại", "Email"]
    content = exports.to_xlsx("Danh sách", headings, people)
    return [partial(_import, world, world.events[size], content)] * (WARM_UP + 1)


def _withdrawals(world: Bench, size: int) -> list[Call]:
    """Everyone on the list withdrawn in one act, and that act undone."""
    return [partial(_withdraw_all, world, world.events[size])] * (WARM_UP + 3)


def _withdraw_all(world: Bench, key: str) -> bytes:
    with world.app.app_context():
        event = session().scalars(select(Event).where(Event.key == key)).one()
        done = bulk.do(event, listing.ids_of(event, Filters()), Act.WITHDRAW, "Đo tốc độ", None)
        undone = bulk.undo(event, done.id, None)
        session().rollback()
    if undone.number != done.number:
        raise RuntimeError(f"{done.number} withdrew, {undone.number} came back")
    return str(done.number).encode()


def _import(world: Bench, key: str, content: bytes) -> bytes:
    with world.app.app_context():
        event = session().scalars(select(Event).where(Event.key == key)).one()
        imported = importing.upload(event, None, content, "danh-sach.xlsx")
        number = importing.write(imported, None, "Đo tốc độ")
        session().rollback()
    return str(number).encode()


def _scans(world: Bench, size: int, lines: int, times: int) -> Iterator[Call]:
    """Batches of so many scans as a door device sends them, each scan of the next person on the list."""
    tickets, day = cycle(world.tickets[size]), clock.today().isoformat()
    path, door = f"/api/v1/events/{world.events[size]}/attendance/batches", world.doors[size]
    for _time in range(times):
        at = clock.now().isoformat()
        rows = [{"batch": str(uuid.uuid4()), "device": door.key, "sent_at": at}] + [
            {
                "scan": str(uuid.uuid4()),
                "seq": number,
                "session": f"{day}-sang",
                "ticket": next(tickets),
                "kind": "in",
                "at": at,
                "method": "qr",
            }
            for number in range(lines)
        ]
        yield partial(door.send, path, "\n".join(map(json.dumps, rows)).encode(), lines)


def _presence(world: Bench, key: str) -> bytes:
    with world.app.app_context():
        event = session().scalars(select(Event).where(Event.key == key)).one()
        return json.dumps([one.as_json() for one in outcomes.summary(event)]).encode()


def _claims(world: Bench, event: str) -> Iterator[Call]:
    for number in range(TIMES):
        person = {
            "full_name": f"Giàng A {'Sử' * (number + 1)}",
            "unit": CLAIMING,
            "email": f"s{number}@example.vn",
        }
        yield partial(_claim, world, f"{event}/registration", person)


def _claim(world: Bench, path: str, person: dict[str, str]) -> bytes:
    return world.visitor.post(path, data=person)[0]


def _quiz(world: Bench) -> Iterator[tuple[str, Iterator[Call] | list[Call]]]:
    sitting = _Sitting(world)
    yield "quiz start", sitting.starts()
    yield "quiz page", _repeated(sitting.page)
    yield "save answer", sitting.saves()
    yield "hand in", sitting.hand_ins()


class _Sitting:
    """One person taking the quiz again and again: never more than one attempt is open, what prepares is not timed."""

    def __init__(self, world: Bench) -> None:
        self._app = world.app
        self._trainee = world.trainee
        self._start = f"/quizzes/{world.quiz_id}/attempts"
        self._attempt = ""

    def starts(self) -> Iterator[Call]:
        for _time in range(TIMES):
            if self._attempt:
                self._hand_in()
            yield self._begin

    def page(self) -> bytes:
        return self._trainee.get(self._attempt)

    def saves(self) -> Iterator[Call]:
        position, option = self._choice_question()
        for number in range(TIMES):
            content = json.dumps({"answer": {"chosen": [option]}, "seq": number + 1})
            yield partial(self._save, f"{self._attempt}/answers/{position}", content)

    def _choice_question(self) -> tuple[int, str]:
        """Place and first option of a single-choice question of the open attempt."""
        with self._app.app_context():
            item = (
                session()
                .scalars(
                    select(AttemptItem)
                    .join(QuestionVersion)
                    .where(AttemptItem.attempt_id == int(self._attempt.rpartition("/")[2]))
                    .where(QuestionVersion.kind == QuestionKind.SINGLE)
                    .order_by(AttemptItem.position)
                )
                .first()
            )
            if item is None:
                raise RuntimeError("the quiz has no single-choice question")
            return item.position, item.option_order[0]

    def hand_ins(self) -> Iterator[Call]:
        for _time in range(TIMES):
            if not self._attempt:
                self._begin()
            yield self._hand_in

    def _begin(self) -> bytes:
        body, location = self._trainee.post(self._start)
        self._attempt = urlsplit(location).path
        return body

    def _save(self, path: str, content: str) -> bytes:
        return self._trainee.post(path, method="PUT", expect=200, data=content, content_type="application/json")[0]

    def _hand_in(self) -> bytes:
        body, _location = self._trainee.post(f"{self._attempt}/submission")
        self._attempt = ""
        return body


def _face() -> CertificateFace:
    return CertificateFace(
        kind="GIẤY CHỨNG NHẬN",
        kind_en="Certificate of Completion",
        superior="CƠ QUAN CHỦ QUẢN MẪU",
        agency="TRUNG TÂM BỒI DƯỠNG MẪU",
        certifier="Trung tâm Bồi dưỡng Mẫu chứng nhận đồng chí",
        name="Nguyễn Thị Hường",
        post_unit="Phó Trưởng phòng, Sở Văn hóa, Thể thao và Du lịch",
        done="đã hoàn thành",
        event="Hội nghị tập huấn công tác thông tin đối ngoại",
        event_en="the Training Conference on External Information",
        when="ngày 07 tháng 8 năm 2024, tại Lam Khê, thời lượng 4 giờ",
        when_en="7 August 2024, Lam Khê, 4 hours",
        place_date="Lam Khê, ngày 09 tháng 8 năm 2024",
        signer_post="GIÁM ĐỐC",
        signer="Người Ký Mẫu",
        register_number="12/2024/GCN-MAU",
        code="7K4M9QXW",
        url="http://localhost/verify/12-2024-GCN-MAU-7K4M9QXW",
        specimen=True,
    )
