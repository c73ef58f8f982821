"""Who is mailed about what, and how often (R126, R127, R129): one mail per cause, seldom."""

from dataclasses import replace
from typing import Any

import pytest

from boekbrug.domain.reasons import message
from boekbrug.domain.reasons_later import LATER
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.decisions import DecisionServices, Said, do_not_book, retry_cause
from boekbrug.journey.pauses import PauseServices, stop_shop
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.ports.tenants import Account
from boekbrug.journey.resend import resend
from boekbrug.journey.send_notices import NoticeServices, NoticesReport, send_notices
from boekbrug.notices.cause_words import OTHERWISE, cause_words
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
    from boekbrug.journey.ports.tenants import Administration, ConnectedShop, Secret

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


# --------------------------------------------------------------------------- what was found later


def found(world: Told, code: str, number: str = "", shop_id: str = STORE_ID, **values: Any) -> None:
    told = message(code, **values).text
    finding = Finding(code=code, shop_id=shop_id, number=number, detail=told, at=world.clock.now())
    world.findings.record(finding)


def test_what_changed_after_booking_is_told_with_the_difference(
    world: Told, shop: FakeShop
) -> None:
    """R122: found by the night, told by the next run, to the cent."""
    shop.add(order_json("1042"))
    world.hour()
    shop.edit("1042", price={"tax": {"amount": "5.19", "rate": "21.00"}, "total": "29.90"})
    world.night()
    world.tell()

    assert world.subjects == ["Ter controle: 1 bestelling met een ander totaal dan geboekt"]
    text = " ".join(world.texts[0].split())
    for told in ("Winkel: 1042", "€ 35,85", "€ 29,90", "5,95", "creditorder of boek opnieuw"):
        assert told in text
    assert "Testklant" not in world.texts[0] + world.htmls[0]


def test_what_happened_is_told_once_and_once_more_when_it_is_over(
    world: Told, shop: FakeShop
) -> None:
    """R122, R126: nobody is reminded of it; the closing mail comes when the difference is gone."""
    shop.add(order_json("1042"))
    world.hour()
    shop.edit("1042", currency="GBP")
    world.night()
    world.tell()
    assert len(world.subjects) == 1
    for _ in range(30):
        world.clock.move(days=1)
        world.tell(nightly=True)
    assert world.subjects == []

    shop.edit("1042", currency="EUR")
    world.night()
    world.tell()
    (subject,) = world.subjects
    assert subject.startswith("Opgelost: 1 bestelling met")
    assert "1042" in world.texts[0]


def test_what_needs_a_choice_in_the_settings_is_told_again_after_a_week(world: Told) -> None:
    """An account that is gone sends money elsewhere every day; the shop is named, not an order."""
    found(world, "account_gone", ids="7")
    for _ in range(15):
        world.tell()
        world.clock.move(days=1)

    subject = "Ter controle: Een rekening uit de instellingen bestaat niet meer in Acumulus"
    assert world.subjects == [subject] * 3
    assert "rekening 7" in world.texts[0]
    world.findings.resolve(STORE_ID, "account_gone")
    world.tell()
    assert world.subjects == [subject.replace("Ter controle", "Opgelost")]


def test_what_waits_and_what_was_found_are_one_mail(world: Told, shop: FakeShop) -> None:
    """The subject is about what waits for a choice."""
    without_lines(shop, "1042")
    world.hour()
    found(world, "deleted_in_books", "1001", entry="55")
    world.tell()

    assert world.subjects == ["Actie nodig: 1 bestelling wacht op een keuze"]
    waits, later = "1 bestelling zonder regels", "1 bestelling verwijderd in Acumulus"
    assert 0 < world.texts[0].index(waits) < world.texts[0].index(later)


def test_an_outage_is_told_after_four_hours_and_once_more_when_it_is_over(world: Told) -> None:
    """Nobody has to do anything, so it is no call for action."""
    found(world, "books_away")
    world.tell()
    assert world.subjects == ["Ter informatie: Acumulus antwoordt niet"]
    world.findings.resolve(STORE_ID, "books_away")
    world.tell()

    assert world.subjects == ["Opgelost: Acumulus antwoordt weer"]


def test_an_old_entry_that_does_not_go_away_is_told_after_a_day(
    world: Told, shop: FakeShop
) -> None:
    """R124: until then it is tried again and again."""
    shop.add(order_json("1042"))
    world.hour()
    world.books["123456"].unreadable.add("delete_entry")
    connected = world.tenants.shop(STORE_ID)
    assert connected is not None
    resend(DecisionServices(world.fetching, world.booking), connected, "1042", SAID)
    world.book()
    old = world.books["123456"].booked[0].entryid
    world.tell()
    assert world.subjects == []
    world.clock.move(days=1)
    world.tell()

    assert world.subjects == ["Ter controle: 1 bestelling met een oude boeking in Acumulus"]
    assert f"boeking {old}" in " ".join(world.texts[0].split())
    world.books["123456"].unreadable.clear()
    world.look_up()
    world.tell()
    assert world.subjects == ["Opgelost: 1 bestelling met een oude boeking in Acumulus"]


def test_what_was_found_in_a_shop_is_told_to_its_own_account_only(world: Told) -> None:
    """Another owner hears nothing of it."""
    other = Account(account_id="other", emails=("other@example.com",))
    world.tenants.put_account(other)
    found(world, "shop_silent", day="01-03-2026")
    world.tell()

    assert [mail.to for mail in world.notices.sent] == [ACCOUNT.emails]


def test_what_happened_long_ago_ends_without_a_word(world: Told, shop: FakeShop) -> None:
    """It is let go when no sweep can find it anew: that is no news."""
    shop.add(order_json("1042"), order_json("1043", date="2026-07-28", status=1))
    world.hour()
    shop.edit("1042", currency="GBP")
    world.night()
    world.tell()
    assert len(world.subjects) == 1
    world.clock.move(days=131)
    world.hour()
    world.night()
    world.tell()

    assert world.subjects == []
    assert world.told() == {}
    assert world.memories.of(ACCOUNT.account_id).causes == {}


@pytest.mark.parametrize("code", sorted(entry.code for entry in LATER))
def test_everything_that_can_be_found_later_has_its_words(code: str) -> None:
    """A head of its own in both languages, and the catalogue's sentence below it."""
    for language in ("nl", "en"):
        words = cause_words(code, language)
        assert words.head not in {OTHERWISE["nl"].head, OTHERWISE["en"].head}
        assert words.details


def test_more_of_the_same_is_told_the_next_day(world: Told) -> None:
    """One mail a day at most, with the new order in it."""
    for number in ("1001", "1002"):
        found(world, "deleted_in_books", number, entry=number)
        for _ in range(3):
            world.tell()
        world.clock.move(days=1)

    assert world.subjects == [
        f"Ter informatie: {orders} verwijderd in Acumulus"
        for orders in ("1 bestelling", "2 bestellingen")
    ]
    assert "1001 en 1002" in world.texts[1]


def test_what_was_found_is_told_in_english_too(world: Told) -> None:
    """The sentence that was kept, with its amounts."""
    world.tenants.put_account(replace(ACCOUNT, language="en"))
    found(world, "entry_differs", "1001", shown="€ 1,00", posted="€ 2,00", difference="€ 1,00")
    world.tell()

    assert world.subjects == ["To check: 1 order with another amount in Acumulus"]
    assert "the order is € 2,00" in " ".join(world.texts[0].split())
