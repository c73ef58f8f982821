"""Token and contract replaced, a shop paused, going on and disconnected, through the pages."""

from dataclasses import replace
from datetime import date

import pytest

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import StopShop
from boekbrug.journey.connect import connect
from boekbrug.journey.connect_document import AdministrationToConnect, ShopToConnect
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.pauses import PauseServices, stop_administration, stop_shop
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import NOT_STARTED, Administration, ConnectedShop, Secret
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import PortalWorld

OLD, NEW = f"token-of-{STORE_ID}", "nieuwe-token-0123456789"
INDEX, TOKEN, BOOKS, REMOVE = (
    "/instellingen",
    "/instellingen/token",
    "/instellingen/acumulus",
    "/instellingen/ontkoppelen",
)


@pytest.fixture
def world() -> PortalWorld:
    """A shop that was connected as an owner does it, with a second token."""
    world = PortalWorld()
    world.tenants.remove_shop(STORE_ID)
    asked = AdministrationToConnect(
        credentials=Credentials("123456", "api", Secret("pw")),
        shops=(
            ShopToConnect(
                token=Secret(OLD),
                settings=ShopSettings(trigger_statuses=(3,), start_date=date(2026, 1, 1)),
            ),
        ),
        account_id="owner",
    )
    connect(world.connecting, [asked], by="owner")
    world.shops.by_token[NEW] = world.shops.by_token[OLD]
    return world


def connected(world: PortalWorld) -> ConnectedShop:
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def administration(world: PortalWorld) -> Administration:
    found = world.tenants.administration(connected(world).administration_id)
    assert found is not None
    return found


def pausing(world: PortalWorld) -> PauseServices:
    return PauseServices(world.tenants, world.notices, world.clock)


# --------------------------------------------------------------------------- token


def test_a_new_token_sets_a_refused_shop_going(world: PortalWorld) -> None:
    """The page says what is wrong, the new token is tried and kept, and only its end is shown."""
    stop_shop(pausing(world), connected(world), "token_refused")
    assert "weigert de token" in world.owner.get(INDEX)

    done = world.owner.post(TOKEN, {"token": NEW})

    page = done.follow()
    assert "eindigt op 6789" in page
    assert "gaat weer verder" in page
    assert NEW not in page
    assert connected(world).paused == ""
    assert open_token(world.sealer, connected(world)).text == NEW
    assert world.notices.sent[-1].subject.startswith("Opgelost")


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "Plak hier de token"),
        ("onbekend-0123456", "Mijnwebwinkel weigert de token"),
        ("van-een-andere-winkel", "hoort bij de winkel Andere winkel, niet bij Winkel"),
    ],
)
def test_a_token_that_is_not_right_is_not_kept(world: PortalWorld, token: str, says: str) -> None:
    """Empty, refused, or of another shop: at the field, and never shown again."""
    world.shops.by_token["van-een-andere-winkel"] = FakeShop(Store("ander", "Andere winkel"))

    page = world.owner.post(TOKEN, {"token": token})

    assert page.status == 422
    assert 'id="token-error"' in page.text
    assert says in page
    assert not token or token not in page
    assert open_token(world.sealer, connected(world)).text == OLD


# --------------------------------------------------------------------------- contract


def test_a_new_password_sets_a_stopped_administration_going(world: PortalWorld) -> None:
    """The contract stays, the user may be another; nothing typed is shown again."""
    stop_administration(pausing(world), administration(world), "credentials_refused")
    assert "weigert de toegang tot deze administratie" in world.owner.get(INDEX)
    page = world.owner.get(BOOKS)
    assert ("123456" in page, 'value="api"' in page.text) == (True, True)

    done = world.owner.post(BOOKS, {"gebruiker": "boekbrug", "wachtwoord": "nieuw-wachtwoord"})

    assert "De toegang tot Acumulus werkt" in done.follow()
    assert administration(world).paused == ""
    credentials = open_credentials(world.sealer, administration(world))
    assert (credentials.contractcode, credentials.username) == ("123456", "boekbrug")
    assert credentials.password.text == "nieuw-wachtwoord"  # of this test


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"gebruiker": "", "wachtwoord": "x"}, "gebruiker"),
        ({"gebruiker": "boekbrug", "wachtwoord": ""}, "wachtwoord"),
        ({"gebruiker": "boekbrug", "wachtwoord": "verkeerd-geheim"}, "gebruiker"),
    ],
)
def test_access_that_is_not_right_is_not_kept(
    world: PortalWorld, form: dict[str, str], field: str
) -> None:
    """Empty or refused: at the field; the user stays, the password never."""
    world.books["123456"].password = "pw"  # of this test

    page = world.owner.post(BOOKS, form)

    assert page.status == 422
    assert f'id="{field}-error"' in page.text
    assert "verkeerd-geheim" not in page
    assert f'value="{form["gebruiker"]}"' in page.text
    assert administration(world).credentials_version == 1


def test_acumulus_out_of_reach_is_not_a_wrong_password(world: PortalWorld) -> None:
    """It is said above the form, and no field is blamed."""
    world.books["123456"].unreadable.add("contract")

    page = world.owner.post(BOOKS, {"gebruiker": "boekbrug", "wachtwoord": "nieuw"})

    assert page.status == 422
    assert "over een paar minuten opnieuw" in page
    assert "-error" not in page.text


def test_advice_about_the_role_is_said(world: PortalWorld) -> None:
    """Kept all the same."""
    world.books["123456"].role_id = 4

    done = world.owner.post(BOOKS, {"gebruiker": "baas", "wachtwoord": "nieuw"})

    assert "API-gebruiker volstaat" in done.follow()


# --------------------------------------------------------------------------- stop, go, gone


def test_a_pause_and_on_again(world: PortalWorld) -> None:
    """One button each way; nobody is mailed."""
    world.owner.get(INDEX)
    mails = len(world.notices.sent)
    paused = world.owner.post("/instellingen/pauze").follow()
    assert "staat op pauze" in paused
    assert connected(world).paused == "by_hand"

    going = world.owner.post("/instellingen/hervatten").follow()

    assert "gaat weer verder" in going
    assert connected(world).paused == ""
    assert len(world.notices.sent) == mails


def test_a_shop_that_is_still_refused_does_not_go_on(world: PortalWorld) -> None:
    """The reason stands on the page."""
    stop_shop(pausing(world), connected(world), "token_refused")
    world.shops.by_token[OLD].failing = StopShop("no", code="token_refused")

    page = world.owner.post("/instellingen/hervatten")

    assert page.status == 422
    assert "Mijnwebwinkel weigert de token" in page
    assert connected(world).paused == "token_refused"


def test_a_shop_that_was_never_switched_on_is_led_to_the_try_out(world: PortalWorld) -> None:
    """First see, then switch on."""
    world.tenants.put_shop(replace(connected(world), paused=NOT_STARTED))

    page = world.owner.get(INDEX)

    assert "nog niet aangezet" in page
    assert 'href="/proefdraaien"' in page.text
    assert "/instellingen/hervatten" not in page.text


def test_a_form_is_about_the_shop_of_its_page(world: PortalWorld) -> None:
    """Whatever shop comes first by the time it is sent; one that names none changes nothing."""
    form = world.owner.get(REMOVE).text
    assert f'name="winkel" value="{STORE_ID}"' in form
    world.shop("a-shop-that-comes-first")
    first = world.tenants.shop("a-shop-that-comes-first")
    assert first is not None
    world.tenants.put_shop(replace(first, store=replace(first.store, name="Aap")))

    assert world.owner.post(REMOVE, {"zeker": "1"}).status == 403
    assert len(world.tenants.account_shops("owner")) == 2
    gone = world.owner.post(REMOVE, {"zeker": "1", "winkel": STORE_ID})

    assert gone.status == 303
    assert world.tenants.shop(STORE_ID) is None
    assert world.tenants.shop("a-shop-that-comes-first") is not None


def test_a_shop_is_disconnected_only_when_its_owner_is_sure(world: PortalWorld) -> None:
    """What waits is told; the token is forgotten, the versions stay."""
    world.shops.by_token[OLD].add(order_json("1042"))
    world.schedule()
    world.fetch()
    assert world.states() == {"1042": "queued"}
    unsure = world.owner.post(REMOVE)
    assert (unsure.status, 'id="zeker-error"' in unsure.text) == (422, True)
    assert world.tenants.shop(STORE_ID) is not None

    gone = world.owner.post(REMOVE, {"zeker": "1"})

    assert gone.location == "/overzicht"
    assert "is ontkoppeld" in gone.follow()
    assert world.tenants.shop(STORE_ID) is None
    assert len(world.tenants.settings_versions(STORE_ID, 5)) == 2


def test_orders_that_wait_are_told_before_a_shop_goes(world: PortalWorld) -> None:
    """They would not be booked any more."""
    world.shops.by_token[OLD].add(order_json("1042", currency="SEK"), order_json("1043"))
    world.hour()
    assert world.states() == {"1042": "held", "1043": "booked"}

    assert "Er wacht nog 1 bestelling" in world.owner.get(REMOVE)


# --------------------------------------------------------------------------- who may


@pytest.mark.parametrize("path", [TOKEN, BOOKS, REMOVE, "/instellingen/pauze"])
def test_a_reader_has_no_access(world: PortalWorld, path: str) -> None:
    """Not even to look at the forms."""
    form = {"token": NEW, "gebruiker": "x", "wachtwoord": "y", "zeker": "1"}

    assert world.reader.get(path).status == (404 if path.endswith("pauze") else 403)
    assert world.reader.post(path, form).status == 403
    assert (connected(world).paused, connected(world).token_version) == ("", 1)


@pytest.mark.parametrize(
    "path", [TOKEN, BOOKS, REMOVE, "/instellingen/pauze", "/instellingen/hervatten"]
)
def test_nobody_touches_the_shop_of_another(world: PortalWorld, path: str) -> None:
    """Its id is known, and that is not enough."""
    form = {"token": NEW, "gebruiker": "x", "wachtwoord": "y", "zeker": "1", "winkel": STORE_ID}

    assert world.stranger.post(path, form).status == 404
    assert (connected(world).paused, connected(world).token_version) == ("", 1)
    assert administration(world).credentials_version == 1


def test_a_shop_out_of_reach_keeps_its_token(world: PortalWorld) -> None:
    """A new one that cannot be tried is not kept."""
    world.shops.by_token[NEW].failing = unreachable()

    page = world.owner.post(TOKEN, {"token": NEW})

    assert page.status == 422
    assert "over een paar minuten opnieuw" in page
    assert open_token(world.sealer, connected(world)).text == OLD
