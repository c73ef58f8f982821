"""What keeps the tests on this machine does so."""

import os
import socket

import pytest

from tests.conftest import NetworkError


def test_no_connection_leaves_the_machine() -> None:
    """Neither by address nor by name."""
    with socket.socket() as outward, pytest.raises(NetworkError):
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkError):
        socket.create_connection(("example.com", 443), timeout=1)


def test_the_machine_itself_can_be_reached() -> None:
    """Servers of tests listen on 127.0.0.1."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_nobodys_own_aws_settings_are_used() -> None:
    """Dummies, whatever the person who runs the tests has set up."""
    assert os.environ["AWS_ACCESS_KEY_ID"] == "testing"
    assert os.environ["AWS_CONFIG_FILE"] == os.devnull
    assert "AWS_PROFILE" not in os.environ
    assert "AWS_ENDPOINT_URL" not in os.environ
