"""Load the cited documents from `documents/*.yaml` of a course folder; the format is in docs/course-format.md."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import RuleBroken, RulesBroken
from lms.core.located_yaml import Located, read
from lms.corpus.models import Document

_TEXTS = ("kind", "title", "issuer")
_DAYS = ("issued_on", "in_force_from", "in_force_to")


def load(folder: Path) -> int:
    """Write every document of `folder/documents`; raises RulesBroken with file and line of each mistake."""
    documents, refusals = parse(folder)
    if refusals:
        raise RulesBroken(refusals)
    known = {document.key: document for document in session().scalars(select(Document))}
    for values in documents.values():
        document = known.get(values["key"])
        if document is None:
            document = Document(key=values["key"])
            session().add(document)
        for name, value in values.items():
            setattr(document, name, value)
    session().flush()
    return len(documents)


def parse(folder: Path) -> tuple[dict[str, dict[str, Any]], list[RuleBroken]]:
    """The documents' column values by key, and what is wrong with the files."""
    documents: dict[str, dict[str, Any]] = {}
    refusals: list[RuleBroken] = []
    for path in sorted((folder / "documents").glob("*.yaml")):
        place = f"documents/{path.name}"
        try:
            content = read(path, place)
            documents[path.stem] = _values(content, path.stem, place)
        except RuleBroken as refusal:
            refusals.append(refusal)
    for key, values in documents.items():
        for other in [*values["replaces"], *values["replaced_by"]]:
            if other not in documents:
                refusals.append(_wrong(f"documents/{key}.yaml:1", "Văn bản %(key)s không có trong thư mục.", key=other))
    return documents, refusals


def _values(content: Located, key: str, place: str) -> dict[str, Any]:
    if content.get("key") != key:
        raise _wrong(content.place("key", place), "Mục “key” phải là tên tệp, %(key)s.", key=key)
    values: dict[str, Any] = {"key": key, "number": content.get("number"), "source": content.get("source") or ""}
    for name in _TEXTS:
        values[name], values[f"{name}_en"] = content.both(name, place)
    for name in _DAYS:
        day = content.get(name)
        if day is not None and not isinstance(day, date):
            raise _wrong(content.place(name, place), "Mục “%(name)s” cần ngày dạng 2026-07-01.", name=name)
        values[name] = day
    if content.get("certainty") not in {"F", "M", "T"}:
        raise _wrong(content.place("certainty", place), "Mục “certainty” phải là F, M hoặc T.")
    values["certainty"] = content["certainty"]
    values["certainty_note"] = dict(content.get("certainty_note") or {})
    values["replaces"] = list(content.get("replaces") or [])
    values["replaced_by"] = list(content.get("replaced_by") or [])
    return values


def _wrong(where: str, message: str, **params: Any) -> RuleBroken:
    return RuleBroken(message, code="document", where=where, **params)
