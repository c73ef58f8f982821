"""HTTP on this machine -> Function URL events -> the portal, or the door of signed calls.

One thing is added: only who calls us by our own name is answered, so that no page of another site
reaches the portal by giving 127.0.0.1 a name of its own.
"""

import json
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from workbench.plain import WrongUseError

type Answer = dict[str, Any]
type Invoke = Callable[[dict[str, Any]], Answer]

LARGEST_BODY = 6_000_000  # as Lambda takes
HOOKS = "/hook/"
"""Where signed calls come in; the function behind it has an address of its own on AWS."""
FAILED = {
    "statusCode": 502,
    "headers": {"Content-Type": "text/plain; charset=utf-8"},
    "body": "The portal's function failed: see aws.log in the state folder.\n",
}
NO_SIZE = {"statusCode": 400, "headers": {}, "body": ""}
TOO_LARGE = {"statusCode": 413, "headers": {}, "body": ""}
NOT_OURS = {
    "statusCode": 421,
    "headers": {"Content-Type": "text/plain; charset=utf-8"},
    "body": "Open the portal by the address that the run printed.\n",
}


class PortalServer(ThreadingHTTPServer):
    """Takes its port at once, and answers while ``serving``; ``port`` 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self._routes: Mapping[str, Invoke] = {}
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as taken:
            raise WrongUseError(
                f"Port {port} cannot be used ({taken.strerror}): choose another with --port."
            ) from None

    @property
    def names(self) -> tuple[str, ...]:
        """What a browser of this machine may call us."""
        return (f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}")

    @property
    def url(self) -> str:
        return f"http://{self.names[0]}"

    @contextmanager
    def serving(self, routes: Mapping[str, Invoke]) -> Iterator[None]:
        """Answer a request by the longest beginning of its path that has a function."""
        self._routes = routes
        thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()

    def invoke(self, event: dict[str, Any]) -> Answer:
        """What the function behind the path makes of the event."""
        behind = [start for start in self._routes if event["rawPath"].startswith(start)]
        return self._routes[max(behind, key=len)](event) if behind else FAILED

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no news; everything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def invoking(client: Any, function: str) -> Invoke:
    """The deployed function, called as its Function URL would call it."""

    def invoke(event: dict[str, Any]) -> Answer:
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event))
        if "FunctionError" in answer:
            return FAILED
        answered: Answer = json.load(answer["Payload"])
        return answered

    return invoke


class _Handler(BaseHTTPRequestHandler):
    server: PortalServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def _any(self) -> None:
        announced = self.headers.get("Content-Length") or "0"
        size = int(announced) if announced.isascii() and announced.isdigit() else -1
        if self.headers.get("Host", "") not in self.server.names:
            self._send(NOT_OURS)
        elif size < 0:
            self._send(NO_SIZE)
        elif size > LARGEST_BODY:
            self._send(TOO_LARGE)
        else:
            self._send(self.server.invoke(self._event(self.rfile.read(size))))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _any  # noqa: N815  # the names that http.server calls

    def _event(self, body: bytes) -> dict[str, Any]:
        """Payload format 2.0; a form comes in base64, as it does from a Function URL."""
        parts = urlsplit(self.path)
        headers = {
            name.lower(): ", ".join(self.headers.get_all(name) or ())
            for name in self.headers
            if name.lower() != "cookie"
        }
        cookies = [
            pair.strip()
            for line in self.headers.get_all("Cookie") or ()
            for pair in line.split(";")
        ]
        now = datetime.now(UTC)
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "headers": headers,
            "requestContext": {
                "accountId": "anonymous",
                "domainName": self.headers["Host"],
                "requestId": str(uuid4()),
                "routeKey": "$default",
                "stage": "$default",
                "time": f"{now:%d/%b/%Y:%H:%M:%S +0000}",
                "timeEpoch": int(now.timestamp() * 1000),
                "http": {
                    "method": self.command,
                    "path": parts.path,
                    "protocol": self.request_version,
                    "sourceIp": self.client_address[0],
                    "userAgent": headers.get("user-agent", ""),
                },
            },
            "body": b64encode(body).decode(),
            "isBase64Encoded": True,
        } | ({"cookies": cookies} if cookies else {})

    def _send(self, answer: Answer) -> None:
        body = answer.get("body") or ""
        sent = b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        self.send_response(answer["statusCode"])
        for name, value in answer["headers"].items():
            self.send_header(name, value)
        for cookie in answer.get("cookies", ()):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(sent)))
        if answer in (NO_SIZE, TOO_LARGE, NOT_OURS):  # the body was not read
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    def version_string(self) -> str:
        """Who answers, without versions."""
        return "boekbrug"

    def log_message(self, *_: object) -> None:
        """The screen is for orders."""
