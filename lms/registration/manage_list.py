"""The delegate list as a page, as a file and as badges: the same rows, order and columns in each."""

from typing import Any

from flask import Response, render_template, request, url_for

from lms.core.access import requires
from lms.core.db import session
from lms.core.i18n import _, in_language, ngettext, number
from lms.core.permissions import Permission
from lms.core.web import XLSX, download, see
from lms.events.models import Event
from lms.registration import bulk, exports, list_columns, listing, printing, queries, table_pdf
from lms.registration.list_address import (
    COLUMNS_COOKIE,
    cleared,
    columns_of,
    filters_of,
    is_narrowed,
    kept_filters,
    order_of,
    turned,
)
from lms.registration.list_columns import COLUMNS
from lms.registration.listing import HALL, Filters, ListPage
from lms.registration.manage import Answer, managed
from lms.registration.views import blueprint
from lms.registration.words import ACTS, LINE_STATES, ORDERS, ROLES, STATE_KINDS, STATES
from lms.units.models import Unit

_YEAR = 365 * 24 * 3600


@blueprint.get("/events/<key>/delegates")
@requires(Permission.DELEGATES)
def delegates(key: str) -> Answer:
    """The list: search, filters, a page of rows; with HX-Request only the table, as it is fetched while one types."""
    event, filters = managed(key), filters_of(request.args)
    part = "HX-Request" in request.headers
    counts = None if part else queries.counts(event)
    total = counts.active if counts is not None and not is_narrowed(filters) else None
    page = queries.list_delegates(event, filters, request.args.get("page", 1, type=int), total=total)
    values = _table(event, filters, page)
    if part:
        return render_template("registration/_delegates.html", **values)
    done = request.args.get("done", 0, type=int)
    return render_template(
        "registration/delegates.html",
        **values,
        counts=counts,
        seats=event.seats if event.seats is not None else queries.quota_seats(event),
        units=queries.units_to_filter(event),
        outcome=bulk.find_outcome(event, done) if done else None,
        reasons=bulk.REASONS,
        states=STATES,
        orders=ORDERS,
        columns=COLUMNS,
        roles=ROLES,
        order=order_of(filters) or "unit",
        specimen=event.specimen,
    )


@blueprint.post("/events/<key>/delegates/columns")
@requires(Permission.DELEGATES)
def list_columns_chosen(key: str) -> Answer:
    """Choose which columns the list shows; this browser remembers them, and the address bears them."""
    event, filters = managed(key), filters_of(request.form)
    found = list_columns.chosen(".".join(request.form.getlist("column")))
    written = ".".join(found) if "usual" not in request.form else ""
    answer = see(list_url(event, filters, columns=written))
    if written:
        answer.set_cookie(COLUMNS_COOKIE, written, max_age=_YEAR, path="/events", samesite="Lax", httponly=True)
    else:
        answer.delete_cookie(COLUMNS_COOKIE, path="/events")
    return answer


@blueprint.get("/events/<key>/delegates.<any(xlsx,csv,pdf):form>")
@requires(Permission.DELEGATES)
def export(key: str, form: str) -> Response:
    """The list as on the screen, all its pages, or only the rows that were ticked."""
    event = managed(key)
    filters = filters_of(request.args, request.args.getlist("delegate"))
    lines = listing.all_delegates(event, filters)
    columns = columns_of(request.args, request.cookies, points=bool(event.points))
    headings, rows = list_columns.headings(columns), list_columns.rows(lines, columns)
    title, name = in_language(event.title, event.title_en), f"{key}-danh-sach.{form}"
    if form == "csv":
        return download(exports.to_csv(headings, rows), name, "text/csv")
    if form == "xlsx":
        return download(exports.to_xlsx(title, headings, rows), name, XLSX)
    sheet = table_pdf.Table(
        title=title,
        note="; ".join([_count(len(lines)), *_told_filters(event, filters), _order(filters)]),
        headings=headings,
        widths=[table_pdf.WIDTHS[column] for column in ("number", "name", *columns)],
        rows=rows,
        specimen=event.specimen,
    )
    return download(printing.printed(lambda: table_pdf.draw(sheet)), name, "application/pdf")


@blueprint.get("/events/<key>/badges")
@requires(Permission.DELEGATES)
def badges(key: str) -> Answer:
    """What to print badges of."""
    event, filters = managed(key), filters_of(request.args, request.args.getlist("delegate"))
    return render_template(
        "registration/badges.html",
        event=event,
        filters=filters,
        number=len(listing.ids_of(event, filters)),
        units=queries.units_to_filter(event),
        kept={**kept_filters(filters), "delegate": filters.ids},
        specimen=event.specimen,
    )


@blueprint.get("/events/<key>/badges.pdf")
@requires(Permission.DELEGATES)
def badges_pdf(key: str) -> Response:
    """Eight badges a page: of all, of a filter, or of the rows that were ticked."""
    event = managed(key)
    lines = listing.all_delegates(event, filters_of(request.args, request.args.getlist("delegate")))
    return download(printing.badges_of(event, lines), f"{key}-the.pdf", "application/pdf")


def list_url(event: Event, filters: Filters, *, columns: str = "", **more: Any) -> str:
    """The address of the list with these filters."""
    kept = {**kept_filters(filters), **({"columns": columns} if columns else {}), **more}
    return url_for("registration.delegates", key=event.key, **kept)


def _table(event: Event, filters: Filters, page: ListPage) -> dict[str, Any]:
    """What the table needs: its columns, the addresses that sort it and that take a filter away, its exports."""
    columns = columns_of(request.args, request.cookies, points=bool(event.points))
    written = ".".join(list_columns.chosen(request.args.get("columns")))
    kept = {**kept_filters(filters), **({"columns": written} if written else {})}
    return {
        "event": event,
        "filters": filters,
        "page": page,
        "shown": columns,
        "caption": _caption(page, filters),
        "heads": [_head(event, filters, name, written) for name in ("name", *columns)],
        "rows": list_columns.drawn(page.rows, columns),
        "tags": [(state, STATE_KINDS[state], word) for state, word in LINE_STATES.items()],
        "chips": _chips(event, filters, written),
        "narrowed": is_narrowed(filters),
        "kept": kept,
        "exported": {**kept, "columns": ".".join(columns)},
        "acts": ACTS,
        "ticked": frozenset(request.args.getlist("delegate")),
        "said": request.args,
    }


def _head(event: Event, filters: Filters, column: str, columns: str) -> dict[str, Any]:
    """A column's heading: its words, the address that sorts by it (None: it does not sort), how it sorts now."""
    word = COLUMNS.get(column) or _("Họ và tên")
    if column not in listing.ORDERS:
        return {"word": word, "url": None, "sort": None}
    sort = ("descending" if filters.descending else "ascending") if filters.order == column else None
    return {"word": word, "url": list_url(event, turned(filters, column), columns=columns), "sort": sort}


def _caption(page: ListPage, filters: Filters) -> str:
    """What the page shows, in a sentence: "1–50 trong 1.234 đại biểu, xếp theo tên"."""
    first, last, total = number(page.first), number(page.last), number(page.total)
    if page.more:
        told = _("%(first)s–%(last)s trong hơn %(total)s đại biểu", first=first, last=last, total=total)
    elif not page.total:
        return str(_("Không thấy ai khớp với bộ lọc."))
    else:
        noun = _("đại biểu")
        told = _("%(first)s–%(last)s trong %(total)s %(noun)s", first=first, last=last, total=total, noun=noun)
    return f"{told}, {_order(filters)}"


def _order(filters: Filters) -> str:
    return str(_("xếp %(order)s", order=ORDERS[order_of(filters) or "unit"]))


def _count(people: int) -> str:
    return str(ngettext("Danh sách %(num)s đại biểu", "Danh sách %(num)s đại biểu", people))


def _chips(event: Event, filters: Filters, columns: str) -> list[tuple[str, str, str]]:
    """(what, which, the address without it) for each filter that is set."""
    names = [name for name in kept_filters(filters) if name != "order"]
    told = zip(names, _told_filters(event, filters), strict=True)
    return [(name, words, list_url(event, cleared(filters, name), columns=columns)) for name, words in told]


def _told_filters(event: Event, filters: Filters) -> list[str]:
    """Each filter that is set, in words, in the order of an address."""
    told = []
    if filters.text:
        told.append(f"“{filters.text}”")
    if filters.unit_id is not None:
        unit = session().get(Unit, filters.unit_id)
        told.append(_("%(unit)s và trực thuộc", unit=unit.short_name) if unit is not None else _("Đơn vị không còn"))
    if filters.state != Filters().state:
        told.append(str(STATES[filters.state]))
    if filters.point_id is not None:
        names = {HALL: _("Hội trường chính"), **{point.id: point.name for point in event.points}}
        told.append(names.get(filters.point_id, _("Điểm cầu không còn")))
    if filters.role:
        told.append(str(ROLES[filters.role]))
    if filters.post:
        told.append(_("chức vụ có “%(words)s”", words=filters.post))
    return told
