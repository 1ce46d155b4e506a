"""A delegate list's filters, order and columns as an address, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lms.registration import list_columns, listing
from lms.registration.listing import HALL, Filters
from lms.registration.models import DelegateRole

COLUMNS_COOKIE: Final = "lms_columns"
MOST_TICKED: Final = 5_000
_ROLES: Final = frozenset(str(role) for role in DelegateRole)
_USUAL: Final = Filters()


def filters_of(args: Mapping[str, str], ids: Sequence[str] | None = None) -> Filters:
    """The filters in an address; what makes no sense there is left out."""
    state, order = args.get("state", ""), args.get("order", "")
    point = _number(args.get("point", ""))
    return Filters(
        text=args.get("q", "")[:200],
        unit_id=_number(args.get("unit", "")),
        state=state if state in listing.STATES else _USUAL.state,
        point_id=point,
        role=args.get("role", "") if args.get("role", "") in _ROLES else "",
        post=args.get("post", "").strip()[:200],
        order=order.removeprefix("-") if order.removeprefix("-") in listing.ORDERS else _USUAL.order,
        descending=order.startswith("-") and order[1:] in listing.ORDERS,
        ids=tuple(number for one in (ids or [])[:MOST_TICKED] if (number := _number(one)) is not None),
    )


def kept_filters(filters: Filters) -> dict[str, Any]:
    """The filters and the order as parameters of an address, the usual ones left out."""
    kept = {
        "q": filters.text,
        "unit": filters.unit_id,
        "state": filters.state if filters.state != _USUAL.state else "",
        "point": str(filters.point_id) if filters.point_id is not None else "",
        "role": filters.role,
        "post": filters.post,
        "order": order_of(filters),
    }
    return {name: value for name, value in kept.items() if value}


def order_of(filters: Filters) -> str:
    """The order as it stands in an address, nothing for the usual one."""
    order = f"-{filters.order}" if filters.descending else filters.order
    return order if order != _USUAL.order else ""


def cleared(filters: Filters, name: str) -> Filters:
    """The same without one of its filters, which is named as in an address."""
    field = {"q": "text", "unit": "unit_id", "point": "point_id"}.get(name, name)
    return replace(filters, **{field: getattr(_USUAL, field)})


def turned(filters: Filters, order: str) -> Filters:
    """The same in another order, or, if it stands in that order already, the other way round."""
    return replace(filters, order=order, descending=filters.order == order and not filters.descending)


def columns_of(args: Mapping[str, str], cookies: Mapping[str, str], *, points: bool) -> tuple[str, ...]:
    """The columns in the address, else those this browser remembers, else the usual ones."""
    for written in (args.get("columns"), cookies.get(COLUMNS_COOKIE)):
        if found := list_columns.chosen(written):
            return found
    return list_columns.usual(points=points)


def is_narrowed(filters: Filters) -> bool:
    """Whether anything is left out beside those who withdrew."""
    return bool(kept_filters(replace(filters, order=_USUAL.order, descending=False)))


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None


__all__ = ["HALL", "cleared", "columns_of", "filters_of", "is_narrowed", "kept_filters", "order_of", "turned"]
