"""Images in questions: read, drawn anew so that nothing else rides in them, kept under the digest of their bytes."""

import io
from collections.abc import Collection

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from lms.core import files
from lms.core.db import session
from lms.core.errors import N_, NotFound, RuleBroken
from lms.quizzes.models import QuestionFigure

LARGEST_FILE = 2_000_000
"""Bytes of an uploaded image."""
LARGEST_SIDE = 2000
"""Pixels; a larger image is made smaller."""
_MOST_PIXELS = 40_000_000
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def keep(content: bytes, account_id: int | None) -> QuestionFigure:
    """Keep an uploaded PNG or JPEG, drawn anew; the same image twice is one figure. Raises RuleBroken (figure)."""
    drawn, media_type, (width, height) = redrawn(content)
    digest = files.store(drawn)
    figure = session().get(QuestionFigure, digest)
    if figure is None:
        figure = QuestionFigure(digest=digest, media_type=media_type, width=width, height=height, account_id=account_id)
        session().add(figure)
        session().flush()
    return figure


def redrawn(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The image without anything but its pixels: bytes, media type, width and height; raises RuleBroken (figure)."""
    if len(content) > LARGEST_FILE:
        raise RuleBroken(N_("Hình lớn quá 2 MB. Hãy thu nhỏ rồi tải lại."), field="figure", code="figure-large")
    try:
        image = Image.open(io.BytesIO(content), formats=tuple(_TYPES))
        form = str(image.format)
        if image.width * image.height > _MOST_PIXELS:
            raise RuleBroken(
                N_("Hình có quá nhiều điểm ảnh. Hãy thu nhỏ rồi tải lại."), field="figure", code="figure-large"
            )
        turned = ImageOps.exif_transpose(image)
        turned.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        clean = turned.convert("RGBA" if form == "PNG" and _is_see_through(turned) else "RGB")
        written = io.BytesIO()
        clean.save(written, form, **({"quality": 88} if form == "JPEG" else {"optimize": True}))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = N_("Tệp này không phải hình PNG hoặc JPEG, hoặc đã hỏng. Hãy chọn tệp khác.")
        raise RuleBroken(message, field="figure", code="figure") from error
    return written.getvalue(), _TYPES[form], clean.size


def find(digest: str) -> QuestionFigure | None:
    """A kept figure, None for no such."""
    return session().get(QuestionFigure, digest) if digest else None


def get(digest: str) -> QuestionFigure:
    """A kept figure; raises NotFound."""
    found = find(digest)
    if found is None:
        raise NotFound
    return found


def missing(digests: Collection[str]) -> set[str]:
    """Those of the digests that are no kept figure, in one statement."""
    if not digests:
        return set()
    known = session().scalars(select(QuestionFigure.digest).where(QuestionFigure.digest.in_(digests)))
    return set(digests) - set(known)


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
