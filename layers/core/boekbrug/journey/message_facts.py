"""Payments -> compact JSON for the order message, and back; no customer data in it."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from boekbrug.domain.order import Payment, PaymentMutation

PAID = ("captured", "refunded")
"""The payment states of orders whose payments are worth reading."""


def pack_payments(payments: Sequence[Payment]) -> bytes:
    """The payments as JSON (UTF-8); amounts as text, moments in ISO 8601."""
    return json.dumps(
        [
            [
                payment.gateway,
                payment.method,
                str(payment.amount),
                payment.currency,
                payment.is_test,
                [
                    [
                        mutation.type,
                        str(mutation.amount),
                        mutation.created_at.isoformat() if mutation.created_at else None,
                    ]
                    for mutation in payment.mutations
                ],
            ]
            for payment in payments
        ],
        separators=(",", ":"),
    ).encode()


def unpack_payments(packed: bytes) -> tuple[Payment, ...] | None:
    """What ``pack_payments`` packed; ``None`` for nothing (they were not read)."""
    if not packed:
        return None
    return tuple(
        Payment(
            gateway=gateway,
            method=method,
            amount=Decimal(amount),
            currency=currency,
            is_test=is_test,
            mutations=tuple(
                PaymentMutation(
                    type=kind,
                    amount=Decimal(value),
                    created_at=datetime.fromisoformat(at) if at else None,
                )
                for kind, value, at in mutations
            ),
        )
        for gateway, method, amount, currency, is_test, mutations in json.loads(packed)
    )
