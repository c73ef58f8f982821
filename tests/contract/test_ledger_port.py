"""One suite for every ledger: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    Ledger,
    LedgerRow,
    OrderKey,
    ShopMemory,
    TimelineEvent,
)
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.memory import MemoryLedger
from boekbrug.ledger.timeline import EVENTS_KEPT, LONGEST_TEXT
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW, SHOP, a_full_row, a_key, a_row
from tests.support.stores import ledger_client, make_table

LATER = NOW + timedelta(seconds=30)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoLedger(make_table(aws, "LedgerTable"), ledger_client(aws))


def stored(ledger: Ledger, row: LedgerRow) -> LedgerRow:
    return ledger.rows([row.key])[row.key]


def queued(ledger: Ledger, number: str = "1042") -> LedgerRow:
    row = a_row(number)
    assert ledger.record([(row, None)]) == {row.key}
    return stored(ledger, row)


def posting(ledger: Ledger, owner: str = "one") -> LedgerRow:
    claimed = ledger.start_posting(queued(ledger), owner=owner, at=NOW)
    assert claimed is not None
    return claimed


# --------------------------------------------------------------------------- record


def test_a_recorded_row_comes_back_exactly(ledger: Ledger) -> None:
    """Every field survives: money to the digit, moments to the microsecond, texts as they are."""
    row = a_full_row()

    ledger.record([(row, None)])

    found = stored(ledger, row)
    assert replace(row, revision=1) == found
    assert str(row.total) == str(found.total)
    assert [str(amount) for amount in row.vat.values()] == [str(v) for v in found.vat.values()]
    assert all(type(getattr(found, f.name)) is type(getattr(row, f.name)) for f in fields(row))


def test_a_field_that_becomes_empty_is_empty(ledger: Ledger) -> None:
    """A new version replaces all of the old one, also what it leaves empty."""
    ledger.record([(a_full_row(), None)])
    plain = a_row(state=QUEUED)

    ledger.record([(plain, stored(ledger, plain))])

    assert replace(plain, revision=2) == stored(ledger, plain)


def test_an_order_that_could_not_be_read_has_no_total(ledger: Ledger) -> None:
    """Nothing is stored as its amount, not even a zero."""
    unread = a_row(state=HELD, reason="unreadable_order", total=None)

    ledger.record([(unread, None)])

    assert stored(ledger, unread).total is None


def test_a_new_row_never_replaces_one_that_exists(ledger: Ledger) -> None:
    """Two workers that see an order for the first time: one row."""
    first = queued(ledger)

    assert ledger.record([(a_row(state=SKIPPED), None)]) == set()

    assert first == stored(ledger, first)


def test_a_row_that_changed_meanwhile_is_left_alone(ledger: Ledger) -> None:
    """The revision of what is replaced must still be the stored one."""
    before = queued(ledger)
    ledger.record([(replace(before, state=WAITING), before)])

    assert ledger.record([(replace(before, state=SKIPPED), before)]) == set()

    assert stored(ledger, before).state == WAITING


def test_a_replaced_row_must_exist(ledger: Ledger) -> None:
    """Nothing is written over a row that is not there."""
    ghost = a_row(revision=4)

    assert ledger.record([(replace(ghost, state=SKIPPED), ghost)]) == set()

    assert ledger.rows([ghost.key]) == {}


def test_each_write_raises_the_revision(ledger: Ledger) -> None:
    """The revision counts the writes of a row, whatever the caller put in it."""
    row = queued(ledger)
    ledger.record([(replace(row, state=WAITING, revision=99), row)])

    assert stored(ledger, row).revision == row.revision + 1 == 2


def test_writing_exactly_the_same_again_counts_as_written(ledger: Ledger) -> None:
    """A write that is repeated because its answer was lost has been written, once."""
    row = a_row()
    ledger.record([(row, None)])

    assert ledger.record([(row, None)]) == {row.key}

    assert stored(ledger, row).revision == 1


def test_one_failure_among_many_leaves_the_others(ledger: Ledger) -> None:
    """Sixty new rows, two of them known already: fifty-eight are written."""
    known = [queued(ledger, "3"), queued(ledger, "41")]
    rows = [a_row(str(number), state=WAITING) for number in range(1, 61)]

    written = ledger.record([(row, None) for row in rows])

    assert {row.key for row in rows} - {row.key for row in known} == written
    assert known == [stored(ledger, row) for row in known]
    assert len(list(ledger.shop_rows(SHOP))) == 60


def test_new_and_changed_rows_in_one_call(ledger: Ledger) -> None:
    """A page mixes orders that are new with orders that changed."""
    before = queued(ledger, "1")
    changed = replace(before, state=HELD)
    new = [a_row("2"), a_row("3")]

    written = ledger.record([(new[0], None), (changed, before), (new[1], None)])

    assert written == {new[0].key, changed.key, new[1].key}
    assert stored(ledger, before).state == HELD


def test_the_same_new_order_twice_in_one_call_is_one_row(ledger: Ledger) -> None:
    """Overlapping pages may bring an order twice: the first one counts."""
    first, second = a_row(state=WAITING), a_row(state=SKIPPED)

    assert ledger.record([(first, None), (second, None), (a_row("9"), None)]) >= {first.key}

    assert stored(ledger, first) == replace(first, revision=1)


def test_nothing_to_record_is_nothing(ledger: Ledger) -> None:
    """An empty page costs nothing and breaks nothing."""
    assert ledger.record([]) == set()


# --------------------------------------------------------------------------- reading


def test_rows_gives_what_exists(ledger: Ledger) -> None:
    """Unknown keys are left out; more keys than one read can take are no problem."""
    known = queued(ledger, "150")
    keys = [a_key(str(number)) for number in range(1, 260)]

    assert ledger.rows([*keys, known.key]) == {known.key: known}
    assert ledger.rows([]) == {}


def test_by_number_finds_that_number_only(ledger: Ledger) -> None:
    """Never a part of a number, never another shop."""
    wanted = queued(ledger, "1042")
    for number in ("42", "104", "10420", "11042"):
        queued(ledger, number)
    foreign = replace(a_row(), key=a_key("1042", "another-shop"))
    ledger.record([(foreign, None)])

    assert ledger.by_number(SHOP, "1042") == [wanted]
    assert ledger.by_number(SHOP, "104200") == []


def test_by_number_finds_every_order_with_the_number(ledger: Ledger) -> None:
    """A shop may give a number twice: identity is the uuid."""
    queued(ledger)
    twin = replace(a_row(), key=replace(a_key(), uuid="ffffffff"))
    ledger.record([(twin, None)])

    assert [row.key.uuid for row in ledger.by_number(SHOP, "1042")] == [a_key().uuid, "ffffffff"]


@pytest.mark.parametrize("number", ["0", "007", "?", "TEST-12", "12#3", "1234567890123456", "0#"])
def test_odd_numbers_come_back_as_they_are(ledger: Ledger, number: str) -> None:
    """Whatever a shop calls an order, it is found under exactly that."""
    row = replace(a_row(), key=replace(a_key(), number=number, uuid="a#b"))
    ledger.record([(row, None)])

    assert [found.key for found in ledger.by_number(SHOP, number)] == [row.key]
    assert set(ledger.rows([row.key])) == {row.key}


def test_shop_rows_are_ordered_by_number(ledger: Ledger) -> None:
    """By number, not by text; the memory of the shop is no row."""
    for number in ("10", "9", "100", "11"):
        queued(ledger, number)
    ledger.remember(SHOP, ShopMemory(settings_version=1))

    assert [row.key.number for row in ledger.shop_rows(SHOP)] == ["9", "10", "11", "100"]


def test_recent_rows_are_the_young_ones_the_newest_first(ledger: Ledger) -> None:
    """Ordered or changed on that day or later; old ones among them are left out."""
    old = {"order_date": date(2025, 1, 1), "changed_at": NOW - timedelta(days=300)}
    ledger.record([(a_row("9", **old), None), (a_row("10"), None), (a_row("11", **old), None)])
    ledger.record([(a_row("100", order_date=date(2025, 1, 1)), None)])

    rows = list(ledger.recent_rows(SHOP, NOW.date()))

    assert [row.key.number for row in rows] == ["100", "10"]
    assert rows[1] == ledger.rows([a_key("10")])[a_key("10")]
    assert list(ledger.recent_rows(SHOP, NOW.date() + timedelta(days=1))) == []


def test_rows_are_read_in_pages_from_the_newest_on(ledger: Ledger) -> None:
    """Each page goes on where the last one ended, also between two orders with one number."""
    twice = replace(a_row("10"), key=replace(a_key("10"), uuid="another"))
    rows = [a_row("9"), a_row("10"), twice, a_row("11"), a_row("100")]
    ledger.record([(row, None) for row in rows])
    ledger.record([(replace(a_row("12"), key=a_key("12", "another-shop")), None)])

    found, page = [], ledger.newest_rows(SHOP, 2)
    while page:
        found.append([row.key for row in page])
        page = ledger.newest_rows(SHOP, 2, before=page[-1].key)

    assert found == [[a_key("100"), a_key("11")], [twice.key, a_key("10")], [a_key("9")]]
    assert ledger.newest_rows(SHOP, 1)[0] == stored(ledger, a_row("100"))


def test_a_page_goes_on_from_an_order_that_is_gone(ledger: Ledger) -> None:
    """An address somebody kept still leads somewhere."""
    ledger.record([(a_row("9"), None), (a_row("11"), None)])

    assert [row.key for row in ledger.newest_rows(SHOP, 5, before=a_key("10"))] == [a_key("9")]


def test_a_page_begins_below_any_number(ledger: Ledger) -> None:
    """Also one that was never an order's; the orders of that number are not below it."""
    ledger.record([(a_row("9"), None), (a_row("11"), None)])

    for number, below in ((9, []), (10, ["9"]), (11, ["9"]), (500, ["11", "9"])):
        page = ledger.newest_rows(SHOP, 5, before=OrderKey(SHOP, str(number), ""))
        assert [row.key.number for row in page] == below


# --------------------------------------------------------------------------- posting


def test_posting_stores_what_is_about_to_be_sent(ledger: Ledger) -> None:
    """The claim carries reference, totals and owner; first sight and attempts stay the ledger's."""
    before = queued(ledger)
    row = a_row(
        state=POSTING,
        reference="Bestelling WA1042",
        posted_total=Decimal("35.85"),
        vat={"21": Decimal("6.22")},
        seen_at=None,
        changed_at=None,
        revision=before.revision,
    )

    claimed = ledger.start_posting(row, owner="one", at=LATER)

    expected = replace(
        row,
        owner="one",
        posting_at=LATER,
        changed_at=LATER,
        seen_at=before.seen_at,
        attempts=1,
        revision=2,
    )
    assert expected == claimed == stored(ledger, row)


def test_only_a_queued_row_can_be_claimed(ledger: Ledger) -> None:
    """Whatever else became of the order, nothing is posted."""
    for number, state in enumerate((SKIPPED, WAITING, HELD, BOOKED, UNCLEAR, POSTING), start=1):
        row = a_row(str(number), state)
        ledger.record([(row, None)])

        assert ledger.start_posting(row, owner="one", at=NOW) is None
        assert stored(ledger, row) == replace(row, revision=1)


def test_an_unknown_order_cannot_be_claimed(ledger: Ledger) -> None:
    """A message without a row posts nothing."""
    assert ledger.start_posting(a_row(), owner="one", at=NOW) is None
    assert ledger.rows([a_key()]) == {}


def test_a_second_worker_cannot_claim(ledger: Ledger) -> None:
    """A second delivery of the message finds the row taken."""
    claimed = posting(ledger, owner="one")

    assert ledger.start_posting(a_row(revision=1), owner="two", at=NOW) is None
    assert ledger.start_posting(a_row(revision=2), owner="two", at=NOW) is None
    assert stored(ledger, claimed) == claimed


def test_the_same_worker_gets_its_claim_again(ledger: Ledger) -> None:
    """A claim that is repeated because its answer was lost is still a claim, made once."""
    claimed = posting(ledger, owner="one")

    assert claimed == ledger.start_posting(a_row(revision=1), owner="one", at=NOW)


def test_a_claim_keeps_what_only_the_row_knows(ledger: Ledger) -> None:
    """A message knows nothing of a post that was given up, nor of what its order replaces."""
    before = replace(a_full_row(), state=QUEUED)
    ledger.record([(before, None)])

    claimed = ledger.start_posting(
        a_row(
            revision=1,
            fingerprint=before.fingerprint,
            payment_status=before.payment_status,
            settings_version=before.settings_version,
        ),
        owner="one",
        at=NOW,
    )

    assert claimed is not None
    assert (claimed.uuid, claimed.given_up_at) == (before.uuid, before.given_up_at)
    assert claimed.by_request
    assert claimed.replaces == before.replaces
    assert claimed.absent_at is None


def test_a_message_with_an_older_revision_still_claims_its_order(ledger: Ledger) -> None:
    """An order that went back to queued keeps its message, which knows an older revision."""
    first = posting(ledger, owner="one")
    assert ledger.finish_posting(replace(first, state=QUEUED), owner="one")

    claimed = ledger.start_posting(a_row(revision=1), owner="two", at=LATER)

    assert claimed is not None
    assert (claimed.owner, claimed.attempts, claimed.revision) == ("two", 2, 4)


def test_a_message_with_older_amounts_claims_nothing(ledger: Ledger) -> None:
    """The order was changed after the message was sent: its newer message books it."""
    before = queued(ledger)
    newer = replace(before, fingerprint="another", total=Decimal("99.00"))
    ledger.record([(newer, before)])

    for revision in (before.revision, before.revision + 1):
        message = replace(before, revision=revision)
        assert ledger.start_posting(message, owner="one", at=NOW) is None
    assert stored(ledger, before).state == QUEUED


@pytest.mark.parametrize("state", [BOOKED, UNCLEAR, HELD, QUEUED, WAITING])
def test_finishing_writes_the_outcome(ledger: Ledger, state: str) -> None:
    """After the answer the row tells it, with all ids."""
    claimed = posting(ledger)
    outcome = replace(claimed, state=state, entryid="12", contactid="7", changed_at=LATER)

    assert ledger.finish_posting(outcome, owner="one")

    assert stored(ledger, claimed) == replace(outcome, revision=claimed.revision + 1)


def test_only_the_owner_finishes(ledger: Ledger) -> None:
    """A worker that did not claim the row cannot say what became of it."""
    claimed = posting(ledger, owner="one")

    assert not ledger.finish_posting(replace(claimed, state=BOOKED), owner="two")

    assert stored(ledger, claimed) == claimed


def test_an_answer_after_the_lease_still_counts(ledger: Ledger) -> None:
    """The row was marked unclear meanwhile; the worker that posted knows better."""
    claimed = posting(ledger, owner="one")
    lost = replace(claimed, state=UNCLEAR, reason="worker_lost")
    assert ledger.record([(lost, claimed)])

    assert ledger.finish_posting(replace(claimed, state=BOOKED, entryid="12"), owner="one")

    found = stored(ledger, claimed)
    assert (found.state, found.entryid, found.revision) == (BOOKED, "12", 4)
    states = [event.state for event in ledger.timeline(claimed.key)]
    assert states == [QUEUED, POSTING, UNCLEAR, BOOKED]


@pytest.mark.parametrize("state", [BOOKED, HELD, QUEUED, WAITING, SKIPPED])
def test_a_finished_row_is_not_finished_again(ledger: Ledger, state: str) -> None:
    """Only posting and unclear have an outcome to come, whichever revision the caller knows."""
    claimed = posting(ledger, owner="one")
    ledger.finish_posting(replace(claimed, state=state), owner="one")
    now = stored(ledger, claimed)

    for known in (claimed, now):
        assert not ledger.finish_posting(replace(known, state=UNCLEAR), owner="one")

    assert stored(ledger, claimed) == now


def test_the_same_outcome_again_counts_as_finished(ledger: Ledger) -> None:
    """A finish that is repeated because its answer was lost was made, once."""
    claimed = posting(ledger)
    outcome = replace(claimed, state=BOOKED, entryid="12")

    assert ledger.finish_posting(outcome, owner="one")
    assert ledger.finish_posting(outcome, owner="one")

    assert stored(ledger, claimed).revision == claimed.revision + 1


def test_finishing_an_unknown_order_is_refused(ledger: Ledger) -> None:
    """Nothing appears out of nowhere as booked."""
    assert not ledger.finish_posting(a_row(state=BOOKED), owner="one")
    assert ledger.rows([a_key()]) == {}


def test_recording_over_a_claim_needs_its_revision(ledger: Ledger) -> None:
    """Fetching that decided on the queued row changes nothing once the row is posting."""
    before = queued(ledger)
    claimed = ledger.start_posting(before, owner="one", at=NOW)

    assert ledger.record([(replace(before, state=SKIPPED), before)]) == set()

    assert stored(ledger, before) == claimed


# --------------------------------------------------------------------------- timeline


def test_the_timeline_tells_every_step(ledger: Ledger) -> None:
    """When, which state, which code, and why or under which number."""
    row = a_row(state=WAITING, reason="unpaid", detail="Nog niet betaald.")
    ledger.record([(row, None)])
    ledger.record([(a_row(changed_at=LATER), stored(ledger, row))])
    claimed = ledger.start_posting(stored(ledger, row), owner="one", at=LATER)
    assert claimed is not None
    done = replace(claimed, state=BOOKED, invoicenumber="2026-0042", entryid="9")
    ledger.finish_posting(done, owner="one")

    assert ledger.timeline(row.key) == [
        TimelineEvent(NOW, WAITING, "unpaid", "Nog niet betaald."),
        TimelineEvent(LATER, QUEUED, ""),
        TimelineEvent(LATER, POSTING, ""),
        TimelineEvent(LATER, BOOKED, "", "2026-0042"),
    ]
    assert ledger.timeline(a_key("404")) == []


def test_the_timeline_keeps_the_last_events(ledger: Ledger) -> None:
    """A row cannot grow without end: the newest events stay, long texts are cut."""
    row = a_row(detail="x" * 500)
    ledger.record([(row, None)])
    for step in range(1, EVENTS_KEPT + 5):
        before = stored(ledger, row)
        ledger.record([(replace(before, reason=f"step_{step}"), before)])

    events = ledger.timeline(row.key)

    assert [event.code for event in events] == [f"step_{step}" for step in range(5, 17)]
    assert {len(event.text) for event in events} == {LONGEST_TEXT}


# --------------------------------------------------------------------------- memories


def test_a_memory_comes_back_exactly(ledger: Ledger) -> None:
    """Digests, dates and the shop's own clock, whole."""
    memory = ShopMemory(
        settled=frozenset(index.to_bytes(8) for index in range(500)),
        window_from=date(2026, 2, 20),
        watermark=datetime(2026, 3, 2, 10, 15, 1, 5),  # noqa: DTZ001  # the shop's clock has no offset
        settings_version=7,
        watching=True,
        offset=300,
        page=b"\x00digest\xff",
        failing_since=NOW,
        last_success=NOW,
        revision=1,
    )
    assert all(getattr(memory, one.name) != one.default for one in fields(memory))

    assert ledger.remember(SHOP, replace(memory, revision=0))

    assert ledger.memories([SHOP]) == {SHOP: memory}


def test_a_memory_that_is_out_of_date_is_not_written(ledger: Ledger) -> None:
    """A run that began before the last write brings nothing back of what that took away."""
    assert ledger.remember(SHOP, ShopMemory(settled=frozenset({b"12345678"})))
    old = ledger.memories([SHOP])[SHOP]
    assert ledger.remember(SHOP, replace(old, settled=frozenset()))

    assert not ledger.remember(SHOP, replace(old, watching=True))
    assert not ledger.remember(SHOP, ShopMemory(watching=True))
    assert ledger.memories([SHOP]) == {SHOP: ShopMemory(revision=2)}


def test_a_memory_that_is_written_twice_was_written(ledger: Ledger) -> None:
    """The repeat of a write whose answer was lost is no other run."""
    assert [ledger.remember(SHOP, ShopMemory(offset=7)) for _ in range(2)] == [True, True]


def test_an_empty_memory_is_a_memory(ledger: Ledger) -> None:
    """A shop without orders was still read."""
    ledger.remember(SHOP, ShopMemory())

    assert ledger.memories([SHOP]) == {SHOP: ShopMemory(revision=1)}


def test_the_memories_of_many_shops_in_one_call(ledger: Ledger) -> None:
    """Shops without a memory are left out; the newest memory counts."""
    for index in range(130):
        ledger.remember(f"shop-{index}", ShopMemory(offset=1))
        ledger.remember(f"shop-{index}", ShopMemory(offset=index, revision=1))

    found = ledger.memories([f"shop-{index}" for index in range(140)])

    assert found == {f"shop-{index}": ShopMemory(offset=index, revision=2) for index in range(130)}
    assert ledger.memories([]) == {}


def test_the_memories_of_a_few_shops_among_many(ledger: Ledger) -> None:
    """Twenty shops scattered over hundreds are read as exactly as a page of neighbours."""
    for index in range(100):
        ledger.remember(f"shop-{index:03}", ShopMemory(offset=index))
    wanted = [f"shop-{index:03}" for index in range(0, 100, 5)]

    assert ledger.memories(wanted) == {
        f"shop-{index:03}": ShopMemory(offset=index, revision=1) for index in range(0, 100, 5)
    }
