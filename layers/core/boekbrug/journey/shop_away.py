"""A shop that could not be fetched, hour after hour -> remembered, and told while it lasts.

A shop that answers costs nothing for it: it is in what fetching remembers, which is read anyway.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from boekbrug.domain.reasons import message
from boekbrug.errors import RetryLater
from boekbrug.journey.ports.findings import Finding, Findings
from boekbrug.journey.ports.ledger import Ledger, ShopMemory
from boekbrug.journey.resting import OUTAGE

SHOP_AWAY = "shop_away"


def not_fetched(
    ledger: Ledger, findings: Findings, shop_id: str, memory: ShopMemory | None, now: datetime
) -> None:
    """Every try of a run failed; what cannot be kept now is kept by the next one."""
    since = memory.failing_since if memory else None
    with suppress(RetryLater):
        if since is None:
            ledger.remember(shop_id, replace(memory or ShopMemory(), failing_since=now))
        elif now - since >= OUTAGE:
            told = message(SHOP_AWAY).text
            findings.record(Finding(code=SHOP_AWAY, shop_id=shop_id, detail=told, at=now))


def fetched_again(
    findings: Findings, shop_id: str, memory: ShopMemory | None, now: datetime
) -> None:
    """It was fetched; ``memory`` is of before. What fails here is done by the night."""
    since = memory.failing_since if memory else None
    if since is not None and now - since >= OUTAGE:
        with suppress(RetryLater):
            findings.resolve(shop_id, SHOP_AWAY)
