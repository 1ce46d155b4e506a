"""Checking a file: is this PDF one that was issued here, byte for byte?

The register knows the SHA-256 of every frozen paper. A file that bears the number of a certificate and has other bytes
was altered; one that bears none is not ours. Nothing is stored.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from lms.certificates import numbers, queries
from lms.certificates.models import Certificate

_ADDRESS = re.compile(rb"/verify/([0-9A-Z]+(?:-[0-9A-Z]+)+)")
_PRINTED_CODE = re.compile(rf"\b([{numbers.ALPHABET}]{{4}})-([{numbers.ALPHABET}]{{4}})\b")
_LARGEST = 20_000_000
_UNREADABLE = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a reader of PDFs stumbles over in bytes that were damaged on purpose."""


class Verdict(StrEnum):
    """What a file turns out to be."""

    UNALTERED = "unaltered"
    ALTERED = "altered"
    REVOKED = "revoked"
    NOT_OURS = "not-ours"


@dataclass(frozen=True)
class Finding:
    """The verdict, the file's SHA-256, and the certificate it is or claims to be."""

    verdict: Verdict
    digest: str
    certificate: Certificate | None = None


def check_pdf(content: bytes, at: datetime) -> Finding:
    """Judge a PDF as of a moment: a certificate revoked later was still unaltered then."""
    digest = hashlib.sha256(content).hexdigest()
    certificate = queries.find_by_digest(digest)
    if certificate is not None:
        revoked = certificate.state_at(at) == "revoked"
        return Finding(Verdict.REVOKED if revoked else Verdict.UNALTERED, digest, certificate)
    claimed = _claimed(content)
    return Finding(Verdict.ALTERED if claimed else Verdict.NOT_OURS, digest, claimed)


def _claimed(content: bytes) -> Certificate | None:
    """The certificate that the file names: by the address behind its QR code, else by the code printed on it."""
    if len(content) > _LARGEST:
        return None
    for address in _ADDRESS.findall(content)[:5]:
        written = numbers.read(address.decode("ascii"))
        found = queries.find_written(written) if written else None
        if found is not None:
            return found
    for groups in _PRINTED_CODE.findall(_text(content))[:20]:
        found = queries.find_by_code("".join(groups))
        if found is not None:
            return found
    return None


def _text(content: bytes) -> str:
    """The text of the first page; empty for what is no PDF that can be read."""
    try:
        return PdfReader(io.BytesIO(content)).pages[0].extract_text()
    except _UNREADABLE:
        return ""
