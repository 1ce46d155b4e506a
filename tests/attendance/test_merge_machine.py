"""Doors whose clocks are wrong, whose batches come twice, late, cut and mixed, to a server that dies: nothing is lost.

After each batch the summary is that of `naive.py`. At the end all that was acknowledged comes once more, in another
order, to an event that knows none of it, and the summary is the same.
"""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, update

from lms.attendance import batches, outcomes, service, syncing
from lms.attendance.models import Annulment, Excuse, Scan, ScanMethod
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event
from lms.registration import service as registration
from lms.registration.models import Delegate, SecondTicket
from lms.registration.service import Candidate
from lms.registration.tickets import ALPHABET
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.attendance.naive import Naive, Someone
from tests.world import World

KEYS = (MORNING, AFTERNOON)
NAMES = ("Đặng Văn Đức", "Nguyễn Thị Hường", "Vàng A Chứ", "Trần Thị Quỳ", "Phạm S")
UNLISTED = ("Lý Thị Mới", "Sùng A Mới", "Trần Thị Quỳ")
"""Names of people who walk in; the last is on the list, and a device did not know it."""
METHODS = ("qr", "kiosk", "manual")
WRONG = st.integers(-86_400, 86_400).map(lambda seconds: timedelta(seconds=seconds))
MINUTE = st.integers(-2, 43).map(lambda quarter: quarter * 15)
"""After seven o'clock: in quarters, so that scans meet each other and the edges of half-days and grace."""
SEEN = st.tuples(
    st.integers(0, 2),
    st.integers(0, 9),
    st.sampled_from(KEYS),
    st.sampled_from(["in", "in", "out"]),
    st.sampled_from(METHODS),
    MINUTE,
    st.integers(0, 0xFFFF),
)
"""Which device saw whom, at which half-day, coming or going, how, when; and how the uuid begins."""
GRACE = st.none() | st.sampled_from([0, 15, 60])
SELDOM = st.sampled_from([False, False, True])
LATER = st.sampled_from([0, 1, 40, 600, 4 * 1440]).map(lambda minutes: timedelta(minutes=minutes))
UNDER_WAY = st.sampled_from([0, 2, 90, 5_000]).map(lambda seconds: timedelta(seconds=seconds))


class Machine(RuleBasedStateMachine):
    """What devices, people and the network do to one event; `prepare` gives it, with its list."""

    prepare: Callable[[], tuple[Event, dict[str, Delegate], World]]

    @initialize(
        clocks=st.lists(WRONG, min_size=3, max_size=3),
        grace=st.tuples(GRACE, GRACE),
        counts=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        evidence=st.sets(st.sampled_from(METHODS)),
    )
    def open(self, clocks: list[timedelta], grace: Any, counts: Any, evidence: set[str]) -> None:
        self.savepoint = session().begin_nested()
        self.event, people, self.world = self.prepare()
        self.delegates = {one.full_name: one for one in people.values()}
        self.half_days = {one.key: one for one in self.event.sessions}
        (self.event.late_minutes, self.event.early_minutes) = grace
        (self.event.late_counts, self.event.early_counts, self.event.excused_counts) = counts
        self.event.evidence = " ".join(sorted(evidence))
        self.clocks = clocks
        self.logs: list[list[dict[str, Any]]] = [[], [], []]
        self.drawn = 0
        self.naive = Naive(
            {MORNING: (at(7, 30), at(11, 30)), AFTERNOON: (at(13, 30), at(17))},
            *grace,
            *counts,
            evidence=frozenset(evidence or ScanMethod),
            people=[
                Someone(one.full_name, one.unit.short_name, {one.ticket}, first_ticket=one.ticket)
                for one in people.values()
            ],
        )

    @rule(seen=st.lists(SEEN, min_size=1, max_size=8))
    def scan(self, seen: list[tuple[int, int, str, str, str, int, int]]) -> None:
        for device, who, key, kind, method, minute, first in seen:
            tickets = [one.first_ticket for one in self.naive.people if not one.walked_in]
            tickets += [line["ticket"] for line in chain(*self.logs) if "walk_in" in line]
            self._write(device, tickets[who % len(tickets)], key, kind, method, minute, first)

    @rule(
        device=st.integers(0, 2),
        name=st.sampled_from(UNLISTED),
        key=st.sampled_from(KEYS),
        letter=st.sampled_from(ALPHABET),
        minute=MINUTE,
        first=st.integers(0, 0xFFFF),
    )
    def walk_in(self, device: int, name: str, key: str, letter: str, minute: int, first: int) -> None:
        number = "".join(ALPHABET[int(digit)] for digit in f"{self.drawn:07}")
        ticket = f"{letter}{number[:3]}-{number[3:]}"
        told = {"full_name": name, "unit": self.world.units["binh-sa"].id, "post": ""}
        self._write(device, ticket, key, "in", "qr", minute, first, walk_in=told)

    @rule(device=st.integers(0, 2), foreign=st.booleans(), of=st.integers(0, 99), first=st.integers(0, 0xFFFF))
    def undo(self, device: int, foreign: bool, of: int, first: int) -> None:
        """Of one of the device's own scans; of another device's it must do nothing."""
        lines = chain(*self.logs) if foreign else self.logs[device]
        scans = [line for line in lines if "scan" in line]
        if scans:
            line = scans[-1 - of % len(scans)]
            self.logs[device].append({"annulment": self._uuid(first), "of": line["scan"], "at": line["at"]})

    @precondition(lambda self: any(self.logs))
    @rule(data=st.data(), later=LATER, by_file=st.booleans(), cut=SELDOM, dies=SELDOM)
    def send(self, data: st.DataObject, later: timedelta, by_file: bool, cut: bool, dies: bool) -> None:
        """Parts of what the devices wrote, in any order and repeated, on one way; perhaps the server dies over it."""
        self._send(data, later, by_file, cut, dies)

    @precondition(lambda self: any(self.logs))
    @rule(data=st.data(), later=LATER)
    def send_over_the_network(self, data: st.DataObject, later: timedelta) -> None:
        """The same without a fault: so it is mostly."""
        self._send(data, later, by_file=False, cut=False, dies=False)

    def _send(self, data: st.DataObject, later: timedelta, by_file: bool, cut: bool, dies: bool) -> None:
        received_at = at(19) + later
        body: list[tuple[str, dict[str, Any] | None, int, timedelta]] = []
        for device in data.draw(
            st.lists(st.sampled_from([n for n in range(3) if self.logs[n]]), min_size=1, max_size=4)
        ):
            some = st.lists(st.sampled_from(self.logs[device]), min_size=1, max_size=12)
            lines = data.draw(st.just(self.logs[device]) | some)
            sent_at = received_at - data.draw(UNDER_WAY) + self.clocks[device]
            heading = {"batch": self._uuid(0), "device": f"cua-{device}", "sent_at": sent_at.isoformat()}
            if by_file:
                heading["received_at"] = received_at.isoformat()
            body.append((json.dumps(heading), None, device, received_at - sent_at))
            body += [(json.dumps(line, ensure_ascii=False), line, device, received_at - sent_at) for line in lines]
        headings = [number for number, (_text, line, *_rest) in enumerate(body) if line is None]
        at_line = data.draw(st.sampled_from(headings) | st.integers(0, len(body) - 1)) if cut else -1
        if cut:
            text, *rest = body[at_line]
            body[at_line] = (text[: data.draw(st.integers(8, len(text) - 1))], *rest)
        raw = [text.encode() for text, *_rest in body]
        read = batches.read(raw, None if by_file else received_at)
        if dies:
            killed = session().begin_nested()
            syncing.merge(self.event.id, read)
            killed.rollback()
            return
        outcome = syncing.merge(self.event.id, read)
        assert [(one.scan, one.status) for one in outcome.receipts] == self._expected(body, at_line)
        self.check()

    @rule(name=st.sampled_from(NAMES), back=st.booleans())
    def withdraw(self, name: str, back: bool) -> None:
        someone, delegate = self._listed(name)
        if back and (someone.replaced_by is None or not someone.replaced_by.on_list):
            registration.put_back(delegate, self.world.organizer)
            someone.on_list = True
        elif not back:
            registration.withdraw(delegate, self.world.organizer, "Đi công tác")
            someone.on_list = False

    @rule(name=st.sampled_from(NAMES))
    def substitute(self, name: str) -> None:
        someone, delegate = self._listed(name)
        if not someone.on_list or someone.replaced_by is not None:
            return
        instead = Candidate(f"{name} Thay", delegate.unit)
        named = registration.substitute(delegate, instead, self.world.organizer, "Ốm")
        self.delegates[named.full_name] = named
        someone.on_list = False
        someone.replaced_by = Someone(
            named.full_name, named.unit.short_name, {named.ticket}, replaces=someone, first_ticket=named.ticket
        )
        self.naive.people.append(someone.replaced_by)

    @rule(name=st.sampled_from(NAMES), key=st.sampled_from(KEYS), minute=st.integers(0, 120))
    def correct(self, name: str, key: str, minute: int) -> None:
        """By hand: whoever is absent was there, whoever was there is absent."""
        someone, delegate = self._listed(name)
        standing = [one["uuid"] for one in self.naive.marks(someone, key) if one["kind"] == "in"]
        by = self.world.organizer
        if standing:
            service.mark_absent(self.half_days[key], delegate, by, "Nhầm thẻ")
            self.naive.taken_back |= set(standing)
        elif someone.on_list:
            came_at = self.naive.half_days[key][0] + timedelta(minutes=minute)
            made = service.mark_present(self.half_days[key], delegate, by, "Quên quét", at=came_at)
            mark = {"uuid": made.uuid, "name": name, "session": key, "kind": "in", "at": came_at, "method": "manual"}
            self.naive.entered.append(mark)

    @rule(name=st.sampled_from(NAMES), key=st.sampled_from(KEYS))
    def excuse(self, name: str, key: str) -> None:
        _someone, delegate = self._listed(name)
        approved = {"reason": "Ốm", "approved_by_id": self.world.organizer.id}
        session().add(Excuse(half_day_id=self.half_days[key].id, delegate_id=delegate.id, **approved))
        self.naive.excuses.add((name, key))

    @invariant()
    def every_acknowledged_scan_is_there_once(self) -> None:
        if not hasattr(self, "naive"):
            return
        stored = sorted(session().scalars(select(Scan.uuid).where(Scan.device.is_not(None))))
        assert stored == sorted({pair.line["scan"] for pair in self.naive.pairs if "scan" in pair.line})

    def teardown(self) -> None:
        if not hasattr(self, "naive"):
            return
        try:
            self.check()
            before = self._told()
            self._forget()
            self._send_again(random.Random(len(self.naive.pairs)))
            assert self._told() == before
        finally:
            self.savepoint.rollback()
            session().expire_all()

    def check(self) -> None:
        """The summary is that of the naive rule."""
        told = self._told()
        wanted = self.naive.summary()
        for key, people in told.items():
            found = {name: {part: one[part] for part in (*wanted[key].get(name, ()),)} for name, one in people.items()}
            assert found == wanted[key]

    def _told(self) -> dict[str, dict[str, dict[str, Any]]]:
        session().flush()
        return {
            one["key"]: {someone["full_name"]: someone for someone in one["people"]}
            for one in (each.as_json() for each in outcomes.summary(self.event))
        }

    def _write(
        self, device: int, ticket: str, key: str, kind: str, method: str, minute: int, first: int, **more: Any
    ) -> None:
        moment = at(7) + timedelta(minutes=minute) + self.clocks[device]
        line = {"scan": self._uuid(first), "seq": self.drawn, "session": key, "ticket": ticket, "kind": kind}
        self.logs[device].append(line | {"at": moment.isoformat(), "method": method} | more)

    def _uuid(self, first: int) -> str:
        """One never drawn before; how it begins decides between scans of one moment."""
        self.drawn += 1
        return str(UUID(int=first << 112 | self.drawn))

    def _expected(self, body: list[Any], at_line: int) -> list[tuple[str | None, str]]:
        """What each line is answered with; a header that was cut takes the lines after it along."""
        answers: list[tuple[str | None, str]] = []
        lost = True
        for number, (_text, line, device, correction) in enumerate(body):
            if number == at_line:
                answers.append((None, "refused"))
                lost = lost or line is None
            elif line is None:
                lost = False
            else:
                uuid = line.get("scan") or line["annulment"]
                status = "refused" if lost else self.naive.receive(line, f"cua-{device}", correction)
                answers.append((uuid, status))
        return answers

    def _listed(self, name: str) -> tuple[Someone, Delegate]:
        delegate = self.delegates[name]
        session().refresh(delegate)
        return next(one for one in self.naive.people if one.name == name), delegate

    def _forget(self) -> None:
        """The event as if no device had ever come: what people entered, and the list they wrote, stay."""
        walked_in = select(Delegate.id).where(Delegate.walked_in_at.is_not(None))
        session().execute(delete(Annulment))
        session().execute(delete(Scan).where(Scan.device.is_not(None)))
        session().execute(delete(SecondTicket).where(SecondTicket.delegate_id.in_(walked_in)))
        session().execute(delete(Delegate).where(Delegate.walked_in_at.is_not(None)))
        session().expire_all()

    def _send_again(self, chance: random.Random) -> None:
        """Every pair of line and batch, each in a batch of its own, shuffled and some twice, until all are known.

        The first time a ticket may come before the line of who walked in under it, and is refused until then.
        """
        sent = []
        for pair in self.naive.pairs * 2:
            opened = {"batch": self._uuid(0), "device": pair.device, "sent_at": at(20).isoformat()}
            opened["received_at"] = (at(20) + pair.correction).isoformat()
            sent.append([json.dumps(opened).encode(), json.dumps(pair.line).encode()])
        chance.shuffle(sent)
        for _again in range(3):
            answered = syncing.merge(self.event.id, batches.read(chain(*sent))).receipts
        assert {one.status for one in answered} <= {"known"}
        by_hand = update(Scan).where(Scan.uuid.in_(self.naive.taken_back), Scan.voided_at.is_(None))
        session().execute(by_hand.values(voided_at=clock.now(), void_reason="Nhầm thẻ"))


def test_nothing_is_lost_and_nothing_doubled(
    app: Flask, event: Event, people: dict[str, Delegate], world: World, request: Any
) -> None:
    on_sqlite = request.config.getoption("--database") == "sqlite"
    Machine.prepare = staticmethod(lambda: (event, people, world))
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=50 if on_sqlite else 12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
