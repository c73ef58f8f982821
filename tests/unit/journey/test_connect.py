"""Connecting: all of it is proven before any of it is stored; the same again changes nothing."""

import re
import traceback
from typing import Any

import pytest

from boekbrug.domain.order import Store
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.connect import connect, connect_file
from boekbrug.journey.connect_document import AdministrationToConnect, ShopToConnect
from boekbrug.journey.connect_texts import WORDINGS, ConnectRefused, Part, Remark
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import Account, Secret
from boekbrug.journey.trials import TRIAL_LIMIT
from boekbrug.journey.upkeep import pause
from tests.support.connecting import EMAILS, PASSWORD, TOKEN, ListsAway, World, a_shop, contract
from tests.support.fake_shop import unreachable


@pytest.fixture
def world() -> World:
    return World()


def refused(world: World, *administrations: dict[str, object]) -> ConnectRefused:
    """Connect, and expect a refusal that stored nothing."""
    before = (world.tenants.all_shops(), world.tenants.all_administrations())
    with pytest.raises(ConnectRefused) as caught:
        world.connect(*administrations)
    assert (world.tenants.all_shops(), world.tenants.all_administrations()) == before
    return caught.value


# --------------------------------------------------------------------------- what is stored


def test_a_shop_is_connected_to_its_administration(world: World) -> None:
    """A working token and contract give a shop, an administration and an account."""
    (shop,) = world.connect(contract(a_shop(trigger_statuses=[2, 3], order_prefix="WA")))

    assert shop == world.shop
    assert shop.shop_id == "shop-1"
    assert shop.administration_id == world.administration.administration_id
    assert world.administration.company_name == "Voorbeeld BV"
    assert world.settings.trigger_statuses == (2, 3)
    assert world.settings.order_prefix == "WA"
    account = world.tenants.account(shop.account_id)
    assert account == Account(account_id=shop.account_id, emails=EMAILS)


def test_secrets_are_stored_sealed_for_their_account(world: World) -> None:
    """Neither token nor password is readable, and both open for their account and field only."""
    world.connect()
    shop, administration = world.shop, world.administration

    token = world.sealer.open(shop.sealed_token, tenant=shop.account_id, field="shop:shop-1:token")
    password = world.sealer.open(
        administration.sealed_password,
        tenant=administration.account_id,
        field=f"administration:{administration.administration_id}:password",
    )

    assert (token.text, password.text) == (TOKEN, PASSWORD)
    assert TOKEN not in shop.sealed_token
    assert PASSWORD not in administration.sealed_password


def test_the_contract_code_is_not_the_id_of_its_administration(world: World) -> None:
    """Ids travel through queues and logs: the contract code does not."""
    world.connect()

    assert "123456" not in world.administration.administration_id
    assert "123456" not in world.shop.account_id


def test_connecting_the_same_again_changes_nothing(world: World) -> None:
    """No new settings version, no new seal: the rows stay exactly as they were."""
    first = world.connect(contract(a_shop(trigger_statuses=[3])))
    administration = world.administration

    again = world.connect(contract(a_shop(trigger_statuses=[3])))

    assert again == first
    assert world.administration == administration
    assert world.shop.settings_version == 1


def test_other_settings_become_the_next_version(world: World) -> None:
    """Settings are versioned: what decided before stays readable."""
    world.connect(contract(a_shop(trigger_statuses=[3])))

    world.connect(contract(a_shop(trigger_statuses=[2])))

    assert world.shop.settings_version == 2
    assert world.tenants.settings("shop-1", 1).trigger_statuses == (3,)
    assert world.settings.trigger_statuses == (2,)


def test_the_same_shop_with_another_token_is_updated(world: World) -> None:
    """A shop is its store's uuid: another token of it replaces the first, with a new version."""
    world.connect()
    world.shops.by_token["winkeltoken-nieuw-0123"] = world.shops.by_token.pop(TOKEN)

    world.connect(contract(a_shop("winkeltoken-nieuw-0123")))

    assert len(world.tenants.all_shops()) == 1
    assert world.shop.token_version == 2


def test_the_same_contract_with_another_password_is_updated(world: World) -> None:
    """Newer credentials get a higher version, so that an old refusal cannot stop them."""
    world.connect()
    world.add_contract("123456", password="nieuw-wachtwoord-2")

    world.connect(contract(password="nieuw-wachtwoord-2"))

    assert world.administration.credentials_version == 2


def test_a_contract_named_twice_is_one_administration(world: World) -> None:
    """Two entries with the same contract put both shops into it."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")

    shops = world.connect(contract(), contract(a_shop("token-van-winkel-noot-1")))

    assert len({shop.administration_id for shop in shops}) == 1
    assert world.administration.administration_id == shops[0].administration_id


def test_two_contracts_are_two_accounts(world: World) -> None:
    """Contracts share nothing unless an account is named: no owner can reach another's shops."""
    world.add_contract("654321")
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Winkel Noot")

    one, other = world.connect(
        contract(), contract(a_shop("token-van-winkel-noot-1"), contractcode="654321")
    )

    assert one.account_id != other.account_id
    assert one.administration_id != other.administration_id


def test_a_seal_that_no_longer_opens_is_made_anew(world: World) -> None:
    """Connecting again mends secrets whose key is gone."""
    world.connect()
    world.sealer = type(world.sealer)()

    world.connect()

    opened = world.sealer.open(
        world.shop.sealed_token, tenant=world.shop.account_id, field="shop:shop-1:token"
    )
    assert opened.text == TOKEN


# --------------------------------------------------------------------------- what is refused


def test_a_refused_token_is_named(world: World) -> None:
    """It is the token that is wrong, and the sentence says whose."""
    problem = refused(world, contract(a_shop("verkeerde-token-0000")))

    assert problem.remark.part is Part.TOKEN
    assert problem.remark.code == "token_refused"
    assert str(problem).startswith("administrations[0].shops[0]: ")


def test_a_refused_partner_token_is_told_apart(world: World) -> None:
    """Both tokens travel together, so the operator's own is asked for alone before a shop's."""
    world.shops.partner_refused = True
    problem = refused(world)

    assert problem.remark.part is Part.PARTNER_TOKEN
    assert str(problem).startswith("Mijnwebwinkel refuses the partner token")


def test_a_refusal_nobody_can_explain_is_the_shop_token(world: World) -> None:
    """While our own token cannot be asked for, the token that was typed is the likelier one."""
    world.shops.failing = unreachable()

    assert refused(world, contract(a_shop("wrong"))).remark.code == "token_refused"


def test_a_refused_contract_is_named(world: World) -> None:
    """It is the contract that is wrong, not the token."""
    problem = refused(world, contract(password="fout"))

    assert problem.remark.part is Part.CONTRACT
    assert str(problem).startswith("administrations[0]: ")


def test_a_role_that_may_not_ask_is_told_apart(world: World) -> None:
    """A user with too few rights is another problem than a wrong password."""

    class TooLow:
        def open(self, _credentials: Credentials) -> object:
            raise StopShop("role", code="role_refused")

    world.books = TooLow()  # type: ignore[assignment]  # a system that only refuses

    assert refused(world).remark.code == "role_refused"


def test_one_wrong_shop_stores_nothing_of_the_others(world: World) -> None:
    """All or nothing: the first shop works, the second does not, none is connected."""
    problem = refused(world, contract(a_shop(), a_shop("verkeerde-token-0000")))

    assert problem.remark.where == "administrations[0].shops[1]"


@pytest.mark.parametrize(
    ("failing", "code"),
    [(unreachable(), "shop_unreachable"), (StopShop("no"), "token_refused")],
)
def test_a_shop_that_does_not_answer_is_not_a_wrong_token(
    world: World, failing: RetryLater | StopShop, code: str
) -> None:
    """Unreachable and refused are different sentences."""
    world.shops.by_token[TOKEN].failing = failing
    problem = refused(world)

    assert problem.remark.code == code
    assert (world.shops.address in str(problem)) == (code == "shop_unreachable")


def test_a_store_without_an_id_is_refused(world: World) -> None:
    """A token that names no store cannot be connected: the id is the shop's identity (R2)."""
    world.add_shop(TOKEN, "", "Niemand")

    assert refused(world).remark.code == "store_without_id"


def test_acumulus_out_of_reach_is_said(world: World) -> None:
    """A contract that cannot be read now is not called wrong."""
    world.books["123456"].unreadable.add("contract")
    problem = refused(world)

    assert problem.remark.code == "books_unreachable"
    assert world.books.address in str(problem)


def test_every_answer_that_connecting_needs_is_waited_for(world: World) -> None:
    """Each read of both systems fails once for a moment, and nothing is left unchecked."""
    api, books = world.shops.by_token[TOKEN], world.books
    world.shops = FailsOnce(world.shops)  # type: ignore[assignment]  # every call in it
    world.books = FailsOnce(books)  # type: ignore[assignment]  # as above
    settings = {"trigger_statuses": [3], "account": 70001, "cost_center": 48001}
    more = {"template_due": 39001, "accounts_by_payment": {"ideal": 70001}}

    world.connect(contract(a_shop(**settings, **more)))

    assert world.codes == []
    assert api.calls == ["store", "order_statuses", "payment_methods"]
    assert len(world.slept) == 7


class FailsOnce:
    """Whatever is called on it, or on what it opens, fails the first time."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._failed: set[str] = set()

    def open(self, what: Any) -> "FailsOnce":
        return FailsOnce(self._real.open(what))

    def __getattr__(self, name: str) -> Any:
        def call() -> Any:
            if name not in self._failed:
                self._failed.add(name)
                raise unreachable()
            return getattr(self._real, name)()

        return call


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"account": 1}, "account"),
        ({"cost_center": 5}, "cost_center"),
        ({"template_due": 9}, "template_due"),
        ({"template_paid": 9}, "template_paid"),
        ({"accounts_by_payment": {"mollie:ideal": 3}}, "accounts_by_payment.mollie:ideal"),
        ({"cost_centers_by_payment": {"paypal": 7}}, "cost_centers_by_payment.paypal"),
    ],
)
def test_an_id_acumulus_does_not_have_is_refused_by_name(
    world: World, settings: dict[str, object], named: str
) -> None:
    """Acumulus would silently book on another account, so an unknown id never gets stored."""
    problem = refused(world, contract(a_shop(**settings)))

    assert problem.remark.part is Part.SETTINGS
    assert f"administrations[0].shops[0]: {named}: " in str(problem)
    assert "it has" in str(problem)


def test_ids_acumulus_has_are_accepted(world: World) -> None:
    """Every setting that names something of the administration works with what it really has."""
    world.connect(
        contract(
            a_shop(
                account=70001,
                cost_center=48001,
                template_due=39001,
                template_paid=39002,
                accounts_by_payment={"mollie:ideal": 70002, "paypal": 0},
                cost_centers_by_payment={"mollie:ideal": 48001},
            )
        )
    )

    assert world.settings.account == 70001


def test_lists_are_read_only_when_a_setting_needs_them(world: World) -> None:
    """Connecting with defaults asks Acumulus for the contract and nothing else."""
    world.connect()

    assert world.books["123456"].calls == ["contract"]
    assert world.shops.by_token[TOKEN].calls == ["store"]


def test_ids_that_cannot_be_checked_are_not_stored(world: World) -> None:
    """When the list does not come, connecting waits rather than trusting the id."""
    world.books["123456"].unreadable.add("accounts")

    assert refused(world, contract(a_shop(account=70001))).remark.code == "choices_unreadable"


def test_an_unknown_status_is_refused_with_those_that_exist(world: World) -> None:
    """Statuses differ per shop: the sentence lists what there is to choose from (R1)."""
    problem = refused(world, contract(a_shop(trigger_statuses=[3, 77])))

    assert "trigger_statuses: this shop has no order status 77" in str(problem)
    assert "3 (Betaald)" in str(problem)


def test_statuses_that_cannot_be_listed_are_remarked(world: World) -> None:
    """Without a list the statuses are taken as they are, and that is said."""
    world.shops.by_token[TOKEN].statuses = ()

    world.connect(contract(a_shop(trigger_statuses=[3])))

    assert "statuses_unchecked" in world.codes


def test_lists_of_the_shop_that_do_not_come_stop_nothing(world: World) -> None:
    """Statuses are remarked as unchecked; payment methods are only ever advice."""
    world.shops.by_token[TOKEN] = ListsAway(Store("shop-1", "Winkel Aap"))

    world.connect(contract(a_shop(trigger_statuses=[3], accounts_by_payment={"ideal": 70001})))

    assert world.codes == ["statuses_unchecked"]


def test_a_payment_method_the_shop_does_not_have_is_remarked(world: World) -> None:
    """Old orders may carry it: it is said, not refused."""
    world.connect(contract(a_shop(accounts_by_payment={"tikkie": 70001, "ideal": 70001})))

    assert world.codes.count("unknown_payment_method") == 1


def test_a_shop_of_another_account_is_refused(world: World) -> None:
    """A token alone never takes a shop away from its owner."""
    world.connect()
    world.add_contract("654321")

    problem = refused(world, contract(contractcode="654321"))

    assert problem.remark.code == "shop_of_another_account"


def test_a_contract_of_another_account_is_refused(world: World) -> None:
    """Knowing a contract is not enough to take it over into one's own account."""
    world.connect()
    credentials = Credentials("123456", "api", Secret(PASSWORD))
    asked = AdministrationToConnect(credentials=credentials, account_id="acc-of-somebody-else")

    with pytest.raises(ConnectRefused) as caught:
        connect(world.services, [asked], by="test")

    assert caught.value.remark.code == "contract_of_another_account"


def test_a_shop_does_not_move_to_another_administration_by_itself(world: World) -> None:
    """Its orders would be booked in two places: it is disconnected first."""
    (shop,) = world.connect()
    world.add_contract("654321")
    asked = AdministrationToConnect(
        credentials=Credentials("654321", "api", Secret(PASSWORD)),
        shops=(ShopToConnect(token=Secret(TOKEN)),),
        account_id=shop.account_id,
    )

    with pytest.raises(ConnectRefused) as caught:
        connect(world.services, [asked], by="test")

    assert caught.value.remark.code == "shop_on_another_administration"


def test_a_shop_given_twice_is_refused(world: World) -> None:
    """Two tokens of one store are one shop, with two sets of settings to choose from."""
    world.shops.by_token["tweede-token-0123456"] = world.shops.by_token[TOKEN]

    problem = refused(world, contract(a_shop(), a_shop("tweede-token-0123456")))

    assert problem.remark.code == "shop_twice"


def test_a_contract_with_two_passwords_is_refused(world: World) -> None:
    """Nobody guesses which of the two is right."""
    problem = refused(world, contract(), contract(password="anders"))

    assert problem.remark.code == "contract_twice"


# --------------------------------------------------------------------------- prefixes


def two_shops(world: World, first: str = "", second: str = "") -> None:
    """Connect two shops to one administration, in this order."""
    world.add_shop("token-van-winkel-noot-1", "shop-2", "De Noot & Zonen")
    one = a_shop(order_prefix=first) if first else a_shop()
    other = {"token": "token-van-winkel-noot-1"}
    if second:
        other["settings"] = {"order_prefix": second}  # type: ignore[assignment]  # a document
    world.connect(contract(one, other))


def prefixes_of(world: World) -> list[str]:
    """The prefixes of all shops, by shop id."""
    shops = sorted(world.tenants.all_shops(), key=lambda shop: shop.shop_id)
    return [world.tenants.settings(s.shop_id, s.settings_version).order_prefix for s in shops]


def test_a_second_shop_without_prefix_gets_one(world: World) -> None:
    """Two shops have equal order numbers: their references must differ all the same (R99)."""
    two_shops(world)

    assert prefixes_of(world) == ["", "DNZ"]
    assert (
        Remark(
            "prefix_derived",
            "administrations[0].shops[1]",
            {"shop": "De Noot & Zonen", "prefix": "DNZ"},
        )
        in world.told
    )


def test_a_derived_prefix_stays(world: World) -> None:
    """Connecting again keeps it, and makes no new settings version."""
    two_shops(world)
    two_shops(world)

    assert prefixes_of(world) == ["", "DNZ"]
    assert {shop.settings_version for shop in world.tenants.all_shops()} == {1}


def test_a_derived_prefix_stays_when_the_order_of_the_shops_changes(world: World) -> None:
    """What orders were booked under does not depend on the order in a file."""
    two_shops(world)

    world.connect(contract({"token": "token-van-winkel-noot-1"}, a_shop()))

    assert prefixes_of(world) == ["", "DNZ"]


def test_a_shop_added_later_sees_those_that_are_there(world: World) -> None:
    """The first connection is not in the second document, and counts."""
    world.connect()
    world.add_shop("token-van-winkel-noot-1", "shop-2", "Noot")

    world.connect(contract(a_shop("token-van-winkel-noot-1")))

    assert prefixes_of(world) == ["", "NO"]


@pytest.mark.parametrize(("first", "second"), [("WA", "WA"), ("WA", "wa"), ("A", "A1")])
def test_prefixes_that_can_be_confused_are_refused(world: World, first: str, second: str) -> None:
    """Order 142 of "A" and order 42 of "A1" would have the same reference."""
    with pytest.raises(ConnectRefused, match="order_prefix") as caught:
        two_shops(world, first, second)

    assert caught.value.remark.code == "prefix_taken"
    assert world.tenants.all_shops() == []


def test_prefixes_that_differ_are_kept(world: World) -> None:
    """What the owner chose is what is used."""
    two_shops(world, "WA", "WN")

    assert prefixes_of(world) == ["WA", "WN"]


@pytest.mark.parametrize("prefix", ["ÀÉ", "WA 1", "veel-te-lang-voorvoegsel", "<b>"])
def test_a_prefix_that_does_not_fit_a_reference_is_refused(world: World, prefix: str) -> None:
    """The reference is ASCII and short (R100)."""
    problem = refused(world, contract(a_shop(order_prefix=prefix)))

    assert str(problem).startswith(
        "administrations[0].shops[0].settings.order_prefix may have at most 12 letters"
    )
    assert ";" not in str(problem)


# --------------------------------------------------------------------------- advice, going on


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (1, "role_deprecated"),
        (2, "role_deprecated"),
        (3, "role_deprecated"),
        (4, "role_too_much"),
        (6, "role_too_little"),
        (99, "role_unknown"),
    ],
)
def test_a_role_that_is_not_the_right_one_gets_advice(world: World, role: int, code: str) -> None:
    """It works, so it is stored; the owner hears what would be better (Acumulus API 4.1)."""
    world.books["123456"].role_id = role

    world.connect()

    assert world.codes == [code]


def test_the_right_role_gets_no_advice(world: World) -> None:
    """Nothing is said when all is well."""
    world.connect()

    assert world.told == []


def test_a_trial_contract_says_how_much_is_left(world: World) -> None:
    """The owner knows before the room runs out."""
    world.books["123456"].max_entries = 50

    world.connect()

    assert world.told[0].sentence("nl").endswith("er kunnen nog 50 van 50 boekingen bij.")


def test_a_full_trial_goes_on_when_the_contract_is_paid(world: World) -> None:
    """Connecting makes no room: the trial is not called solved, until it is one no longer."""
    world.books["123456"].max_entries = 50
    world.connect()
    world.tenants.pause_administration(
        world.administration.administration_id,
        TRIAL_LIMIT,
        credentials_version=None,
        at=world.clock.now(),
    )
    world.connect()
    assert (world.administration.paused, world.subjects) == (TRIAL_LIMIT, [])

    world.books["123456"].max_entries = None
    world.connect()
    assert world.administration.paused == ""


def test_connecting_again_sets_a_refused_shop_going(world: World) -> None:
    """The merchant switched the same token on again: the shop goes on, and that is said."""
    world.connect()
    world.tenants.pause_shop("shop-1", "token_refused", token_version=1, at=world.clock.now())
    world.tenants.settle_shop_notice("shop-1", "paused")

    (shop,) = world.connect()

    assert shop.paused == ""
    assert world.shop == shop
    assert world.subjects == ["Opgelost: Winkel Aap is weer verbonden"]
    assert world.codes == ["resumed"]


def test_connecting_again_leaves_a_shop_that_was_paused_by_hand(world: World) -> None:
    """A person's own pause ends by a person."""
    world.connect()
    pause(world.services, "shop-1")

    world.connect()

    assert world.shop.paused == "by_hand"
    assert world.subjects == []


def test_an_owner_without_the_first_mail_gets_no_second(world: World) -> None:
    """The mail "Opgelost" makes no sense to who never heard that something was wrong."""
    world.connect()
    world.tenants.pause_shop("shop-1", "token_refused", token_version=1, at=world.clock.now())

    world.connect()

    assert world.shop.notice_owed == ""
    assert world.subjects == []


# --------------------------------------------------------------------------- the document


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "This is not JSON: line 1, column 2"),
        (b'{"\xff', "not UTF-8"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "the document must be names with values"),
        ({}, "partner_token is missing; administrations is missing"),
        (
            {"partner_token": "p", "administrations": []},
            "administrations must not be empty.",
        ),
        (
            {"partner_token": "p", "administrations": [contract(shops=[])]},
            "administrations[0].shops must not be empty",
        ),
        (
            {"partner_token": "p", "administrations": [contract(pasword="x")]},
            "administrations[0].pasword is not known (did you mean password?)",
        ),
        (
            {"partner_token": "p", "administrations": [contract(a_shop(order_prefx="W"))]},
            (
                "administrations[0].shops[0].settings.order_prefx is not known "
                "(did you mean order_prefix?)"
            ),
        ),
        (
            {"partner_token": "p", "administrations": [contract(a_shop(concept="maybe"))]},
            "settings.concept must be one of 'auto', 'always', 'never'.",
        ),
        (
            {"partner_token": "p", "administrations": [contract(a_shop(trigger_statuses="2"))]},
            "settings.trigger_statuses must be a list, in square brackets.",
        ),
        (
            {"partner_token": "p", "administrations": [contract(a_shop(start_date="2026-13-01"))]},
            "settings.start_date must be a date, such as 2026-01-31.",
        ),
        (
            {"partner_token": "p", "administrations": [contract({"settings": {}})]},
            "administrations[0].shops[0].token is missing",
        ),
    ],
)
def test_a_wrong_document_is_refused_by_place(
    world: World, document: dict[str, object] | str | bytes, says: str
) -> None:
    """One sentence names what is wrong and where, before anything outside is asked."""
    with pytest.raises(ConnectRefused) as caught:
        connect_file(world.services, document)

    assert says in str(caught.value)
    assert world.books["123456"].calls == []


def test_a_document_as_text_is_read_exactly(world: World) -> None:
    """Numbers of a JSON text never pass through binary floats."""
    text = (
        '{"partner_token": "p", "administrations": [{"contractcode": 123456, "username": "api", '
        f'"password": "{PASSWORD}", "shops": [{{"token": "{TOKEN}", '
        '"settings": {"exchange_rates": {"GBP": 1.1700}}}]}]}'
    )

    connect_file(world.services, text)

    assert str(world.settings.exchange_rates["GBP"]) == "1.1700"


@pytest.mark.parametrize(
    "document",
    [
        '{"partner_token": "geheime-partner", "x": ',
        {"partner_token": ["geheime-partner"], "administrations": "geheime-partner"},
        {"partner_token": "p", "administrations": [{"password": ["geheime-partner"]}]},
    ],
)
def test_a_refusal_never_repeats_a_value(world: World, document: object) -> None:
    """Neither the sentence nor the chain of causes holds what was in the document."""
    with pytest.raises(ConnectRefused) as caught:
        connect_file(world.services, document)  # type: ignore[arg-type]  # wrong on purpose

    assert "geheime" not in "".join(traceback.format_exception(caught.value))


def test_every_sentence_exists_in_both_languages_with_the_same_names() -> None:
    """A sentence can be filled in whichever language is asked."""
    assert WORDINGS
    for code, wording in WORDINGS.items():
        dutch = set(re.findall(r"{(\w+)}", wording.nl.replace("_nl}", "}")))
        english = set(re.findall(r"{(\w+)}", wording.en.replace("_en}", "}")))
        assert dutch == english, code
