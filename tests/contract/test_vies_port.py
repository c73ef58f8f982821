"""What every ``Vies`` does: the one in memory, and the real client on the stand-in (R26)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import pytest

from boekbrug.journey.ports.books import Vies
from boekbrug.vies.client import ViesService
from tests.support.fake_vies import FakeVies
from workbench.standins import ViesStandIn
from workbench.standins.vies.standin import BASE

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
NUMBER, UNKNOWN = "BE0123456749", "DE136695976"


class Bench(Protocol):
    """VIES with one number that does not exist."""

    vies: Vies

    def go_away(self) -> None: ...


class FakeBench:
    def __init__(self) -> None:
        self.vies = FakeVies(invalid={UNKNOWN}, now=lambda: AT)

    def go_away(self) -> None:
        self.vies.away = True


class RealBench:
    def __init__(self, standin: ViesStandIn) -> None:
        self.standin = standin
        standin.set_number(UNKNOWN, valid=False)
        self.vies = ViesService(f"{standin.url}{BASE}", now=lambda: AT)

    def go_away(self) -> None:
        self.standin.faults.add("state_away")


@pytest.fixture(params=["memory", "stand-in"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "memory":
        yield FakeBench()
        return
    with ViesStandIn() as standin:
        bench = RealBench(standin)
        yield bench
        bench.vies.close()


def test_a_number_that_exists(bench: Bench) -> None:
    """Valid, with the moment of the answer; no proof for somebody without a name."""
    check = bench.vies.check(NUMBER)

    assert check is not None
    assert (check.valid, check.at, check.consultation) == (True, AT, "")


def test_a_number_that_does_not_exist(bench: Bench) -> None:
    """No is an answer too."""
    check = bench.vies.check(UNKNOWN)

    assert check is not None
    assert not check.valid


def test_who_asks_gets_a_proof(bench: Bench) -> None:
    """A consultation number for those who say who they are, another one each time."""
    checks = [bench.vies.check(NUMBER, requester="NL123456789B01") for _ in range(2)]
    proofs = {check.consultation for check in checks if check is not None}

    assert len(proofs) == 2
    assert all(proofs)


def test_no_answer_is_neither_yes_nor_no(bench: Bench) -> None:
    """A member state that is away says nothing about the number."""
    bench.go_away()

    assert bench.vies.check(NUMBER) is None
