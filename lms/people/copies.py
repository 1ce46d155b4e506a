"""A copy of everything held about a person: one JSON document, and the same as a page to read, in a zip."""

import io
import json
import zipfile
from typing import Any

from flask import render_template

from lms.core import clock
from lms.people import privacy
from lms.people.models import Person


def document(person: Person) -> dict[str, Any]:
    """The copy as plain JSON: each category with its purpose and records."""
    return {
        "person": person.full_name,
        "made_at": clock.local(clock.now()).isoformat(timespec="seconds"),
        "categories": [
            {
                "key": holding.category.key,
                "label": holding.category.label,
                "purpose": holding.category.purpose,
                "seen_by": holding.category.seen_by,
                "kept": holding.category.kept,
                "records": holding.records,
            }
            for holding in privacy.held(person)
        ],
    }


def as_json(person: Person) -> bytes:
    """The document as UTF-8 JSON."""
    return json.dumps(document(person), ensure_ascii=False, indent=1, default=str).encode()


def as_zip(person: Person) -> bytes:
    """The document, and a page of the same that any browser shows."""
    page = render_template(
        "people/copy.html", person=person, holdings=privacy.held(person), words=words, made_at=clock.now()
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("du-lieu.json", as_json(person))
        archive.writestr("doc-tai-day.html", page)
    return content.getvalue()


def words(value: Any) -> str:
    """A value of a record for reading: lists in a row, nested facts as name and value."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {words(one)}" for key, one in value.items() if one not in (None, ""))
    if isinstance(value, list):
        return "; ".join(words(one) for one in value) or "–"
    return str(value)
