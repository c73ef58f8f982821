"""A VAT number -> what VIES says of it, over its REST service (R26).

A member state that does not answer is left alone for a minute: a batch of orders must not wait for
it order by order. Whatever is not a clear yes or no counts as no answer, also ``"valid": false``
beside an error: that is how VIES reports a member state that is away.
"""

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from boekbrug.domain.facts import VatCheck
from boekbrug.domain.vatnumbers import read_vat_number
from boekbrug.user_agent import user_agent

log = logging.getLogger(__name__)

BASE_URL = "https://ec.europa.eu/taxation_customs/vies/rest-api"
AGAIN_AFTER = 60.0  # seconds
EVERYWHERE = ""  # the service itself, beside the member states behind it
REQUESTER_REFUSED = "INVALID_REQUESTER_INFO"


class ViesService:
    """The port ``Vies``; safe to use from several threads.

    ``now`` is the clock of the evidence, ``seconds`` one that never goes back.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
        contact: str = "",
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/check-vat-number"
        self._now = now
        self._seconds = seconds
        self._away_until: dict[str, float] = {}
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,
            headers={"user-agent": user_agent(contact)},
            timeout=httpx.Timeout(10.0, connect=3.0),
        )

    def check(self, number: str, *, requester: str = "") -> VatCheck | None:
        """One call; a second one when VIES does not accept who asks."""
        state = number[:2]
        if any(self._seconds() < self._away_until.get(where, 0) for where in (EVERYWHERE, state)):
            return None
        asked = {"countryCode": state, "vatNumber": number[2:]}
        own = read_vat_number(requester, "NL")
        if own is not None and own.plausible:
            found = self._ask(asked | _requester(own.text))
            if found != REQUESTER_REFUSED:
                return self._told(state, found)
        return self._told(state, self._ask(asked))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _told(self, state: str, found: VatCheck | str) -> VatCheck | None:
        if isinstance(found, VatCheck):
            return found
        where = EVERYWHERE if found == "NO_ANSWER" else state
        self._away_until[where] = self._seconds() + AGAIN_AFTER
        log.warning("VIES cannot tell now", extra={"state": state, "code": found})
        return None

    def _ask(self, asked: dict[str, str]) -> VatCheck | str:
        """The answer, or the code of why there is none."""
        try:
            answer = self._client.post(self._url, json=asked).json()
        except (httpx.HTTPError, ValueError):
            return "NO_ANSWER"
        valid = answer.get("valid") if isinstance(answer, dict) else None
        error = _error(answer)
        if not isinstance(valid, bool) or error:
            return error or "NO_ANSWER"
        return VatCheck(valid, self._now(), _consultation(answer))


def _requester(number: str) -> dict[str, str]:
    return {"requesterMemberStateCode": number[:2], "requesterNumber": number[2:]}


def _error(answer: Any) -> str:
    """The code of a refusal, also of one that comes with ``"valid": false``; "" for none."""
    if not isinstance(answer, dict):
        return ""
    wrappers = answer.get("errorWrappers")
    first = wrappers[0] if isinstance(wrappers, list) and wrappers else {}
    code = first.get("error") if isinstance(first, dict) else ""
    told = str(code or answer.get("userError") or "")
    if told in ("", "VALID", "INVALID"):
        return ""
    return told if re.fullmatch("[A-Z_]{1,40}", told) else "NO_ANSWER"


def _consultation(answer: dict[str, Any]) -> str:
    told = answer.get("requestIdentifier")
    return told if isinstance(told, str) and re.fullmatch("[A-Za-z0-9_-]{1,40}", told) else ""
