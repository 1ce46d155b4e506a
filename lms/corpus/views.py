"""The cited documents: each with its dates, its state today, and how sure we are of it."""

from flask import Blueprint, render_template

from lms.core import clock
from lms.core.access import public
from lms.corpus import queries

blueprint = Blueprint("corpus", __name__, url_prefix="/documents")


@blueprint.get("/")
@public
def index() -> str:
    """All cited documents."""
    return render_template("corpus/index.html", documents=queries.numbered_first(), today=clock.today())


@blueprint.get("/<key>")
@public
def show(key: str) -> str:
    """One document, and those it replaced or was replaced by."""
    document = queries.get(key)
    others = queries.by_key([*document.replaces, *document.replaced_by])
    return render_template("corpus/show.html", document=document, others=others, today=clock.today())
