"""Faults of the network between us and AWS, put where they happen: below the retries."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.embedded import CREDENTIALS, REGION, Aws


def retrying_client(aws: Aws, service: str, **limits: Any) -> Any:
    """A client of its own that repeats a failed call, as in production."""
    import boto3
    from botocore.config import Config

    config = Config(retries={"mode": "standard", "total_max_attempts": 3}, **limits)
    return boto3.Session(
        CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION
    ).client(service, endpoint_url=aws.endpoint, config=config)  # type: ignore[call-overload]  # any service


@contextmanager
def lost_replies(client: Any, operation: str, count: int = 1) -> Iterator[list[int]]:
    """The first ``count`` calls of an operation are carried out and their replies never arrive.

    Gives the list of HTTP statuses that were lost, to assert that the fault happened.
    """
    from botocore.exceptions import ReadTimeoutError
    from botocore.httpsession import URLLib3Session

    lost: list[int] = []
    network = URLLib3Session()

    def carry_out_and_drop(request: Any, **_: Any) -> None:
        if len(lost) < count:
            lost.append(network.send(request).status_code)
            raise ReadTimeoutError(endpoint_url=request.url)

    event = f"before-send.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    client.meta.events.register_first(event, carry_out_and_drop)
    try:
        yield lost
    finally:
        client.meta.events.unregister(event, carry_out_and_drop)
        network.close()


@contextmanager
def refusing(client: Any, operation: str, status: int, code: str) -> Iterator[list[str]]:
    """Every call of an operation is answered with an error; gives the list of those calls.

    Not for moto, which carries out the call all the same.
    """
    from botocore.awsrequest import AWSResponse

    refused: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        refused.append(operation)
        body = json.dumps({"__type": code, "message": "told by the test"}).encode()
        response = AWSResponse(request.url, status, {}, None)
        response._content = body  # what reading the stream would give
        return response

    event = f"before-send.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    client.meta.events.register_first(event, answer)
    try:
        yield refused
    finally:
        client.meta.events.unregister(event, answer)


@contextmanager
def counted_calls(client: Any) -> Iterator[Counter[str]]:
    """How often each operation is called while it lasts, repeats of a call not counted."""
    calls: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    client.meta.events.register("before-call", count)
    try:
        yield calls
    finally:
        client.meta.events.unregister("before-call", count)
