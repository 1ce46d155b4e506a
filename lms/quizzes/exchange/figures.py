"""Figures in files from outside: which bytes are an image we take, and how large it is."""

import base64
import binascii
import re
import struct
import warnings
import zlib
from io import BytesIO
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from lms.core.errors import N_
from lms.quizzes.exchange.entries import Unfit, digest_of

LARGEST_FIGURE = 2_000_000
MOST_PIXELS = 4_000
"""Along either side."""
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_STARTS = {b"\x89PNG": "PNG", b"\xff\xd8": "JPEG", b"GIF8": "GIF"}
_DATA = re.compile(r"^data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
)
_NO_IMAGE = N_("Hình không phải PNG, JPEG, GIF hoặc WebP đọc được.")


def look(content: bytes) -> tuple[str, int, int]:
    """Kind, width and height of an image that can be drawn; raises Unfit (figure-size, figure-kind)."""
    if len(content) > LARGEST_FIGURE:
        raise Unfit("figure-size", N_("Hình lớn quá %(most)s MB."), most=LARGEST_FIGURE // 1_000_000)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=list(MEDIA_TYPES)) as image:
                kind, (width, height) = image.format or "", image.size
                if not 0 < max(width, height) <= MOST_PIXELS:
                    raise Unfit("figure-size", N_("Hình rộng hoặc cao quá %(most)s điểm ảnh."), most=MOST_PIXELS)
                image.load()
    except _BROKEN:
        raise Unfit("figure-kind", _NO_IMAGE) from None
    if kind not in MEDIA_TYPES:
        raise Unfit("figure-kind", _NO_IMAGE)
    return kind, width, height


def file_name(digest: str, content: bytes) -> str:
    """A file name for a figure; ASCII, the same for the same bytes."""
    kind = next((kind for start, kind in _STARTS.items() if content.startswith(start)), "WEBP")
    return f"{digest[:16]}.{_ENDINGS[kind]}"


def decoded(text: str) -> bytes:
    """Bytes written as base64; raises Unfit."""
    if len(text) > 2 * LARGEST_FIGURE:
        raise Unfit("figure-size", N_("Hình lớn quá %(most)s MB."), most=LARGEST_FIGURE // 1_000_000)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("figure-kind", _NO_IMAGE) from None


class Figures:
    """The figures of one question while it is read: files by name, and which of them its texts show."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.shown: dict[str, bytes] = {}

    def add(self, name: str, text: str) -> None:
        """A file of the question, in base64, not looked at before it is shown."""
        self.files[name] = text

    def resolve(self, address: str) -> str:
        """The address of a stored figure for that of an image; raises Unfit for one that is not in the file."""
        data = _DATA.match(address)
        if data:
            return self.keep(decoded(address[data.end() :]))
        return self.keep(self._file(address))

    def _file(self, address: str) -> bytes:
        name = unquoted(address.removeprefix("@@PLUGINFILE@@/").partition("?")[0])
        if not address.startswith("@@PLUGINFILE@@/") or name not in self.files:
            message = N_("Câu hỏi dùng hình “%(name)s” không nằm trong tệp.")
            raise Unfit("figure", message, name=address[:60])
        return decoded(self.files[name])

    def keep(self, content: bytes) -> str:
        """Keep an image; its address; raises Unfit for bytes that are none."""
        look(content)
        digest = digest_of(content)
        self.shown[digest] = content
        return f"figure:{digest}"


def unquoted(name: str) -> str:
    """A file's name as it was before it became part of an address."""
    return unquote(name).strip("/")
