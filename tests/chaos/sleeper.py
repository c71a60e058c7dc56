"""A process that holds a claim while its machine sleeps: claim, freeze, wake a minute later, go on.

`python -m tests.chaos.sleeper`. It freezes itself; whoever thaws it wakes it into the time after
the lease, as a virtual machine wakes that was moved or paused.
"""

import os
import signal

from smsinbox.application import create_app
from smsinbox.core import clock
from smsinbox.services import delivery


def main() -> None:
    with create_app().app_context():
        claimed = delivery.claim()
        assert claimed is not None
        os.kill(os.getpid(), signal.SIGSTOP)
        with clock.at(clock.now() + delivery.LEASE):
            delivery.send(claimed)


if __name__ == "__main__":
    main()
