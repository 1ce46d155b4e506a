"""Official papers as PDF, by the measures of `layout`; positions in mm from the top-left corner of the page."""

from collections.abc import Sequence
from functools import partial

from reportlab.lib.units import mm

from lms.core.fitting import fit_or_cut
from lms.core.letterhead import BOTTOM, LEFT, RIGHT, TOP, national_heading, page_number, party_heading, specimen_mark
from lms.core.pdf import A4_PORTRAIT, BLACK, Document, Setting, Sheet, Typeface, fit
from lms.core.typefaces import text_width
from lms.paperwork import layout
from lms.paperwork.layout import Appendix, Block, Head, Paper, Table
from lms.paperwork.layout_flow import Piece, paragraph, place
from lms.paperwork.layout_foot import foot
from lms.paperwork.layout_table import table

_WIDTH = RIGHT - LEFT
_MIDDLE = (LEFT + RIGHT) / 2
_AGENCY_X, _AGENCY_WIDTH = 66.0, 72.0
_NATION_X, _NATION_WIDTH = 150.5, 88.0
_FIRST = 24.5  # the first baseline of the head
_STEP = layout.LINE * layout.SIZE_AGENCY / mm
_SPACE = layout.PARAGRAPH_SPACE / mm


def draw(papers: Sequence[Paper]) -> bytes:
    """The papers one after another, each with pages numbered from 1. Raises TextDoesNotFit; ValueError for none."""
    if not papers:
        raise ValueError("no paper to draw")
    first = papers[0]
    document = Document(
        title=first.name, author=first.head.agency, subject=first.summary, paper=A4_PORTRAIT, day=first.head.issued_on
    )
    for paper in papers:
        _Pages(document, specimen=paper.specimen).draw_paper(paper)
        for appendix in paper.appendices:
            _Pages(document, specimen=paper.specimen).draw_appendix(appendix)
    return document.finish()


class _Pages:
    """The pages of one paper or of one appendix, numbered from 1 in the top margin."""

    def __init__(self, document: Document, *, specimen: bool) -> None:
        self.document = document
        self.specimen = specimen
        self.number = 0

    def turn(self) -> Sheet:
        """The next page; the first bears no number."""
        self.number += 1
        page = self.document.sheet()
        page_number(page, self.number)
        if self.specimen:
            specimen_mark(page, 112.5, 160, 200, 50)
        return page

    def draw_paper(self, paper: Paper) -> None:
        """Head, title, addressees, text and signature."""
        page = self.turn()
        y = _draw_head(page, paper)
        y = _draw_title(page, paper, y) if paper.title else y + 6
        pieces = [*_addressees(paper.addressees), *_blocks(paper.blocks, tied=paper.signature is not None)]
        if paper.signature is not None:
            pieces.append(foot(paper.signature, paper.recipients))
        place(pieces, page, y, self.turn, (TOP, BOTTOM))

    def draw_appendix(self, appendix: Appendix) -> None:
        """Its label, title and reference, then its text."""
        page, y = self.turn(), TOP + 5
        page.text(_MIDDLE, y, appendix.label, Typeface.SERIF_BOLD, layout.SIZE_APPENDIX, BLACK)
        title = _fitted(appendix.title.upper(), Typeface.SERIF_BOLD, layout.SIZE_TITLE, _WIDTH - 10)
        y = page.lines(_MIDDLE, y + 6.5, title, layout.LINE, BLACK)
        reference = _fitted(appendix.reference, Typeface.SERIF_ITALIC, layout.SIZE_REFERENCE, _WIDTH)
        y = page.lines(_MIDDLE, y + 6.5, reference, layout.LINE, BLACK)
        _draw_rule(page, _MIDDLE, y + 2.6, title)
        place(_blocks(appendix.blocks), page, y + 7, self.turn, (TOP, BOTTOM))


def _draw_head(page: Sheet, paper: Paper) -> float:
    """Agency and nation, number and day, the summary of a công văn; returns the lowest baseline."""
    head = paper.head
    number_size, date_size = layout.SIZE_NUMBER, layout.SIZE_DATE
    if head.party:
        number_size = date_size = layout.SIZE_PARTY_HEAD
        y = max(party_heading(page, _NATION_X, _FIRST, layout.SIZE_PARTY), _draw_party_agency(page, head))
    else:
        national_heading(page, _NATION_X, _FIRST, layout.SIZE_NATION)
        nation_y = _FIRST + 0.464 * layout.SIZE_NATION + 2.5
        y = max(nation_y, _draw_agency(page, head))
    lowest = y
    if head.place:
        italic = _fitted(layout.place_and_date(head), Typeface.SERIF_ITALIC, date_size, _NATION_WIDTH)
        lowest = page.lines(_NATION_X, y + 6.2, italic, layout.LINE, BLACK)
    if head.symbol:
        number = fit(layout.number_line(head), Typeface.SERIF, _AGENCY_WIDTH, (number_size, 12, 1), field="symbol")
        y = page.lines(_AGENCY_X, y + 6.2, number, layout.LINE, BLACK)
        lowest = max(lowest, y)
    if not paper.title:
        words = layout.regarding(paper.summary)
        summary = _fitted(words, Typeface.SERIF, layout.SIZE_REGARDING, _AGENCY_WIDTH - 4)
        lowest = max(lowest, page.lines(_AGENCY_X, y + _STEP + _SPACE, summary, layout.LINE, BLACK))
    return lowest


def _draw_agency(page: Sheet, head: Head) -> float:
    """The superior and the issuing agency on as many lines as they need, and the rule; returns its y."""
    y, agency = _draw_names(page, head, layout.SIZE_AGENCY)
    _draw_rule(page, _AGENCY_X, y + 2.5, agency)
    return y + 2.5


def _draw_party_agency(page: Sheet, head: Head) -> float:
    """The superior and the issuing Party body, and the star under them; returns the star's baseline."""
    y, _agency = _draw_names(page, head, layout.SIZE_PARTY_HEAD)
    y += layout.LINE * layout.SIZE_PARTY_HEAD / mm
    page.text(_AGENCY_X, y, "*", Typeface.SERIF, layout.SIZE_PARTY_HEAD, BLACK)
    return y


def _draw_names(page: Sheet, head: Head, size: float) -> tuple[float, Setting]:
    """Both agencies in capitals, the issuing one bold; its last baseline and how it is set."""
    y = _FIRST
    if head.superior.strip():
        superior = _fitted(head.superior.upper(), Typeface.SERIF, size, _AGENCY_WIDTH)
        y = page.lines(_AGENCY_X, y, superior, layout.LINE, BLACK) + layout.LINE * size / mm
    agency = _fitted(head.agency.upper(), Typeface.SERIF_BOLD, size, _AGENCY_WIDTH)
    return page.lines(_AGENCY_X, y, agency, layout.LINE, BLACK), agency


def _draw_title(page: Sheet, paper: Paper, y: float) -> float:
    """The name of the kind, the summary over its rule, the note; returns where the text begins."""
    page.text(_MIDDLE, y + 11, paper.title.upper(), Typeface.SERIF_BOLD, layout.SIZE_TITLE, BLACK)
    y += 11 + layout.LINE * layout.SIZE_TITLE / mm
    y = _draw_centred(page, paper.summary, Typeface.SERIF_BOLD, layout.SIZE_TITLE, y)
    if paper.note:
        y = _draw_centred(page, paper.note, Typeface.SERIF_ITALIC, layout.SIZE_REFERENCE, y + 6.2)
    summary = _fitted(paper.summary, Typeface.SERIF_BOLD, layout.SIZE_TITLE, _WIDTH - 10)
    _draw_rule(page, _MIDDLE, y + 2.8, summary)
    return y + 6.5


def _draw_centred(page: Sheet, text: str, face: Typeface, size: float, y: float) -> float:
    return page.lines(_MIDDLE, y, _fitted(text, face, size, _WIDTH - 10), layout.LINE, BLACK)


def _draw_rule(page: Sheet, x: float, y: float, over: Setting) -> None:
    """The rule under a text: a part of its widest line, centred."""
    widest = max((text_width(line, over.face, over.size) for line in over.lines), default=0.0)
    half = widest * layout.AGENCY_RULE / 2
    page.line(x - half, y, x + half, y, 0.6, BLACK)


def _fitted(text: str, face: Typeface, size: float, width: float) -> Setting:
    """The text in its prescribed size on balanced lines, for the decree breaks names; smaller past those, then cut."""
    return fit_or_cut(text, face, width, *layout.ladder(size))


def _blocks(blocks: Sequence[Block], *, tied: bool = False) -> list[Piece]:
    """Paragraphs and tables as pieces; with `tied` the last lines stay with what follows."""
    pieces: list[Piece] = []
    for number, block in enumerate(blocks, start=1):
        if isinstance(block, Table):
            pieces += table(block)
        else:
            set_ = partial(paragraph, block, LEFT, _WIDTH, layout.SIZE_BODY, indent=layout.INDENT)
            pieces += set_(leading=layout.LINE, space=_SPACE, keep=tied and number == len(blocks))
    return pieces


def _addressees(addressees: tuple[str, ...]) -> list[Piece]:
    """ "Kính gửi:" with one name on its line, or with a dash and a line for each, under the colon."""
    if not addressees:
        return []
    label, size = "Kính gửi:", layout.SIZE_BODY
    wide = text_width(label, Typeface.SERIF, size)
    if len(addressees) == 1:
        return _sole_addressee(label, addressees[0], wide)
    colon = LEFT + 20 + wide - text_width(":", Typeface.SERIF, size)
    pieces = paragraph(label, LEFT + 20, wide + 1, size, leading=layout.LINE, space=4, justify=False, keep=True)
    for line in layout.listed(addressees):
        pieces += paragraph(
            line, colon, RIGHT - colon, size, leading=layout.LINE, space=1, justify=False, field="addressees"
        )
    return [*pieces, Piece(2, lambda _page, _y: None)]


def _sole_addressee(label: str, name: str, wide: float) -> list[Piece]:
    """Centred where it fits on the line, else hanging beside its label."""
    size, height = layout.SIZE_BODY, layout.LINE * layout.SIZE_BODY / mm
    whole = text_width(f"{label} {name}", Typeface.SERIF, size)
    left = max(LEFT + 6, LEFT + (_WIDTH - whole) / 2)
    beside = left + wide + 1.5
    names = paragraph(name, beside, RIGHT - beside, size, leading=layout.LINE, justify=False, field="addressees")
    (word,) = paragraph(label, left, wide + 1, size, leading=layout.LINE, justify=False)

    def draw(page: Sheet, y: float) -> None:
        word.draw(page, y)
        for number, line in enumerate(names):
            line.draw(page, y + number * height)

    return [Piece(height * len(names), draw, 4), Piece(2, lambda _page, _y: None)]
