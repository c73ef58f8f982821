"""A proxy before the embedded AWS that throttles, fails, loses replies and makes calls wait.

Point ``AWS_ENDPOINT_URL`` at it. A lost reply is a call that was carried out and whose connection
then closes without an answer.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, ClassVar
from urllib.parse import urlsplit

THROTTLE, BREAK, LOSE, DROP, DELAY = "throttle", "500", "lose", "drop", "delay"
KINDS = (THROTTLE, BREAK, LOSE, DROP, DELAY)
THROTTLED = {
    "DynamoDB": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
    "AmazonSQS": "com.amazonaws.sqs#RequestThrottled",
    "TrentService": "ThrottlingException",
}
HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


@dataclass
class Faults:
    """``shares``: the chance of each kind of fault; ``operations``: those it can strike, or all."""

    shares: dict[str, float] = field(default_factory=dict)
    operations: frozenset[str] = frozenset()
    seed: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)

    def off(self) -> None:
        """From here on every call goes through."""
        self.shares = {}

    def strikes(self, operation: str) -> str:
        """The kind of fault for this call, empty for none."""
        with self._lock:
            self.calls[operation] += 1
            if self.operations and operation not in self.operations:
                return ""
            chance = self._chance.random()
            for kind, share in self.shares.items():
                if chance < share:
                    self.fired[f"{kind} {operation}"] += 1
                    return kind
                chance -= share
        return ""


@contextmanager
def fault_proxy(endpoint: str, faults: Faults) -> Iterator[str]:
    """A running proxy; gives its address."""

    class Handler(_Handler):
        behind = urlsplit(endpoint).netloc
        rules = faults

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, as one does after a lost reply."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 30
    behind: ClassVar[str]
    rules: ClassVar[Faults]

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service, _, operation = self.headers.get("X-Amz-Target", self.path).rpartition(".")
        strike = self.rules.strikes(operation)
        if strike == DELAY:
            time.sleep(0.2)
        if strike == DROP:
            self._close()
        elif strike in (THROTTLE, BREAK):
            self._refuse(strike, service.partition("_")[0])
        else:
            self._forward(body, lost=strike == LOSE)

    def _refuse(self, strike: str, service: str) -> None:
        kind = THROTTLED.get(service, "Throttling") if strike == THROTTLE else "InternalServerError"
        text = json.dumps({"__type": kind, "message": "told by the test"}).encode()
        status = 400 if strike == THROTTLE else 500
        self._answer(status, {"Content-Type": "application/x-amz-json-1.0"}, text)

    def _forward(self, body: bytes, *, lost: bool) -> None:
        connection = HTTPConnection(self.behind, timeout=20)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if lost:
            self._close()
        else:
            self._answer(answer.status, dict(answer.getheaders()), text)

    def _answer(self, status: int, headers: dict[str, str], text: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _close(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
