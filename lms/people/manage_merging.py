"""People who may be one: the pairs side by side, what a merge will move, its record, taking it back."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken
from lms.core.i18n import _, explain
from lms.core.paging import paginate
from lms.core.permissions import Permission
from lms.core.web import see
from lms.people import belongings, duplicates, finding, merging, queries
from lms.people.likeness import REASONS
from lms.people.models import Person
from lms.people.views import Answer, blueprint

_PAIRS = 20
_CHOICES = 20


@blueprint.get("/duplicates")
@requires(Permission.SYSTEM)
def pairs() -> str:
    """Pairs who may be one, side by side, with what belongs to each."""
    page = paginate(session(), duplicates.listed(), request.args.get("page", 1, type=int), per_page=_PAIRS)
    ids = sorted({one for pair in page.rows for one in (pair.first_id, pair.second_id)})
    return render_template(
        "people/duplicates.html",
        page=page,
        counts=belongings.counts(ids),
        reasons=REASONS,
        dismissed=duplicates.dismissed(),
        merges=session().scalars(duplicates.merges().limit(_PAIRS)).all(),
    )


@blueprint.post("/duplicates")
@requires(Permission.SYSTEM)
def find_pairs() -> Answer:
    """Let a job look through everyone."""
    job = finding.enqueue(current_user.id, url_for("people.pairs"))
    return see(url_for("home.job", job_id=job.id))


@blueprint.post("/duplicates/<int:person_id>/<int:other_id>/dismissal")
@requires(Permission.SYSTEM)
def dismiss(person_id: int, other_id: int) -> Answer:
    """They are two people; or, after all, let them wait to be judged again."""
    if request.form.get("again"):
        duplicates.reconsider(person_id, other_id, current_user.id)
        flash(_("Cặp này chờ xem lại."), "ok")
    else:
        duplicates.dismiss(person_id, other_id, current_user.id)
        flash(_("Đã ghi: hai người khác nhau. Lần tìm sau không nêu cặp này nữa."), "ok")
    return see(url_for("people.pairs"))


@blueprint.get("/<int:person_id>/merge")
@requires(Permission.SYSTEM)
def choose(person_id: int) -> str:
    """Look for the other record of a person, where no search has found the pair."""
    person, text = queries.get_living(person_id), request.args.get("q", "")
    found = (
        session().scalars(queries.searched(text).where(Person.id != person.id).limit(_CHOICES)).all() if text else []
    )
    return render_template("people/merge_choose.html", person=person, q=text, found=found)


@blueprint.route("/<int:person_id>/merge/<int:other_id>", methods=["GET", "POST"])
@requires(Permission.SYSTEM)
def merge(person_id: int, other_id: int) -> Answer:
    """What will move to `person_id` when `other_id` is merged into them; then the act."""
    kept, gone = queries.get(person_id), queries.get(other_id)
    if request.method == "POST":
        try:
            record = merging.merge(kept, gone, current_user.id, seen=request.form.get("seen", ""))
        except RuleBroken as refusal:
            session().rollback()
            return _preview(queries.get(person_id), queries.get(other_id), refusal), 422
        flash(_("Đã gộp. Có thể tách lại bất cứ lúc nào."), "ok")
        return see(url_for("people.merge_record", merge_id=record.id))
    return _preview(kept, gone, None)


@blueprint.get("/merges/<int:merge_id>")
@requires(Permission.SYSTEM)
def merge_record(merge_id: int) -> str:
    """What a merge moved, what stayed, and what did not come back when it was taken back."""
    record = duplicates.get_merge(merge_id)
    labels = {one.name: one.label for one in belongings.handed_in()}
    moved: dict[str, Any] = {name: len(rows) for name, rows in record.moved.items() if "." in name}
    return render_template("people/merge.html", record=record, labels=labels, moved=moved, facts=merging.FACTS)


@blueprint.post("/merges/<int:merge_id>/separation")
@requires(Permission.SYSTEM)
def separate(merge_id: int) -> Answer:
    """Take a merge back."""
    record = duplicates.get_merge(merge_id)
    try:
        merging.separate(record, current_user.id)
    except RuleBroken as refusal:
        session().rollback()
        flash(explain(refusal), "bad")
    else:
        left = record.moved.get("left", [])
        if left:
            flash(_("Đã tách. %(count)s mục đã đổi từ lúc gộp nên ở lại.", count=len(left)), "warn")
        else:
            flash(_("Đã tách: mọi thứ trở về như trước khi gộp."), "ok")
    return see(url_for("people.merge_record", merge_id=merge_id))


def _preview(kept: Person, gone: Person, refusal: RuleBroken | None) -> str:
    if kept.id == gone.id:
        raise NotFound
    planned = merging.plan(kept, gone)
    told = {explain(one): None for one in ([refusal] if refusal else []) + planned.refusals}
    return render_template(
        "people/merge_preview.html", kept=kept, gone=gone, plan=planned, errors=[(text, None) for text in told]
    )
