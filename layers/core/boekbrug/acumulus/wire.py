"""XML out, an answer of the API or one of our errors in (Acumulus API, sections 1.2 and 2.3)."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from boekbrug.acumulus.answer import Answer, read_answer
from boekbrug.acumulus.outcome import described, failure, fault_of
from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.user_agent import user_agent

log = logging.getLogger(__name__)

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes; a contact list of a large shop has a few million
LAST_BYTES = 5.0  # seconds that a body may take beyond the time of its call
LONGEST_WAIT = 3600  # seconds that a Retry-After may ask for
LONGEST_PAUSE = 5  # seconds of them that a read waits itself
GATEWAY_TIMEOUT = 504  # a server in between gave up waiting, as we do

# Shorter than the keep-alive of any common web server (Apache: 5 s): a connection that the server
# closes while we post on it would make that post unclear.
KEEPALIVE_SECONDS = 3.0

# Nothing of the request can have reached Acumulus.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_OUR_FAULT = (httpx.InvalidURL, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. A post waits long: giving up early only turns bookings into unclear ones.

    A call takes at most a few seconds more than its own time: those of the other limits.
    """

    connect: float = 5.0
    write: float = 5.0
    pool: float = 2.0
    read: float = 15.0
    post: float = 60.0


class Wire:
    """One pool of connections for all administrations; safe to use from several threads.

    It follows no redirect, knows no proxy from the environment (the credentials travel in the
    body), and never sends a post twice.
    """

    def __init__(
        self,
        base_url: str,
        *,
        branch: str,
        timeouts: Timeouts,
        read_attempts: int,
        connections: int,
        sleep: Callable[[float], None],
        transport: httpx.BaseTransport | None,
        contact: str = "",
    ) -> None:
        quieten_httpx()
        self._base = f"{_with_path(base_url)}/{branch}"
        self._timeouts = timeouts
        self._read_attempts = read_attempts
        self._sleep = sleep
        self._client = httpx.Client(
            transport=transport,
            trust_env=False,
            follow_redirects=False,
            headers={"user-agent": user_agent(contact)},
            # The pool is shared: a session that one contract got must not reach another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            limits=httpx.Limits(
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=KEEPALIVE_SECONDS,
            ),
        )

    @property
    def address(self) -> str:
        """Host and port."""
        return httpx.URL(self._base).netloc.decode()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def read(self, path: str, xml: bytes) -> Answer:
        """A call that is safe to repeat: tried a few times while it fails for a moment.

        No attempt begins later than one read time-out after the first, and no longer wait than
        a few seconds is kept: somebody waits for this.
        Raises ``RetryLater``, ``StopShop`` or ``NeedsOperator``.
        """
        until = time.monotonic() + self._timeouts.read
        for attempt in range(1, self._read_attempts):
            try:
                return self._call(path, xml, posting=False)
            except RetryLater as failed:
                pause = _pause(failed, attempt)
                if pause is None or time.monotonic() + pause >= until:
                    raise
            self._sleep(pause)
        return self._call(path, xml, posting=False)

    def post(self, path: str, xml: bytes) -> Answer:
        """A call that must not be repeated: sent once, whatever happens.

        Raises any of our errors, ``Unclear`` when it is not known whether it was done.
        """
        return self._call(path, xml, posting=True)

    def _call(self, path: str, xml: bytes, *, posting: bool) -> Answer:
        http, content_type, wait, body = self._exchange(path, xml, posting=posting)
        answer = read_answer(http, content_type, body)
        code = fault_of(answer, http, posting=posting)
        if answer is None or code is not None:
            code = code or "books_unreadable"
            detail = described(answer, xml) or f"HTTP {http}"
            busy = http == GATEWAY_TIMEOUT
            raise failure(code, posting=posting, detail=detail, after=wait, busy=busy)
        return answer

    def _exchange(
        self, path: str, xml: bytes, *, posting: bool
    ) -> tuple[int, str, int | None, bytes]:
        """HTTP code, content type, seconds asked to wait, body."""
        limits = self._timeouts
        seconds = limits.post if posting else limits.read
        until = time.monotonic() + seconds + LAST_BYTES
        try:
            with self._client.stream(
                "POST",
                f"{self._base}/{path}.php",
                files={"xmlstring": (None, xml)},
                timeout=httpx.Timeout(
                    read=seconds, write=limits.write, connect=limits.connect, pool=limits.pool
                ),
            ) as response:
                body = _read_body(response, until=until)
                headers = response.headers
                wait = retry_after(headers.get("retry-after", ""))
                return response.status_code, headers.get("content-type", ""), wait, body
        except _NOT_SENT as error:
            # "from None": the request hangs on the error, and with it the password.
            raise failure("books_unreachable", posting=posting, detail=_named(error)) from None
        except _OUR_FAULT as error:
            raise failure("books_wrong_url", posting=posting, detail=_named(error)) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            busy = isinstance(error, httpx.TimeoutException)
            raise failure(
                "books_no_answer", posting=posting, detail=_named(error), busy=busy
            ) from None


# What may be over in a moment, with the seconds before the first further attempt. A refusal is not.
_PASSES = {
    "books_throttled": 2.0,
    "books_unreachable": 0.5,
    "books_no_answer": 0.5,
    "books_failed": 0.5,
    "books_exception": 0.5,
    "books_unreadable": 0.5,
}


def _pause(failed: RetryLater, attempt: int) -> float | None:
    """The wait before another attempt, as it was asked for or growing; ``None``: there is none."""
    if failed.code not in _PASSES or (failed.after or 0) > LONGEST_PAUSE:
        return None
    return _PASSES[failed.code] * attempt if failed.after is None else float(failed.after)


def _read_body(response: httpx.Response, *, until: float) -> bytes:
    """The body, within its limits of size and time: a trickle would hold us for ever."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER or time.monotonic() > until:
            raise httpx.ReadTimeout("the answer does not end")
    return bytes(body)


def retry_after(header: str) -> int | None:
    """The seconds of a ``Retry-After``, in either of its two forms, at most an hour."""
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return min(int(header), LONGEST_WAIT)
    if not header.endswith("GMT"):
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # rare, and slow to import

    try:
        seconds = parsedate_to_datetime(header).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(int(seconds), 0), LONGEST_WAIT)


def quieten_httpx() -> None:
    """Keep httpx from logging each request; a URL of Acumulus can hold a token."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _with_path(base_url: str) -> str:
    """A bare host gets the path of the API; anything that is no web address is refused."""
    base = base_url.strip().rstrip("/")
    host = re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", base)
    if host is None:
        raise NeedsOperator("the address of Acumulus is no web address", code="books_wrong_url")
    return base if host[1] else f"{base}/acumulus"


def _named(error: Exception) -> str:
    return type(error).__name__
