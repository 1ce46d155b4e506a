"""Measure, print a table, write `var/bench.json`."""

import json
import sys
import tempfile
from pathlib import Path

from lms.bench import peak
from lms.bench.measuring import Measurement, Meter
from lms.bench.operations import bare_page, operations
from lms.bench.world import SIZES, build, fill

RESULT = Path("var/bench.json")
HEAD = f"{'operation':<26}{'rows':>8}{'CPU ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'SQL':>6}{'bytes':>10}"


def main() -> None:
    """Run every operation at every size."""
    rows: list[Measurement] = []
    print_line(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        rows.append(shown(Meter(None).measure("bare", 0, bare_page())))
        world = build(Path(folder))
        for size in SIZES:
            fill(world, size)
            for name, calls in operations(world, size):
                rows.append(shown(Meter(world.engine).measure(name, size, calls)))
        for name, peak_calls in peak.operations(world):
            rows.append(shown(Meter(world.engine).measure(name, peak.PEOPLE, peak_calls)))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([row.as_json() for row in rows], indent=1), encoding="utf-8")
    print_line(f"{len(rows)} rows written to {RESULT}")


def shown(row: Measurement) -> Measurement:
    """Print a row as it comes."""
    print_line(
        f"{row.operation:<26}{row.rows:>8}{row.cpu_ms:>9.2f}{row.p50_ms:>9.2f}{row.p95_ms:>9.2f}{row.sql:>6}{row.bytes:>10}"
    )
    return row


def print_line(text: str) -> None:
    """Write a line at once, so that a long run shows its progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
