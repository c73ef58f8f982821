"""AWS for tests: moto in this process, or one ministack process for the whole test session."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

REGION = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
START_SECONDS = 30
STOP_SECONDS = 20
MOTO, EMBEDDED = "moto", "embedded"


@dataclass(frozen=True, slots=True)
class Aws:
    """An AWS to test against; ``endpoint`` is empty for moto."""

    name: str
    endpoint: str = ""

    def client(self, service: str) -> Any:
        """A client without retries, so that no fault is hidden; one per service for all tests."""
        return _client(self.endpoint, service)


@cache
def _client(endpoint: str, service: str) -> Any:
    import boto3  # half a second that most tests need not wait for
    from botocore.config import Config

    place = {"endpoint_url": endpoint} if endpoint else {}
    return boto3.Session(
        CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION
    ).client(service, config=Config(retries={"total_max_attempts": 1}), **place)  # type: ignore[call-overload]  # any service


@pytest.fixture(scope="session")
def embedded_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one ministack on a free port of 127.0.0.1, and stop it by its pid."""
    folder = tmp_path_factory.mktemp("ministack")
    with running_ministack(folder) as endpoint:
        yield endpoint


@pytest.fixture
def embedded(embedded_endpoint: str) -> Aws:
    """The embedded AWS: for races, where moto lets two writers win."""
    return Aws(EMBEDDED, embedded_endpoint)


@pytest.fixture(params=[MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def cloud(request: pytest.FixtureRequest) -> Iterator[Aws]:
    """Run the test twice: on moto and on the embedded AWS."""
    with an_aws(request, request.param) as aws:
        yield aws


@contextmanager
def an_aws(request: pytest.FixtureRequest, name: str) -> Iterator[Aws]:
    """The AWS of that name; moto forgets everything afterwards."""
    if name == MOTO:
        from moto import mock_aws

        with mock_aws():
            yield Aws(MOTO)
    else:
        yield Aws(EMBEDDED, request.getfixturevalue("embedded_endpoint"))


@contextmanager
def running_ministack(folder: Path) -> Iterator[str]:
    """A ministack that keeps its scratch in ``folder`` and forgets everything at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    log = folder / "ministack.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=_environment(folder, port),
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, endpoint, log)
        yield endpoint
    finally:
        _stop(process)


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "0",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(folder),
        "AWS_DEFAULT_REGION": REGION,
        **CREDENTIALS,
    }


def _wait_until_ready(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"ministack did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
