"""An unclear post is found, proven absent and sent again, or given to a person: never doubled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import Said, resolve_absent, resolve_there, retry, retry_cause
from boekbrug.journey.look_up import ABSENT, ABSENT_ONCE, FOUND_AGAIN
from boekbrug.journey.ports.ledger import BOOKED, HELD, POSTING, QUEUED, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.ports.tenants import Rest
from boekbrug.journey.resend import resend
from boekbrug.journey.triage import (
    IN_THE_BIN,
    LOOK_UP_FAILED,
    POSTED_TWICE,
    POSTING_LEASE,
    UNCLEAR_CONCEPT,
)
from tests.support.fake_books import FakeAdministration, Fault
from tests.support.fake_shop import unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

FIRST, AGAIN = {"minutes": 4}, {"minutes": 11}


def unclear(fault: Fault = Fault.LOST_ANSWER, **changes: object) -> World:
    """One order whose post got no answer; the pause is not over yet."""
    world = World()
    books = world.administration()
    world.shop().add(order_json("1042", **changes))
    books.faults.append(fault)
    world.schedule()
    world.fetch()
    world.book()
    world.orders_queue.five_minutes_later()
    assert world.states() == {"1042": UNCLEAR}
    return world


def books_of(world: World) -> FakeAdministration:
    return world.books["123456"]


def row_of(world: World) -> LedgerRow:
    return world.rows()["1042"]


def codes(world: World) -> list[tuple[str, str]]:
    """The timeline of the order."""
    return [(event.state, event.code) for event in world.ledger.timeline(row_of(world).key)]


def later(world: World, **by: float) -> None:
    world.clock.move(**by)


# --------------------------------------------------------------------------- found


def test_a_booking_whose_answer_was_lost_is_found_again() -> None:
    """With all its ids, and nothing is posted a second time."""
    world = unclear()
    later(world, **FIRST)
    report = world.look_up()
    row, (kept,) = row_of(world), books_of(world).booked

    assert (row.state, row.reason) == (BOOKED, FOUND_AGAIN)
    assert (row.entryid, row.invoicenumber, row.contactid) == (
        kept.entryid,
        kept.invoicenumber,
        kept.contactid,
    )
    assert (report.states[BOOKED], report.left, report.unread) == (1, 0, 0)
    assert len(books_of(world).posts) == 1


def test_nothing_is_asked_before_the_pause_is_over() -> None:
    """The server may still be working on it."""
    world = unclear()
    later(world, minutes=2)
    asked = len(books_of(world).calls)

    assert world.look_up().left == 1
    assert len(books_of(world).calls) == asked


def test_it_is_found_under_its_contact_when_ten_others_are_newer() -> None:
    """The list of the newest entries proves presence only."""
    world = unclear()
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(*(other(str(number)) for number in range(2001, 2013)))
    world.hour()
    world.look_up()

    assert row_of(world).state == BOOKED
    assert len(books_of(world).posts) == 13


def test_it_is_found_although_a_later_order_overwrote_the_contact() -> None:
    """Names, address and even the shop's customer number: the e-mail address stays."""
    world = unclear()
    (known,) = books_of(world).known_contacts
    known.customer = replace(
        known.customer, fullname="Iemand Anders", postalcode="9999 ZZ", contactyourid="other"
    )
    bury(world)

    assert row_of(world).state == BOOKED


def test_it_is_found_under_the_oldest_of_several_contacts_of_the_same_customer() -> None:
    """Acumulus keeps duplicates; every one of them is read, whatever its age."""
    world = unclear()
    (first,) = books_of(world).known_contacts
    for contactid in ("10000900", "10000950"):
        books_of(world).known_contacts.append(replace(first, contactid=contactid))
    bury(world)

    assert (row_of(world).state, row_of(world).contactid) == (BOOKED, first.contactid)


def test_it_is_found_under_a_disabled_contact_without_an_address() -> None:
    """The generic customer of orders without e-mail: many invoices, one of them ours (R93)."""
    document = order_json("1042")
    document["debtor"]["email"] = ""
    world = unclear(debtor=document["debtor"])
    bury(world)

    assert row_of(world).state == BOOKED
    assert books_of(world).booked[0].contactid == row_of(world).contactid


def test_a_due_invoice_of_a_contact_with_another_address_is_found_by_its_amount() -> None:
    """Read one by one: the unpaid report holds no description."""
    world = unclear(payment_status="pending")
    (known,) = books_of(world).known_contacts
    known.customer = replace(known.customer, email="nieuw@example.com", contactyourid="")
    bury(world)

    assert row_of(world).state == BOOKED


def test_the_whole_reference_counts_never_a_part_of_it() -> None:
    """Order 104 is not order 1042, whatever list it is in."""
    world = unclear(Fault.LOST_REQUEST)
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(order_json("10421"), order_json("104"))
    world.hour()
    world.look_up()

    assert row_of(world).reason == ABSENT_ONCE


def test_one_list_that_shows_the_reference_is_enough() -> None:
    """Whether entries have it too is not documented (Acumulus API, section 9, 6)."""
    world = unclear()
    books_of(world).entries_described = False
    later(world, **FIRST)
    world.look_up()

    assert row_of(world).state == BOOKED


def test_found_while_the_shop_is_away() -> None:
    """What is in the list of the newest entries needs no customer."""
    world = unclear()
    later(world, **FIRST)
    world.shops.by_token.clear()
    world.look_up()

    assert row_of(world).state == BOOKED


def test_an_entry_that_differs_is_told_at_once() -> None:
    """As after every booking (R83)."""
    world = unclear()
    (kept,) = books_of(world).booked
    kept.invoice = replace(kept.invoice, total=Decimal("35.84"))
    later(world, **FIRST)
    world.look_up()

    assert "€ 0,01" in world.told()["1042", "entry_differs"]


# --------------------------------------------------------------------------- twice, in the bin


def test_found_twice_is_held_with_both_numbers() -> None:
    """A person takes one away; nothing is deleted by itself, and nothing is sent."""
    world = unclear()
    books = books_of(world)
    books.book(books.posts[0])
    later(world, **FIRST)
    world.look_up()
    row = row_of(world)

    assert (row.state, row.reason) == (HELD, POSTED_TWICE)
    assert all(kept.invoicenumber in row.detail for kept in books.booked)
    assert "delete_entry" not in books.calls


def test_of_two_the_deleted_one_does_not_count() -> None:
    """Somebody was faster than we."""
    world = unclear()
    books = books_of(world)
    books.book(books.posts[0])
    books.booked[0].deleted = True
    later(world, **FIRST)
    world.look_up()

    assert (row_of(world).state, row_of(world).entryid) == (BOOKED, books.booked[1].entryid)


def test_only_in_the_bin_is_held_and_told() -> None:
    """Neither booked nor absent: an owner who threw it away does not want it back (R123)."""
    world = unclear()
    books_of(world).booked[0].deleted = True
    later(world, **FIRST)
    world.look_up()

    assert (row_of(world).state, row_of(world).reason) == (HELD, IN_THE_BIN)
    assert books_of(world).booked[0].entryid in row_of(world).detail


# --------------------------------------------------------------------------- absent


def test_absence_is_proven_twice_before_the_order_is_sent_again() -> None:
    """Each step stands in the timeline; in the end there is one invoice."""
    world = unclear(Fault.LOST_REQUEST)
    later(world, **FIRST)
    first = world.look_up()
    assert (row_of(world).state, row_of(world).reason) == (UNCLEAR, ABSENT_ONCE)
    assert first.left == 1
    later(world, minutes=9)
    assert world.look_up().left == 1
    assert len(books_of(world).posts) == 1

    later(world, minutes=2)
    last = world.look_up()

    assert (row_of(world).state, last.left, last.unread) == (BOOKED, 0, 0)
    assert books_of(world).references == ["Bestelling 1042"]
    assert codes(world)[-5:] == [
        (UNCLEAR, ABSENT_ONCE),
        (WAITING, ABSENT),
        (QUEUED, ""),
        (POSTING, ""),
        (BOOKED, ""),
    ]


def test_an_invoice_that_appears_late_is_found_at_the_second_look() -> None:
    """Acumulus may take a while to show it."""
    world = unclear()
    books_of(world).hidden = 1
    later(world, **FIRST)
    world.look_up()
    books_of(world).hidden = 0
    later(world, **AGAIN)
    world.look_up()

    assert row_of(world).state == BOOKED
    assert len(books_of(world).posts) == 1


@pytest.mark.parametrize("next_run", [World.look_up, World.hour])
def test_a_shop_that_is_away_right_then_loses_nothing(next_run: Callable[[World], object]) -> None:
    """Proven absent, not fetched: whichever run comes first fetches it."""
    world = unclear(Fault.LOST_REQUEST)
    later(world, **FIRST)
    world.look_up()
    later(world, **AGAIN)
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    answers = iter([None])

    def once(_number: str) -> None:
        if next(answers, unreachable()) is not None:
            raise unreachable()

    fake.before_order = once
    world.look_up()
    assert (row_of(world).state, row_of(world).reason) == (WAITING, ABSENT)

    fake.before_order = lambda _number: None
    next_run(world)

    assert row_of(world).state == BOOKED
    assert books_of(world).references == ["Bestelling 1042"]


# --------------------------------------------------------------------------- after both looks


def sent_again() -> World:
    """An order that was sent twice; Acumulus works off the first post after both looks."""
    world = unclear(Fault.LOST_REQUEST)
    lost = books_of(world).posts[0]
    for pause in (FIRST, AGAIN):
        later(world, **pause)
        world.look_up()
    assert (row_of(world).state, len(books_of(world).posts)) == (BOOKED, 2)
    books_of(world).book(lost)
    return world


def test_a_post_that_is_booked_after_both_looks_is_told_the_next_night() -> None:
    """Nobody can rule it out: its owner hears of both, nothing is removed or sent again."""
    world = sent_again()
    world.shops.by_token[f"token-of-{STORE_ID}"].add(*(other(str(n)) for n in range(2001, 2013)))
    world.hour()
    world.night()

    row, entries = row_of(world), [kept.entryid for kept in books_of(world).booked]
    assert (row.state, row.reason) == (HELD, POSTED_TWICE)
    assert all(entry in row.detail for entry in (entries[0], entries[1]))
    assert books_of(world).references.count("Bestelling 1042") == 2
    assert not any(kept.deleted for kept in books_of(world).booked)


def test_once_its_owner_removed_one_of_two_the_other_is_its_invoice() -> None:
    """And the nights after it say nothing more."""
    world = sent_again()
    world.night()
    ours, late = books_of(world).booked
    ours.deleted = True
    shop = world.tenants.shops([STORE_ID])[STORE_ID]
    deciding = world.following.deciding
    resolve_there(deciding, shop, "1042", Said("een weg", "kantoor"), entryid=late.entryid)
    world.clock.move(days=1)
    world.night()

    assert (row_of(world).state, row_of(world).entryid) == (BOOKED, late.entryid)
    assert world.told() == {}


def test_an_order_that_was_sent_again_and_is_there_once_costs_looks_for_three_nights() -> None:
    """Then no post of it can be under way any more."""
    world = unclear(Fault.LOST_REQUEST)
    for pause in (FIRST, AGAIN):
        later(world, **pause)
        world.look_up()
    asked = []
    for _ in range(5):
        world.clock.move(hours=20)
        before = books_of(world).calls.count("contacts")
        world.night()
        asked.append(books_of(world).calls.count("contacts") - before)

    assert row_of(world).state == BOOKED
    assert asked == [1, 1, 1, 0, 0]


def test_what_a_person_says_is_absent_is_looked_for_at_night_too() -> None:
    """He looked once, and may have looked too early."""
    world = unclear(Fault.LOST_REQUEST)
    lost = books_of(world).posts[0]
    later(world, **FIRST)
    shop = world.tenants.shops([STORE_ID])[STORE_ID]
    resolve_absent(world.following.deciding, shop, "1042", Said("niet gezien", "kantoor"))
    world.book()
    books_of(world).book(lost)
    world.night()

    assert (row_of(world).state, row_of(world).reason) == (HELD, POSTED_TWICE)


# --------------------------------------------------------------------------- not to be read


@pytest.mark.parametrize("name", ["recent_entries", "contacts", "contact_invoices", "entry"])
def test_a_list_that_cannot_be_read_proves_nothing(name: str) -> None:
    """It stays unclear, is tried again, and after three days a person is told what to look for."""
    world = unclear()
    bury(world, look=False)
    books_of(world).unreadable.add(name)
    later(world, **FIRST)

    assert world.look_up().unread == 1
    assert row_of(world).state == UNCLEAR
    later(world, days=3)
    world.look_up()
    assert (row_of(world).state, row_of(world).reason) == (HELD, LOOK_UP_FAILED)
    assert "Bestelling 1042" in row_of(world).detail
    assert "35,85" in row_of(world).detail


def test_an_unpaid_report_that_does_not_come_proves_nothing_either() -> None:
    """For an invoice that was posted as due."""
    world = unclear(Fault.LOST_REQUEST, payment_status="pending")
    books_of(world).unreadable.add("unpaid_invoices")
    later(world, **FIRST)

    assert world.look_up().unread == 1
    assert row_of(world).absent_at is None


def test_without_the_customer_absence_is_not_proven() -> None:
    """The shop is away, and the newest entries do not show it."""
    world = unclear(Fault.LOST_REQUEST)
    world.shops.by_token.clear()
    for _ in range(3):
        later(world, **AGAIN)
        world.look_up()

    assert row_of(world).state == UNCLEAR
    assert row_of(world).absent_at is None


def test_a_concept_in_no_list_is_held() -> None:
    """Concepts are in no list, so a person must look."""
    world = unclear_concept()
    later(world, **FIRST)
    world.look_up()

    assert (row_of(world).state, row_of(world).reason) == (HELD, UNCLEAR_CONCEPT)
    assert "concept" in row_of(world).detail


def test_a_refused_contract_stops_the_administration() -> None:
    """One mail; the post stays unclear and is found after the fix."""
    world = unclear()
    books_of(world).credentials_refused = True
    later(world, **FIRST)
    world.look_up()
    world.look_up()

    assert row_of(world).state == UNCLEAR
    assert len(world.notices.sent) == 1
    books_of(world).credentials_refused = False
    world.tenants.resume_administration("123456")
    world.look_up()
    assert row_of(world).state == BOOKED


# --------------------------------------------------------------------------- people, and races


@pytest.mark.parametrize("reason", [POSTED_TWICE, IN_THE_BIN, UNCLEAR_CONCEPT, LOOK_UP_FAILED])
def test_what_may_be_in_acumulus_is_not_retried_like_others(reason: str) -> None:
    """A person says whether it is there; "try again" alone would book it twice."""
    world = unclear()
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None
    row = row_of(world)
    world.ledger.record([(replace(row, state=HELD, reason=reason), row)])
    said = Said("opnieuw", "eigenaar")

    with pytest.raises(DecisionRefused):
        retry(world.following.deciding, shop, "1042", said)
    assert retry_cause(world.following.deciding, shop, reason, said) == []
    world.choose(trigger_statuses=(3,), order_prefix="NW")
    world.hour()
    assert row_of(world).state == HELD
    assert len(books_of(world).posts) == 1


def test_a_person_may_say_that_it_is_not_there() -> None:
    """Held after a failed look-up, looked for by hand, sent again."""
    world = unclear(Fault.LOST_REQUEST)
    row = row_of(world)
    world.ledger.record([(replace(row, state=HELD, reason=LOOK_UP_FAILED), row)])
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None
    later(world, hours=1)
    resolve_absent(world.following.deciding, shop, "1042", Said("nergens gezien", "eigenaar"))
    world.hour()

    assert row_of(world).state == BOOKED


def test_a_lost_worker_is_looked_for_like_a_lost_answer() -> None:
    """Killed after the post: the lease ends, the row is unclear, the invoice is found."""
    world = unclear()
    row = row_of(world)
    world.ledger.record([(replace(row, state=POSTING, reason=""), row)])
    later(world, seconds=POSTING_LEASE.total_seconds() + 1)
    world.hour()
    world.look_up()

    assert row_of(world).state == BOOKED
    assert len(books_of(world).posts) == 1


def test_a_row_that_somebody_decided_meanwhile_is_left_alone() -> None:
    """The look-up judged an older row."""
    world = unclear()
    later(world, **FIRST)
    row = row_of(world)
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.before_order = lambda _number: world.ledger.record(
        [(replace(row, state=BOOKED, reason="by_hand"), row)]
    )
    world.look_up()

    assert row_of(world).reason == "by_hand"


def unclear_concept() -> World:
    world = unclear(Fault.LOST_REQUEST)
    row = row_of(world)
    world.ledger.record([(replace(row, concept=True), row)])
    return world


def other(number: str) -> dict[str, object]:
    """An order of another customer."""
    document = order_json(number)
    document["debtor"]["email"] = f"klant{number}@example.com"
    document["debtor"]["id"] = f"id-{number}"
    return document


def bury(world: World, *, look: bool = True) -> None:
    """Twelve newer orders of others: the newest entries show ours no more."""
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(*(other(str(number)) for number in range(2001, 2013)))
    world.hour()
    if look:
        world.look_up()


def test_the_pauses_are_at_least_what_was_promised() -> None:
    """Three minutes after the post, ten between two looks, three days until a person is asked."""
    pauses = World().following.pauses

    assert pauses.first >= timedelta(minutes=3)
    assert pauses.again >= timedelta(minutes=10)
    assert pauses.patience == timedelta(days=3)


def test_a_row_that_tells_no_id_is_no_proof_of_absence() -> None:
    """The reference stands in a list: nothing is sent again, and in the end a person looks."""
    world = unclear()
    books = books_of(world)
    books.entries_described, books.concepts_listed = False, True
    (kept,) = books.booked
    kept.entryid, kept.conceptid = "", ""
    for _ in range(3):
        later(world, hours=1)
        assert world.look_up().unread == 1
    assert len(books.posts) == 1

    later(world, days=3)
    world.look_up()
    assert (row_of(world).state, row_of(world).reason) == (HELD, LOOK_UP_FAILED)


def test_an_old_concept_in_a_list_does_not_hide_that_the_new_invoice_is_absent() -> None:
    """It has the same reference and no id; the resend is ended all the same (R124)."""
    world = World()
    books, shop = world.administration(concepts_listed=True), world.shop()
    shop.add(order_json("1042", payment_status="refunded"))
    world.hour()
    shop.edit("1042", payment_status="captured")
    connected = world.tenants.shop(STORE_ID)
    assert connected is not None
    books.faults.append(Fault.LOST_REQUEST)
    services = world.following.deciding
    resend(services, connected, "1042", Said("betaald", "kantoor"))
    world.book()
    for _ in range(2):
        later(world, hours=1)
        world.look_up()

    assert (row_of(world).state, row_of(world).entryid) == (BOOKED, books.booked[-1].entryid)
    assert len(books.posts) == 3


@pytest.mark.parametrize("most", [2, None])
def test_a_list_that_is_cut_off_proves_no_absence(most: int | None) -> None:
    """What was booked under the contact since is missing: so may this one be (its API, 9.3)."""
    world = unclear()
    books = books_of(world)
    books.entries_described, books.outgoing_most = False, most
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(order_json("900"), order_json("901"), *(order_json(str(n)) for n in (1043, 1044)))
    world.hour()
    books.booked.append(books.booked.pop(0))  # nobody knows how it is sorted
    for _ in range(3):
        later(world, hours=1)
        world.look_up()

    assert row_of(world).state == (BOOKED if most is None else UNCLEAR)
    later(world, days=3)
    world.look_up()
    ended = row_of(world)
    assert (ended.state, ended.reason) == (
        (BOOKED, FOUND_AGAIN) if most is None else (HELD, LOOK_UP_FAILED)
    )
    assert [post.order_number for post in books.posts].count("1042") == 1


def test_a_credit_order_whose_original_is_not_told_is_never_called_absent() -> None:
    """It stands under the customer of its original: without him nobody knows where to look."""
    world = World()
    books = world.administration()
    fake = world.shop(credit_statuses=(10,))
    fake.add(order_json("1041"))
    world.hour()
    fake.add(order_json("1042", credited_order_number=1041, status=10))
    books.faults.append(Fault.LOST_REQUEST)
    world.hour()
    assert row_of(world).state == UNCLEAR
    fake.remove(["1041"])
    for _ in range(4):
        later(world, hours=1)
        world.look_up()
        world.hour()

    assert row_of(world).state == UNCLEAR
    assert len(books.posts) == 2


# --------------------------------------------------------------------------- while Acumulus is away


def test_a_list_that_does_not_come_is_asked_for_once() -> None:
    """However many posts are unclear: the next would not come either."""
    world = unclear()
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(*(other(str(number)) for number in (2001, 2002)))
    books_of(world).faults.extend([Fault.LOST_ANSWER] * 2)
    world.hour()
    books_of(world).unreadable.add("recent_entries")
    asked = books_of(world).calls.count("recent_entries")

    assert world.look_up().unread == 3
    assert books_of(world).calls.count("recent_entries") == asked + 1


def test_who_is_left_alone_is_not_asked_either() -> None:
    """Not by the look-ups, not by the night; afterwards all goes on."""
    world = unclear()
    later(world, hours=1)
    rest = Rest(failures=4, since=world.clock.now(), until=world.clock.now() + timedelta(minutes=5))
    world.tenants.note_rest("123456", rest)
    asked = len(books_of(world).calls)

    assert world.look_up().unread == 1
    world.night()
    assert len(books_of(world).calls) == asked

    later(world, minutes=5)
    world.look_up()
    assert row_of(world).state == BOOKED
