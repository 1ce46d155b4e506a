"""The foot of an official paper in the PDF: "Nơi nhận" on the left, who signs on the right, on one page together."""

from collections.abc import Sequence

from reportlab.lib.units import mm

from lms.core.letterhead import LEFT, RIGHT
from lms.core.pdf import BLACK, Setting, Sheet, Typeface, fit
from lms.paperwork import layout
from lms.paperwork.layout import Signature
from lms.paperwork.layout_flow import Piece, baseline, broken

_X, _WIDTH = 152.0, 84.0
_LIST_WIDTH = 72.0
_TO_SIGN = 25.0  # room for signature and seal
_LINE = layout.LINE * layout.SIZE_SIGNATURE / mm
_SMALL = layout.LINE * layout.SIZE_RECIPIENT / mm


def foot(signature: Signature, recipients: Sequence[str]) -> Piece:
    """One piece. Raises TextDoesNotFit with the field "post", "authority", "signer" or "recipients"."""
    lines = _signatory(signature)
    name = _bold(signature.name, "signer") if signature.name else None
    listed = [
        (line, number > 0)
        for one in layout.listed(tuple(recipients))
        for number, line in enumerate(
            broken(one, _LIST_WIDTH, layout.SIZE_RECIPIENT, face=Typeface.SERIF, field="recipients")
        )
    ]
    signed = len(lines) * _LINE + _TO_SIGN + (_LINE * len(name.lines) if name else _LINE)

    def draw(page: Sheet, y: float) -> None:
        for number, (line, face_size) in enumerate(lines):
            page.text(_X, y + number * _LINE + baseline(_LINE, face_size), line, Typeface.SERIF_BOLD, face_size, BLACK)
        if name:
            top = y + len(lines) * _LINE + _TO_SIGN
            page.lines(_X, top + baseline(_LINE, layout.SIZE_SIGNATURE), name, layout.LINE, BLACK)
        if listed:
            _draw_recipients(page, y, listed)

    return Piece(max(signed, _LINE + len(listed) * _SMALL), draw, 5)


def _signatory(signature: Signature) -> list[tuple[str, float]]:
    """The lines of authority and post, each with its size."""
    lines: list[tuple[str, float]] = []
    for text, field in ((signature.authority, "authority"), (signature.post, "post")):
        setting = _bold(text.upper(), field)
        lines += [(line, setting.size) for line in setting.lines]
    return lines


def _bold(text: str, field: str) -> Setting:
    ladder = ((layout.SIZE_SIGNATURE, 13, 1), (13, 13, 2), (13, 13, 3))
    return fit(text, Typeface.SERIF_BOLD, _WIDTH, *ladder, field=field)


def _draw_recipients(page: Sheet, y: float, listed: Sequence[tuple[str, bool]]) -> None:
    small = layout.SIZE_RECIPIENT
    first = y + baseline(_LINE, layout.SIZE_RECIPIENTS)
    page.text(LEFT, first, "Nơi nhận:", Typeface.SERIF_BOLD_ITALIC, layout.SIZE_RECIPIENTS, BLACK, "left")
    for number, (line, _further) in enumerate(listed):
        top = y + _LINE + number * _SMALL
        page.text(LEFT, top + baseline(_SMALL, small), line, Typeface.SERIF, small, BLACK, "left", "recipients")


assert LEFT + _LIST_WIDTH < RIGHT - _WIDTH
