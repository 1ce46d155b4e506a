"""Zip files from outside: judged by their directory and their bytes before anything in them is used."""

import lzma
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from lms.core.errors import N_
from lms.quizzes.exchange.entries import LARGEST_FILE, Unfit

MOST_NAMES = 4_000
LARGEST_CONTENT = 120_000_000
"""Bytes of everything in it, unpacked."""
MOST_RATIO = 300
_SMALL = 1_000_000
_PIECE = 1 << 16
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, OSError, EOFError, ValueError, RuntimeError, LookupError,
)  # fmt: skip
"""What the library raises for damaged bytes."""


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive; raises Unfit (too-large, zip, zip-names, zip-size) for one that is not what its directory says."""
    if len(content) > LARGEST_FILE:
        raise Unfit("too-large", N_("Tệp lớn quá %(most)s MB."), most=LARGEST_FILE // 1_000_000)
    try:
        package = zipfile.ZipFile(BytesIO(content))
        _judge(package)
        for info in package.infolist():
            with package.open(info) as file:
                while file.read(_PIECE):
                    pass
    except _BROKEN as error:
        raise Unfit("zip", N_("Tệp nén hỏng hoặc không mở được.")) from error
    return package


def _judge(package: zipfile.ZipFile) -> None:
    infos = package.infolist()
    names = [info.filename for info in infos]
    if len(names) > MOST_NAMES or len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise Unfit("zip-names", N_("Tệp nén có quá nhiều tên, tên lặp lại hoặc tên dẫn ra ngoài."))
    bombs = [info for info in infos if info.file_size > max(_SMALL, MOST_RATIO * info.compress_size)]
    if bombs or sum(info.file_size for info in infos) > LARGEST_CONTENT:
        raise Unfit("zip-size", N_("Tệp nén bung ra quá lớn."))


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return "\\" in name or "\x00" in name or path.is_absolute() or ".." in path.parts or ":" in name
