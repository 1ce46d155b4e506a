"""The register's pages."""

from datetime import date

from flask import Blueprint, render_template, request

from lms.core import clock
from lms.core.access import signed_in
from lms.core.db import session
from lms.core.paging import paginate
from lms.units import queries
from lms.units.models import UnitKind

blueprint = Blueprint("units", __name__, url_prefix="/units")


@blueprint.get("/")
@signed_in
def index() -> str:
    """Units as they were on a day, searched without accents."""
    text, kind = request.args.get("q", ""), request.args.get("kind", "")
    day = _day(request.args.get("as_of")) or clock.today()
    chosen = UnitKind(kind) if kind in set(UnitKind) else None
    page = paginate(session(), queries.listed(text, chosen, day), request.args.get("page", 1, type=int))
    return render_template("units/index.html", page=page, q=text, kind=kind, as_of=day, kinds=list(UnitKind))


@blueprint.get("/<key>")
@signed_in
def show(key: str) -> str:
    """One unit: its life span, what it came from and what it became."""
    unit = queries.get(key)
    return render_template(
        "units/show.html", unit=unit, successors=queries.successors(unit), predecessors=queries.predecessors(unit)
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
