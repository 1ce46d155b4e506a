"""Timing one call at a time: CPU of the process, wall clock, statements, bytes of the answer."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, event

Call = Callable[[], bytes]
WARM_UP = 3


@dataclass(frozen=True)
class Measurement:
    """What an operation cost: medians over its calls; `rows` is the size of the data behind it."""

    operation: str
    rows: int
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    sql: int
    bytes: int

    def as_json(self) -> dict[str, Any]:
        """The row of var/bench.json."""
        return asdict(self)


class Meter:
    """Measures calls, counting the statements of one engine."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._statements = 0

    def measure(self, operation: str, rows: int, calls: Iterable[Call]) -> Measurement:
        """Make every call once; the first few only warm up."""
        cpu: list[float] = []
        wall: list[float] = []
        statements: list[int] = []
        size = 0
        if self._engine is not None:
            event.listen(self._engine, "before_cursor_execute", self._count)
        gc.collect()
        try:
            for number, call in enumerate(calls):
                self._statements = 0
                started, worked = time.perf_counter(), time.process_time()
                answer = call()
                cpu_ms, wall_ms = (time.process_time() - worked) * 1000, (time.perf_counter() - started) * 1000
                if number >= WARM_UP:
                    cpu.append(cpu_ms)
                    wall.append(wall_ms)
                    statements.append(self._statements)
                    size = len(answer)
        finally:
            if self._engine is not None:
                event.remove(self._engine, "before_cursor_execute", self._count)
        return Measurement(
            operation,
            rows,
            round(statistics.median(cpu), 3),
            round(statistics.median(wall), 3),
            round(sorted(wall)[int(len(wall) * 0.95)], 3),
            max(statements),
            size,
        )

    def _count(self, *_event: object) -> None:
        self._statements += 1
