"""The real client over sockets: faults, refusals, shapes and many shops at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import pytest

from boekbrug.domain.order import Order
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.ports.shops import FetchedOrder, Shop, Sweep
from boekbrug.journey.ports.tenants import Secret
from boekbrug.journey.sweeps import sweep_orders
from boekbrug.mijnwebwinkel.client import MijnwebwinkelShops, Patience
from tests.support.orders import order_json
from workbench.standins.shop.shop_data import demo_store
from workbench.standins.shop.standin import PARTNER_TOKEN, SHOP_TOKEN, ShopStandIn
from workbench.standins.shop.switches import Refusal

SAMPLE_SHOP = Path(__file__).parents[2] / "workbench" / "sample_orders"
PASSING = ["429", "500", "502", "503", "html_200", "drop", "cut", "truncated_json", "empty"]


@pytest.fixture
def standin() -> Iterator[ShopStandIn]:
    """The sample shop behind HTTP; a write to it fails the test."""
    with ShopStandIn() as standin:
        standin.load(SAMPLE_SHOP)
        yield standin
        assert standin.violations == []


@pytest.fixture
def shops(standin: ShopStandIn) -> Iterator[MijnwebwinkelShops]:
    patience = Patience(sleep=lambda _seconds: None)
    shops = MijnwebwinkelShops(standin.url, Secret(PARTNER_TOKEN), patience=patience)
    yield shops
    shops.close()


@pytest.fixture
def shop(shops: MijnwebwinkelShops) -> Shop:
    return shops.open(Secret(SHOP_TOKEN))


def read(shop: Shop) -> list[Order]:
    return [got.order for got in sweep_orders(shop, Sweep()) if isinstance(got, FetchedOrder)]


def test_the_sample_shop_is_read_whole(shop: Shop) -> None:
    """All orders but the two test orders, each readable."""
    assert len(read(shop)) == 26


@pytest.mark.parametrize("fault", PASSING)
def test_one_fault_goes_unnoticed(standin: ShopStandIn, shop: Shop, fault: str) -> None:
    """A page that fails once is read at the second try."""
    standin.faults.add(fault, call="orders", times=1)

    assert len(read(shop)) == 26
    assert standin.statistics()["calls"]["orders"] == 2


@pytest.mark.parametrize("fault", [*PASSING, "object", "404"])
def test_a_lasting_fault_is_for_later(standin: ShopStandIn, shop: Shop, fault: str) -> None:
    """Never an empty shop, never a refusal."""
    standin.faults.add(fault, call="orders")

    with pytest.raises(RetryLater):
        read(shop)


def test_a_slow_shop_is_given_up(standin: ShopStandIn) -> None:
    """The read timeout is the caller's choice."""
    standin.faults.add("slow", call="store", seconds=5)
    patience = Patience(waits=())
    shops = MijnwebwinkelShops(
        standin.url, Secret(PARTNER_TOKEN), patience=patience, read_seconds=0.05
    )

    with pytest.raises(RetryLater, match="ReadTimeout"):
        shops.open(Secret(SHOP_TOKEN)).store()
    shops.close()


@pytest.mark.parametrize("form", get_args(Refusal))
def test_every_form_of_refusal_stops_the_shop(standin: ShopStandIn, shop: Shop, form: str) -> None:
    """However the vendor turns out to refuse an inactive token, in set-up and in mid-run."""
    shop.orders_page(Sweep())
    standin.switches.refuse_inactive = form  # type: ignore[assignment]  # one of the literals
    standin.set_token("inactive")

    for call in (shop.store, shop.order_statuses, lambda: shop.orders_page(Sweep())):
        with pytest.raises(StopShop):
            call()


def test_a_refused_partner_token_is_told_as_well(standin: ShopStandIn) -> None:
    """The application's own token is asked for with every call."""
    shops = MijnwebwinkelShops(standin.url, Secret("not the partner"))

    with pytest.raises(StopShop):
        shops.open(Secret(SHOP_TOKEN)).store()
    shops.close()


def test_spec_shapes_give_the_same_orders(standin: ShopStandIn, shop: Shop) -> None:
    """Numbers for text and lists for objects change nothing that is read."""
    live = read(shop)
    standin.switches.shapes = "spec"

    assert read(shop) == live


@pytest.mark.parametrize(
    "switch",
    [
        {"start_date": "exclusive"},
        {"booleans": "php_cast"},
        {"order_by": "text"},
        {"format_left_out": "xml"},
        {"status_changed_on_new": "empty"},
    ],
    ids=str,
)
def test_open_points_of_the_api_change_nothing(
    standin: ShopStandIn, shop: Shop, switch: dict[str, Any]
) -> None:
    """Whatever the vendor does where it says nothing, a sweep finds the same orders."""
    first = min(order.date for order in read(shop))
    before = {order.uuid for order in read(shop)}
    for name, value in switch.items():
        setattr(standin.switches, name, value)

    found = sweep_orders(shop, Sweep(start_date=first))

    assert {got.order.uuid for got in found if isinstance(got, FetchedOrder)} == before


def test_shops_in_flight_never_see_each_other(
    standin: ShopStandIn, shops: MijnwebwinkelShops
) -> None:
    """Eight threads, four shops, one pool of connections: every answer is of the shop asked."""
    tokens = [f"token-{n}" for n in range(4)]
    for token in tokens:
        standin.add_shop(token, [order_json("1001", uuid=token)], store=demo_store(token, id=token))

    def ask(token: str) -> tuple[str, str, str]:
        opened = shops.open(Secret(token))
        (order,) = read(opened)
        return token, opened.store().id, order.uuid

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, tokens * 10))

    assert all(token == store == uuid for token, store, uuid in answers)
