"""Mail leaves as it should, by nothing but TLS where others could listen, or it is said why not."""

import socket
from contextlib import ExitStack

import pytest

from smsinbox.core import mail
from smsinbox.core.mail import MailError, Refused, Unclear
from tests import certificates
from tests.mail_server import mail_server, used

FAR = "mail.example.com"


@pytest.fixture
def use(monkeypatch):
    """Let our mail go by this server."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(used(monkeypatch, url))


@pytest.fixture
def far(monkeypatch):
    """The name of a host that is not this one leads to this one all the same."""
    look = socket.getaddrinfo
    lead = lambda host, *more, **named: look("127.0.0.1" if host == FAR else host, *more, **named)  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", lead)


def test_a_mail_arrives_with_its_words_and_asks_no_machine_for_an_answer(use):
    with mail_server() as post:
        use(f"smtp://inbox:p%40ss%2Fword@127.0.0.1:{post.port}")
        mail.send("ada@example.com", "3 Nachrichten × ß", "Zeile\n.\nÄrger – ✓\n")
    [letter] = post.got
    assert post.signed_in == [("inbox", "p@ss/word")]
    assert (post.to, letter["to"], letter["from"]) == (
        ["ada@example.com"],
        "ada@example.com",
        "smsinbox <inbox@example.com>",
    )
    assert letter["subject"] == "3 Nachrichten × ß"
    assert letter.get_content().split("\r\n") == ["Zeile", ".", "Ärger – ✓", ""]
    assert letter["auto-submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"


def test_a_wrong_password_is_an_error_and_nothing_leaves(use):
    with mail_server() as post:
        use(f"smtp://inbox:wrong@127.0.0.1:{post.port}")
        with pytest.raises(MailError, match="user and password") as refused:
            mail.send("ada@example.com", "A", "B")
    assert "wrong" not in str(refused.value)
    assert post.got == []


@pytest.mark.parametrize("words", ["3 × ß", "Привет, как дела?\n" * 20])
def test_what_leaves_is_ascii_and_reads_the_same_as_not_every_server_takes_more(use, words):
    with mail_server() as post:
        use(f"smtp://127.0.0.1:{post.port}")
        mail.send("ada@example.com", words[:10], f"{words}\n")
    [letter], [raw] = post.got, post.raw
    assert raw.isascii()
    assert letter.get_content().replace("\r\n", "\n") == f"{words}\n"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://inbox:gehe%C3%AFm@127.0.0.1:{port}",
        "smtp://inbox:geheïm@127.0.0.1:{port}",
        "smtp://gehe%C3%AFm:x@127.0.0.1:{port}",
        "smtp://inbox:geheïm@mail..example.com:{port}",
        f"smtp://inbox:geheïm@{'ü' * 70}.example.com:{{port}}",
    ],
)
def test_what_cannot_be_said_to_a_server_is_an_error_and_no_secret_is_in_its_words(use, url):
    with mail_server() as post:
        use(url.format(port=post.port))
        with pytest.raises(MailError) as refused:
            mail.greet()
    assert not any(secret in str(refused.value) for secret in ("gehe", "ï"))


@pytest.mark.parametrize("has_tls", [False, True])
def test_elsewhere_neither_password_nor_words_leave_without_tls_that_holds(
    use, far, tmp_path, has_tls
):
    tls = certificates.self_signed(tmp_path / "mail.pem", [FAR]) if has_tls else None
    with mail_server(tls) as post:
        use(f"smtp://inbox:p%40ss%2Fword@{FAR}:{post.port}")
        with pytest.raises(MailError):
            mail.send("ada@example.com", "A", "B")
    assert (post.got, post.signed_in) == ([], [])


def test_elsewhere_it_goes_by_starttls(use, far, tmp_path, monkeypatch):
    tls = certificates.self_signed(tmp_path / "mail.pem", [FAR])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
    with mail_server(tls) as post:
        use(f"smtp://inbox:p%40ss%2Fword@{FAR}:{post.port}")
        mail.send("ada@example.com", "A", "B")
    assert (len(post.got), len(post.signed_in)) == (1, 1)


def test_smtps_takes_no_plain_server(use):
    with mail_server() as post:
        use(f"smtps://127.0.0.1:{post.port}")
        with pytest.raises(MailError):
            mail.greet()


@pytest.mark.parametrize("answer", ["451 Later", "554 Never"])
def test_a_refusal_is_told_from_a_server_that_takes_nothing(use, answer):
    with mail_server() as post:
        post.answers = [answer]
        use(f"smtp://127.0.0.1:{post.port}")
        with pytest.raises(Refused, match=answer[:3]):
            mail.send("ada@example.com", "A", "B")
        mail.send("ada@example.com", "A", "B")
    with pytest.raises(MailError) as away:
        mail.send("ada@example.com", "A", "B")
    assert not isinstance(away.value, Refused)


def test_a_server_that_hangs_up_on_a_whole_mail_may_have_taken_it(use):
    with mail_server() as post:
        post.hangs_up = True
        use(f"smtp://127.0.0.1:{post.port}")
        with pytest.raises(Unclear):
            mail.send("ada@example.com", "A", "B")


@pytest.mark.parametrize(
    "to", ["", "x", "a b@c", "ä@example.com", "a@b\nBcc: evil@example.com", "a@b, evil@example.com"]
)
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(use, to):
    with mail_server() as post:
        use(f"smtp://127.0.0.1:{post.port}")
        with pytest.raises(Refused):
            mail.send(to, "A", "B")
    assert post.got == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_is_known(host):
    assert mail._is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "example.com", "10.0.0.1", "localhost.example.com", "0.0.0.0"]
)
def test_what_is_not_loopback_is_known_too(host):
    assert not mail._is_loopback(host)
