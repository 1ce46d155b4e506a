"""Documents of an event: its programme as a PDF, marked as a specimen."""

from lms.core.letterhead import LEFT, RIGHT, official_head, specimen_mark
from lms.core.pdf import A4_PORTRAIT, Document, Sheet, Typeface, fit
from lms.core.text import fold
from lms.events.models import Event, HalfDay, Topic
from lms.events.uploads import Upload, checked

SUPERIOR = "CƠ QUAN CHỦ QUẢN MẪU"
AGENCY = "TRUNG TÂM BỒI DƯỠNG MẪU"
AGENCY_EN = "SPECIMEN TRAINING CENTRE"
SIGNER = "Người Ký Mẫu"

_HALVES = {"sang": "Buổi sáng", "chieu": "Buổi chiều"}
_LINE = 6.2


def documents_of(event: Event) -> list[tuple[Upload, str]]:
    """Each document with its title."""
    name = f"chuong-trinh-{fold(event.key)}.pdf"
    return [(checked(name, programme(event)), "Chương trình (mẫu)")]


def programme(event: Event) -> bytes:
    """The programme on one A4 page: half-days, hours, topics, speakers."""
    document = Document(
        title=f"Chương trình: {event.title}",
        author=AGENCY,
        subject="Chương trình",
        paper=A4_PORTRAIT,
        day=event.starts_on,
    )
    sheet = document.sheet()
    specimen_mark(sheet, 112.5, 165, 200, 50)
    y = official_head(sheet, SUPERIOR, AGENCY) + 18
    sheet.text(112.5, y, "CHƯƠNG TRÌNH", Typeface.SERIF_BOLD, 14)
    title = fit(event.title, Typeface.SERIF_BOLD, RIGHT - LEFT - 10, (13, 11, 4), field="title")
    y = sheet.lines(112.5, y + 8, title, 1.3) + 10
    for half_day in event.sessions:
        y = _half_day(sheet, half_day, y)
    return document.finish()


def _half_day(sheet: Sheet, half_day: HalfDay, y: float) -> float:
    sheet.text(LEFT, y, f"{_HALVES[half_day.half]}, {half_day.on:%d/%m/%Y}", Typeface.SERIF_BOLD, 13, align="left")
    for topic in half_day.topics:
        y = _topic(sheet, topic, y + _LINE + 1)
    return y + 2 * _LINE


def _topic(sheet: Sheet, topic: Topic, y: float) -> float:
    if topic.starts_at is not None:
        sheet.text(LEFT, y, f"{topic.starts_at:%H:%M}", Typeface.SERIF, 12, align="left")
    words = fit(topic.title, Typeface.SERIF, RIGHT - LEFT - 16, (12, 12, 3), field="topic")
    y = sheet.lines(LEFT + 16, y, words, 1.3, align="left")
    for speaker in topic.speakers:
        name = " ".join(part for part in (speaker.person.title, speaker.person.full_name) if part)
        y += _LINE - 0.6
        sheet.text(LEFT + 16, y, name, Typeface.SERIF_ITALIC, 12, align="left")
    return y
