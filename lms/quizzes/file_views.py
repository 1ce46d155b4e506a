"""Files of questions at a bank: handed in, looked at, written once; the bank as a file, what it does not say first."""

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import rich_text
from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import NotFound, RuleBroken, RulesBroken
from lms.core.i18n import _, explain, ngettext
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.quizzes import bank_queries, exchange, importing, queries
from lms.quizzes.exchange.entries import LARGEST_FILE, place
from lms.quizzes.file_forms import FORMATS, QuestionFileForm
from lms.quizzes.labels import KINDS
from lms.quizzes.models import QuestionBank, QuestionImport
from lms.quizzes.pages import blueprint

MEDIA_TYPES = {"txt": "text/plain", "xml": "application/xml", "zip": "application/zip"}
SHOWN = 300
"""Questions of a file that are listed; all of them are written."""


@blueprint.get("/question-banks/<int:bank_id>/imports/new")
@blueprint.post("/question-banks/<int:bank_id>/imports/new")
@requires(Permission.QUESTIONS)
def new_import(bank_id: int) -> str | BaseResponse | tuple[str, int]:
    """Hand in a file; nothing of it is written yet."""
    bank = queries.get_bank(current_user, bank_id)
    if bank.from_files:
        raise NotFound
    form = QuestionFileForm()
    form.format.choices = [(one, word) for one, word in FORMATS.items() if one == "auto" or one in exchange.READERS]
    if form.validate_on_submit():
        try:
            handed = _hand_in(bank, form)
        except RuleBroken as refusal:
            session().rollback()
            bank = queries.get_bank(current_user, bank_id)
            form.refuse(refusal)
        else:
            return see(url_for("quizzes.question_import", bank_id=bank.id, file_id=handed.id))
    page = render_template(
        "quizzes/bank_import_new.html", form=form, bank=bank, earlier=bank_queries.imports(bank), formats=FORMATS
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/question-banks/<int:bank_id>/imports/<int:file_id>")
@requires(Permission.QUESTIONS)
def question_import(bank_id: int, file_id: int) -> str:
    """What a file says: questions that are new, known, refused with place and reason."""
    return _import_page(_handed(bank_id, file_id))


@blueprint.post("/question-banks/<int:bank_id>/imports/<int:file_id>")
@requires(Permission.QUESTIONS)
def write_import(bank_id: int, file_id: int) -> BaseResponse | tuple[str, int]:
    """Write the ticked questions of a file, all or nothing, once."""
    handed = _handed(bank_id, file_id)
    try:
        chosen = set(request.form.getlist("place", int)) | set(request.form.getlist("beyond", int))
        added = importing.write(current_user, handed, chosen)
    except (RuleBroken, RulesBroken) as refusal:
        session().rollback()
        first = refusal.refusals[0] if isinstance(refusal, RulesBroken) else refusal
        return _import_page(_handed(bank_id, file_id), explain(first)), 422
    flash(ngettext("Đã ghi %(num)s câu.", "Đã ghi %(num)s câu.", added), "ok")
    return see(url_for("quizzes.bank", bank_id=bank_id))


@blueprint.get("/question-banks/<int:bank_id>/export")
@requires(Permission.QUESTIONS)
def export_bank(bank_id: int) -> str:
    """Choose a format; what it cannot say stands there before anything is downloaded."""
    bank = queries.get_bank(current_user, bank_id)
    chosen = request.args.get("format", "")
    losses = exchange.losses(importing.entries_of(bank), chosen) if chosen in exchange.WRITERS else []
    return render_template(
        "quizzes/bank_export.html",
        bank=bank,
        formats={one: FORMATS[one] for one in FORMATS if one in exchange.WRITERS},
        chosen=chosen if chosen in exchange.WRITERS else "",
        losses=losses,
        told=[(rich_text.plain(loss.title), _(loss.what, **loss.params)) for loss in losses[:SHOWN]],
    )


@blueprint.get("/question-banks/<int:bank_id>/export/file")
@requires(Permission.QUESTIONS)
def bank_file(bank_id: int) -> Response:
    """The bank as a file of a format."""
    bank = queries.get_bank(current_user, bank_id)
    form = request.args.get("format", "")
    if form not in exchange.WRITERS:
        raise NotFound
    ending = importing.ENDINGS[form]
    media_type = MEDIA_TYPES.get(ending, "application/octet-stream")
    return download(importing.export(bank, form).content, f"{bank.title[:80]}.{ending}", media_type)


def _hand_in(bank: QuestionBank, form: QuestionFileForm) -> QuestionImport:
    uploaded = form.file.data
    content = uploaded.read(LARGEST_FILE + 1) if uploaded else b""
    if not content:
        raise RuleBroken(_("Chưa chọn tệp, hoặc tệp trống. Hãy chọn tệp."), field="file", code="no-file")
    if len(content) > LARGEST_FILE:
        raise RuleBroken(_("Tệp lớn quá 20 MB. Hãy chia thành nhiều tệp."), field="file", code="large")
    return importing.hand_in(current_user, bank, uploaded.filename or "", content, form.format.data)


def _handed(bank_id: int, file_id: int) -> QuestionImport:
    return bank_queries.get_import(queries.get_bank(current_user, bank_id), file_id)


def _import_page(handed: QuestionImport, refusal: str | None = None) -> str:
    found = importing.look(handed)
    entries = found.reading.entries
    new = [] if handed.written_at else found.new
    refused = []
    for one in found.reading.refused:
        refused.append((_placed(one.where), _(one.message, **one.params)))
    return render_template(
        "quizzes/bank_import.html",
        bank=handed.bank,
        handed=handed,
        refusal=refusal,
        entries=[(at, entries[at], _placed(entries[at].where)) for at in new[:SHOWN]],
        beyond=new[SHOWN:],
        known=[entries[at] for at in sorted(found.known)],
        plain=rich_text.plain,
        refused=refused,
        count=len(new),
        kinds=KINDS,
        formats=FORMATS,
    )


def _placed(where: str) -> str:
    """A place in a file in the reader's words."""
    message, params = place(where)
    return str(_(message, **params)) if params else message
