"""Questions of every kind on their way to a file, with the figures they show."""

from dataclasses import replace
from io import BytesIO

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image

from lms.quizzes.exchange.entries import Entry, digest_of
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.wording import Words
from tests.quizzes.contents import LETTERS, labels, words


def png(width: int = 400, height: int = 300, shade: int = 128) -> bytes:
    """A grey image."""
    out = BytesIO()
    Image.new("L", (width, height), shade).save(out, "PNG")
    return out.getvalue()


MAP = png()
SEAL = png(20, 20, 40)


@st.composite
def entries(draw: st.DrawFn, alphabet: str = LETTERS) -> Entry:
    """A question of any kind; some show a figure in their text."""
    made: Words = draw(words(alphabet))
    figures = {}
    if isinstance(made.content, Hotspot):
        made = replace(made, content=replace(made.content, figure=digest_of(MAP)))
        figures[digest_of(MAP)] = MAP
    if draw(st.integers(0, 4)) == 0:
        figures[digest_of(SEAL)] = SEAL
        shown = f"![con dấu](figure:{digest_of(SEAL)})"
        made = replace(made, stem=Both(f"{made.stem.vi}\n\n{shown}", made.stem.en and f"{made.stem.en} {shown}"))
    return Entry(made, draw(labels()), "", figures)


SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""Whole questions take a while to make, and longer on a busy machine."""
