"""What every log line about an order tells: never who ordered, always how to follow it."""

from collections.abc import Mapping

from boekbrug.journey.ports.ledger import LedgerRow


def fields_of(row: LedgerRow) -> Mapping[str, str]:
    """For ``extra``; the correlation id leads from the shop to the invoice."""
    return {
        "shop": row.key.shop_id,
        "order": row.key.number,
        "state": row.state,
        "reason": row.reason,
        "correlation_id": row.correlation_id,
    }
