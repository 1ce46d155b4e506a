"""`lms attendance tickets`, `summary` and `sync`."""

from pathlib import Path

import click

from lms.attendance import batches, outcomes, queries, syncing
from lms.core.cli import Answer, command


def register(main: click.Group) -> None:
    """Add the group `attendance`."""
    group = click.Group("attendance", help="Check-in and presence.")
    main.add_command(group)
    command(group, "tickets")(tickets)
    command(group, "summary")(summary)
    command(group, "sync", writes=True)(sync)


@click.argument("event")
def tickets(event: str) -> Answer:
    """What a door device holds: the ticket, name and unit of everyone on the list."""
    rows = [
        {"ticket": one.ticket, "full_name": one.full_name, "unit": one.unit}
        for one in outcomes.tickets(queries.get_event(event))
    ]
    return Answer({"tickets": rows}, "\n".join("\t".join(row.values()) for row in rows))


@click.argument("event")
def summary(event: str) -> Answer:
    """Who was at each half-day."""
    sessions = outcomes.summary(queries.get_event(event))
    lines = [f"{one.key}: có mặt {one.present}, vắng {one.absent}" for one in sessions]
    return Answer({"sessions": [one.as_json() for one in sessions]}, "\n".join(lines))


@click.argument("event")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def sync(event: str, file: Path) -> Answer:
    """Merge offline check-ins from an NDJSON file; the same file again changes nothing."""
    with file.open("rb") as lines:
        outcome = syncing.merge(queries.get_event(event).id, batches.read(lines))
    counted = outcome.count()
    text = f"Đã ghi {counted['stored']}, đã có {counted['known']}, từ chối {counted['refused']}."
    return Answer(outcome.as_json(), text)
