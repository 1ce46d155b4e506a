"""Reading .csv in any encoding Excel writes in Vietnam: UTF-8, UTF-16, Windows-1258; old fonts' bytes pass on."""

import codecs
import csv
import io
from collections.abc import Iterable

from lms.core.errors import N_, RuleBroken
from lms.core.repair import encoding_of_column
from lms.registration.archive import MAX_COLUMNS, MAX_ROWS, too_large
from lms.registration.grid import Grid

_DELIMITERS = ",;\t|"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(content: bytes) -> Grid:
    """The one sheet of a .csv; raises RuleBroken where it is no text or too large.

    Windows-1258 is read with its loose tones, which are then put together like any others. Bytes of TCVN3 and VNI
    fonts come out as the Windows-1252 characters they show as, for `cleaning` to read.
    """
    text, windows_1258 = _decode(content)
    rows = _rows(text)
    width = max((len(row) for row in rows), default=0)
    grid = Grid("", [row + [""] * (width - len(row)) for row in rows])
    if not windows_1258:
        return grid
    mended = {
        (number, place): (cell, "cp1258")
        for number, row in enumerate(grid.rows)
        for place, cell in enumerate(row)
        if not cell.isascii()
    }
    return Grid("", grid.rows, mended=mended)


def _decode(content: bytes) -> tuple[str, bool]:
    """The text, and whether it was Windows-1258."""
    if content.startswith(_UTF_16):
        try:
            return content.decode("utf-16"), False
        except UnicodeDecodeError as error:
            raise _unreadable() from error
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        pass
    shown = "".join(_WINDOWS_1252[byte] for byte in content)
    if any("\x80" <= character <= "\x9f" for character in shown):
        raise _unreadable()
    if encoding_of_column(_cells(shown)) == "cp1258":
        return content.decode("cp1258", "replace"), True
    return shown, False


_WINDOWS_1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def _cells(text: str) -> Iterable[str]:
    for row in _rows(text):
        yield from row


def _rows(text: str) -> list[list[str]]:
    """The cells; the delimiter is the one that most of the first lines hold, or the one that "sep=" names."""
    start, _, rest = text.partition("\n")
    named = start.strip().lower()
    if named.startswith("sep=") and len(named) == 5:
        delimiter, text = named[4], f"\n{rest}"
    else:
        first = text[:4000]
        delimiter = max(_DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MAX_ROWS + 1 or len(row) > MAX_COLUMNS:
                raise too_large()
    except csv.Error as error:
        message = N_("Tệp này hỏng hoặc dở dang, không đọc được. Hãy lưu lại từ Excel dạng .xlsx")
        raise RuleBroken(message, field="file", code="broken") from error
    return rows


def _unreadable() -> RuleBroken:
    message = N_("Không nhận ra bảng mã của tệp .csv này. Hãy lưu từ Excel dạng “CSV UTF-8” hoặc .xlsx")
    return RuleBroken(message, field="file", code="encoding")
