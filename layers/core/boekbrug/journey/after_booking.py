"""A booked order beside the order and the entry of now -> what its owner must hear of. Pure.

Nothing is booked again and nothing is taken back by itself (R121-R123): what differs is told once,
with the difference to the cent, and told as solved when the difference is gone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from boekbrug.domain.facts import Facts, VatCheck
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.order import Order, OrderStatus, Payment
from boekbrug.domain.payment import has_failed, is_paid, paid_on
from boekbrug.domain.reasons import message
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.look_up import euro
from boekbrug.journey.ports import BOOKED, Entry, LedgerRow

CHANGED = "changed_after_booking"
REFUNDED = "refunded_after_booking"
CANCELLED = "cancelled_after_booking"
CREDIT_STATUS = "credit_status_after_booking"
NUMBER_REFUSED = "vat_number_refused_after_booking"
OF_THE_ORDER = (CHANGED, REFUNDED, CANCELLED, CREDIT_STATUS, NUMBER_REFUSED)
VANISHED = "vanished_after_booking"

ENTRY_DIFFERS = "entry_differs"
DELETED_IN_BOOKS = "deleted_in_books"
CONCEPT_SEVERAL, CONCEPT_GONE = "concept_several", "concept_gone"
OLD_CONCEPT = "old_concept_stays"
PAID_LATER = "paid_later"
NUMBER_CHECKED = "vat_number_checked"
NOT_CHECKED = "vies_not_checked"
CONCEPT_FINAL = "concept_made_final"

VAT_SLACK = Decimal("0.02")
"""Without VAT the sum of rounded lines may differ so much from ours; the total may not."""

_CREDIT = "Maak in Mijnwebwinkel een creditorder; die wordt dan geboekt."
_CANCELLED = re.compile(r"annul|cancel", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an order is compared under: the shop's choices and statuses, and the moment."""

    settings: ShopSettings
    facts: Facts

    @property
    def now(self) -> datetime:
        """The moment of the run."""
        return self.facts.now

    def status(self, order: Order) -> OrderStatus | None:
        """The order's status with its text; ids are the shop's own."""
        return self.facts.statuses.get(order.status) if order.status is not None else None


def watched(row: LedgerRow) -> bool:
    """Whether what happens to the order matters: we booked it, and it stands in the books."""
    return row.state == BOOKED and row.reason not in {"by_hand", DELETED_IN_BOOKS}


def about_order(row: LedgerRow, order: Order, view: View) -> Mapping[str, str]:
    """Code -> Dutch detail of what happened to a booked order in the shop (R103, R121, R122)."""
    found: dict[str, str] = {}
    if fingerprint(order) != row.fingerprint:
        found[CHANGED] = _changed(row, order)
    if order.credited_order_number or order.credit_order_numbers or _is_credit(row):
        return found
    if row.vat_check is not None and not row.vat_check.valid and "vies_invalid" not in row.messages:
        found[NUMBER_REFUSED] = _number_refused(row.vat_check)
    if order.payment_status == "refunded" != row.payment_status:
        found[REFUNDED] = (
            f"De betaling ({_amount(order.total, order.currency)}) is terugbetaald, maar er is "
            f"geen creditorder: de omzet staat nog in Acumulus. {_CREDIT}"
        )
    status = view.status(order)
    if status is not None and status.credit_order:
        found[CREDIT_STATUS] = (
            f"De bestelling staat nu op ‘{status.description}’, maar er is geen creditorder: de "
            f"omzet staat nog in Acumulus. {_CREDIT}"
        )
    elif status is not None and _CANCELLED.search(status.description):
        found[CANCELLED] = (
            f"De bestelling staat nu op ‘{status.description}’; de factuur staat in Acumulus. "
            f"{_CREDIT}"
        )
    elif has_failed(order) and row.payment_status != order.payment_status:
        found[CANCELLED] = (
            "De betaling is mislukt of ingetrokken; de factuur staat in Acumulus. Gaat de verkoop "
            f"niet door? {_CREDIT}"
        )
    return found


def _is_credit(row: LedgerRow) -> bool:
    """An order that its status made a credit order, and that was booked as one (R11)."""
    return row.posted_total is not None and row.posted_total < 0


def _changed(row: LedgerRow, order: Order) -> str:
    was, now = _amount(row.total, row.currency), _amount(order.total, order.currency)
    if row.total is None or row.currency != order.currency:
        told = f"Het totaal was {was} en is nu {now}."
    elif difference := order.total - row.total:
        more = "meer" if difference > 0 else "minder"
        told = f"Het totaal was {was} en is nu {now}: {_amount(abs(difference), order.currency)} "
        told += f"{more}."
    else:
        told = f"Het totaal is gelijk gebleven ({was}), maar regels, btw of land zijn gewijzigd."
    return f"{told} De factuur in Acumulus is niet aangepast: maak een creditorder of boek opnieuw."


def number_unchecked(row: LedgerRow) -> bool:
    """Whether VIES could not tell of the customer's VAT number, and has not told since (R26)."""
    return watched(row) and row.vat_check is None and NOT_CHECKED in row.messages


def with_check(row: LedgerRow, check: VatCheck) -> LedgerRow:
    """The row with VIES' answer, which the remark that there was none makes way for."""
    remark = message(NOT_CHECKED).text
    return replace(
        row,
        reason=row.reason or NUMBER_CHECKED,
        vat_check=check,
        messages=tuple(code for code in row.messages if code != NOT_CHECKED),
        detail="" if row.detail == remark else row.detail,
    )


def _number_refused(check: VatCheck) -> str:
    return (
        f"VIES kent het btw-nummer van de klant niet (gevraagd op {check.at:%d-%m-%Y}), en de btw "
        "is verlegd. Vraag de klant om het juiste btw-nummer, of crediteer de bestelling en "
        "bereken de btw alsnog."
    )


def vanished(row: LedgerRow) -> str:
    """What is told of a booked order that the shop no longer has."""
    return (
        f"Mijnwebwinkel kent deze bestelling ({_amount(row.total, row.currency)}) niet meer; de "
        "factuur staat in Acumulus. Hoort zij daar niet, verwijder haar dan daar."
    )


# --------------------------------------------------------------------------- the entry


def about_entry(row: LedgerRow, entry: Entry | None) -> Mapping[str, str]:
    """Code -> detail of what is wrong with an entry (R83, R123); ``None``: Acumulus lost it."""
    if entry is None or entry.deleted:
        return {
            DELETED_IN_BOOKS: f"Boeking {row.entryid} is in Acumulus verwijderd. Boekbrug boekt "
            "de bestelling niet opnieuw."
        }
    difference = differs(row, entry)
    return {ENTRY_DIFFERS: difference} if difference else {}


def differs(row: LedgerRow, entry: Entry) -> str:
    """How an entry differs from what was posted, in amounts; empty when it does not (R83)."""
    if row.posted_total is None:
        return ""
    if entry.total is not None and entry.total != row.posted_total:
        return _difference("", entry.total, row.posted_total)
    without = row.posted_total - sum(row.vat.values(), Decimal(0))
    shown = entry.total_excl_vat
    if shown is not None and row.vat and abs(shown - without) > VAT_SLACK:
        return _difference(" zonder btw", shown, without)
    return ""


def _difference(what: str, shown: Decimal, posted: Decimal) -> str:
    return (
        f"Acumulus heeft{what} {euro(shown)}, de bestelling is{what} {euro(posted)}: een verschil "
        f"van {euro(abs(shown - posted))}."
    )


def several(entryids: tuple[str, ...]) -> str:
    """What is told of a concept that was made final more than once (R120)."""
    return (
        f"Het concept is meer dan eens definitief gemaakt: boekingen {', '.join(entryids)}. "
        "Verwijder in Acumulus wat dubbel is."
    )


def gone(row: LedgerRow) -> str:
    """What is told of a concept that Acumulus no longer knows (R120)."""
    return (
        f"Acumulus kent concept {row.conceptid} niet meer. Is het verwijderd, dan is de bestelling "
        "niet geboekt: maak de factuur zelf of laat de bestelling opnieuw boeken."
    )


def old_concept(conceptid: str, entryids: tuple[str, ...]) -> str:
    """What is told of a concept whose order was booked again (R124)."""
    if entryids:
        return (
            f"De bestelling is opnieuw geboekt, en toch is het oude concept {conceptid} definitief "
            f"gemaakt: boeking {', '.join(entryids)}. Zij staat nu dubbel; verwijder in Acumulus "
            "wat te veel is."
        )
    return (
        f"De bestelling is opnieuw geboekt; het oude concept {conceptid} staat nog in Acumulus. "
        "Verwijder het daar: zelf kan Boekbrug dat niet."
    )


# --------------------------------------------------------------------------- payment


def paid_since(row: LedgerRow, order: Order, view: View) -> bool:
    """Whether an invoice that was due is paid by now (R101, R119)."""
    return row.due and watched(row) and is_paid(order, view.settings, view.facts)


def payment_day(order: Order, payments: tuple[Payment, ...], view: View) -> date:
    """The day of the last capture, local to the shop (R102)."""
    facts = Facts(now=view.now, store=view.facts.store, payments=payments)
    return paid_on(order, view.settings, facts)


def _amount(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return "onbekend"
    if currency == "EUR":
        return euro(amount)
    return f"{currency} " + euro(amount).removeprefix("€ ")
