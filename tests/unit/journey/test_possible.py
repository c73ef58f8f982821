"""What is offered for an order is what can be done with it, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from boekbrug.errors import BoekbrugError
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    DecisionServices,
    Said,
    book_anyway,
    booked_by_hand,
    do_not_book,
    resolve_absent,
    resolve_there,
    retry,
)
from boekbrug.journey.ports.ledger import STATES, LedgerRow
from boekbrug.journey.possible import Decision, may_retry_all, possible
from boekbrug.journey.resend import resend
from boekbrug.journey.triage import PERHAPS_POSTED
from tests.support.journey_world import BEGIN, World
from tests.support.ledger_rows import a_row

DO: Mapping[Decision, Callable[..., Any]] = {
    Decision.RETRY: retry,
    Decision.BOOK: book_anyway,
    Decision.SKIP: do_not_book,
    Decision.BY_HAND: booked_by_hand,
    Decision.RESEND: resend,
    Decision.THERE: resolve_there,
    Decision.ABSENT: resolve_absent,
}
ROWS = [
    *(a_row(state=state, reason="x", entryid="61" * (state == "booked")) for state in STATES),
    *(a_row(state="held", reason=reason) for reason in sorted(PERHAPS_POSTED)),
    a_row(state="skipped", reason="by_owner"),
    a_row(state="skipped", reason="status"),
    a_row(state="booked", reason="by_hand"),
    a_row(state="booked", reason="concept", conceptid="7"),
]


def refused(decision: Decision, row: LedgerRow) -> bool:
    """Whether the use case says that this cannot be done with an order in this state."""
    world = World()
    world.shop()
    long_ago = BEGIN - timedelta(days=2)
    world.ledger.record([(replace(row, posting_at=long_ago, changed_at=long_ago), None)])
    shop = world.tenants.all_shops()[0]
    services = DecisionServices(world.fetching, world.booking)
    try:
        DO[decision](services, shop, row.key.number, Said("omdat", "ik"))
    except DecisionRefused as no:
        return no.code in {"decision_not_possible", "never_booked"}
    except BoekbrugError:
        return False
    return False


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.state}-{row.reason}")
def test_what_is_offered_is_not_refused(row: LedgerRow) -> None:
    """Every button that is shown does something."""
    assert [decision for decision in possible(row) if refused(decision, row)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.state}-{row.reason}")
def test_what_may_be_in_acumulus_is_never_tried_again_just_so(row: LedgerRow) -> None:
    """Only after somebody looked there."""
    if row.state in ("unclear", "posting", "booked") or row.reason in PERHAPS_POSTED:
        assert Decision.RETRY not in possible(row)
        assert not may_retry_all(row)


def test_what_waits_for_a_person_can_be_decided() -> None:
    """No held or unclear order is a dead end."""
    stuck = [row for row in ROWS if row.state in ("held", "unclear", "waiting")]

    assert all(possible(row) for row in stuck)
