"""Builders of ledger rows: a test states only what matters to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from boekbrug.domain.facts import VatCheck
from boekbrug.journey.ports.ledger import QUEUED, LedgerRow, OrderKey

SHOP = "efa97179-9a07-5079-8513-7db74e67501b"
NOW = datetime(2026, 3, 2, 9, 15, 1, 123456, tzinfo=UTC)
"""With microseconds: nothing may be rounded away."""


def a_key(number: str = "1042", shop_id: str = SHOP) -> OrderKey:
    return OrderKey(shop_id, number, f"00000000-0000-4000-8000-{number:>012}")


def a_row(number: str = "1042", state: str = QUEUED, **changes: Any) -> LedgerRow:
    """A queued order of 35.85 euro that was just seen."""
    row = LedgerRow(
        key=a_key(number),
        state=state,
        order_date=date(2026, 3, 2),
        total=Decimal("35.85"),
        fingerprint="5d41402abc4b2a76",
        settings_version=1,
        correlation_id="0a1b2c3d4e5f",
        seen_at=NOW,
        changed_at=NOW,
    )
    return replace(row, **changes)


def a_full_row(number: str = "1042") -> LedgerRow:
    """A row in which every field differs from its default."""
    return a_row(
        number,
        "booked",
        uuid="5e18f195-f618-50f9-94c4-6871c0d50c88",
        reason="concept",
        detail='Eén regel: <uitleg> met "tekens" en €',
        messages=("rate_missing", "R:AB_12"),
        total=Decimal("-1210.00"),
        currency="SEK",
        converter="1.2.3",
        attempts=3,
        owner="8b1f",
        posting_at=NOW + timedelta(seconds=1),
        entryid="12345",
        invoicenumber="2026-0042",
        contactid="777",
        conceptid="9",
        reference="Bestelling WA1042",
        posted_total=Decimal("0.00"),
        order_vat={"21": Decimal("-210.00"), "9": Decimal("0.01")},
        credit=True,
        vat={"21": Decimal("210.00"), "9.0": Decimal("-0.01")},
        payment_status="captured",
        concept=True,
        due=True,
        vat_check=VatCheck(valid=False, at=NOW - timedelta(days=1), consultation="WAPI00000001"),
        absent_at=NOW + timedelta(seconds=3),
        given_up_at=NOW - timedelta(hours=1),
        by_request=True,
        replaces=a_row(number, "booked", conceptid="8", vat={"21": Decimal("1.00")}),
        changed_at=NOW + timedelta(seconds=2),
    )
