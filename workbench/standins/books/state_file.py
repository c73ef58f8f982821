"""Records in, one JSON line each in a file; a killed process loses no line that was written.

Each line is the newest value of one record. At the start and at the stop the file is written anew,
with one line per record, in one step.
"""

import json
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

from workbench.standins.errors import StandInError

Key = tuple[str, str, str]  # contract, kind of record, id


class StateFile:
    """The bookings of earlier runs, and those of this run as they come."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.newest: dict[Key, dict[str, Any]] = {}
        self._log: FileIO | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._read()
            self._rewrite()
        except OSError as failure:
            raise StandInError(f"cannot use {path}: {failure.strerror}") from None

    def of_contract(self, code: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Kind and value of every record of a contract, in the order of their making."""
        for (contract, kind, _), value in self.newest.items():
            if contract == code:
                yield kind, value

    def append(self, key: Key, value: dict[str, Any]) -> None:
        """Written out before the caller goes on."""
        if self._log is None:
            self._log = self.path.open("ab", buffering=0)
        self._log.write(_line(key, value))
        self.newest[key] = value

    def forget(self) -> None:
        """Start with an empty file."""
        self.newest.clear()
        self.close()

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None
        self._rewrite()

    def _read(self) -> None:
        if not self.path.exists():
            return
        lines = self.path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], 1):  # after the last newline: half a line
            try:
                contract, kind, id_, value = json.loads(line)
            except ValueError:
                raise StandInError(f"{self.path} line {number} is no state of a stand-in") from None
            self.newest[contract, kind, id_] = value

    def _rewrite(self) -> None:
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)  # it holds customers and invoice tokens
            file.writelines(_line(key, value) for key, value in self.newest.items())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def _line(key: Key, value: dict[str, Any]) -> bytes:
    return json.dumps([*key, value]).encode() + b"\n"
