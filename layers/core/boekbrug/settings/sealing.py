"""Sealing under a key of KMS: one wrapped data key serves many tenants for a quarter.

A data key per secret would be unwrapped for every shop every hour, which would cost more than
everything else together. So the wrapped data key of the quarter lies on a shelf that all processes
share, and what was unwrapped is kept in memory for a while. Decision 0004 tells more.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, Protocol

from boekbrug import aws
from boekbrug.aws.table import ConditionFailed, Table
from boekbrug.errors import NeedsOperator
from boekbrug.journey.ports.tenants import Secret
from boekbrug.settings.envelope import DataKey, SealBroken, open_sealed, seal, wrapped_key
from boekbrug.settings.items import key

CONTEXT = {"boekbrug": "secrets"}
"""Authenticated by KMS and shown in its audit trail; a data key of another purpose never opens."""

KEPT_SECONDS = 1800
MOST_KEPT = 64


class DataKeyShelf(Protocol):
    """Where the wrapped data key of a period lies."""

    def wrapped(self, period: str) -> bytes | None: ...

    def offer(self, period: str, wrapped: bytes) -> bytes:
        """Put it there, unless there is one already; returns the one that lies there."""


class DynamoDataKeys:
    """The shelf in the settings table; what lies there is worth nothing without the KMS key."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "settings", client)

    def wrapped(self, period: str) -> bytes | None:
        item = self._table.get(key("GLOBAL", f"DATAKEY#{period}"))
        return bytes(item["wrapped"]["B"]) if item else None

    def offer(self, period: str, wrapped: bytes) -> bytes:
        item = key("GLOBAL", f"DATAKEY#{period}") | {"wrapped": {"B": wrapped}}
        try:
            self._table.put(item, ConditionExpression="attribute_not_exists(#pk)")
        except ConditionFailed as failed:
            return bytes(failed.stored["wrapped"]["B"]) if failed.stored else wrapped
        return wrapped


def quarter(day: date) -> str:
    """The period of a data key, such as ``2026Q4``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


class KmsSealer:
    """Seals and opens; safe to use from several threads.

    Opening needs the right ``kms:Decrypt`` and nothing else. Sealing also needs ``shelf`` and
    ``kms:GenerateDataKey``. ``timer`` counts seconds, ``today`` gives the day (UTC).
    """

    def __init__(
        self,
        key_id: str,
        shelf: DataKeyShelf | None = None,
        client: Any = None,
        *,
        timer: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._key_id = key_id
        self._shelf = shelf
        self._given = client
        self._timer = timer
        self._today = today
        self._lock = Lock()
        self._kept: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()

    @property
    def _client(self) -> Any:
        return self._given or aws.client("kms")

    def seal(self, secret: Secret, *, tenant: str, field: str) -> str:
        return seal(secret, self._sealing_key(), tenant=tenant, field=field)

    def open(self, sealed: str, *, tenant: str, field: str) -> Secret:
        """Raises ``SealBroken`` for text that is damaged or of another tenant, field or key."""
        wrapped = wrapped_key(sealed)
        with self._lock:  # a page of shops asks for the same key at once: one call is enough
            plain = self._unwrapped(wrapped)
        return open_sealed(sealed, plain, tenant=tenant, field=field)

    def _sealing_key(self) -> DataKey:
        if self._shelf is None:
            raise NeedsOperator("sealing needs the shelf of data keys", code="set_up")
        period = quarter(self._today())
        wrapped = self._shelf.wrapped(period)
        if wrapped is None:
            with aws.faults("key"):
                fresh = self._client.generate_data_key_without_plaintext(
                    KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=CONTEXT
                )
            wrapped = self._shelf.offer(period, fresh["CiphertextBlob"])
        with self._lock:
            return DataKey(self._unwrapped(wrapped), wrapped)

    def _unwrapped(self, wrapped: bytes) -> bytes:
        plain, until = self._kept.get(wrapped, (b"", 0.0))
        now = self._timer()
        if now >= until:
            plain = self._unwrap(wrapped)
            self._kept[wrapped] = plain, now + KEPT_SECONDS
        self._kept.move_to_end(wrapped)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return plain

    def _unwrap(self, wrapped: bytes) -> bytes:
        with aws.faults("key"):
            try:
                answer = self._client.decrypt(
                    KeyId=self._key_id, CiphertextBlob=wrapped, EncryptionContext=CONTEXT
                )
            except (
                self._client.exceptions.InvalidCiphertextException,
                self._client.exceptions.IncorrectKeyException,
            ):
                raise SealBroken("sealed under an unknown key") from None
        return bytes(answer["Plaintext"])
