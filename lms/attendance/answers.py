"""What the door answers to one scan: a verdict, the person it is about, and the scan that counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.attendance.models import Scan
from lms.registration.models import Delegate


class Verdict(StrEnum):
    """The five answers."""

    WELCOME = "welcome"
    ALREADY = "already"
    OTHER_SESSION = "other-session"
    NOT_LISTED = "not-listed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Answer:
    """The answer to one scan. `delegate` is None when nobody on the list was meant.

    `scan` is the one just written, or the earlier one that still counts; `at` is when the person came in.
    """

    verdict: Verdict
    delegate: Delegate | None = None
    scan: Scan | None = None

    @property
    def at(self) -> datetime | None:
        """When the person came in (UTC), as far as anything says so."""
        return self.scan.at if self.scan is not None else None


NOT_LISTED = Answer(Verdict.NOT_LISTED)
"""A code or a name that stands for nobody on this event's list."""
