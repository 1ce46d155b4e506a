"""Two languages: message ids are Vietnamese, English is their only catalogue, one .po file a feature.

Dates and numbers: 07/8/2024 and 1.234,56 in Vietnamese (NĐ 30/2020: a leading zero for days under 10 and months
1 and 2), 7 August 2024 and 1,234.56 in English.
"""

import hashlib
import os
import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_translations, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_login import current_user
from markupsafe import Markup

from lms.core import clock
from lms.core.errors import RuleBroken
from lms.places import PACKAGE

__all__ = ["LANGUAGES", "_", "explain", "in_language", "lazy", "locale", "ngettext"]

LANGUAGES = ("vi", "en")
PREFERENCE_COOKIE = "lms_language"
_UNBOUND = object()


def locale() -> str:
    """The reader's language: their last choice in this browser, else their account's, else Vietnamese."""
    if not has_request_context():
        return "vi"
    found: str | None = g.get("lms_locale")
    if found is None:
        chosen = request.cookies.get(PREFERENCE_COOKIE)
        if chosen not in LANGUAGES:
            chosen = getattr(current_user, "language", None) if current_user else None
        found = g.lms_locale = chosen if chosen in LANGUAGES else "vi"
    return found


def in_language(vietnamese: str, english: str | None) -> str:
    """The reader's version of a text that is stored in both; Vietnamese where English is missing."""
    return english if english and locale() == "en" else vietnamese


def explain(refusal: RuleBroken) -> str:
    """A refusal in the reader's language."""
    return str(_(refusal.message, **refusal.params))


def day(value: date | datetime | None) -> str:
    """A day: 07/8/2024 or 7 August 2024; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return clock.english_day(value) if locale() == "en" else clock.short_day(value)


def hour(value: datetime | Any | None) -> str:
    """A time of day on a 24-hour clock: 07:56."""
    if value is None:
        return ""
    return (clock.local(value) if isinstance(value, datetime) else value).strftime("%H:%M")


def moment(value: datetime | None) -> str:
    """A moment: 07:56 07/8/2024 or 07:56, 7 August 2024."""
    if value is None:
        return ""
    return f"{hour(value)}{',' if locale() == 'en' else ''} {day(value)}"


def days(first: date, last: date) -> str:
    """A span of days, said once where it is one day."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def number(value: int | float | Decimal | None, digits: int | None = None) -> str:
    """A number with the reader's separators; `digits` fixes the decimals, else up to two are shown."""
    if value is None:
        return ""
    if digits is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.{digits}f}"
    return text if locale() == "en" else text.translate(str.maketrans(",.", ".,"))


def filesize(value: int) -> str:
    """A file's size in kB or MB."""
    return f"{number(value / 1e6, 1)} MB" if value >= 1_000_000 else f"{number(max(1, round(value / 1e3)))} kB"


def init_app(app: Flask, cache: Path) -> None:
    """Choose the language of each request and give templates the words, dates and numbers."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled_catalogues(PACKAGE / "translations", cache))
    Babel(app, locale_selector=locale)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=_word, gettext=_word, ngettext=_count_word)
    app.jinja_env.filters.update(
        day=day,
        short_day=clock.short_day,
        english_day=clock.english_day,
        days=days,
        hour=hour,
        clock=hour,
        moment=moment,
        number=number,
        filesize=filesize,
        explain=explain,
    )
    app.jinja_env.globals.update(locale=_Locale(), in_language=in_language)


class _Locale:
    """The template's `locale`: prints and compares as the language's code."""

    def __str__(self) -> str:
        return locale()

    def __eq__(self, other: object) -> bool:
        return locale() == other

    def __hash__(self) -> int:
        return hash(locale())

    def __html__(self) -> Markup:
        return Markup(locale())


def _catalogue() -> Any:
    # flask_babel.gettext costs 8 µs a call; a page has a hundred. The bound catalogue costs 0.3.
    found = g.get("lms_catalogue", _UNBOUND)
    if found is _UNBOUND:
        translations = get_translations()
        found = g.lms_catalogue = None if type(translations) is NullTranslations else translations
    return found


def _word(message: str, **values: Any) -> Markup:
    """A template's word, escaped values put in; "%%" is a percent sign, as in Jinja's own new style."""
    catalogue = _catalogue()
    text = message if catalogue is None else catalogue.ugettext(message)
    return Markup(text) % values if "%" in text else Markup(text)


def _count_word(singular: str, plural: str, n: int, **values: Any) -> Markup:
    catalogue = _catalogue()
    text = plural if catalogue is None else catalogue.ungettext(singular, plural, n)
    return Markup(text) % {"num": n, **values}


def compiled_catalogues(source: Path, cache: Path) -> Path:
    """Merge `source/en/*.po` into one compiled catalogue under `cache`, again only when a file changed."""
    files = sorted((source / "en").glob("*.po"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    folder = cache / f"translations-{digest}"
    target = folder / "en" / "LC_MESSAGES" / "messages.mo"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as compiled:
            write_mo(compiled, merged_catalogue(files))
        os.replace(compiled.name, target)
    return folder


def merged_catalogue(files: list[Path]) -> Catalog:
    """One English catalogue of all features."""
    merged = Catalog(locale="en")
    for file in files:
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if message.id and message.string:
                    merged.add(message.id, message.string)
    return merged
