"""One suite for shops that are being connected: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.tenants import ConnectDraft, ConnectDrafts
from boekbrug.settings.drafts import DynamoConnectDrafts, MemoryConnectDrafts
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW
from tests.support.stores import make_table

FIRST_STEP = ConnectDraft(
    account_id="account-1",
    store=Store("shop-1", "Winkel", "winkel.example", "NL", "EUR", prices_include_tax=True),
    sealed_token="b1.sealed.token",
    expires=NOW + timedelta(hours=2),
)
SECOND_STEP = replace(
    FIRST_STEP,
    administration_id="admin-1",
    contractcode="288252",
    username="koppeling",
    sealed_password="b1.sealed.password",
    company_name="Voorbeeld B.V.",
    settings=ShopSettings(trigger_statuses=(3,), start_number=1042),
    expires=NOW + timedelta(hours=3),
)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def drafts(request: pytest.FixtureRequest) -> Iterator[ConnectDrafts]:
    if request.param == "memory":
        yield MemoryConnectDrafts()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoConnectDrafts(make_table(aws, "SettingsTable"), aws.client("dynamodb"))


def test_an_account_without_a_draft_has_none(drafts: ConnectDrafts) -> None:
    """Nothing is made up, and dropping nothing is no fault."""
    drafts.drop("account-1")

    assert drafts.of("account-1") is None


def test_a_draft_comes_back_whole(drafts: ConnectDrafts) -> None:
    """Each step replaces the one before it."""
    drafts.keep(FIRST_STEP)
    assert drafts.of("account-1") == FIRST_STEP

    drafts.keep(SECOND_STEP)
    assert drafts.of("account-1") == SECOND_STEP


def test_a_draft_is_of_one_account(drafts: ConnectDrafts) -> None:
    """Another account sees, and drops, only its own."""
    drafts.keep(FIRST_STEP)
    drafts.keep(replace(SECOND_STEP, account_id="account-2"))
    drafts.drop("account-1")

    assert drafts.of("account-1") is None
    assert drafts.of("account-2") == replace(SECOND_STEP, account_id="account-2")
