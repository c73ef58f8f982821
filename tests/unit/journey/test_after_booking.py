"""What happens to an order after it was booked (R83, R103, R119-R123): told once, to the cent."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.facts import VatCheck
from boekbrug.domain.order import OrderStatus, Payment, PaymentMutation
from boekbrug.journey.after_booking import (
    CANCELLED,
    CHANGED,
    CONCEPT_FINAL,
    CONCEPT_GONE,
    CONCEPT_SEVERAL,
    CREDIT_STATUS,
    DELETED_IN_BOOKS,
    DETAILS_CHANGED,
    ENTRY_DIFFERS,
    ENTRY_VAT_DIFFERS,
    NUMBER_CHECKED,
    NUMBER_REFUSED,
    PAID_LATER,
    PAYMENT_LOST,
    REFUNDED,
    TOTAL_READ,
)
from boekbrug.journey.follow_shop import ACCOUNT_GONE, COST_CENTER_GONE, TEMPLATE_GONE
from boekbrug.journey.follow_up import follow_page
from boekbrug.journey.ports.ledger import BOOKED, LedgerRow
from tests.support.fake_books import Booked, FakeAdministration
from tests.support.fake_shop import STATUSES, FakeShop
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, line_json, order_json, reverse_charged_json


def booked(number: str = "1042", *, settings: Any = None, **changes: Any) -> tuple[World, FakeShop]:
    """An order that is in the books, after a first quiet night."""
    world = World()
    shop = world.shop(**(settings or {}))
    shop.add(order_json(number, **changes))
    world.hour()
    world.night()
    assert world.states() == {number: BOOKED}
    assert world.told() == {}
    return world, shop


def row_of(world: World, number: str = "1042") -> LedgerRow:
    return world.rows()[number]


def books_of(world: World) -> FakeAdministration:
    return world.books["123456"]


def kept(world: World) -> Booked:
    return books_of(world).booked[0]


def captured(amount: str, at: datetime) -> tuple[Payment, ...]:
    step = PaymentMutation("capture", Decimal(amount), at)
    return (Payment("mollie", "ideal", Decimal(amount), "EUR", is_test=False, mutations=(step,)),)


def night(world: World) -> int:
    """One night later; how much was told."""
    world.clock.move(days=1)
    return world.night().told


# --------------------------------------------------------------------------- paid later (R119)


def test_an_invoice_that_is_paid_later_is_marked_on_the_day_of_capture() -> None:
    """The date is local to the shop; the token is read, never stored."""
    world, shop = booked(payment_status="pending")
    assert row_of(world).due
    shop.edit("1042", payment_status="captured")
    shop.paid["1042"] = captured("35.85", datetime(2026, 3, 18, 23, 30, tzinfo=UTC))
    night(world)

    assert kept(world).paid
    assert kept(world).paid_on == date(2026, 3, 19)
    row = row_of(world)
    assert (row.state, row.reason, row.due, row.payment_status) == (
        BOOKED,
        PAID_LATER,
        False,
        "captured",
    )
    assert kept(world).token not in repr(row)


def test_a_payment_is_marked_once() -> None:
    """Not every night again; and what the owner marked himself is left alone."""
    world, shop = booked(payment_status="pending")
    kept(world).paid = True
    shop.edit("1042", payment_status="captured")
    night(world)
    night(world)

    assert "set_paid" not in books_of(world).calls
    assert not row_of(world).due


def test_a_mark_whose_row_was_not_written_is_made_again_without_harm() -> None:
    """Killed in between: Acumulus says paid already, the row follows."""
    world, shop = booked(payment_status="pending")
    shop.edit("1042", payment_status="captured")
    row = row_of(world)
    night(world)
    now = row_of(world)
    world.ledger.record([(replace(row, due=True), now)])
    night(world)

    assert books_of(world).calls.count("set_paid") == 1
    assert not row_of(world).due


def test_a_status_that_means_paid_counts_as_paid() -> None:
    """Bank transfers are marked by the merchant (R101)."""
    world, shop = booked(payment_status="pending", settings={"paid_statuses": (2,)})
    shop.edit("1042", status=2, status_changed_date="2026-03-19")
    night(world)

    assert kept(world).paid


def test_an_unpaid_order_older_than_the_sweep_is_asked_for() -> None:
    """A bank transfer after two months still reaches the books."""
    world, shop = booked(payment_status="pending")
    world.clock.move(days=60)
    world.night()
    shop.edit("1042", payment_status="captured")
    night(world)

    assert kept(world).paid


def test_after_ninety_days_a_payment_is_not_followed_any_more() -> None:
    """Somebody has sent a reminder by then."""
    world, shop = booked(payment_status="pending")
    world.clock.move(days=121)
    world.night()
    shop.edit("1042", payment_status="captured")
    shop.calls.clear()
    night(world)

    assert "order 1042" not in shop.calls
    assert not kept(world).paid


def test_a_concept_has_no_payment_to_mark() -> None:
    """Only a final invoice has one."""
    world, shop = booked(payment_status="pending", settings={"concept": "always"})
    shop.edit("1042", payment_status="captured")
    night(world)

    assert "set_paid" not in books_of(world).calls


# --------------------------------------------------------------------------- concepts (R120)


def test_a_concept_that_became_an_invoice_gets_its_ids_and_is_followed() -> None:
    """And is marked as paid like any other invoice."""
    world, shop = booked(payment_status="pending", settings={"concept": "always"})
    final = books_of(world).make_final(row_of(world).conceptid)
    shop.edit("1042", payment_status="captured")
    night(world)

    row = row_of(world)
    assert (row.entryid, row.invoicenumber) == (final.entryid, final.invoicenumber)
    assert final.paid
    assert [event.code for event in world.ledger.timeline(row.key)][-2:] == [
        CONCEPT_FINAL,
        PAID_LATER,
    ]


def test_a_concept_that_became_several_is_told_once() -> None:
    """Which of them counts is for a person."""
    world, _ = booked(settings={"concept": "always"})
    for _ in "ab":
        books_of(world).make_final(row_of(world).conceptid)

    assert (night(world), night(world)) == (1, 0)
    assert ("1042", CONCEPT_SEVERAL) in world.told()
    assert not row_of(world).entryid


def test_a_concept_that_is_gone_is_told_once_and_not_asked_for_again() -> None:
    """It is not made again: perhaps its owner threw it away on purpose."""
    world, _ = booked(settings={"concept": "always"})
    books_of(world).booked.clear()

    assert (night(world), night(world)) == (1, 0)
    assert ("1042", CONCEPT_GONE) in world.told()
    assert (
        books_of(world).calls.count("concept_entries") == 2
    )  # the first night, and when it was gone


# --------------------------------------------------------------------------- the order changed


def test_a_changed_total_is_told_to_the_cent_and_nothing_is_booked_again() -> None:
    """Once; again when it changes again; and it is solved when it is as booked."""
    world, shop = booked()
    was = next(document for document in shop.documents)["price"]
    shop.edit("1042", price=was | {"total": "30.80"})
    assert (night(world), night(world)) == (1, 0)
    assert (
        "€ 35,85 toen zij geboekt werd, en is nu € 30,80 (verschil € -5,05)"
        in world.told()["1042", CHANGED]
    )
    shop.edit("1042", price=was | {"total": "35.86"})
    assert night(world) == 1
    assert "(verschil € 0,01)" in world.told()["1042", CHANGED]

    shop.edit("1042", price=was)
    night(world)
    assert world.told() == {}
    assert len(books_of(world).posts) == 1


def test_a_total_that_was_never_known_is_not_called_zero() -> None:
    """An order that could not be read, was found in Acumulus, and can be read now."""
    world, shop = booked()
    world.ledger.record([(replace(row_of(world), total=None), row_of(world))])
    shop.edit("1042", price={"tax": [], "total": "30.80"})
    night(world)

    assert (
        "niet te lezen toen zij geboekt werd, en is nu € 30,80" in world.told()["1042", TOTAL_READ]
    )


def test_changed_lines_with_the_same_total_are_told_too() -> None:
    """Another rate is another VAT return."""
    world, shop = booked()
    lines = [
        line_json("article", "Keramische mok", "27.431193", "29.90", rate="9.00", quantity=2),
        line_json("shipping", "Verzendkosten", "4.917355", "5.95"),
    ]
    shop.edit("1042", orderlines=lines)
    night(world)

    assert "het totaal bleef € 35,85" in world.told()["1042", DETAILS_CHANGED]


def test_texts_and_the_way_of_payment_are_no_change() -> None:
    """Only what matters for the books counts."""
    world, shop = booked()
    shop.edit("1042", comments={"customer": "bel even", "internal": "ok"}, status=2)

    assert night(world) == 0


def test_a_refund_without_a_credit_order_is_told_until_there_is_one() -> None:
    """The revenue is in the books, the refund is not (R103, R121)."""
    world, shop = booked()
    shop.edit("1042", payment_status="refunded")
    assert (night(world), night(world)) == (1, 0)
    assert "€ 35,85" in world.told()["1042", REFUNDED]
    assert kept(world).paid

    shop.edit("1042", credit_order_numbers=["1050"])
    night(world)
    assert ("1042", REFUNDED) not in world.told()


def test_a_credit_status_without_a_credit_order_is_told() -> None:
    """A return may be nothing more than that (shop API, 5.7)."""
    world, shop = booked()
    shop.edit("1042", status=10)
    night(world)

    assert "‘Retour’" in world.told()["1042", CREDIT_STATUS]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": 8}, CANCELLED),
        ({"payment_status": "voided"}, PAYMENT_LOST),
        ({"payment_status": "failed"}, PAYMENT_LOST),
    ],
)
def test_a_cancelled_order_is_told(changes: dict[str, Any], code: str) -> None:
    """By its status or by its payment; nothing is taken back by itself (R122)."""
    world, shop = booked(payment_status="pending")
    shop.statuses = (*STATUSES, OrderStatus(8, "Geannuleerd"))
    shop.edit("1042", **changes)

    assert (night(world), night(world)) == (1, 0)
    assert ("1042", code) in world.told()
    assert row_of(world).state == BOOKED


def test_an_order_booked_by_hand_is_not_ours_to_judge() -> None:
    """We do not know what was booked."""
    world, shop = booked()
    row = row_of(world)
    world.ledger.record([(replace(row, reason="by_hand", entryid=""), row)])
    shop.edit("1042", payment_status="refunded")

    assert night(world) == 0


# --------------------------------------------------------------------------- the entry


def test_an_entry_that_differs_is_told_with_both_amounts() -> None:
    """Compared in the first night after booking (R83)."""
    world = World()
    world.shop().add(order_json("1042"))
    world.hour()
    kept(world).invoice = replace(kept(world).invoice, total=Decimal("35.84"))
    world.night()

    told = world.told()["1042", ENTRY_DIFFERS]
    assert all(amount in told for amount in ("€ 35,84", "€ 35,85", "€ 0,01"))


def test_vat_that_differs_is_told_but_not_a_rounding() -> None:
    """The total may not differ at all, the sum of rounded lines without VAT by two cents."""
    world = World()
    world.shop().add(order_json("1042"), order_json("1043"))
    world.hour()
    for one, vat in zip(books_of(world).booked, ("6.20", "6.25"), strict=True):
        one.invoice = replace(one.invoice, vat={"21": Decimal(vat)})
    world.night()

    assert set(world.told()) == {("1043", ENTRY_VAT_DIFFERS)}


def test_an_entry_is_looked_at_three_times_and_a_missed_night_is_made_up_for() -> None:
    """In the first night, after a week and after a month."""
    world, _ = booked()
    looks = [books_of(world).calls.count("entry")]
    for days in (1, 7, 1, 30, 30):
        world.clock.move(days=days)
        world.night()
        looks.append(books_of(world).calls.count("entry"))

    assert looks == [1, 1, 2, 2, 3, 3]


def test_an_entry_in_the_bin_is_told_and_never_made_again() -> None:
    """The state stays booked, with its reason (R123)."""
    world, shop = booked()
    kept(world).deleted = True
    world.clock.move(days=8)
    world.night()
    shop.edit("1042", payment_status="refunded")
    world.hour()
    night(world)

    assert (row_of(world).state, row_of(world).reason) == (BOOKED, DELETED_IN_BOOKS)
    assert set(world.told()) == {("1042", DELETED_IN_BOOKS)}
    assert len(books_of(world).posts) == 1


def test_a_list_that_cannot_be_read_is_looked_at_again() -> None:
    """The look is not skipped: the next night does it."""
    world = World()
    world.shop().add(order_json("1042"))
    world.hour()
    books_of(world).unreadable.add("entry")
    kept(world).deleted = True
    assert world.night().failed == [STORE_ID]
    books_of(world).unreadable.clear()
    world.night()

    assert ("1042", DELETED_IN_BOOKS) in world.told()


def test_one_entry_that_is_refused_stops_no_other() -> None:
    """A refusal concerns that entry."""
    world = World()
    world.shop().add(order_json("1042"), order_json("1043"))
    world.hour()
    books_of(world).booked[1].deleted = True
    refused = books_of(world).booked[0].entryid
    books_of(world).refused_entries.add(refused)
    report = world.night()

    assert report.failed == []
    assert set(world.told()) == {("1043", DELETED_IN_BOOKS)}


# --------------------------------------------------------------------------- choices, access


def test_choices_that_acumulus_lacks_are_told_once_a_shop() -> None:
    """Acumulus would book them somewhere else without a word."""
    world, _ = booked()
    world.choose(
        trigger_statuses=(3,),
        account=70009,
        cost_center=48001,
        template_due=39001,
        template_paid=39009,
        cost_centers_by_payment={"ideal": 48002},
    )
    assert (night(world), night(world)) == (3, 0)
    assert {code for _, code in world.told()} == {ACCOUNT_GONE, COST_CENTER_GONE, TEMPLATE_GONE}

    world.choose(trigger_statuses=(3,), account=70001)
    night(world)
    assert world.told() == {}


def test_picklists_are_read_once_for_all_shops_of_an_administration() -> None:
    """And only those that the settings use."""
    world = World()
    for name in ("shop-a", "shop-b", "shop-c"):
        world.shop(name, account=70001)
    world.night()

    assert books_of(world).calls.count("accounts") == 1
    assert "cost_centers" not in books_of(world).calls


def test_a_refused_contract_stops_the_books_part_and_not_the_sweep() -> None:
    """One mail; the shops go on being swept."""
    world, shop = booked(settings={"account": 70001})
    books_of(world).credentials_refused = True
    shop.add(order_json("900", date="2026-02-10"))
    night(world)
    night(world)

    assert len(world.notices.sent) == 1
    assert "900" in world.states()


def test_acumulus_that_is_away_fails_the_shop_for_tonight_only() -> None:
    """It goes back to the queue; the sweep need not wait."""
    world, shop = booked(payment_status="pending")
    shop.edit("1042", payment_status="captured")
    books_of(world).unreadable.add("set_paid")
    world.clock.move(days=1)
    assert world.night().failed == [STORE_ID]
    books_of(world).unreadable.clear()
    world.night()

    assert kept(world).paid


def test_no_time_left_is_a_reason_to_come_back() -> None:
    """The page goes back with what was not done."""
    world, _ = booked()
    report = follow_page(world.following, [STORE_ID], time_left=lambda: False)

    assert report.failed == [STORE_ID]
    assert len(world.follow_queue.take()) == 1


def test_a_fault_in_one_shop_stops_no_other() -> None:
    """Whatever breaks in one shop stays there."""
    world, shop = booked()

    def faulty(_sweep: object) -> int:
        raise ZeroDivisionError

    shop.count = faulty  # type: ignore[method-assign]  # a fault of ours
    world.shop("shop-b", code="654321").add(order_json("2001"))
    report = world.night()

    assert report.failed == [STORE_ID]
    assert world.states("shop-b") == {"2001": BOOKED}


# --------------------------------------------------------------------------- VIES (R26)


def unchecked(**settings: Any) -> tuple[World, FakeShop]:
    """A reverse charge that was booked while VIES did not answer."""
    world = World()
    world.vies.away = True
    shop = world.shop(vies_check=True, **settings)
    shop.add(reverse_charged_json("1042"))
    world.hour()
    world.vies.away = False
    assert row_of(world).messages == ("vies_not_checked",)
    return world, shop


def test_a_number_that_vies_could_not_tell_of_is_asked_again_at_night() -> None:
    """The evidence is added, the remark goes, nobody is bothered; and it is asked once."""
    world, _ = unchecked()
    assert night(world) == 0
    row = row_of(world)

    assert row.vat_check == VatCheck(True, world.clock.now(), "WAPI000000000002")
    assert (row.messages, row.detail, row.reason) == ((), "", NUMBER_CHECKED)
    night(world)
    assert len(world.vies.asked) == 2


def test_a_number_that_turns_out_not_to_exist_is_told_once() -> None:
    """The invoice is final by then, so its owner hears what to do (R26)."""
    world, shop = unchecked()
    world.vies.invalid.add("BE0123456749")
    assert night(world) == 1
    assert "crediteer" in world.told()["1042", NUMBER_REFUSED]
    assert night(world) == 0

    shop.edit("1042", credit_order_numbers=["1043"])
    night(world)
    assert world.told() == {}


def test_vies_that_stays_away_is_asked_every_night() -> None:
    """Also for an order that the sweep shows no more, as long as invoices are followed."""
    world, _ = unchecked()
    world.vies.away = True
    for days in (1, 50):
        world.clock.move(days=days)
        world.night()
    assert row_of(world).vat_check is None
    world.vies.away = False
    night(world)

    assert row_of(world).vat_check is not None


def test_who_switched_the_check_off_is_not_asked_for() -> None:
    """The owner's choice of now counts (R26)."""
    world, _ = unchecked()
    world.choose(trigger_statuses=(3,))
    night(world)

    assert len(world.vies.asked) == 1


def test_a_number_is_asked_for_while_the_books_are_shut() -> None:
    """VIES does not need Acumulus; only the proof of who asked is missing (R26)."""
    world, _ = unchecked()
    world.tenants.pause_administration(
        "123456", "credentials_refused", credentials_version=None, at=world.clock.now()
    )
    night(world)
    check = row_of(world).vat_check

    assert check is not None
    assert check.valid


def test_a_checked_concept_stays_a_concept() -> None:
    """Its reason is what it is; the evidence stands beside it (R26)."""
    world, _ = unchecked(concept="always")
    night(world)
    row = row_of(world)

    assert (row.reason, row.conceptid != "") == ("concept", True)
    assert row.vat_check is not None
