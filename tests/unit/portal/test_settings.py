"""The settings of a shop: forms from the model, what they would change, versions, messages."""

import re
from html import unescape
from typing import Any

import pytest

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.portal.pages.settings import GROUPS
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import OWNERS, PortalWorld, Seen

ORDERS = "/instellingen/bestellingen"
BOOKING = "/instellingen/boeken"
VAT = "/instellingen/btw"


@pytest.fixture
def world() -> PortalWorld:
    """A running shop with seven orders, chosen by hand to begin in January."""
    world = PortalWorld()
    shop = shop_of(world)
    shop.add(*(order_json(str(number)) for number in range(1001, 1006)))
    shop.add(order_json("1006", status=2), order_json("1007", status=2))
    shop.methods = (("mollie", "ideal", "iDEAL"), ("paypal", "paypal", "PayPal"))
    world.choose(trigger_statuses=(3,), start_date="2026-01-01")
    return world


def shop_of(world: PortalWorld) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def connected(world: PortalWorld, shop_id: str = STORE_ID) -> ConnectedShop:
    found = world.tenants.shop(shop_id)
    assert found is not None
    return found


def settings(world: PortalWorld, shop_id: str = STORE_ID) -> ShopSettings:
    return world.tenants.settings(shop_id, connected(world, shop_id).settings_version)


def filled(page: Seen, group: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    form: dict[str, list[str]] = {}
    start = page.text.index(f'action="/instellingen/{group}/vooraf"')
    part = page.text[start : page.text.index("</form>", start)]
    for tag in re.findall(r"<input[^>]*>", part):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        ticked = told.get("type") not in {"checkbox", "radio"} or " checked" in tag
        if ticked and told["name"] != "csrf":
            form.setdefault(told["name"], []).append(unescape(told["value"]))
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', part, re.DOTALL
    ):
        form[name] = [unescape(text)]
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[unescape(name)] = [chosen[1] if chosen else ""]
    return form


def change(world: PortalWorld, group: str, **changes: Any) -> Seen:
    """Open the form, change something, and ask what that would change."""
    form = filled(world.owner.get(f"/instellingen/{group}"), group)
    return world.owner.post(f"/instellingen/{group}/vooraf", form | changes)


def hidden(page: Seen, action: str) -> dict[str, Any]:
    """What the button Opslaan sends along."""
    start = page.text.index(f'action="{action}"')
    part = page.text[start : page.text.index("</form>", start)]
    form: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', part):
        form.setdefault(unescape(name), []).append(unescape(value))
    form.pop("csrf")
    return form


# --------------------------------------------------------------------------- from the model


def test_every_setting_has_its_place() -> None:
    """In one group, and in no other."""
    placed = [name for names in GROUPS.values() for name in names]

    assert sorted(placed) == sorted(ShopSettings.model_fields)


@pytest.mark.parametrize("group", GROUPS)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(world: PortalWorld, group: str) -> None:
    """Whatever kind of field a setting has, it reads back what it showed."""
    world.choose(
        trigger_statuses=(2, 3),
        credit_statuses=(10,),
        start_date="2026-01-01",
        start_number=1002,
        eu_threshold_percentage="92.50",
        exchange_rates={"SEK": "0.0871", "GBP": "1.17"},
        service_skus=("CURSUS-*", "ADVIES"),
        accounts_by_payment={"Mollie:iDEAL": 48001, "paypal": 48003, "klarna": 48002},
        email_if_absent="info@winkel.example",
        warehouse_country="DE",
        concept="never",
        paid_only=True,
        send_zero_total=False,
    )

    page = change(world, group)

    assert page.location == f"/instellingen/{group}"
    assert page.flash is not None
    assert page.flash.text == "Er is niets gewijzigd."


@pytest.mark.parametrize("group", GROUPS)
def test_forms_are_complete_in_english(world: PortalWorld, group: str) -> None:
    """Titles, helps and choices of the model and of the portal."""
    world.owner.post("/taal", {"taal": "en"})

    page = world.owner.get(f"/instellingen/{group}")

    labels = re.findall(r"<(?:label|legend)[^>]*>(?:<input[^>]*>)?(?:<span>)?([^<]*)", page.text)
    assert labels
    assert not re.search(r"\b(de|het|een|van|voor|niet)\b", " ".join(labels))


def test_names_that_only_a_file_needs_are_left_out(world: PortalWorld) -> None:
    """The choices stand below in words."""
    page = world.owner.get(VAT)

    assert "Goederen, diensten of allebei." in page
    assert "(products)" not in page
    assert "from_threshold)" not in page


def test_statuses_show_how_many_orders_have_them(world: PortalWorld) -> None:
    """Of the latest orders, now."""
    page = world.owner.get(ORDERS)

    assert "5 van de laatste 7 bestellingen" in page
    assert "2 van de laatste 7 bestellingen" in page


def test_a_choice_that_is_gone_from_a_list_stays_chosen(world: PortalWorld) -> None:
    """A status, an account and a method that no list knows any more are shown, and kept."""
    world.choose(
        trigger_statuses=(3, 99), start_date="2026-01-01", account=7, accounts_by_payment={"oud": 7}
    )

    assert "Status 99 (niet meer in de winkel)" in world.owner.get(ORDERS)
    booking = world.owner.get(BOOKING)
    assert "Nummer 7 (niet in de lijst)" in booking
    assert "oud (niet meer in de winkel)" in booking


def test_lists_are_read_anew_at_the_press_of_a_button(world: PortalWorld) -> None:
    """And the owner is back where he was."""
    world.owner.get(ORDERS)
    shop_of(world).edit("1006", status=3)
    assert "5 van de laatste 7" in world.owner.get(ORDERS)

    again = world.owner.post("/instellingen/lijsten", {"groep": "bestellingen"})

    assert again.location == ORDERS
    assert "6 van de laatste 7" in again.follow()
    assert world.owner.post("/instellingen/lijsten", {"groep": "nergens"}).status == 404


def test_lists_that_do_not_come_leave_the_form_usable(world: PortalWorld) -> None:
    """What is chosen stays chosen."""
    shop_of(world).failing = unreachable()

    page = world.owner.get(ORDERS)

    assert "Niet alle lijsten zijn binnengekomen" in page
    assert 'value="3" checked' in page.text


# --------------------------------------------------------------------------- before it is kept


def test_what_a_change_would_do_is_shown_first(world: PortalWorld) -> None:
    """How many orders, which, what before and after; nothing is kept yet."""
    page = change(world, "bestellingen", trigger_statuses=["2"])

    assert page.status == 200
    assert "7 van de laatste 7 bestellingen zouden anders geboekt worden" in page
    assert "2 zouden alsnog geboekt worden" in page
    assert "5 zouden niet meer geboekt worden" in page
    assert "5 bestellingen, zoals 1001, 1002, 1003" in page
    assert "<del>Betaald</del> → <ins>Verzonden</ins>" in page.text
    assert "De status van deze bestelling is niet gekozen" in page
    assert settings(world).trigger_statuses == (3,)


def test_and_then_it_is_kept(world: PortalWorld) -> None:
    """As a new version, with the name of who did it."""
    page = change(world, "bestellingen", trigger_statuses=["2", "3"], paid_only="1")

    saved = world.owner.post(ORDERS, hidden(page, ORDERS))

    assert saved.location == ORDERS
    assert (settings(world).trigger_statuses, settings(world).paid_only) == ((2, 3), True)
    (version,) = world.tenants.settings_versions(STORE_ID, 1)
    assert version.by == OWNERS


def test_the_way_back_keeps_what_was_typed(world: PortalWorld) -> None:
    """The form again, as it was sent; nothing is kept."""
    page = change(world, "boeken", concept="always", order_prefix="HH")

    back = world.owner.post(BOOKING, hidden(page, BOOKING) | {"stap": "terug"})

    assert back.status == 200
    assert filled(back, "boeken")["order_prefix"] == ["HH"]
    assert filled(back, "boeken")["concept"] == ["always"]
    assert settings(world).concept == "auto"


def test_accounts_per_payment_method(world: PortalWorld) -> None:
    """Chosen from the list, by the name of the method; emptied again as easily."""
    page = change(world, "boeken", **{"cost_centers_by_payment.mollie:ideal": "48001"})
    assert "iDEAL: Webwinkel" in page
    assert "5 van de laatste 7" in page
    world.owner.post(BOOKING, hidden(page, BOOKING))
    assert settings(world).cost_centers_by_payment == {"mollie:ideal": 48001}

    page = change(world, "boeken", **{"cost_centers_by_payment.mollie:ideal": ""})
    world.owner.post(BOOKING, hidden(page, BOOKING))
    assert settings(world).cost_centers_by_payment == {}


def test_a_change_that_touches_no_order_says_so(world: PortalWorld) -> None:
    """Rates of a currency that nobody paid in."""
    page = change(world, "boeken", exchange_rates="GBP 1,17")

    assert "Van de laatste 7 bestellingen zou er geen anders geboekt worden" in page
    assert "GBP 1,17" in page


def test_a_shop_that_does_not_answer_stops_no_change(world: PortalWorld) -> None:
    """Nothing is compared, and that is said."""
    form = filled(world.owner.get(BOOKING), "boeken")
    shop_of(world).failing = unreachable()

    page = world.owner.post(f"{BOOKING}/vooraf", form | {"concept": "never"})

    assert page.status == 200
    assert "er is niets vergeleken" in page


def test_no_customer_is_in_the_comparison(world: PortalWorld) -> None:
    """That contacts would be kept otherwise is all it tells."""
    form = filled(world.owner.get("/instellingen/klanten"), "klanten")
    form.pop("send_private_customers")

    page = world.owner.post("/instellingen/klanten/vooraf", form)

    assert "5 van de laatste 7" in page
    assert [name for name in ("Quirijn", "Lindelaan", "3512 AB") if name in page] == []


@pytest.mark.parametrize(
    ("group", "changes", "field", "says"),
    [
        ("bestellingen", {"trigger_statuses": []}, "trigger_statuses", "Kies minstens een status"),
        ("bestellingen", {"start_date": ""}, "start_date", "Kies een begindatum"),
        ("bestellingen", {"start_number": "x1"}, "start_number", "moet een geheel getal zijn"),
        ("boeken", {"order_prefix": "een twee"}, "order_prefix", "mag hoogstens 12"),
        ("boeken", {"exchange_rates": "GBP"}, "exchange_rates", "moet een getal zijn"),
        ("boeken", {"exchange_rates": "XX 1"}, "exchange_rates", "munt die niet bestaat"),
        ("boeken", {"concept": "soms"}, "concept", "Kies een van de mogelijkheden"),
        ("btw", {"home_country": ""}, "home_country", "Vul de landcode in"),
        ("btw", {"warehouse_country": "US"}, "warehouse_country", "is geen EU-land"),
        ("btw", {"eu_threshold_percentage": "120"}, "eu_threshold_percentage", "0 tot en met 100"),
        ("klanten", {"email_if_absent": "info"}, "email_if_absent", "is geen e-mailadres"),
    ],
)
def test_what_is_not_right_is_said_at_its_field(
    world: PortalWorld, group: str, changes: dict[str, Any], field: str, says: str
) -> None:
    """Both when it is looked at and when it is sent at once; what was typed stays."""
    form = filled(world.owner.get(f"/instellingen/{group}"), group) | changes

    for path in (f"/instellingen/{group}/vooraf", f"/instellingen/{group}"):
        page = world.owner.post(path, form)
        assert page.status == 422
        assert f'id="{field}-error"' in page.text
        assert says in page
        if group == "boeken" and "order_prefix" in changes:
            assert filled(page, group)["order_prefix"] == ["een twee"]
    assert connected(world).settings_version == 2


def test_what_no_field_asked_for_is_not_kept(world: PortalWorld) -> None:
    """Neither a method that the shop does not have, nor a setting of another group."""
    page = change(world, "boeken", **{"accounts_by_payment.verzonnen": "48001", "sells": "both"})

    assert page.location == BOOKING


def test_more_text_than_can_be_kept(world: PortalWorld) -> None:
    """It is said above the form; nothing breaks."""
    page = change(world, "btw", service_skus="CURSUS-1\n" * 10_000)

    assert page.status == 422
    assert "te veel tekst" in page


def test_a_shop_that_never_had_a_start_needs_none_now(world: PortalWorld) -> None:
    """The operator connected it without one: another choice can be changed all the same."""
    world.choose(trigger_statuses=(3,))

    page = change(world, "bestellingen", paid_only="1")

    assert page.status == 200
    assert world.owner.post(ORDERS, hidden(page, ORDERS)).status == 303
    assert (settings(world).paid_only, settings(world).start_date) == (True, None)


def test_what_is_not_right_is_said_in_english(world: PortalWorld) -> None:
    """For who reads English."""
    world.owner.post("/taal", {"taal": "en"})
    form = filled(world.owner.get(BOOKING), "boeken")

    page = world.owner.post(f"{BOOKING}/vooraf", form | {"order_prefix": "een twee"})

    assert "This may have at most 12 letters" in page


def test_a_choice_that_acumulus_does_not_know_is_refused_at_its_field(world: PortalWorld) -> None:
    """Acumulus would silently book on another account."""
    form = filled(world.owner.get(BOOKING), "boeken")

    page = world.owner.post(BOOKING, form | {"cost_center": "12"})

    assert page.status == 422
    assert 'id="cost_center"' in page.text
    assert "kent geen kostenplaats 12" in page
    assert connected(world).settings_version == 2


def test_of_two_owners_the_second_sees_that_something_changed(world: PortalWorld) -> None:
    """He is told, keeps what he typed, and may then go on."""
    page = change(world, "boeken", concept="always")
    world.choose(trigger_statuses=(3,), start_date="2026-01-01", paid_only=True)

    refused = world.owner.post(BOOKING, hidden(page, BOOKING))
    assert refused.status == 422
    assert "intussen gewijzigd" in refused
    assert filled(refused, "boeken")["concept"] == ["always"]
    again = world.owner.post(f"{BOOKING}/vooraf", filled(refused, "boeken"))
    world.owner.post(BOOKING, hidden(again, BOOKING))

    assert (settings(world).concept, settings(world).paid_only) == ("always", True)


# --------------------------------------------------------------------------- versions


def test_versions_tell_who_changed_what(world: PortalWorld) -> None:
    """The newest first, and which one decides now."""
    page = change(world, "boeken", concept="always")
    world.owner.post(BOOKING, hidden(page, BOOKING))

    listed = world.owner.get("/instellingen/versies")

    assert listed.text.index("Versie 3") < listed.text.index("Versie 2")
    assert "Concept of definitief" in listed
    assert OWNERS in listed
    assert listed.text.count("geldt nu") == 1


def test_one_version_can_be_looked_at_and_chosen_again(world: PortalWorld) -> None:
    """After a look at what that would change; as a new version."""
    world.choose(trigger_statuses=(2,), start_date="2026-01-01")
    looked = world.owner.get("/instellingen/versies/2")
    assert "Betaald (nu: Verzonden)" in re.sub(r"<[^>]+>", "", looked.text)

    ahead = world.owner.post("/instellingen/versies/2/vooraf")
    assert "7 van de laatste 7" in ahead
    done = world.owner.post("/instellingen/versies/2", hidden(ahead, "/instellingen/versies/2"))

    assert done.location == "/instellingen/versies"
    assert (settings(world).trigger_statuses, connected(world).settings_version) == ((3,), 4)
    same = world.owner.post("/instellingen/versies/2/vooraf")
    assert same.location == "/instellingen/versies/2"


def test_a_version_whose_choices_are_gone_is_not_chosen(world: PortalWorld) -> None:
    """The reason stands above it."""
    world.choose(trigger_statuses=(3,), start_date="2026-01-01", cost_center=12)
    world.choose(trigger_statuses=(3,), start_date="2026-01-01")

    page = world.owner.post("/instellingen/versies/3", {"versie": "4"})

    assert page.status == 422
    assert "kent geen kostenplaats 12" in page


@pytest.mark.parametrize("number", ["0", "9", "x", "-1", "2.0"])
def test_a_version_that_is_not_there(world: PortalWorld, number: str) -> None:
    """Neither to look at nor to choose."""
    assert world.owner.get(f"/instellingen/versies/{number}").status == 404
    assert world.owner.post(f"/instellingen/versies/{number}").status == 404


# --------------------------------------------------------------------------- messages


def test_when_the_account_is_mailed(world: PortalWorld) -> None:
    """Shown as it is, and changed."""
    page = world.owner.get("/instellingen/berichten")
    assert 'value="problems" checked' in page.text

    assert world.owner.post("/instellingen/berichten", {"wanneer": "weekly"}).status == 303

    assert 'value="weekly" checked' in world.owner.get("/instellingen/berichten").text
    refused = world.owner.post("/instellingen/berichten", {"wanneer": "nooit"})
    assert (refused.status, "Kies wanneer" in refused) == (422, True)
    account = world.tenants.account("owner")
    assert account is not None
    assert account.notify == "weekly"


# --------------------------------------------------------------------------- who may


PAGES = ("", *(f"/{group}" for group in GROUPS), "/berichten", "/versies", "/versies/1")


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_looks_and_has_no_buttons(world: PortalWorld, path: str) -> None:
    """The values are there; nothing that changes them."""
    page = world.reader.get(f"/instellingen{path}")

    assert page.status == 200
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    assert "<button" not in main
    assert "<input" not in main


@pytest.mark.parametrize("group", [*GROUPS, "lijsten", "berichten", "versies/1"])
def test_a_reader_changes_nothing(world: PortalWorld, group: str) -> None:
    """Even when the form is made by hand."""
    form = {"concept": "always", "wanneer": "daily", "groep": "boeken", "trigger_statuses": "2"}

    assert world.reader.post(f"/instellingen/{group}", form).status == 403
    assert connected(world).settings_version == 2


@pytest.mark.parametrize("path", PAGES)
def test_the_shop_of_another_account_is_not_there(world: PortalWorld, path: str) -> None:
    """Neither to look at nor to change."""
    other = f"/instellingen{path}?winkel={STORE_ID}"

    assert world.stranger.get(other).status == (200 if path == "/berichten" else 404)
    assert world.stranger.post(f"{BOOKING}?winkel={STORE_ID}", {"concept": "always"}).status == 404
    posted = world.stranger.post(BOOKING, {"concept": "always", "winkel": STORE_ID})
    assert posted.status == 404
    assert connected(world).settings_version == 2


def test_an_account_without_a_shop_is_led_to_connecting(world: PortalWorld) -> None:
    """There is nothing to set yet."""
    assert world.stranger.get("/instellingen").location == "/koppelen"


def test_of_two_shops_the_chosen_one_is_changed(world: PortalWorld) -> None:
    """The choice goes along from form to comparison to saving."""
    world.shop("tweede-winkel")
    world.choose("tweede-winkel", trigger_statuses=(3,), start_date="2026-01-01")
    page = world.owner.get(f"{BOOKING}?winkel=tweede-winkel")
    form = filled(page, "boeken") | {"order_prefix": "TW"}
    assert form["winkel"] == ["tweede-winkel"]

    ahead = world.owner.post(f"{BOOKING}/vooraf", form)
    done = world.owner.post(BOOKING, hidden(ahead, BOOKING))

    assert f"Bij {connected(world, 'tweede-winkel').store.name}." in ahead
    assert done.location == f"{BOOKING}?winkel=tweede-winkel"
    assert settings(world, "tweede-winkel").order_prefix == "TW"
    assert connected(world).settings_version == 2
