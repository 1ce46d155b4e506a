"""The file of an import, kept sealed while it waits so that its columns may be named otherwise; gone when written.

It may hold dates of birth and identity numbers that the list has no use for.
"""

from collections.abc import Iterable
from functools import partial

from lms.core import files, sealing
from lms.core.db import after_commit


def keep(content: bytes) -> str:
    """Seal and store; the answer is the name to ask for it by."""
    return files.store(sealing.seal(content))


def read(name: str | None) -> bytes | None:
    """The file as it was sent; None when it is gone."""
    try:
        return sealing.unseal(files.read(name)) if name else None
    except FileNotFoundError:
        return None


def forget(names: Iterable[str | None]) -> None:
    """Remove files once the running transaction is committed."""
    for name in names:
        if name:
            after_commit(partial(files.remove, name))
