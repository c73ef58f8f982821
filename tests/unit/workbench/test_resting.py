"""A run works for the shops that fit it; those of earlier runs rest, and go on later."""

from dataclasses import replace
from pathlib import Path

import pytest

from boekbrug.journey.ports.tenants import PAUSED_BY_HAND
from boekbrug.journey.upkeep import pause
from tests.support.connecting import TOKEN, World, a_shop, contract
from tests.support.fake_shop import unreachable
from workbench.resting import let_others_rest, wake

OTHER, SECOND = "shop-2", "tweede-token-0123456"


@pytest.fixture
def world() -> World:
    """Two shops that an earlier run connected; this run was asked for the first."""
    world = World()
    world.add_shop(SECOND, OTHER, "Winkel Noot")
    world.connect(contract(a_shop(), a_shop(SECOND)))
    return world


def a_run(world: World, folder: Path) -> list[str]:
    """Connect the first shop, as a run does; returns the shops that rest."""
    remembered = folder / "resting.json"
    wake(world.services, remembered)
    connected = world.connect()
    return [one.shop_id for one in let_others_rest(world.services, connected, remembered)]


def paused(world: World) -> dict[str, str]:
    return {shop.shop_id: shop.paused for shop in world.tenants.all_shops()}


def test_a_shop_that_still_answers_takes_part(world: World, tmp_path: Path) -> None:
    """Naming one shop is no reason to leave out the others of the same state."""
    assert a_run(world, tmp_path) == []
    assert paused(world) == {"shop-1": "", OTHER: ""}


@pytest.mark.parametrize("why", ["refused", "another shop", "no contract", "silent"])
def test_a_shop_that_does_not_fit_rests_and_nobody_is_mailed(
    world: World, tmp_path: Path, why: str
) -> None:
    """Its server is gone, its token opens another shop, or its contract is not there."""
    shop = world.shops.by_token[SECOND]
    if why == "refused":
        del world.shops.by_token[SECOND]
    elif why == "another shop":
        world.shops.by_token[SECOND] = world.shops.by_token[TOKEN]
    elif why == "silent":
        shop.failing = unreachable()
    else:
        moved = world.tenants.shop(OTHER)
        assert moved is not None
        world.tenants.put_shop(replace(moved, administration_id="gone"))

    assert a_run(world, tmp_path) == [OTHER]
    assert paused(world) == {"shop-1": "", OTHER: PAUSED_BY_HAND}
    assert world.notices.sent == []


def test_a_shop_that_fits_again_goes_on(world: World, tmp_path: Path) -> None:
    """However many runs went by without it."""
    shop = world.shops.by_token.pop(SECOND)
    assert a_run(world, tmp_path) == [OTHER]
    assert a_run(world, tmp_path) == [OTHER]

    world.shops.by_token[SECOND] = shop
    assert a_run(world, tmp_path) == []
    assert paused(world) == {"shop-1": "", OTHER: ""}


def test_a_shop_that_a_person_paused_stays_paused(world: World, tmp_path: Path) -> None:
    """Its owner's choice is not ours to end."""
    pause(world.services, OTHER)

    assert a_run(world, tmp_path) == []
    assert a_run(world, tmp_path) == []
    assert paused(world)[OTHER] == PAUSED_BY_HAND
