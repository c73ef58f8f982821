"""What following up is done with, and how its findings are told once."""

from collections.abc import Collection
from dataclasses import dataclass, field

from boekbrug.journey.book_orders import BatchServices
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.digests import LET_GO, TOLD_ONCE
from boekbrug.journey.fetch_orders import FetchServices
from boekbrug.journey.look_up import Pauses
from boekbrug.journey.pauses import PauseServices
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Finding, Findings, FollowMemories
from boekbrug.journey.ports.ledger import Ledger
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.tenants import Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowServices:
    """What following up needs; ``pages`` is the FollowUpQueue."""

    fetching: FetchServices
    booking: BatchServices
    findings: Findings
    memories: FollowMemories
    pages: ShopsQueue
    pauses: Pauses = field(default_factory=Pauses)

    @property
    def deciding(self) -> DecisionServices:
        """The same services, for what a person can decide too."""
        return DecisionServices(self.fetching, self.booking)

    @property
    def pausing(self) -> PauseServices:
        """For a token or a contract that is refused."""
        return PauseServices(self.fetching.tenants, self.fetching.notices, self.fetching.clock)

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.fetching.ledger

    @property
    def tenants(self) -> Tenants:
        """Shops and administrations."""
        return self.fetching.tenants

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.fetching.clock


class Teller:
    """The findings of one shop: told once, told again with another detail, solved when over.

    What is open is read once, so that a shop without findings costs one read and no write.
    """

    def __init__(self, services: FollowServices, shop_id: str) -> None:
        self._findings = services.findings
        self._clock = services.clock
        self._shop_id = shop_id
        self._open = {(one.number, one.code): one for one in services.findings.open(shop_id)}
        self.told = 0

    def knows(self, number: str, code: str) -> bool:
        """Whether this was told and is not over."""
        return (number, code) in self._open

    def told_of(self, *codes: str) -> list[tuple[str, str]]:
        """What is open of these codes, as (number, code)."""
        return [one for one in self._open if one[1] in codes]

    def tell(self, number: str, code: str, detail: str) -> None:
        """Record it, unless the owner was told exactly that."""
        known = self._open.get((number, code))
        if known is not None and known.detail == detail:
            return
        finding = Finding(
            code=code, shop_id=self._shop_id, number=number, detail=detail, at=self._clock.now()
        )
        self._findings.record(finding)
        self._open[number, code] = finding
        self.told += 1

    def let_go(self, seen: Collection[str]) -> None:
        """What happened so long ago that no sweep will find it anew, unless it was seen tonight."""
        now = self._clock.now()
        for (number, code), finding in list(self._open.items()):
            if code in TOLD_ONCE and number not in seen and now - finding.at >= LET_GO:
                self.over(number, code)

    def over(self, number: str, code: str) -> None:
        """It is solved, if it ever was told."""
        if self._open.pop((number, code), None) is not None:
            self._findings.resolve(self._shop_id, code, number)
