"""Connecting step by step: proven at once, kept sealed, taken over by nobody."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError, RetryLater, StopShop
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.connect_steps import (
    MOST_TRIES,
    Proposal,
    StepServices,
    current_draft,
    finish,
    open_draft,
    other_prefixes,
    propose,
    take_administration,
    take_choices,
    take_contract,
    take_token,
)
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.books import Choice, Credentials
from boekbrug.journey.ports.tenants import NOT_STARTED, Account, ConnectDraft, ConnectedShop, Secret
from boekbrug.settings.access import MemoryAccess
from boekbrug.settings.drafts import MemoryConnectDrafts
from tests.support.connecting import PASSWORD, TOKEN, World, a_shop, contract
from tests.support.fake_books import FakeAdministrations, FakeBooks
from tests.support.fake_shop import unreachable

ME, OTHER = "account-1", "account-2"
MINE = Account(account_id=ME, emails=("ik@example.nl",), language="en", notify="weekly")
CREDENTIALS = Credentials("123456", "api", Secret(PASSWORD))


class Failing(FakeAdministrations):
    """Every contract fails in the same way."""

    def __init__(self, failing: BoekbrugError) -> None:
        super().__init__()
        self.failing = failing

    def open(self, credentials: Credentials) -> FakeBooks:
        raise self.failing


@dataclass
class Steps(World):
    """An owner without anything, in front of the first step."""

    drafts: MemoryConnectDrafts = field(default_factory=MemoryConnectDrafts)
    access: MemoryAccess = field(default_factory=MemoryAccess)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tenants.put_account(MINE)

    @property
    def steps(self) -> StepServices:
        return StepServices(self.services, self.drafts, self.access)

    def token(self, text: str = TOKEN, account_id: str = ME) -> ConnectDraft:
        return take_token(self.steps, account_id, Secret(text))

    def contract(self, credentials: Credentials = CREDENTIALS) -> ConnectDraft:
        return take_contract(self.steps, self.token(), credentials, tell=self.told.append)

    def finish(self, draft: ConnectDraft, account: Account = MINE) -> ConnectedShop:
        return finish(self.steps, draft, account=account, by="ik@example.nl")


@pytest.fixture
def world() -> Steps:
    return Steps()


def refused(caught: pytest.ExceptionInfo[ConnectRefused]) -> str:
    return caught.value.remark.code


# --------------------------------------------------------------------------- the token


def test_a_token_tells_its_shop_and_is_kept_sealed(world: Steps) -> None:
    """What is stored for the next step shows no secret."""
    draft = world.token()

    assert (draft.store.name, draft.store.domain) == ("Winkel Aap", "shop-1.example.nl")
    assert TOKEN not in repr(draft)
    assert TOKEN not in draft.sealed_token
    assert current_draft(world.steps, ME) == draft
    assert world.tenants.all_shops() == []


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        (StopShop("no", code="token_refused"), "token_refused"),
        (RetryLater("no answer", code="shop_unreachable"), "shop_unreachable"),
    ],
)
def test_a_token_that_does_not_work_is_not_kept(
    world: Steps, failing: RetryLater | StopShop, code: str
) -> None:
    """Refused and out of reach are two things."""
    world.shops.by_token[TOKEN].failing = failing

    with pytest.raises(ConnectRefused) as caught:
        world.token()

    assert refused(caught) == code
    assert current_draft(world.steps, ME) is None


def test_a_draft_ends_after_a_while(world: Steps) -> None:
    """Two hours after the last step; every step gives the full time again."""
    world.token()
    world.clock.forward(hours=1, minutes=59)
    world.contract()
    world.clock.forward(hours=1, minutes=59)
    assert current_draft(world.steps, ME) is not None

    world.clock.forward(minutes=1)

    assert current_draft(world.steps, ME) is None


def test_another_token_keeps_the_contract_that_was_entered(world: Steps) -> None:
    """Who goes back to the first step types the password once."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.contract()

    draft = world.token("token-van-winkel-noot-1")

    assert (draft.store.name, draft.company_name) == ("Winkel Noot", "Voorbeeld BV")
    assert open_draft(world.steps, draft)[1].contract().contractcode == "123456"


def test_a_shop_that_is_connected_is_not_connected_again(world: Steps) -> None:
    """Its owner reads where a new token goes, somebody else that it is taken."""
    world.finish(world.contract())

    with pytest.raises(ConnectRefused) as mine:
        world.token()
    with pytest.raises(ConnectRefused) as theirs:
        world.token(account_id=OTHER)

    assert (refused(mine), refused(theirs)) == ("shop_connected", "shop_of_another_account")
    assert "Winkel Aap" in theirs.value.remark.told("nl")


# --------------------------------------------------------------------------- the contract


def test_a_contract_is_proven_and_kept_sealed(world: Steps) -> None:
    """Whose it is is told; the password is not."""
    draft = world.contract()

    assert (draft.company_name, draft.contractcode, draft.username) == (
        "Voorbeeld BV",
        "123456",
        "api",
    )
    assert PASSWORD not in repr(draft)
    assert PASSWORD not in draft.sealed_password
    assert world.told == []
    assert world.tenants.all_administrations() == []


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        (StopShop("no", code="credentials_refused"), "contract_refused"),
        (StopShop("no", code="role_refused"), "role_refused"),
        (unreachable(), "books_unreachable"),
    ],
)
def test_three_ways_in_which_a_contract_does_not_work(
    world: Steps, failing: BoekbrugError, code: str
) -> None:
    """Wrong together, too few rights, no answer: each asks something else of the owner."""
    world.books = Failing(failing)

    with pytest.raises(ConnectRefused) as caught:
        world.contract()

    assert refused(caught) == code
    kept = current_draft(world.steps, ME)
    assert kept is not None
    assert kept.administration_id == ""


@pytest.mark.parametrize(
    ("role", "advice"), [(4, "role_too_much"), (6, "role_too_little"), (1, "role_deprecated")]
)
def test_another_role_than_advised_works_and_is_said(world: Steps, role: int, advice: str) -> None:
    """The owner may mend it later."""
    world.books["123456"].role_id = role

    world.contract()

    assert world.codes == [advice]


def test_a_contract_of_another_account_is_not_taken_over(world: Steps) -> None:
    """Said only to who knows its password: anyone else learns nothing."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    world.connect(contract(a_shop("token-van-winkel-noot-1")))

    with pytest.raises(ConnectRefused) as knows:
        world.contract()
    with pytest.raises(ConnectRefused) as guesses:
        world.contract(replace(CREDENTIALS, password=Secret("geraden")))

    assert refused(knows) == "contract_of_another_account"
    assert refused(guesses) == "contract_refused"


def test_an_administration_of_the_account_is_chosen_without_typing(world: Steps) -> None:
    """Its stored access is proven; another account's is as unknown as one that never was."""
    world.finish(world.contract())
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    draft = world.token("token-van-winkel-noot-1")
    (mine,) = world.tenants.account_administrations(ME)

    chosen = take_administration(world.steps, draft, mine.administration_id)

    assert (chosen.company_name, chosen.sealed_password) == ("Voorbeeld BV", "")
    for administration_id in ("adm-of-nobody", _of_somebody_else(world)):
        with pytest.raises(ConnectRefused) as caught:
            take_administration(world.steps, draft, administration_id)
        assert refused(caught) == "unknown_administration"


def _of_somebody_else(world: Steps) -> str:
    world.add_contract("654321")
    world.add_shop("token-van-winkel-mies-1", "shop-3", "Winkel Mies")
    (shop,) = world.connect(contract(a_shop("token-van-winkel-mies-1"), contractcode="654321"))
    return shop.administration_id


def test_nobody_tries_passwords_without_end(world: Steps) -> None:
    """Thirty an hour for an account, tokens and passwords together; others are not held up."""
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ConnectRefused):
            world.token("geraden")
    draft = world.token()

    with pytest.raises(ConnectRefused) as caught:
        take_contract(world.steps, draft, CREDENTIALS)

    assert refused(caught) == "too_many_tries"
    assert world.token(account_id=OTHER)
    world.clock.forward(hours=1)
    assert take_contract(world.steps, draft, CREDENTIALS)


# --------------------------------------------------------------------------- the end


def test_the_last_step_stores_all_of_it_and_waits(world: Steps) -> None:
    """Shop, administration and choices, sealed for good; nothing runs, and the draft is gone."""
    choices = ShopSettings(trigger_statuses=(3,), order_prefix="WA")

    shop = world.finish(take_choices(world.steps, world.contract(), choices))

    assert shop == world.shop
    assert (shop.account_id, shop.paused) == (ME, NOT_STARTED)
    assert open_token(world.sealer, shop) == Secret(TOKEN)
    assert open_credentials(world.sealer, world.administration) == CREDENTIALS
    (version,) = world.tenants.settings_versions("shop-1", 10)
    assert (version.settings, version.by) == (choices, "ik@example.nl")
    assert world.tenants.account(ME) == MINE
    assert current_draft(world.steps, ME) is None


def test_a_second_shop_on_the_administration_gets_a_prefix(world: Steps) -> None:
    """Without a password typed, and with orders that can be told apart."""
    world.finish(world.contract())
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    (mine,) = world.tenants.account_administrations(ME)
    draft = world.token("token-van-winkel-noot-1")
    draft = take_administration(world.steps, draft, mine.administration_id)

    shop = world.finish(draft)

    assert shop.administration_id == mine.administration_id
    assert world.tenants.settings("shop-2", shop.settings_version).order_prefix == "WN"
    assert world.administration.credentials_version == 1


def test_a_choice_that_does_not_exist_keeps_the_draft(world: Steps) -> None:
    """The owner mends the choice and goes on; nothing is stored."""
    draft = world.contract()

    with pytest.raises(ConnectRefused) as caught:
        take_choices(world.steps, draft, ShopSettings(cost_center=999))

    assert (refused(caught), caught.value.remark.setting) == ("unknown_choice", "cost_center")
    assert caught.value.remark.told("nl").startswith("Deze Acumulus-administratie kent geen kost")
    assert current_draft(world.steps, ME) == draft
    assert world.tenants.all_shops() == []


def test_a_prefix_of_a_neighbour_is_refused_at_its_field(world: Steps) -> None:
    """Two shops of one administration never get orders with the same name."""
    world.finish(take_choices(world.steps, world.contract(), ShopSettings(order_prefix="WA")))
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    (mine,) = world.tenants.account_administrations(ME)
    draft = take_administration(
        world.steps, world.token("token-van-winkel-noot-1"), mine.administration_id
    )

    with pytest.raises(ConnectRefused) as caught:
        take_choices(world.steps, draft, ShopSettings(order_prefix="WA1"))

    assert (refused(caught), caught.value.remark.setting) == ("prefix_taken", "order_prefix")
    assert other_prefixes(world.steps, draft) == {"WA": "Winkel Aap"}


def test_a_first_shop_needs_no_prefix(world: Steps) -> None:
    """The cost centre that bears its name is proposed all the same."""
    centers = (Choice(1, "Algemeen"), Choice(2, "Webwinkel Aap"), Choice(3, "aap"))

    assert propose(world.steps, world.contract(), centers) == Proposal(cost_center=2)
    assert propose(world.steps, world.contract(), centers[:1]) == Proposal()


def test_a_second_shop_is_told_apart(world: Steps) -> None:
    """It gets a prefix, and no cost centre that its neighbour has."""
    first = ShopSettings(order_prefix="WA", cost_center=48001)
    world.finish(take_choices(world.steps, world.contract(), first))
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")
    (mine,) = world.tenants.account_administrations(ME)
    draft = take_administration(
        world.steps, world.token("token-van-winkel-noot-1"), mine.administration_id
    )

    found = propose(world.steps, draft, (Choice(48001, "Winkel Noot"), Choice(5, "Noot")))

    assert found == Proposal(others=("Winkel Aap",), order_prefix="WN", cost_center=5)


def test_of_two_owners_at_the_last_step_one_gets_the_shop(world: Steps) -> None:
    """Both know the token; the second one is refused, and keeps what he entered."""
    world.add_contract("654321")
    theirs = take_contract(
        world.steps, world.token(account_id=OTHER), replace(CREDENTIALS, contractcode="654321")
    )
    world.finish(world.contract())

    with pytest.raises(ConnectRefused) as caught:
        world.finish(theirs, replace(MINE, account_id=OTHER))

    assert refused(caught) == "shop_of_another_account"
    assert world.shop.account_id == ME
    assert theirs.expires == world.clock.now() + timedelta(hours=2)
