"""The table of questions in a quiz's analysis: the figures of each, and the orders they may stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.analysing import Answers, Asked
from lms.quizzes.analysis.classical import ItemFigures
from lms.quizzes.analysis.findings import Finding, findings
from lms.quizzes.analysis.rasch import RaschItem
from lms.quizzes.analysis.report import Report
from lms.quizzes.analysis.two_parameter import TwoParameterItem


class Order(StrEnum):
    """How the questions are sorted."""

    NUMBER = "number"
    FINDINGS = "findings"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    DIFFICULTY = "difficulty"
    SECONDS = "seconds"


@dataclass(frozen=True)
class ItemRow:
    """A question with its figures; `rasch` and `two` are None where those models were refused."""

    asked: Asked
    figures: ItemFigures
    rasch: RaschItem | None
    two: TwoParameterItem | None
    findings: list[Finding]


def item_rows(answers: Answers, report: Report, order: Order = Order.NUMBER) -> list[ItemRow]:
    """Every question in this order; none where even the classical figures were refused."""
    if report.classical.figures is None:
        return []
    nothing = (None,) * len(answers.questions)
    rasch = report.rasch.figures.items if report.rasch.figures else nothing
    two = report.two_parameter.figures.items if report.two_parameter.figures else nothing
    rows = [
        ItemRow(asked, figures, measured, sloped, findings(figures, measured))
        for asked, figures, measured, sloped in zip(
            answers.questions, report.classical.figures.items, rasch, two, strict=True
        )
    ]
    return sorted(rows, key=_KEYS[order])


def _first(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0


def _gravest(row: ItemRow) -> tuple[int, int]:
    places = list(Finding)
    return min((places.index(one) for one in row.findings), default=len(places)), -len(row.findings)


def _difficulty(row: ItemRow) -> float | None:
    return None if row.rasch is None or row.rasch.difficulty is None else -row.rasch.difficulty


def _slowness(row: ItemRow) -> float | None:
    return None if row.figures.seconds is None else -row.figures.seconds


_KEYS: dict[Order, Callable[[ItemRow], tuple[float, float]]] = {
    Order.NUMBER: lambda row: (0, 0),
    Order.FINDINGS: _gravest,
    Order.FACILITY: lambda row: _first(row.figures.facility),
    Order.DISCRIMINATION: lambda row: _first(row.figures.discrimination),
    Order.DIFFICULTY: lambda row: _first(_difficulty(row)),
    Order.SECONDS: lambda row: _first(_slowness(row)),
}
