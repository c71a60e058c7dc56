"""How gunicorn serves the web process: gevent workers that hold thousands of open screens.

Imports nothing of ours: a gevent worker replaces the blocking parts of the standard library when it
starts, and that must come before anything of ours is loaded. So the settings are read from the
environment, where the launcher puts them.
"""

import gc
import os
import resource
from pathlib import Path

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gevent"
worker_connections = 10_000
preload_app = False

keepalive = 75  # seconds; longer than the proxies in front of us, so that they hang up, not we
timeout = 60  # seconds without a heartbeat after which a worker is replaced
graceful_timeout = 3  # seconds; requests take milliseconds, and screens come back by themselves

accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
control_socket_disable = True
# A heartbeat is a write to a file: in memory where it can be, so that it waits for no disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# Every open screen is an open file, and most systems start us with 1,024.
_, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
with_room = 65_536 if _most == resource.RLIM_INFINITY else min(_most, 65_536)
resource.setrlimit(resource.RLIMIT_NOFILE, (with_room, _most))


def post_worker_init(_worker: object) -> None:
    """Python looks for garbage among all objects there are; those of the code are none for good."""
    gc.collect()
    gc.freeze()
