"""People, signed calls, what is kept, and the end of an account: the owner's pages about it."""

import json
import re
import subprocess
from dataclasses import replace
from html import unescape

import pytest

from boekbrug.domain.order import Store
from boekbrug.hooks.once import MemoryOnce
from boekbrug.journey.ports.tenants import OWNER, READER, User
from boekbrug.journey.receive_hook import HookCall, HookServices, trigger
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import ACCOUNT
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import OWNERS, READERS, PortalWorld

PEOPLE = "/account/gebruikers"
CHANGE = "/account/gebruikers/wijzigen"


def people(world: PortalWorld) -> dict[str, str]:
    """Role by address."""
    account = world.tenants.account(ACCOUNT.account_id)
    return {one.email: one.role for one in account.people} if account else {}


# --------------------------------------------------------------------------- people


def test_an_owner_adds_an_accountant_who_can_sign_in_and_only_look() -> None:
    """Mailed only when that was ticked."""
    world = PortalWorld()
    added = world.owner.post(PEOPLE, {"email": "nieuw@example.nl", "rol": READER})

    assert added.flash is not None
    assert people(world)["nieuw@example.nl"] == READER
    assert world.notices.sent[-1].to == ("nieuw@example.nl",)
    newcomer = world.browser()
    newcomer.get(world.links()[-1])
    newcomer.post(world.links()[-1])
    assert newcomer.get("/account").status == 200
    assert newcomer.post(PEOPLE, {"email": "x@example.nl", "rol": OWNER}).status == 403
    account = world.tenants.account(ACCOUNT.account_id)
    assert account is not None
    assert account.emails == (OWNERS,)


def test_without_a_mail_the_newcomer_is_told_where_to_sign_in() -> None:
    """The access is there all the same."""
    world = PortalWorld()
    owner = world.owner
    world.notices.unreachable = True
    added = owner.post(PEOPLE, {"email": "nieuw@example.nl", "rol": READER})

    assert added.flash is not None
    assert "/inloggen" in added.flash.text
    assert people(world)["nieuw@example.nl"] == READER


def test_nobody_is_mailed_over_and_over_by_adding_him() -> None:
    """The limit of links counts for invitations too; who was added can come in all the same."""
    world = PortalWorld()
    for _ in range(8):
        world.owner.post(PEOPLE, {"email": "nieuw@example.nl", "rol": READER})
        world.owner.post(f"{PEOPLE}/wijzigen", {"wie": "nieuw@example.nl", "doe": "weg"})

    last = world.owner.post(PEOPLE, {"email": "nieuw@example.nl", "rol": READER})

    mails = [one for one in world.notices.sent if one.to == ("nieuw@example.nl",)]
    assert len(mails) == 5
    assert last.flash is not None
    assert "/inloggen" in last.flash.text
    assert people(world)["nieuw@example.nl"] == READER


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "geen adres", "rol": READER}, "Dit is geen e-mailadres"),
        ({"email": READERS.upper(), "rol": READER}, "heeft al toegang"),
        ({"email": "n@example.nl", "rol": "baas"}, "Kies eigenaar of meelezer"),
    ],
)
def test_who_cannot_be_added_is_told_why_and_what_was_typed_stays(
    form: dict[str, str], said: str
) -> None:
    """At the field, with nothing stored."""
    world = PortalWorld()
    before = people(world)
    page = world.owner.post(PEOPLE, form)

    assert page.status == 422
    assert said in page
    assert f'value="{form["email"]}"' in page
    assert people(world) == before


def test_twenty_people_are_enough() -> None:
    """A list that grows without end helps nobody but who breaks in."""
    world = PortalWorld()
    many = tuple(User(f"{index}@example.nl", READER) for index in range(19))
    world.tenants.put_account(replace(ACCOUNT, users=(User(OWNERS), *many)))

    assert "al 20 gebruikers" in world.owner.post(PEOPLE, {"email": "n@example.nl", "rol": READER})


def test_a_role_is_changed_and_taken_away_at_once() -> None:
    """The next page of who lost access is the sign-in page."""
    world = PortalWorld()
    reader = world.reader
    world.owner.post(CHANGE, {"wie": READERS, "rol": OWNER, "mails": "1", "doe": "bewaar"})
    assert people(world)[READERS] == OWNER
    world.owner.post(CHANGE, {"wie": READERS, "doe": "weg"})

    assert READERS not in people(world)
    assert reader.get("/account").location.startswith("/inloggen")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"wie": OWNERS, "rol": READER, "mails": "1", "doe": "bewaar"}, "eigenaar blijven"),
        ({"wie": OWNERS, "doe": "weg"}, "eigenaar blijven"),
        ({"wie": OWNERS, "rol": OWNER, "doe": "bewaar"}, "Iemand moet de mails krijgen"),
        ({"wie": "vreemd@example.nl", "rol": OWNER, "doe": "bewaar"}, "Kies eigenaar"),
    ],
)
def test_an_account_keeps_an_owner_and_somebody_who_hears(form: dict[str, str], said: str) -> None:
    """Nobody locks himself out."""
    world = PortalWorld()
    before = people(world)
    page = world.owner.post(CHANGE, form)

    assert (page.status, said in page) == (422, True)
    assert people(world) == before


# --------------------------------------------------------------------------- signed calls


def test_the_example_that_is_shown_is_accepted() -> None:
    """The shell lines of the page, run: time and signature fit what the door expects."""
    world = PortalWorld()
    page = world.owner.post("/account/signaal", {"winkel": STORE_ID})
    script = unescape(re.findall(r"<pre[^>]*><code>(.*?)</code>", page.text, re.DOTALL)[0])
    now = int(world.clock.now().timestamp())
    script = script.replace("$(date +%s)", str(now)).split("curl -X")[0] + 'echo "$mark"'
    mark = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    url = re.findall(r"curl -X POST '(.*?)'", unescape(page.text))[0]
    shop_id, version = url.split("/")[-2:]
    call = HookCall(
        shop_id=shop_id,
        version=version,
        timestamp=str(now),
        signature=f"sha256={mark.strip()}",
        body=b"{}",
    )
    services = HookServices(
        tenants=world.tenants,
        keys=world.hook_keys,
        once=MemoryOnce(),
        shops_queue=world.shops_queue,
        clock=world.clock,
    )

    assert trigger(services, call).shop_id == STORE_ID


def test_the_secret_is_shown_once() -> None:
    """Looking again shows that there is one, and no more."""
    world = PortalWorld()
    shown = world.owner.post("/account/signaal", {"winkel": STORE_ID})
    (secret,) = set(re.findall(r"bbh_[\w-]+", shown.text))
    again = world.owner.get("/account/signaal")

    assert secret not in again.text
    assert "Er is al een geheim" in again


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_only_an_owner_of_the_shop_gets_its_secret(who: str) -> None:
    """A reader is told so; for another account the shop does not exist."""
    world = PortalWorld()
    page = getattr(world, who).post("/account/signaal", {"winkel": STORE_ID})

    assert page.status == (403 if who == "reader" else 404)
    assert "bbh_" not in page.text


# --------------------------------------------------------------------------- what is kept


def test_an_export_holds_all_settings_and_no_secret() -> None:
    """As one JSON document that programs can read."""
    world = PortalWorld()
    got = world.reader.get("/account/gegevens.json")
    document = json.loads(got.text)

    assert got.headers["Content-Disposition"] == 'attachment; filename="boekbrug.json"'
    assert [one["email"] for one in document["account"]["people"]] == [OWNERS, READERS]
    (shop,) = document["shops"]
    assert shop["settings"][0]["choices"]["trigger_statuses"]
    shown = world.tenants.shop(STORE_ID)
    assert shown is not None
    assert shown.sealed_token not in got.text


def test_an_export_names_an_administration_without_a_shop_too() -> None:
    """Its password is still kept, so its owner must see that it is there."""
    world = PortalWorld()
    world.tenants.remove_shop(STORE_ID)
    document = json.loads(world.owner.get("/account/gegevens.json").text)

    assert document["shops"] == []
    assert [one["contractcode"] for one in document["administrations"]] == ["123456"]


def test_the_orders_of_a_year_are_exported_with_what_became_of_them() -> None:
    """Amounts as text, to the cent; another year is another file."""
    world = PortalWorld()
    next(iter(world.shops.by_token.values())).add(order_json("1042"))
    world.hour()
    this = json.loads(world.owner.get("/account/bestellingen.json?jaar=2026").text)
    other = json.loads(world.owner.get("/account/bestellingen.json?jaar=2025").text)

    assert [(one["number"], one["state"]) for one in this["orders"]] == [("1042", "booked")]
    assert other["orders"] == []
    assert world.owner.get("/account/bestellingen.json?jaar=20x6").status == 404
    assert (
        world.stranger.get(f"/account/bestellingen.json?jaar=2026&winkel={STORE_ID}").status == 404
    )


def test_the_agreement_can_be_read_in_both_languages() -> None:
    """By everybody of the account."""
    world = PortalWorld()

    assert "Verwerkersovereenkomst" in world.reader.get("/account/verwerking")
    world.reader.post("/taal", {"taal": "en"})
    assert "Processing agreement" in world.reader.get("/account/verwerking")


# --------------------------------------------------------------------------- the end


def test_closing_an_account_needs_the_word() -> None:
    """A slip of the finger closes nothing."""
    world = PortalWorld()
    page = world.owner.post("/account/opheffen", {"zeker": "ja"})

    assert (page.status, "Er is niets opgeheven" in page) == (422, True)
    assert world.tenants.account(ACCOUNT.account_id) is not None


def test_closing_removes_all_but_what_was_booked_and_mails_a_receipt() -> None:
    """Tokens, passwords and people are gone; the ledger knows what must not be booked twice."""
    world = PortalWorld()
    next(iter(world.shops.by_token.values())).add(order_json("1042"))
    world.hour()
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None
    store = Store("nieuw-1", "Huis & Haard", "huis.example", "NL", "EUR")
    world.shops.by_token["nieuwe-winkel-token-987"] = FakeShop(store)
    world.owner.post("/koppelen", {"token": "nieuwe-winkel-token-987"})
    assert world.drafts.of(ACCOUNT.account_id) is not None
    ended = world.owner.post("/account/opheffen", {"zeker": "Opheffen"})

    assert ended.location == "/opgeheven"
    assert "Account opgeheven" in ended.follow()
    assert world.tenants.shop(STORE_ID) is None
    assert world.tenants.administration(shop.administration_id) is None
    assert world.tenants.account(ACCOUNT.account_id) is None
    assert world.drafts.of(ACCOUNT.account_id) is None
    assert world.owner.get("/account").location.startswith("/inloggen")
    assert [row.state for row in world.ledger.shop_rows(STORE_ID)] == ["booked"]
    receipt = world.notices.sent[-1]
    assert (receipt.to, "BB-" in receipt.text) == ((OWNERS,), True)
    assert shop.store.name in receipt.text


def test_a_reader_cannot_close_the_account() -> None:
    """Nor see the page that does it."""
    world = PortalWorld()

    assert world.reader.get("/account/opheffen").status == 403
    assert world.reader.post("/account/opheffen", {"zeker": "opheffen"}).status == 403
