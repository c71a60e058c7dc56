"""The mailer: sends what is due by mail, beside the sweeper's loop, as mail servers are slow.

Only the sweeper that leads lets it work; should two do so for a moment, the database tells them
apart. Where no MAIL_URL is set there is nothing for it to do.
"""

import logging
import threading
from collections.abc import Callable

from flask import Flask

from smsinbox.core import mail
from smsinbox.core.database import db
from smsinbox.core.mail import MailError
from smsinbox.services import daily_mail

log = logging.getLogger(__name__)

_LOOK = 60.0  # seconds
_REST = 1800.0  # seconds at most, while the mail server takes nothing
_GRACE = 3.0  # seconds that a mail may still take when we stop


class Mailer:
    """Looks every minute while `leads()`; `start` it once, `stop` ends it soon."""

    def __init__(self, app: Flask, leads: Callable[[], bool]) -> None:
        self._app, self._leads = app, leads
        self._pause = _LOOK
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mailer", daemon=True)

    def start(self) -> None:
        """Go to work, in a thread that ends with the process."""
        if mail.is_set_up():
            self._thread.start()

    def stop(self) -> None:
        """End after the mail that is on its way."""
        self._ends.set()
        if self._thread.is_alive():
            self._thread.join(_GRACE)

    def look(self) -> float:
        """Send what is due; after how many seconds to look again."""
        try:
            daily_mail.send_due()
        except MailError as problem:
            self._pause = min(self._pause * 2, _REST)
            log.warning("no mail can be sent: %s", problem)
        except Exception:
            # Whatever it was, it must not end the thread: the next look tries again.
            log.exception("this look failed; the next one tries again")
        else:
            self._pause = _LOOK
        finally:
            db.session.rollback()
        return self._pause

    def _run(self) -> None:
        pause = 1.0
        while not self._ends.wait(pause):
            pause = 1.0
            if self._leads():
                with self._app.app_context():
                    pause = self.look()
