"""`lms people search`, `duplicates` and `forget`."""

from typing import Any

import click

from lms.core import clock
from lms.core.cli import Answer, command
from lms.core.db import session
from lms.people import duplicates, finding, private, queries
from lms.people.likeness import REASONS

MOST = 100


def register(main: click.Group) -> None:
    """Add the group `people`."""
    group = click.Group("people", help="Persons and their posts.")
    main.add_command(group)
    command(group, "search")(search)
    command(group, "duplicates", writes=True)(list_duplicates)
    command(group, "forget", writes=True)(forget)


@click.argument("text")
def search(text: str) -> Answer:
    """Find people by name or unit, accents forgiven; at most 100."""
    people = list(session().scalars(queries.searched(text).limit(MOST)))
    today = clock.today()
    rows = [
        {
            "id": person.id,
            "full_name": person.full_name,
            "unit": person.posts[0].unit.name if person.posts else None,
            "posts": [
                {"name": post.name, "unit": post.unit.name, "held_today": post.held_on(today)} for post in person.posts
            ],
        }
        for person in people
    ]
    return Answer({"people": rows}, "\n".join(f"{row['id']}\t{row['full_name']}\t{row['unit'] or ''}" for row in rows))


@click.option("--find", is_flag=True, help="Look through everyone first.")
def list_duplicates(find: bool) -> Answer:
    """List pairs of people who may be one and whom nobody has judged; at most 100."""
    found = finding.find_all() if find else None
    pairs: list[dict[str, Any]] = [
        {
            "first": {"id": one.first_id, "full_name": one.first.full_name},
            "second": {"id": one.second_id, "full_name": one.second.full_name},
            "reason": one.reason,
        }
        for one in session().scalars(duplicates.listed().limit(MOST))
    ]
    data = {"open": duplicates.count_open(), "pairs": pairs} | ({"new": found[1]} if found else {})
    lines = [
        f"{one['first']['id']} {one['first']['full_name']}\t{one['second']['id']} {one['second']['full_name']}\t"
        f"{REASONS.get(one['reason'], one['reason'])}"
        for one in pairs
    ]
    return Answer(data, "\n".join(lines))


@click.option("--dry-run", is_flag=True, help="Only say how many.")
def forget(dry_run: bool) -> Answer:
    """Delete private details (birth, identity number, ethnic group) that are past the day they were kept until."""
    number = private.expired() if dry_run else private.forget_expired(None)
    return Answer({"people": number, "deleted": not dry_run}, str(number))
