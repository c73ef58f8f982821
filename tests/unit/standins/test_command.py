"""`python -m workbench.standins`: runs until told to stop; wrong input is one sentence and 2."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.unit.standins.clients import LOGIN, TOKENS, order, tags
from workbench.standins.__main__ import main

COMMAND = [sys.executable, "-m", "workbench.standins"]


def _connect(tmp_path: Path) -> str:
    file = tmp_path / "connect.json"
    shops = [{"token": "token-1"}, {"token": "token-2"}]
    administration = {**LOGIN, "password": "from-the-file", "shops": shops}
    file.write_text(json.dumps({"partner_token": "pt", "administrations": [administration]}))
    return str(file)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_shop_serves_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """Each shop of a connect file; verbose lines hold no token; exit status 0."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "1.json").write_text(json.dumps(order("1")))
    options = [
        "--port",
        "0",
        "--verbose",
        "--connect",
        _connect(tmp_path),
        "--orders",
        str(tmp_path),
    ]
    with subprocess.Popen(
        [*COMMAND, "shop", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        url = child.stdout.readline().split(" at ")[1].split(": ")[0]
        found = [
            httpx.get(f"{url}/v1/orders", params={"token": token, "partner_token": "pt"}).json()
            for token in ("token-1", "token-2")
        ]
        os.kill(child.pid, number)
        output = "".join(child.communicate(timeout=10))

    assert [len(orders) for orders in found] == [1, 1]
    assert "shop GET /v1/orders: 200" in output
    assert "token-1" not in output
    assert child.returncode == 0


@pytest.mark.slow
def test_the_books_take_a_connect_file_and_switches(tmp_path: Path) -> None:
    """The logins of the file are accepted; a switch is set before the first request."""
    options = ["--port", "0", "--connect", _connect(tmp_path), "--switch", "empty_element=object"]
    with subprocess.Popen(
        [*COMMAND, "books", *options], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        url = child.stdout.readline().split(" at ")[1].split(": ")[0]
        login = tags({**LOGIN, "password": "from-the-file"})
        xml = f"<x><contract>{login}</contract><format>json</format></x>"
        answer = httpx.post(
            f"{url}/acumulus/stable/general/my_acumulus.php", data={"xmlstring": xml}
        ).json()
        child.send_signal(signal.SIGTERM)

    assert (answer["status"], answer["mydata"]["myiban"]) == ("0", {})
    assert child.returncode == 0


def test_wrong_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names what is wrong, exits with 2 and shows no secret."""
    (tmp_path / "1.json").write_text('{"number": ')
    no_connect = tmp_path / "other"
    no_connect.write_text('{"partner_token": "geheim"}')
    for arguments, sentence in (
        (["shop", "--orders", str(tmp_path)], "1.json is not valid JSON"),
        (["shop", "--orders", str(tmp_path / "x")], "x is not a folder"),
        (["shop", "--orders", "a", "--orders", "b"], "2 folders of orders do not fit 1 shops"),
        (["shop", "--connect", str(tmp_path / "x")], "x cannot be read"),
        (["shop", "--connect", str(no_connect)], "it has no administrations"),
        (["shop", "--connect", str(tmp_path / "1.json")], "1.json is not valid JSON"),
        (["books", "--port", "70000"], "port 70000 does not exist"),
        (["books", "--switch", "speed=1"], "unknown switch 'speed'"),
        (["books", "--switch", "speed"], "--switch takes NAME=VALUE"),
        (["books", "--role", "9"], "a role is a number from 1 to 6"),
        (["books", "--state", str(tmp_path)], "cannot use"),
    ):
        status = main(arguments)
        error = capsys.readouterr().err

        assert (status, error.count("\n")) == (2, 1), arguments
        assert sentence in error
        assert "geheim" not in error


def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert main(["books", "--port", str(port)]) == 2
    assert f"port {port}: address already in use" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["shop", "--help"], ["books", "--help"]])
def test_help_explains_every_option(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Exit status 0 and a text."""
    with pytest.raises(SystemExit) as end:
        main(arguments)

    assert end.value.code == 0
    assert "usage: python -m workbench.standins" in capsys.readouterr().out


def test_both_tokens_have_documented_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    """The help names them, since nothing else prints them."""
    with pytest.raises(SystemExit):
        main(["shop", "--help"])
    text = capsys.readouterr().out

    assert TOKENS["token"] in text
    assert TOKENS["partner_token"] in text
