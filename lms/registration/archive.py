"""Checks on an uploaded spreadsheet before anything reads it: what it really is, and how large it would grow.

A spreadsheet is a ZIP of XML: 800 kB can hold 400 MB, and two cells at opposite corners make a reader allocate the
whole rectangle between them. So names, number, real sizes and ratio of the entries are checked first, then the corner
that the filled cells reach. Macros, passwords, document types and entities are refused; links to other files are never
followed, for nothing here opens one.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from lms.core.errors import N_, RuleBroken

MAX_ENTRIES: Final = 2_000
MAX_INFLATED: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 150
SMALL_ENTRY: Final = 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 256

_HEAD: Final = 64 * 1024
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: Final = (
    (b"%PDF", N_("Tệp này là PDF. Hãy lưu từ Excel dạng .xlsx")),
    (b"\x89PNG", N_("Tệp này là ảnh. Hãy lưu từ Excel dạng .xlsx")),
    (b"\xff\xd8\xff", N_("Tệp này là ảnh. Hãy lưu từ Excel dạng .xlsx")),
    (b"GIF8", N_("Tệp này là ảnh. Hãy lưu từ Excel dạng .xlsx")),
    (b"Rar!", N_("Tệp này là tệp nén. Hãy giải nén rồi tải lên tệp .xlsx bên trong")),
    (b"7z\xbc\xaf", N_("Tệp này là tệp nén. Hãy giải nén rồi tải lên tệp .xlsx bên trong")),
    (b"\x1f\x8b", N_("Tệp này là tệp nén. Hãy giải nén rồi tải lên tệp .xlsx bên trong")),
)


def kind_of(content: bytes, file_name: str) -> str:
    """What the file really is: xlsx, ods, xls or csv. Raises RuleBroken for anything else or what may not be read."""
    if not content:
        raise RuleBroken("Tệp này trống, không có byte nào. Hãy chọn lại tệp.", field="file", code="empty")
    for signature, message in _SIGNATURES:
        if content.startswith(signature):
            raise RuleBroken(message, field="file", code="not-a-spreadsheet")
    if content.startswith(_OLE):
        return _ole_kind(content)
    if content.startswith(b"PK"):
        return _zip_kind(content)
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        message = N_("Tệp này là trang web mang tên tệp Excel. Hãy mở bằng Excel rồi lưu dạng .xlsx")
        raise RuleBroken(message, field="file", code="not-a-spreadsheet")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not file_name.lower().endswith((".csv", ".txt", ".tsv")) or (b"\x00" in content and not wide):
        message = N_("Tệp này không phải bảng tính. Hãy lưu từ Excel dạng .xlsx")
        raise RuleBroken(message, field="file", code="not-a-spreadsheet")
    return "csv"


def _ole_kind(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RuleBroken(
            "Tệp này có mật khẩu. Hãy bỏ mật khẩu trong Excel rồi tải lại.", field="file", code="encrypted"
        )
    if "WordDocument".encode("utf-16-le") in content:
        raise RuleBroken(
            "Tệp này là Word. Hãy chép bảng sang Excel và lưu dạng .xlsx", field="file", code="not-a-spreadsheet"
        )
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros()
    return "xls"


def _zip_kind(content: bytes) -> str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
        raise _broken() from error
    _check_entries(content, entries)
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names) or any(
        name.startswith("Basic/") for name in names
    ):
        raise _macros()
    if "word/document.xml" in names:
        raise RuleBroken(
            "Tệp này là Word. Hãy chép bảng sang Excel và lưu dạng .xlsx", field="file", code="not-a-spreadsheet"
        )
    for kind, mark in (("xlsx", "xl/workbook.xml"), ("ods", "content.xml")):
        if mark in names:
            _check_extent(archive, kind)
            return kind
    message = N_("Tệp này là tệp nén. Hãy giải nén rồi tải lên tệp .xlsx bên trong")
    raise RuleBroken(message, field="file", code="not-a-spreadsheet")


def _check_entries(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Names, number, and the sizes the entries really inflate to, whatever the directory says of them."""
    names = [entry.filename for entry in entries]
    odd = any(
        name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or "\x00" in name for name in names
    )
    if odd or len(set(names)) != len(names) or len(entries) > MAX_ENTRIES:
        raise _broken()
    if any(entry.flag_bits & 1 for entry in entries):
        raise RuleBroken(
            "Tệp này có mật khẩu. Hãy bỏ mật khẩu trong Excel rồi tải lại.", field="file", code="encrypted"
        )
    left = MAX_INFLATED
    for entry in entries:
        if entry.file_size > left:
            raise _bomb()
        size, start = _inflate(content, entry, left)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")) and _DECLARES.search(start.replace(b"\x00", b"")):
            raise _broken()
        if size > left or (size > SMALL_ENTRY and size > MAX_RATIO * max(1, entry.compress_size)):
            raise _bomb()
        left -= size


def _inflate(content: bytes, entry: zipfile.ZipInfo, limit: int) -> tuple[int, bytes]:
    """(bytes an entry inflates to, its first 64 kB); counted without keeping them, and not beyond `limit`."""
    header = content[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise _broken()
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name_length + extra_length
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return len(packed), packed[:_HEAD]
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise _broken()
    inflating, size, start = zlib.decompressobj(-15), 0, b""
    try:
        while packed and not inflating.eof and size <= limit:
            piece = inflating.decompress(packed, 1 << 20)
            size, start = size + len(piece), start or piece[:_HEAD]
            packed = inflating.unconsumed_tail
    except zlib.error as error:
        raise _broken() from error
    return size, start


@dataclass
class _Extent:
    """Follows the cells of one sheet: the last row and column that hold something."""

    kind: str
    rows: int = 0
    columns: int = 0
    row: int = 0
    column: int = 0
    row_repeat: int = 1
    column_repeat: int = 1
    names: dict[str, str] = field(default_factory=dict)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if self.kind == "xlsx":
            self._start_xlsx(name, attributes)
        else:
            self._start_ods(name, {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _start_xlsx(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = _whole(attributes.get("r")) or self.row + 1
            self.column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self.column = column_number(letters) if letters else self.column + 1
            self.row = _whole(attributes.get("r", "")[len(letters) :]) or self.row
        elif name in {"v", "is"}:
            self._filled()

    def _start_ods(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.row = self.column = 0
            self.row_repeat = 1
        elif name == "table-row":
            self.row += self.row_repeat
            self.row_repeat = _whole(attributes.get("number-rows-repeated")) or 1
            self.column, self.column_repeat = 0, 1
        elif name in {"table-cell", "covered-table-cell"}:
            self.column += self.column_repeat
            self.column_repeat = _whole(attributes.get("number-columns-repeated")) or 1
            if "value-type" in attributes:
                self._filled()
        elif name == "p":
            self._filled()

    def _filled(self) -> None:
        self.rows = max(self.rows, self.row + self.row_repeat)
        self.columns = max(self.columns, self.column + self.column_repeat - 1)
        if self.rows > MAX_ROWS + 1 or self.columns > MAX_COLUMNS:
            raise too_large()


def _check_extent(archive: zipfile.ZipFile, kind: str) -> None:
    for name in archive.namelist():
        wanted = (
            name.startswith("xl/worksheets/") and name.endswith(".xml") if kind == "xlsx" else name == "content.xml"
        )
        if wanted:
            try:
                _read_extent(archive.read(name), kind)
            except (expat.ExpatError, zipfile.BadZipFile, zlib.error) as error:
                raise _broken() from error


def _read_extent(xml: bytes, kind: str) -> None:
    extent = _Extent(kind)
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(xml, True)


def _refuse_doctype(*_declaration: object) -> None:
    raise _broken()


def column_number(letters: str) -> int:
    """ "A" is 1, "AA" is 27; 0 for what is no column."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or number > 1_000_000:
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def too_large() -> RuleBroken:
    """The refusal of a sheet with more rows or columns than a list of people has."""
    return RuleBroken(
        "Bảng tính quá lớn: chỉ đọc đến %(rows)d dòng và %(columns)d cột. Hãy xóa phần thừa hoặc tách tệp.",
        field="file",
        code="too-large",
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )


def _broken() -> RuleBroken:
    return RuleBroken(
        "Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx", field="file", code="broken"
    )


def _bomb() -> RuleBroken:
    message = N_("Tệp này khi giải nén phình ra quá lớn nên không được đọc. Hãy lưu lại từ Excel dạng .xlsx")
    return RuleBroken(message, field="file", code="bomb")


def _macros() -> RuleBroken:
    return RuleBroken("Tệp này có macro nên không được đọc. Hãy lưu từ Excel dạng .xlsx", field="file", code="macros")
