"""Programs name where we post to: never inside, whatever the name leads to or turns into."""

import socket

import httpcore
import pytest

from smsinbox import caller
from tests import build
from tests.calling import calling, receive, send, settled, tried
from tests.dialects.conftest import self_signed  # noqa: F401 - a fixture
from tests.receiver import receiver


@pytest.fixture
def conversation(number):
    return build.a_conversation(number, build.a_contact(build.THEIRS))


@pytest.mark.usefixtures("to_private")
def test_an_endpoint_made_when_it_was_allowed_is_not_called_any_more(app, conversation):
    with receiver() as ear, calling(app, to_private=False):
        build.a_callback(url=ear.url())
        receive(conversation)
        assert tried().last_error == "This address is not on the public internet."
        assert ear.heard == []


@pytest.mark.parametrize(
    "leads_to",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["169.254.169.254"],
    ],
)
def test_a_name_that_leads_inside_is_not_called(app, conversation, monkeypatch, leads_to):
    with receiver() as ear:
        asked = resolve(monkeypatch, [leads_to], ear.port)
        build.a_callback(url=f"http://program.example:{ear.port}/")
        receive(conversation)
        with calling(app, to_private=False):
            error = tried().last_error
        assert error == "Its name leads to an address that is not on the public internet."
        assert ear.heard == []
        assert set(asked) == {"program.example"}  # it may have been tried again by now


def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(monkeypatch):
    asked = resolve(monkeypatch, [["93.184.216.34"], ["127.0.0.1"]], 80)
    called = []

    def connect(self, host, *rest):
        called.append(host)
        raise httpcore.ConnectError("there is no network here")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with caller.client(to_private=False) as http, pytest.raises(Exception, match="network"):
        http.post("http://program.example/")
    assert called == ["93.184.216.34"]
    assert asked == ["program.example"]


def resolve(monkeypatch, answers, port):
    """Answer the resolver's questions one after another; what was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host, *rest, **options):
        if host != "program.example":
            return real(host, *rest, **options)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.usefixtures("to_private")
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    app,
    conversation,
    self_signed,  # noqa: F811
):
    with receiver(tls=self_signed) as ear, calling(app):
        build.a_callback(url=ear.url())
        receive(conversation)
        assert tried().last_error == "Its certificate cannot be trusted."
        assert ear.heard == []


@pytest.mark.usefixtures("to_private")
def test_no_proxy_of_the_environment_is_asked(app, conversation, monkeypatch):
    with receiver() as proxy, receiver() as ear:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        build.a_callback(url=ear.url())
        receive(conversation)
        with calling(app):
            ear.wait(1)
            settled()
        assert proxy.heard == []


def test_a_texts_own_address_may_not_lead_inside_either(app, conversation):
    key = build.a_key()
    text = {"sender": build.OURS, "recipient": build.THEIRS, "body": "Hi"}
    with receiver() as ear:
        asked = {"text": text, "dialect": "telnyx", "webhook_urls": [ear.url()]}
        send(conversation, key, asked=asked)
        with calling(app, to_private=False):
            assert tried().last_error == "This address is not on the public internet."
        assert ear.heard == []
