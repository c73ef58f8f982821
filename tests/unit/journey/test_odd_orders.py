"""Orders with something odd where a key or a code belongs: held, and the others go on."""

from typing import Any

import pytest

from boekbrug.journey.ports.ledger import BOOKED, HELD
from tests.support.journey_world import World
from tests.support.orders import order_json

SENTENCE = "Quirijn Testklant, Lindelaan 14"


@pytest.mark.parametrize("field", ["uuid", "currency", "payment_status"])
@pytest.mark.parametrize("value", [SENTENCE, "x" * 2000, "q@example.com"])
def test_a_key_or_code_that_is_none_is_held_and_not_kept(field: str, value: Any) -> None:
    """No row may hold what a customer wrote, and no key may be longer than the table takes."""
    world = World()
    world.shop().add(order_json("1001") | {field: value}, order_json("1002"))
    world.hour()
    rows = world.rows()
    (odd,) = (row for number, row in rows.items() if number != "1002")

    assert rows["1002"].state == BOOKED
    assert (odd.state, odd.reason) == (HELD, "unreadable_order")
    assert value not in repr(odd)
    assert max(len(odd.key.number), len(odd.key.uuid)) <= 64


def test_a_number_without_end_is_no_key() -> None:
    """The order is held under what fits of it; the others go on."""
    world = World()
    world.shop().add(order_json("1" * 2000), order_json("1002"))
    world.hour()

    assert world.states().pop("1002") == BOOKED
    assert {len(number) <= 64 for number in world.states()} == {True}
    assert HELD in world.states().values()
