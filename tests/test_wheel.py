"""A wheel carries everything: unpacked elsewhere, it serves from an empty folder."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.servers import Deployment, free_port

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.jobs


def test_a_wheel_serves_from_an_empty_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    installed = Deployment(empty / "var", free_port(), {"PYTHONPATH": str(site)}, started_in=empty)
    assert "2 khóa học" in installed.command("init")
    installed.start()
    try:
        with urllib.request.urlopen(f"{installed.url}/courses/nguoi-phat-ngon") as answer:
            page = answer.read().decode()
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        with urllib.request.urlopen(installed.url + style) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]
    finally:
        installed.kill()
    where = subprocess.run(
        [sys.executable, "-c", "import lms; print(lms.__file__)"],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(site)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(site)), "the wheel itself was not what ran"
