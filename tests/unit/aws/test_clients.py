"""Clients of AWS: one per process, with limits; faults in our words, without remote texts."""

import socket

import pytest
from botocore.exceptions import ClientError

from boekbrug import aws
from boekbrug.errors import NeedsOperator, RetryLater


def test_a_client_is_made_once() -> None:
    """Making one costs more than hundreds of calls."""
    assert aws.client("sqs") is aws.client("sqs")


def test_a_client_gives_up() -> None:
    """A table that does not answer never holds a function until its own timeout."""
    config = aws.client("dynamodb").meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 5)
    assert config.retries == {"mode": "standard", "total_max_attempts": 4}


def test_an_unreachable_aws_is_not_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there: try later."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(aws, "ATTEMPTS", 1)

    with pytest.raises(RetryLater) as told, aws.faults("ledger"):
        aws.client("dynamodb").list_tables()

    assert (told.value.code, told.value.detail) == (
        "storage_unreachable",
        "ledger: EndpointConnectionError",
    )


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 400, RetryLater),
        ("ProvisionedThroughputExceededException", 400, RetryLater),
        ("RequestThrottled", 403, RetryLater),
        ("SomethingNew", 503, RetryLater),
        ("SomethingNew", 429, RetryLater),
        ("AccessDeniedException", 400, NeedsOperator),
        ("ResourceNotFoundException", 400, NeedsOperator),
        ("ValidationException", 400, NeedsOperator),
        ("", 400, NeedsOperator),
    ],
)
def test_faults_are_named_by_what_happens_next(
    code: str, status: int, kind: type[Exception]
) -> None:
    """What passes by itself is tried later, the rest is mended by a person; never both."""
    answer = {
        "Error": {"Code": code, "Message": "secret-in-a-remote-text"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    with pytest.raises(kind) as told, aws.faults("key"):
        raise ClientError(answer, "Decrypt")  # type: ignore[arg-type]  # a part of a real answer

    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__
