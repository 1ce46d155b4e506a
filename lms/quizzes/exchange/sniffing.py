"""Which format a file of questions is in."""

import re
import struct
import zipfile
from io import BytesIO
from pathlib import PurePath

_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_AIKEN = re.compile(r"^\s*ANSWER:\s*[A-Z]\s*$", re.MULTILINE | re.IGNORECASE)


def sniff(name: str, content: bytes) -> str:
    """The format that the bytes look like: gift, aiken, moodle-xml, qti or xlsx; the name decides only in doubt."""
    if content.startswith(b"PK"):
        return "xlsx" if _is_workbook(name, content) else "qti"
    head = content[:4096].replace(b"\x00", b"")
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<?xml", b"<!--", b"<quiz", b"<assessment", b"<qti-")):
        root = _ROOT.search(re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL))
        return "moodle-xml" if root is not None and root.group(1) == b"quiz" else "qti"
    text = content.decode("utf-8-sig", "replace")
    return "aiken" if _AIKEN.search(text) and "{" not in text else "gift"


def _is_workbook(name: str, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return any(one.startswith("xl/") for one in package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        return PurePath(name).suffix.lower() == ".xlsx"
