"""The folder of a run (--state): what lies where in it, and that only one run uses it at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

LAID_OUT = "laid-out"  # the note that stands for a layer: its name in the folder of layers
ENDING_SECONDS = 60  # how long to wait for what a killed run has started


class StateFolderError(Exception):
    """When the folder cannot be used; one sentence for the person at the screen."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """Everything a next run needs to know what was booked.

    ``lock`` is the descriptor that holds the folder; a process that inherits it holds on too.
    """

    root: Path
    lock: int = -1

    @property
    def aws(self) -> Path:
        """What the embedded AWS keeps."""
        return self.root / "aws"

    @property
    def aws_log(self) -> Path:
        """What the embedded AWS and the functions logged."""
        return self.root / "aws.log"

    @property
    def endpoint(self) -> Path:
        """Where the embedded AWS listens, while it runs: other commands join in there."""
        return self.root / "endpoint"

    @property
    def deployed(self) -> Path:
        """Which code and parameters stand on the embedded AWS."""
        return self.root / "deployed.json"

    @property
    def layers(self) -> Path:
        """The layer that functions run from, laid out once."""
        return self.root / "layers"

    @property
    def resting(self) -> Path:
        """Which shops of earlier runs rest, since they do not fit this one."""
        return self.root / "resting.json"

    @property
    def books(self) -> Path:
        """What the stand-in for Acumulus holds."""
        return self.root / "books.jsonl"

    @property
    def begun(self) -> date:
        """The day of the first run, remembered from then on."""
        note = self.root / "begun"
        if not note.exists():
            note.write_text(datetime.now(UTC).date().isoformat())
        return date.fromisoformat(note.read_text())

    @property
    def mails(self) -> Path:
        """The mails that went out."""
        return self.root / "mails"

    @property
    def scratch(self) -> Path:
        """Where functions are unpacked while they run."""
        return self.root / "scratch"


@contextmanager
def state_folder(path: Path) -> Iterator[StateFolder]:
    """Make the folder, closed to others, and hold it until the end.

    When its last run was killed, what that had started is given time to end. Raises
    ``StateFolderError`` when the folder cannot be used or another run holds it.
    """
    root = path.absolute()
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = (root / "lock").open("a+")
    except OSError as error:
        raise StateFolderError(
            f"The folder {path} cannot be used for the state: {error.strerror}."
        ) from None
    with held:
        if not _taken(held):
            raise StateFolderError(
                f"Another run uses the folder {path}: stop it, or choose another with --state."
            )
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield StateFolder(root, held.fileno())


def _taken(held: IO[str]) -> bool:
    until = time.monotonic() + ENDING_SECONDS
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if _holder_lives(held) or time.monotonic() > until:
                return False
            time.sleep(0.1)
        else:
            return True


def _holder_lives(held: IO[str]) -> bool:
    held.seek(0)
    pid = held.read()
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True
