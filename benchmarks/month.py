"""A month of 40,000 shops and 1,000,000 orders, priced from what was measured; and the telling.

``PRICES`` (list prices of eu-west-1) and the waiting times are inputs, not measurements. Not in it:
mails, the portal, storage, and traffic, whose first 100 GB a month are free.
"""

from dataclasses import dataclass, replace
from typing import Any

from benchmarks.meter import Meter
from boekbrug.journey.book_orders import ADMINISTRATIONS_IN_FLIGHT
from boekbrug.journey.fetch_orders import SHOPS_IN_FLIGHT

SHOPS, ORDERS, HOURS, NIGHTS = 40_000, 1_000_000, 730, 30
LOOK_UPS = HOURS * 4
PAGE = 100
RECENT = 5  # orders of a shop when the first night begins
FETCH_GB, BOOK_GB, FOLLOW_GB = 0.3125, 0.3125, 1.0  # as in template.yaml
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
    "key": 1.0,
    "alarm": 0.10,
    "metric": 0.30,
}
SCHEDULE_UNITS = 0.075  # read units a shop for the hourly list of active shops, as fetching's own
SHOP_SECONDS, BOOKS_SECONDS = 0.2, 0.3  # assumed: how long the outside systems take to answer
LAMBDA_LINES = 350  # assumed: bytes that Lambda itself logs of each call


@dataclass(frozen=True)
class Measured:
    """One measured part: what it did per piece."""

    pieces: int
    calls: dict[str, float]
    read_units: float
    write_units: float
    bytes_out: dict[str, float]
    cpu_ms: float
    log_bytes: float

    def of(self, prefix: str) -> float:
        """Calls of a service, or of one operation."""
        return sum(count for name, count in self.calls.items() if name.startswith(prefix))

    @staticmethod
    def from_meter(meter: Meter, pieces: int, log_bytes: int = 0) -> "Measured":
        """Everything divided by the number of shops or orders."""
        return Measured(
            pieces=pieces,
            calls={name: count / pieces for name, count in sorted(meter.calls.items())},
            read_units=meter.read_units / pieces,
            write_units=meter.write_units / pieces,
            bytes_out={name: size / pieces for name, size in sorted(meter.bytes_out.items())},
            cpu_ms=meter.cpu * 1000 / pieces,
            log_bytes=log_bytes / pieces,
        )


def month(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Dollar for 40,000 shops every hour and a million orders, in groups."""
    idle, fetched, booked = figures["idle"], figures["fetched"], figures["booked"]
    return {
        "fetching": _fetching(idle),
        "orders": _orders(fetched, booked),
        "constant": {
            "key": PRICES["key"],
            f"{figures['alarms']} alarms": PRICES["alarm"] * figures["alarms"],
            f"{len(figures['metrics'])} metrics": PRICES["metric"] * len(figures["metrics"]),
            "look-ups": LOOK_UPS * _call(figures["look_ups"], FOLLOW_GB),
        },
        "nights": _nights(_ordinary(figures["night"], figures["first_night"])),
    }


def _fetching(idle: Measured) -> dict[str, float]:
    polls = SHOPS * HOURS
    pages = polls / PAGE
    seconds = PAGE / SHOPS_IN_FLIGHT * SHOP_SECONDS + _cpu(PAGE * idle.cpu_ms, FETCH_GB)
    return {
        "Lambda": pages * (seconds * FETCH_GB * PRICES["gb_second"] + PRICES["invocation"]),
        "DynamoDB reads": polls * (idle.read_units + SCHEDULE_UNITS) * PRICES["read_unit"],
        "SQS": pages * 3 * PRICES["sqs_standard"],
        "KMS": polls * idle.of("kms") * PRICES["kms"],
        "logs": _log_price(polls * idle.log_bytes + pages * LAMBDA_LINES),
    }


def _orders(fetched: Measured, booked: Measured) -> dict[str, float]:
    seconds = SHOP_SECONDS + _cpu(fetched.cpu_ms, FETCH_GB)
    posting = BOOKS_SECONDS + _cpu(booked.cpu_ms, BOOK_GB)
    return {
        "Lambda": ORDERS
        * (
            (seconds * FETCH_GB + posting * BOOK_GB) * PRICES["gb_second"]
            + PRICES["invocation"] / 10
        ),
        "DynamoDB": ORDERS * (_dynamodb(fetched) + _dynamodb(booked)),
        "SQS": ORDERS * _sqs(fetched) * PRICES["sqs_fifo"],
        "logs": _log_price(ORDERS * (fetched.log_bytes + booked.log_bytes + LAMBDA_LINES / 10)),
    }


def _ordinary(quiet: Measured, first: Measured) -> Measured:
    """A night with some new bookings: what the first night costs more is what they cost."""
    share = ORDERS / (SHOPS * NIGHTS) / RECENT

    def between(one: float, other: float) -> float:
        return one + share * (other - one)

    names = sorted({*quiet.calls, *first.calls})
    return replace(
        quiet,
        calls={name: between(quiet.calls.get(name, 0), first.calls.get(name, 0)) for name in names},
        read_units=between(quiet.read_units, first.read_units),
        write_units=between(quiet.write_units, first.write_units),
        cpu_ms=between(quiet.cpu_ms, first.cpu_ms),
        log_bytes=between(quiet.log_bytes, first.log_bytes),
    )


def _nights(night: Measured) -> dict[str, float]:
    """Administrations are followed side by side; each here has one shop."""
    shops, pages = SHOPS * NIGHTS, SHOPS * NIGHTS / PAGE
    waiting = night.of("shop") * SHOP_SECONDS + night.of("acumulus") * BOOKS_SECONDS
    seconds = waiting / ADMINISTRATIONS_IN_FLIGHT + _cpu(night.cpu_ms, FOLLOW_GB)
    return {
        "Lambda": shops * seconds * FOLLOW_GB * PRICES["gb_second"] + pages * PRICES["invocation"],
        "DynamoDB": shops * _dynamodb(night),
        "SQS": pages * 3 * PRICES["sqs_standard"],
        "logs": _log_price(shops * night.log_bytes + pages * LAMBDA_LINES),
    }


def _call(measured: Measured, gigabytes: float) -> float:
    """One call that waits for nobody."""
    seconds = _cpu(measured.cpu_ms, gigabytes)
    return seconds * gigabytes * PRICES["gb_second"] + PRICES["invocation"] + _dynamodb(measured)


def _dynamodb(measured: Measured) -> float:
    return measured.read_units * PRICES["read_unit"] + measured.write_units * PRICES["write_unit"]


def _log_price(size: float) -> float:
    return size / 1e9 * PRICES["log_gb"]


def _cpu(milliseconds: float, gigabytes: float) -> float:
    """Seconds that this much CPU takes at the share of a core that the memory buys."""
    return milliseconds / 1000 / min(1.0, gigabytes * CPU_PER_GB)


# --------------------------------------------------------------------------- telling


def report(figures: dict[str, Any]) -> str:
    """The figures beside the goals."""
    idle, fetched, booked = figures["idle"], figures["fetched"], figures["booked"]
    groups = month(figures)
    sums = {name: sum(prices.values()) for name, prices in groups.items()}
    by_day = sums["fetching"] + sums["orders"] + sums["constant"]
    return "\n".join(
        [
            f"J on this machine: {figures['j_us']:.1f} us",
            f"\nidle shop ({idle.pieces})",
            _row("GET", idle.of("shop.GET"), "1"),
            _row("DynamoDB calls", idle.of("dynamodb")),
            _row("read units", idle.read_units),
            _row("write units", idle.write_units, "0"),
            _row("KMS calls", idle.of("kms"), "0"),
            _row("log bytes", idle.log_bytes, "0"),
            _row("CPU ms, the GET included", idle.cpu_ms),
            _row("CPU ms beside the GET", _beside(idle, figures["bare"]), "0.25"),
            _spread("with our code", figures["rounds"]["idle_ms"]),
            _spread("the GET alone", figures["rounds"]["bare_ms"]),
            f"\nan order ({booked.pieces})",
            _row("shop GETs (payments)", fetched.of("shop.GET")),
            _row("POSTs to Acumulus", booked.of("acumulus.POST"), "1"),
            _row("DynamoDB calls, booking", booked.of("dynamodb"), "2"),
            _row("DynamoDB calls, fetching", fetched.of("dynamodb")),
            _row("SQS requests", _sqs(fetched), "0.3"),
            _row("write units", fetched.write_units + booked.write_units),
            _row("log bytes", fetched.log_bytes + booked.log_bytes),
            _row("CPU ms", fetched.cpu_ms + booked.cpu_ms),
            f"\na month of {SHOPS:,} shops hourly and {ORDERS:,} orders, dollar",
            *(
                _row(f"{group}: {name}", price)
                for group, prices in groups.items()
                if group != "nights"
                for name, price in prices.items()
            ),
            _row("constant in all", sums["constant"], "3"),
            _row("in all", by_day, "10"),
            *(_row(f"nights: {name}", price) for name, price in groups["nights"].items()),
            _row("with the nights", by_day + sums["nights"]),
            *(
                f"\n{what}\n  calls: {_told(figures[name].calls)}\n"
                f"  bytes out: {_told(figures[name].bytes_out, 0)}"
                for what, name in TOLD.items()
            ),
        ]
    )


TOLD = {
    "an idle shop": "idle",
    "an order, fetching": "fetched",
    "an order, booking": "booked",
    "a shop in its first night": "first_night",
    "a shop in a quiet night": "night",
    "a look-up when nothing is unclear": "look_ups",
}


def _beside(idle: Measured, bare: Measured) -> float:
    if idle.cpu_ms < bare.cpu_ms:
        raise RuntimeError(
            "the machine is too busy: a GET cannot cost more than a GET and our code"
        )
    return idle.cpu_ms - bare.cpu_ms


def _row(name: str, value: float, goal: str = "") -> str:
    return f"  {name:28}{value:9.2f}" + (f"   goal {goal}" if goal else "")


def _spread(name: str, rounds: list[float]) -> str:
    return f"    {name}: {len(rounds)} rounds, {min(rounds):.2f} to {max(rounds):.2f}"


def _sqs(fetched: Measured) -> float:
    """Sent in batches, received and deleted by Lambda in batches of ten as well."""
    return fetched.calls.get("sqs.SendMessageBatch", 0.0) + 0.2


def _told(counts: dict[str, float], digits: int = 3) -> str:
    return ", ".join(f"{name} {count:.{digits}f}" for name, count in counts.items())
