"""Who is mailed about what, and how often (R126, R127, R129): one mail per cause, seldom."""

from dataclasses import replace
from typing import Any

import pytest

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.decisions import DecisionServices, Said, do_not_book, retry_cause
from boekbrug.journey.pauses import PauseServices, stop_shop
from boekbrug.journey.ports import Account
from boekbrug.journey.send_notices import NoticeServices, NoticesReport, send_notices
from boekbrug.notices.mail import AMSTERDAM
from boekbrug.settings.mail_memories import MemoryMailMemories
from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import ACCOUNT, BEGIN, World
from tests.support.orders import STORE_ID, order_json

SAID = Said("nagekeken", "kantoor")
OPERATOR = "beheer@example.com"


class Told(World):
    """A world that is also told about."""

    def tell(self, **how: Any) -> NoticesReport:
        """The hourly run, or the nightly one."""
        return send_notices(self.telling, **how)

    @property
    def telling(self) -> NoticeServices:
        if not hasattr(self, "memories"):
            self.memories = MemoryMailMemories()
        return NoticeServices(
            tenants=self.tenants,
            ledger=self.ledger,
            findings=self.findings,
            notices=self.notices,
            memories=self.memories,
            clock=self.clock,
            operator=OPERATOR,
        )

    @property
    def subjects(self) -> list[str]:
        """Of the mails that went out since this was asked."""
        sent, self.notices.sent[:] = list(self.notices.sent), []
        self.texts = [mail.text for mail in sent]
        self.htmls = [mail.html for mail in sent]
        return [mail.subject for mail in sent]


@pytest.fixture
def world() -> Told:
    world = Told()
    world.shop()
    return world


@pytest.fixture
def shop(world: Told) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def without_lines(shop: FakeShop, *numbers: str) -> None:
    shop.add(*(order_json(number, orderlines=[]) for number in numbers))


def refused(world: Told, shop: FakeShop, *numbers: str) -> None:
    world.books["123456"].faults.extend([Fault.REFUSED_DATA] * len(numbers))
    shop.add(*(order_json(number) for number in numbers))


# --------------------------------------------------------------------------- R126: when


def test_r126_a_cause_is_one_mail_however_many_orders_it_has(world: Told, shop: FakeShop) -> None:
    """With what, why, which numbers and what to do."""
    without_lines(shop, "1042", "1043", "1044")
    world.hour()
    report = world.tell()

    assert world.subjects == ["Actie nodig: 3 bestellingen wachten op een keuze"]
    assert report == NoticesReport(mails=1)
    for told in ("3 bestellingen zonder regels", "1042, 1043 en 1044", "Wat u doet", "Winkel"):
        assert told in world.texts[0]


def test_r126_several_causes_of_a_run_are_one_mail(world: Told, shop: FakeShop) -> None:
    """A section each."""
    without_lines(shop, "1042")
    refused(world, shop, "1043")
    world.hour()
    world.tell()

    assert world.subjects == ["Actie nodig: 2 bestellingen wachten op een keuze"]
    assert "1 bestelling zonder regels" in world.texts[0]
    assert "1 bestelling door Acumulus geweigerd" in world.texts[0]


def test_r126_nothing_is_mailed_for_bookings_and_skipped_orders(
    world: Told, shop: FakeShop
) -> None:
    """That is the default."""
    shop.add(*(order_json(str(number)) for number in range(1042, 1062)), order_json("7", status=1))
    world.hour()
    world.tell(nightly=True)

    assert world.subjects == []


def test_r126_warnings_of_a_run_are_one_mail(world: Told, shop: FakeShop) -> None:
    """Twenty bookings of which two with a warning: one mail with two items; and only once."""
    shop.add(*(order_json(str(number)) for number in range(1042, 1060)))
    for number in ("1060", "1061"):
        shop.add(order_json(number, payment_status="refunded"))
    world.hour()
    world.tell()

    assert world.subjects == ["Ter controle: 2 concepten in Acumulus"]
    assert "1060: concept" in world.texts[0]
    assert "1061: concept" in world.texts[0]
    assert "1059" not in world.texts[0]
    for _ in range(48):
        world.clock.move(hours=1)
        world.tell()
    assert world.subjects == []


def test_r126_warnings_of_later_runs_wait_for_the_next_day(world: Told, shop: FakeShop) -> None:
    """One mail a day, none forgotten."""
    shop.add(order_json("1060", payment_status="refunded"))
    world.hour()
    world.tell()
    shop.add(order_json("1061", payment_status="refunded"))
    world.hour()
    world.tell()
    assert world.subjects == ["Ter controle: 1 concept in Acumulus"]

    world.clock.move(days=1)
    world.tell()

    assert world.subjects == ["Ter controle: 1 concept in Acumulus"]
    assert "1061" in world.texts[0]


def test_r126_a_cause_is_told_at_most_once_a_day_then_weekly(world: Told, shop: FakeShop) -> None:
    """New orders the next day; without new ones a reminder a week later."""
    told: list[int] = []
    for hour in range(24 * 16):
        if hour in {0, 1, 2, 30}:
            without_lines(shop, str(2000 + hour))
        world.schedule()
        world.fetch()
        world.tell()
        if world.subjects:
            told.append((world.clock.at.astimezone(AMSTERDAM).date() - BEGIN.date()).days)
        world.clock.move(hours=1)

    assert told == [0, 1, 2, 9, 16]


def test_r126_after_a_week_new_orders_wait_for_the_reminder(world: Told, shop: FakeShop) -> None:
    """An owner who does nothing is not mailed every day for ever."""
    days = []
    for day in range(30):
        without_lines(shop, str(2000 + day))
        world.hour()
        world.tell()
        if world.subjects:
            days.append(day)
        world.clock.move(hours=23)

    assert days == [0, 1, 2, 3, 4, 5, 6, 13, 20, 27]


# --------------------------------------------------------------------------- opgelost


def test_a_cause_that_was_told_is_closed_with_a_mail(world: Told, shop: FakeShop) -> None:
    """With what became of the orders; once."""
    refused(world, shop, "1042", "1043", "1044")
    world.hour()
    world.tell()
    services = DecisionServices(world.fetching, world.booking)
    connected = world.tenants.shop(STORE_ID)
    assert connected is not None
    do_not_book(services, connected, "1044", SAID)
    retry_cause(services, connected, "books_refused", SAID)
    world.book()
    world.tell()
    world.tell()

    assert world.subjects[1:] == ["Opgelost: 3 bestellingen wachten niet meer"]
    assert "2 geboekt, 1 niet te boeken" in world.texts[1]


def test_what_was_never_told_needs_no_closing_mail(world: Told, shop: FakeShop) -> None:
    """It was solved before anybody heard of it."""
    without_lines(shop, "1042")
    world.hour()
    shop.documents.clear()
    shop.add(order_json("1042"))
    world.hour()
    world.tell()

    assert world.subjects == []


def test_a_cause_that_comes_back_the_same_day_waits(world: Told, shop: FakeShop) -> None:
    """At most once a day holds for it too."""
    without_lines(shop, "1042")
    world.hour()
    world.tell()
    shop.documents.clear()
    shop.add(order_json("1042"))
    world.hour()
    world.tell()
    without_lines(shop, "1043")
    world.hour()
    world.tell()
    assert [subject.split(":")[0] for subject in world.subjects] == ["Actie nodig", "Opgelost"]

    world.clock.move(days=1)
    world.tell()
    assert world.subjects == ["Actie nodig: 1 bestelling wacht op een keuze"]


# --------------------------------------------------------------------------- what goes on by itself


def test_an_unclear_order_is_told_when_it_stays_so(world: Told, shop: FakeShop) -> None:
    """A day is long enough for looking it up."""
    world.books["123456"].faults.append(Fault.LOST_ANSWER)
    shop.add(order_json("1042"))
    world.hour()
    world.tell()
    assert world.subjects == []

    world.clock.move(days=1)
    world.tell()
    assert world.subjects == ["Actie nodig: 1 bestelling wacht op een keuze"]
    assert "zonder duidelijk antwoord" in world.texts[0]


def test_orders_that_wait_for_credentials_have_their_own_mail(world: Told, shop: FakeShop) -> None:
    """The one that went out when the administration stopped."""
    world.books["123456"].credentials_refused = True
    shop.add(order_json("1042"), order_json("1043"))
    world.hour()
    assert len(world.subjects) == 1

    world.clock.move(days=3)
    world.tell()
    assert world.subjects == []


def test_the_nightly_run_sends_what_could_not_go_out(world: Told) -> None:
    """The mail about a stopped shop stays owed until it does."""
    connected = world.tenants.shop(STORE_ID)
    assert connected is not None
    world.notices.unreachable = True
    stop_shop(PauseServices(world.tenants, world.notices, world.clock), connected, "token_refused")
    world.notices.unreachable = False
    world.clock.move(hours=1)

    assert world.tell().mails == 0
    assert world.tell(nightly=True).mails == 1
    assert world.subjects == ["Actie nodig: de token van Winkel werkt niet meer"]


# --------------------------------------------------------------------------- summaries


@pytest.mark.parametrize(("notify", "days"), [("problems", 0), ("daily", 8), ("weekly", 2)])
def test_r126_an_owner_may_want_summaries(
    world: Told, shop: FakeShop, notify: str, days: int
) -> None:
    """Every day or every week, also when all went well (R127's subject)."""
    world.tenants.put_account(replace(ACCOUNT, notify=notify))
    shop.add(*(order_json(str(number)) for number in range(1042, 1045)))
    world.hour()
    world.book()
    world.tell()
    for _ in range(8):
        world.tell(nightly=True)
        world.clock.move(days=1)

    subjects = world.subjects
    assert len(subjects) == days
    assert subjects[:1] == ["Acumulus: 3 gelukt, 0 concept"][:days]


# --------------------------------------------------------------------------- R127: what is in it


def test_r127_a_remark_says_what_was_booked_and_what_to_do(world: Told, shop: FakeShop) -> None:
    """Order number, concept number, text, action."""
    shop.add(order_json("1042", payment_status="refunded"))
    world.hour()
    world.tell()
    (kept,) = world.books["123456"].booked
    _ = world.subjects

    flat = " ".join(world.texts[0].split())
    assert f"1042: concept {kept.conceptid}." in flat
    assert "de omzet staat te hoog" in flat
    assert "Maak een creditorder" in flat


def test_r127_mails_hold_no_customer_and_no_markup_of_others(world: Told, shop: FakeShop) -> None:
    """Names stay out, and what an order says is text."""
    world.choose(trigger_statuses=(3,))
    document = order_json("1042", currency="<b>")
    document["debtor"]["name"] = "Mies <i>Klant</i>"
    shop.add(document, order_json("1043", orderlines=[]))
    world.hour()
    world.tell()
    assert world.subjects

    for mail in (*world.texts, *world.htmls):
        for name in ("Mies", "Quirijn", "testklant", "<b>", "Lindelaan"):
            assert name not in mail


def test_every_account_gets_its_own_orders_only(world: Told, shop: FakeShop) -> None:
    """Two owners, two mails, and no number of the other in them."""
    without_lines(shop, "1042")
    other = other_owner(world)
    without_lines(other, "9001")
    world.hour()
    world.tell()

    sent = {mail.to: mail.text for mail in world.notices.sent}
    assert set(sent) == {("owner@example.com",), ("ander@example.com",)}
    assert "9001" not in sent["owner@example.com",]
    assert "1042" not in sent["ander@example.com",]


def other_owner(world: Told) -> FakeShop:
    """Another account with a shop and an administration of its own."""
    from boekbrug.journey.ports import Administration, ConnectedShop, Secret

    account = Account(account_id="other", emails=("ander@example.com",))
    world.tenants.put_account(account)
    sealed = world.sealer.seal(Secret("pw"), tenant="other", field="administration:9:password")
    world.tenants.put_administration(
        Administration(
            administration_id="9",
            account_id="other",
            contractcode="9",
            username="api",
            sealed_password=sealed,
        )
    )
    shop = FakeShop(replace(FakeShop().shop, id="other-shop", name="Ander"))
    token = Secret("token-of-other-shop")
    world.tenants.put_shop(
        ConnectedShop(
            shop_id="other-shop",
            account_id="other",
            administration_id="9",
            sealed_token=world.sealer.seal(token, tenant="other", field="shop:other-shop:token"),
            store=shop.shop,
        )
    )
    settings = ShopSettings(trigger_statuses=(3,))
    world.tenants.save_settings("other-shop", settings, by="other", at=world.clock.now())
    world.shops.by_token[token.text] = shop
    return shop


# --------------------------------------------------------------------------- failures


def test_a_mail_that_does_not_go_out_is_sent_later(world: Told, shop: FakeShop) -> None:
    """It is not remembered as told."""
    without_lines(shop, "1042")
    world.hour()
    world.notices.unreachable = True
    assert world.tell() == NoticesReport(failed=1)
    world.notices.unreachable = False

    assert world.tell().mails == 1
    assert world.tell().mails == 0


def test_when_the_time_is_up_the_rest_is_told_next_time(world: Told, shop: FakeShop) -> None:
    """Nothing is half told."""
    without_lines(shop, "1042")
    world.hour()

    assert world.tell(time_left=lambda: False) == NoticesReport(failed=1)
    assert world.tell() == NoticesReport(mails=1)


# --------------------------------------------------------------------------- R129


def crashing(world: Told) -> None:
    def broken(_raw: bytes) -> Any:
        raise KeyError("Quirijn Testklant")

    world.read = broken


def test_r129_a_crash_is_mailed_to_the_operator_once_a_day(world: Told, shop: FakeShop) -> None:
    """Per cause: kind and place of the fault, the orders it hit, and no customer."""
    crashing(world)
    shop.add(order_json("1042"), order_json("1043"))
    world.hour()
    for _ in range(5):
        world.tell()

    (mail,) = world.notices.sent
    assert mail.to == (OPERATOR,)
    assert mail.subject.startswith("Boekbrug: fault: KeyError at test_send_notices.py:")
    assert "1042 and 1043" in mail.text
    assert "Quirijn" not in mail.text


def test_r129_more_orders_of_the_same_crash_are_told_the_next_day(
    world: Told, shop: FakeShop
) -> None:
    """Not before."""
    crashing(world)
    shop.add(order_json("1042"))
    world.hour()
    world.tell()
    shop.add(order_json("1043"))
    world.hour()
    world.tell()
    assert len(world.subjects) == 1

    world.clock.move(hours=20)
    world.tell()
    assert sum(subject.startswith("Boekbrug: fault") for subject in world.subjects) == 1


def test_r129_an_owner_hears_of_our_faults_when_they_last(world: Told, shop: FakeShop) -> None:
    """After a day, and that there is nothing to do."""
    crashing(world)
    shop.add(order_json("1042"))
    world.hour()
    world.tell()
    _ = world.subjects
    world.clock.move(days=1)
    world.tell()

    assert world.subjects == ["Nog niet geboekt: 1 bestelling"]
    assert "de beheerder is op de hoogte" in " ".join(world.texts[0].split())


# --------------------------------------------------------------------------- found after booking


def differing(world: Told, shop: FakeShop, *numbers: str) -> None:
    """Orders that are booked, and changed in the shop after that."""
    shop.add(*(order_json(number) for number in numbers))
    world.hour()
    for number in numbers:
        shop.edit(number, price={"tax": [], "total": "30.80"})
    world.clock.move(days=1)
    world.night()


def test_r122_what_was_found_after_booking_is_mailed_once(world: Told, shop: FakeShop) -> None:
    """With both amounts and what to do; nothing waits: no reminder, and no closing mail."""
    differing(world, shop, "1001", "1002")
    world.tell()

    assert world.subjects == ["Opgevallen na het boeken: kijk dit na"]
    assert "1001 en 1002" in world.texts[0]
    assert "€ 35,85 toen zij geboekt werd, en is nu € 30,80" in flat(world.texts[0])
    for days in (1, 7, 30):
        world.clock.move(days=days)
        world.tell()
    shop.edit("1001", price={"tax": {"amount": "6.22", "rate": "21.00"}, "total": "35.85"})
    shop.edit("1002", price={"tax": {"amount": "6.22", "rate": "21.00"}, "total": "35.85"})
    world.night()
    world.tell()
    assert world.subjects == []


def test_r122_more_of_the_same_is_told_the_next_day(world: Told, shop: FakeShop) -> None:
    """One mail a day at most, with the new order in it."""
    differing(world, shop, "1001")
    world.tell()
    differing(world, shop, "1003")
    world.tell()

    assert len(world.subjects) == 2
    assert "1003" in world.texts[1]


def test_r122_what_waits_goes_before_what_was_found(world: Told, shop: FakeShop) -> None:
    """One mail for both; its subject is about what the owner must do."""
    differing(world, shop, "1001")
    without_lines(shop, "1002")
    world.hour()
    world.tell()

    assert world.subjects == ["Actie nodig: 1 bestelling wacht op een keuze"]
    assert world.texts[0].index("zonder regels") < world.texts[0].index("Opgevallen na het boeken")


def test_what_was_found_is_told_in_english_too(world: Told, shop: FakeShop) -> None:
    """The sentence that was kept, with its amounts."""
    world.tenants.put_account(replace(ACCOUNT, language="en"))
    differing(world, shop, "1001")
    world.tell()

    assert world.subjects == ["Noticed after booking: please check"]
    assert "The total of this order was € 35,85 when it was booked" in flat(world.texts[0])


def test_what_is_about_a_whole_shop_names_no_order(world: Told, shop: FakeShop) -> None:
    """An account of the settings that Acumulus lost (R104)."""
    world.choose(trigger_statuses=(3,), account=99)
    shop.add(order_json("1001"))
    world.hour()
    world.night()
    world.tell()

    assert world.subjects == ["Opgevallen na het boeken: kijk dit na"]
    assert "Winkel\n" in world.texts[0]
    assert "noemen rekening 99" in flat(world.texts[0])


def flat(text: str) -> str:
    """Without the line breaks of a mail."""
    return " ".join(text.split())
