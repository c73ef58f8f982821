"""One suite for every settings store: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import NeedsOperator, NeedsOwner
from boekbrug.journey.ports.mails import NOTICE_PAUSED, NOTICE_RESOLVED
from boekbrug.journey.ports.tenants import (
    PAUSED_BY_HAND,
    READER,
    Account,
    Administration,
    ConnectedShop,
    ForBooking,
    Rest,
    SettingsVersion,
    Switches,
    Tenants,
    User,
)
from boekbrug.settings.dynamodb import DynamoTenants
from boekbrug.settings.memory import MemoryTenants
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW
from tests.support.stores import make_table

LATER = NOW + timedelta(hours=1)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def tenants(request: pytest.FixtureRequest) -> Iterator[Tenants]:
    if request.param == "memory":
        yield MemoryTenants()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoTenants(make_table(aws, "SettingsTable"), aws.client("dynamodb"))


def a_shop(shop_id: str = "shop-1", account_id: str = "account-1") -> ConnectedShop:
    return ConnectedShop(
        shop_id=shop_id,
        account_id=account_id,
        administration_id="admin-1",
        sealed_token="b1.sealed.token",
        token_version=3,
        settings_version=2,
        store=Store(shop_id, "Winkel", "winkel.example", "NL", "EUR", prices_include_tax=True),
    )


def an_administration(account_id: str = "account-1") -> Administration:
    return Administration(
        administration_id="admin-1",
        account_id=account_id,
        contractcode="288252",
        username="koppeling",
        sealed_password="b1.sealed.password",
        credentials_version=4,
        company_name="Voorbeeld B.V.",
    )


def active_ids(tenants: Tenants, limit: int = 100) -> list[str]:
    """All pages of active shops, one after the other."""
    found: list[str] = []
    after: str | None = None
    while True:
        page, after = tenants.active_shops(after, limit)
        assert len(page) <= limit
        found += [shop.shop_id for shop in page]
        if after is None:
            return found


# --------------------------------------------------------------------------- what is stored


def test_an_account_comes_back(tenants: Tenants) -> None:
    """The owners' addresses, in their order; a second put replaces the first."""
    tenants.put_account(Account(account_id="account-1", emails=("old@example.com",)))
    account = Account(
        account_id="account-1",
        emails=("a@example.com", "b@example.com"),
        language="en",
        notify="weekly",
    )
    tenants.put_account(account)

    assert tenants.account("account-1") == account
    assert tenants.all_accounts() == [account]
    assert tenants.account("account-2") is None


def test_an_account_without_addresses_is_an_account(tenants: Tenants) -> None:
    """Nobody to mail is a choice."""
    tenants.put_account(Account(account_id="account-1", emails=()))

    assert tenants.account("account-1") == Account(account_id="account-1", emails=())


def test_an_address_finds_its_accounts(tenants: Tenants) -> None:
    """In whatever case it is typed: whoever is mailed, or the users once some are named."""
    tenants.put_account(Account(account_id="account-1", emails=("Eigenaar@example.com",)))
    users = (User("eigenaar@example.com"), User("boekhouder@example.com", READER))
    two = Account(account_id="account-2", emails=("post@example.com",), users=users)
    tenants.put_account(two)

    assert tenants.account("account-2") == two
    found = tenants.accounts_of("EIGENAAR@example.com")
    assert [account.account_id for account in found] == ["account-1", "account-2"]
    assert tenants.accounts_of("boekhouder@example.com") == [two]
    assert tenants.accounts_of("post@example.com") == []
    assert tenants.accounts_of("niemand@example.com") == []


def test_an_address_that_left_finds_nothing(tenants: Tenants) -> None:
    """Once it is no user any more; the others stay, also when only their case was changed."""
    both = (User("a@example.com"), User("b@example.com"))
    account = Account(account_id="account-1", emails=(), users=both)
    tenants.put_account(account)
    tenants.put_account(replace(account, users=(User("A@example.com"),)))

    assert tenants.accounts_of("b@example.com") == []
    assert [one.account_id for one in tenants.accounts_of("a@example.com")] == ["account-1"]


def test_an_administration_comes_back(tenants: Tenants) -> None:
    """Every field, also those of a pause."""
    plain = an_administration()
    paused = replace(
        plain,
        administration_id="admin-2",
        company_name="",
        paused="contract_refused",
        paused_at=NOW,
        notice_owed=NOTICE_PAUSED,
        entries_left=38,
        imports=2,
    )
    tenants.put_administration(plain)
    tenants.put_administration(paused)

    assert tenants.administration("admin-1") == plain
    assert tenants.administration("admin-2") == paused
    assert tenants.administration("admin-3") is None
    assert sorted(one.administration_id for one in tenants.all_administrations()) == [
        "admin-1",
        "admin-2",
    ]


def test_what_is_left_of_a_trial_is_counted(tenants: Tenants) -> None:
    """Acumulus says how many, each booking takes one, and a paid contract counts no more."""
    plain = an_administration()
    tenants.put_administration(plain)

    tenants.count_imports("admin-1", 3)
    assert tenants.administration("admin-1") == plain
    tenants.note_entries_left("admin-1", 12)
    tenants.count_imports("admin-1", 3)
    tenants.count_imports("admin-1", 10)
    assert tenants.administration("admin-1") == replace(plain, entries_left=-1, imports=13)
    tenants.note_entries_left("admin-1", None)
    assert tenants.administration("admin-1") == replace(plain, imports=13)
    tenants.note_entries_left("admin-2", 5)
    assert tenants.administration("admin-2") is None


def test_a_shop_comes_back(tenants: Tenants) -> None:
    """Every field, also those of a pause and of a store that tells little."""
    plain = a_shop()
    paused = replace(
        a_shop("shop-2"),
        store=Store("shop-2"),
        paused="token_refused",
        paused_at=NOW,
        notice_owed=NOTICE_PAUSED,
    )
    tenants.put_shop(plain)
    tenants.put_shop(paused)

    assert tenants.shop("shop-1") == plain
    assert tenants.shop("shop-2") == paused
    assert tenants.shop("shop-3") is None


def test_many_shops_in_one_read(tenants: Tenants) -> None:
    """Unknown ones are left out, doubles are no problem, paused ones are there."""
    for index in range(12):
        tenants.put_shop(a_shop(f"shop-{index}"))
    tenants.pause_shop("shop-3", "token_refused", token_version=None, at=NOW)
    ids = [f"shop-{index}" for index in range(150)] + ["shop-1"]

    found = tenants.shops(ids)

    assert sorted(found) == sorted(f"shop-{index}" for index in range(12))
    assert found["shop-3"].paused
    assert tenants.shops([]) == {}


def test_the_shops_of_an_account(tenants: Tenants) -> None:
    """An owner sees all of the own shops and none of another's."""
    for shop in (a_shop("shop-2"), a_shop("shop-1"), a_shop("shop-9", "account-2")):
        tenants.put_shop(shop)
    tenants.pause_shop("shop-2", PAUSED_BY_HAND, token_version=None, at=NOW)

    assert [shop.shop_id for shop in tenants.account_shops("account-1")] == ["shop-1", "shop-2"]
    assert tenants.account_shops("account-3") == []
    assert sorted(shop.shop_id for shop in tenants.all_shops()) == ["shop-1", "shop-2", "shop-9"]


def test_a_shop_has_one_account(tenants: Tenants) -> None:
    """A second account cannot connect the shop: its orders would be booked twice."""
    tenants.put_shop(a_shop())

    with pytest.raises(NeedsOwner) as refused:
        tenants.put_shop(a_shop(account_id="account-2"))

    assert refused.value.code == "connected_elsewhere"
    assert tenants.shop("shop-1") == a_shop()
    assert tenants.account_shops("account-2") == []


def test_an_administration_has_one_account(tenants: Tenants) -> None:
    """A second account cannot take it over."""
    tenants.put_administration(an_administration())

    with pytest.raises(NeedsOwner):
        tenants.put_administration(an_administration("account-2"))

    assert tenants.administration("admin-1") == an_administration()


def test_a_removed_shop_is_gone(tenants: Tenants) -> None:
    """From every list; its settings stay, since bookings name them; it may come back."""
    tenants.put_shop(a_shop())
    version = tenants.save_settings("shop-1", ShopSettings(), by="owner", at=NOW)

    tenants.remove_shop("shop-1")
    tenants.remove_shop("shop-2")

    assert tenants.shop("shop-1") is None
    assert tenants.account_shops("account-1") == tenants.all_shops() == active_ids(tenants) == []
    assert tenants.settings("shop-1", version) == ShopSettings()
    tenants.put_shop(a_shop(account_id="account-2"))
    assert active_ids(tenants) == ["shop-1"]


def test_the_administrations_of_an_account(tenants: Tenants) -> None:
    """By name, with or without shops, and nobody else's."""
    first = replace(an_administration(), company_name="Aap BV")
    second = replace(an_administration(), administration_id="admin-0", company_name="noot BV")
    other = replace(an_administration("account-2"), administration_id="admin-2")
    for one in (second, first, other):
        tenants.put_administration(one)

    assert tenants.account_administrations("account-1") == [first, second]
    assert tenants.account_administrations("account-3") == []


# --------------------------------------------------------------------------- settings


def test_settings_come_back_exactly(tenants: Tenants) -> None:
    """Dates, decimals and tables of choices included."""
    choices = ShopSettings(
        trigger_statuses=(3, 5),
        start_date=date(2026, 1, 1),
        eu_threshold_percentage=Decimal("92.50"),
        exchange_rates={"SEK": Decimal("0.0871")},
        accounts_by_payment={"mollie/ideal": 12},
        order_prefix="WA",
    )

    version = tenants.save_settings("shop-1", choices, by="owner", at=NOW)

    assert tenants.settings("shop-1", version) == choices


def test_each_save_is_a_new_version(tenants: Tenants) -> None:
    """Nothing is overwritten, and the shop's current version is the last one."""
    first = tenants.save_settings("shop-1", ShopSettings(order_prefix="A"), by="owner", at=NOW)
    tenants.put_shop(replace(a_shop(), settings_version=first))
    second = tenants.save_settings("shop-1", ShopSettings(order_prefix="B"), by="owner", at=LATER)

    assert (first, second) == (1, 2)
    assert tenants.settings("shop-1", 1).order_prefix == "A"
    assert tenants.settings("shop-1", 2).order_prefix == "B"
    shop = tenants.shop("shop-1")
    assert shop == replace(a_shop(), settings_version=2)


def test_the_last_versions_are_told_with_who_and_when(tenants: Tenants) -> None:
    """The newest first, as many as are asked for; of a shop without settings none."""
    for prefix, who, when in (("A", "an@example.nl", NOW), ("B", "ben@example.nl", LATER)):
        tenants.save_settings("shop-1", ShopSettings(order_prefix=prefix), by=who, at=when)

    second, first = tenants.settings_versions("shop-1", 10)

    assert second == SettingsVersion(
        version=2, settings=ShopSettings(order_prefix="B"), by="ben@example.nl", at=LATER
    )
    assert (first.version, first.settings.order_prefix, first.at) == (1, "A", NOW)
    assert tenants.settings_versions("shop-1", 1) == [second]
    assert tenants.settings_versions("shop-2", 10) == []


def test_settings_are_of_one_shop(tenants: Tenants) -> None:
    """Another shop's version of the same number is another one."""
    tenants.save_settings("shop-1", ShopSettings(order_prefix="A"), by="owner", at=NOW)
    tenants.save_settings("shop-2", ShopSettings(order_prefix="B"), by="owner", at=NOW)

    assert tenants.settings("shop-2", 1).order_prefix == "B"


@pytest.mark.parametrize("version", [-1, 0, 2])
def test_settings_that_were_never_saved_are_refused(tenants: Tenants, version: int) -> None:
    """Defaults are never guessed: they might book wrongly."""
    tenants.save_settings("shop-1", ShopSettings(), by="owner", at=NOW)

    with pytest.raises(NeedsOperator) as refused:
        tenants.settings("shop-1", version)

    assert refused.value.code == "no_settings"


# --------------------------------------------------------------------------- active shops


def test_active_shops_come_page_by_page(tenants: Tenants) -> None:
    """Every active shop once, in one order, whatever the size of a page."""
    ids = sorted(f"shop-{index:02d}" for index in range(25))
    for shop_id in reversed(ids):
        tenants.put_shop(a_shop(shop_id))

    assert [active_ids(tenants, limit) for limit in (1, 7, 25, 100)] == [ids] * 4


def test_a_paused_shop_is_not_active(tenants: Tenants) -> None:
    """Nor is one that was put while paused; a resumed one is."""
    for shop_id in ("shop-1", "shop-2", "shop-3"):
        tenants.put_shop(a_shop(shop_id))
    tenants.pause_shop("shop-2", "token_refused", token_version=3, at=NOW)
    tenants.put_shop(replace(a_shop("shop-3"), paused=PAUSED_BY_HAND, paused_at=NOW))
    assert active_ids(tenants) == ["shop-1"]

    tenants.resume_shop("shop-2")

    assert active_ids(tenants) == ["shop-1", "shop-2"]


def test_an_active_shop_is_whole(tenants: Tenants) -> None:
    """A page needs no second read."""
    tenants.put_shop(a_shop())

    assert tenants.active_shops(None, 10) == ([a_shop()], None)


def test_a_paused_administration_leaves_its_shops_active(tenants: Tenants) -> None:
    """Their orders go on being fetched and wait; only posting stops."""
    tenants.put_shop(a_shop())
    tenants.put_administration(an_administration())
    tenants.pause_administration("admin-1", "refused", credentials_version=4, at=NOW)

    assert active_ids(tenants) == ["shop-1"]


# --------------------------------------------------------------------------- pauses


def test_a_shop_is_paused_once(tenants: Tenants) -> None:
    """The first worker to be refused pauses and owes the mail; the others do neither."""
    tenants.put_shop(a_shop())

    assert tenants.pause_shop("shop-1", "token_refused", token_version=3, at=NOW)
    assert not tenants.pause_shop("shop-1", "another", token_version=3, at=LATER)

    assert tenants.shop("shop-1") == replace(
        a_shop(), paused="token_refused", paused_at=NOW, notice_owed=NOTICE_PAUSED
    )


def test_an_old_token_pauses_nothing(tenants: Tenants) -> None:
    """The token was replaced while the refusal was on its way."""
    tenants.put_shop(a_shop())

    assert not tenants.pause_shop("shop-1", "token_refused", token_version=2, at=NOW)
    assert tenants.shop("shop-1") == a_shop()


def test_a_pause_by_hand_needs_no_version(tenants: Tenants) -> None:
    """Whichever token it has, the owner may stop the shop."""
    tenants.put_shop(a_shop())

    assert tenants.pause_shop("shop-1", PAUSED_BY_HAND, token_version=None, at=NOW)


def test_an_unknown_shop_cannot_be_paused(tenants: Tenants) -> None:
    """And nothing appears by trying, or by resuming or settling it."""
    assert not tenants.pause_shop("shop-1", "token_refused", token_version=None, at=NOW)
    tenants.resume_shop("shop-1", notice_owed=NOTICE_RESOLVED)
    tenants.settle_shop_notice("shop-1", NOTICE_PAUSED)

    assert tenants.shop("shop-1") is None
    assert tenants.all_shops() == []


@pytest.mark.parametrize("owed", ["", NOTICE_RESOLVED])
def test_a_resumed_shop_owes_what_it_is_told(tenants: Tenants, owed: str) -> None:
    """The pause is gone; the mail that is owed is the one that the caller names."""
    tenants.put_shop(a_shop())
    tenants.pause_shop("shop-1", "token_refused", token_version=3, at=NOW)

    tenants.resume_shop("shop-1", notice_owed=owed)

    assert tenants.shop("shop-1") == replace(a_shop(), notice_owed=owed)
    assert tenants.pause_shop("shop-1", "token_refused", token_version=3, at=LATER)


def test_settling_clears_that_notice_only(tenants: Tenants) -> None:
    """A mail that went out late does not clear a newer one that is owed."""
    tenants.put_shop(replace(a_shop(), notice_owed=NOTICE_RESOLVED))

    tenants.settle_shop_notice("shop-1", NOTICE_PAUSED)
    assert tenants.shop("shop-1") == replace(a_shop(), notice_owed=NOTICE_RESOLVED)

    tenants.settle_shop_notice("shop-1", NOTICE_RESOLVED)
    assert tenants.shop("shop-1") == a_shop()


def test_an_administration_is_paused_once(tenants: Tenants) -> None:
    """As a shop: once, not for old credentials, and it owes one mail."""
    plain = an_administration()
    tenants.put_administration(plain)

    assert not tenants.pause_administration("admin-1", "refused", credentials_version=3, at=NOW)
    assert tenants.pause_administration("admin-1", "refused", credentials_version=4, at=NOW)
    assert not tenants.pause_administration("admin-1", "again", credentials_version=4, at=LATER)
    assert not tenants.pause_administration("admin-2", "refused", credentials_version=None, at=NOW)

    paused = replace(plain, paused="refused", paused_at=NOW, notice_owed=NOTICE_PAUSED)
    assert tenants.administration("admin-1") == paused


def test_an_administration_is_resumed_and_settled(tenants: Tenants) -> None:
    """As a shop."""
    plain = an_administration()
    tenants.put_administration(plain)
    tenants.pause_administration("admin-1", "refused", credentials_version=None, at=NOW)
    tenants.settle_administration_notice("admin-1", NOTICE_PAUSED)
    tenants.resume_administration("admin-1", notice_owed=NOTICE_RESOLVED)
    tenants.resume_administration("admin-2")
    assert tenants.administration("admin-1") == replace(plain, notice_owed=NOTICE_RESOLVED)

    tenants.settle_administration_notice("admin-1", NOTICE_RESOLVED)

    assert tenants.administration("admin-1") == plain
    assert tenants.administration("admin-2") is None


# --------------------------------------------------------------------------- the switch


def test_posting_is_allowed_until_the_operator_says_no(tenants: Tenants) -> None:
    """One switch for everybody, there and back."""
    assert tenants.posting_allowed()

    tenants.set_posting_allowed(allowed=False)
    assert not tenants.posting_allowed()

    tenants.set_posting_allowed(allowed=True)
    assert tenants.posting_allowed()


# --------------------------------------------------------------------------- Acumulus left alone

REST = Rest(failures=3, since=NOW, until=NOW + timedelta(seconds=2))


def test_an_administration_is_left_alone_and_no_longer(tenants: Tenants) -> None:
    """It is kept with the contract; nothing else of it changes."""
    tenants.put_administration(an_administration())
    tenants.note_rest("admin-1", REST)
    tenants.note_rest("admin-2", REST)
    assert tenants.administration("admin-1") == replace(an_administration(), rest=REST)
    assert tenants.administration("admin-2") is None

    tenants.note_rest("admin-1", Rest())

    assert tenants.administration("admin-1") == an_administration()


def test_what_a_batch_must_know_is_read_together(tenants: Tenants) -> None:
    """An administration, its shops and the switches; what is not connected is not there."""
    tenants.put_administration(an_administration())
    tenants.put_shop(a_shop())
    tenants.put_shop(a_shop("shop-2"))
    tenants.put_shop(a_shop("shop-3"))
    tenants.set_posting_allowed(allowed=False)

    assert tenants.for_booking("admin-1", {"shop-1", "shop-2", "gone"}) == ForBooking(
        administration=an_administration(),
        shops={"shop-1": a_shop(), "shop-2": a_shop("shop-2")},
        switches=Switches(posting=False),
    )


def test_a_batch_of_nobody_finds_nobody(tenants: Tenants) -> None:
    """An administration that was removed meanwhile; switches that were never thrown."""
    assert tenants.for_booking("gone", {"shop-1"}) == ForBooking(
        administration=None, shops={}, switches=Switches()
    )


def test_an_outage_is_noted_by_who_saw_the_last_one(tenants: Tenants) -> None:
    """And never in place of what somebody else noted meanwhile."""
    calm = tenants.switches()
    one = Switches(failing=frozenset({"admin-1"}), rest=replace(REST, failures=1))
    two = Switches(failing=frozenset({"admin-1", "admin-2"}), rest=REST)

    assert tenants.note_outage(one, calm)
    assert not tenants.note_outage(two, calm)
    assert tenants.switches() == one
    assert tenants.note_outage(two, one)
    assert tenants.note_outage(two, one)  # the repeat of a write whose answer was lost
    assert tenants.note_outage(calm, two)
    assert tenants.switches() == calm


def test_an_outage_leaves_the_operators_switch_alone(tenants: Tenants) -> None:
    """Whoever read the switches before he did."""
    before = tenants.switches()
    tenants.set_posting_allowed(allowed=False)

    assert tenants.note_outage(Switches(failing=frozenset({"a"}), rest=REST), before)
    assert tenants.switches() == Switches(posting=False, failing=frozenset({"a"}), rest=REST)

    tenants.set_posting_allowed(allowed=True)
    assert tenants.switches().rest == REST


def test_a_hook_gets_its_next_version(tenants: Tenants) -> None:
    """Kept with the shop, whatever else changes; a shop that is gone has none."""
    tenants.put_shop(a_shop())

    assert [tenants.renew_hook("shop-1"), tenants.renew_hook("shop-1")] == [1, 2]
    kept = tenants.shop("shop-1")
    assert kept is not None
    tenants.put_shop(kept)
    assert tenants.shop("shop-1") == replace(a_shop(), hook_version=2)
    with pytest.raises(NeedsOwner):
        tenants.renew_hook("shop-2")


def test_an_account_is_removed_with_its_people_and_its_administrations_one_by_one(
    tenants: Tenants,
) -> None:
    """Nobody signs in to it any more; what is gone can be removed again."""
    tenants.put_account(Account(account_id="account-1", emails=("owner@example.com",)))
    tenants.put_administration(an_administration())
    for _ in range(2):
        tenants.remove_administration("admin-1")
        tenants.remove_account("account-1")

    assert tenants.administration("admin-1") is None
    assert tenants.account("account-1") is None
    assert tenants.accounts_of("owner@example.com") == []
