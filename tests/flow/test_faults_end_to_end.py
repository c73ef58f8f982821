"""The doors on the embedded AWS, between stand-ins at which everything goes wrong."""

from random import Random
from typing import Any

import pytest

from boekbrug.bootstrap import services
from tests.flow.flow_world import Flow, check_promise, made_order, running_flow
from tests.support.embedded import Aws

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

COMMITTED = (
    *("commit_then_drop", "commit_then_cut", "commit_then_500", "commit_then_502"),
    *("commit_then_503", "commit_then_html_200", "commit_then_empty", "commit_then_truncated"),
    "commit_then_status_3",
)
NOT_COMMITTED = ("429", "503", "502", "drop", "status_3", "html_200")


def strike_posts(flow: Flow, seed: int, share: float) -> dict[str, str]:
    """A fault for some of the orders, each once; returns which order is struck by what."""
    chance = Random(seed)
    struck: dict[str, str] = {}
    for shop in flow.shops:
        for order in shop.for_sale:
            if chance.random() < share:
                kind = chance.choice(COMMITTED + NOT_COMMITTED)
                reference = f"{shop.prefix}{order['number']}"
                flow.books.faults.add(
                    kind, call="invoice_add", reference=reference, scope=shop.contract, times=1
                )
                struck[f"{shop.contract} {reference}"] = kind
    return struck


@pytest.mark.parametrize("seed", [11, 12])
def test_hundreds_of_orders_are_booked_once_while_posts_fail(embedded: Aws, seed: int) -> None:
    """Nothing twice, each total to the cent, one post at a time, every order explained."""
    with running_flow(embedded, 50, seed=seed) as flow:
        struck = strike_posts(flow, seed, 0.35)
        for _ in range(2):
            flow.hour()
        states = check_promise(flow, unclear_allowed=True)

        assert states["booked"] > 80
        assert states["unclear"] == sum(kind != "429" for kind in struck.values())

        flow.looked_up()
        states = check_promise(flow, unclear_allowed=False)
        assert states["booked"] == sum(len(shop.for_sale) for shop in flow.shops)
        assert set(flow.books.most_posts_in_flight.values()) == {1}
        assert flow.crashes == []


def test_a_post_that_is_committed_after_we_gave_up_is_not_repeated(embedded: Aws) -> None:
    """Acumulus answers too late and books all the same: unclear, and never posted again."""
    with running_flow(embedded, 6, BOOKS_TIMEOUT_SECONDS="1") as flow:
        late = [shop.for_sale[0] for shop in flow.shops]
        for shop, order in zip(flow.shops, late, strict=True):
            flow.books.faults.add(
                "delay_then_commit",
                call="invoice_add",
                reference=f"{shop.prefix}{order['number']}",
                scope=shop.contract,
                seconds=1.5,
            )
        for _ in range(3):
            flow.hour()
        check_promise(flow, unclear_allowed=True)

        for shop, order in zip(flow.shops, late, strict=True):
            assert flow.rows(shop)[order["number"]].state == "unclear"
            flow.committed(shop.contract, shop.reference(order))
        flow.looked_up()
        check_promise(flow, unclear_allowed=False)
        for shop, order in zip(flow.shops, late, strict=True):
            assert flow.posts(shop.contract)[shop.reference(order)] == 1


def test_pages_that_break_and_orders_that_move_lose_nothing(embedded: Aws) -> None:
    """HTML, half a page, a broken connection, 429; orders appear, vanish and change meanwhile."""
    with running_flow(embedded, 120, seed=3) as flow:
        first, second, third = flow.shops
        gone, edited = first.for_sale[2], first.for_sale[4]
        late = made_order(Random(1), 0, 2001)
        changes: list[dict[str, Any]] = [
            {"do": "delete_order", "number": gone["number"]},
            {"do": "edit_order", "number": edited["number"], "changes": {"status": 1}},
            {"do": "add_order", "order": late},
        ]
        for change in changes:
            fault = {"change": change | {"shop": first.shop_id}, "scope": first.shop_id}
            flow.shop.faults.add("change", call="orders", nth=[1], **fault)
        for kind in ("html_200", "truncated_json", "cut", "503", "429"):
            flow.shop.faults.add(
                kind, call="orders", scope=second.shop_id, times=1, retry_after="0"
            )
        flow.shop.faults.add("html_200", call="statuses", times=1)
        flow.shop.faults.add("slow", call="orders", scope=third.shop_id, times=1, seconds=0.5)
        for _ in range(4):
            flow.hour()

        assert all(fault["fired"] for fault in flow.shop.faults.as_list())
        first.orders.remove(gone)
        first.orders.append(late)
        check_promise(flow, unclear_allowed=False)


def test_a_token_that_is_switched_off_in_mid_run_costs_nothing(embedded: Aws) -> None:
    """The shop pauses with one mail; after the fix everything is caught up."""
    with running_flow(embedded, 130, seed=4) as flow:
        first = flow.shops[0]
        off = {"do": "set_token", "state": "inactive", "shop": first.shop_id}
        flow.shop.faults.add(
            "change", call="orders", scope=first.shop_id, nth=[1], change=off, times=1
        )
        flow.hour()
        stopped = services().tenants.shop(first.shop_id)
        assert stopped is not None
        assert stopped.paused == "token_refused"

        flow.shop.set_token("active", first.shop_id)
        services().tenants.resume_shop(first.shop_id)
        flow.hour()
        check_promise(flow, unclear_allowed=False)
