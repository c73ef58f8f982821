"""Ledger rows in; the summary of a run out, as a table for a person or as JSON."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    Ledger,
    LedgerRow,
)
from boekbrug.journey.sentences import sentence

# What a state of the ledger is called in a summary: a post that nobody finishes any more is
# unclear, and an order that still lies ready waits.
SHOWN = {
    BOOKED: "booked",
    SKIPPED: "skipped",
    WAITING: "waiting",
    QUEUED: "waiting",
    HELD: "held",
    POSTING: "unclear",
    UNCLEAR: "unclear",
}
UNDERWAY = frozenset({QUEUED, POSTING})
STYLES = {"booked": "green", "concept": "cyan", "held": "yellow", "unclear": "bold red"}
COUNTED = ("booked", "concepts", "waiting", "held", "skipped", "unclear")


@dataclass(frozen=True, slots=True)
class Summary:
    """Every order of the given shops as the ledger has it now."""

    shops: int
    rows: tuple[LedgerRow, ...]

    @staticmethod
    def of(ledger: Ledger, shop_ids: Sequence[str]) -> "Summary":
        rows = (row for shop_id in shop_ids for row in ledger.shop_rows(shop_id))
        return Summary(len(shop_ids), tuple(rows))

    @property
    def counts(self) -> dict[str, int]:
        """Orders seen and where they are; a concept counts as a concept only."""
        found = Counter("concepts" if is_concept(row) else SHOWN[row.state] for row in self.rows)
        return {"seen": len(self.rows)} | {name: found[name] for name in COUNTED}

    @property
    def progress(self) -> str:
        """Where the work stands while it goes on."""
        done = Summary(self.shops, tuple(row for row in self.rows if row.state not in UNDERWAY))
        counts = done.counts | {"seen": len(self.rows)}
        return counts_line(counts) + (f", {self.underway} to go" if self.underway else "")

    @property
    def underway(self) -> int:
        """Orders that the functions still have to work on."""
        return sum(row.state in UNDERWAY for row in self.rows)

    def as_json(self, seconds: float) -> dict[str, Any]:
        """The document of `--json`; amounts are text."""
        return {
            "shops": self.shops,
            **self.counts,
            "seconds": round(seconds, 1),
            "orders": [_order(row) for row in self.rows],
        }


def is_concept(row: LedgerRow) -> bool:
    """Booked, but a person makes it final in Acumulus."""
    return row.state == BOOKED and bool(row.conceptid) and not row.entryid


def _order(row: LedgerRow) -> dict[str, Any]:
    reason = row.reason or (row.state if row.state in UNDERWAY else "")
    return {
        "shop": row.key.shop_id,
        "number": row.key.number,
        "state": SHOWN[row.state],
        "reason": None if row.state == BOOKED else reason or None,
        "total": None if row.total is None else f"{row.total:.2f}",
        "invoicenumber": row.invoicenumber or None,
        "entryid": row.entryid or None,
        "conceptid": row.conceptid or None,
    }


def counts_line(counts: dict[str, int]) -> str:
    """``seen 30: booked 24, concepts 2, ...``; what there is none of is left out."""
    parts = [f"{name} {counts[name]}" for name in COUNTED if counts[name]]
    return f"seen {counts['seen']}" + (f": {', '.join(parts)}" if parts else "")


def table(summary: Summary, names: dict[str, str]) -> Table:
    """Order, amount, decision, invoice number or reason; ``names`` of the shops by id."""
    shown = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    several = len({row.key.shop_id for row in summary.rows}) > 1
    if several:
        shown.add_column("shop", no_wrap=True, max_width=24)
    shown.add_column("order", no_wrap=True)
    shown.add_column("amount", justify="right", no_wrap=True)
    shown.add_column("decision", no_wrap=True)
    shown.add_column("invoice, or why not")
    for row in summary.rows:
        shop = [names.get(row.key.shop_id, row.key.shop_id)] if several else []
        decision = "concept" if is_concept(row) else SHOWN[row.state]
        texts = [*shop, row.key.number, amount(row.total, row.currency)]
        coloured = Text(decision, style=STYLES.get(decision, ""))
        shown.add_row(*map(Text, texts), coloured, Text(outcome(row)))  # never as markup
    return shown


def outcome(row: LedgerRow) -> str:
    """The invoice number of what is final, else the Dutch sentence that the owner would read."""
    if row.state == BOOKED and row.invoicenumber and not is_concept(row):
        return row.invoicenumber
    return sentence(row)


def amount(total: Decimal | None, currency: str = "EUR") -> str:
    """As Dutch readers write it: ``1.234,50``; another currency is named, what is unknown ``?``."""
    if total is None:
        return "?"
    text = f"{total:,.2f}".translate(str.maketrans(",.", ".,"))
    return text if currency == "EUR" else f"{currency} {text}"


def changes(before: Iterable[LedgerRow], now: Iterable[LedgerRow]) -> list[LedgerRow]:
    """The rows that are new or have another state or reason."""
    known = {row.key: (row.state, row.reason) for row in before}
    return [row for row in now if known.get(row.key) != (row.state, row.reason)]
