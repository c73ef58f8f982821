"""What pages may use; ``bootstrap.Services`` has all of it, made when it is first asked for."""

from typing import Protocol

from boekbrug.journey.account_care import CareServices
from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.connect_steps import StepServices
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.explain import ExplainServices
from boekbrug.journey.fetch_orders import FetchServices
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Findings, FollowMemories
from boekbrug.journey.ports.ledger import Ledger
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.tenants import Cache, Tenants
from boekbrug.journey.receive_hook import HookKeys
from boekbrug.journey.send_notices import NoticeServices
from boekbrug.journey.sign_in import SignInServices


class PortalServices(Protocol):
    """Ports and bundles of ports."""

    @property
    def portal_url(self) -> str:
        """Where the portal is, as the operator set it; else the address that was asked for."""

    @property
    def hook_url(self) -> str:
        """Where signed calls come in."""

    @property
    def clock(self) -> Clock: ...
    @property
    def tenants(self) -> Tenants: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def findings(self) -> Findings: ...
    @property
    def follow_memories(self) -> FollowMemories: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def shops_queue(self) -> ShopsQueue: ...
    @property
    def signing_in(self) -> SignInServices: ...
    @property
    def connecting(self) -> ConnectServices: ...
    @property
    def connect_steps(self) -> StepServices: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def fetching(self) -> FetchServices: ...
    @property
    def deciding(self) -> DecisionServices: ...
    @property
    def explaining(self) -> ExplainServices: ...
    @property
    def telling(self) -> NoticeServices: ...
    @property
    def caring(self) -> CareServices: ...
    @property
    def hook_keys(self) -> HookKeys: ...
