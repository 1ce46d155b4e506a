"""QR codes as SVG of any size, for screens; papers draw theirs in `core.pdf`."""

import io

import segno

_MASK = 3
"""Choosing the best of eight masks takes five times as long; any of them is read."""


def svg(data: str, version: int | None = None) -> bytes:
    """The code at level M, of the smallest version that holds it, or of this one.

    Its own white edge is two modules; the page that shows it adds the rest.
    """
    buffer = io.BytesIO()
    code = segno.make_qr(data, version=version, error="m", mask=_MASK, boost_error=False)
    code.save(buffer, kind="svg", border=2, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return buffer.getvalue()
