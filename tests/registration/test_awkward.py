"""Spreadsheets as they arrive: what comes out of each is what stands in it."""

import pytest

from lms.core.errors import RuleBroken, RulesBroken
from lms.events.models import Event
from lms.registration import importing
from tests.registration.awkward import CASES, Case


def test_there_are_enough_of_them() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_comes_out_is_what_stands_in_it(open_event: Event, case: Case) -> None:
    if case.error is not None:
        with pytest.raises((RuleBroken, RulesBroken)) as refused:
            importing.inspect(open_event, case.content, f"a.{case.kind}")
        error = refused.value
        assert (error.refusals[0] if isinstance(error, RulesBroken) else error).code == case.error
        return
    rows = importing.inspect(open_event, case.content, f"a.{case.kind}").rows
    people = [
        tuple(row.values.get(name, "") for name in ("full_name", "post", "unit", "phone"))
        for row in rows
        if row.state == "new"
    ]
    assert people == list(case.people)
    assert [error["code"] for row in rows for error in row.errors] == list(case.refused)
    assert {repair["encoding"] for row in rows for repair in row.repairs} == case.repaired
    for row in rows:
        for repair in row.repairs:
            assert repair["from"] == row.raw[repair["field"]]
