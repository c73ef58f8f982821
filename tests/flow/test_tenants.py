"""Two owners on one system: no message and no secret of one reaches the other's books."""

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest

from boekbrug.bootstrap import services
from boekbrug.errors import NeedsOperator
from boekbrug.journey.connect import ConnectServices, connect_file
from boekbrug.journey.ports.tenants import ConnectedShop
from tests.flow.flow_world import Flow, connect_document, running_flow
from tests.support.embedded import Aws
from tests.support.orders import order_json
from workbench.standins.shop.shop_data import demo_store

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


def another_owner(flow: Flow) -> ConnectedShop:
    """A second account with a shop and an administration of its own."""
    flow.books.add_contract("999999", "user-999999", "ww-Ander-5512")
    shop = flow.shop.add_shop("token-of-another", [], store=demo_store("Andere winkel"))
    here = services()
    document = connect_document([])
    document["administrations"] = [
        {
            "contractcode": "999999",
            "username": "user-999999",
            "password": "ww-Ander-5512",
            "shops": [{"token": "token-of-another", "settings": {"trigger_statuses": [3]}}],
        }
    ]
    connecting = ConnectServices(
        tenants=here.tenants,
        sealer=here.sealer,
        shops=here.shops,
        administrations=here.administrations,
        clock=here.clock,
    )
    connect_file(connecting, document, emails=("another@example.com",))
    connected = here.tenants.shop(shop.id)
    assert connected is not None
    return connected


def test_a_forged_message_never_reaches_another_owners_books(embedded: Aws) -> None:
    """Whatever ids a message mixes, an invoice goes where its shop belongs, or nowhere."""
    with running_flow(embedded, 1) as flow:
        mine, theirs = services().tenants.shop(flow.shops[0].shop_id), another_owner(flow)
        assert mine is not None
        assert mine.account_id != theirs.account_id
        numbers = itertools.count(5001)
        for shop, account, administration in itertools.product((mine, theirs), repeat=3):
            order = order_json(str(next(numbers)))
            flow.shop.add_order(order, shop.shop_id)
            flow.stack.invoke("fetch_orders", {"Records": [page_of(shop)]})
            record = message_of(flow, order)
            forged = json.loads(record["body"]) | {
                "account_id": account.account_id,
                "administration_id": administration.administration_id,
            }
            event = {"Records": [record | {"body": json.dumps(forged)}]}
            answer = flow.stack.invoke("book_orders", event)
            honest = shop == account == administration

            assert answer == {"batchItemFailures": []}
            assert booked(flow, order) == ({home(shop)} if honest else set())


def message_of(flow: Flow, order: dict[str, Any]) -> dict[str, Any]:
    """The queue's message about this order; earlier orders come along and are left out."""
    found = []
    while records := flow.stack.received("ORDERS_QUEUE_URL"):
        found += [one for one in records if json.loads(one["body"])["number"] == order["number"]]
    (record,) = found
    return record


def booked(flow: Flow, order: dict[str, Any]) -> set[str]:
    """The contracts that hold an invoice of this order."""
    return {
        code
        for code in flow.books.contracts
        for entry in flow.books.entries(code)
        if entry.description.endswith(order["number"])
    }


def home(shop: ConnectedShop) -> str:
    administration = services().tenants.administration(shop.administration_id)
    assert administration is not None
    return administration.contractcode


def page_of(shop: ConnectedShop) -> dict[str, str]:
    return {"messageId": "page", "body": json.dumps({"shops": [shop.shop_id]})}


def test_a_sealed_secret_opens_for_its_own_tenant_only(embedded: Aws) -> None:
    """A token copied to another owner's row, or to another shop of the same owner, stays closed."""
    with running_flow(embedded, 1) as flow:
        here, theirs = services(), another_owner(flow)
        mine, sister = (here.tenants.shop(shop.shop_id) for shop in flow.shops[:2])
        assert mine is not None
        assert sister is not None
        for other in (theirs, sister):
            stolen = replace(other, sealed_token=mine.sealed_token)
            with pytest.raises(NeedsOperator) as refused:
                here.sealer.open(
                    stolen.sealed_token,
                    tenant=stolen.account_id,
                    field=f"shop:{stolen.shop_id}:token",
                )
            assert refused.value.code == "seal_broken"
            assert flow.shops[0].token not in str(refused.value)
