"""Find a Chromium for the browser tests, or install one; run as a script, print its path.

Debian's package where apt-get and root are at hand, else the build that Playwright brings. Standard library only.
"""

import os
import shutil
import subprocess
import sys
from functools import lru_cache

_COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
)


@lru_cache(maxsize=1)
def find() -> str | None:
    """The path of a Chromium on this machine: LMS_TEST_BROWSER, one on the PATH, or Playwright's own."""
    for command in (os.environ.get("LMS_TEST_BROWSER"), *_COMMANDS):
        path = shutil.which(command) if command else None
        if path:
            return path
    asked = subprocess.run([sys.executable, "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if os.access(path, os.X_OK) else None


def install() -> None:
    """Install a Chromium; raises CalledProcessError where that fails. What the installers say goes to stderr."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        _run("apt-get", "update", "-qq", env=quiet)
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core", env=quiet)
    else:
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    find.cache_clear()


def _run(*command: str, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=env, check=True)


if __name__ == "__main__":
    if not find():
        install()
    print(find() or sys.exit("No Chromium was found and none could be installed; LMS_TEST_BROWSER names one."))
