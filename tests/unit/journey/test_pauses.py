"""Refused credentials: one pause, one mail, and a mail that failed is still sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from boekbrug.journey.pauses import (
    NOTICE_GRACE,
    send_owed_notices,
    stop_administration,
    stop_shop,
)
from boekbrug.journey.ports.mails import NOTICE_PAUSED, NOTICE_RESOLVED
from boekbrug.journey.ports.tenants import Account
from tests.support.connecting import World

TOKEN_MAIL = "Actie nodig: de token van Winkel Aap werkt niet meer"
CONTRACT_MAIL = "Actie nodig: Acumulus weigert de toegang tot Voorbeeld BV"
GRACE = NOTICE_GRACE.total_seconds()


@pytest.fixture
def world() -> World:
    world = World()
    world.connect()
    return world


def test_a_refused_token_stops_the_shop_with_one_mail(world: World) -> None:
    """The shop leaves the active ones at once, and its owner hears why."""
    stop_shop(world.pausing, world.shop, "token_refused")

    assert world.shop.paused == "token_refused"
    assert world.shop.paused_at == world.clock.now()
    assert world.tenants.active_shops(None, 10) == ([], None)
    assert world.subjects == [TOKEN_MAIL]


def test_a_refused_contract_stops_the_administration_with_one_mail(world: World) -> None:
    """The mail names the shops that wait for it."""
    stop_administration(world.pausing, world.administration, "credentials_refused")

    assert world.administration.paused == "credentials_refused"
    assert world.subjects == [CONTRACT_MAIL]
    assert "Winkels die wachten: Winkel Aap" in world.notices.sent[0].text


def test_a_role_that_is_too_low_is_another_mail(world: World) -> None:
    """It asks something else of the owner than a wrong password."""
    stop_administration(world.pausing, world.administration, "role_refused")

    assert world.subjects == [
        "Actie nodig: de gebruiker van Boekbrug mag te weinig in Voorbeeld BV"
    ]


def test_many_workers_that_are_refused_send_one_mail(world: World) -> None:
    """Only the worker whose pause was written tells the owner."""
    shop, administration = world.shop, world.administration
    with ThreadPoolExecutor(max_workers=8) as pool:
        runs = [pool.submit(stop_shop, world.pausing, shop, "token_refused") for _ in range(40)]
        runs += [
            pool.submit(stop_administration, world.pausing, administration, "credentials_refused")
            for _ in range(40)
        ]
        for run in runs:
            run.result()

    assert sorted(world.subjects) == [CONTRACT_MAIL, TOKEN_MAIL]


def test_a_mail_that_fails_does_not_fail_the_stop(world: World) -> None:
    """The shop is stopped all the same, and its row remembers the mail it owes."""
    world.notices.unreachable = True

    stop_shop(world.pausing, world.shop, "token_refused")

    assert world.shop.paused == "token_refused"
    assert world.shop.notice_owed == NOTICE_PAUSED


def test_an_owed_mail_is_sent_later_and_once(world: World) -> None:
    """By the nightly run, for shops and administrations alike."""
    world.notices.unreachable = True
    stop_shop(world.pausing, world.shop, "token_refused")
    stop_administration(world.pausing, world.administration, "credentials_refused")
    world.notices.unreachable = False
    world.clock.forward(seconds=GRACE + 1)

    assert send_owed_notices(world.pausing) == 2
    assert send_owed_notices(world.pausing) == 0
    assert sorted(world.subjects) == [CONTRACT_MAIL, TOKEN_MAIL]


def test_an_owed_mail_is_sent_by_the_next_refusal(world: World) -> None:
    """A worker that comes upon the same stop later makes up for the mail."""
    shop, administration = world.shop, world.administration
    world.notices.unreachable = True
    stop_shop(world.pausing, shop, "token_refused")
    stop_administration(world.pausing, administration, "credentials_refused")
    world.notices.unreachable = False
    world.clock.forward(seconds=GRACE + 1)

    stop_shop(world.pausing, shop, "token_refused")
    stop_administration(world.pausing, administration, "credentials_refused")

    assert world.subjects == [TOKEN_MAIL, CONTRACT_MAIL]


def test_a_mail_that_may_be_on_its_way_is_not_sent_again(world: World) -> None:
    """Within the grace the worker that won may still be sending it."""
    world.notices.unreachable = True
    stop_shop(world.pausing, world.shop, "token_refused")
    world.notices.unreachable = False
    world.clock.forward(seconds=GRACE)

    assert send_owed_notices(world.pausing) == 0
    assert world.subjects == []


def test_an_owed_end_is_sent_too(world: World) -> None:
    """The mail "Opgelost" is never lost either."""
    world.tenants.put_shop(replace(world.shop, notice_owed=NOTICE_RESOLVED))

    assert send_owed_notices(world.pausing) == 1
    assert world.subjects == ["Opgelost: Winkel Aap is weer verbonden"]


def test_an_account_without_addresses_owes_nothing(world: World) -> None:
    """Nobody to tell: nothing stays owed for ever."""
    world.tenants.put_account(Account(account_id=world.shop.account_id, emails=()))

    stop_shop(world.pausing, world.shop, "token_refused")

    assert world.shop.notice_owed == ""
    assert world.subjects == []


def test_a_shop_that_was_removed_meanwhile_is_left_alone(world: World) -> None:
    """A refusal that comes too late mails nobody."""
    shop = world.shop
    world.tenants.remove_shop("shop-1")

    stop_shop(world.pausing, shop, "token_refused")

    assert world.subjects == []
