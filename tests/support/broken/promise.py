"""What must hold at the end of every plan: each order for sale once, each other none, all told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.ports.tenants import Rest, Switches
from boekbrug.journey.resting import left_alone
from boekbrug.journey.triage import BY_OWNER, IN_THE_BIN
from tests.support.broken.events import CONTRACT, UNBOOKABLE, Document, reference
from tests.support.broken.machine import Machine
from tests.support.broken.steps import Violated
from tests.support.fake_books import Booked

ENDS = (BOOKED, SKIPPED, HELD, WAITING)


def check(machine: Machine) -> None:
    """Raises ``Violated`` unless everything a person was promised holds."""
    for code, administration in machine.world.books.by_contract.items():
        if administration.most_in_flight > 1:
            raise Violated(f"{administration.most_in_flight} posts at once in {code}")
        kept = [one for one in administration.booked if not one.deleted]
        for one in kept:
            _foreign_or_wrong(machine, code, one)
        booked: dict[str, list[Booked]] = {}
        for one in kept:
            booked.setdefault(named(one), []).append(one)
        doubles = sorted(name for name, several in booked.items() if len(several) > 1)
        if doubles:
            raise Violated(f"booked twice in {code}: {doubles}")
        for shop_id in (shop for shop, its in CONTRACT.items() if its == code):
            _check_shop(machine, shop_id, {name: one for name, (one,) in booked.items()})
    if any(left_alone(rest, switches, now) for rest, switches, now in _rests(machine)):
        raise Violated("Acumulus is left alone although it answers")
    if _remembers_too_much(machine):
        raise Violated("a failure is remembered although Acumulus answered since")


def _remembers_too_much(machine: Machine) -> bool:
    """Whether a post was answered after the last failure that is remembered for all (R125)."""
    switches = machine.world.tenants.switches()
    since = switches.rest.until
    if not switches.failing or since is None:
        return False
    rows = (row for shop_id in CONTRACT for row in machine.world.rows(shop_id).values())
    return any(
        row.state == BOOKED and not row.reason and row.posting_at and row.posting_at > since
        for row in rows
    )


def _rests(machine: Machine) -> Iterator[tuple[Rest, Switches, datetime]]:
    """Of every administration; one failure that nothing was posted after is no rest (R125)."""
    tenants, now = machine.world.tenants, machine.world.clock.now()
    for code in machine.world.books.by_contract:
        administration = tenants.administration(code)
        if administration is not None:
            yield administration.rest, tenants.switches(), now


def named(booked: Booked) -> str:
    """The order of an invoice, from "Bestelling B1001" or "Creditorder 1006 - bestelling 1001"."""
    return booked.invoice.description.split()[1]


def _foreign_or_wrong(machine: Machine, code: str, one: Booked) -> None:
    name = named(one)
    owner = [shop for shop, its in CONTRACT.items() if its == code]
    sold = {reference(shop, number) for shop in owner for number in machine.sold.get(shop, ())}
    if name not in sold:
        raise Violated(f"booked in {code} and never sold: {name}")
    if one.invoice.total not in machine.totals[name]:
        raise Violated(f"{name} booked for {one.invoice.total}")


def _check_shop(machine: Machine, shop_id: str, booked: Mapping[str, Booked]) -> None:
    rows: Mapping[str, LedgerRow] = machine.world.rows(shop_id)
    listed = {str(document["number"]) for document in machine.shops[shop_id].documents}
    for row in rows.values():
        name = reference(shop_id, row.key.number)
        if row.state == UNCLEAR and row.key.number not in listed:
            continue  # who it was for nobody tells: after three days a person looks
        _check_row(row, booked.get(name), binned=name in machine.binned)
    if len(rows) < len(list(machine.world.ledger.shop_rows(shop_id))):
        raise Violated(f"{shop_id}: two rows under one number")
    for document in machine.shops[shop_id].documents:
        number = str(document["number"])
        if number not in rows:
            raise Violated(f"{shop_id} {number}: no row")
        if document["status"] in (3, 10) and rows[number].state != BOOKED:
            _check_unbooked(document, rows[number], rows)


def _check_row(row: LedgerRow, invoice: Booked | None, *, binned: bool) -> None:
    what = f"{row.key.number} {row.state} {row.reason!r}"
    if row.state not in ENDS or row.replaces is not None:
        raise Violated(f"stuck: {what}")
    if row.reason in ("by_hand", IN_THE_BIN):
        return
    if row.state == BOOKED:
        if (invoice.entryid if invoice else "") != ("" if binned and not invoice else row.entryid):
            raise Violated(f"not booked: {what}")
    elif invoice or not row.reason or row.reason == "fault":
        raise Violated(f"{1 if invoice else 0} invoices, yet {what}")


def _check_unbooked(document: Document, row: LedgerRow, rows: Mapping[str, LedgerRow]) -> None:
    """An order for sale that is not booked: only what cannot be read, or waits for its original."""
    unreadable = document["price"]["total"] == "veel"
    if row.state == HELD and (unreadable or document["currency"] == UNBOOKABLE):
        return
    if (row.state, row.reason) in {(SKIPPED, BY_OWNER), (HELD, IN_THE_BIN)}:
        return
    original = rows.get(str(document["credited_order_number"]))
    if original is not None and original.state != BOOKED:
        return
    raise Violated(f"not booked: {row.key.number} {row.state} {row.reason!r}")


def states(machine: Machine) -> Counter[str]:
    """How many orders ended in which state."""
    return Counter(row.state for shop in CONTRACT for row in machine.world.rows(shop).values())
