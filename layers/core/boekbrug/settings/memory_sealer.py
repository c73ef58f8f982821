"""Sealing without a cloud: the same envelope, its data key wrapped by a key of this object."""

import secrets

from boekbrug.journey.ports import Secret
from boekbrug.settings.envelope import (
    KEY_BYTES,
    DataKey,
    SealBroken,
    open_sealed,
    seal,
    wrapped_key,
)


class MemorySealer:
    """Seals for as long as the object lives: another object opens nothing of it."""

    def __init__(self) -> None:
        self._key = DataKey(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    def seal(self, secret: Secret, *, tenant: str, field: str) -> str:
        return seal(secret, self._key, tenant=tenant, field=field)

    def open(self, sealed: str, *, tenant: str, field: str) -> Secret:
        if wrapped_key(sealed) != self._key.wrapped:
            raise SealBroken("sealed under an unknown key")
        return open_sealed(sealed, self._key.plain, tenant=tenant, field=field)
