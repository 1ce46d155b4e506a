"""What other hours of a half-day would change of what a feature has recorded: where that is looked at beforehand."""

from collections.abc import Callable
from datetime import time

from lms.events.models import HalfDay

sources: list[Callable[[HalfDay, time, time], str | None]] = []
"""Functions from a half-day and its new times to the page that shows what they would change; None: nothing changes."""


def address(half_day: HalfDay, starts_at: time, ends_at: time) -> str | None:
    """The page on which these times must be looked at before they are set; None where nobody minds."""
    found = (source(half_day, starts_at, ends_at) for source in sources)
    return next((one for one in found if one is not None), None)
