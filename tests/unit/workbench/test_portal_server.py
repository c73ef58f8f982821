"""HTTP in, Function URL events out: what AWS does in front of the portal."""

import io
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from workbench.plain import WrongUseError
from workbench.portal_server import HOOKS, LARGEST_BODY, PortalServer, invoking

PICTURE = bytes(range(256))


@pytest.fixture
def events() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def browser(events: list[dict[str, Any]]) -> Iterator[httpx.Client]:
    """A browser on a portal that answers a picture and two cookies to everything."""

    def answer(event: dict[str, Any]) -> dict[str, Any]:
        events.append(event)
        return {
            "statusCode": 201,
            "headers": {"Content-Type": "image/x", "X-Frame-Options": "DENY"},
            "cookies": ["a=1; Secure", "b=2"],
            "body": b64encode(PICTURE).decode(),
            "isBase64Encoded": True,
        }

    with (
        PortalServer(0) as server,
        server.serving({"/": answer}),
        httpx.Client(base_url=server.url) as client,
    ):
        yield client


def test_an_answer_passes_as_it_is(browser: httpx.Client) -> None:
    """Status, headers, every cookie by itself, and bytes."""
    answer = browser.get("/")

    assert (answer.status_code, answer.content) == (201, PICTURE)
    assert answer.headers.get_list("set-cookie") == ["a=1; Secure", "b=2"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["server"] == "boekbrug"


def test_a_request_becomes_an_event(browser: httpx.Client, events: list[dict[str, Any]]) -> None:
    """Path and query as they were written, cookies one by one, the form in base64."""
    cookies = {"Cookie": "one=1; two=2", "X-Twice": "a"}
    browser.post("/a%20b?c=d&c=e", data={"naam": "Jansen & Zn"}, headers=cookies)
    (event,) = events

    assert event["rawPath"] == "/a%20b"
    assert event["rawQueryString"] == "c=d&c=e"
    assert event["cookies"] == ["one=1", "two=2"]
    assert "cookie" not in event["headers"]
    assert event["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert b64decode(event["body"]) == b"naam=Jansen+%26+Zn"
    http = event["requestContext"]["http"]
    assert (http["method"], http["path"], http["sourceIp"]) == ("POST", "/a%20b", "127.0.0.1")
    json.dumps(event)


def test_only_our_own_name_is_answered(browser: httpx.Client, events: list[dict[str, Any]]) -> None:
    """A name that somebody gave to 127.0.0.1 reaches nothing."""
    port = browser.base_url.port
    for name in ("evil.example", f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1"):
        assert browser.get("/", headers={"Host": name}).status_code == 421
    assert events == []
    assert browser.get("/", headers={"Host": f"localhost:{port}"}).status_code == 201


def test_what_lambda_would_not_take_is_refused(
    browser: httpx.Client, events: list[dict[str, Any]]
) -> None:
    """By its announced size, before it is read."""
    with socket.create_connection(("127.0.0.1", browser.base_url.port or 0)) as line:
        line.sendall(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %d\r\n\r\n"
            % (browser.base_url.port or 0, LARGEST_BODY + 1)
        )
        answered = line.makefile("rb").readline()

    assert answered.startswith(b"HTTP/1.1 413 ")
    assert events == []


@pytest.mark.parametrize("announced", ["-5", "abc", "1e3", "\u00b2"])
def test_a_size_that_is_none_is_refused(
    browser: httpx.Client, events: list[dict[str, Any]], announced: str
) -> None:
    """With an answer, and nothing of it goes to the portal."""
    port = browser.base_url.port or 0
    head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {announced}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head.encode("latin-1"))
        answered = line.makefile("rb").readline()

    assert answered.startswith(b"HTTP/1.1 400 ")
    assert events == []


def test_a_head_gets_no_body(browser: httpx.Client) -> None:
    """And the next request on the same connection is read rightly."""
    assert browser.head("/").content == b""
    assert browser.get("/").content == PICTURE


def test_a_port_in_use_is_said() -> None:
    """In one sentence that names it and the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WrongUseError, match=f"Port {port} cannot be used .*--port"):
            PortalServer(port)


class OneFunction:
    """A Lambda client with one function that answers, or fails."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803  # boto3's names
        told = json.dumps({"statusCode": 200, "body": FunctionName + Payload})
        return self.answer | {"Payload": io.BytesIO(told.encode())}


def test_the_deployed_function_answers_or_its_failure_is_told() -> None:
    """A function that crashed is a sentence, not silence."""
    fine = invoking(OneFunction({}), "portal")({"a": 1})
    failed = invoking(OneFunction({"FunctionError": "Unhandled"}), "portal")({"a": 1})

    assert fine["body"] == 'portal{"a": 1}'
    assert (failed["statusCode"], "aws.log" in failed["body"]) == (502, True)


def test_signed_calls_go_to_a_function_of_their_own() -> None:
    """The longest beginning of the path decides."""

    def named(name: str) -> Any:
        return lambda _: {"statusCode": 200, "headers": {}, "body": name}

    with (
        PortalServer(0) as server,
        server.serving({"/": named("portal"), HOOKS: named("hooks")}),
        httpx.Client(base_url=server.url) as client,
    ):
        asked = [client.post(path).text for path in ("/", "/hook", "/hook/shop/1", "/x/hook/")]

    assert asked == ["portal", "portal", "hooks", "portal"]
