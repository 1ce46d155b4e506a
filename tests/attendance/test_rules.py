"""The rule of half-days: what `judge` makes of marks, what another rule changes, and the pages that set it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from random import Random

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms.accounts.models import Account
from lms.attendance import outcomes, previews, rules
from lms.attendance.changes import Cause, differences
from lms.attendance.models import Excuse, PresenceChange, Scan, ScanKind, ScanMethod, State
from lms.attendance.presence import Mark, Rule, Times, judge
from lms.attendance.rules import Values
from lms.attendance.service import check_in
from lms.core.audit import AuditEntry
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.events.models import Event, HalfDay
from lms.registration.models import Delegate
from tests.attendance.conftest import at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
People = dict[str, Delegate]
RULE = "/events/lam-khe-2024/attendance/rule"
TIMES = Times(1, "2024-08-07-sang", at(7, 30), at(11, 30))
ALL = frozenset(ScanMethod)
AS_IT_IS = Values(None, None, True, True, False, ALL)
SENT = {"late_counts": "1", "early_counts": "1", "evidence": [str(one) for one in ScanMethod]}

minutes = st.one_of(st.none(), st.integers(0, 240))
graces = minutes.map(lambda number: timedelta(minutes=number) if number is not None else None)
some_evidence = st.frozensets(st.sampled_from(list(ScanMethod)), min_size=1)
some_rules = st.builds(
    Rule,
    late=graces,
    early=graces,
    late_counts=st.booleans(),
    early_counts=st.booleans(),
    excused_counts=st.booleans(),
    evidence=st.frozensets(st.sampled_from(list(ScanMethod))),
)
some_marks = st.lists(
    st.builds(
        lambda minute, number, kind, method: Mark(
            1, 1, at(6) + timedelta(minutes=minute), f"{number:04}", kind, method
        ),
        st.integers(0, 400),
        st.integers(0, 9999),
        st.sampled_from(list(ScanKind)),
        st.sampled_from(list(ScanMethod)),
    ),
    max_size=8,
    unique_by=lambda mark: mark.uuid,
)
some_values = st.builds(
    Values,
    late_minutes=minutes,
    early_minutes=minutes,
    late_counts=st.booleans(),
    early_counts=st.booleans(),
    excused_counts=st.booleans(),
    evidence=some_evidence,
)


def mark(hour: int, minute: int, kind: ScanKind = ScanKind.IN, method: ScanMethod = ScanMethod.QR) -> Mark:
    return Mark(1, 1, at(hour, minute), f"{hour}{minute}{kind}", kind, method)


@pytest.mark.parametrize(("came", "state"), [((7, 44), State.PRESENT), ((7, 45), State.PRESENT), ((7, 46), State.LATE)])
def test_the_edge_of_grace_at_the_beginning(came: tuple[int, int], state: State) -> None:
    rule = Rule(late=timedelta(minutes=15), late_counts=False)
    outcome = judge(rule, TIMES, [mark(*came)])
    assert (outcome.state, outcome.counts) == (state, state == State.PRESENT)
    assert judge(Rule(), TIMES, [mark(*came)]).state == State.PRESENT


@pytest.mark.parametrize(("left", "early"), [((11, 14), True), ((11, 15), False), ((11, 30), False)])
def test_the_edge_of_grace_at_the_end(left: tuple[int, int], early: bool) -> None:
    rule = Rule(early=timedelta(minutes=15), early_counts=False)
    outcome = judge(rule, TIMES, [mark(7, 30), mark(*left, ScanKind.OUT)])
    assert (outcome.left_early, outcome.counts) == (early, not early)


@given(some_rules, some_marks, st.randoms(), st.booleans())
def test_marks_have_no_order(rule: Rule, marks: list[Mark], chance: Random, excused: bool) -> None:
    shuffled = list(marks)
    chance.shuffle(shuffled)
    assert judge(rule, TIMES, marks, excused=excused) == judge(rule, TIMES, shuffled, excused=excused)


@given(some_rules, some_marks)
def test_an_excuse_never_lowers(rule: Rule, marks: list[Mark]) -> None:
    before, after = judge(rule, TIMES, marks), judge(rule, TIMES, marks, excused=True)
    assert after.counts >= before.counts
    assert after.came == before.came


@given(some_rules, some_marks, some_evidence)
def test_more_evidence_never_loses_a_half_day(rule: Rule, marks: list[Mark], more: frozenset[ScanMethod]) -> None:
    wider = Rule(rule.late, rule.early, rule.late_counts, rule.early_counts, rule.excused_counts, rule.evidence | more)
    assert judge(wider, TIMES, marks).counts >= judge(rule, TIMES, marks).counts


@given(some_rules, some_marks, st.integers(0, 60))
def test_more_grace_never_loses_a_half_day(rule: Rule, marks: list[Mark], more: int) -> None:
    def wider(grace: timedelta | None) -> timedelta | None:
        return grace + timedelta(minutes=more) if grace is not None else None

    counts = (rule.late_counts, rule.early_counts, rule.excused_counts)
    longer = Rule(wider(rule.late), wider(rule.early), *counts, rule.evidence)
    assert judge(longer, TIMES, marks).counts >= judge(rule, TIMES, marks).counts


@given(some_rules, some_marks)
def test_only_coming_in_makes_one_present(rule: Rule, marks: list[Mark]) -> None:
    outcome = judge(rule, TIMES, marks)
    assert outcome.came == any(one.kind == ScanKind.IN for one in marks)
    if outcome.counts:
        assert outcome.entry is not None
        assert outcome.entry.method in rule.evidence


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4), st.integers(0, 1), st.integers(-60, 260), st.sampled_from(list(ScanKind)),
            st.sampled_from(list(ScanMethod)),
        ),
        max_size=12,
    ),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 1))),
    some_values,
    some_values,
)  # fmt: skip
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_changing_the_rule_records_exactly_what_differs(
    event: Event, people: People, world: World, scans: list[tuple], excused: set, first: Values, second: Values
) -> None:
    for table in (PresenceChange, Scan, Excuse):
        session().execute(delete(table))
    half_days, everyone = event.sessions, list(people.values())
    for number, (who, half, minute, kind, method) in enumerate(scans):
        starts = outcomes.times_of(half_days[half]).starts_at
        moment = starts + timedelta(minutes=minute)
        session().add(
            Scan(
                uuid=f"{number:036}", half_day_id=half_days[half].id, delegate_id=everyone[who].id, kind=kind,
                method=method, at=moment, stored_at=moment,
            )
        )  # fmt: skip
    for who, half in excused:
        leave = {"half_day_id": half_days[half].id, "delegate_id": everyone[who].id}
        session().add(Excuse(**leave, reason="Ốm", approved_by_id=world.organizer.id))
    session().flush()
    rules.change_rule(event, first, world.organizer, "Bắt đầu")
    session().execute(delete(PresenceChange))
    before = outcomes.outcomes(event)
    looked = rules.preview(event, second)
    written = rules.change_rule(event, second, world.organizer, "Theo công văn")
    expected = {
        (*one.place, one.before.state, one.before.counts, one.after.state, one.after.counts)
        for one in differences(before, outcomes.outcomes(event))
    }
    rows = session().scalars(select(PresenceChange)).all()
    kept = [(one.half_day_id, one.delegate_id, one.was, one.counted, one.became, one.counts) for one in rows]
    assert set(kept) == expected
    assert len(kept) == len(expected) == written == looked.half_days
    assert looked.people == len({place[1] for place in expected})
    assert {(one.cause, one.reason, one.account_id) for one in rows} <= {
        (Cause.RULE, "Theo công văn", world.organizer.id)
    }
    assert Values.of(event) == second


def test_a_rule_that_changes_someone_needs_a_reason(
    event: Event, morning: HalfDay, people: People, world: World
) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(8))
    strict = Values(10, None, False, True, False, ALL)
    with pytest.raises(RuleBroken, match="Hãy ghi lý do"):
        rules.change_rule(event, strict, world.organizer, "  ")
    assert rules.change_rule(event, strict, world.organizer, "Công văn 12") == 1
    entry = session().scalars(select(AuditEntry).where(AuditEntry.verb == "attendance.rule")).one()
    assert entry.detail == {
        "changed": {"late_minutes": [None, 10], "late_counts": [True, False]}, "reason": "Công văn 12", "half_days": 1,
    }  # fmt: skip
    assert rules.change_rule(event, strict, world.organizer, "") == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (Values(241, None, True, True, False, ALL), "late_minutes"),
        (Values(None, 241, True, True, False, ALL), "early_minutes"),
        (Values(-1, None, True, True, False, ALL), "late_minutes"),
        (Values(None, None, True, True, False, frozenset()), "evidence"),
        (Values(None, None, True, True, False, frozenset({"telepathy"})), "evidence"),
    ],
)
def test_what_makes_no_rule_is_refused(event: Event, world: World, values: Values, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.change_rule(event, values, world.organizer, "Lý do")
    assert refusal.value.field == field


def test_a_cancelled_event_keeps_its_rule(event: Event, world: World) -> None:
    event.cancelled_at = at(6)
    with pytest.raises(RuleBroken, match="đã hủy"):
        rules.change_rule(event, AS_IT_IS, world.organizer, "Lý do")


def test_many_people_are_judged_in_parts(
    event: Event, morning: HalfDay, people: People, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "CHUNK", 2)
    for one in people.values():
        check_in(morning, one, world.organizer, ScanMethod.QR, at=at(8))
    assert rules.change_rule(event, Values(0, None, False, True, False, ALL), world.organizer, "Thử") == 5
    assert len(session().scalars(select(PresenceChange.id)).all()) == 5


def test_who_may_set_the_rule(client: FlaskClient, client_of: Browser, door_keeper: World, people: People) -> None:
    for address in (RULE, f"{RULE}/preview"):
        for call in ("get", "post"):
            assert getattr(client, call)(address).status_code == 303
            assert getattr(client_of(door_keeper.stranger), call)(address).status_code == 404
            for name in ("trainee", "instructor"):
                assert getattr(client_of(door_keeper.accounts[name]), call)(address).status_code == 403
    assert client_of(door_keeper.organizer).get(RULE).status_code == 200


def test_a_rule_that_changes_nobody_is_looked_at_and_needs_a_reason_too(
    client_of: Browser, world: World, event: Event
) -> None:
    browser, sent = client_of(world.organizer), SENT | {"late_minutes": "15"}
    answer = browser.post(RULE, data=sent)
    assert answer.status_code == 303
    assert "/attendance/rule/preview?" in answer.location
    assert "Không ai đổi kết quả." in browser.get(answer.location).get_data(as_text=True)
    assert session().get_one(Event, event.id).late_minutes is None
    refused = browser.post(f"{RULE}/preview", data=sent)
    assert (refused.status_code, "Hãy ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    assert session().get_one(Event, event.id).late_minutes is None
    answer = browser.post(f"{RULE}/preview", data=sent | {"reason": "Công văn 12"}, follow_redirects=True)
    assert "Đã lưu cách tính. Không ai thay đổi kết quả." in answer.get_data(as_text=True)
    assert session().get_one(Event, event.id).late_minutes == 15
    page = browser.get(RULE).get_data(as_text=True)
    told = page[page.index("Các lần đổi cách tính") :]
    for words in ("Số phút được đến muộn: không xét → 15 phút", "Lý do: Công văn 12", world.organizer.name):
        assert words in told
    same = browser.post(RULE, data=sent)
    assert (same.status_code, "Chưa đổi gì so với cách tính" in same.get_data(as_text=True)) == (422, True)


def test_mending_a_rule_keeps_what_was_entered(client_of: Browser, world: World, event: Event) -> None:
    browser = client_of(world.organizer)
    page = browser.get(browser.post(RULE, data=SENT | {"late_minutes": "17"}).location).get_data(as_text=True)
    back = re.search(r'href="([^"]+)">Sửa lại<', page)
    assert back is not None
    form = browser.get(unescape(back[1])).get_data(as_text=True)
    assert re.search(r'name="late_minutes"[^>]* value="17"', form)
    assert "Không xét đến muộn." in form


@pytest.mark.parametrize("address", [RULE, f"{RULE}/preview"])
def test_a_rule_that_was_changed_meanwhile_is_not_overwritten(
    client_of: Browser, world: World, event: Event, address: str
) -> None:
    browser = client_of(world.organizer)
    seen = re.search(r'name="seen"[^>]* value="([^"]+)"', browser.get(RULE).get_data(as_text=True))
    assert seen is not None
    rules.change_rule(event, Values(20, None, True, True, False, ALL), world.admin, "Trước")
    sent = SENT | {"late_minutes": "15", "reason": "Sau", "seen": seen[1]}
    answer = browser.post(address, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Cách tính đã được đổi trong lúc đó" in page
    assert re.search(r'name="late_minutes"[^>]* value="15"', page)
    assert session().get_one(Event, event.id).late_minutes == 20
    renewed = re.search(r'name="seen"[^>]* value="([^"]+)"', page)
    assert renewed is not None
    assert browser.post(address, data=sent | {"seen": renewed[1]}).status_code == 303


def test_a_rule_is_looked_at_before_it_changes_anyone(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(8))
    browser, sent = client_of(world.organizer), {"early_counts": "1", "late_minutes": "15", "evidence": ["qr", "sheet"]}
    answer = browser.post(RULE, data=sent)
    assert answer.status_code == 303
    assert session().get_one(Event, event.id).late_minutes is None
    page = browser.get(answer.location).get_data(as_text=True)
    assert "Đặng Văn Đức" in page
    assert "có mặt, được tính → đến muộn, không tính" in page
    assert "Vàng A Chứ" not in page
    refused = browser.post(f"{RULE}/preview", data=sent)
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in refused.get_data(as_text=True)
    assert browser.post(f"{RULE}/preview", data=sent | {"reason": "Công văn 12"}).status_code == 303
    assert session().get_one(Event, event.id).evidence == "qr sheet"
    page = browser.get("/events/lam-khe-2024/attendance").get_data(as_text=True)
    assert "08:00, đến muộn, không tính" in page
    assert "Đã lưu cách tính, đổi kết quả 1 lượt buổi." in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"evidence": []}, "Hãy chọn ít nhất một căn cứ"),
        ({"late_minutes": "241"}, "Cần một số từ 0 đến 240"),
        ({"late_minutes": "mười"}, "Cần một số nguyên"),
        ({"reason": "x" * 301}, "Dài quá 300 ký tự"),
    ],
)
def test_a_rule_badly_filled_in(client_of: Browser, world: World, event: Event, change: dict, words: str) -> None:
    for address in (RULE, f"{RULE}/preview"):
        answer = client_of(world.organizer).post(address, data=SENT | change)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)


def test_an_address_that_makes_no_rule_goes_back_to_the_form(client_of: Browser, world: World, event: Event) -> None:
    answer = client_of(world.organizer).get(f"{RULE}/preview?late_minutes=999&evidence=qr")
    assert answer.status_code == 303
    assert answer.location.endswith("/attendance/rule")
