"""The check-in app: its page, its manifest and its service worker. No data of anyone: what the app holds, it asks for.

All lies under /door/, the worker's scope. The worker keeps every file that the page needs, so that the app starts
without a network; the digest of the static files is its version.
"""

import json
import re
from functools import lru_cache

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.attendance import devices
from lms.core.access import public, requires
from lms.core.assets import asset, digest
from lms.core.i18n import _, locale
from lms.core.permissions import Permission
from lms.core.web import see
from lms.places import static_folder

_MODULES = ("door-app.js", "frame.js")
_FILES = (
    *("vendor/bootstrap.min.css", "app.css", "icons.svg", "mark.svg"),
    *("fonts/bvp-regular.woff2", "fonts/bvp-semibold.woff2"),
    *("vendor/jsQR.js", "js/door-worker.js", "door/icon-192.png"),
)
_IMPORT = re.compile(r'^(?:import|export)[^"]*"\./([\w-]+\.js)";$', re.MULTILINE)

blueprint = Blueprint("door", __name__, url_prefix="/door")


@blueprint.get("/")
@public
def shell() -> str:
    """The app's page: the same for everybody who reads this language."""
    return render_template("attendance/app.html", shared=True, version=digest())


@blueprint.get("/open")
@requires(Permission.DOOR)
def choose() -> str | BaseResponse:
    """Where one who signed in opens this phone: the devices page of their only open event, else a choice of them."""
    found = devices.events_to_open(current_user._get_current_object())
    if len(found) == 1:
        return see(url_for("attendance.devices", key=found[0].key))
    return render_template("attendance/choose_event.html", events=found)


@blueprint.get("/worker.js")
@public
def worker() -> Response:
    """The service worker: what it keeps, and how (js/door-keeper.js)."""
    kept = [url_for("door.shell"), url_for("door.manifest"), url_for("door.reader"), *map(asset, needed_files())]
    told = f"self.VERSION = {json.dumps(digest())};\nself.KEPT = {json.dumps(kept)};\n"
    return _script(told + f"importScripts({json.dumps(asset('js/door-keeper.js'))});\n")


@blueprint.get("/reader.js")
@public
def reader() -> Response:
    """The worker that reads QR codes. Its address lies in the scope, else it would not start without a network."""
    return _script(f"importScripts({json.dumps(asset('vendor/jsQR.js'))}, {json.dumps(asset('js/door-worker.js'))});\n")


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone asks to install the app."""
    answer = jsonify(
        {
            "name": _("Điểm danh"),
            "short_name": _("Điểm danh"),
            "description": _("Quét thẻ đại biểu ở cửa, có mạng hay không."),
            "lang": locale(),
            "id": url_for("door.shell"),
            "start_url": url_for("door.shell"),
            "scope": url_for("door.shell"),
            "display": "standalone",
            "background_color": "#0e4f63",
            "theme_color": "#0e4f63",
            "icons": [
                {"src": asset("door/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": asset("door/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": asset("door/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
        }
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def needed_files() -> list[str]:
    """The static files that the app's page loads: styles, icons, fonts, and its modules as they import each other."""
    waiting, found = list(_MODULES), list[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += _IMPORT.findall((static_folder() / "js" / name).read_text(encoding="utf-8"))
    return [*_FILES, *(f"js/{name}" for name in sorted(found))]


def _script(text: str) -> Response:
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
