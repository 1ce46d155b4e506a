"""What stands at the head of official papers by NĐ 30/2020/NĐ-CP, Phụ lục I, and the mark of a specimen.

Positions in mm from the top-left corner, sizes in points. No state emblem is drawn.
"""

from reportlab.lib.units import mm

from lms.core.fitting import fit_or_cut
from lms.core.pdf import BLACK, SON, Setting, Sheet, Typeface, fit
from lms.core.typefaces import text_width

SPECIMEN = "MẪU · SPECIMEN"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"

LEFT, RIGHT, TOP, BOTTOM = 30.0, 195.0, 20.0, 277.0
"""The text area of an A4 portrait page: margins of 30 mm left, 15 mm right, 20 mm top and bottom."""

_LINE = 0.464  # mm from one baseline to the next for each point of size


def national_heading(sheet: Sheet, x: float, y: float, size: float = 12.5) -> None:
    """Quốc hiệu and Tiêu ngữ centred on `x`, first baseline at `y`; the motto is one point larger and underlined."""
    sheet.text(x, y, NATION, Typeface.SERIF_BOLD, size, BLACK)
    motto_y = y + size * _LINE
    width = sheet.text(x, motto_y, MOTTO, Typeface.SERIF_BOLD, size + 1, BLACK)
    sheet.line(x - width / 2, motto_y + 2.5, x + width / 2, motto_y + 2.5, 0.6, BLACK)


def party_heading(sheet: Sheet, x: float, y: float, size: float = 15) -> float:
    """ "Đảng Cộng sản Việt Nam" centred on `x` over a rule of its own length (36-HD/VPTW); returns the rule's y."""
    width = sheet.text(x, y, PARTY, Typeface.SERIF_BOLD, size, BLACK)
    sheet.line(x - width / 2, y + 2.5, x + width / 2, y + 2.5, 0.6, BLACK)
    return y + 2.5


def agency_block(
    sheet: Sheet, x: float, y: float, superior: str, agency: str, width: float = 116, size: float = 12.5
) -> float:
    """The issuing agency in bold under its superior, both in capitals, with the short rule; returns the rule's y.

    Raises TextDoesNotFit with the field "superior" or "agency".
    """
    above = fit(superior.upper(), Typeface.SERIF, width, *_above(size), field="superior")
    own = fit(agency.upper(), Typeface.SERIF_BOLD, width, *_own(size), field="agency")
    return _draw_agency(sheet, x, y, (above, own), size)


def official_head(sheet: Sheet, superior: str, agency: str) -> float:
    """Agency on the left, national heading on the right of an A4 portrait page; returns the lowest y in use.

    It is never refused: a long name goes on over more lines, at 7.5 points and past six lines it is cut.
    """
    national_heading(sheet, 150.5, 25, 12)
    more = (9.5, 7.5, 6)
    above = fit_or_cut(superior.upper(), Typeface.SERIF, 67, *_above(12), more)
    own = fit_or_cut(agency.upper(), Typeface.SERIF_BOLD, 67, *_own(12), more)
    return max(35.0, _draw_agency(sheet, 63.5, 25, (above, own), 12))


def _above(size: float) -> tuple[tuple[float, float, int], ...]:
    return (size, size - 2.5, 1), (size - 2.5, size - 3, 2)


def _own(size: float) -> tuple[tuple[float, float, int], ...]:
    return (size, size - 1.5, 1), (size - 1, size - 2.5, 2)


def _draw_agency(sheet: Sheet, x: float, y: float, settings: tuple[Setting, Setting], size: float) -> float:
    superior, agency = settings
    if superior.lines:
        y = sheet.lines(x, y, superior, 1.28, BLACK) + size * _LINE
    y = sheet.lines(x, y, agency, 1.28, BLACK) + 2.5
    widest = max((text_width(line, agency.face, agency.size) for line in agency.lines), default=0.0)
    sheet.line(x - widest / 5, y, x + widest / 5, y, 0.6, BLACK)
    return y


def page_number(sheet: Sheet, number: int) -> None:
    """The number centred in the top margin, from the second page on (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    if number > 1:
        sheet.text(sheet.width / 2, 13, str(number), Typeface.SERIF, 13, BLACK)


def specimen_mark(sheet: Sheet, x: float, y: float, width: float, angle: float) -> None:
    """MẪU · SPECIMEN in pale red across (`x`, `y`), `width` mm long and rising by `angle` degrees."""
    size = width / text_width(SPECIMEN, Typeface.SANS_BOLD, 1)
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setFillColor(SON)
    canvas.setFillAlpha(0.1)
    canvas.translate(x * mm, (sheet.height - y) * mm)
    canvas.rotate(angle)
    canvas.setFont(Typeface.SANS_BOLD.value, size)
    canvas.drawCentredString(0, -0.36 * size, SPECIMEN)
    canvas.restoreState()
