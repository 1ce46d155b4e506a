"""Files of questions for a bank: looked at, written once, known questions left out, figures kept; a bank as a file."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from sqlalchemy import func, select

from lms.core import files
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.quizzes import exchange, importing, service
from lms.quizzes.exchange.entries import Entry, digest_of
from lms.quizzes.kinds.choice import true_false
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.models import Question, QuestionBank, QuestionFigure
from lms.quizzes.wording import Labels, Words
from tests.quizzes.conftest import ALL_WORDS
from tests.quizzes.exchange.entries import MAP, entries, png
from tests.world import World

GIFT = """\
Ai phát ngôn?{=Người được giao ~Bất kỳ ai}

Hỏng{

ai  PHÁT ngôn {~Bất kỳ ai =Người được giao}

24 giờ là đủ.{T}
"""


@pytest.fixture
def empty(world: World) -> QuestionBank:
    """A bank without questions."""
    return service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng nhập")


def count(bank: QuestionBank) -> int:
    """Questions of a bank."""
    return session().scalar(select(func.count()).where(Question.bank_id == bank.id)) or 0


def picture(form: str) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(out, form)
    return out.getvalue()


def shown(content: bytes) -> bytes:
    """A file of one question that shows a figure."""
    words = Words(true_false(True), Both(f"Đây là con dấu ![dấu](figure:{digest_of(content)})"))
    return exchange.write([Entry(words, Labels(), "", {digest_of(content): content})], "moodle-xml")


def test_a_file_is_looked_at_and_written_once(world: World, empty: QuestionBank) -> None:
    handed = importing.hand_in(world.instructor, empty, "cau-hoi.txt", GIFT.encode())
    found = importing.look(handed)
    assert (handed.format, found.new, found.known) == ("gift", [0, 2], frozenset({1}))
    assert [one.where for one in found.reading.refused] == ["line 3"]
    assert count(empty) == 0
    assert importing.write(world.instructor, handed) == 2
    assert (count(empty), handed.added, handed.written_at is not None) == (2, 2, True)
    with pytest.raises(RuleBroken, match="đã được nhập"):
        importing.write(world.instructor, handed)
    again = importing.hand_in(world.instructor, empty, "cau-hoi.txt", GIFT.encode())
    assert importing.look(again).new == []
    assert importing.write(world.instructor, again) == 0
    assert count(empty) == 2


def test_only_the_chosen_questions_are_written(world: World, empty: QuestionBank) -> None:
    handed = importing.hand_in(world.instructor, empty, "cau-hoi.txt", GIFT.encode())
    assert importing.write(world.instructor, handed, {1, 2}) == 1
    (question,) = session().scalars(select(Question).where(Question.bank_id == empty.id))
    assert question.kind == "truefalse"


def test_an_unreadable_file_and_a_bank_from_files_are_refused(world: World, empty: QuestionBank) -> None:
    with pytest.raises(RuleBroken) as refused:
        importing.hand_in(world.instructor, empty, "a.xml", b"<quiz><!DOCTYPE x></quiz>", "moodle-xml")
    assert (refused.value.field, refused.value.code) == ("file", "not-xml")
    empty.key = "from-files"
    with pytest.raises(RuleBroken, match="tệp của khóa học"):
        importing.hand_in(world.instructor, empty, "a.txt", GIFT.encode())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_figures_are_kept_drawn_anew(world: World, empty: QuestionBank, form: str) -> None:
    content = shown(picture(form))
    assert importing.write(world.instructor, importing.hand_in(world.instructor, empty, "a.xml", content)) == 1
    (entry,) = importing.entries_of(empty)
    ((digest, kept),) = entry.figures.items()
    assert f"figure:{digest}" in entry.words.stem.vi
    figure = session().get(QuestionFigure, digest)
    assert figure is not None
    assert (figure.width, figure.height, figure.account_id) == (30, 20, world.instructor.id)
    assert figure.media_type in {"image/png", "image/jpeg"}
    assert files.read(digest) == kept
    again = importing.hand_in(world.instructor, empty, "a.xml", content)
    assert importing.look(again).new == []
    back = importing.hand_in(world.instructor, empty, "b.xml", importing.export(empty, "moodle-xml").content)
    assert importing.look(back).new == []


def test_zones_that_no_longer_fit_their_image_are_refused(world: World, empty: QuestionBank) -> None:
    wide = png(2400, 100)
    zones = (Zone(Shape.CIRCLE, (50, 50, 20)),)
    for image, width, height in ((MAP, 400, 300), (wide, 2400, 100)):
        content = Hotspot(digest_of(image), width, height, Both("bản đồ"), zones)
        entry = Entry(Words(content, Both(f"Chỉ trên hình {width}")), Labels(), "", {digest_of(image): image})
        handed = importing.hand_in(world.instructor, empty, "a.xml", exchange.write([entry], "moodle-xml"))
        if width == 400:
            assert importing.write(world.instructor, handed) == 1
        else:
            with pytest.raises(RuleBroken) as refused:
                importing.write(world.instructor, handed)
            assert refused.value.code == "figure-size"


def test_a_bank_is_written_with_what_is_lost(world: World, bank: QuestionBank) -> None:
    exported = importing.export(bank, "moodle-xml")
    assert exported.count == len(ALL_WORDS)
    assert {loss.code for loss in exported.losses} == {"topic", "cites"}
    reading = exchange.read("a.xml", exported.content)
    assert [entry.words for entry in reading.entries] == [replace(words, cites=[]) for words in ALL_WORDS]
    whole = importing.export(bank, "xlsx")
    assert whole.losses == []
    assert [entry.words for entry in exchange.read("a.xlsx", whole.content).entries] == list(ALL_WORDS)


def test_a_retired_question_is_not_written_yet_still_known(world: World, bank: QuestionBank) -> None:
    before = importing.export(bank, "gift").content
    service.retire(world.instructor, bank.questions[0])
    assert importing.export(bank, "gift").count == len(ALL_WORDS) - 1
    handed = importing.hand_in(world.instructor, bank, "a.txt", before)
    assert importing.look(handed).new == []


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))  # each example is rolled back
@given(made=entries())
def test_whatever_is_read_can_be_stored(world: World, made: Entry) -> None:
    with session().begin_nested() as savepoint:
        bank = service.create_bank(world.instructor, world.units["so-lam-khe"], "Ngân hàng thử")
        reading: Any = exchange.read("a.xml", exchange.write([made], "moodle-xml"))
        assert importing.add(None, bank, reading.entries, "a.xml") == len(reading.entries)
        session().expire_all()
        kept = importing.entries_of(bank)
        assert [entry.words.kind for entry in kept] == [entry.words.kind for entry in reading.entries]
        savepoint.rollback()
