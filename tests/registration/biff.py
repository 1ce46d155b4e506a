"""A very small writer of .xls (BIFF8 in a compound file): text, numbers and merged cells of one sheet."""

import struct
from collections.abc import Sequence
from typing import Any

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(*rows: Sequence[Any], name: str = "DS", merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """An .xls with these rows on one sheet; `merged`: (first row, first column, last row, last column)."""
    bound = struct.pack("<IBB", 0, 0, 0) + struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    place = len(globals_) + 4 + len(bound) + 4
    bound = struct.pack("<I", place) + bound[4:]
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    width = max((len(row) for row in rows), default=0)
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                written = cell.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", number, column, 0, len(written) // 2, 1) + written)
            elif not isinstance(cell, str):
                sheet += _record(0x0203, struct.pack("<HHHd", number, column, 0, cell))
    if merged:
        ranges = b"".join(struct.pack("<HHHH", first, last, left, right) for first, left, last, right in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + ranges)
    return _compound(globals_ + _record(0x0085, bound) + _record(0x000A, b"") + sheet + _record(0x000A, b""))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, "Workbook", long enough to lie in whole sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    fat = struct.pack("<128I", *(chain + [_FREE] * (128 - len(chain))))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header.ljust(_SECTOR, b"\0") + fat + directory.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    body = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return body + bytes(36) + struct.pack("<IQ", start, size)
