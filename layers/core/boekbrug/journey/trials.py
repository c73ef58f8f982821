"""What a trial contract still allows, and what follows: stop in time, warn, go on when it rises.

A trial holds a limited number of bookings, ours and the owner's own. The operator's cap keeps some
of them for the owner, who wants to try more than imports (Acumulus API, sections 4.1 and 6).
"""

from boekbrug.domain.reasons import message
from boekbrug.journey.ports.tenants import Administration

TRIAL_LIMIT = "trial_limit"
TRIAL_ENDING = "trial_ending"
WARN_AT = 10
DEFAULT_CAP = 40
"""Automatic imports in a trial, unless the operator decides otherwise."""


def room(administration: Administration, cap: int) -> int | None:
    """How many orders may still be booked; ``None`` for a paid contract: as many as there are."""
    if administration.entries_left is None:
        return None
    return max(0, min(cap - administration.imports, administration.entries_left))


WARNING = message(TRIAL_ENDING, left=WARN_AT).text
