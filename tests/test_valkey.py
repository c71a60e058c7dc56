"""Where our own Valkey listens: a Unix socket that only we can open, whatever the folder's name."""

import os
import stat
from pathlib import Path

import pytest

from smsinbox import valkey


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_a_short_instance_folder_holds_the_socket():
    assert valkey.socket_path(Path("/srv/inbox")) == Path("/srv/inbox/valkey.sock")


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(tmp_path):
    far = tmp_path / ("deep" * 30)
    path = valkey.socket_path(far)
    assert path.parent.parent == tmp_path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert valkey.socket_path(far) == path
    assert valkey.socket_path(far / "other") != path


def test_a_folder_that_others_can_look_into_is_refused(tmp_path):
    far = tmp_path / ("deep" * 30)
    os.chmod(valkey.socket_path(far).parent, 0o755)
    with pytest.raises(PermissionError):
        valkey.socket_path(far)


def test_the_url_names_the_socket_even_with_odd_letters_in_it():
    assert valkey.url(Path("/srv/my inbox")) == "unix:///srv/my%20inbox/valkey.sock"


def test_the_server_has_no_network_port_and_keeps_what_it_is_told(tmp_path):
    arguments = valkey.arguments(tmp_path)
    assert arguments[arguments.index("--port") + 1] == "0"
    assert arguments[arguments.index("--appendonly") + 1] == "yes"
