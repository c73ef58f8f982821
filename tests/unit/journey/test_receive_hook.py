"""A signed call fetches a shop or an order once; an unsigned one costs nothing."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.errors import RetryLater
from boekbrug.hooks.keys import MemoryHookKeys
from boekbrug.hooks.once import MemoryOnce
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.receive_hook import (
    FRESH,
    Hook,
    HookCall,
    HookNotSigned,
    HookNotUnderstood,
    HookRepeated,
    HookServices,
    HookShopStopped,
    Triggered,
    new_hook,
    signature,
    trigger,
)
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json


class Outside:
    """Somebody who knows the secret of the shop's hook."""

    def __init__(self, queue: ShopsQueue | None = None) -> None:
        self.world = World()
        self.shop = self.world.shop()
        self.keys = MemoryHookKeys()
        self.services = HookServices(
            tenants=self.world.tenants,
            keys=self.keys,
            once=MemoryOnce(),
            shops_queue=queue or self.world.shops_queue,
            clock=self.world.clock,
        )
        self.hook = self.renew()

    def renew(self) -> Hook:
        return new_hook(self.world.tenants, self.keys, self.connected)

    @property
    def connected(self) -> ConnectedShop:
        found = self.world.tenants.shop(STORE_ID)
        assert found is not None
        return found

    def call(self, body: bytes = b"", hook: Hook | None = None) -> HookCall:
        """A call that is signed as it should be."""
        shop_id, version = (hook or self.hook).path.split("/")
        now = str(int(self.world.clock.now().timestamp()))
        return HookCall(
            shop_id=shop_id,
            version=version,
            timestamp=now,
            signature=signature((hook or self.hook).secret, now, body),
            body=body,
        )


def test_a_signed_call_has_the_shop_fetched() -> None:
    """Without an order: everything that is new."""
    here = Outside()

    assert trigger(here.services, here.call()) == Triggered(STORE_ID)
    assert [one.page.shop_ids for one in here.world.shops_queue.take()] == [[STORE_ID]]


def test_a_signed_call_has_one_order_fetched_and_booked() -> None:
    """The others wait for the hour."""
    here = Outside()
    here.shop.add(order_json("1042"), order_json("1043"))
    trigger(here.services, here.call(b'{"order": 1042}'))
    here.world.fetch()
    here.world.book()

    assert here.world.states() == {"1042": "booked"}


def test_an_order_that_could_not_be_read_is_asked_for_again() -> None:
    """It goes back to the queue with its number."""
    here = Outside()
    here.shop.add(order_json("1042"))
    here.shop.failing = RetryLater("no answer", code="shop_unreachable")
    trigger(here.services, here.call(b'{"order": "1042"}'))
    here.world.fetch()

    (again,) = here.world.shops_queue.take()
    assert (again.page.numbers, again.page.attempt) == (("1042",), 1)


@pytest.mark.parametrize(
    "change",
    [
        {"signature": ""},
        {"signature": "sha256=" + "0" * 64},
        {"signature": "sha256=é"},
        {"body": b'{"order": "1043"}'},
        {"shop_id": "another-shop"},
        {"shop_id": "../x"},
        {"version": "2"},
        {"version": "one"},
        {"timestamp": ""},
        {"timestamp": "1e9"},
        {"body": b"x" * 5000},
    ],
    ids=str,
)
def test_what_is_not_signed_is_refused_alike_and_without_a_read(change: dict[str, object]) -> None:
    """Nobody learns whether shop, version, time or secret was wrong; no shop is looked at."""
    here = Outside()
    looked: list[str] = []
    real = here.world.tenants.shop
    here.world.tenants.shop = lambda shop_id: looked.append(shop_id) or real(shop_id)  # type: ignore[method-assign,func-returns-value]  # counted

    with pytest.raises(HookNotSigned) as refused:
        trigger(here.services, replace(here.call(), **change))  # type: ignore[arg-type]  # as given

    assert refused.value.detail == ""
    assert looked == []
    assert len(here.world.shops_queue) == 0


@pytest.mark.parametrize("moved", [FRESH + timedelta(seconds=1), -FRESH - timedelta(seconds=1)])
def test_a_call_of_another_time_is_refused(moved: timedelta) -> None:
    """Five minutes to either side."""
    here = Outside()
    call = here.call()
    here.world.clock.at += moved

    with pytest.raises(HookNotSigned):
        trigger(here.services, call)


def test_a_call_works_once() -> None:
    """Whoever overhears it cannot send it again."""
    here = Outside()
    call = here.call()
    trigger(here.services, call)

    with pytest.raises(HookRepeated):
        trigger(here.services, call)
    assert len(here.world.shops_queue) == 1


def test_a_call_that_failed_may_come_again() -> None:
    """The queue was away: the same call is good a minute later."""

    class Away:
        def send(self, *_: object, **__: object) -> None:
            raise RetryLater("away", code="storage_unreachable")

    here = Outside(Away())
    call = here.call()
    with pytest.raises(RetryLater):
        trigger(here.services, call)

    back = replace(here.services, shops_queue=here.world.shops_queue)
    assert trigger(back, call) == Triggered(STORE_ID)


def test_a_new_secret_ends_the_old_one() -> None:
    """Both are strings that nobody guesses, and of this shop alone."""
    here = Outside()
    old = here.hook
    here.hook = here.renew()

    assert old.secret != here.hook.secret
    with pytest.raises(HookNotSigned):
        trigger(here.services, here.call(hook=old))
    assert trigger(here.services, here.call()) == Triggered(STORE_ID)


def test_before_any_hook_was_made_nothing_is_signed() -> None:
    """There is no master secret, so there is nothing to compare with."""
    here = Outside()
    nothing = replace(here.services, keys=MemoryHookKeys())

    with pytest.raises(HookNotSigned):
        trigger(nothing, here.call())


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"orders": ["1042"]}', b'{"order": ""}', b'{"order": "10 42"}', b"\xff"],
)
def test_a_signed_call_that_asks_for_nothing_we_know_is_told(body: bytes) -> None:
    """The secret is right, so the sentence may help."""
    here = Outside()

    with pytest.raises(HookNotUnderstood):
        trigger(here.services, here.call(body))


def test_a_stopped_shop_is_not_fetched() -> None:
    """And the caller may know."""
    here = Outside()
    here.world.tenants.pause_shop(STORE_ID, "by_hand", token_version=None, at=here.world.clock.at)

    with pytest.raises(HookShopStopped):
        trigger(here.services, here.call(json.dumps({"order": "1042"}).encode()))
