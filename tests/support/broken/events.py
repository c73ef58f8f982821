"""What happens in shops, with queues and by people's hands while the workers are at it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from boekbrug.errors import BoekbrugError
from boekbrug.journey import decisions
from boekbrug.journey.decisions import DecisionServices, Said
from boekbrug.journey.ports.ledger import BOOKED, UNCLEAR, LedgerRow
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.resend import resend
from tests.support.orders import STORE_ID, line_json, order_json

if TYPE_CHECKING:
    from tests.support.broken.machine import Machine

SECOND = "77978e45-feaa-5c09-8e8c-0cf6e562a042"
THIRD = "0d0f1c6e-4a92-5c3a-9d55-6d2a1c0f7b11"
PREFIX = {STORE_ID: "", SECOND: "B", THIRD: ""}
UNBOOKABLE = "USD"  # a currency without a rate: held when it is its turn
CONTRACT = {STORE_ID: "123456", SECOND: "123456", THIRD: "654321"}
SAID = Said(why="zo besloten", by="eigenaar")
PLAIN, CHEAPER = "35.85", "29.90"

type Document = dict[str, Any]
type Decision = Callable[[DecisionServices, ConnectedShop, str], object]


def open_shops(machine: "Machine") -> None:
    """Two shops with the same order numbers on one administration, a third on another."""
    for shop_id, code in CONTRACT.items():
        shop = machine.world.shop(shop_id, code, **choices(shop_id))
        machine.shops[shop_id] = shop
        machine.world.books[code].while_posting = lambda _invoice: machine.pause()
        for number in range(1001, 1004):
            arrive(machine, shop_id, order_json(str(number)))
        arrive(machine, shop_id, order_json("1004", status=1))
    arrive(machine, STORE_ID, order_json("1005", status=1, date="2025-11-01"))
    arrive(machine, STORE_ID, credit_of("1001", "1006"))
    arrive(machine, STORE_ID, order_json("1008", status=2))
    machine.shops[STORE_ID].add(order_json("1007", price={"total": "veel"}))
    for number in range(1009, 1019):
        arrive(machine, STORE_ID, order_json(str(number), status=1 if number % 3 else 3))
    machine.world.books[CONTRACT[THIRD]].locked_until = date(2026, 3, 1)
    arrive(machine, THIRD, order_json("1009", date="2026-03-01"))


def choices(shop_id: str) -> Document:
    """What its owner chose; orders of a locked period are booked on the day of sending."""
    return {
        "trigger_statuses": (3,),
        "credit_statuses": (10,),
        "order_prefix": PREFIX[shop_id],
        "locked_period": "transfer_date",
    }


def credit_of(number: str, own: str) -> Document:
    """A credit order that takes all of an order back."""
    lines = [
        line_json("article", "Keramische mok", "-24.710742", "-29.90", sku="MOK-BL"),
        line_json("shipping", "Verzendkosten", "-4.917355", "-5.95"),
    ]
    price = {"tax": {"amount": "-6.22", "rate": "21.00"}, "total": "-35.85"}
    return order_json(
        own, status=10, credited_order_number=int(number), price=price, orderlines=lines
    )


def arrive(machine: "Machine", shop_id: str, document: Document) -> None:
    """An order comes in, or takes the place of its earlier version."""
    shop, number = machine.shops[shop_id], str(document["number"])
    shop.remove([number])
    shop.add(document)
    noted(machine, shop_id, document)
    machine.totals.setdefault(reference(shop_id, number), set()).add(
        Decimal(document["price"]["total"])
    )


def noted(machine: "Machine", shop_id: str, document: Document) -> None:
    """Remember which orders were ever to be booked."""
    if document["status"] in (3, 10):
        machine.sold.setdefault(shop_id, set()).add(str(document["number"]))


def reference(shop_id: str, number: str) -> str:
    """What an invoice of this order ends with."""
    return f"{PREFIX[shop_id]}{number}"


# --------------------------------------------------------------------------- in the shop


def pay(machine: "Machine", shop_id: str, document: Document) -> None:
    change_status(machine, shop_id, document, 3)


def cancel(machine: "Machine", shop_id: str, document: Document) -> None:
    change_status(machine, shop_id, document, 5)


def change_status(machine: "Machine", shop_id: str, document: Document, status: int) -> None:
    """The merchant moves an order to another status, now."""
    stamps = dated(machine)
    stamps.pop("date")
    document.update(stamps, status=status)
    noted(machine, shop_id, document)


def reprice(machine: "Machine", shop_id: str, document: Document) -> None:
    """The merchant takes one article out of the order."""
    lines = [line_json("article", "Keramische mok", "24.710742", CHEAPER, sku="MOK-BL")]
    price = {"tax": {"amount": "5.19", "rate": "21.00"}, "total": CHEAPER}
    arrive(machine, shop_id, document | {"price": price, "orderlines": lines})


def spoil(_machine: "Machine", _shop_id: str, document: Document) -> None:
    document["currency"] = UNBOOKABLE


def restore(_machine: "Machine", _shop_id: str, document: Document) -> None:
    document["currency"] = "EUR"


def remove(machine: "Machine", shop_id: str, document: Document) -> None:
    machine.shops[shop_id].remove([str(document["number"])])


def forget_uuid(_machine: "Machine", _shop_id: str, document: Document) -> None:
    """The shop tells the uuid no longer, or again."""
    known = order_json(str(document["number"]))["uuid"]
    document["uuid"] = "" if document["uuid"] else known


def come_in(machine: "Machine", shop_id: str) -> None:
    arrive(machine, shop_id, order_json(str(2000 + machine.count), **dated(machine)))


def choose(machine: "Machine", shop_id: str) -> None:
    machine.world.choose(shop_id, **choices(shop_id))


def dated(machine: "Machine") -> dict[str, str]:
    """The stamps of an order that comes in now."""
    local = machine.world.clock.now() + timedelta(hours=1)  # Amsterdam in winter
    day, time = f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}"
    return {"date": day, "status_changed_date": day, "status_changed_time": time}


# --------------------------------------------------------------------------- by the operator


def redeliver(machine: "Machine", _shop_id: str) -> None:
    delivered = machine.orders.delivered
    if delivered:
        again = delivered[machine.count % len(delivered)]
        machine.orders.put(again.body, group=again.group)


def empty_queue(machine: "Machine", _shop_id: str) -> None:
    machine.orders.lose()


def stop_posting(machine: "Machine", _shop_id: str) -> None:
    machine.world.tenants.set_posting_allowed(allowed=False)


def mend(machine: "Machine", _shop_id: str = "") -> None:
    """The owner mends access, the operator lets everything go on."""
    tenants = machine.world.tenants
    tenants.set_posting_allowed(allowed=True)
    for shop in tenants.all_shops():
        tenants.resume_shop(shop.shop_id)
    for administration in tenants.all_administrations():
        tenants.resume_administration(administration.administration_id)


# --------------------------------------------------------------------------- by the owner


def throw_away(machine: "Machine", shop_id: str) -> None:
    """The owner moves an invoice to the bin in Acumulus."""
    booked = machine.world.books[CONTRACT[shop_id]].booked
    if booked:
        chosen = booked[machine.count % len(booked)]
        chosen.deleted = True
        machine.binned.add(chosen.invoice.description.split()[1])


def retry(services: DecisionServices, shop: ConnectedShop, number: str) -> None:
    decisions.retry(services, shop, number, SAID)


def do_not_book(services: DecisionServices, shop: ConnectedShop, number: str) -> None:
    decisions.do_not_book(services, shop, number, SAID)


def by_hand(services: DecisionServices, shop: ConnectedShop, number: str) -> None:
    decisions.booked_by_hand(services, shop, number, SAID)


def book_again(services: DecisionServices, shop: ConnectedShop, number: str) -> None:
    resend(services, shop, number, SAID)


def it_is_absent(services: DecisionServices, shop: ConnectedShop, number: str) -> None:
    decisions.resolve_absent(services, shop, number, SAID)


DECISIONS: dict[str, tuple[Decision, str]] = {
    "retry": (retry, ""),
    "do_not_book": (do_not_book, ""),
    "by_hand": (by_hand, ""),
    "resend": (book_again, BOOKED),
    "absent": (it_is_absent, UNCLEAR),
}
"""What a person decides, and in which state the order must be for it."""
TO_AN_ORDER = {
    "pay": pay,
    "cancel": cancel,
    "reprice": reprice,
    "spoil": spoil,
    "restore": restore,
    "remove": remove,
    "forget_uuid": forget_uuid,
}
TO_A_SHOP = {
    "arrive": come_in,
    "choose": choose,
    "redeliver": redeliver,
    "empty_queue": empty_queue,
    "stop_posting": stop_posting,
    "mend": mend,
    "bin": throw_away,
}
EVENTS = (*TO_AN_ORDER, *TO_A_SHOP, *DECISIONS)


def happen(machine: "Machine", event: str) -> None:
    """Which shop and order it happens to follows from the moment."""
    shop_id = tuple(CONTRACT)[machine.count % 3]
    if event in TO_A_SHOP:
        TO_A_SHOP[event](machine, shop_id)
        return
    plain = [d for d in machine.shops[shop_id].documents if d["price"]["total"] == PLAIN]
    if event in DECISIONS:
        decide, state = DECISIONS[event]
        rows: dict[str, LedgerRow] = machine.world.rows(shop_id)
        plain = [d for d in plain if not state or _state(rows, d) == state]
    if not plain:
        return
    chosen = plain[machine.count // 3 % len(plain)]
    if event in TO_AN_ORDER:
        TO_AN_ORDER[event](machine, shop_id, chosen)
    else:
        machine.start(partial(_decided, machine, decide, shop_id, str(chosen["number"])))


def _state(rows: dict[str, LedgerRow], document: Document) -> str:
    row = rows.get(str(document["number"]))
    return row.state if row else ""


def _decided(machine: "Machine", decide: Decision, shop_id: str, number: str) -> None:
    """A person decides about an order, in a process of its own."""
    with suppress(BoekbrugError):
        shop = machine.deciding.fetching.tenants.shop(shop_id)
        if shop is not None:
            decide(machine.deciding, shop, number)
