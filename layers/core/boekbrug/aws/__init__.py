"""One AWS client per service and process, made when first needed; its faults in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from boekbrug.errors import NeedsOperator, RetryLater

CONNECT_SECONDS = 2
READ_SECONDS = 5
ATTEMPTS = 4
"""Of one call, the first included, with growing pauses (botocore's standard mode)."""

_NOT_NOW = frozenset(
    {
        "InternalServerError",
        "InternalError",
        "InternalFailure",
        "KMSInternalException",
        "DependencyTimeoutException",
        "KeyUnavailableException",
        "LimitExceededException",
        "OverLimit",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_clients: dict[str, Any] = {}
_making = Lock()


def client(service: str) -> Any:
    """The client of this process; safe to use from several threads."""
    with _making:
        if service not in _clients:
            _clients[service] = _make(service)
        return _clients[service]


def _make(service: str) -> Any:
    import boto3  # noqa: PLC0415  # 150 ms of a cold start, only where it is used
    from botocore.config import Config  # noqa: PLC0415  # as boto3

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=20,
        tcp_keepalive=True,
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # any service name


@contextmanager
def faults(what: str) -> Iterator[None]:
    """Raise ``RetryLater`` for what passes by itself and ``NeedsOperator`` for what does not.

    ``what`` names the storage in the error. The remote text stays out of it.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as boto3

    try:
        yield
    except ClientError as refused:
        raise translated(refused, what) from None
    except BotoCoreError as failed:
        raise RetryLater(f"{what}: {type(failed).__name__}", code="storage_unreachable") from None


def translated(refused: Any, what: str) -> RetryLater | NeedsOperator:
    """A ``ClientError`` in our words."""
    code = refused.response.get("Error", {}).get("Code", "")
    status = refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    detail = f"{what}: {code} at {refused.operation_name}"
    if code in _NOT_NOW or status >= 500 or status == 429:
        return RetryLater(detail, code="storage_busy")
    return NeedsOperator(detail, code="storage_refused")
