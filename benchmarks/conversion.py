"""Order bytes -> XML bytes, measured: J per part on the example orders, and memory over many.

J is the time of ``json.loads`` of the same order on the same machine, so figures compare across
machines. Goal: at most 6 J for an order with every rule on. What came out is kept beside this file
under its date.

    python benchmarks/conversion.py [FOLDER] [--orders 100000]
"""

import argparse
import gc
import json
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import geometric_mean
from time import perf_counter_ns

from boekbrug.acumulus.from_invoice import invoice_tree
from boekbrug.acumulus.xml import xml_bytes
from boekbrug.domain.convert import convert
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts, VatPeriod, VatRate
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.order import OrderStatus, Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.shops import FetchedOrder
from boekbrug.mijnwebwinkel.to_order import read_order

SAMPLES = Path(__file__).parent.parent / "workbench" / "sample_orders" / "orders"
GOAL = 6.0
ROUNDS = 400
LOOPS = 10
CREDIT_STATUS = 10

RATES = {
    "NL": ("21", "9", "0"),
    "BE": ("21", "12", "6", "0"),
    "DE": ("19", "7"),
    "SE": ("25", "12", "6"),
    "GB": ("20", "5", "0"),
}


@dataclass(frozen=True)
class Case:
    """One example order: its name and its bytes, as the shop sends them."""

    name: str
    raw: bytes


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--orders", type=int, default=100_000, help="orders for the memory run")
    given = parser.parse_args()
    cases = list(_cases(given.folder))
    if not cases:
        sys.exit(f"no orders (*.json) in {given.folder}")
    over = _report_speed(cases)
    _report_memory(cases, given.orders)
    if over:
        print(f"over the goal of {GOAL} J: {', '.join(over)}")


def _cases(folder: Path) -> Iterator[Case]:
    for file in sorted(folder.glob("*.json")):
        given = json.loads(file.read_text("utf-8"))
        if isinstance(given, dict) and "orderlines" in given:
            # Without the indentation that is there for human readers.
            yield Case(file.stem, json.dumps(given, ensure_ascii=False).encode())


# --------------------------------------------------------------------------- the work


def _settings() -> ShopSettings:
    return ShopSettings(trigger_statuses=(1, 2, 3, 6), exchange_rates={"SEK": Decimal("0.09")})


def _facts() -> Facts:
    periods = {
        country: (
            VatPeriod(date(2015, 1, 1), None, 2, tuple(VatRate(Decimal(rate)) for rate in rates)),
        )
        for country, rates in RATES.items()
    }
    return Facts(
        now=datetime(2026, 4, 1, tzinfo=UTC),
        store=Store("s-1", domain="https://www.example.com", region_code="NL"),
        statuses={CREDIT_STATUS: OrderStatus(CREDIT_STATUS, "Retour", credit_order=True)},
        vat_rates=periods,
    )


SETTINGS = _settings()
FACTS = _facts()


def whole(raw: bytes) -> bytes:
    """Everything between the shop's bytes and those for Acumulus; empty when nothing is sent."""
    fetched = read_order(raw)
    if not isinstance(fetched, FetchedOrder):
        raise TypeError(fetched.problem)
    order = fetched.order
    outcome = decide(order, SETTINGS, FACTS) or convert(order, SETTINGS, FACTS)
    return xml_bytes(invoice_tree(outcome)) if isinstance(outcome, Invoice) else b""


def _parts(raw: bytes) -> dict[str, Callable[[], object]]:
    """The steps by name, each from what the step before it made."""
    fetched = read_order(raw)
    if not isinstance(fetched, FetchedOrder):
        raise TypeError(fetched.problem)
    order = fetched.order
    parts: dict[str, Callable[[], object]] = {
        "read": lambda: read_order(raw),
        "decide": lambda: decide(order, SETTINGS, FACTS),
    }
    if decide(order, SETTINGS, FACTS) is not None:
        return parts
    parts["convert"] = lambda: convert(order, SETTINGS, FACTS)
    outcome: Invoice | Skip | Hold = convert(order, SETTINGS, FACTS)
    if isinstance(outcome, Invoice):
        tree = invoice_tree(outcome)
        parts["tree"] = lambda: invoice_tree(outcome)
        parts["xml"] = lambda: xml_bytes(tree)
    return parts


# --------------------------------------------------------------------------- the figures


def _fastest(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Nanoseconds of each work, the best of many short rounds: what it costs undisturbed.

    The works take turns in every round, so that a busy minute of the machine hits all alike.
    """
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = perf_counter_ns()
            for _ in range(LOOPS):
                work()
            best[name] = min(best[name], (perf_counter_ns() - start) / LOOPS)
    return best


def _works(raw: bytes) -> dict[str, Callable[[], object]]:
    """The unit, the parts and the whole chain, by name."""
    return {"J": lambda: json.loads(raw), **_parts(raw), "whole": lambda: whole(raw)}


def _report_speed(cases: list[Case]) -> list[str]:
    """Print a line per order; return the names of those over the goal."""
    names = ("read", "decide", "convert", "tree", "xml", "whole")
    print(f"{'order':<44}{'J in us':>8}" + "".join(f"{name:>9}" for name in names))
    over, wholes, booked = [], [], []
    for case in cases:
        best = _fastest(_works(case.raw))
        unit = best.pop("J")
        took = {name: nanoseconds / unit for name, nanoseconds in best.items()}
        wholes.append(took["whole"])
        booked += [took["whole"]] if "xml" in took else []
        cells = "".join(f"{took[name]:9.2f}" if name in took else f"{'-':>9}" for name in names)
        print(f"{case.name[:43]:<44}{unit / 1000:8.1f}{cells}")
        if took["whole"] > GOAL:
            over.append(case.name)
    for name, figures in (("all orders", wholes), ("those that are booked", booked)):
        print(f"{name + ' (geometric mean)':<44}{'':8}{'':45}{geometric_mean(figures):9.2f}")
    print(f"goal: {GOAL}")
    return over


def _report_memory(cases: list[Case], orders: int) -> None:
    """Work through many orders; what stays must not grow with their number."""
    print(f"\nmemory over {orders} orders")
    tenth = max(orders // 10, 1)
    for done in range(0, orders + 1, tenth):
        gc.collect()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{done:>9} orders: {_resident():7.1f} MB now, {peak:7.1f} MB at most")
        if done < orders:
            for number in range(tenth):
                whole(cases[number % len(cases)].raw)


def _resident() -> float:
    """Megabytes in use now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


if __name__ == "__main__":
    main()
