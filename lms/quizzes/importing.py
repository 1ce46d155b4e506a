"""Files of questions for a bank: handed in, looked at, written once; and a bank as a file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.accounts.models import Account
from lms.core import audit, clock, files
from lms.core.db import session
from lms.core.errors import N_, RuleBroken
from lms.quizzes import exchange, figures, service
from lms.quizzes.exchange.entries import Entry, Loss, Reading
from lms.quizzes.exchange.texts import figures_of, rewritten
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.hotspot import Hotspot
from lms.quizzes.models import Difficulty, Question, QuestionBank, QuestionImport
from lms.quizzes.origins import refuse_files
from lms.quizzes.wording import Labels, Words

ENDINGS = {"gift": "txt", "aiken": "txt", "moodle-xml": "xml", "xlsx": "xlsx"}
"""Format -> ending of its file names."""
WRITTEN = N_("Tệp này đã được nhập rồi. Hãy tải tệp lên lại nếu muốn nhập nữa.")


@dataclass(frozen=True)
class Look:
    """What a file would add to a bank.

    `known`: places in `reading.entries` of questions that say the same as one in the bank, or as one before in the
    file; they are not written.
    """

    reading: Reading
    known: frozenset[int]

    @property
    def new(self) -> list[int]:
        """Places in `reading.entries` of the questions that would be added."""
        return [place for place in range(len(self.reading.entries)) if place not in self.known]


@dataclass(frozen=True)
class Exported:
    """A bank as a file, and what the file does not say; `count` questions are in it."""

    content: bytes
    losses: list[Loss]
    count: int


def hand_in(account: Account, bank: QuestionBank, file_name: str, content: bytes, form: str = "auto") -> QuestionImport:
    """Keep a file for a bank; raises RuleBroken for a bank from files and for a file that cannot be read at all."""
    refuse_files(bank)
    reading = exchange.read(file_name, content, form)
    unreadable = reading.unreadable
    if unreadable is not None:
        raise RuleBroken(unreadable.message, field="file", code=unreadable.code, **unreadable.params)
    handed = QuestionImport(
        bank=bank,
        account_id=account.id,
        file_name=file_name[-200:],
        digest=files.store(content),
        format=reading.format,
    )
    session().add(handed)
    session().flush()
    return handed


def look(handed: QuestionImport) -> Look:
    """What the file says, and which of it the bank has already; writes nothing."""
    reading = exchange.read(handed.file_name, files.read(handed.digest), handed.format)
    return compare(handed.bank, reading)


def compare(bank: QuestionBank, reading: Reading) -> Look:
    """Which questions of a reading the bank has already."""
    seen = set(session().scalars(select(Question.fingerprint).where(Question.bank_id == bank.id)))
    known = set()
    for place, entry in enumerate(reading.entries):
        fingerprint = _as_kept(entry).fingerprint()
        if fingerprint in seen:
            known.add(place)
        seen.add(fingerprint)
    return Look(reading, frozenset(known))


def write(account: Account, handed: QuestionImport, chosen: Collection[int] | None = None) -> int:
    """Add the chosen new questions (places in the reading; None: all), all or nothing; how many were added.

    Raises RuleBroken (written) for a file that was written before, and for a figure that cannot be kept.
    """
    locked = session().scalar(
        select(QuestionImport)
        .where(QuestionImport.id == handed.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None or locked.written_at is not None:
        raise RuleBroken(WRITTEN, code="written")
    found = look(locked)
    wanted = [place for place in found.new if chosen is None or place in chosen]
    entries = [found.reading.entries[place] for place in wanted]
    locked.added = add(account, locked.bank, entries, locked.file_name)
    locked.written_at = clock.now()
    session().flush()
    return locked.added


def add(account: Account | None, bank: QuestionBank, entries: Collection[Entry], file_name: str) -> int:
    """Add questions with their figures to a bank, all or nothing; how many. Raises RuleBroken, RulesBroken."""
    refuse_files(bank)
    actor_id = account.id if account else None
    for entry in entries:
        kept = {digest: _keep(actor_id, one) for digest, one in entry.figures.items()}
        service.add_question(bank, _with_figures(entry, kept), entry.labels)
    about = f"question-bank:{bank.id}"
    audit.record("question-bank.import", about, actor_id=actor_id, file=file_name, added=len(entries))
    return len(entries)


def export(bank: QuestionBank, form: str) -> Exported:
    """The bank's questions in use as a file, in their order; raises KeyError for a format that is not written."""
    entries = entries_of(bank)
    told = [exchange.SAID[form](entry) for entry in entries]
    count = sum(kept is not None for kept, _losses in told)
    return Exported(exchange.write(entries, form), [loss for _kept, losses in told for loss in losses], count)


def entries_of(bank: QuestionBank) -> list[Entry]:
    """The bank's questions in use, each as it is asked next, with the bytes of its figures."""
    questions = session().scalars(
        select(Question)
        .where(Question.bank_id == bank.id, Question.retired_at.is_(None))
        .order_by(Question.position)
        .options(selectinload(Question.current_version), selectinload(Question.tags))
    )
    return [_entry(question) for question in questions]


def _entry(question: Question) -> Entry:
    words = Words.of(question.current_version)
    labels = Labels(
        topic=question.topic,
        difficulty=Difficulty(question.difficulty),
        title=question.title,
        category=question.category,
        tags=tuple(tag.tag for tag in question.tags),
    )
    shown = {digest: files.read(digest) for digest in figures_of(words) if files.path_of(digest).is_file()}
    return Entry(words, labels, question.key, shown)


def _as_kept(entry: Entry) -> Words:
    """The words with the digests that their figures would have once they are kept."""
    digests = {digest: _digest_once_kept(digest, one) for digest, one in entry.figures.items()}
    return _with_figures(entry, {digest: (new, None) for digest, new in digests.items()})


def _digest_once_kept(digest: str, content: bytes) -> str:
    if figures.find(digest) is not None:
        return digest
    try:
        return sha256(figures.redrawn(_in_kept_form(content))[0]).hexdigest()
    except RuleBroken:
        return digest


def _keep(account_id: int | None, content: bytes) -> tuple[str, tuple[int, int] | None]:
    """The digest and size of a kept figure; one that was ours before stays as it is."""
    figure = figures.find(sha256(content).hexdigest())
    if figure is None:
        figure = figures.keep(_in_kept_form(content), account_id)
    return figure.digest, (figure.width, figure.height)


def _in_kept_form(content: bytes) -> bytes:
    """GIF and WebP as PNG, their first picture; raises RuleBroken for what is no image."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.format in {"PNG", "JPEG"}:
                return content
            out = BytesIO()
            image.convert("RGBA").save(out, "PNG")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        message = N_("Tệp này không phải hình PNG hoặc JPEG, hoặc đã hỏng. Hãy chọn tệp khác.")
        raise RuleBroken(message, field="figure", code="figure") from error


def _with_figures(entry: Entry, kept: Mapping[str, tuple[str, tuple[int, int] | None]]) -> Words:
    """The words with other digests; raises RuleBroken where the zones of an image would no longer fit it."""

    def change(both: Both) -> Both:
        return Both(moved(both.vi), moved(both.en))

    def moved(text: str) -> str:
        for digest, (new, _size) in kept.items():
            text = text.replace(f"figure:{digest}", f"figure:{new}") if digest in text else text
        return text

    words = rewritten(entry.words, change)
    content = words.content
    if isinstance(content, Hotspot) and content.figure in kept:
        digest, size = kept[content.figure]
        if size is not None and size != (content.width, content.height):
            message = N_(
                "Hình của câu “%(title)s” bị đổi cỡ khi lưu, các vùng không còn đúng chỗ. Hãy thu nhỏ hình trước."
            )
            raise RuleBroken(message, code="figure-size", where=entry.where, title=entry.title)
        words = replace(words, content=replace(content, figure=digest))
    return words
