"""Counts what a call costs: requests, request units, bytes and CPU, without changing the code."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import httpx

READ_UNITS = ("GetItem", "BatchGetItem", "Query", "Scan")
CONSISTENT = b'"ConsistentRead": true'
SQS_CHUNK = 64 * 1024  # SQS bills a request per 64 KiB


@dataclass(slots=True)
class Meter:
    """``calls`` per service and operation, DynamoDB units, bytes out per service, CPU seconds."""

    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0.0
    write_units: float = 0.0
    sqs_requests: int = 0
    bytes_out: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0

    def total(self, prefix: str) -> int:
        """How many calls of a service, or of one operation."""
        return sum(count for name, count in self.calls.items() if name.startswith(prefix))


class Metering:
    """Hooks into every boto3 client and httpx transport made after it was switched on."""

    def __init__(self) -> None:
        self.meter = Meter()
        self._lock = threading.Lock()

    @contextmanager
    def measure(self) -> Iterator[Meter]:
        """A fresh meter for the block."""
        self.meter = Meter()
        began = time.process_time()
        yield self.meter
        self.meter.cpu = time.process_time() - began

    def switch_on(self) -> None:
        """From now on everything is counted."""
        self._hook_boto()
        self._hook_httpx()

    def _hook_boto(self) -> None:
        make = boto3.Session.client

        def client(session: Any, service: str, *args: Any, **options: Any) -> Any:
            made = make(session, service, *args, **options)
            events = made.meta.events
            if service == "dynamodb":
                events.register("provide-client-params.dynamodb", self._ask_capacity)
            events.register(f"before-call.{service}", self._before)
            events.register(f"after-call.{service}", self._after)
            return made

        boto3.Session.client = client  # type: ignore[method-assign]  # counting is the point here

    def _ask_capacity(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any] | None:
        if "ReturnConsumedCapacity" not in model.input_shape.members:
            return None
        return params | {"ReturnConsumedCapacity": "TOTAL"}

    def _before(
        self, model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> None:
        service = model.service_model.service_name
        body = params.get("body") or b""
        sent = body if isinstance(body, bytes) else str(body).encode()
        context["consistent"], size = CONSISTENT in sent, len(sent)
        with self._lock:
            self.meter.calls[f"{service}.{model.name}"] += 1
            self.meter.bytes_out[service] += size
            if service == "sqs":
                self.meter.sqs_requests += max(1, -(-size // SQS_CHUNK))

    def _after(
        self,
        model: Any,
        parsed: dict[str, Any],
        http_response: Any,
        context: dict[str, Any],
        **_: Any,
    ) -> None:
        used = parsed.get("ConsumedCapacity") or []
        units = sum(
            one.get("CapacityUnits", 0) for one in (used if isinstance(used, list) else [used])
        )
        each = 1 if context["consistent"] else 0.5  # units per 4 KB, whatever is told
        if model.name == "BatchGetItem":  # every item by itself
            units = sum(len(items) for items in parsed.get("Responses", {}).values()) * each
        if model.name == "Query":  # all items together; the answer is a bit larger
            units = -(-len(http_response.content) // 4096) * each
        with self._lock:
            if model.service_model.service_name != "dynamodb":
                return
            if model.name in READ_UNITS:
                self.meter.read_units += units
            else:
                self.meter.write_units += units

    def _hook_httpx(self) -> None:
        send = httpx.HTTPTransport.handle_request

        def handle_request(transport: Any, request: httpx.Request) -> httpx.Response:
            kind = "shop" if request.method == "GET" else "acumulus"
            head = len(str(request.url)) + sum(len(n) + len(v) + 4 for n, v in request.headers.raw)
            with self._lock:
                self.meter.calls[f"{kind}.{request.method}"] += 1
                self.meter.bytes_out[kind] += head + len(request.read())
            return send(transport, request)

        httpx.HTTPTransport.handle_request = handle_request  # type: ignore[method-assign]  # as above
