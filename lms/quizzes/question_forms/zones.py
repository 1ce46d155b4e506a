"""Boxes of a hotspot: the image, its words, and the right zones as numbers."""

import re
from typing import Any

from flask_wtf.file import FileField
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import ValidationError

from lms.core.forms import RowForm, length, optional, tidied
from lms.core.i18n import _, lazy
from lms.quizzes import figures
from lms.quizzes.kinds.content import Content
from lms.quizzes.kinds.hotspot import MOST_ZONES, Hotspot, Shape, Zone
from lms.quizzes.models import QuestionFigure, QuestionKind
from lms.quizzes.question_forms.base import QuestionForm, rows_of
from lms.quizzes.question_forms.boxes import ENGLISH, both, line, may_be_empty

SHAPES = [
    (str(Shape.RECTANGLE), lazy("Chữ nhật: trái, trên, phải, dưới")),
    (str(Shape.CIRCLE), lazy("Tròn: tâm ngang, tâm dọc, bán kính")),
    (str(Shape.POLYGON), lazy("Đa giác: ngang, dọc của từng góc")),
]
"""Forms of a zone and what its numbers mean."""
_NUMBERS = re.compile(r"^\s*\d{1,5}(?:[\s,;]+\d{1,5})*\s*$")


class ZoneForm(RowForm):
    """One right zone, in pixels of the image."""

    label = line(lazy("Tên vùng"))
    shape = SelectField(lazy("Hình dạng"), choices=SHAPES, default=str(Shape.RECTANGLE))
    coordinates = StringField(lazy("Các số, tính bằng điểm ảnh"), [may_be_empty, length(600)], filters=[tidied])
    label_en = line(ENGLISH)

    def validate_coordinates(self, field: StringField) -> None:
        """Whole numbers with commas or spaces between them."""
        if not _NUMBERS.match(field.data or ""):
            raise ValidationError(_("Ghi các số nguyên, cách nhau bằng dấu phẩy, ví dụ 120, 40, 260, 180."))


class HotspotForm(QuestionForm):
    """An image and its zones; the image is kept as soon as it is sent."""

    kind = QuestionKind.HOTSPOT
    most = {"zones": MOST_ZONES}  # noqa: RUF012 - declared in the base
    places = {  # noqa: RUF012 - declared in the base
        "figure": ("figure_file", ""),
        "alternative": ("alternative", ""),
        "zones": ("zones", "coordinates"),
    }

    figure = StringField(lazy("Hình"), [optional(), length(64)])
    figure_file = FileField(lazy("Hình PNG hoặc JPEG, nhiều nhất 2 MB"))
    alternative = line(lazy("Lời mô tả hình cho người không nhìn thấy hình"))
    alternative_en = line(lazy("Lời mô tả hình bằng tiếng Anh"))
    zones = FieldList(FormField(ZoneForm), lazy("Các vùng đúng"), max_entries=MOST_ZONES)

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """One zone."""
        return {"zones": [{}]}

    @classmethod
    def filled(cls, content: Hotspot) -> dict[str, Any]:
        """The image and zones as stored."""
        return {
            "figure": content.figure,
            "alternative": content.alternative.vi,
            "alternative_en": content.alternative.en,
            "zones": [
                {
                    "shape": str(zone.shape),
                    "coordinates": ", ".join(str(number) for number in zone.coordinates),
                    "label": zone.label.vi,
                    "label_en": zone.label.en,
                }
                for zone in content.zones
            ]
            or [{}],
        }

    def content(self) -> Content:
        """A hotspot on the image that is kept; without one an empty image."""
        kept = self.kept()
        zones = tuple(
            Zone(
                Shape(row.shape.data or Shape.RECTANGLE),
                tuple(int(number) for number in re.findall(r"\d+", row.coordinates.data or "")),
                both(row.label, row.label_en),
            )
            for row in rows_of(self.zones)
            if row.coordinates.data
        )
        alternative = both(self.alternative, self.alternative_en)
        if kept is None:
            return Hotspot("", 0, 0, alternative, zones)
        return Hotspot(kept.digest, kept.width, kept.height, alternative, zones)

    def kept(self) -> QuestionFigure | None:
        """The image the form names, if it is kept."""
        return figures.find(self.figure.data or "")
