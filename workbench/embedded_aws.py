"""Start and stop the embedded AWS: ministack on 127.0.0.1, its data in a folder of the run."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import boto3
import httpx
from botocore.config import Config

REGION = "eu-west-1"
ANY_CREDENTIALS = ("test", "test")
START_SECONDS = 30
SAVE_SECONDS = 30
STOP_SECONDS = 45  # more than running functions get


class EmbeddedAwsError(Exception):
    """When the embedded AWS cannot be started or used; the text is for the person at the screen."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies where in the folder of a run."""

    root: Path

    @property
    def aws(self) -> Path:
        return self.root / "aws"

    @property
    def log(self) -> Path:
        return self.root / "aws.log"

    @property
    def scratch(self) -> Path:
        return self.root / "scratch"


class EmbeddedAws:
    """One ministack process; use it as a context manager.

    ``endpoint`` is its address while it runs. The folder is locked: a second run with the same
    data is refused with one sentence.
    """

    def __init__(self, state: Path) -> None:
        self._layout = Layout(state.absolute())
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint = ""

    def __enter__(self) -> Self:
        self._take_folder()
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
        return self.session().client(service, endpoint_url=self.endpoint, config=CLIENT)  # type: ignore[call-overload]  # any service

    def session(self) -> boto3.Session:
        return boto3.Session(*ANY_CREDENTIALS, region_name=REGION)

    def save(self) -> None:
        """Everything but the tables' items (those are always on disk) is written now."""
        saved = self._layout.aws / "saved"
        saved.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        self._wait(saved.exists, SAVE_SECONDS, "did not save its state")

    def stop(self) -> None:
        """Stop politely (that saves), wait, and free the folder."""
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
        if self._lock is not None:
            shutil.rmtree(self._layout.scratch, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _take_folder(self) -> None:
        root = self._layout.root
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (root / "lock").open("w")
        except OSError as error:
            raise EmbeddedAwsError(
                f"The folder {root} cannot be used for the state: {error.strerror}."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            self._lock = None
            raise EmbeddedAwsError(
                f"Another run uses the folder {root}: stop it, or choose another with --state."
            ) from None

    def _start(self) -> None:
        layout = self._layout
        shutil.rmtree(layout.scratch, ignore_errors=True)
        for folder in (layout.aws, layout.scratch):
            folder.mkdir(exist_ok=True)
        with socket.socket() as listener, layout.log.open("ab") as log:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workbench.embedded_aws_server", str(listener.fileno())],
                env=_environment(layout, port),
                stdin=subprocess.PIPE,  # closes when we are gone, however we went
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno()],
                start_new_session=True,  # Ctrl-C is for us; we stop it in order
            )
        self.endpoint = f"http://127.0.0.1:{port}"
        self._wait(self._ready, START_SECONDS, "did not start")

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.endpoint}/_ministack/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _wait(self, done: Any, seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not done():
            if not self.alive or time.monotonic() > until:
                raise EmbeddedAwsError(f"The embedded AWS {what}: see {self._layout.log}.")
            time.sleep(0.02)


CLIENT = Config(retries={"total_max_attempts": 3}, read_timeout=300, max_pool_connections=20)


def _environment(layout: Layout, port: int) -> dict[str, str]:
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
        "STATE_DIR": str(layout.aws),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(layout.aws / "s3"),
        "TMPDIR": str(layout.scratch),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONDONTWRITEBYTECODE": "",
    }
