"""A connected shop: another token or contract, other settings, paused, resumed, removed."""

from decimal import Decimal

import pytest

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import StopShop
from boekbrug.journey.account_care import CareServices, close_account
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.pauses import send_owed_notices, stop_administration, stop_shop
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import NOT_STARTED, Secret
from boekbrug.journey.upkeep import (
    change_settings,
    choose_messages,
    pause,
    remove,
    replace_credentials,
    replace_token,
    restore_settings,
    resume,
)
from boekbrug.ledger.memory import MemoryLedger
from tests.support.connecting import EMAILS, PASSWORD, TOKEN, World, a_shop, contract
from tests.support.fake_shop import unreachable


@pytest.fixture
def world() -> World:
    world = World()
    world.connect(contract(a_shop(trigger_statuses=[3])))
    return world


def refused_code(caught: pytest.ExceptionInfo[ConnectRefused]) -> str:
    return caught.value.remark.code


# --------------------------------------------------------------------------- tokens, contracts


def test_a_new_token_sets_a_refused_shop_going(world: World) -> None:
    """One stop, one mail; one new token, one "Opgelost"; nothing else."""
    stop_shop(world.pausing, world.shop, "token_refused")
    world.shops.by_token = {"nieuwe-token-0123456": world.shops.by_token[TOKEN]}

    shop = replace_token(world.services, "shop-1", Secret("nieuwe-token-0123456"))

    assert shop == world.shop
    assert (shop.paused, shop.token_version) == ("", 2)
    assert world.subjects == [
        "Actie nodig: de token van Winkel Aap werkt niet meer",
        "Opgelost: Winkel Aap is weer verbonden",
    ]


def test_a_token_of_another_shop_is_refused(world: World) -> None:
    """Orders of another shop never come in under this one's name."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")

    with pytest.raises(ConnectRefused, match="Winkel Noot, not to Winkel Aap") as caught:
        replace_token(world.services, "shop-1", Secret("token-van-winkel-noot-1"))

    assert refused_code(caught) == "token_of_another_shop"
    assert world.shop.token_version == 1


def test_a_late_refusal_of_the_old_token_does_not_stop_the_new_one(world: World) -> None:
    """A run that still used the old token is told no, after it was replaced."""
    before = world.shop
    world.shops.by_token["nieuwe-token-0123456"] = world.shops.by_token[TOKEN]
    replace_token(world.services, "shop-1", Secret("nieuwe-token-0123456"))

    stop_shop(world.pausing, before, "token_refused")

    assert world.shop.paused == ""
    assert world.subjects == []


def test_new_credentials_set_a_refused_administration_going(world: World) -> None:
    """As for a token; the mails name the company."""
    stop_administration(world.pausing, world.administration, "credentials_refused")
    world.add_contract("123456", password="nieuw-wachtwoord-2")

    row = replace_credentials(
        world.services,
        world.administration.administration_id,
        Credentials("123456", "api", Secret("nieuw-wachtwoord-2")),
    )

    assert row == world.administration
    assert (row.paused, row.credentials_version) == ("", 2)
    assert world.subjects == [
        "Actie nodig: Acumulus weigert de toegang tot Voorbeeld BV",
        "Opgelost: Acumulus geeft weer toegang tot Voorbeeld BV",
    ]


def test_credentials_of_another_contract_are_refused(world: World) -> None:
    """The administration of a shop never changes by a change of password."""
    world.add_contract("654321")

    with pytest.raises(ConnectRefused) as caught:
        replace_credentials(
            world.services,
            world.administration.administration_id,
            Credentials("654321", "api", Secret(PASSWORD)),
        )

    assert refused_code(caught) == "contract_of_another_administration"


def test_credentials_for_an_unknown_administration_are_refused(world: World) -> None:
    """There is nothing to give them to."""
    with pytest.raises(ConnectRefused, match="no connected administration adm-9"):
        replace_credentials(world.services, "adm-9", Credentials("123456", "api", Secret(PASSWORD)))


def test_new_credentials_are_advised_on_too(world: World) -> None:
    """A role that is not the right one is said again."""
    world.books["123456"].role_id = 4

    replace_credentials(
        world.services,
        world.administration.administration_id,
        Credentials("123456", "api", Secret(PASSWORD)),
        tell=world.told.append,
    )

    assert world.codes == ["role_too_much"]


# --------------------------------------------------------------------------- settings


def test_some_settings_change_and_the_rest_stays(world: World) -> None:
    """What is not named keeps its value, under a new version."""
    version = change_settings(
        world.services, "shop-1", {"account": 70001, "exchange_rates": {"GBP": "1.17"}}, by="test"
    )

    assert version == world.shop.settings_version == 2
    assert world.settings.account == 70001
    assert world.settings.exchange_rates == {"GBP": Decimal("1.17")}
    assert world.settings.trigger_statuses == (3,)


def test_only_what_changes_is_compared(world: World) -> None:
    """A new prefix needs no answer from Acumulus, even when accounts were chosen before."""
    change_settings(world.services, "shop-1", {"account": 70001}, by="test")
    world.books["123456"].unreadable.add("accounts")

    change_settings(world.services, "shop-1", {"order_prefix": "WA"}, by="test")

    assert (world.settings.order_prefix, world.settings.account) == ("WA", 70001)


def test_equal_settings_make_no_new_version(world: World) -> None:
    """Nothing changed: nothing outside is asked, and the version stays."""
    asked = len(world.shops.by_token[TOKEN].calls)

    assert change_settings(world.services, "shop-1", {"trigger_statuses": [3]}, by="test") == 1
    assert len(world.shops.by_token[TOKEN].calls) == asked


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"trigger_status": [3]}, r"trigger_status is not known \(did you mean trigger_statuses"),
        ({"trigger_statuses": [77]}, "no order status 77"),
        ({"cost_center": 1}, "no cost centre 1"),
        ({"order_prefix": "met spatie"}, "order_prefix may have at most 12"),
        ({"home_country": "ZZZ"}, "home_country is not a country code"),
    ],
)
def test_wrong_settings_change_nothing(world: World, changes: dict[str, object], says: str) -> None:
    """They are checked as when the shop was connected."""
    with pytest.raises(ConnectRefused, match=says):
        change_settings(world.services, "shop-1", changes, by="test")

    assert world.shop.settings_version == 1


def test_a_change_is_remarked_on_like_a_connection(world: World) -> None:
    """What looks odd is said, and stored."""
    change_settings(
        world.services,
        "shop-1",
        {"accounts_by_payment": {"tikkie": 70001}},
        by="test",
        tell=world.told.append,
    )

    assert world.codes == ["unknown_payment_method"]
    assert world.shop.settings_version == 2


def test_wrong_settings_are_told_in_dutch_too(world: World) -> None:
    """An owner reads the sentences of the settings themselves."""
    with pytest.raises(ConnectRefused) as caught:
        change_settings(world.services, "shop-1", {"order_prefx": "W"}, by="test")

    assert caught.value.sentence("nl") == (
        "De instelling order_prefx bestaat niet; bedoelt u order_prefix?"
    )


def test_a_prefix_of_another_shop_is_refused(world: World) -> None:
    """Dropping one's own prefix may bring back the clash it was there for."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.connect(contract(a_shop("token-van-winkel-noot-1", order_prefix="WN")))

    with pytest.raises(ConnectRefused) as caught:
        change_settings(world.services, "shop-2", {"order_prefix": ""}, by="test")

    assert refused_code(caught) == "prefix_taken"


def test_of_two_people_who_change_settings_the_second_is_told(world: World) -> None:
    """Nobody overwrites what he did not see."""
    change_settings(world.services, "shop-1", {"paid_only": True}, by="an", over=1)

    with pytest.raises(ConnectRefused) as caught:
        change_settings(world.services, "shop-1", {"concept": "always"}, by="ben", over=1)

    assert refused_code(caught) == "changed_meanwhile"
    assert (world.settings.paid_only, world.settings.concept) == (True, "auto")


def test_an_earlier_version_is_chosen_again(world: World) -> None:
    """As a new version: the history only grows."""
    change_settings(world.services, "shop-1", {"paid_only": True, "concept": "never"}, by="an")

    assert restore_settings(world.services, "shop-1", 1, by="ben", over=2) == 3

    assert (world.settings.paid_only, world.settings.concept) == (False, "auto")
    assert [one.by for one in world.tenants.settings_versions("shop-1", 3)] == [
        "ben",
        "an",
        "connect",
    ]


def test_an_earlier_version_whose_choices_are_gone_is_refused(world: World) -> None:
    """Acumulus would silently book on another account (Acumulus API, section 3)."""
    gone = ShopSettings(trigger_statuses=(3,), cost_center=999)
    world.tenants.save_settings("shop-1", gone, by="an", at=world.clock.now())
    change_settings(world.services, "shop-1", {"cost_center": None}, by="an")

    with pytest.raises(ConnectRefused) as caught:
        restore_settings(world.services, "shop-1", 2, by="ben")

    assert refused_code(caught) == "unknown_choice"


def test_when_an_account_is_mailed(world: World) -> None:
    """Only as it can be, and only for an account that is there."""
    account_id = world.shop.account_id

    assert choose_messages(world.services, account_id, "weekly")
    assert not choose_messages(world.services, account_id, "hourly")
    assert not choose_messages(world.services, "nobody", "daily")

    account = world.tenants.account(account_id)
    assert account is not None
    assert (account.notify, account.emails) == ("weekly", EMAILS)


# --------------------------------------------------------------------------- stop, go, gone


def test_a_pause_by_hand_mails_nobody(world: World) -> None:
    """Who paused it knows."""
    assert pause(world.services, "shop-1")

    assert world.shop.paused == "by_hand"
    assert world.shop.notice_owed == ""
    assert not pause(world.services, "shop-1")
    assert world.tenants.active_shops(None, 10) == ([], None)
    assert world.subjects == []


def test_a_shop_paused_by_hand_goes_on(world: World) -> None:
    """Without a mail, since there was none before."""
    pause(world.services, "shop-1")

    assert resume(world.services, "shop-1").paused == ""
    assert world.tenants.active_shops(None, 10)[0] == [world.shop]
    assert world.subjects == []


def test_a_shop_connected_unstarted_waits_for_its_owner(world: World) -> None:
    """Nothing is fetched, nobody is mailed, and what is replaced meanwhile starts nothing."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.add_shop("token-van-winkel-noot-2", "shop-2", "Winkel Noot")

    (shop,) = world.connect(contract(a_shop("token-van-winkel-noot-1")), started=False)
    replaced = replace_token(world.services, "shop-2", Secret("token-van-winkel-noot-2"))

    assert (shop.paused, shop.paused_at) == (NOT_STARTED, world.clock.now())
    assert (replaced.paused, replaced.token_version) == (NOT_STARTED, 2)
    assert [active.shop_id for active in world.tenants.active_shops(None, 10)[0]] == ["shop-1"]
    assert send_owed_notices(world.pausing) == 0
    assert world.subjects == []


def test_switching_on_is_resuming(world: World) -> None:
    """The access is proven once more, the shop is active, and no mail says "Opgelost"."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.connect(contract(a_shop("token-van-winkel-noot-1")), started=False)
    world.told.clear()

    assert resume(world.services, "shop-2", tell=world.told.append).paused == ""

    assert world.codes == ["started"]
    assert len(world.tenants.active_shops(None, 10)[0]) == 2
    assert world.subjects == []


def test_connecting_a_running_shop_unstarted_leaves_it_running(world: World) -> None:
    """Only a new shop waits: connecting again is no pause."""
    world.connect(started=False)

    assert world.shop.paused == ""


def test_a_shop_whose_token_is_still_refused_does_not_go_on(world: World) -> None:
    """Resuming proves the token first: it would only stop again."""
    stop_shop(world.pausing, world.shop, "token_refused")
    world.shops.by_token[TOKEN].failing = StopShop("no", code="token_refused")

    with pytest.raises(ConnectRefused) as caught:
        resume(world.services, "shop-1")

    assert refused_code(caught) == "token_refused"
    assert world.shop.paused == "token_refused"


def test_resuming_a_shop_resumes_its_administration(world: World) -> None:
    """The owner mended the user in Acumulus: one word sets everything going."""
    stop_administration(world.pausing, world.administration, "role_refused")

    resume(world.services, "shop-1")

    assert world.administration.paused == ""
    assert world.subjects[-1] == "Opgelost: Acumulus geeft weer toegang tot Voorbeeld BV"


def test_what_goes_on_again_is_fetched_at_once(world: World) -> None:
    """Whatever waited is caught up now; shops that stand still for another reason are not asked."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.connect(contract(a_shop("token-van-winkel-noot-1")))
    pause(world.services, "shop-2")
    stop_administration(world.pausing, world.administration, "credentials_refused")

    resume(world.services, "shop-1")

    assert [one.page.shop_ids for one in world.shops_queue.take()] == [["shop-1"]]
    resume(world.services, "shop-2")
    assert [one.page.shop_ids for one in world.shops_queue.take()] == [["shop-2"]]


def test_a_full_trial_goes_on_once_the_contract_is_paid(world: World) -> None:
    """Resuming asks Acumulus, and believes what it says of the room: not the last count of ours."""
    world.books["123456"].max_entries = 50
    world.tenants.note_entries_left(world.administration.administration_id, 0)
    stop_administration(world.pausing, world.administration, "trial_limit")

    with pytest.raises(ConnectRefused) as caught:
        resume(world.services, "shop-1")

    assert refused_code(caught) == "still_trial"
    assert (world.administration.paused, world.administration.entries_left) == ("trial_limit", 50)
    world.books["123456"].max_entries = None
    resume(world.services, "shop-1")
    assert (world.administration.paused, world.administration.entries_left) == ("", None)


def test_an_administration_that_still_refuses_stays_stopped(world: World) -> None:
    """Its contract is proven first, and the shop's pause is left as it was."""
    stop_administration(world.pausing, world.administration, "credentials_refused")
    pause(world.services, "shop-1")
    world.books["123456"].credentials_refused = True

    with pytest.raises(ConnectRefused) as caught:
        resume(world.services, "shop-1")

    assert refused_code(caught) == "contract_refused"
    assert (world.shop.paused, world.administration.paused) == ("by_hand", "credentials_refused")


def test_a_shop_that_does_not_answer_is_not_resumed(world: World) -> None:
    """Unreachable is said as such."""
    pause(world.services, "shop-1")
    world.shops.by_token[TOKEN].failing = unreachable()

    with pytest.raises(ConnectRefused) as caught:
        resume(world.services, "shop-1")

    assert refused_code(caught) == "shop_unreachable"


def test_a_removed_shop_is_gone_and_its_settings_stay(world: World) -> None:
    """Ledger rows name the version that decided them: it stays readable."""
    remove(world.services, "shop-1")

    assert world.tenants.shop("shop-1") is None
    assert world.tenants.settings("shop-1", 1).trigger_statuses == (3,)


def test_a_closed_account_leaves_no_password_behind(world: World) -> None:
    """Not even of an administration whose shops were disconnected before."""
    account = world.tenants.account(world.shop.account_id)
    assert account is not None
    remove(world.services, "shop-1")
    care = CareServices(
        tenants=world.tenants, ledger=MemoryLedger(), notices=world.notices, clock=world.clock
    )

    close_account(care, account)

    assert world.tenants.all_administrations() == []


def test_a_shop_that_comes_back_goes_on_with_its_versions(world: World) -> None:
    """Settings of a shop that is connected again never overwrite those of before."""
    remove(world.services, "shop-1")

    world.connect(contract(a_shop(trigger_statuses=[2])))

    assert world.shop.settings_version == 2
    assert world.tenants.settings("shop-1", 1).trigger_statuses == (3,)


@pytest.mark.parametrize("use_case", [pause, resume, remove])
def test_an_unknown_shop_is_named(world: World, use_case: object) -> None:
    """One sentence says which shop is not there."""
    with pytest.raises(ConnectRefused, match="no connected shop shop-9"):
        use_case(world.services, "shop-9")  # type: ignore[operator]  # any of the three
