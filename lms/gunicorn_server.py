"""gunicorn started from Python: threads for slow clients, one application per process."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):
    def __init__(self, build: Callable[[], Any], options: dict[str, Any]) -> None:
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._build()


def run(build: Callable[[], Any], host: str, port: int, workers: int, threads: int) -> None:
    """Serve what `build` gives in each process until stopped; requests under way get 30 seconds to end."""
    _Server(
        build,
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 30,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
        },
    ).run()
