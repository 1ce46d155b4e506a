"""`lms people search`."""

import click

from lms.core import clock
from lms.core.cli import Answer, command
from lms.core.db import session
from lms.people import queries

MOST = 100


def register(main: click.Group) -> None:
    """Add the group `people`."""
    group = click.Group("people", help="Persons and their posts.")
    main.add_command(group)
    command(group, "search")(search)


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
