"""Images in questions: drawn anew, kept once, shown to whoever is signed in, refused where they are none."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lms.accounts.models import Account
from lms.core.errors import RuleBroken
from lms.quizzes import figures
from lms.quizzes.models import QuestionBank
from tests.world import World

SignIn = Callable[[Account], FlaskClient]


def drawing(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A plain image."""
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **options)
    return made.getvalue()


def test_only_pixels_are_kept() -> None:
    told = PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    content = drawing(pnginfo=told)
    assert b"<script>" in content
    drawn, media_type, size = figures.redrawn(content + b"<script>tail</script>")
    assert (media_type, size) == ("image/png", (40, 30))
    assert b"script" not in drawn
    assert figures.redrawn(drawing("JPEG"))[1] == "image/jpeg"
    assert figures.redrawn(drawing(size=(3000, 1500)))[2] == (2000, 1000)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", drawing()[:60], drawing("GIF"), b"x" * 2_000_001],
    ids=["empty", "svg", "cut", "gif", "large"],
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        figures.redrawn(content)


def test_hand_in_and_show(world: World, bank: QuestionBank, client: FlaskClient, client_of: SignIn) -> None:
    address = f"/question-banks/{bank.id}/figures"
    browser = client_of(world.instructor)
    first = browser.post(address, data={"figure": (io.BytesIO(drawing()), "a.png")}).get_json()
    again = browser.post(address, data={"figure": (io.BytesIO(drawing()), "b.png")}).get_json()
    assert (first["digest"], first["width"], first["height"]) == (again["digest"], 40, 30)
    shown = client_of(world.trainee).get(first["address"])
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert client.get(first["address"]).status_code == 303
    assert browser.get("/question-figures/" + "0" * 64).status_code == 404
    refused = browser.post(address, data={"figure": (io.BytesIO(b"no"), "a.png")})
    assert refused.status_code == 422
    assert "không phải hình PNG hoặc JPEG" in refused.get_json()["message"]
    assert browser.post(address).status_code == 422
    assert client_of(world.other_instructor).post(address).status_code == 404
    assert client_of(world.trainee).post(address).status_code == 403
