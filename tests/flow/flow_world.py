"""Three shops on two administrations, hundreds of orders, and an hour of the whole system.

Two of the shops have the same order numbers and book into the same administration. Every order has
a customer of its own, so that a leak can be traced to its order.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from boekbrug.bootstrap import services
from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.ledger import BOOKED, LedgerRow
from tests.support.embedded import Aws
from tests.support.orders import line_json, order_json
from tests.support.stack import Stack, stack_on
from workbench.standins.books.standin import BooksStandIn
from workbench.standins.shop.shop_data import demo_store
from workbench.standins.shop.standin import ShopStandIn

PARTNER_TOKEN = "partner-Tg7mQ2vX9kLp"
NEVER_SEEN = frozenset({"429", "refuse_credentials"})
"""Faults after which Acumulus certainly did not see the post: it may come again."""

LONGEST_DELAY = 30  # seconds

GIVEN = ("Ruben", "Noor", "Sietske", "Joris", "Fatima", "Wietse", "Maaike", "Thijmen")
FAMILY = ("Bloemendaal", "Cuypstra", "Draaisma", "Exalto", "Groenewoud", "Hazelhof")


@dataclass(frozen=True)
class FlowShop:
    """A shop of the flow: its token, prefix, contract and the orders it starts with."""

    token: str
    prefix: str
    contract: str
    orders: list[dict[str, Any]] = field(repr=False)
    shop_id: str = ""

    def reference(self, order: dict[str, Any]) -> str:
        """The description that its invoice must have."""
        return f"Bestelling {self.prefix}{order['number']}"

    @property
    def for_sale(self) -> list[dict[str, Any]]:
        """The orders that must be booked."""
        return [order for order in self.orders if order["status"] == 3]


PLACES = (("WA", "123456"), ("WB", "123456"), ("", "654321"))
PASSWORDS = {"123456": "ww-Zeepaard-7731", "654321": "ww-Korenmolen-9482"}


@dataclass(frozen=True)
class Ahead:
    """The real time, and some more."""

    by: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@dataclass
class Flow:
    """The system between both stand-ins."""

    stack: Stack
    shop: ShopStandIn
    books: BooksStandIn
    shops: list[FlowShop]
    crashes: list[BaseException] = field(default_factory=list)

    def hour(self) -> None:
        """The hourly rule strikes, and every queue is worked through."""
        self.stack.invoke("schedule_fetches", {})
        self.drain("SHOPS_QUEUE_URL", "fetch_orders", 1)
        self.drain("ORDERS_QUEUE_URL", "book_orders", 10)

    def later(self, hours: int) -> None:
        """Some hours from the real time, for everything that asks for it."""
        services().clock = Ahead(timedelta(hours=hours))  # type: ignore[assignment]  # a clock like it
        for name in ("fetching", "booking", "following"):
            services().__dict__.pop(name, None)

    def looked_up(self) -> None:
        """Look-ups of three hours: what is unclear is found, or proven absent and sent again."""
        for hours in range(1, 4):
            self.later(hours)
            self.hour()
            self.stack.invoke("follow_up", {"look_ups": True})
            self.drain("ORDERS_QUEUE_URL", "book_orders", 10)

    def committed(self, contract: str, reference: str) -> None:
        """Wait until Acumulus has booked what it was late with; its delay passes in real time."""
        patience = time.monotonic() + LONGEST_DELAY
        while not self.books.entries_per_description(contract)[reference]:
            if time.monotonic() > patience:
                raise AssertionError(f"{reference} was never booked")
            time.sleep(0.02)

    def drain(self, queue: str, function: str, limit: int, rounds: int = 200) -> None:
        """Hand batches to a function as Lambda does; what fails comes again at once."""
        for _ in range(rounds):
            if not self.batch(queue, function, limit):
                return
        raise AssertionError(f"{function} does not come to an end")

    def batch(self, queue: str, function: str, limit: int, *, hidden: int = 60) -> int:
        """One batch through a function; returns how many messages it held.

        The batch of a process that is killed comes again after ``hidden`` seconds.
        """
        client, url = self.stack.aws.client("sqs"), self.stack.environment[queue]
        taken = client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=limit, VisibilityTimeout=hidden
        ).get("Messages", [])
        if not taken:
            return 0
        records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in taken]
        failed = self._failed(function, records)
        for one in taken:
            receipt = {"QueueUrl": url, "ReceiptHandle": one["ReceiptHandle"]}
            if one["MessageId"] in failed:
                client.change_message_visibility(VisibilityTimeout=0, **receipt)
            else:
                client.delete_message(**receipt)
        return len(taken)

    def _failed(self, function: str, records: list[dict[str, Any]]) -> set[str]:
        """The messages that come again; a crash brings back the whole batch."""
        try:
            answer = self.stack.invoke(function, {"Records": records})
        except BoekbrugError as crash:
            self.crashes.append(crash)
            return {record["messageId"] for record in records}
        return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}

    def rows(self, shop: FlowShop) -> dict[str, LedgerRow]:
        return {row.key.number: row for row in services().ledger.shop_rows(shop.shop_id)}

    def posts(self, contract: str) -> Counter[str]:
        """How often each description was posted, as far as Acumulus saw it."""
        return Counter(
            seen.decoded["customer"]["invoice"]["description"]
            for seen in self.books.requests
            if seen.path.endswith("invoice_add.php")
            and seen.scope == contract
            and seen.fault not in NEVER_SEEN
        )


@contextmanager
def running_flow(aws: Aws, per_shop: int, *, seed: int = 0, **environment: str) -> Iterator[Flow]:
    """Both stand-ins, the stack and three connected shops with ``per_shop`` orders each."""
    shops = made_shops(per_shop, seed)
    with ShopStandIn(partner_token=PARTNER_TOKEN) as shop, BooksStandIn() as books:
        connected = open_standins(shop, books, shops)
        with stack_on(aws, shop.url, books.url, PARTNER_TOKEN) as stack:
            os.environ.update(environment)  # ``stack_on`` puts everything back
            stack.connect(connect_document(connected))
            yield Flow(stack, shop, books, connected)


def open_standins(shop: ShopStandIn, books: BooksStandIn, shops: list[FlowShop]) -> list[FlowShop]:
    """The shops and contracts on both sides; returns the shops with their ids."""
    for code, password in PASSWORDS.items():
        books.add_contract(code, f"user-{code}", password)
    connected = []
    for index, one in enumerate(shops):
        added = shop.add_shop(one.token, one.orders, store=demo_store(f"Winkel {index + 1}"))
        connected.append(replace(one, shop_id=added.id))
    return connected


def connect_document(shops: list[FlowShop]) -> dict[str, Any]:
    """What connects all shops, as `boekbrug local --connect` reads it."""
    return {
        "partner_token": PARTNER_TOKEN,
        "administrations": [
            {
                "contractcode": code,
                "username": f"user-{code}",
                "password": password,
                "shops": [
                    {
                        "token": one.token,
                        "settings": {"trigger_statuses": [3], "order_prefix": one.prefix},
                    }
                    for one in shops
                    if one.contract == code
                ],
            }
            for code, password in PASSWORDS.items()
        ],
    }


# --------------------------------------------------------------------------- orders


def made_shops(per_shop: int, seed: int) -> list[FlowShop]:
    """The same order numbers in every shop, other customers and amounts."""
    return [
        FlowShop(
            token=f"token-{index}-{Random(seed + index).getrandbits(64):016x}",
            prefix=prefix,
            contract=contract,
            orders=[
                made_order(Random(f"{seed}/{index}/{number}"), index, number)
                for number in range(1001, 1001 + per_shop)
            ],
        )
        for index, (prefix, contract) in enumerate(PLACES)
    ]


def made_order(chance: Random, shop: int, number: int) -> dict[str, Any]:
    """An order of one or two lines at 21 and 9 %; one in six is not for sale yet."""
    high = Decimal(chance.randint(100, 99_999)) / 100
    low = Decimal(chance.randint(100, 9_999)) / 100 if chance.random() < 0.4 else Decimal(0)
    lines = [line_json("article", "Vaas", _net(high, 21), str(high), sku="VAAS")]
    taxes = [_tax(high, 21)]
    if low:
        lines.append(line_json("article", "Boek", _net(low, 9), str(low), rate="9.00", sku="BOEK"))
        taxes.append(_tax(low, 9))
    return order_json(
        str(number),
        uuid=f"{shop:08d}-0000-4000-8000-{number:012d}",
        status=3 if chance.random() < 5 / 6 else 1,
        price={"tax": taxes, "total": str(high + low)},
        orderlines=lines,
        debtor=made_customer(chance, shop, number),
    )


def made_customer(chance: Random, shop: int, number: int) -> dict[str, Any]:
    """A customer that nobody else is."""
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}q{shop}{number}"
    address = {
        "name": name,
        "street": f"Kwartelhof{shop}{number}",
        "number": "14",
        "zipcode": f"{1000 + number % 9000} ZK",
        "city": f"Ovezande{shop}{number}",
        "country": "Nederland",
        "country_code": "NL",
    }
    return {
        "id": f"{shop:08d}-1111-4000-8000-{number:012d}",
        "name": name,
        "email": f"klant{shop}{number}@kwartel.example",
        "phone": f"0612{shop}{number:05d}",
        "address": {"invoice": address},
    }


def customer_words(order: dict[str, Any]) -> list[str]:
    """Everything of an order that only its customer may know."""
    debtor = order["debtor"]
    address = debtor["address"]["invoice"]
    family = debtor["name"].split()[-1]
    return [family, debtor["email"], debtor["phone"], address["street"], address["city"]]


def _net(gross: Decimal, rate: int) -> str:
    return str((gross / (1 + Decimal(rate) / 100)).quantize(Decimal("0.000001"), ROUND_HALF_UP))


def _tax(gross: Decimal, rate: int) -> dict[str, str]:
    tax = gross - (gross / (1 + Decimal(rate) / 100)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"amount": str(tax), "rate": f"{rate}.00"}


# --------------------------------------------------------------------------- the promise

ENDS = ("booked", "skipped", "held", "waiting")


def check_promise(flow: Flow, *, unclear_allowed: bool) -> Counter[str]:
    """Every order booked once to the cent or explained; returns how many are in which state."""
    assert flow.shop.violations == []
    states: Counter[str] = Counter()
    for shop in flow.shops:
        rows = flow.rows(shop)
        posts, booked = flow.posts(shop.contract), {}
        for entry in flow.books.entries(shop.contract):
            assert entry.description not in booked, f"booked twice: {entry.description}"
            booked[entry.description] = entry
        for order in shop.orders:
            row, reference = rows[order["number"]], shop.reference(order)
            states[row.state] += 1
            assert row.state in ENDS or (unclear_allowed and row.state == "unclear"), row
            if row.state == BOOKED:
                assert posts[reference] >= 1
                assert row.entryid == booked[reference].entryid
                assert row.invoicenumber == booked[reference].invoicenumber
            else:
                assert row.reason, row
            if reference in booked:
                assert booked[reference].total == Decimal(order["price"]["total"])
                assert order["status"] == 3, f"never for sale: {reference}"
                assert row.state in (BOOKED, "unclear")
            if order["status"] == 3:
                assert row.state in (BOOKED, "unclear"), row
    return states
