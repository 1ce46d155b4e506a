"""`lms units list` and `lms units trace`."""

from datetime import date, datetime
from typing import Any

import click

from lms.core import clock
from lms.core.cli import Answer, command
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.units import queries
from lms.units.models import Unit, UnitKind

_DAY = click.DateTime(["%Y-%m-%d"])


def register(main: click.Group) -> None:
    """Add the group `units`."""
    group = click.Group("units", help="The dated register of units.")
    main.add_command(group)
    command(group, "list")(list_units)
    command(group, "trace")(trace)


@click.option("--kind", type=click.Choice([str(kind) for kind in UnitKind]))
@click.option("--as-of", type=_DAY, help="The day; today when left out.")
def list_units(kind: str | None, as_of: datetime | None) -> Answer:
    """List the units that existed on a day; those invented for a demonstration are left out."""
    day = as_of.date() if as_of else clock.today()
    listed = queries.listed(kind=UnitKind(kind) if kind else None, as_of=day).where(Unit.specimen.is_(False))
    units = list(session().scalars(listed))
    return Answer(
        {"units": [as_json(unit) for unit in units]}, "\n".join(f"{unit.code}\t{unit.name}" for unit in units)
    )


@click.argument("name")
@click.option("--from", "since", type=_DAY, required=True, help="A day on which the unit existed.")
@click.option("--to", "until", type=_DAY, required=True, help="The day to trace it to.")
def trace(name: str, since: datetime, until: datetime) -> Answer:
    """Say what a unit became, or came from."""
    units = queries.named_on(name, since.date())
    if not units:
        raise RuleBroken(
            "Ngày %(day)s không có đơn vị nào tên “%(name)s”.", code="unknown-unit", day=since.date(), name=name
        )
    found: dict[int, Unit] = {one.id: one for unit in units for one in queries.trace(unit, until.date())}
    data = {"from": [as_json(unit) for unit in units], "units": [as_json(one) for one in found.values()]}
    return Answer(data, "\n".join(one.name for one in found.values()))


def as_json(unit: Unit) -> dict[str, Any]:
    """A unit as the commands print it."""
    return {
        "key": unit.key,
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": str(unit.kind),
        "valid_from": _iso(unit.valid_from),
        "valid_to": _iso(unit.valid_to),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
