"""The task list of an event's management page: each feature hands in its own tasks through `sources`."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from lms.accounts.models import Account
from lms.events.models import Event


@dataclass(frozen=True)
class Task:
    """One task: where it stands in the list, its words, its page (None: not open yet), a hint and its state.

    `state`: "done", "progress", "todo", "waiting" (for another task or a day), "optional", or "closed"
    once the event is cancelled.
    """

    position: int
    label: str
    url: str | None
    hint: str
    state: str


sources: list[Callable[[Event, Account], list[Task]]] = []
"""Functions from an event and whoever looks at it to the tasks a feature has for them."""


def of(event: Event, account: Account) -> list[Task]:
    """Every feature's tasks, in order; those of a cancelled event wait for nothing any more."""
    found = sorted((task for source in sources for task in source(event, account)), key=lambda task: task.position)
    return [replace(task, state="closed", hint="") for task in found] if event.cancelled_at else found
