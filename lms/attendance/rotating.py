"""The code on the hall's screen: names a half-day, perhaps a point, and when it was shown; good for fifteen seconds.

20 bytes in base 32: half-day, point (0: the hall), the number of the five-second step since 1970, and 64 bits of HMAC.
Nothing is stored: a code proves by itself when it was shown.
"""

import base64
import hmac
import struct
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from lms.core import tokens
from lms.core.errors import NotFound

STEP: Final = 5
"""How many seconds one code is on the screen."""
WINDOW: Final = timedelta(seconds=15)
"""How long after it appeared a code is taken."""
_LAYOUT: Final = struct.Struct(">III")
_MAC: Final = 8
_LENGTH: Final = 32


class Shown(NamedTuple):
    """What a code says: for which half-day and point (ids) it was on the screen, and from when (UTC)."""

    half_day_id: int
    point_id: int | None
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether whoever read it now can have read it off the screen."""
        return self.at <= now < self.at + WINDOW


def code_at(half_day_id: int, point_id: int | None, moment: datetime) -> str:
    """The code that is on the screen at a moment: 32 letters and digits."""
    told = _LAYOUT.pack(half_day_id, point_id or 0, int(moment.timestamp()) // STEP)
    return base64.b32encode(told + _mac(told)).decode("ascii")


def read(code: str) -> Shown:
    """What a code says, however old it is. Raises NotFound for one that was not made here."""
    try:
        raw = base64.b32decode(code.upper()) if len(code) == _LENGTH else b""
    except ValueError:
        raw = b""
    told, mac = raw[:-_MAC], raw[-_MAC:]
    if len(told) != _LAYOUT.size or not hmac.compare_digest(mac, _mac(told)):
        raise NotFound
    half_day_id, point_id, step = _LAYOUT.unpack(told)
    return Shown(half_day_id, point_id or None, datetime.fromtimestamp(step * STEP, UTC))


def next_in(moment: datetime) -> int:
    """How many milliseconds the code of a moment stays on the screen."""
    return STEP * 1000 - int(moment.timestamp() * 1000) % (STEP * 1000)


def _mac(told: bytes) -> bytes:
    return tokens.keyed_digest(f"hall-code.{told.hex()}")[:_MAC]
