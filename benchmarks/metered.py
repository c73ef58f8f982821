"""What an idle shop and an order cost: the real functions, every outside call counted.

    python -m benchmarks.metered [--shops 200] [--orders 300] [--json FILE]

The embedded AWS and the stand-ins run in processes of their own, so the CPU measured is ours. A
month of 40,000 shops and 1,000,000 orders is then priced from the counts (prices in ``PRICES``,
list prices of eu-west-1; they are an input, not a measurement). J is the time of ``json.loads`` of
one sample order on this machine.
"""

import argparse
import copy
import json
import logging
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import httpx

from benchmarks.meter import Meter, Metering
from boekbrug.journey.fetch_orders import SHOPS_IN_FLIGHT
from tests.support.embedded import EMBEDDED, Aws, running_ministack
from tests.support.stack import SAMPLE, Stack, stack_on

SHOPS, ORDERS, HOURS = 40_000, 1_000_000, 730
PAGE = 100
FETCH_GB, BOOK_GB = 0.3125, 0.3125  # as in template.yaml
CPU_PER_GB = 1 / 1.769  # Lambda gives one core at 1,769 MB
PRICES = {  # dollar
    "gb_second": 0.0000133334,
    "invocation": 0.20e-6,
    "sqs_standard": 0.40e-6,
    "sqs_fifo": 0.50e-6,
    "read_unit": 0.1415e-6,
    "write_unit": 0.7075e-6,
    "kms": 3e-6,
    "log_gb": 0.57,
}
SCHEDULE_UNITS = 0.075  # read units a shop for the hourly list of active shops, as fetching's own
SHOP_SECONDS, BOOKS_SECONDS = 0.2, 0.3  # assumed: how long the outside systems take to answer


def j_seconds() -> float:
    """One J on this machine, the best of many."""
    raw = (SAMPLE / "orders" / "01-b2c-nl-21.json").read_bytes()
    best = 1.0
    for _ in range(50):
        began = time.perf_counter()
        for _ in range(100):
            json.loads(raw)
        best = min(best, (time.perf_counter() - began) / 100)
    return best


@dataclass(frozen=True)
class Measured:
    """One measured part: what it did per piece."""

    pieces: int
    calls: dict[str, float]
    read_units: float
    write_units: float
    sqs_requests: float
    cpu_ms: float
    log_bytes: float

    def of(self, prefix: str) -> float:
        """Calls of a service, or of one operation."""
        return sum(count for name, count in self.calls.items() if name.startswith(prefix))

    @staticmethod
    def from_meter(meter: Meter, pieces: int, log_bytes: int) -> "Measured":
        """Everything divided by the number of shops or orders."""
        return Measured(
            pieces=pieces,
            calls={name: count / pieces for name, count in sorted(meter.calls.items())},
            read_units=meter.read_units / pieces,
            write_units=meter.write_units / pieces,
            sqs_requests=meter.sqs_requests / pieces,
            cpu_ms=meter.cpu * 1000 / pieces,
            log_bytes=log_bytes / pieces,
        )


# --------------------------------------------------------------------------- the outside


def _serve(shops: int, recent: int, pipe: Any) -> None:
    """Both stand-ins in a process of their own: every shop has a few recent orders."""
    from workbench.standins.books.standin import BooksStandIn
    from workbench.standins.shop.standin import ShopStandIn

    sample = json.loads((SAMPLE / "orders" / "01-b2c-nl-21.json").read_text())
    with ShopStandIn(remember=10) as shop, BooksStandIn(remember=10) as books:
        books.add_contract()
        for number in range(shops):
            shop.add_shop(
                token=f"token-{number:05}",
                orders=[_order(sample, number, n) for n in range(recent)],
            )
        pipe.send((shop.url, books.url, shop.partner_token))
        while True:
            wanted = pipe.recv()
            if wanted is None:
                return
            for n in range(recent, recent + wanted):
                shop.add_order(_order(sample, 0, n), shop.shops[0].id)
            pipe.send(True)


def _order(sample: dict[str, Any], shop: int, number: int) -> dict[str, Any]:
    order = copy.deepcopy(sample)
    order["number"] = str(10_000 + number)
    order["uuid"] = str(uuid5(NAMESPACE_DNS, f"{shop}-{number}"))
    order["credit_order_numbers"] = []
    return order


@contextmanager
def outside(shops: int, recent: int) -> Iterator[tuple[Any, tuple[str, str, str]]]:
    """The stand-ins' process and its addresses."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(shops, recent, theirs), daemon=True)
    process.start()
    try:
        yield ours, ours.recv()
    finally:
        ours.send(None)
        process.join(10)


# --------------------------------------------------------------------------- measuring


class _Counted(logging.Handler):
    """Counts the bytes of our log lines instead of writing them."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.bytes += 350 if record.name.startswith("boekbrug") else 250


def measure(shops: int, orders: int) -> dict[str, Any]:
    """Run everything; returns the figures."""
    metering = Metering()
    metering.switch_on()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_ministack(Path(folder)) as endpoint,
        outside(shops, recent=5) as (pipe, (shop_url, books_url, partner)),
        stack_on(Aws(EMBEDDED, endpoint), shop_url, books_url, partner) as stack,
    ):
        _silent()
        stack.connect(_document(shops, partner))
        for _ in range(2):
            for page in _pages(stack, shops):
                stack.invoke("fetch_orders", {"Records": page})
            while batch := stack.received("ORDERS_QUEUE_URL"):
                stack.invoke("book_orders", {"Records": batch})
        idle = _idle(metering, stack, shops)
        bare = _bare_gets(metering, shop_url, partner, shops)
        pipe.send(orders)
        pipe.recv()
        fetched, booked = _busy(metering, stack, orders)
    return {
        "j_us": j_seconds() * 1e6,
        "idle": idle,
        "bare": bare,
        "fetched": fetched,
        "booked": booked,
    }


def _bare_gets(metering: Metering, shop_url: str, partner: str, shops: int) -> Measured:
    """The same GETs by a bare httpx client with as many threads: what the GET alone costs."""

    def get(number: int) -> None:
        query = {"token": f"token-{number:05}", "partner_token": partner, "limit": "100"}
        client.get(f"{shop_url}/v1/orders", params=query).raise_for_status()

    with httpx.Client() as client, ThreadPoolExecutor(SHOPS_IN_FLIGHT) as pool:
        list(pool.map(get, range(shops)))  # warm
        with metering.measure() as meter:
            list(pool.map(get, range(shops)))
    return Measured.from_meter(meter, shops, 0)


def _silent() -> None:
    from boekbrug.lambda_io import logs

    logs()
    logging.getLogger("boekbrug").handlers = [_Counted()]


def _idle(metering: Metering, stack: Stack, shops: int) -> Measured:
    pages = _pages(stack, shops)
    with metering.measure() as meter:
        for page in pages:
            stack.invoke("fetch_orders", {"Records": page})
    return Measured.from_meter(meter, shops, 0)


def _pages(stack: Stack, shops: int) -> list[list[dict[str, Any]]]:
    """All pages of an hour; they come a few seconds apart."""
    stack.invoke("schedule_fetches", {})
    pages: list[list[dict[str, Any]]] = []
    until = time.monotonic() + 60
    while sum(len(json.loads(page[0]["body"])["shops"]) for page in pages) < shops:
        if time.monotonic() > until:
            raise RuntimeError("not every shop was scheduled: the figures would be wrong")
        if page := stack.received("SHOPS_QUEUE_URL", 1):
            pages.append(page)
        else:
            time.sleep(0.2)
    return pages


def _busy_shop() -> str:
    from boekbrug.bootstrap import services

    return min(services().tenants.all_shops(), key=lambda shop: shop.store.name).shop_id


def _busy(metering: Metering, stack: Stack, orders: int) -> tuple[Measured, Measured]:
    page = {"messageId": "busy", "body": json.dumps({"shops": [_busy_shop()]})}
    with metering.measure() as fetching:
        stack.invoke("fetch_orders", {"Records": [page]})
    batches = []
    while batch := stack.received("ORDERS_QUEUE_URL"):
        batches.append(batch)
    with metering.measure() as booking:
        for batch in batches:
            answer = stack.invoke("book_orders", {"Records": batch})
            if answer["batchItemFailures"]:
                raise RuntimeError("an order went back: the figures would be wrong")
    if booking.calls["acumulus.POST"] < orders:
        raise RuntimeError("not every order was posted: the figures would be wrong")
    return Measured.from_meter(fetching, orders, 350 * orders), Measured.from_meter(
        booking, orders, 400 * orders
    )


def _document(shops: int, partner: str) -> dict[str, Any]:
    return {
        "partner_token": partner,
        "administrations": [
            {
                "contractcode": "123456",
                "username": "standin-user",
                "password": "standin-password",
                "shops": [
                    {
                        "token": f"token-{number:05}",
                        "settings": {"trigger_statuses": [2], "order_prefix": f"S{number}-"},
                    }
                    for number in range(shops)
                ],
            }
        ],
    }


# --------------------------------------------------------------------------- a month


def month(idle: Measured, fetched: Measured, booked: Measured) -> dict[str, float]:
    """Dollar for 40,000 shops every hour and a million orders; constant parts apart."""
    polls = SHOPS * HOURS
    pages = polls / PAGE
    page_seconds = PAGE / SHOPS_IN_FLIGHT * SHOP_SECONDS + _cpu(PAGE * idle.cpu_ms, FETCH_GB)
    fetch_seconds = SHOP_SECONDS + _cpu(fetched.cpu_ms, FETCH_GB)
    book_seconds = BOOKS_SECONDS + _cpu(booked.cpu_ms, BOOK_GB)
    gigabyte_seconds = fetch_seconds * FETCH_GB + book_seconds * BOOK_GB
    return {
        "fetch: Lambda": pages
        * (page_seconds * FETCH_GB * PRICES["gb_second"] + PRICES["invocation"]),
        "fetch: DynamoDB reads": polls * (idle.read_units + SCHEDULE_UNITS) * PRICES["read_unit"],
        "fetch: SQS": pages * 3 * PRICES["sqs_standard"],
        "fetch: KMS": polls * idle.of("kms") * PRICES["kms"],
        "orders: Lambda": ORDERS * gigabyte_seconds * PRICES["gb_second"]
        + ORDERS / 10 * PRICES["invocation"],
        "orders: DynamoDB": ORDERS
        * (
            (fetched.write_units + booked.write_units) * PRICES["write_unit"]
            + (fetched.read_units + booked.read_units) * PRICES["read_unit"]
        ),
        "orders: SQS": ORDERS * _sqs(fetched) * PRICES["sqs_fifo"],
        "orders: logs": ORDERS * (fetched.log_bytes + booked.log_bytes) / 1e9 * PRICES["log_gb"],
        "constant: key and alarms": 1.0 + 0.1 * 6,
    }


def _cpu(milliseconds: float, gigabytes: float) -> float:
    """Seconds that this much CPU takes at the share of a core that the memory buys."""
    return milliseconds / 1000 / min(1.0, gigabytes * CPU_PER_GB)


def report(figures: dict[str, Any]) -> str:
    """The figures beside the goals."""
    idle, fetched, booked = figures["idle"], figures["fetched"], figures["booked"]
    prices = month(idle, fetched, booked)
    beside = idle.cpu_ms - figures["bare"].cpu_ms
    return "\n".join(
        [
            f"J on this machine: {figures['j_us']:.1f} us",
            f"\nidle shop ({idle.pieces})",
            _row("GET", idle.of("shop.GET"), "1"),
            _row("DynamoDB calls", idle.of("dynamodb")),
            _row("read units", idle.read_units),
            _row("write units", idle.write_units, "0"),
            _row("KMS calls", idle.of("kms"), "0"),
            _row("CPU ms, the GET included", idle.cpu_ms),
            _row("CPU ms beside the GET", beside, "0.25"),
            f"\nan order ({booked.pieces})",
            _row("shop GETs (payments)", fetched.of("shop.GET")),
            _row("POSTs to Acumulus", booked.of("acumulus.POST"), "1"),
            _row("DynamoDB calls, booking", booked.of("dynamodb"), "2"),
            _row("DynamoDB calls, fetching", fetched.of("dynamodb")),
            _row("SQS requests", _sqs(fetched), "0.3"),
            _row("write units", fetched.write_units + booked.write_units),
            _row("CPU ms", fetched.cpu_ms + booked.cpu_ms),
            f"\na month of {SHOPS:,} shops hourly and {ORDERS:,} orders, dollar",
            *(_row(name, price) for name, price in prices.items()),
            _row("in all", sum(prices.values()), "10"),
            "\ncalls per idle shop: " + _told(idle),
            "calls per order, fetching: " + _told(fetched),
            "calls per order, booking: " + _told(booked),
        ]
    )


def _row(name: str, value: float, goal: str = "") -> str:
    return f"  {name:28}{value:9.2f}" + (f"   goal {goal}" if goal else "")


def _sqs(fetched: Measured) -> float:
    """Sent in batches, received and deleted by Lambda in batches of ten as well."""
    return fetched.calls.get("sqs.SendMessageBatch", 0.0) + 0.2


def _told(measured: Measured) -> str:
    return ", ".join(f"{name} {count:.3f}" for name, count in measured.calls.items())


def main() -> None:
    """Measure, print, and keep as JSON when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(options.shops, options.orders)
    sys.stdout.write(report(figures) + "\n")
    if options.json:
        kept = {k: asdict(v) if isinstance(v, Measured) else v for k, v in figures.items()}
        options.json.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
