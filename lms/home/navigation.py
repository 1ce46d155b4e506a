"""The navigation of a page: at most five places, by role."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from lms.core.i18n import lazy
from lms.core.permissions import Role


@dataclass(frozen=True)
class Place:
    """One place of the navigation."""

    url: str
    label: str
    icon: str
    current: bool


_HOME = ("home.index", lazy("Của tôi"), "home")
_EVENTS = ("events.index", lazy("Sự kiện"), "cal")
_COURSES = ("learning.courses", lazy("Khóa học"), "book")

_BY_ROLE: dict[str, tuple[tuple[str, Any, str], ...]] = {
    "public": (
        _EVENTS,
        ("certificates.verify", lazy("Kiểm tra giấy"), "cert"),
        ("accounts.sign_in", lazy("Đăng nhập"), "me"),
    ),
    "trainee": (_HOME, _EVENTS, _COURSES, ("certificates.mine", lazy("Giấy CN"), "cert")),
    "organizer": (
        _HOME,
        _EVENTS,
        ("events.plans", lazy("Kế hoạch"), "list"),
        _COURSES,
        ("certificates.register", lazy("Sổ cấp"), "cert"),
    ),
    "instructor": (
        _HOME,
        _COURSES,
        ("quizzes.banks", lazy("Câu hỏi"), "edit"),
        ("quizzes.index", lazy("Bài kiểm tra"), "list"),
        _EVENTS,
    ),
    "admin": (
        _HOME,
        ("people.index", lazy("Người"), "people"),
        ("units.index", lazy("Đơn vị"), "list"),
        ("certificates.register", lazy("Sổ cấp"), "cert"),
        ("home.system", lazy("Hệ thống"), "gear"),
    ),
}
"""Endpoints, labels and icons by the reader's chief role."""


def chief_role() -> str:
    """The role whose work the front page shows: admin, organizer, instructor, trainee, or public."""
    if not current_user.is_authenticated:
        return "public"
    for role in (Role.ADMIN, Role.ORGANIZER, Role.INSTRUCTOR):
        if current_user.has_role(role):
            return str(role)
    return "trainee"


def context() -> dict[str, Any]:
    """What every template gets: `navigation`, and `theme` (light, dark or None for the system's)."""
    theme = request.cookies.get("lms_theme")
    return {"navigation": places(), "theme": theme if theme in {"light", "dark"} else None, "chief_role": chief_role()}


def places() -> list[Place]:
    """The places of the reader's navigation; the current one is that with the longest fitting address."""
    found = [(url_for(endpoint), str(label), icon) for endpoint, label, icon in _BY_ROLE[chief_role()]]
    fitting = [
        url for url, _label, _icon in found if url == request.path or (url != "/" and request.path.startswith(url))
    ]
    current = max(fitting, key=len, default=None)
    return [Place(url, label, icon, url == current) for url, label, icon in found]
