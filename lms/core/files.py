"""Stored files: kept under the name of their SHA-256, so that a stored file never changes.

Writing one before the transaction commits is harmless: after a rollback it is only an unused file.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from flask import Flask, current_app


def init_app(app: Flask, data_dir: Path) -> None:
    """Keep stored files under `data_dir/files`."""
    app.extensions["lms_files"] = data_dir / "files"


def store(content: bytes) -> str:
    """Keep the bytes; the answer is their SHA-256 in hex, the name to ask for them by."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    return digest


def read(digest: str) -> bytes:
    """The bytes stored under a digest; raises FileNotFoundError when they are gone."""
    return path_of(digest).read_bytes()


def remove(digest: str) -> None:
    """Remove the bytes of a digest, if they are there: only for what no one else can have stored."""
    path_of(digest).unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    root: Path = current_app.extensions["lms_files"]
    return root / digest[:2] / digest
