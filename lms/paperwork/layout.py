"""What an official paper says and how its parts are worded; `layout_pdf` and `layout_docx` draw it.

The sizes, faces and places are those of NĐ 30/2020/NĐ-CP, Phụ lục I ("Thể thức, kỹ thuật trình bày văn bản
hành chính"), Phần I. Where it gives a range, one value is taken for both renderers. Sizes are in points, lengths in
millimetres.

The head of a Party body's paper is that of Hướng dẫn 36-HD/VPTW of 03/4/2018 (with Quy định 66-QĐ/TW of 06/02/2017);
the rest of it is laid out as above. Certainty (as in the corpus: F found in a public source, M from memory): F, words
"Đảng Cộng sản Việt Nam" at the top right over a solid rule of their own length, place and day below it (mục II, điểm
1.1); F, from the guide's own head, the star under the agency and "Số 36-HD/VPTW" without a colon and with a dash; M the
sizes, and "CV" in the symbol of a công văn. Numbers of Party bodies run through a term of their committee (F, điểm
1.3), which nothing here counts: they are written in by hand.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from lms.core import clock

# Phụ lục I, Phần I, mục I "Quy định chung": paper, margins, page number.
PAPER: Final = (210.0, 297.0)
MARGIN_TOP: Final = 20.0  # 20–25
MARGIN_BOTTOM: Final = 20.0  # 20–25
MARGIN_LEFT: Final = 30.0  # 30–35
MARGIN_RIGHT: Final = 15.0  # 15–20
TEXT_WIDTH: Final = PAPER[0] - MARGIN_LEFT - MARGIN_RIGHT
SIZE_PAGE_NUMBER: Final = 13.0  # 13–14

# Mục II "Các thành phần thể thức chính", khoản 1–9.
SIZE_NATION: Final = 12.0  # Quốc hiệu, 12–13, bold capitals
SIZE_MOTTO: Final = 13.0  # Tiêu ngữ, 13–14, bold, over a rule of its own length
SIZE_AGENCY: Final = 12.0  # both agencies, 12–13, capitals; the issuing one bold
AGENCY_RULE: Final = 0.4  # of the text's length: between 1/3 and 1/2, also under the summary of a named paper
SIZE_NUMBER: Final = 13.0  # 13
SIZE_DATE: Final = 13.0  # 13–14, italic
SIZE_TITLE: Final = 14.0  # 13–14, bold; the name of the kind in capitals
SIZE_REGARDING: Final = 12.0  # "V/v …" of a công văn, 12–13, 6 pt under the number
SIZE_BODY: Final = 14.0  # 13–14
INDENT: Final = 12.7  # first line, 10 or 12.7
PARAGRAPH_SPACE: Final = 6.0  # points between paragraphs, at least 6
LINE: Final = 1.2  # baseline to baseline in ems; single spacing of Times New Roman is 1.15, the most is 1.5 lines
SIZE_SIGNATURE: Final = 14.0  # 13–14, bold; authority and post in capitals
SIZE_RECIPIENTS: Final = 12.0  # the words "Nơi nhận:", bold italic
SIZE_RECIPIENT: Final = 11.0  # the list under them
# Mục III khoản 1: "Phụ lục" 14 bold, its name 13–14 bold capitals, the reference 13–14 italic, pages counted anew.
SIZE_APPENDIX: Final = 14.0
SIZE_REFERENCE: Final = 13.0
SIZE_TABLE: Final = 13.0  # the decree leaves tables free

# Hướng dẫn 36-HD/VPTW, sizes from memory (M).
SIZE_PARTY: Final = 15.0  # "Đảng Cộng sản Việt Nam", bold capitals over a rule of their own length
SIZE_PARTY_HEAD: Final = (
    14.0  # both agencies in capitals, the issuing one bold; the star; number; place and day, italic
)

HEAD_WIDTHS: Final = (74.0, 91.0)
"""Widths of the agency's and the nation's column of the head, and of recipients and signature at the foot."""

SPECIMEN: Final = "MẪU · SPECIMEN"
_BEFORE_A_NUMBER = re.compile(r"\b(ngày|tháng|năm|lúc|số|khoản|điều|mục) (?=\d)", re.IGNORECASE)
_GAP: Final = "\u00a0" * 5
"""Room to write a number or a day by hand."""

Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Head:
    """The top of the first page. Without a `symbol` there is no number line, without a `place` no day.

    `number` None and `issued_on` None leave room to write them in. With `party` it is the head of a Party body's paper.
    """

    agency: str
    superior: str = ""
    number: int | None = None
    symbol: str = ""
    place: str = ""
    issued_on: date | None = None
    party: bool = False


@dataclass(frozen=True)
class Signature:
    """Who signs. `authority` is the line above the post: "TL. BỘ TRƯỞNG", "KT. GIÁM ĐỐC"."""

    post: str
    name: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table, `width` in mm; the columns of a table fill the text's width together."""

    label: str
    width: float
    align: Align = "left"


@dataclass(frozen=True)
class Row:
    """A row of a table; one of kind "group" has a single cell across the table, "total" is bold."""

    cells: tuple[str, ...]
    kind: Literal["plain", "group", "total"] = "plain"


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on every page; `empty` is said where there is no row."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""


Block: TypeAlias = str | Table
"""A paragraph or a table."""


@dataclass(frozen=True)
class Appendix:
    """A part with pages of its own after the signature; `reference` is the line "(Kèm theo …)"."""

    title: str
    reference: str
    blocks: tuple[Block, ...]
    label: str = "Phụ lục"


@dataclass(frozen=True)
class Paper:
    """An official paper. One without a `title` is a công văn, whose summary stands under its number ("V/v …").

    `note` is an italic line under the title, `addressees` follow "Kính gửi:", `recipients` "Nơi nhận:".
    """

    head: Head
    summary: str
    title: str = ""
    note: str = ""
    addressees: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signature: Signature | None = None
    recipients: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = field(default=())
    specimen: bool = False

    @property
    def name(self) -> str:
        """What the file is called in its properties."""
        return " ".join(part for part in (self.title.capitalize(), self.summary) if part)


def ladder(size: float) -> tuple[tuple[float, float, int], ...]:
    """The steps of `fit` for a heading: its prescribed size on up to six lines, then more lines and smaller type."""
    return (*((size, size, lines) for lines in range(1, 7)), (size - 1, size - 2, 9), (size - 2, 8, 16))


def number_line(head: Head) -> str:
    """ "Số: 07/GM-SNgV", of a Party body "Số 07-GM/BTGTU"; under 10 with a leading zero, not yet given with room."""
    return f"Số {_number(head)}" if head.party else f"Số: {_number(head)}"


def _number(head: Head) -> str:
    number = _GAP if head.number is None else f"{head.number:02d}"
    return f"{number}{'-' if head.party else '/'}{head.symbol}"


def place_and_date(head: Head) -> str:
    """ "Hòa Bình, ngày 05 tháng 02 năm 2024", or with room where the day is still open."""
    return f"{head.place}, {long_day(head.issued_on)}"


def long_day(day: date | None) -> str:
    """ "ngày 05 tháng 02 năm 2024": days under 10 and the months 1 and 2 bear a leading zero."""
    if day is None:
        return f"ngày{_GAP}tháng{_GAP}năm{_GAP}"
    return f"ngày {day.day:02d} tháng {clock.month(day)} năm {day.year}"


def regarding(summary: str) -> str:
    """The summary of a công văn as it stands under the number."""
    bare = summary.strip()
    return bare if bare.casefold().startswith("v/v") else f"V/v {bare}"


def reference_to(kind: str, head: Head) -> str:
    """The line under an appendix's title that names its paper: "(Kèm theo Công văn số … ngày … của …)"."""
    return f"(Kèm theo {kind} số {_number(head)} {long_day(head.issued_on)} của {head.agency})"


def listed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of "Kính gửi:" or "Nơi nhận:" with dash and semicolon, the last one with a full stop."""
    bare = [line.strip().lstrip("-–+").strip().rstrip(";.").rstrip() for line in lines]
    kept = [line for line in bare if line]
    return tuple(f"- {line}{'.' if place == len(kept) else ';'}" for place, line in enumerate(kept, start=1))


def unparted(text: str) -> str:
    """The text with "ngày 07/8/2024", "số 12" and the like held together by a no-break space."""
    return _BEFORE_A_NUMBER.sub("\\1\u00a0", text)
