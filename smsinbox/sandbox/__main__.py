"""`python -m smsinbox.sandbox`: the make-believe carrier on its own port, for this machine only."""

import logging
import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from smsinbox.sandbox.app import create_app

DEFAULT_PORT = 8001


class Sandbox(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One process with threads: the couriers, the knobs and the file are shared by all requests."""

    def __init__(self, instance: Path, port: int) -> None:
        self._instance = instance
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": 64,
            "keepalive": 30,
            "graceful_timeout": 2,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "smsinbox-sandbox",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # Called in the worker, after the fork: threads and SQLite would not survive one.
        return create_app(self._instance)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    port = int(os.environ.get("SANDBOX_PORT") or DEFAULT_PORT)
    instance = Path(os.environ.get("INSTANCE_PATH") or "instance").resolve()
    logging.getLogger("sandbox").info("handsets at http://127.0.0.1:%d", port)
    Sandbox(instance, port).run()


if __name__ == "__main__":
    main()
