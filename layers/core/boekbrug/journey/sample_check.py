"""A rehearsal -> a handful of its invoices, checked by Acumulus in test mode (R128).

They are sent with Acumulus' own test flag: checked, not stored. One at a time, and as different
from each other as they can be, so that a few tell much.
"""

from collections.abc import Callable, Iterable

from boekbrug.domain.invoice import Invoice
from boekbrug.errors import NeedsOperator, NeedsOwner, RetryLater, Unclear
from boekbrug.journey.booking_facts import ask_shop, booking_facts
from boekbrug.journey.conversions import outcome_of
from boekbrug.journey.decisions import open_books
from boekbrug.journey.ports.books import Books
from boekbrug.journey.ports.shops import FetchedOrder, Shop
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.rehearsal import Checked, Rehearsal, Rehearsed
from boekbrug.journey.rehearse import RehearsalServices

HANDFUL = 5
NOT_REACHED = "books_unreachable"


def sample(found: Rehearsal) -> tuple[Rehearsed, ...]:
    """A few invoices: one of each kind first, the latest of its kind."""
    kinds: dict[object, list[Rehearsed]] = {}
    for order in reversed(found.invoices):
        kinds.setdefault(_kind(order), []).append(order)
    turns = range(max(map(len, kinds.values()), default=0))
    chosen = [kind[turn] for turn in turns for kind in kinds.values() if turn < len(kind)]
    return tuple(chosen[:HANDFUL])


def check_sample(
    services: RehearsalServices,
    shop: ConnectedShop,
    orders: Iterable[Rehearsed],
    *,
    time_left: Callable[[], bool] = lambda: True,
) -> tuple[Checked, ...]:
    """Have them checked, as many as there is time for; one that is no invoice any more is left out.

    Raises ``StopShop`` and ``RetryLater`` of the shop and of our own storage.
    """
    api, books = services.api(shop), open_books(services.deciding, shop)
    found = []
    for order in orders:
        invoice = _invoice(services, shop, api, books, order.number)
        if invoice is not None:
            found.append(_checked(books, order.number, invoice))
        if not time_left():
            break
    return tuple(found)


def _invoice(
    services: RehearsalServices, shop: ConnectedShop, api: Shop, books: Books, number: str
) -> Invoice | None:
    """As it would be posted now, payments and all."""
    fetched = api.order(number)
    if not isinstance(fetched, FetchedOrder):
        return None
    order, settings = fetched.order, services.settings(shop, shop.settings_version)
    facts = booking_facts(
        services.deciding.booking.one,
        books,
        shop,
        order,
        settings=settings,
        told=ask_shop(api, order, services.deciding.fetching.statuses(api)),
        now=services.now,
    )
    outcome = None if isinstance(facts, str) else outcome_of(order, settings, facts)
    return outcome if isinstance(outcome, Invoice) else None


def _checked(books: Books, number: str, invoice: Invoice) -> Checked:
    try:
        posted = books.check_invoice(invoice)
    except (NeedsOwner, NeedsOperator) as refused:
        return Checked(number=number, refusal=refused.code, told=refused.detail)
    except (RetryLater, Unclear):
        return Checked(number=number, refusal=NOT_REACHED)
    return Checked(number=number, told=", ".join(posted.warnings))


def _kind(order: Rehearsed) -> object:
    """What makes two invoices alike for Acumulus: the rates, the sign, whether it is a concept."""
    rates = tuple(pair.rate for pair in order.rates)
    return order.state, rates, order.whole is not None and order.whole.invoice.gross < 0
