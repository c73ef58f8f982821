"""What was done for a key before: powertools' Idempotency on the settings table.

It is right here, where doing something twice does no harm; posts are guarded by the ledger.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
)

from boekbrug import aws

REMEMBERED = 600  # seconds: twice as long as a signature is fresh
PARTITION = "HOOK-CALLS"
_DONE, _REPEATED = "done", "repeated"


class IdempotentOnce:
    """One small item per call, which the table forgets by ``expires``."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table_name = table_name
        self._given = client

    def first(self, key: str, work: Callable[[], None]) -> bool:
        def act(*, call: str) -> str:  # noqa: ARG001  # powertools reads it
            work()
            return _DONE

        config = IdempotencyConfig(
            expires_after_seconds=REMEMBERED,
            hash_function="sha256",
            response_hook=lambda _response, _record: _REPEATED,
        )
        config.register_lambda_context(_Life())  # type: ignore[arg-type]  # all it asks for
        guarded = idempotent_function(
            act,
            data_keyword_argument="call",
            persistence_store=DynamoDBPersistenceLayer(
                table_name=self._table_name,
                key_attr="pk",
                static_pk_value=PARTITION,
                sort_key_attr="sk",
                expiry_attr="expires",
                boto3_client=self._given or aws.client("dynamodb"),
            ),
            config=config,
        )
        try:
            with aws.faults("hook calls"):
                answer: str = guarded(call=key)
        except IdempotencyAlreadyInProgressError:
            return False
        return answer == _DONE


class _Life:
    """How long a call may take until it counts as dead, and may be tried again."""

    def get_remaining_time_in_millis(self) -> int:
        return 15_000


class MemoryOnce:
    """Remembers for as long as the object lives."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: set[str] = set()

    def first(self, key: str, work: Callable[[], None]) -> bool:
        with self._lock:
            if key in self._done:
                return False
            work()
            self._done.add(key)
        return True
