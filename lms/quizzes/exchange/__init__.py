"""Questions in the files of other systems: GIFT, Aiken, Moodle XML, and a spreadsheet. Pure, one module a format.

A format has a reader, which raises nothing whatever the bytes, and where it can be written a writer and `said`: what of
an entry it can say. Reading what was written gives exactly what `said` gives, and that is the entry itself where there
is no loss.
"""

from collections.abc import Callable, Sequence

from lms.core.errors import N_
from lms.quizzes.exchange import (
    aiken,
    gift,
    gift_out,
    moodle_xml,
    moodle_xml_out,
    moodle_xml_said,
    spreadsheet,
    spreadsheet_out,
)
from lms.quizzes.exchange.entries import Entry, Loss, Reading, no_reading
from lms.quizzes.exchange.sniffing import sniff

READERS: dict[str, Callable[[bytes], Reading]] = {
    "gift": gift.read,
    "aiken": aiken.read,
    "moodle-xml": moodle_xml.read,
    "xlsx": spreadsheet.read,
}
"""Format -> reader."""

WRITERS: dict[str, Callable[[Sequence[Entry]], bytes]] = {
    "gift": gift_out.write,
    "moodle-xml": moodle_xml_out.write,
    "xlsx": spreadsheet_out.write,
}
"""Format -> writer."""

SAID: dict[str, Callable[[Entry], tuple[Entry | None, list[Loss]]]] = {
    "gift": gift_out.said,
    "moodle-xml": moodle_xml_said.said,
    "xlsx": spreadsheet_out.said,
}
"""Format -> what of an entry it can say (None: nothing, the question is left out)."""


def read(name: str, content: bytes, form: str = "auto") -> Reading:
    """The questions of a file; raises nothing but KeyError for an unknown format. "auto" looks at name and bytes."""
    if form == "auto":
        form = sniff(name, content)
        if form not in READERS:
            return no_reading(form, "format", N_("Không nhận ra dạng của tệp này."))
    return READERS[form](content)


def write(entries: Sequence[Entry], form: str) -> bytes:
    """A file of the questions; those of which the format can say nothing are left out, see `losses`."""
    return WRITERS[form](entries)


def losses(entries: Sequence[Entry], form: str) -> list[Loss]:
    """Everything that a file of this format would not say, question by question."""
    return [loss for entry in entries for loss in SAID[form](entry)[1]]
