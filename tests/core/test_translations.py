"""English is complete, said once, and keeps the placeholders of the Vietnamese."""

import re
from collections import defaultdict

from babel.messages.pofile import read_po

from lms.core.maintenance import missing_translations
from lms.places import PACKAGE

FILES = sorted((PACKAGE / "translations" / "en").glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%(?!\()")


def entries() -> list[tuple[str, str, list[str]]]:
    found = []
    for file in FILES:
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    strings = [message.string] if isinstance(message.string, str) else list(message.string)
                    found.append((file.stem, key, strings))
    return found


def test_every_text_has_its_english() -> None:
    assert missing_translations() == {}


def test_no_text_has_two_englishes() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for _file, key, strings in entries():
        said[key].add(strings[0])
    assert {key: words for key, words in said.items() if len(words) > 1} == {}


def test_placeholders_are_kept() -> None:
    for _file, key, strings in entries():
        for text in strings:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(key)), key
