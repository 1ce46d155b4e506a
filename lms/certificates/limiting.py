"""A brake on guessing: addresses that ask for papers which do not exist soon wait between questions.

A token bucket an address, in the memory of each server process: with n processes the limit is n times as high, and a
restart forgets. That is enough, for what guards a certificate is its code of 40 random bits; the brake only keeps a
guesser from costing much.
"""

import threading
from collections import OrderedDict

BURST = 20.0
"""Failures in a row that an address may have."""
PER_SECOND = 0.1
"""Failures an address earns back: one in ten seconds."""
REMEMBERED = 10_000
"""Addresses kept; the one longest quiet is forgotten first."""


class FailureBrake:
    """Counts failures by address; `clock` is any steady count of seconds, handed in with each call."""

    def __init__(self, burst: float = BURST, per_second: float = PER_SECOND, remembered: int = REMEMBERED) -> None:
        self._burst = burst
        self._per_second = per_second
        self._remembered = remembered
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def blocks(self, address: str, now: float) -> bool:
        """Whether the address has failed too often to be answered at `now`, in seconds."""
        with self._lock:
            return self._left(address, now) < 1

    def note_failure(self, address: str, now: float) -> None:
        """Take one token from the address."""
        with self._lock:
            self._buckets[address] = (max(0.0, self._left(address, now) - 1), now)
            self._buckets.move_to_end(address)
            while len(self._buckets) > self._remembered:
                self._buckets.popitem(last=False)

    def forget(self) -> None:
        """Begin anew for every address."""
        with self._lock:
            self._buckets.clear()

    def _left(self, address: str, now: float) -> float:
        left, since = self._buckets.get(address, (self._burst, now))
        return min(self._burst, left + max(0.0, now - since) * self._per_second)
