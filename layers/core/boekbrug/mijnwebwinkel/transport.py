"""A path and its query -> one GET with the tokens added last, where nothing can log them.

Tokens travel in the query (shop API, section 2.2). The request that httpx's client, its logs, its
exceptions and its responses know has none; only the one handed to the network has.
"""

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode

import httpx

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.tenants import Secret
from boekbrug.user_agent import user_agent

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
MOST_BYTES = 32 * 1024 * 1024
"""Far above a page of 100 orders; an answer without end must not fill the memory."""

_TOKEN = "boekbrug.token"  # noqa: S105  # the name of an extension of the request, no secret


LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30)
"""As many as there are shops in flight: a connection that is not kept costs a handshake each."""


class _TokensLast(httpx.BaseTransport):
    """Hands a second request, with the tokens in its query, to the network; empty ones are not."""

    def __init__(self, network: httpx.BaseTransport, partner_token: Secret) -> None:
        self._network = network
        self._partner_token = partner_token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        extensions = dict(request.extensions)
        secrets = {"token": extensions.pop(_TOKEN), "partner_token": self._partner_token}
        tokens = {name: secret.text for name, secret in secrets.items() if secret.text}
        query = request.url.query + b"&" + urlencode(tokens).encode()
        return self._network.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(query=query),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
        )

    def close(self) -> None:
        self._network.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop's server answered; the body may be anything and is never shown."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class ShopHttp:
    """GETs for all shops of a process over one pool of kept-alive connections; thread-safe."""

    def __init__(
        self,
        base_url: str,
        partner_token: Secret,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        contact: str = "",
    ) -> None:
        """``base_url`` is scheme and host, e.g. "https://api.myonlinestore.com"."""
        _hush()
        self._base_url = _checked(base_url)
        self._read_seconds = read_seconds
        self._clock = clock
        self._client = httpx.Client(
            transport=_TokensLast(
                httpx.HTTPTransport(verify=_trusted(), limits=LIMITS), partner_token
            ),
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            headers={"User-Agent": user_agent(contact), "Accept": "application/json"},
            follow_redirects=False,  # a redirect would carry the tokens elsewhere
            # One client serves many shops: a cookie of one must never reach another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def get(self, token: Secret, path: str, query: Mapping[str, str]) -> Answer:
        """The answer, whatever its status; ``RetryLater`` when there is none.

        The whole answer must be in within twice the read timeout, so a dripping server cannot hold
        up the run.
        """
        # One string, parsed once: httpx would take the parts in three steps, at thrice the cost.
        address = f"{self._base_url}{path}?{urlencode(query)}"
        request = self._client.build_request("GET", address, extensions={_TOKEN: token})
        code = "shop_unreachable"
        try:
            answer: Answer | str = self._send(request)
        except httpx.RequestError as error:
            answer = type(error).__name__
            if isinstance(error, httpx.ConnectError):
                code = "shop_no_connection"
        if isinstance(answer, Answer):
            return answer
        # Raised here, not in the except clause: nothing of the request hangs on the error.
        raise RetryLater(f"{path}: no answer ({answer})", code=code)

    @property
    def address(self) -> str:
        """Host and port."""
        return httpx.URL(self._base_url).netloc.decode()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _send(self, request: httpx.Request) -> Answer | str:
        latest = self._clock() + 2 * self._read_seconds
        response = self._client.send(request, stream=True)
        try:
            parts: list[bytes] = []
            for part in response.iter_bytes():
                parts.append(part)
                if self._clock() > latest:
                    return "too slow"
                if sum(map(len, parts)) > MOST_BYTES:
                    return "too large"
            return Answer(response.status_code, response.headers, b"".join(parts))
        finally:
            response.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes longer than all the rest."""
    return httpx.create_ssl_context()


def _checked(base_url: str) -> str:
    url = httpx.URL(base_url)
    if url.scheme not in ("http", "https") or not url.host or url.query:
        raise ValueError("the address of the shop API must look like https://host")
    return base_url.rstrip("/")


def _hush() -> None:
    """Neither the addresses that httpx logs nor the answer headers of httpcore are wanted."""
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
