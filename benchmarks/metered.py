"""What an idle shop, an order and a night cost: the real functions, every outside call counted.

    python -m benchmarks.metered [--shops 200] [--orders 300] [--json FILE]

The embedded AWS and the stand-ins run in processes of their own, so the CPU measured is ours. What
an idle shop costs beside its GET is the difference of two small numbers: rounds of both alternate,
and the least of each counts. Log lines are formatted and counted, not written.

``benchmarks/month.py`` prices a month from the counts. J is the time of ``json.loads`` of one
sample order on this machine.
"""

import argparse
import copy
import json
import logging
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from io import TextIOBase
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import httpx

from benchmarks.meter import Metering
from benchmarks.month import RECENT, Measured, month, report
from boekbrug.journey.fetch_orders import SHOPS_IN_FLIGHT
from tests.support.embedded import EMBEDDED, Aws, running_ministack
from tests.support.stack import SAMPLE, Stack, stack_on
from tests.support.template import written

ROUNDS = 7  # of idle shops, and of bare GETs


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


# --------------------------------------------------------------------------- the outside


def _serve(shops: int, recent: int, pipe: Any) -> None:
    """Both stand-ins in a process of their own: every shop has a few recent orders."""
    from workbench.standins.books.standin import BooksStandIn
    from workbench.standins.shop.standin import ShopStandIn

    sample = json.loads((SAMPLE / "orders" / "01-b2c-nl-21.json").read_text())
    with ShopStandIn(remember=10) as shop, BooksStandIn(remember=10) as books:
        for number in range(shops):
            books.add_contract(contractcode=_contract(number))
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


def _contract(number: int) -> str:
    return str(100_000 + number)


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


# --------------------------------------------------------------------------- what is written


class _Written(TextIOBase):
    """In place of standard output: counts what is logged, and names the metrics in it."""

    def __init__(self) -> None:
        self.bytes = 0
        self.metrics: Counter[str] = Counter()

    def write(self, text: str) -> int:
        self.bytes += len(text.encode())
        if '"_aws"' in text:
            groups = json.loads(text)["_aws"]["CloudWatchMetrics"]
            self.metrics.update(one["Name"] for group in groups for one in group["Metrics"])
        return len(text)


@contextmanager
def _counted() -> Iterator[_Written]:
    """Our own lines as the functions format them, into a counter."""
    from boekbrug.lambda_io import logs

    lines = _Written()
    with redirect_stdout(lines):
        logs()
        for handler in logging.getLogger("boekbrug").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(lines)
        yield lines


# --------------------------------------------------------------------------- measuring


def measure(shops: int, orders: int) -> dict[str, Any]:
    """Run everything; returns the figures."""
    metering = Metering()
    metering.switch_on()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_ministack(Path(folder)) as endpoint,
        outside(shops, recent=RECENT) as (pipe, (shop_url, books_url, partner)),
        stack_on(Aws(EMBEDDED, endpoint), shop_url, books_url, partner) as stack,
        _counted() as lines,
    ):
        bench = _Bench(metering, stack, lines, shops)
        stack.connect(_document(shops, partner))
        bench.begin()
        idle, bare = bench.idle_beside_bare(shop_url, partner)
        first_night, night = bench.night(), bench.night()
        look_ups = bench.measured(lambda: stack.invoke("follow_up", {"look_ups": True}), 1)
        pipe.send(orders)
        pipe.recv()
        fetched, booked = bench.busy(orders)
    return {
        "j_us": j_seconds() * 1e6,
        "idle": _least(idle),
        "bare": _least(bare),
        "rounds": {
            "idle_ms": [round(one.cpu_ms, 3) for one in idle],
            "bare_ms": [round(one.cpu_ms, 3) for one in bare],
        },
        "fetched": fetched,
        "booked": booked,
        "first_night": first_night,
        "night": night,
        "look_ups": look_ups,
        "metrics": dict(lines.metrics),
        "alarms": alarms(),
    }


def alarms() -> int:
    """How many metrics the template's alarms watch: that is what is billed."""
    resources = written()["Resources"].values()
    found = (one["Properties"] for one in resources if one["Type"] == "AWS::CloudWatch::Alarm")
    return sum(len(alarm.get("Metrics", [alarm])) for alarm in found)


def _least(rounds: list[Measured]) -> Measured:
    """What else the machine does only adds."""
    return min(rounds, key=lambda one: one.cpu_ms)


@dataclass(frozen=True)
class _Bench:
    """The deployed functions with a meter on them."""

    metering: Metering
    stack: Stack
    lines: _Written
    shops: int

    def measured(self, work: Any, pieces: int) -> Measured:
        before = self.lines.bytes
        with self.metering.measure() as meter:
            work()
        return Measured.from_meter(meter, pieces, self.lines.bytes - before)

    def begin(self) -> None:
        """Two hours: from then on nothing is new to fetching."""
        for _ in range(2):
            self._each("fetch_orders", self._pages("schedule_fetches", "SHOPS_QUEUE_URL"))
            self._each("book_orders", self._batches())

    def idle_beside_bare(self, shop_url: str, partner: str) -> tuple[list[Measured], ...]:
        """The same GETs by our function, and by a bare client with as many threads, in turns."""

        def get(number: int) -> None:
            query = {"token": f"token-{number:05}", "partner_token": partner, "limit": "100"}
            client.get(f"{shop_url}/v1/orders", params=query).raise_for_status()

        idle, bare = [], []
        with httpx.Client() as client, ThreadPoolExecutor(SHOPS_IN_FLIGHT) as pool:
            list(pool.map(get, range(self.shops)))  # warm
            for _ in range(ROUNDS):
                pages = self._pages("schedule_fetches", "SHOPS_QUEUE_URL")
                idle.append(
                    self.measured(lambda pages=pages: self._each("fetch_orders", pages), self.shops)
                )
                bare.append(
                    self.measured(lambda: list(pool.map(get, range(self.shops))), self.shops)
                )
        return idle, bare

    def night(self) -> Measured:
        """The first one looks at every booking, the next finds nothing new."""
        pages = self._pages("follow_up", "FOLLOW_UP_QUEUE_URL")
        return self.measured(lambda: self._each("follow_up", pages), self.shops)

    def busy(self, orders: int) -> tuple[Measured, Measured]:
        """One shop has many new orders; ten of them are a batch."""
        page = {"messageId": "busy", "body": json.dumps({"shops": [_busy_shop()]})}
        fetched = self.measured(lambda: self._each("fetch_orders", [[page]]), orders)
        batches = list(self._batches())
        booked = self.measured(lambda: self._each("book_orders", batches), orders)
        if round(booked.of("acumulus.POST") * orders) < orders:
            raise RuntimeError("not every order was posted: the figures would be wrong")
        return fetched, booked

    def _each(self, function: str, events: Any) -> None:
        for records in events:
            answer = self.stack.invoke(function, {"Records": records})
            if answer["batchItemFailures"]:
                raise RuntimeError("a message went back: the figures would be wrong")

    def _batches(self) -> Iterator[list[dict[str, Any]]]:
        while batch := self.stack.received("ORDERS_QUEUE_URL"):
            yield batch

    def _pages(self, function: str, queue: str) -> list[list[dict[str, Any]]]:
        """All pages of an hour or a night; they come a few seconds apart."""
        self.stack.invoke(function, {})
        pages: list[list[dict[str, Any]]] = []
        until = time.monotonic() + 60
        while sum(len(json.loads(page[0]["body"])["shops"]) for page in pages) < self.shops:
            if time.monotonic() > until:
                raise RuntimeError("not every shop was scheduled: the figures would be wrong")
            if page := self.stack.received(queue, 1):
                pages.append(page)
            else:
                time.sleep(0.2)
        return pages


def _busy_shop() -> str:
    from boekbrug.bootstrap import services

    return min(services().tenants.all_shops(), key=lambda shop: shop.store.name).shop_id


def _document(shops: int, partner: str) -> dict[str, Any]:
    return {
        "partner_token": partner,
        "administrations": [
            {
                "contractcode": _contract(number),
                "username": "standin-user",
                "password": "standin-password",
                "shops": [
                    {
                        "token": f"token-{number:05}",
                        "settings": {"trigger_statuses": [2], "order_prefix": f"S{number}-"},
                    }
                ],
            }
            for number in range(shops)
        ],
    }


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
        kept["month"] = month(figures)
        options.json.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
