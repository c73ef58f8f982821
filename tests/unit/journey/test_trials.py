"""A trial contract: some orders fit, the rest waits, and the owner hears of it in time."""

from boekbrug.journey.ports.ledger import BOOKED, WAITING
from boekbrug.journey.trials import TRIAL_ENDING, TRIAL_LIMIT
from tests.support.fake_books import Fault
from tests.support.journey_world import World
from tests.support.orders import order_json


def trial(orders: int, *, entries: int | None = 50, cap: int = 40) -> World:
    """A trial of so many entries, and a shop with orders."""
    world = World(trial_cap=cap)
    world.administration(max_entries=entries)
    world.shop().add(*(order_json(str(1000 + number)) for number in range(orders)))
    return world


def test_the_cap_keeps_room_for_the_owner() -> None:
    """So many imports and no more; the rest waits, the shop goes on being fetched."""
    world = trial(15, cap=12)
    world.hour()
    world.hour()

    states = list(world.states().values())
    assert (states.count(BOOKED), states.count(WAITING)) == (12, 3)
    assert len(world.books["123456"].posts) == 12
    assert world.rows()["1014"].reason == TRIAL_LIMIT


def test_the_owner_gets_one_mail_when_the_trial_is_full() -> None:
    """With what to do, and not again every hour."""
    world = trial(15, cap=12)
    for _ in range(4):
        world.hour()

    assert [mail.subject for mail in world.notices.sent] == [
        "Actie nodig: er passen geen bestellingen meer in contract eindigend op 56"
    ]


def test_what_acumulus_allows_counts_too() -> None:
    """The owner's own bookings take places: less is left than the cap."""
    world = trial(8)
    world.tenants.note_entries_left("123456", 5)
    world.hour()

    assert list(world.states().values()).count(BOOKED) == 5


def test_a_full_trial_that_answers_403_is_not_taken_for_a_refused_password() -> None:
    """The owner filled it with bookings of his own since it was last looked at."""
    world = trial(3, entries=0)
    world.tenants.note_entries_left("123456", 5)
    world.books["123456"].faults.append(Fault.REFUSED_CREDENTIALS)
    world.hour()

    administration = world.tenants.administration("123456")
    assert administration is not None
    assert administration.paused == TRIAL_LIMIT
    assert {row.reason for row in world.rows().values()} == {TRIAL_LIMIT}


def test_the_owner_is_warned_at_ten_left_once() -> None:
    """Not earlier, and not with every booking after it."""
    world = trial(25, cap=40)
    world.hour()
    assert list(world.findings.open()) == []

    fake = world.shops.by_token.popitem()[1]
    world.shops.by_token["token-of-" + fake.shop.id] = fake
    fake.add(*(order_json(str(2000 + number)) for number in range(8)))
    world.hour()

    (finding,) = world.findings.open()
    assert finding.code == TRIAL_ENDING
    assert "hooguit 10" in finding.detail


def test_a_refusal_for_lack_of_room_waits_and_is_not_the_orders_fault() -> None:
    """The count was behind: Acumulus refuses, the order waits, nothing else is posted."""
    world = trial(4, entries=2)
    world.tenants.note_entries_left("123456", 30)
    world.hour()

    states = list(world.states().values())
    assert (states.count(BOOKED), states.count(WAITING)) == (2, 2)
    assert {row.reason for row in world.rows().values()} == {"", TRIAL_LIMIT}
    assert len(world.notices.sent) == 1


def test_a_paid_contract_knows_no_cap() -> None:
    """Nothing is counted, nothing is stopped."""
    world = trial(15, entries=None, cap=3)
    world.hour()

    assert set(world.states().values()) == {BOOKED}
    row = world.tenants.administration("123456")
    assert row is not None
    assert row.imports == 0


def test_what_was_not_posted_takes_no_place() -> None:
    """Throttled posts come again, and count once."""
    world = trial(3, cap=5)
    world.books["123456"].faults.extend([None, Fault.THROTTLED])
    world.hour()
    world.hour()
    row = world.tenants.administration("123456")

    assert row is not None
    assert row.imports == 3
    assert set(world.states().values()) == {BOOKED}
