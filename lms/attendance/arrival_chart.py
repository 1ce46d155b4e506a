"""Arrivals over time as points of a picture 320 units wide: how many had come above, how many came below. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.attendance.arrivals import Arrivals

WIDTH, LEFT, RIGHT = 320, 44, 8
TOP, LINE_HEIGHT = 16, 110
BARS_TOP, BARS_HEIGHT = 150, 50
HEIGHT = 224
LEAST_APART, EARLY_APART = 64, 104
"""Units between two hours written below, so that they do not touch; after "trước 06:30"."""


@dataclass(frozen=True)
class Bar:
    """One step's arrivals: the place and size of its bar; `beyond`: it holds more than five minutes."""

    x: float
    y: float
    width: float
    height: float
    beyond: bool = False


@dataclass(frozen=True)
class Hour:
    """A moment written below the picture (UTC), and where; `before`: everything until then."""

    at: datetime
    x: float
    anchor: str
    before: bool = False


@dataclass(frozen=True)
class Chart:
    """What is drawn: a step line of how many had come, a dashed line of those expected, bars, the beginning, hours."""

    line: str
    expected_y: float
    most: int
    bars: Sequence[Bar]
    most_at_once: int
    begins_x: float | None
    hours: Sequence[Hour]


def draw(steps: Sequence[Arrivals], expected: int, begins_at: datetime) -> Chart:
    """The chart of at least one step. Both parts begin at zero; the upper is scaled to whichever is more."""
    inner, most = WIDTH - LEFT - RIGHT, max(expected, steps[-1].in_all, 1)
    most_at_once = max(*(one.number for one in steps), 1)
    each = inner / len(steps)
    path, y = [f"M{LEFT} {TOP + LINE_HEIGHT}"], 0.0
    bars = []
    for place, one in enumerate(steps):
        x = LEFT + place * each
        y = TOP + LINE_HEIGHT * (1 - one.in_all / most)
        path.append(f"H{x:.1f}V{y:.1f}")
        height = BARS_HEIGHT * one.number / most_at_once
        if height:
            bars.append(
                Bar(
                    *(_r(x + each * 0.1), _r(BARS_TOP + BARS_HEIGHT - height), _wide(each), _r(height)),
                    one.early or one.late,
                )
            )
    path.append(f"H{WIDTH - RIGHT}")
    until, early = steps[-1].until, steps[0].early
    whole = (until - steps[0].since).total_seconds()

    def place_of(moment: datetime) -> float:
        return _r(LEFT + inner * (moment - steps[0].since).total_seconds() / whole)

    begins_x = place_of(begins_at) if steps[0].since <= begins_at <= until else None
    hours = [Hour(steps[0].until if early else steps[0].since, LEFT, "start", early)]
    last = Hour(until, WIDTH - RIGHT, "end")
    if (
        begins_x is not None
        and begins_x - LEFT >= (EARLY_APART if early else LEAST_APART)
        and last.x - begins_x >= LEAST_APART
    ):
        hours.append(Hour(begins_at, begins_x, "middle"))
    expected_y = _r(TOP + LINE_HEIGHT * (1 - expected / most))
    return Chart("".join(path), expected_y, most, bars, most_at_once, begins_x, [*hours, last])


def _wide(each: float) -> float:
    return _r(max(each * 0.8, 0.5))


def _r(number: float) -> float:
    return round(number, 1)
