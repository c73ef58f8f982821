"""What the settings store costs, what it stores, and what lost answers and busy tables do to it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import RetryLater
from boekbrug.journey.ports.tenants import (
    Account,
    Administration,
    ConnectDraft,
    ConnectedShop,
    Secret,
)
from boekbrug.settings.drafts import DynamoConnectDrafts
from boekbrug.settings.dynamodb import DynamoTenants
from boekbrug.settings.memory import MemorySealer
from tests.support.embedded import MOTO, Aws, an_aws
from tests.support.faults import counted_calls, lost_replies, refusing, retrying_client
from tests.support.ledger_rows import NOW
from tests.support.stores import everything_in, make_table

SHOP = ConnectedShop(
    shop_id="shop-1",
    account_id="account-1",
    administration_id="admin-1",
    sealed_token="b1.sealed",
    store=Store("shop-1"),
)


@pytest.fixture
def moto(request: pytest.FixtureRequest) -> Iterator[Aws]:
    with an_aws(request, MOTO) as aws:
        yield aws


@pytest.fixture
def tenants(moto: Aws) -> DynamoTenants:
    return DynamoTenants(make_table(moto, "SettingsTable"), moto.client("dynamodb"))


def test_with_an_account_goes_what_it_was_connecting(moto: Aws) -> None:
    """A token or password that was entered and not used yet is forgotten too."""
    name = make_table(moto, "SettingsTable")
    tenants = DynamoTenants(name, moto.client("dynamodb"))
    drafts = DynamoConnectDrafts(name, moto.client("dynamodb"))
    tenants.put_account(Account(account_id="account-1", emails=("an@example.nl",)))
    drafts.keep(
        ConnectDraft(
            account_id="account-1", store=Store("shop-1"), sealed_token="b1.sealed", expires=NOW
        )
    )

    tenants.remove_account("account-1")

    assert everything_in(moto, name) == []


def test_settings_are_read_once(moto: Aws, tenants: DynamoTenants) -> None:
    """A version never changes, so it is kept; another version is another read."""
    first = tenants.save_settings("shop-1", ShopSettings(order_prefix="A"), by="me", at=NOW)
    second = tenants.save_settings("shop-1", ShopSettings(order_prefix="B"), by="me", at=NOW)
    with counted_calls(moto.client("dynamodb")) as calls:
        found = [tenants.settings("shop-1", version) for version in (first, second) * 5]

    assert [one.order_prefix for one in found] == ["A", "B"] * 5
    assert calls == {"GetItem": 2}


def test_settings_are_not_kept_without_end(
    moto: Aws, tenants: DynamoTenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that serves thousands of shops does not grow with them."""
    monkeypatch.setattr("boekbrug.settings.dynamodb.MOST_CACHED", 3)
    for shop in range(8):
        tenants.save_settings(f"shop-{shop}", ShopSettings(), by="me", at=NOW)
        tenants.settings(f"shop-{shop}", 1)

        assert len(tenants._settings) <= 3


def test_a_batch_of_orders_costs_one_read(moto: Aws, tenants: DynamoTenants) -> None:
    """Ten orders of ten shops: what must be known before the first post (decision 0005)."""
    shops = {f"shop-{number}" for number in range(10)}
    for shop_id in shops:
        tenants.put_shop(replace(SHOP, shop_id=shop_id, store=Store(shop_id)))
    with counted_calls(moto.client("dynamodb")) as calls:
        found = tenants.for_booking("admin-1", shops)

    assert set(found.shops) == shops
    assert calls == {"BatchGetItem": 1}


def test_a_page_of_shops_costs_one_read(moto: Aws, tenants: DynamoTenants) -> None:
    """A hundred shops by their ids, and a hundred from the list of active ones."""
    for index in range(100):
        tenants.put_shop(replace(SHOP, shop_id=f"shop-{index}"))
    with counted_calls(moto.client("dynamodb")) as calls:
        assert len(tenants.shops([f"shop-{index}" for index in range(100)])) == 100
        assert len(tenants.active_shops(None, 100)[0]) == 100

    assert calls == {"Query": 2}


def test_no_secret_lies_in_the_table(moto: Aws) -> None:
    """Neither a token nor a password, nor a part of one."""
    table = make_table(moto, "SettingsTable")
    tenants, sealer = DynamoTenants(table, moto.client("dynamodb")), MemorySealer()
    token, password = "tok-8c1fd2a7b3", "Geheim!Wachtwoord"
    tenants.put_shop(
        replace(SHOP, sealed_token=sealer.seal(Secret(token), tenant="account-1", field="token"))
    )
    tenants.put_administration(
        Administration(
            administration_id="admin-1",
            account_id="account-1",
            contractcode="288252",
            username="koppeling",
            sealed_password=sealer.seal(Secret(password), tenant="account-1", field="password"),
        )
    )

    stored = repr(everything_in(moto, table))

    assert "koppeling" in stored  # so this looks at what was written
    assert not any(part in stored for part in (token, password, token[:6], password[:6]))


def test_every_version_says_who_and_when(moto: Aws) -> None:
    """A choice that booked wrongly can be traced to its maker."""
    table = make_table(moto, "SettingsTable")
    tenants = DynamoTenants(table, moto.client("dynamodb"))
    tenants.save_settings("shop-1", ShopSettings(), by="operator", at=NOW)

    (item,) = everything_in(moto, table)

    assert item["by"] == {"S": "operator"}
    assert item["at"] == {"S": "2026-03-02T09:15:01.123456+00:00"}
    assert item["sk"] == {"S": "SETTINGS#000001"}


@pytest.mark.embedded
class TestOnTheNetwork:
    """Lost answers and busy tables, where they happen."""

    @pytest.fixture
    def table(self, embedded: Aws) -> str:
        return make_table(embedded, "SettingsTable")

    def test_a_pause_whose_answer_is_lost_is_a_pause(self, embedded: Aws, table: str) -> None:
        """Else nobody would send the mail."""
        client = retrying_client(embedded, "dynamodb")
        tenants = DynamoTenants(table, client)
        tenants.put_shop(SHOP)
        with lost_replies(client, "UpdateItem") as lost:
            assert tenants.pause_shop("shop-1", "token_refused", token_version=1, at=NOW)

        assert lost == [200]

    def test_a_save_whose_answer_is_lost_is_one_version(self, embedded: Aws, table: str) -> None:
        """Not two, and it is current."""
        client = retrying_client(embedded, "dynamodb")
        tenants = DynamoTenants(table, client)
        tenants.put_shop(replace(SHOP, settings_version=0))
        with lost_replies(client, "PutItem") as lost:
            assert tenants.save_settings("shop-1", ShopSettings(), by="me", at=NOW) == 1

        assert lost == [200]
        shop = tenants.shop("shop-1")
        assert shop is not None
        assert shop.settings_version == 1
        assert tenants.save_settings("shop-1", ShopSettings(), by="me", at=NOW) == 2

    def test_of_two_saves_at_once_the_later_version_is_current(
        self, embedded: Aws, table: str
    ) -> None:
        """Also when the earlier one comes to its end last."""
        slow_client = retrying_client(embedded, "dynamodb")
        slow = DynamoTenants(table, slow_client)
        quick = DynamoTenants(table, embedded.client("dynamodb"))
        slow.put_shop(replace(SHOP, settings_version=0))
        versions: list[int] = []

        def overtake(**_: object) -> None:
            if not versions:
                versions.append(quick.save_settings("shop-1", ShopSettings(), by="me", at=NOW))

        slow_client.meta.events.register("before-call.dynamodb.UpdateItem", overtake)
        versions.append(slow.save_settings("shop-1", ShopSettings(), by="you", at=NOW))

        shop = quick.shop("shop-1")
        assert versions == [2, 1]
        assert shop is not None
        assert shop.settings_version == 2

    def test_a_shop_whose_answer_is_lost_is_stored(self, embedded: Aws, table: str) -> None:
        """Connecting is not refused as if somebody else had the shop."""
        client = retrying_client(embedded, "dynamodb")
        tenants = DynamoTenants(table, client)
        with lost_replies(client, "TransactWriteItems") as lost:
            tenants.put_shop(SHOP)

        assert lost == [200]
        assert tenants.shop("shop-1") == SHOP

    @pytest.mark.parametrize(
        "operation", ["GetItem", "BatchGetItem", "Query", "Scan", "UpdateItem"]
    )
    def test_a_busy_table_is_not_now(self, embedded: Aws, table: str, operation: str) -> None:
        """A shop that cannot be read is never taken for one that is gone."""
        client = embedded.client("dynamodb")
        tenants = DynamoTenants(table, client)
        tenants.put_shop(SHOP)
        steps = {
            "GetItem": lambda: tenants.shop("shop-1"),
            "BatchGetItem": lambda: tenants.shops(["shop-1"]),
            "Query": lambda: tenants.active_shops(None, 10),
            "Scan": tenants.all_shops,
            "UpdateItem": lambda: tenants.resume_shop("shop-1"),
        }
        with (
            refusing(client, operation, 400, "ThrottlingException") as refused,
            pytest.raises(RetryLater),
        ):
            steps[operation]()

        assert refused
