"""Refusals: what the product says no with, and how a view turns them into an answer.

Messages are catalogue ids in Vietnamese with `%(name)s` placeholders; they are translated where they are shown.
"""

from typing import Any


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


class RuleBroken(Exception):
    """A rule of the field was broken; `message` says what happened, why and what to do.

    `field` names the form field or column it belongs to, `code` is stable for machines, `where` is a place
    such as "Sheet1!C7" or "line 12".
    """

    def __init__(
        self, message: str, *, field: str | None = None, code: str = "rule", where: str | None = None, **params: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.where = where
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class RulesBroken(Exception):
    """Several refusals at once, as a check over a whole file or form gives them."""

    def __init__(self, refusals: list[RuleBroken]) -> None:
        super().__init__(f"{len(refusals)} rules broken")
        self.refusals = refusals


def each(refusal: RuleBroken | RulesBroken) -> list[RuleBroken]:
    """The refusals in one or several at once."""
    return refusal.refusals if isinstance(refusal, RulesBroken) else [refusal]


class NotFound(Exception):
    """No such row, or none that this person may see: both are answered alike, with 404."""


class NotAllowed(Exception):
    """The person sees the row but may not do this to it: answered with 403."""


class SignInLost(Exception):
    """Something was posted by nobody that only somebody signed in may post: it is kept if it may be, else led away."""
