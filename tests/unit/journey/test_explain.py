"""Explaining: every order number gets an answer, booked or not, seen or not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.errors import StopShop
from boekbrug.journey.explain import UNSEEN, ExplainServices, Explanation, explain
from boekbrug.journey.pauses import stop_administration, stop_shop
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import NOT_STARTED
from boekbrug.journey.upkeep import pause
from boekbrug.ledger.memory import MemoryLedger
from tests.support.connecting import TOKEN, ListsAway, World, a_shop, contract
from tests.support.fake_shop import unreachable
from tests.support.orders import order_json


class Asked(World):
    """A connected shop with a ledger, to ask questions about."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ledger = MemoryLedger()
        self.connect(contract(a_shop(trigger_statuses=[3], order_prefix="WA")))

    def explain(self, number: str, language: str = "nl") -> Explanation:
        services = ExplainServices(
            tenants=self.tenants,
            ledger=self.ledger,
            sealer=self.sealer,
            shops=self.shops,
            clock=self.clock,
        )
        return explain(services, self.shop, number, language=language)

    def orders(self, *documents: dict[str, Any]) -> None:
        """Orders that the shop has and the ledger does not."""
        self.shops.by_token[TOKEN].add(*documents)

    def row(self, number: str = "1042", uuid: str = "u", **parts: Any) -> None:
        """A row of the ledger."""
        values = {
            "key": OrderKey("shop-1", number, uuid),
            "order_date": date(2026, 3, 1),
            "total": Decimal("38.50"),
            "fingerprint": "f",
            "changed_at": self.clock.now(),
        }
        self.ledger.record([(LedgerRow(**values | parts), None)])


@pytest.fixture
def world() -> Asked:
    return Asked()


def test_a_booked_order_names_its_invoice(world: Asked) -> None:
    """Number, booking and amount as Dutch readers write it, and the whole timeline."""
    world.row(
        state="booked", invoicenumber="20260031", entryid="61", posted_total=Decimal("1234.5")
    )

    answer = world.explain("1042")

    assert answer.state == "booked"
    assert answer.text == "Geboekt in Acumulus als factuur 20260031 (boeking 61), € 1.234,50."
    assert [event.state for event in answer.timeline] == ["booked"]
    assert answer.row is not None


def test_a_concept_says_so_and_why(world: Asked) -> None:
    """The owner is to look at it: what was found is repeated."""
    world.row(state="booked", conceptid="77", detail="Kijk de btw na.")

    assert world.explain("1042").text == (
        "Staat als concept in Acumulus (concept 77): kijk het na. Kijk de btw na."
    )


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"state": "skipped", "reason": "status"}, "niet gekozen om te boeken"),
        ({"state": "skipped", "reason": "status", "detail": "Eigen zin."}, "Eigen zin."),
        ({"state": "held", "reason": "no_lines"}, "regel"),
        ({"state": "held", "reason": "books_refused", "detail": "400 X"}, "niets geboekt. (400 X)"),
        ({"state": "held", "reason": "fault"}, "Door een fout in Boekbrug"),
        ({"state": "held", "reason": "something_new"}, "wordt nu niet geboekt: something_new"),
        ({"state": "waiting", "reason": "administration_paused"}, "Zodra die weer werkt"),
        ({"state": "queued"}, "staat klaar"),
        ({"state": "posting"}, "op dit moment naar Acumulus"),
        ({"state": "unclear", "reason": "books_no_answer"}, "niet vanzelf nog eens gestuurd"),
    ],
)
def test_every_state_has_a_sentence(world: Asked, parts: dict[str, str], says: str) -> None:
    """Whatever the ledger says, a person can read it."""
    world.row(**parts)

    answer = world.explain("1042")

    assert says in answer.text
    assert answer.reason == parts.get("reason", "")


@pytest.mark.parametrize("typed", ["1042", " #1042 ", "WA1042", "wa1042"])
def test_a_number_is_understood_as_it_is_typed(world: Asked, typed: str) -> None:
    """Copied from an invoice, a mail or the shop: it is the same order."""
    world.row(state="queued")

    assert world.explain(typed).state == "queued"


def test_the_newest_of_several_orders_with_a_number_answers(world: Asked) -> None:
    """A shop may give a number away twice: the last change is what matters now."""
    world.row(uuid="old", state="skipped", reason="status")
    world.row(uuid="new", state="queued", changed_at=datetime(2026, 4, 1, tzinfo=UTC))

    assert world.explain("1042").state == "queued"


# --------------------------------------------------------------------------- never fetched


def test_an_order_nobody_knows(world: Asked) -> None:
    """The shop was asked, and does not have it."""
    answer = world.explain("9999")

    assert (answer.state, answer.reason) == (UNSEEN, "not_in_shop")
    assert answer.text == "Mijnwebwinkel kent in deze winkel geen bestelling 9999."


def test_an_order_that_comes_next_time(world: Asked) -> None:
    """It would be booked, it just was not fetched yet."""
    world.orders(order_json("1042"))

    assert world.explain("1042").reason == "next_run"


@pytest.mark.parametrize(
    ("document", "reason", "says"),
    [
        (order_json("1042", status=1), "status", "Nu is de status: Bestelling in behandeling."),
        (order_json("T1042"), "test_order", "testbestelling"),
        (order_json("1042", payment_status="failed"), "payment_failed", "mislukt"),
        (order_json("1042", orderlines=[]), "no_lines", "regel"),
        (order_json("1042", price=None), "unreadable_order", "niet te lezen"),
    ],
)
def test_an_order_never_fetched_is_judged_by_the_same_rules(
    world: Asked, document: dict[str, Any], reason: str, says: str
) -> None:
    """The answer is the one a run would give (R1-R11)."""
    world.orders(document)

    answer = world.explain(str(document["number"]))

    assert (answer.state, answer.reason) == (UNSEEN, reason)
    assert says in answer.text


def test_a_shop_that_is_not_switched_on_is_said(world: Asked) -> None:
    """Its owner reads why nothing is booked, also of an order that would be."""
    world.tenants.pause_shop("shop-1", NOT_STARTED, token_version=None, at=world.clock.now())
    world.orders(order_json("1042"))

    (remark,) = world.explain("1042").remarks

    assert "nog niet aangezet" in remark


def test_an_order_from_before_the_start(world: Asked) -> None:
    """The start date is in the sentence (R5)."""
    world.connect(contract(a_shop(trigger_statuses=[3], start_date="2026-06-01")))
    world.orders(order_json("1042"))

    answer = world.explain("1042")

    assert answer.reason == "before_start_date"
    assert "2026" in answer.text


@pytest.mark.parametrize("failing", [unreachable(), StopShop("no", code="token_refused")])
def test_a_shop_that_does_not_answer(world: Asked, failing: Exception) -> None:
    """Not being able to ask is an answer too, and nothing is paused by asking."""
    world.shops.by_token[TOKEN].failing = failing  # type: ignore[assignment]  # either error

    answer = world.explain("1042")

    assert answer.reason == "shop_unreachable"
    assert world.shop.paused == ""


def test_an_order_is_judged_without_the_list_of_statuses(world: Asked) -> None:
    """The name of the status is left out, the answer is not."""
    away = ListsAway(world.shop.store, documents=[order_json("1042", status=1)])
    world.shops.by_token[TOKEN] = away

    answer = world.explain("1042")

    assert answer.reason == "status"
    assert "Nu is de status" not in answer.text


def test_asking_writes_nothing(world: Asked) -> None:
    """An explanation never makes a row."""
    world.orders(order_json("1042"))

    world.explain("1042")

    assert world.ledger.by_number("shop-1", "1042") == []


# --------------------------------------------------------------------------- what else matters


def test_a_stopped_shop_is_remarked(world: Asked) -> None:
    """An order that waits may wait for the shop."""
    world.row(state="queued")
    stop_shop(world.pausing, world.shop, "token_refused")

    assert "weigert de token" in world.explain("1042").remarks[0]


def test_everything_that_holds_an_order_up_is_remarked(world: Asked) -> None:
    """A pause by hand, a refused contract and the switch for all, each in a sentence."""
    world.row(state="waiting", reason="status")
    pause(world.services, "shop-1")
    stop_administration(world.pausing, world.administration, "credentials_refused")
    world.tenants.set_posting_allowed(allowed=False)

    remarks = world.explain("1042").remarks

    assert [
        word in remark
        for word, remark in zip(("pauze", "Acumulus", "iedereen"), remarks, strict=True)
    ] == [True] * 3


def test_a_booked_order_has_no_remarks(world: Asked) -> None:
    """What is stopped now does not touch what was booked."""
    world.row(state="booked", entryid="61", posted_total=Decimal("38.50"))
    stop_shop(world.pausing, world.shop, "token_refused")

    assert world.explain("1042").remarks == ()


def test_no_amount_is_said_when_none_is_known(world: Asked) -> None:
    """An entry that was found back may have no amount of ours."""
    world.row(state="booked", entryid="61")

    assert "bedrag onbekend" in world.explain("1042").text


def test_the_row_is_handed_over_for_whoever_shows_more(world: Asked) -> None:
    """Amounts and ids are in the row, not only in the sentence."""
    world.row(state="booked", entryid="61")

    row = world.explain("1042").row

    assert row is not None
    assert replace(row, revision=0).total == Decimal("38.50")


def test_an_answer_in_english(world: Asked) -> None:
    """The order, and what holds up the whole shop."""
    world.orders(order_json("1042"))
    pause(world.services, "shop-1")

    answer = world.explain("1042", language="en")

    assert answer.text.startswith("This order was not fetched yet.")
    assert answer.remarks == ("The shop is paused: nothing is fetched or booked.",)


def test_a_full_trial_is_not_called_a_refusal(world: Asked) -> None:
    """The owner hears what to buy, not that a password is wrong."""
    world.row(state="waiting", reason="trial_limit")
    administration = world.tenants.all_administrations()[0]
    world.tenants.put_administration(replace(administration, paused="trial_limit"))

    answer = world.explain("1042")

    assert answer.text.startswith("Het proefcontract bij Acumulus is vol.")
    assert "proefcontract" in answer.remarks[0]
