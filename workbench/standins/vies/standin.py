"""POST .../check-vat-number in, VIES' answer out."""

import itertools
import json
from datetime import UTC
from typing import Any

from workbench.standins.base import HTML_FAULTS, StandIn, transport_fault
from workbench.standins.errors import StandInError
from workbench.standins.faults import CHANGE, Fault
from workbench.standins.http_server import Answer, Delivery, Request, html
from workbench.standins.vies.switches import ViesSwitches

BASE = "/taxation_customs/vies/rest-api"
PATH = f"{BASE}/check-vat-number"
CALL = "check"
FAULTS = {
    **{name: f"{title} with an HTML page" for name, (_, title) in HTML_FAULTS.items()},
    "drop": "the connection closes without an answer",
    "slow": "the answer waits for `seconds`",
    "state_away": "the member state does not answer (MS_UNAVAILABLE)",
    "busy": "too many at once (MS_MAX_CONCURRENT_REQ)",
    "empty": "200 with an empty body",
    CHANGE: "the data changes before or after this request",
}
_CODES = {"state_away": "MS_UNAVAILABLE", "busy": "MS_MAX_CONCURRENT_REQ"}
_STATES = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
    }
)


class ViesStandIn(StandIn):
    """VIES on 127.0.0.1; numbers nobody listed are what the switch ``unlisted`` says."""

    name = "vies"
    switches: ViesSwitches

    def __init__(self, **options: Any) -> None:
        """``options`` are those of ``StandIn``: port, latency, remember, now."""
        super().__init__(FAULTS, **options)
        self.switches = ViesSwitches()
        self.numbers: dict[str, bool] = {}
        self._consultations = itertools.count(1)

    def set_number(self, number: str, *, valid: bool) -> None:
        """A number with its prefix is registered, or is no more."""
        with self.lock:
            self.numbers[number] = valid

    def change(self, **change: Any) -> Any:
        """The method above by name, ``do="set_number", number="BE0123456749", valid=False``."""
        do = change.pop("do", None)
        if do != "set_number":
            raise StandInError(f"unknown change {do!r}; there are: set_number")
        try:
            self.set_number(**change)
        except TypeError as failure:
            raise StandInError(f"{do}: {failure}") from None
        return do

    def state(self) -> dict[str, Any]:
        return {"numbers": dict(self.numbers)}

    def contents(self) -> str:
        count = f"but {len(self.numbers)}" if self.numbers else ""
        return f"every VAT number is {self.switches.unlisted} {count}".strip()

    def clear_data(self) -> None:
        """Forget every listed number."""
        with self.lock:
            self.numbers.clear()

    def respond(self, request: Request) -> Answer:
        asked = _read(request.body)
        seen = self.journal.record(request, CALL, "", asked)
        struck = self.faults.striking(CALL, _number(asked), "")
        seen.fault = ", ".join(fault.kind for fault in struck)
        self.pause(self.latency + sum(fault.seconds for fault in struck if fault.kind == "slow"))
        with self.lock, self.journal.in_flight(CALL):
            self.play_changes(struck, "before")
            answer = self._spoilt(struck) or self._answer(request, asked)
            self.play_changes(struck, "after")
        seen.status = 0 if answer.delivery is Delivery.NOTHING else answer.status
        return answer

    def _spoilt(self, struck: list[Fault]) -> Answer | None:
        """The first fault that answers instead of VIES."""
        for fault in struck:
            if fault.kind == "empty":
                return Answer(200)
            if fault.kind in _CODES:
                return self._away(_CODES[fault.kind])
            if fault.kind in HTML_FAULTS or fault.kind == "drop":
                return transport_fault(fault)
        return None

    def _away(self, code: str) -> Answer:
        if self.switches.state_away == "valid_false":
            return _json({"valid": False, "userError": code, "name": "---", "address": "---"})
        return _refused(code, 500 if self.switches.state_away == "wrapper_500" else 200)

    def _answer(self, request: Request, asked: dict[str, Any]) -> Answer:
        if request.method != "POST" or request.path != PATH:
            return html(404, "404 Not Found")
        state, rest = asked.get("countryCode"), asked.get("vatNumber")
        if state not in _STATES or not rest:
            return _refused("INVALID_INPUT", 400)
        named = bool(asked.get("requesterNumber"))
        if named and self.switches.requester == "refused":
            return _refused("INVALID_REQUESTER_INFO", 200)
        valid = self.numbers.get(_number(asked), self.switches.unlisted == "valid")
        moment = self.now().astimezone(UTC)
        return _json(
            {
                "countryCode": state,
                "vatNumber": rest,
                "requestDate": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
                "valid": valid,
                "requestIdentifier": f"WAPI{next(self._consultations):012d}" if named else "",
                "name": "STANDIN TRADING" if valid else "---",
                "address": "KERKSTRAAT 1" if valid else "---",
            }
        )


def _read(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _number(asked: dict[str, Any]) -> str:
    return f"{asked.get('countryCode', '')}{asked.get('vatNumber', '')}"


def _refused(code: str, status: int) -> Answer:
    return _json({"actionSucceed": False, "errorWrappers": [{"error": code}]}, status)


def _json(value: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())
