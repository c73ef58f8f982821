"""What a shop's orders would become, before it is switched on: step by step, nothing is posted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.facts import VatPeriod, VatRate
from boekbrug.errors import BoekbrugError, NeedsOwner, RetryLater, StopShop, Unclear
from boekbrug.journey import rehearse
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.conversions import outcome_of
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.ports.tenants import NOT_STARTED, ConnectedShop
from boekbrug.journey.rehearsal import Checked, Rehearsal, Rehearsed, rates_of, whole_of
from boekbrug.journey.rehearse import RehearsalServices, begin, go_on, keep_checked, rehearsal
from boekbrug.journey.sample_check import HANDFUL, check_sample, sample
from boekbrug.journey.switch_on import switch_on
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, line_json, order_json
from tests.support.portal_world import PortalWorld

DUTCH = VatPeriod(date(2019, 1, 1), None, 1, (VatRate(Decimal(21)), VatRate(Decimal(9))))


class Trial:
    """A shop that was connected and not switched on, and its rehearsal."""

    def __init__(self, **settings: Any) -> None:
        self.world = World()
        chosen = {"start_date": "2026-02-01"} | settings
        self.shop: FakeShop = self.world.shop(**chosen)
        self.world.tenants.pause_shop(
            STORE_ID, NOT_STARTED, token_version=None, at=self.world.clock.now()
        )

    @property
    def services(self) -> RehearsalServices:
        booking = self.world.booking
        booking.one.vat_rates.countries = {"NL": (DUTCH,)}  # type: ignore[attr-defined]  # the fake
        deciding = DecisionServices(self.world.fetching, booking)
        return RehearsalServices(deciding, self.world.cache)

    @property
    def connected(self) -> ConnectedShop:
        found = self.world.tenants.shop(STORE_ID)
        assert found is not None
        return found

    def begin(self, *, from_start: bool = True) -> None:
        begin(self.services, self.connected, from_start=from_start)

    def go_on(self, *, once: bool = False) -> Rehearsal:
        found = go_on(self.services, self.connected, time_left=lambda: not once)
        assert found is not None
        return found

    def all(self, *, from_start: bool = True) -> dict[str, Rehearsed]:
        self.begin(from_start=from_start)
        return {order.number: order for order in self.go_on().orders}


@pytest.fixture
def trial() -> Trial:
    return Trial()


def test_before_it_began_there_is_nothing(trial: Trial) -> None:
    """Neither to show nor to go on with."""
    assert rehearsal(trial.services, trial.connected) is None
    assert go_on(trial.services, trial.connected) is None


def test_each_order_and_what_would_become_of_it(trial: Trial) -> None:
    """Booked, skipped with its sentence, and held when it cannot be read; nothing is posted."""
    trial.shop.add(
        order_json("1001"), order_json("1002", status=1), order_json("1003", price="kapot")
    )

    found = trial.all()

    assert {n: one.state for n, one in found.items()} == {
        "1001": "booked",
        "1002": "skipped",
        "1003": "held",
    }
    assert found["1001"].whole is not None
    assert found["1001"].whole.invoice.gross == Decimal("35.85")
    assert (found["1002"].reason, "niet gekozen" in found["1002"].text) == ("status", True)
    assert found["1003"].reason == "unreadable_order"
    administration = trial.world.books["123456"]
    assert (administration.posts, administration.checks) == ([], [])
    assert trial.world.rows() == {}


def test_only_gets_reach_the_shop(trial: Trial) -> None:
    """A count, the statuses and the list; no call per order."""
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1011)))

    trial.all()

    assert trial.shop.calls == ["count", "order_statuses", "orders_page 0"]


def test_the_shop_is_added_up_beside_the_invoices_per_rate(trial: Trial) -> None:
    """In cents, and the rates add up to the whole."""
    mixed = order_json("1002")
    mixed["orderlines"].append(line_json("article", "Boek", "20.000000", "21.80", rate="9.00"))
    mixed["price"] = {
        "tax": [{"amount": "6.22", "rate": "21.00"}, {"amount": "1.80", "rate": "9.00"}],
        "total": "57.65",
    }
    trial.shop.add(order_json("1001"), mixed)

    found = tuple(trial.all().values())

    nine, twenty_one = rates_of(found)
    assert (nine.rate, nine.order.vat, nine.invoice.vat) == (
        Decimal(9),
        Decimal("1.80"),
        Decimal("1.80"),
    )
    assert (twenty_one.order.gross, twenty_one.invoice.gross) == (Decimal("71.70"),) * 2
    whole = whole_of(found)
    assert whole.order.gross == whole.invoice.gross == Decimal("93.50")
    assert whole.invoice.vat == nine.invoice.vat + twenty_one.invoice.vat


def test_the_start_point_decides_what_is_read(trial: Trial) -> None:
    """Of the day before it, which the list has too, nothing is told."""
    trial.shop.add(order_json("1001", date="2026-01-31"), order_json("1002"))

    trial.begin()
    found = trial.go_on()

    assert (found.since, found.looked, found.to_look) == (date(2026, 2, 1), 1, 1)


def test_ninety_days_back_is_as_if_it_had_started_then() -> None:
    """Also when the shop starts later: the orders of before are not skipped for that."""
    trial = Trial(start_date="2026-03-20", start_number=2000)
    trial.shop.add(order_json("1001", date="2025-12-19"), order_json("1002", date="2026-01-05"))

    found = trial.all(from_start=False)

    assert {number: one.state for number, one in found.items()} == {"1002": "booked"}
    assert trial.go_on().since == date(2025, 12, 20)


def test_a_long_list_takes_steps(trial: Trial) -> None:
    """Each reads a page and goes on where the last one ended; every order comes once."""
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1251)))
    trial.begin()

    seen = [trial.go_on(once=True) for _ in range(3)]

    assert [(one.looked, one.going_on) for one in seen] == [(100, True), (190, True), (250, False)]
    assert seen[-1].to_look == 250
    assert [one.number for one in seen[-1].orders] == [str(n) for n in range(1001, 1251)]
    assert trial.go_on() == seen[-1]


def test_the_list_may_change_while_it_is_read(trial: Trial) -> None:
    """More than ten orders that vanish between two pages: read again, nothing is lost."""
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1251)))

    def vanish(offset: int) -> None:
        if offset == 90:
            trial.shop.remove(str(number) for number in range(1001, 1021))

    trial.shop.before_page = vanish

    found = trial.all()

    assert [number for number in range(1021, 1251) if str(number) not in found] == []


def test_of_too_many_the_latest_are_looked_at(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how many were left out."""
    monkeypatch.setattr(rehearse, "MOST", 20)
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1026)))

    found = trial.all()

    told = trial.go_on()
    assert (next(iter(found)), told.left_out, told.looked, told.to_look) == ("1006", 5, 20, 20)


def test_a_shop_that_stops_answering_loses_nothing(trial: Trial) -> None:
    """The next step goes on."""
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1151)))
    trial.begin()
    trial.go_on(once=True)
    trial.shop.failing = unreachable()

    with pytest.raises(RetryLater):
        trial.go_on()
    trial.shop.failing = None

    assert trial.go_on().looked == 150


def test_a_credit_order_counts_on_its_original(trial: Trial) -> None:
    """Which booking would have booked before it, so it is no credit of something unknown (R114)."""
    trial.shop.add(
        order_json("1001"),
        order_json(
            "1002", status=3, credited_order_number=1001, price=_minus(), orderlines=_back()
        ),
    )

    assert trial.all()["1002"].state == "booked"


def test_a_credit_order_of_what_was_never_booked_is_a_concept(trial: Trial) -> None:
    """Its original is before the start point: it is asked for, once."""
    trial.shop.add(
        order_json("1001", date="2026-01-05"),
        order_json("1002", credited_order_number=1001, price=_minus(), orderlines=_back()),
    )

    found = trial.all()["1002"]

    assert (found.state, found.reason) == ("concept", "original_not_sent")
    assert trial.shop.calls.count("order 1001") == 1


def test_a_credit_order_waits_for_an_original_that_is_held(trial: Trial) -> None:
    """As in booking."""
    trial.shop.add(
        order_json("1001", currency="SEK"),
        order_json("1002", credited_order_number=1001, price=_minus(), orderlines=_back()),
    )

    found = trial.all()

    assert (found["1001"].state, found["1001"].currency) == ("held", "SEK")
    assert (found["1002"].state, found["1002"].reason) == ("waiting", "original_not_booked")


def test_what_was_decided_already_stays(trial: Trial) -> None:
    """Of a shop that runs: booked orders are there, what its owner left out is not booked."""
    trial.world.tenants.resume_shop(STORE_ID)
    trial.shop.add(order_json("1001"), order_json("1002", status=1))
    trial.world.hour()
    row = trial.world.rows()["1002"]
    trial.world.ledger.record([(replace(row, reason="by_owner"), row)])
    trial.shop.edit("1002", status=3)

    found = trial.all()

    assert found["1001"].state == "there"
    assert (found["1002"].state, found["1002"].reason) == ("skipped", "by_owner")


def test_one_order_that_breaks_us_hides_no_other(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is held as in booking, and the log has its number and no text."""

    def breaking(order: Any, *facts: Any) -> Any:
        if order.number == "1001":
            raise ZeroDivisionError("Quirijn Testklant")
        return outcome_of(order, *facts)

    monkeypatch.setattr("boekbrug.journey.rehearsal_desk.outcome_of", breaking)
    trial.shop.add(order_json("1001"), order_json("1002"))

    found = trial.all()

    assert (found["1001"].state, found["1001"].reason) == ("held", "fault")
    assert found["1002"].state == "booked"
    assert "Quirijn" not in caplog.text


def test_nothing_of_a_customer_is_kept(trial: Trial) -> None:
    """Neither name nor address nor e-mail."""
    trial.shop.add(order_json("1001"), order_json("1002", currency="SEK"))

    trial.all()

    kept = repr(vars(trial.world.cache))
    address = order_json("1001")["debtor"]["address"]["invoice"]
    secrets = [*address.values(), order_json("1001")["debtor"]["email"]]
    assert "1001" in kept
    assert [word for word in secrets if len(word) > 3 and word in kept] == []


def test_it_is_forgotten_after_a_day(trial: Trial) -> None:
    """The shop has moved on by then."""
    trial.shop.add(order_json("1001"))
    trial.all()
    trial.world.clock.move(days=1)

    assert rehearsal(trial.services, trial.connected) is None


def test_another_rehearsal_takes_its_place(trial: Trial) -> None:
    """Nothing of the first is left."""
    trial.shop.add(order_json("1001"))
    trial.all()
    trial.world.clock.move(minutes=1)
    trial.shop.remove(["1001"])

    assert trial.all() == {}


# --------------------------------------------------------------------------- the sample


def test_a_sample_has_every_kind_before_it_has_two_of_one(trial: Trial) -> None:
    """The latest of each kind, and no more than a handful."""
    cheap = [line_json("article", "Boek", "20.000000", "21.80", rate="9.00")]
    trial.shop.add(
        order_json("1001", orderlines=cheap, price={"total": "21.80"}),
        *(order_json(str(number)) for number in range(1002, 1012)),
        order_json("1012", status=1),
    )
    trial.begin()

    chosen = [order.number for order in sample(trial.go_on())]

    assert chosen == ["1011", "1001", "1010", "1009", "1008"]
    assert len(chosen) == HANDFUL


def test_the_sample_is_checked_and_nothing_is_stored(trial: Trial) -> None:
    """In test mode, with the payments that booking would read; what it said is kept."""
    trial.shop.add(order_json("1001"), order_json("1002"))
    trial.begin()

    checked = check_sample(trial.services, trial.connected, sample(trial.go_on()))
    keep_checked(trial.services, trial.connected, checked)

    administration = trial.world.books["123456"]
    assert [one.order_number for one in administration.checks] == ["1002", "1001"]
    assert (administration.posts, administration.booked) == ([], [])
    assert "payments 1002" in trial.shop.calls
    assert trial.go_on().checked == (Checked(number="1002"), Checked(number="1001"))


@pytest.mark.parametrize(
    ("failing", "refusal"),
    [
        (NeedsOwner("400 X", code="books_refused"), "books_refused"),
        (unreachable(), "books_unreachable"),
        (Unclear("no answer"), "books_unreachable"),
    ],
)
def test_what_acumulus_refuses_is_told(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, failing: BoekbrugError, refusal: str
) -> None:
    """A refusal is what the test is for; an answer that does not come is no refusal."""
    trial.shop.add(order_json("1001"))
    trial.begin()
    found = sample(trial.go_on())

    def refuse(*_: Any) -> None:
        raise failing

    monkeypatch.setattr("tests.support.fake_books.FakeBooks.check_invoice", refuse)

    (checked,) = check_sample(trial.services, trial.connected, found)

    assert checked.refusal == refusal


def test_a_sample_ends_when_there_is_no_time_left(trial: Trial) -> None:
    """What was checked by then is told."""
    trial.shop.add(order_json("1001"), order_json("1002"))
    trial.begin()
    found = sample(trial.go_on())

    checked = check_sample(trial.services, trial.connected, found, time_left=lambda: False)

    assert [one.number for one in checked] == ["1002"]


def test_an_order_that_is_no_invoice_any_more_is_left_out(trial: Trial) -> None:
    """It was cancelled, or is gone, since the rehearsal."""
    trial.shop.add(*(order_json(str(number)) for number in range(1001, 1004)))
    trial.begin()
    found = sample(trial.go_on())
    trial.shop.remove(["1001"])
    trial.shop.edit("1002", status=1)

    checked = check_sample(trial.services, trial.connected, found)

    assert [one.number for one in checked] == ["1003"]


# --------------------------------------------------------------------------- on


@pytest.fixture
def world() -> PortalWorld:
    world = PortalWorld()
    world.tenants.pause_shop(STORE_ID, NOT_STARTED, token_version=None, at=world.clock.now())
    return world


def _shop(world: PortalWorld) -> ConnectedShop:
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def test_a_shop_that_is_switched_on_is_fetched_at_once(world: PortalWorld) -> None:
    """And only once: a second time nothing happens."""
    assert switch_on(world.connecting, _shop(world))
    assert not switch_on(world.connecting, _shop(world))

    assert _shop(world).paused == ""
    assert [waiting.page.shop_ids for waiting in world.shops_queue.take()] == [[STORE_ID]]


def test_a_shop_whose_token_does_not_work_stays_off(world: PortalWorld) -> None:
    """Nothing is asked for."""
    world.shops.by_token.clear()

    with pytest.raises(ConnectRefused):
        switch_on(world.connecting, _shop(world))

    assert (_shop(world).paused, world.shops_queue.take()) == (NOT_STARTED, [])


def test_a_queue_that_fails_does_not_keep_a_shop_off(
    world: PortalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next hour fetches it."""

    def fail(*_: Any, **__: Any) -> None:
        raise RetryLater("queue")

    monkeypatch.setattr(world.shops_queue, "send", fail)

    assert switch_on(world.connecting, _shop(world))
    assert _shop(world).paused == ""


def test_a_contract_that_is_refused_now_stops_the_sample(trial: Trial) -> None:
    """That is for the page to tell."""
    trial.shop.add(order_json("1001"))
    trial.begin()
    found = sample(trial.go_on())
    trial.world.books["123456"].credentials_refused = True

    with pytest.raises(StopShop):
        check_sample(trial.services, trial.connected, found)


def _minus() -> dict[str, Any]:
    return {"tax": {"amount": "-6.22", "rate": "21.00"}, "total": "-35.85"}


def _back() -> list[dict[str, Any]]:
    return [
        line_json("article", "Keramische mok", "-24.710742", "-29.90", quantity=2, sku="MOK-BL"),
        line_json("shipping", "Verzendkosten", "-4.917355", "-5.95"),
    ]
