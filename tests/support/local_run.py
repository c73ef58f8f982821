"""`boekbrug local` as a person starts it, against stand-ins that the test holds in its hands."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbench.standins import BooksStandIn, ShopStandIn

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "workbench/sample_orders/orders"
PARTNER_TOKEN = "partner-token-of-the-flow-tests"
LONGEST_RUN = 240  # seconds; a run that hangs fails its test


def sample(name: str) -> dict[str, Any]:
    """A sample order by the start of its file's name."""
    (file,) = SAMPLES.glob(f"{name}*.json")
    order: dict[str, Any] = json.loads(file.read_text(), parse_float=Decimal)
    return order


def numbered(order: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The same order, as another one with this number."""
    other = deepcopy(dict(order))
    other["number"] = str(number)
    other["uuid"] = f"00000000-0000-4000-8000-{number:012d}"
    return other


@dataclass(frozen=True)
class Shop:
    """A shop of a test: its token, and into which contract its orders go."""

    token: str
    store_id: str
    contract: str
    prefix: str


@dataclass
class Outside:
    """Both stand-ins, and what to connect."""

    shop: ShopStandIn
    books: BooksStandIn
    shops: list[Shop] = field(default_factory=list)

    def add_shop(self, index: int, contract: str, orders: Sequence[Mapping[str, Any]]) -> Shop:
        """A shop with these orders on a contract, which is made when it is new."""
        token = f"shop-token-of-the-flow-tests-{index}"
        store_id = f"5a3b1c00-0000-4000-8000-{index:012d}"
        store = {"id": store_id, "name": f"Winkel {index}", "region_code": "NL", "currency": "EUR"}
        self.shop.add_shop(token, [dict(order) for order in orders], store=store)
        if contract not in self.books.contracts:
            self.books.add_contract(contract, f"user-{contract}", f"password-of-{contract}")
        made = Shop(token, store_id, contract, f"W{index}-")
        self.shops.append(made)
        return made

    @property
    def secrets(self) -> list[str]:
        """What must never be printed."""
        passwords = [f"password-of-{shop.contract}" for shop in self.shops]
        return [PARTNER_TOKEN, *passwords, *(shop.token for shop in self.shops)]

    def document(self) -> dict[str, Any]:
        """The --connect document."""
        contracts = dict.fromkeys(shop.contract for shop in self.shops)
        return {
            "partner_token": PARTNER_TOKEN,
            "administrations": [
                {
                    "contractcode": code,
                    "username": f"user-{code}",
                    "password": f"password-of-{code}",
                    "shops": [
                        {"token": shop.token, "settings": settings(shop)}
                        for shop in self.shops
                        if shop.contract == code
                    ],
                }
                for code in contracts
            ],
        }

    def booked(self) -> dict[str, int]:
        """How often each order reference is in the books, concepts included."""
        found = dict(self.books.entries_per_description())
        for contract in self.books.contracts.values():
            for concept in contract.concepts.values():
                text = concept.invoice.description
                found[text] = found.get(text, 0) + 1
        return found


def settings(shop: Shop) -> dict[str, Any]:
    """Statuses "Verzonden", "Betaald" and "Afgehaald", and a prefix per shop."""
    return {"trigger_statuses": [2, 3, 6], "credit_statuses": [10], "order_prefix": shop.prefix}


@contextmanager
def outside(**options: Any) -> Iterator[Outside]:
    """Both stand-ins, running; ``options`` (latency) are of both."""
    shop = ShopStandIn(partner_token=PARTNER_TOKEN, **options)
    with shop, BooksStandIn(**options) as books:
        yield Outside(shop, books)


# --------------------------------------------------------------------------- the command


@dataclass(frozen=True)
class Ran:
    """A run that has ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def summary(self) -> dict[str, Any]:
        """The document of --json."""
        found: dict[str, Any] = json.loads(self.stdout)
        return found

    @property
    def states(self) -> dict[str, str]:
        """State per order number."""
        return {order["number"]: order["state"] for order in self.summary["orders"]}


def start(*arguments: str | Path, cwd: Path) -> "subprocess.Popen[str]":
    """Start `boekbrug local` in a session of its own, as a terminal would."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", "local", *map(str, arguments)],
        cwd=cwd,
        env=kept | {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers/core'}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait(process: "subprocess.Popen[str]") -> Ran:
    """Until it ends; a run that hangs is killed and fails the test."""
    try:
        stdout, stderr = process.communicate(timeout=LONGEST_RUN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        raise AssertionError(f"the run hung:\n{stdout}\n{stderr}") from None
    return Ran(process.returncode, stdout, stderr)


def run(*arguments: str | Path, cwd: Path) -> Ran:
    """Run `boekbrug local` to its end."""
    return wait(start(*arguments, cwd=cwd))


def against(world: Outside, folder: Path) -> list[str | Path]:
    """The options that point a run at these stand-ins, with its state in ``folder``."""
    document = folder / "connect.json"
    document.write_text(json.dumps(world.document()))
    servers = ["--shop-url", world.shop.url, "--books-url", world.books.url]
    return ["--state", folder / "state", "--connect", document, *servers]


def free_port() -> str:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def until(happened: Any, process: "subprocess.Popen[str]") -> None:
    """Wait for something while a run goes on; fails when the run ends first."""
    patience = time.monotonic() + LONGEST_RUN
    while not happened():
        if process.poll() is not None or time.monotonic() > patience:
            ran = wait(process)
            raise AssertionError(f"the run ended too early:\n{ran.stdout}\n{ran.stderr}")
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """Every process that this one has started, and theirs."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "status").read_text()
            except OSError:
                continue
            found = re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)
            parents[int(entry.name)] = int(found.group(1)) if found else 0
    mine = {pid}
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sorted(mine - {pid})
