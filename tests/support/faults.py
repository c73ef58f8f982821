"""Faults of the network between us and AWS, put where they happen: below the retries."""

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
