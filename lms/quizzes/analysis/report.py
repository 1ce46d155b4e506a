"""All that can be said of a matrix of answers, and the same as plain JSON: what `lms quizzes analyse` writes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Generic, TypeVar

from lms.core.errors import RuleBroken
from lms.quizzes.analysis.classical import Classical, classical
from lms.quizzes.analysis.matrix import Responses
from lms.quizzes.analysis.rasch import Rasch, rasch
from lms.quizzes.analysis.two_parameter import TwoParameter, two_parameter

DECIMALS = 6

Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Part(Generic[Figures]):
    """A part of the analysis: its figures, or why there are none."""

    figures: Figures | None
    refusal: RuleBroken | None


@dataclass(frozen=True)
class Report:
    """The whole analysis of `persons` × `items` answers."""

    persons: int
    items: int
    classical: Part[Classical]
    rasch: Part[Rasch]
    two_parameter: Part[TwoParameter]

    def stored(self) -> dict[str, Any]:
        """As JSON: numbers to six decimals; a part refused is `{"refused": {code, message}}`."""
        return {
            "persons": self.persons,
            "items": self.items,
            "classical": _part(self.classical),
            "rasch": _part(self.rasch),
            "two_parameter": _part(self.two_parameter),
        }


def analyse(responses: Responses) -> Report:
    """Everything that the numbers allow."""
    return Report(
        persons=len(responses.persons),
        items=len(responses.items),
        classical=_tried(classical, responses),
        rasch=_tried(rasch, responses),
        two_parameter=_tried(two_parameter, responses),
    )


def _tried(part: Callable[[Responses], Figures], responses: Responses) -> Part[Figures]:
    try:
        return Part(part(responses), None)
    except RuleBroken as refusal:
        return Part(None, refusal)


def _part(part: Part[Any]) -> dict[str, Any]:
    if part.figures is not None:
        found: dict[str, Any] = _rounded(asdict(part.figures))
        return found
    return {"refused": {"code": part.refusal.code, "message": str(part.refusal)}} if part.refusal else {}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS) if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
