"""HTTP/1.1 on 127.0.0.1: a request in, a function's answer out, whole, cut short or not at all."""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from workbench.standins.errors import StandInError

HOST = "127.0.0.1"
LARGEST_BODY = 16 * 1024 * 1024  # Acumulus API: 16 MB per request
IDLE_SECONDS = 120.0


class Delivery(Enum):
    """How much of an answer reaches the client."""

    WHOLE = "whole"
    CUT = "cut"  # half of the body, then the connection closes
    NOTHING = "nothing"  # the connection closes without a byte


@dataclass(frozen=True)
class Request:
    """One HTTP request. Its query can hold secrets: it is kept for tests, never logged."""

    method: str
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @cached_property
    def query(self) -> dict[str, str]:
        """The query with the last value of every name, as PHP reads it."""
        texts = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[-1] for name, values in texts.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE


def html(status: int, title: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A page such as a load balancer sends: HTML, whatever the client asked for."""
    body = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body>"
    return Answer(status, f"{body}</html>".encode(), "text/html; charset=utf-8", headers)


class Server:
    """A threaded keep-alive server in a background thread; port 0 takes any free port."""

    def __init__(self, respond: Callable[[Request], Answer], port: int = 0) -> None:
        try:
            self._server = _Listener(respond, port)
        except (OSError, OverflowError) as failure:
            raise StandInError(_no_port(port, failure)) from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Refuse new connections, close the open ones and wait for their threads."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.close_connections()


def _no_port(port: int, failure: OSError | OverflowError) -> str:
    if isinstance(failure, OverflowError):
        return f"port {port} does not exist: choose one from 1 to 65535, or 0 for any free port"
    reason = (failure.strerror or str(failure)).lower()
    return f"cannot listen on {HOST} port {port}: {reason}"


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, respond: Callable[[Request], Answer], port: int) -> None:
        self.respond = respond
        self._open: dict[threading.Thread, socket.socket] = {}
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        # Without the name look-up of the standard class, which can wait for a DNS server.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        thread = threading.current_thread()
        self._open[thread] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.pop(thread, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to report; anything else is a fault of ours."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close_connections(self) -> None:
        for thread, connection in list(self._open.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet per answer
    timeout = IDLE_SECONDS
    server: _Listener

    def log_message(self, *_: object) -> None:
        """Nothing: a request line holds the shop's tokens."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal():
            self.close_connection = True  # where its body ends is unknown
            self._send(html(400, "400 Bad Request"))
            return
        if int(length) > LARGEST_BODY:
            self._send(html(413, "413 Request Entity Too Large"))
            self.close_connection = True
            return
        body = self.rfile.read(int(length))
        self._send(
            self.server.respond(Request(self.command, self.path, dict(self.headers.items()), body))
        )

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 -- the names that the standard class looks for

    def _send(self, answer: Answer) -> None:
        if answer.delivery is Delivery.NOTHING:
            self._close()
            return
        body = b"" if self.command == "HEAD" else answer.body
        if answer.delivery is Delivery.CUT:
            body = body[: len(body) // 2]
        self.wfile.write(_head(answer) + body)
        self.wfile.flush()
        if answer.delivery is Delivery.CUT:
            self._close()

    def _close(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _head(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {_phrase(answer.status)}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus else "Unknown"
