"""Open points of VIES as switches."""

from dataclasses import dataclass
from typing import Literal

from workbench.standins.switches import Switches


@dataclass
class ViesSwitches(Switches):
    """One field per open point; each is explained in the docs."""

    unlisted: Literal["valid", "invalid"] = "valid"
    state_away: Literal["wrapper_200", "wrapper_500", "valid_false"] = "wrapper_200"
    requester: Literal["accepted", "refused"] = "accepted"
