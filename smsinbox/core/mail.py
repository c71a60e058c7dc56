"""Mail goes out here: plain text, by the server that MAIL_URL names.

Never with a transaction open, as a mail server thinks for seconds. Where nothing else protects
the way, the connection is TLS or there is none.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from smsinbox.core import clock
from smsinbox.core.config import settings

_PATIENCE = 10.0  # seconds for each answer of the mail server
_ASCII = SMTP.clone(cte_type="7bit")  # as not every server takes more


class MailError(Exception):
    """The mail server did not take it, and would take no other now."""


class Refused(MailError):
    """It does not take this mail, or not for this address; another it may take."""


class Unclear(MailError):
    """It had all of it, and did not say that it took it: it may have left."""


def is_set_up() -> bool:
    """Whether there is a server to send by."""
    return bool(settings().mail_url.get_secret_value())


def send(to: str, subject: str, words: str) -> None:
    """Send a mail; raises MailError or one of its kinds."""
    sender = settings().mail_from
    try:
        letter = _letter(sender, to, subject, words)
        to.encode("ascii")
    except (ValueError, IndexError, MessageError) as error:  # as the parser fails on some
        raise Refused(f"Nobody has the address {to!r}.") from error
    with _connected() as server:
        _granted(server.mail(sender))
        _granted(server.rcpt(to))
        try:
            answer = server.data(letter)
        except smtplib.SMTPDataError as error:
            raise Refused(f"The mail server says {error.smtp_code}.") from error
        except OSError as error:
            raise Unclear(f"The mail server fell silent ({type(error).__name__}).") from error
        _granted(answer)


def greet() -> None:
    """Connect, sign in, and send nothing; raises MailError."""
    with _connected():
        pass


def _letter(sender: str, to: str, subject: str, words: str) -> bytes:
    letter = EmailMessage(policy=_ASCII)
    letter["From"] = Address("smsinbox", addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to answer it
    letter.set_content(words)
    return letter.as_bytes()


@contextmanager
def _connected() -> Iterator[smtplib.SMTP]:
    """A connection on which we are signed in; what breaks on it is a MailError."""
    try:
        server = _opened()
    except (OSError, ValueError) as error:  # as a name that no host can have is a UnicodeError
        raise MailError(f"The mail server cannot be reached ({type(error).__name__}).") from error
    try:
        _sign_in(server)
        yield server
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"The mail server lacks what we need: {error}") from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailError("The mail server does not take the user and password.") from error
    except (OSError, ValueError) as error:  # as smtplib signs in with ASCII alone
        raise MailError(f"The mail server fell silent ({type(error).__name__}).") from error
    finally:
        with suppress(OSError):
            server.quit()
        server.close()


def _opened() -> smtplib.SMTP:
    url = urlsplit(settings().mail_url.get_secret_value())
    host = url.hostname or ""
    if url.scheme == "smtps":
        safe = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=_PATIENCE, context=safe)
    return smtplib.SMTP(host, url.port or 587, timeout=_PATIENCE)


def _sign_in(server: smtplib.SMTP) -> None:
    url = urlsplit(settings().mail_url.get_secret_value())
    if url.scheme == "smtp" and not _is_loopback(url.hostname or ""):
        server.starttls(context=ssl.create_default_context())  # raises where it is not offered
    server.ehlo_or_helo_if_needed()
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _granted(answer: tuple[int, bytes]) -> None:
    code, _words = answer
    if not 200 <= code < 300:
        raise Refused(f"The mail server says {code}.")
