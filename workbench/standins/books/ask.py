"""A posted document after its login was checked: what a call may look at and change."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from xml.etree import ElementTree as ET

from workbench.standins.books.contract import Contract, User
from workbench.standins.books.messages import MESSAGES, Message, Refused
from workbench.standins.books.records import Concept, Contact, Entry, Mail
from workbench.standins.books.switches import BooksSwitches
from workbench.standins.books.wire import text_of

type Record = Contact | Entry | Concept | Mail


class Keep(Protocol):
    """Stores a record of a contract for good."""

    def __call__(self, contract: Contract, record: Record) -> None: ...


@dataclass
class Ids:
    """New ids, unique over all contracts, as in Acumulus."""

    entry: Iterator[int] = field(default_factory=lambda: itertools.count(61000001))
    contact: Iterator[int] = field(default_factory=lambda: itertools.count(10200001))
    concept: Iterator[int] = field(default_factory=lambda: itertools.count(171001))
    mail: Iterator[int] = field(default_factory=lambda: itertools.count(1))


@dataclass
class Ask:
    """One call. ``contract`` and ``user`` are None only for the open calls."""

    root: ET.Element
    switches: BooksSwitches
    now: Callable[[], datetime]
    ids: Ids
    keep_record: Keep
    contract_or_none: Contract | None = None
    user: User | None = None
    warnings: list[Message] = field(default_factory=list)

    @property
    def contract(self) -> Contract:
        if self.contract_or_none is None:
            raise Refused("AF1001MCS")
        return self.contract_or_none

    @property
    def today(self) -> str:
        return f"{self.now():%Y-%m-%d}"

    @property
    def testmode(self) -> bool:
        return self.text("testmode") == "1"

    def text(self, tag: str) -> str | None:
        """A tag at the top of the document: None when absent, "" when empty."""
        return text_of(self.root, tag)

    def warn(self, codetag: str) -> None:
        self.warnings.append(MESSAGES[codetag])

    def keep(self, record: Record) -> None:
        self.keep_record(self.contract, record)

    def listed(self, entries: list[Entry]) -> list[Entry]:
        """The entries that the lists show yet; counts as one list call."""
        contract = self.contract
        contract.list_calls += 1
        clock = time.monotonic()
        shown = [
            entry
            for entry in entries
            if entry.listed_at_call < contract.list_calls and entry.listed_at_time <= clock
        ]
        if self.switches.deleted_entries == "hidden":
            return [entry for entry in shown if not entry.deleted]
        return shown


def is_date(text: str | None, first: str = "2000-01-01", last: str = "2099-12-31") -> bool:
    """Whether it is a date yyyy-mm-dd within the range."""
    try:
        return (
            text is not None and len(text) == 10 and first <= str(date.fromisoformat(text)) <= last
        )
    except ValueError:
        return False
