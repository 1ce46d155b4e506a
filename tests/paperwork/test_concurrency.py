"""Many hands at one book: processes and threads with connections of their own take numbers 1 to n, each once."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.core.db import db, session, transaction
from lms.paperwork.service import take_number
from lms.units import queries as units

KIND, SYMBOL = "giay-chung-nhan", "GCN-TTĐN"
PROCESSES, THREADS, TURNS = 2, 4, 12


class _ThrownAwayError(Exception):
    """A transaction that is rolled back on purpose."""


def take(app: Flask, thread: int) -> list[int]:
    """Take numbers, every third time throwing the transaction away; the numbers that were kept."""
    kept = []
    with app.app_context():
        for turn in range(TURNS):
            try:
                with transaction():
                    number = take_number(units.get("lam-khe"), KIND, 2024, SYMBOL).number
                    if (turn + thread) % 3 == 0:
                        raise _ThrownAwayError
                kept.append(number)
            except _ThrownAwayError:
                continue
        session().close()
    return kept


def take_in_threads(settings: Settings) -> list[int]:
    """What the threads of one process took."""
    app = create_app(settings)
    with ThreadPoolExecutor(THREADS) as pool:
        taken = [number for part in pool.map(lambda thread: take(app, thread), range(THREADS)) for number in part]
    with app.app_context():
        db.engine.dispose()
    return taken


def test_a_book_has_no_gap_and_no_number_twice(own_settings: Settings) -> None:
    fresh = multiprocessing.get_context("spawn")  # a child that dies at its imports breaks the pool, which says so
    with ProcessPoolExecutor(PROCESSES, mp_context=fresh) as pool:
        parts = pool.map(take_in_threads, [own_settings] * PROCESSES, timeout=120)
        taken = [number for part in parts for number in part]
    assert len(taken) == PROCESSES * THREADS * TURNS * 2 // 3
    assert sorted(taken) == list(range(1, len(taken) + 1))
