"""The public pages on which anyone checks a certificate: fast, the same for everyone, and no help to guessers."""

import time

from flask import Response, abort, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.certificates import numbers, queries
from lms.certificates.facts import Facts, long_day_en
from lms.certificates.limiting import FailureBrake
from lms.certificates.models import Certificate
from lms.certificates.views import blueprint
from lms.core import clock
from lms.core.access import public
from lms.core.clock import short_day
from lms.core.i18n import LANGUAGES
from lms.core.web import see

brake = FailureBrake()
"""One for each server process; `limiting` says why that is enough."""


@blueprint.get("/verify")
@public
def verify() -> str | BaseResponse | tuple[str, int]:
    """Ask for number and code, and go to the page of what they name."""
    typed = f"{request.args.get('number', '')} {request.args.get('code', '')}".strip()
    if not typed:
        return render_template("certificates/verify.html", typed="", ask_code=False)
    return _answer(typed)


@blueprint.get("/verify/<path:number>")
@public
def verify_number(number: str) -> str | BaseResponse | tuple[str, int]:
    """What was certified under this number, and whether it still holds."""
    return _answer(number)


def _answer(typed: str) -> str | BaseResponse | tuple[str, int]:
    address = request.remote_addr or ""
    if brake.blocks(address, time.monotonic()):
        abort(429)
    written = numbers.read(typed)
    if written is not None and written.code is None:
        return render_template("certificates/verify.html", typed=typed, ask_code=True)
    certificate = queries.find_written(written) if written is not None else None
    if certificate is None:
        brake.note_failure(address, time.monotonic())
        return render_template("certificates/unknown.html", typed=typed), 404
    if request.path != url_for("certificates.verify_number", number=certificate.public_number):
        return see(url_for("certificates.verify_number", number=certificate.public_number, lang=_language()))
    return _verified(certificate)


def _verified(certificate: Certificate) -> Response:
    """The page of a certificate. It holds nothing of its reader, so that a cache may keep it a minute for everyone."""
    language = _language()
    if language is not None:
        g.lms_locale = language
    facts = Facts.of(certificate.facts)
    revoked_on = clock.local(certificate.revoked_at).date() if certificate.revoked_at else None
    page = render_template(
        "certificates/verified.html",
        certificate=certificate,
        facts=facts,
        revoked_on=short_day(revoked_on) if revoked_on else "",
        revoked_on_en=long_day_en(revoked_on) if revoked_on else "",
        shared=True,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Cookie")
    response.add_etag()
    response.make_conditional(request)
    return response


def _language() -> str | None:
    """The language asked for in the address: this page has no form to choose it with."""
    chosen = request.args.get("lang")
    return chosen if chosen in LANGUAGES else None
