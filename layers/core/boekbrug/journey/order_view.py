"""One order number -> the order as the shop has it, beside the invoice it became or would become.

The invoice is made again by the same pure conversion, with the settings that decided it. Customer
data comes from the shop at this moment, for whoever looks, and is kept nowhere. Without the shop,
what the ledger knows is still told. Nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from boekbrug.domain.comparison import Comparison, compare
from boekbrug.domain.convert import convert
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts, SentInvoice
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.head import without_date
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.settings import ShopSettings
from boekbrug.domain.vies import number_to_check
from boekbrug.errors import BoekbrugError, StopShop
from boekbrug.journey.booking_facts import ToldByShop, ask_shop, booking_facts
from boekbrug.journey.connect_rows import open_token
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import BY_HAND, DecisionServices, open_books
from boekbrug.journey.explain import ExplainServices, Explanation, explain
from boekbrug.journey.ports.ledger import BOOKED, POSTING, UNCLEAR, LedgerRow
from boekbrug.journey.ports.shops import FetchedOrder
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.sentences import DUTCH, Words
from boekbrug.journey.triage import BY_OWNER, PERHAPS_POSTED


@dataclass(frozen=True, slots=True)
class AsIf:
    """Other settings than those of the shop, and the numbers of orders that would have been sent.

    Only for an order that was not posted itself.
    """

    settings: ShopSettings
    sent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """Everything a person sees of one order.

    ``explanation`` is why it is or is not booked. ``missing`` says why ``order`` is not there,
    ``no_invoice`` why ``outcome`` is not. ``posted`` tells whether the invoice went to Acumulus,
    ``sent_before`` which orders are taken to be there besides those that are.
    """

    explanation: Explanation
    settings: ShopSettings
    settings_version: int
    posted: bool
    order: Order | None = field(default=None, repr=False)
    status: OrderStatus | None = None
    missing: Words | None = None
    facts: Facts | None = field(default=None, repr=False)
    outcome: Invoice | Hold | Skip | None = field(default=None, repr=False)
    no_invoice: Words | None = None
    sent_before: frozenset[str] = frozenset()

    @property
    def row(self) -> LedgerRow | None:
        """What the ledger knows of it."""
        return self.explanation.row

    @property
    def invoice(self) -> Invoice | None:
        """The right side, when there is one."""
        return self.outcome if isinstance(self.outcome, Invoice) else None

    @property
    def comparison(self) -> Comparison | None:
        """Both sides per VAT rate."""
        if self.order is None or self.facts is None or self.invoice is None:
            return None
        return compare(self.order, self.settings, self.facts, self.invoice)

    @property
    def order_changed(self) -> bool:
        """Whether the order is another one in money since it was posted."""
        if self.row is None or self.order is None or not self.posted:
            return False
        return fingerprint(self.order) != self.row.fingerprint

    @property
    def posted_differently(self) -> bool:
        """Whether what was posted is not what would be posted now."""
        row, invoice = self.row, self.invoice
        if row is None or invoice is None or not self.posted or row.posted_total is None:
            return False
        return (invoice.total, dict(invoice.vat)) != (row.posted_total, dict(row.vat))


def order_view(
    services: DecisionServices,
    shop: ConnectedShop,
    number: str,
    *,
    language: str = DUTCH,
    as_if: AsIf | None = None,
) -> OrderView:
    """Look at one order, by the number as a person types it.

    Never raises for an outside system that does not answer. Raises ``RetryLater`` when our own
    storage cannot be read.
    """
    explanation = explain(_explaining(services), shop, number, language=language)
    row, posted = explanation.row, _was_posted(explanation.row)
    version = (row.settings_version if row and posted else 0) or shop.settings_version
    view = OrderView(
        explanation=explanation,
        settings=services.fetching.tenants.settings(shop.shop_id, version),
        settings_version=version,
        posted=posted,
        sent_before=as_if.sent if as_if else frozenset(),
    )
    if as_if is not None and not posted:
        view = replace(view, settings=as_if.settings)
    if row is None and explanation.fetched is None:
        return view  # the explanation says why the shop did not give it
    live = _live(services, shop, explanation)
    if isinstance(live, Words):
        return replace(view, missing=live)
    order, told = live
    status = told.statuses.get(order.status) if order.status is not None else None
    view = replace(view, order=order, status=status)
    return _with_invoice(services, shop, view, order, told)


def _explaining(services: DecisionServices) -> ExplainServices:
    fetching = services.fetching
    return ExplainServices(
        tenants=fetching.tenants,
        ledger=fetching.ledger,
        sealer=fetching.sealer,
        shops=fetching.shops,
        clock=fetching.clock,
    )


def _was_posted(row: LedgerRow | None) -> bool:
    """Whether an invoice of ours went to Acumulus, or may have."""
    if row is None or row.reason == BY_HAND:
        return False
    return row.state in (BOOKED, POSTING, UNCLEAR) or row.reason in PERHAPS_POSTED


# --------------------------------------------------------------------------- the order


def _live(
    services: DecisionServices, shop: ConnectedShop, explanation: Explanation
) -> tuple[Order, ToldByShop] | Words:
    """The order as the shop has it now, or why it is not there."""
    try:
        api = services.fetching.shops.open(open_token(services.fetching.sealer, shop))
        fetched = explanation.fetched or api.order(explanation.number)
        if isinstance(fetched, FetchedOrder):
            statuses = services.fetching.statuses(api)
            return fetched.order, ask_shop(api, fetched.order, statuses)
    except StopShop:
        return _TOKEN_REFUSED
    except BoekbrugError:
        return _SHOP_AWAY
    return _NOT_IN_SHOP if fetched is None else _UNREADABLE


# --------------------------------------------------------------------------- the invoice


def _with_invoice(
    services: DecisionServices,
    shop: ConnectedShop,
    view: OrderView,
    order: Order,
    told: ToldByShop,
) -> OrderView:
    row = view.row
    if row is not None and row.reason in _BY_A_PERSON:
        return replace(view, no_invoice=_BY_A_PERSON[row.reason])
    try:
        facts = booking_facts(
            services.booking.one,
            open_books(services, shop),
            shop,
            order,
            settings=view.settings,
            told=told,
            now=_moment(services, view),
        )
    except StopShop:
        return replace(view, no_invoice=_BOOKS_REFUSE)
    except DecisionRefused as gone:
        return replace(view, no_invoice=Words(gone.sentence(), gone.sentence("en")))
    if isinstance(facts, str):
        return replace(view, outcome=Hold(facts, waits=True))
    facts = _as_checked(view, order, facts)
    original = order.credited_order_number
    if original in view.sent_before:
        facts = replace(facts, already_sent={original: SentInvoice(), **facts.already_sent})
    return replace(view, facts=facts, outcome=_outcome(view, order, facts))


def _as_checked(view: OrderView, order: Order, facts: Facts) -> Facts:
    """What VIES said when the order was booked; for a look it is not asked again (R26)."""
    check = view.row.vat_check if view.row else None
    number = number_to_check(order, view.settings, facts) if check else ""
    return replace(facts, vies={number: check}) if number and check else facts


def _moment(services: DecisionServices, view: OrderView) -> datetime:
    """What was posted is made as on the moment it was."""
    posted_at = view.row.posting_at if view.row and view.posted else None
    return posted_at or services.fetching.clock.now()


def _outcome(view: OrderView, order: Order, facts: Facts) -> Invoice | Hold | Skip:
    """What was posted is not judged again: its status and payment may be others by now."""
    if not view.posted:
        asked = view.row is not None and view.row.by_request
        refused = decide(order, view.settings, facts, manual=asked)
        return refused or convert(order, view.settings, facts)
    outcome = convert(order, view.settings, facts)
    moved = view.row is not None and _MOVED in view.row.messages
    return without_date(outcome) if moved and isinstance(outcome, Invoice) else outcome


_MOVED = "issue_date_moved"

_BY_A_PERSON: Mapping[str, Words] = {
    BY_HAND: Words(
        "Deze bestelling is met de hand geboekt; Boekbrug maakte geen factuur.",
        "This order was booked by hand; Boekbrug made no invoice.",
    ),
    BY_OWNER: Words(
        "Er wordt geen factuur gemaakt: zo is besloten.",
        "No invoice is made: that was decided.",
    ),
}
_BOOKS_REFUSE = Words(
    "Acumulus weigert nu de toegang, dus de factuur is hier niet te tonen.",
    "Acumulus refuses access now, so the invoice cannot be shown here.",
)
_SHOP_AWAY = Words(
    "Mijnwebwinkel antwoordt nu niet. Hieronder staat wat Boekbrug zelf weet; ververs de pagina "
    "straks voor de bestelling.",
    "Mijnwebwinkel does not answer now. Below is what Boekbrug knows itself; refresh the page "
    "later to see the order.",
)
_TOKEN_REFUSED = Words(
    "Mijnwebwinkel weigert de token van deze winkel. Hieronder staat wat Boekbrug zelf weet.",
    "Mijnwebwinkel refuses the token of this shop. Below is what Boekbrug knows itself.",
)
_NOT_IN_SHOP = Words(
    "Mijnwebwinkel kent deze bestelling niet meer. Hieronder staat wat Boekbrug zelf weet.",
    "Mijnwebwinkel does not know this order any more. Below is what Boekbrug knows itself.",
)
_UNREADABLE = Words(
    "Mijnwebwinkel geeft deze bestelling in een vorm die niet te lezen is.",
    "Mijnwebwinkel gives this order in a form that cannot be read.",
)
