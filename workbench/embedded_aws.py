"""Start and stop the embedded AWS: ministack on 127.0.0.1, its data in a folder of the run."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import Any, Self
from urllib.request import urlopen

import boto3
from botocore.config import Config

from workbench.state_folder import StateFolder

REGION = "eu-west-1"
ANY_CREDENTIALS = ("test", "test")
START_SECONDS = 30
SAVE_SECONDS = 30
STOP_SECONDS = 45  # more than running functions get


class EmbeddedAwsError(Exception):
    """When the embedded AWS cannot be started or used; the text is for the person at the screen."""


class EmbeddedAws:
    """One ministack process; use it as a context manager.

    ``endpoint`` is its address while it runs. ``enforce_roles``: functions may do what their
    roles allow and nothing else.
    """

    def __init__(self, folder: StateFolder, *, enforce_roles: bool = False) -> None:
        self._folder = folder
        self._enforce_roles = enforce_roles
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}
        self.endpoint = ""

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise EmbeddedAwsError("The embedded AWS is not running.")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def client(self, service: str) -> Any:
        """A boto3 client for it; nothing of the user's own AWS settings is used."""
        if service not in self._clients:  # making one reads a large description of its service
            self._clients[service] = boto3.Session(*ANY_CREDENTIALS, region_name=REGION).client(
                service, endpoint_url=self.endpoint, config=CLIENT
            )  # type: ignore[call-overload]  # any service
        return self._clients[service]

    def save(self) -> None:
        """Everything but the tables' items (those are always on disk) is written now."""
        saved = self._folder.aws / "saved"
        saved.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        self._wait(saved.exists, SAVE_SECONDS, "did not save its state")

    def begin(self) -> None:
        """Let the functions work: until now no queue is read and no schedule fires."""
        os.kill(self.pid, signal.SIGUSR2)

    def stop(self) -> None:
        """Stop politely (that saves), and wait."""
        self._folder.endpoint.unlink(missing_ok=True)
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()  # the tables are safe in the journal
                self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None
        shutil.rmtree(self._folder.scratch, ignore_errors=True)

    def _start(self) -> None:
        folder = self._folder
        shutil.rmtree(folder.scratch, ignore_errors=True)
        for needed in (folder.aws, folder.scratch):
            needed.mkdir(exist_ok=True)
        with socket.socket() as listener, folder.aws_log.open("ab") as log:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workbench.embedded_aws_server", str(listener.fileno())],
                env=_environment(folder, port) | {"AUTH": str(self._enforce_roles).lower()},
                stdin=subprocess.PIPE,  # closes when we are gone, however we went
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno(), *self._locks()],
                start_new_session=True,  # Ctrl-C is for us; we stop it in order
            )
        self.endpoint = f"http://127.0.0.1:{port}"
        self._wait(self._ready, START_SECONDS, "did not start")
        folder.endpoint.write_text(self.endpoint)

    def _locks(self) -> list[int]:
        """The folder stays held until the child has saved, also when we are killed."""
        return [self._folder.lock] if self._folder.lock >= 0 else []

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self.endpoint}/_ministack/ready", timeout=5):
                return True
        except OSError:
            return False

    def _wait(self, done: Any, seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not done():
            if not self.alive or time.monotonic() > until:
                raise EmbeddedAwsError(f"The embedded AWS {what}: see {self._folder.aws_log}.")
            time.sleep(0.02)


CLIENT = Config(retries={"total_max_attempts": 3}, read_timeout=300, max_pool_connections=20)


def _environment(folder: StateFolder, port: int) -> dict[str, str]:
    """The user's environment without anything that could reach a real AWS account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder.aws),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder.aws / "s3"),
        "TMPDIR": str(folder.scratch),
        "LAYERS_DIR": str(folder.layers),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONDONTWRITEBYTECODE": "",
    }
