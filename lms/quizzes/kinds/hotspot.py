"""Hotspot: points to be set on an image, right where they lie in a right zone.

Coordinates are pixels of the image, from its upper left corner. As many points may be set as there are right zones.
Marking: right zones hit minus points outside every right zone, over all right zones, never below zero; two points in
one zone hit it once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.core.errors import N_, RuleBroken
from lms.quizzes.kinds.content import EMPTY, Answer, Both, Content, Fields, Shuffle, bad_answer, within_bounds

MOST_ZONES = 20
MOST_CORNERS = 40
Point = tuple[int, int]


class Shape(StrEnum):
    """The forms of a zone, as HTML's image maps name them."""

    RECTANGLE = "rect"
    CIRCLE = "circle"
    POLYGON = "poly"


@dataclass(frozen=True)
class Zone:
    """A zone. `coordinates`: rect x1 y1 x2 y2; circle x y radius; poly x y of three corners or more."""

    shape: Shape
    coordinates: tuple[int, ...]
    label: Both = EMPTY

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the zone, its edge counted in."""
        x, y = point
        if self.shape == Shape.RECTANGLE:
            x1, y1, x2, y2 = self.coordinates
            return min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
        if self.shape == Shape.CIRCLE:
            across, down, radius = self.coordinates
            return (x - across) ** 2 + (y - down) ** 2 <= radius**2
        return _in_polygon(point, self.corners())

    def corners(self) -> list[Point]:
        """The corners of a polygon."""
        return list(zip(self.coordinates[::2], self.coordinates[1::2], strict=True))

    def middle(self) -> Point:
        """A point in it: of a polygon the first found on a grid, so that a bent one is met too."""
        if self.shape == Shape.CIRCLE:
            return self.coordinates[0], self.coordinates[1]
        if self.shape == Shape.RECTANGLE:
            x1, y1, x2, y2 = self.coordinates
            return (x1 + x2) // 2, (y1 + y2) // 2
        corners = self.corners()
        mean = (sum(x for x, _y in corners) // len(corners), sum(y for _x, y in corners) // len(corners))
        return mean if self.holds(mean) else corners[0]

    def is_whole(self, width: int, height: int) -> bool:
        """Whether it has the right number of coordinates, all inside the image, and an area."""
        numbers = self.coordinates
        if self.shape == Shape.CIRCLE:
            return len(numbers) == 3 and numbers[2] > 0 and 0 <= numbers[0] <= width and 0 <= numbers[1] <= height
        if len(numbers) % 2 or any(not 0 <= x <= width for x in numbers[::2]):
            return False
        if any(not 0 <= y <= height for y in numbers[1::2]):
            return False
        if self.shape == Shape.RECTANGLE:
            return len(numbers) == 4 and numbers[0] != numbers[2] and numbers[1] != numbers[3]
        return 3 <= len(set(self.corners())) <= MOST_CORNERS


@dataclass(frozen=True)
class Hotspot(Content):
    """An image (the digest of a stored figure, its size in pixels, its text alternative) and its right zones."""

    kind = "hotspot"
    figure: str
    width: int
    height: int
    alternative: Both
    zones: tuple[Zone, ...]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Hotspot":
        """From stored JSON."""
        zones = tuple(
            Zone(Shape(one["shape"]), tuple(one["coordinates"]), Both.read(one.get("label"))) for one in body["zones"]
        )
        return cls(body["figure"], body["width"], body["height"], Both.read(body.get("alternative")), zones)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "figure": self.figure,
            "width": self.width,
            "height": self.height,
            "alternative": self.alternative.stored(),
            "zones": [
                {"shape": str(zone.shape), "coordinates": list(zone.coordinates), "label": zone.label.stored()}
                for zone in self.zones
            ],
        }

    def faults(self, stem: Both) -> list[RuleBroken]:
        """No image, no text alternative, no zone, a zone that is none."""
        if not self.figure:
            return [RuleBroken(N_("Chưa có hình. Hãy tải lên một hình PNG hoặc JPEG."), field="figure")]
        found = []
        if not self.alternative.vi:
            message = N_("Chưa có lời mô tả hình cho người không nhìn thấy hình.")
            found.append(RuleBroken(message, field="alternative"))
        if not 1 <= len(self.zones) <= MOST_ZONES:
            message = N_("Cần từ 1 đến %(most)s vùng đúng, nay có %(n)s.")
            found.append(RuleBroken(message, field="zones", most=MOST_ZONES, n=len(self.zones)))
        for place, zone in enumerate(self.zones):
            if not zone.is_whole(self.width, self.height):
                message = N_("Vùng %(n)s chưa khép kín hoặc nằm ngoài hình.")
                found.append(RuleBroken(message, field=f"zones-{place}", n=place + 1))
        return found

    def pieces(self) -> Iterator[Both]:
        """The text alternative and the zones' names."""
        yield self.alternative
        yield from (zone.label for zone in self.zones)

    def arranged(self, shuffle: Shuffle | None) -> list[str]:
        """Nothing to arrange."""
        return []

    def checked(self, given: Any) -> Answer | None:
        """`{"points": [[x, y], …]}`, whole pixels inside the image, at most as many as there are zones."""
        if given is None:
            return None
        points = given.get("points") if isinstance(given, dict) else None
        if not isinstance(points, list) or not all(self._is_point(one) for one in points):
            raise bad_answer()
        if len(points) > len(self.zones):
            message = N_("Câu này chỉ đặt %(most)s điểm. Hãy bỏ bớt.")
            raise RuleBroken(message, code="bad-answer", most=len(self.zones))
        return {"points": [list(one) for one in points]} if points else None

    def _is_point(self, one: Any) -> bool:
        if not isinstance(one, list | tuple) or len(one) != 2:
            return False
        x, y = one
        if not all(isinstance(number, int) and not isinstance(number, bool) for number in (x, y)):
            return False
        return 0 <= int(x) <= self.width and 0 <= int(y) <= self.height

    def given(self, fields: Fields) -> Any:
        """The n-th point from `x-N` and `y-N`, both in pixels; an empty pair is left out."""
        points: list[list[Any]] = []
        for number in range(1, len(self.zones) + 1):
            pair = [next(iter(fields.get(f"{name}-{number}", ())), "").strip() for name in ("x", "y")]
            if any(pair):
                points.append([int(one) if one.isdecimal() else one for one in pair])
        return {"points": points} if points else None

    def fraction(self, answer: Answer) -> Fraction:
        """Zones hit minus points outside, over all zones."""
        points = [(one[0], one[1]) for one in answer.get("points", ())]
        hit = sum(any(zone.holds(point) for point in points) for zone in self.zones)
        outside = sum(not any(zone.holds(point) for zone in self.zones) for point in points)
        return within_bounds(Fraction(hit - outside, len(self.zones)))

    def key(self) -> Answer:
        """A point in each zone."""
        return {"points": [list(zone.middle()) for zone in self.zones]}


def _in_polygon(point: Point, corners: list[Point]) -> bool:
    """Even-odd rule; a point on an edge is inside."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if cross == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y):
            inside ^= x < x1 + Fraction((x2 - x1) * (y - y1), y2 - y1)
    return inside
