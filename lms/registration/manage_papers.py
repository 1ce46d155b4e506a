"""Everything of an event that prints: letters, list, agenda, badges; the form of a letter; the order of precedence."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user

from lms.core.access import requires
from lms.core.db import session
from lms.core.errors import RuleBroken
from lms.core.i18n import _, lazy, ngettext
from lms.core.paging import PER_PAGE, Page, nearest
from lms.core.permissions import Permission
from lms.core.web import download, see
from lms.events.models import Event
from lms.paperwork import layout_docx, layout_pdf
from lms.paperwork.layout import Paper
from lms.registration import agenda_paper, letters, list_pdf, papers, printing, protocol, queries
from lms.registration.letter_forms import LetterForm, shown
from lms.registration.list_address import filters_of
from lms.registration.manage import Answer, managed
from lms.registration.models import Letter, LetterKind
from lms.registration.printing import ListOrder
from lms.registration.views import blueprint

LETTERS: Final[dict[str, Any]] = {
    LetterKind.CALL: lazy("Công văn triệu tập"),
    LetterKind.INVITATION: lazy("Giấy mời"),
}
LIST_ORDERS: Final[dict[str, Any]] = {
    ListOrder.UNIT: lazy("Theo đơn vị, xếp tên"),
    ListOrder.PRECEDENCE: lazy("Theo đơn vị, xếp chức vụ"),
    ListOrder.WHOLE: lazy("Toàn thể, theo thứ tự lễ tân"),
}
FACTS: Final[dict[str, Any]] = {
    "days": lazy("ngày tổ chức"),
    "hours": lazy("giờ các buổi"),
    "place": lazy("nơi tổ chức"),
    "deadline": lazy("hạn trả lời"),
}
_MEDIA: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_NAMES: Final = {LetterKind.CALL: "cong-van", LetterKind.INVITATION: "giay-moi"}
_ORDER_NAMES: Final = {
    ListOrder.UNIT: "theo-don-vi",
    ListOrder.PRECEDENCE: "theo-chuc-vu",
    ListOrder.WHOLE: "toan-the",
}
_FIELDS: Final = {
    "authority": "signer_authority",
    "post": "signer_post",
    "signer": "signer_name",
    "recipients": "copies",
}
"""Fields of the form by the parts of a paper that have another name."""
_LAST_PLACE: Final = 9999


@blueprint.get("/events/<key>/papers", endpoint="papers")
@requires(Permission.DELEGATES)
def papers_page(key: str) -> Answer:
    """What there is to print, and in what state."""
    event = managed(key)
    written = letters.written_letters(event)
    return render_template(
        "registration/papers.html",
        event=event,
        letters=[(str(kind), word, written.get(LetterKind(kind))) for kind, word in LETTERS.items()],
        orders=LIST_ORDERS,
        changed={str(kind): _changed(event, one) for kind, one in written.items()},
        unsure=[str(kind) for kind, one in written.items() if letters.is_unsure(event, one)],
        counts=queries.counts(event),
        specimen=event.specimen,
    )


@blueprint.route("/events/<key>/letters/<any(call,invitation):kind>", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def letter(key: str, kind: str) -> Answer:
    """Write a letter; a text composed from the event stands in the form at first."""
    event, wanted = managed(key), LetterKind(kind)
    saved = letters.find_letter(event, wanted)
    said = shown(saved or letters.letter_or_first(event, wanted, current_user))
    if saved and request.args.get("anew"):
        said["body"] = letters.composed(event, wanted, current_user).body
    form = LetterForm(data=said)
    if form.validate_on_submit():
        try:
            _try_to_print(event, letters.save(event, wanted, current_user, **form.words()))
        except RuleBroken as refusal:
            session().rollback()
            form.refuse(refusal)
        else:
            flash(_("Đã lưu. Hãy tải bản in và xem lại trước khi trình ký."), "ok")
            return see(url_for("registration.papers", key=key))
    page = render_template(
        "registration/letter.html",
        event=event,
        form=form,
        kind=str(wanted),
        title=LETTERS[wanted],
        saved=saved is not None,
        changed=_changed(event, saved) if saved else "",
        unsure=saved is not None and letters.is_unsure(event, saved),
        specimen=event.specimen,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/events/<key>/letters/<any(call,invitation):kind>.<any(pdf,docx):suffix>")
@requires(Permission.DELEGATES)
def letter_file(key: str, kind: str, suffix: str) -> Response:
    """A letter to print or to go on with in Word; before it is saved, its first text."""
    event, wanted = managed(key), LetterKind(kind)
    paper = letters.paper_of(event, letters.letter_or_first(event, wanted, current_user))
    return _sent(f"{key}-{_NAMES[wanted]}", suffix, partial(_drawn, paper, suffix))


@blueprint.get("/events/<key>/letters/invitation-for-each.pdf")
@requires(Permission.DELEGATES)
def invitation_for_each(key: str) -> Response:
    """The invitation once for every delegate, each with their name, in one file."""
    event = managed(key)
    lines = queries.all_delegates(event, filters_of(request.args, request.args.getlist("delegate")))
    written = letters.letter_or_first(event, LetterKind.INVITATION, current_user)
    each = letters.invitations_of(event, written, lines)
    return _sent(f"{key}-giay-moi-tung-nguoi", "pdf", partial(layout_pdf.draw, each))


@blueprint.get("/events/<key>/papers/list.<any(pdf,docx):suffix>")
@requires(Permission.DELEGATES)
def list_file(key: str, suffix: str) -> Response:
    """The delegate list in the order asked for: unit, precedence or whole."""
    event, wanted = managed(key), request.args.get("order", "")
    order = ListOrder(wanted) if wanted in LIST_ORDERS else ListOrder.UNIT
    content = printing.ordered_list(event, queries.delegates_of(event), order, papers.places_given(event))
    draw = partial(list_pdf.draw, content) if suffix == "pdf" else partial(_drawn, papers.list_paper(content), suffix)
    return _sent(f"{key}-danh-sach-{_ORDER_NAMES[order]}", suffix, draw)


@blueprint.get("/events/<key>/papers/agenda.<any(pdf,docx):suffix>")
@requires(Permission.DELEGATES)
def agenda_file(key: str, suffix: str) -> Response:
    """The agenda."""
    paper = agenda_paper.paper_of(managed(key))
    return _sent(f"{key}-chuong-trinh", suffix, partial(_drawn, paper, suffix))


@blueprint.get("/events/<key>/badges.docx")
@requires(Permission.DELEGATES)
def badges_docx(key: str) -> Response:
    """The badges of all, of a filter, or of the rows that were ticked, to be edited in Word."""
    event = managed(key)
    lines = queries.all_delegates(event, filters_of(request.args, request.args.getlist("delegate")))
    return download(printing.word_badges_of(event, lines), f"{key}-the.docx", _MEDIA["docx"])


@blueprint.route("/events/<key>/precedence", methods=["GET", "POST"])
@requires(Permission.DELEGATES)
def precedence(key: str) -> Answer:
    """The order of precedence as proposed from the posts, and the organizer's own places in it."""
    event = managed(key)
    errors: dict[int, str] = {}
    if request.method == "POST":
        places, errors = _places(queries.delegates_of(event))
        if not errors:
            changed = papers.give_places(event, places, current_user)
            flash(ngettext("Đã đổi chỗ %(num)s người.", "Đã đổi chỗ %(num)s người.", changed), "ok")
            return see(url_for("registration.precedence", key=key, page=request.args.get("page")))
    given = papers.places_given(event)
    lines = protocol.in_order(queries.delegates_of(event), given)
    page = _page(lines, request.args.get("page", 1, type=int))
    rows = [(line, protocol.rank_of(line.post, line.unit_name), given.get(line.id)) for line in page.rows]
    body = render_template(
        "registration/precedence.html",
        event=event,
        page=page,
        rows=rows,
        errors=errors,
        typed=request.form if errors else {},
        label_of=protocol.label_of,
        wrong=bool(errors),
        specimen=event.specimen,
    )
    return body, 422 if errors else 200


def _changed(event: Event, written: Letter) -> str:
    """What changed in the event after the letter was saved, in words; empty for nothing."""
    return ", ".join(str(FACTS[name]) for name in letters.changed_since(event, written))


def _places(lines: Sequence[Any]) -> tuple[dict[int, int | None], dict[int, str]]:
    """The places typed, by delegate of the event, and what is wrong with some of them."""
    places: dict[int, int | None] = {}
    errors: dict[int, str] = {}
    for line in lines:
        typed = request.form.get(f"place-{line.id}")
        if typed is None:
            continue
        text = typed.strip()
        if not text:
            places[line.id] = None
        elif text.isdecimal() and len(text) < 6 and 1 <= int(text) <= _LAST_PLACE:
            places[line.id] = int(text)
        else:
            errors[line.id] = _(
                "Chỗ của %(name)s cần là số từ 1 đến %(last)s, hoặc để trống.", name=line.full_name, last=_LAST_PLACE
            )
    return places, errors


def _page(lines: Sequence[Any], asked: int) -> Page[Any]:
    number = nearest(asked, len(lines))
    start = (number - 1) * PER_PAGE
    return Page(lines[start : start + PER_PAGE], number, PER_PAGE, len(lines))


def _try_to_print(event: Event, written: Letter) -> None:
    """Refuse now what could not be printed later. Raises RuleBroken on the field that does not fit."""
    try:
        printing.printed(partial(layout_pdf.draw, [letters.paper_of(event, written)]))
    except RuleBroken as refusal:
        refusal.field = _FIELDS.get(refusal.field or "", refusal.field)
        raise


def _drawn(paper: Paper, suffix: str) -> bytes:
    return layout_pdf.draw([paper]) if suffix == "pdf" else layout_docx.draw(paper)


def _sent(name: str, suffix: str, draw: Callable[[], bytes]) -> Response:
    return download(printing.printed(draw), f"{name}.{suffix}", _MEDIA[suffix])
