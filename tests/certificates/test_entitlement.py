"""Entitlement is a pure function of the rule and the records, and more done never costs it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.entitlement import Need, Record, Rule, Score, judge

ids = st.integers(1, 8)
scores = st.builds(Score, points=st.floats(0, 10), maximum=st.just(10.0), passed=st.booleans())
rules = st.builds(
    Rule,
    attendance_percent=st.integers(0, 100),
    half_days=st.frozensets(ids),
    courses=st.frozensets(ids, max_size=3),
    test=st.none() | ids,
    pass_percent=st.integers(0, 100),
)
records = st.builds(Record, present=st.frozensets(ids), courses=st.frozensets(ids), score=st.none() | scores)

RULE = Rule(attendance_percent=80, half_days=frozenset({1, 2, 3, 4}), courses=frozenset({7}), test=9, pass_percent=50)
FULL = Record(present=frozenset({1, 2, 3, 4}), courses=frozenset({7}), score=Score(5, 10, passed=True))


def test_each_line_says_needed_and_have() -> None:
    judged = judge(RULE, replace(FULL, present=frozenset({1, 2, 3}), score=Score(4.5, 10, passed=False)))
    assert not judged.entitled
    assert [(line.kind, line.needed, line.have, line.met) for line in judged.lines] == [
        (Need.ATTENDANCE, 4, 3, False),
        (Need.COURSE, 1, 1, True),
        (Need.TEST, 5, 4.5, False),
    ]
    assert [line.kind for line in judged.unmet] == [Need.ATTENDANCE, Need.TEST]


def test_a_full_record_is_entitled() -> None:
    assert judge(RULE, FULL).entitled


def test_a_half_day_of_another_event_counts_for_nothing() -> None:
    assert judge(RULE, replace(FULL, present=frozenset({1, 2, 3, 99}))).lines[0].have == 3


def test_an_event_without_half_days_cannot_show_attendance() -> None:
    assert not judge(replace(RULE, half_days=frozenset()), FULL).entitled
    assert judge(replace(RULE, half_days=frozenset(), attendance_percent=0), FULL).entitled


def test_no_attempt_is_not_a_failed_one() -> None:
    (line,) = judge(RULE, replace(FULL, score=None)).unmet
    assert line.have is None


@given(rules, records)
def test_the_same_inputs_give_the_same_judgement(rule: Rule, record: Record) -> None:
    again = judge(
        Rule(
            rule.attendance_percent,
            frozenset(sorted(rule.half_days, reverse=True)),
            rule.courses,
            rule.test,
            rule.pass_percent,
        ),
        Record(frozenset(sorted(record.present, reverse=True)), frozenset(sorted(record.courses)), record.score),
    )
    assert judge(rule, record) == again
    assert again.entitled == all(line.met for line in again.lines)


@given(rules, records, st.frozensets(ids), st.frozensets(ids))
def test_more_done_never_loses_an_entitlement(
    rule: Rule, record: Record, half_days: frozenset[int], courses: frozenset[int]
) -> None:
    more = Record(record.present | half_days, record.courses | courses, record.score or Score(10, 10, passed=True))
    before, after = judge(rule, record), judge(rule, more)
    assert after.entitled or not before.entitled
    for old, new in zip(before.lines, after.lines, strict=True):
        assert new.met or not old.met


@given(rules, records)
def test_needing_more_never_entitles_more(rule: Rule, record: Record) -> None:
    stricter = replace(rule, attendance_percent=min(100, rule.attendance_percent + 10), courses=rule.courses | {8})
    assert judge(rule, record).entitled or not judge(stricter, record).entitled
