"""What the figures of an item ask its author to look at; limits as usual in the field (Ebel and Frisbie, Essentials of
Educational Measurement, 1991, ch. 13; Linacre's 1.3 for mean squares of a classroom paper)."""

from enum import StrEnum

from lms.quizzes.analysis.classical import LEAST_PERSONS, ItemFigures
from lms.quizzes.analysis.options import OptionTable
from lms.quizzes.analysis.rasch import RaschItem

WEAK = 0.1
EASY = 0.95
HARD = 0.2
LOOSE = 1.3
RARE_Z = 2.0
SHARE_CHOSEN = 0.05
LEAST_CHOSEN = 20


class Finding(StrEnum):
    """Something to look at, the gravest first."""

    AGAINST = "against"
    NOBODY = "nobody"
    HARD = "hard"
    LOOSE = "loose"
    WEAK = "weak"
    EVERYBODY = "everybody"
    EASY = "easy"


class OptionFinding(StrEnum):
    """Something to look at in one option."""

    BEATS_KEY = "beats-key"
    IDLE = "idle"


def findings(item: ItemFigures, rasch: RaschItem | None = None) -> list[Finding]:
    """What to look at in an item; nothing for one that fewer than ten persons were asked."""
    if item.n < LEAST_PERSONS:
        return []
    fit = rasch.fit if rasch is not None else None
    discrimination = item.discrimination
    found = {
        Finding.AGAINST: discrimination is not None and discrimination < 0,
        Finding.NOBODY: item.facility == 0,
        Finding.HARD: 0 < item.facility < HARD,
        Finding.LOOSE: fit is not None and _loose(fit.infit, fit.infit_z) | _loose(fit.outfit, fit.outfit_z),
        Finding.WEAK: discrimination is not None and 0 <= discrimination < WEAK and HARD <= item.facility <= EASY,
        Finding.EVERYBODY: item.facility == 1,
        Finding.EASY: EASY < item.facility < 1,
    }
    return [finding for finding, holds in found.items() if holds]


def option_findings(table: OptionTable, right: set[str]) -> dict[str, list[OptionFinding]]:
    """What to look at in the wrong options: one that the upper third chose more often than any right one, one that
    hardly anybody chose."""
    best = max((row.thirds[-1] for row in table.rows if row.key in right), default=0)
    found = {}
    for row in table.rows:
        if row.key in right:
            continue
        mine = [OptionFinding.BEATS_KEY] if row.thirds[-1] > best else []
        if table.n >= LEAST_CHOSEN and row.n < SHARE_CHOSEN * table.n:
            mine.append(OptionFinding.IDLE)
        if mine:
            found[row.key] = mine
    return found


def _loose(mean_square: float, z: float | None) -> bool:
    return mean_square > LOOSE and z is not None and z > RARE_Z
