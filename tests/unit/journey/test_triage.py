"""A fetched order beside its ledger row (R1, R2, R4-R6; design of the states)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from boekbrug.domain.facts import Facts
from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    LedgerRow,
)
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.journey.triage import PERHAPS_POSTED, POSTING_LEASE, Desk, Verdict, triage
from boekbrug.mijnwebwinkel.to_order import read_order
from tests.support.orders import STORE_ID, order_bytes

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
DESK = Desk(
    shop_id=STORE_ID,
    settings=ShopSettings(trigger_statuses=(3,)),
    settings_version=1,
    facts=Facts(now=NOW, store=Store(STORE_ID, region_code="NL")),
)


def fetched(**changes: Any) -> FetchedOrder:
    order = read_order(order_bytes(**changes))
    assert isinstance(order, FetchedOrder)
    return order


def row_of(verdict: Verdict) -> LedgerRow:
    assert verdict.row is not None
    return replace(verdict.row, revision=1)


def test_an_eligible_order_is_queued_and_sent() -> None:
    """A new order in a chosen status goes on to booking."""
    verdict = triage(DESK, fetched(), None)

    assert verdict.send
    assert row_of(verdict).state == QUEUED
    assert len(row_of(verdict).correlation_id) == 12


def test_an_order_in_another_status_is_skipped_with_its_reason() -> None:
    """What is not booked says why (R1)."""
    verdict = triage(DESK, fetched(status=1), None)

    assert (row_of(verdict).state, row_of(verdict).reason) == (SKIPPED, "status")
    assert not verdict.send


def test_a_skipped_order_is_queued_once_its_status_is_chosen() -> None:
    """Orders move to a chosen status later."""
    skipped = row_of(triage(DESK, fetched(status=1), None))
    verdict = triage(DESK, fetched(), skipped)

    assert (row_of(verdict).state, verdict.send) == (QUEUED, True)
    assert row_of(verdict).correlation_id == skipped.correlation_id


def test_a_queued_order_is_sent_again_without_a_write() -> None:
    """An emptied queue loses nothing: the ledger still says queued."""
    queued = row_of(triage(DESK, fetched(), None))
    verdict = triage(DESK, fetched(), queued)

    assert verdict.send
    assert verdict.row is None


def test_a_queued_order_that_was_cancelled_is_skipped() -> None:
    """The order of now decides, not the order of an hour ago."""
    queued = row_of(triage(DESK, fetched(), None))

    assert row_of(triage(DESK, fetched(status=4), queued)).state == SKIPPED


@pytest.mark.parametrize("state", [BOOKED, UNCLEAR])
def test_what_was_sent_is_never_sent_again(state: str) -> None:
    """A booked or unclear order is left alone, whatever the shop says now (R2, R122, R123)."""
    row = replace(row_of(triage(DESK, fetched(), None)), state=state)
    verdict = triage(DESK, fetched(status=4), row)

    assert (verdict.row, verdict.send) == (None, False)


def test_a_post_in_progress_is_left_to_its_worker() -> None:
    """Within its lease the worker may still be posting."""
    row = replace(row_of(triage(DESK, fetched(), None)), state=POSTING, posting_at=NOW)

    assert triage(DESK, fetched(), row).row is None


def test_a_post_that_lost_its_worker_becomes_unclear() -> None:
    """After the lease nobody knows whether it was sent: never send it again by itself."""
    began = NOW - POSTING_LEASE - timedelta(seconds=1)
    row = replace(row_of(triage(DESK, fetched(), None)), state=POSTING, posting_at=began)
    verdict = triage(DESK, fetched(), row)

    assert (row_of(verdict).state, verdict.send) == (UNCLEAR, False)


def test_a_held_order_stays_held_until_something_changes() -> None:
    """A person decides; another poll of the same order is no decision."""
    held = replace(row_of(triage(DESK, fetched(), None)), state=HELD, reason="books_refused")

    assert triage(DESK, fetched(), held).row is None
    assert triage(replace(DESK, settings_version=2), fetched(), held).send


def test_a_paused_administration_makes_orders_wait() -> None:
    """While nothing may be posted, orders wait with that reason and are not sent."""
    verdict = triage(replace(DESK, blocked="administration_paused"), fetched(), None)

    assert (row_of(verdict).state, row_of(verdict).reason) == (WAITING, "administration_paused")
    assert not verdict.send


def test_an_unreadable_order_is_held_with_what_is_wrong() -> None:
    """An order that cannot be read is told, not lost."""
    broken = UnreadableOrder("1042", "", "price.total is not a number", b"{}")
    verdict = triage(DESK, broken, None)

    assert row_of(verdict).reason == "unreadable_order"
    assert row_of(verdict).detail == "price.total is not a number"
    assert row_of(verdict).total is None
    assert triage(DESK, broken, row_of(verdict)).row is None


@pytest.mark.parametrize("reason", sorted(PERHAPS_POSTED))
def test_what_may_be_in_acumulus_is_never_decided_again(reason: str) -> None:
    """Held after a look-up: other choices and another total change nothing about that."""
    queued = row_of(triage(DESK, fetched(), None))
    row = replace(queued, state=HELD, reason=reason, settings_version=0, fingerprint="another")

    verdict = triage(DESK, fetched(), row)

    assert (verdict.row, verdict.send) == (None, False)
