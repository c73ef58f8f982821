"""An order and what becomes of it -> a page: order left, invoice right, totals, messages."""

import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TextIO

from rich.box import MINIMAL, SIMPLE
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from boekbrug.domain.choice import MARGIN
from boekbrug.domain.comparison import Pair, compare, line_gross, price_gross
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.messages import Message, Severity
from boekbrug.domain.order import Address, Debtor, Order, OrderLine
from workbench.preview_document import Case

NARROWEST, WIDEST = 80, 120
VAT_FREE = Decimal(-1)
VAT_TYPES = {
    1: "Nederlandse btw",
    2: "btw verlegd binnen Nederland",
    3: "btw verlegd binnen de EU",
    4: "uitvoer buiten de EU",
    5: "margeregeling",
    6: "btw van een ander EU-land (OSS)",
    7: "buitenlandse btw",
}
SEVERITIES = {
    Severity.ERROR: ("FOUT", "bold red"),
    Severity.WARNING: ("LET OP", "bold yellow"),
    Severity.NOTICE: ("melding", "cyan"),
    Severity.NOTE: ("notitie", "dim"),
}
STRATEGIES = {
    "": "gewone btw",
    "zero_percent": "0% (over de EU-grens)",
    "reverse_charged_vat": "verlegd",
}
PAYMENT_STATES = {
    "new": "nieuw",
    "pending": "nog niet betaald",
    "authorized": "gereserveerd",
    "captured": "betaald",
    "incomplete": "niet afgerond",
    "failed": "mislukt",
    "refunded": "terugbetaald",
    "voided": "vervallen",
    "unknown": "onbekend",
}
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus"),
    *("september", "oktober", "november", "december"),
)


def page_text(
    case: Case,
    outcome: Invoice | Skip | Hold,
    *,
    like: TextIO | None = None,
    width: int | None = None,
) -> str:
    """One order with its outcome as a page, ready to be written.

    ``like`` is where it will be written: colours only when that is a terminal. ``width`` in
    columns: that of the terminal, between 80 and 120, when it is not given.
    """
    file = like or io.StringIO()
    asked = width or Console(file=file).width
    columns = min(max(asked, NARROWEST), WIDEST)
    console = Console(file=file, highlight=False, markup=False, emoji=False, width=columns)
    with console.capture() as captured:
        console.print(_page(case, outcome))
    # Tables fill their width with spaces; a page that is kept or compared should not hold them.
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def _page(case: Case, outcome: Invoice | Skip | Hold) -> RenderableType:
    order = case.order
    sides = Table(box=MINIMAL, show_edge=False, expand=True, header_style="bold")
    sides.add_column("BESTELLING", ratio=1)
    sides.add_column("FACTUUR", ratio=1)
    sides.add_row(_order_head(order), _invoice_head(outcome), end_section=True)
    sides.add_row(_order_lines(order), _invoice_lines(outcome))
    parts: list[RenderableType] = [Text(_headline(order, outcome), style="bold"), Text(), sides]
    parts.append(_totals(case, outcome) if isinstance(outcome, Invoice) else Text())
    return Group(*parts, _messages(outcome), Text())


def _headline(order: Order, outcome: Invoice | Skip | Hold) -> str:
    kind = "Creditorder" if order.credited_order_number else "Bestelling"
    return f"{kind} {order.number}: {_verdict(outcome)}"


def _verdict(outcome: Invoice | Skip | Hold) -> str:
    if isinstance(outcome, Skip):
        return f"wordt overgeslagen ({outcome.reason})"
    if isinstance(outcome, Hold):
        return f"wordt vastgehouden ({outcome.reason})"
    return "wordt een concept in Acumulus" if outcome.concept else "wordt definitief geboekt"


# ------------------------------------------------------------------------------- heads


def _order_head(order: Order) -> RenderableType:
    debtor = order.debtor
    rows = [
        ("Besteld", _long_date(order.date)),
        ("Klant", _who(debtor.invoice) or _joined(debtor.company, debtor.name)),
        ("Factuuradres", _where(debtor.invoice)),
        ("Btw-nummer", debtor.invoice.vat_number),
        ("Bezorgadres", _delivered_to(debtor)),
        ("Btw", _joined(order.tax_region, _strategy(order))),
        ("Betaling", _payment(order)),
        ("Totaal", f"{_money(order.total)} {order.currency}"),
    ]
    return _pairs(rows)


def _invoice_head(outcome: Invoice | Skip | Hold) -> RenderableType:
    if not isinstance(outcome, Invoice):
        return Text("Er wordt niets verstuurd.")
    customer = outcome.customer
    paid = "nog te betalen" if outcome.paymentstatus == 1 else "betaald"
    if outcome.paymentdate:
        paid = f"betaald op {_long_date(outcome.paymentdate)}"
    rows = [
        ("Omschrijving", outcome.description),
        ("Btw-type", f"{outcome.vattype}, {VAT_TYPES.get(outcome.vattype, '')}"),
        ("Datum", _long_date(outcome.issuedate) if outcome.issuedate else "dag van verzending"),
        ("Klant", _joined(customer.companyname1, customer.fullname)),
        ("Land", _joined(customer.countrycode, customer.country)),
        ("Btw-nummer", customer.vatnumber or ""),
        ("Verstuurd uit", outcome.warehousecountry or ""),
        ("Betaling", paid),
        ("Tekst", (outcome.descriptiontext or "").replace("\\n", " ")),
    ]
    return _pairs(rows)


def _pairs(rows: list[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows:
        if value:
            table.add_row(label, Text(value))
    return table


def _delivered_to(debtor: Debtor) -> str:
    there = _where(debtor.delivery) if debtor.delivery else ""
    return "zelfde adres" if there == _where(debtor.invoice) else there


def _payment(order: Order) -> str:
    way = f"{order.payment.gateway}:{order.payment.method}" if order.payment else ""
    return _joined(PAYMENT_STATES.get(order.payment_status, order.payment_status), way)


def _strategy(order: Order) -> str:
    given = order.tax_strategy
    return "" if given is None else STRATEGIES.get(given, given)


# ------------------------------------------------------------------------------- lines


def _line_table(*, title: str) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(title, overflow="fold", ratio=1)
    table.add_column("tarief", justify="right", no_wrap=True)
    table.add_column("incl.", justify="right", no_wrap=True)
    return table


def _order_lines(order: Order) -> Table:
    table = _line_table(title="regel")
    for line in order.lines:
        for price in line.prices:
            table.add_row(Text(_order_text(line)), _percent(price.rate), _money(price_gross(price)))
    return table


def _order_text(line: OrderLine) -> str:
    quantity = "" if line.quantity in (None, Decimal(1)) else f"{_plain(line.quantity)} x "
    described = line.description or " + ".join(a.description for a in line.articles)
    return quantity + (described or f"({line.type})")


def _invoice_lines(outcome: Invoice | Skip | Hold) -> RenderableType:
    if not isinstance(outcome, Invoice):
        return Text("")
    table = _line_table(title="regel, aantal x prijs")
    for line in outcome.lines:
        unit = _amount(line.unitprice, 4)
        cost = "" if line.costprice is None else f", inkoop {_money(line.costprice)}"
        text = f"{line.product}\n  {_plain(line.quantity)} x {unit}{cost}"
        gross = line_gross(line, margin=outcome.vattype == MARGIN)
        table.add_row(Text(text), _percent(line.vatrate), _money(gross))
    return table


# ------------------------------------------------------------------------------- totals


def _totals(case: Case, invoice: Invoice) -> Table:
    """Totals per rate: what the customer was charged beside what Acumulus will compute."""
    compared = compare(case.order, case.settings, case.facts, invoice)
    table = Table(box=SIMPLE, expand=True, title_justify="left", header_style="dim")
    table.add_column("Totalen per tarief")
    for name in ("bestelling", "w.v. btw", "factuur", "w.v. btw", "verschil"):
        table.add_column(name, justify="right", no_wrap=True)
    for pair in compared.rates:
        vat = "marge" if compared.margin else _money(pair.invoice.vat)
        table.add_row(_percent(pair.rate), *_amounts(pair, vat))
    table.add_section()
    whole = compared.whole
    table.add_row("Totaal", *_amounts(whole, _money(whole.invoice.vat)), style="bold")
    return table


def _amounts(pair: Pair, vat: str) -> tuple[str, ...]:
    sides = pair.order.gross, pair.order.vat, pair.invoice.gross
    difference = _money(pair.difference) if pair.difference else "-"
    return (*map(_money, sides), vat, difference)


# ------------------------------------------------------------------------------- messages


def _messages(outcome: Invoice | Skip | Hold) -> RenderableType:
    if not outcome.messages:
        return Text("Geen meldingen.")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for found in sorted(outcome.messages, key=_loudest_first):
        word, style = SEVERITIES[found.severity]
        table.add_row(Text(word, style=style), Text(f"{found.text} [{found.code}]"))
    return table


def _loudest_first(found: Message) -> int:
    return list(SEVERITIES).index(found.severity)


# ------------------------------------------------------------------------------- words, numbers


def _who(address: Address) -> str:
    return _joined(address.company, address.name)


def _where(address: Address) -> str:
    street = f"{address.street} {address.number}".strip()
    place = f"{address.zipcode} {address.city}".strip()
    return _joined(street, place, address.country_code or address.country)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _long_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _money(amount: Decimal) -> str:
    return _amount(amount, 2)


def _amount(amount: Decimal, places: int) -> str:
    """1234.5 -> 1.234,50, as Dutch readers write it."""
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded + 0:,}".translate(str.maketrans(",.", ".,"))


def _percent(rate: Decimal | None) -> str:
    if rate is None:
        return "?"
    return "vrij" if rate == VAT_FREE else f"{_plain(rate)}%"


def _plain(number: Decimal | None) -> str:
    return format((number or Decimal(0)).normalize(), "f").replace(".", ",")
