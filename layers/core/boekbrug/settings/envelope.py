"""A secret -> sealed text -> the secret again: AES-256-GCM under a data key that travels along.

    b1.<wrapped data key>.<nonce + ciphertext + tag>          (both parts base64url, no padding)

Tenant, field, wrapped key and version of this form are authenticated with the value: sealed text
that was changed, or moved to another tenant or field, does not open.
"""

import binascii
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from boekbrug.errors import NeedsOperator
from boekbrug.journey.ports.tenants import Secret

FORM = "b1"
NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(NeedsOperator):
    """When sealed text does not open: damaged, or sealed for another tenant, field or key."""

    code = "seal_broken"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key that seals values, and the same key wrapped by the master key."""

    plain: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)


def wrapped_key(sealed: str) -> bytes:
    """The wrapped data key that a sealed text carries."""
    return _parts(sealed)[0]


def seal(secret: Secret, key: DataKey, *, tenant: str, field: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # cold start: most calls need no cipher

    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = _bound_to(tenant, field, key.wrapped)
    box = AESGCM(key.plain).encrypt(nonce, secret.text.encode(), bound)
    return f"{FORM}.{_text(key.wrapped)}.{_text(nonce + box)}"


def open_sealed(sealed: str, plain_key: bytes, *, tenant: str, field: str) -> Secret:
    """Raises ``SealBroken``; no part of the value is ever in the error."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as in seal
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # as in seal

    wrapped, box = _parts(sealed)
    bound = _bound_to(tenant, field, wrapped)
    try:
        plain = AESGCM(plain_key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
    except InvalidTag:
        raise SealBroken(f"the sealed {field} does not open for this tenant") from None
    return Secret(plain.decode())


def _bound_to(tenant: str, field: str, wrapped: bytes) -> bytes:
    """Lengths first, so that no other tenant and field give the same bytes."""
    return f"{FORM}|{len(tenant)}|{tenant}|{len(field)}|{field}|".encode() + wrapped


def _parts(sealed: str) -> tuple[bytes, bytes]:
    form, _, rest = sealed.partition(".")
    wrapped, _, box = rest.partition(".")
    if form != FORM or not wrapped or not box:
        raise SealBroken("not a sealed text of this version")
    try:
        parts = _bytes(wrapped), _bytes(box)
    except (binascii.Error, ValueError):
        raise SealBroken("a sealed text is damaged") from None
    if len(parts[1]) <= NONCE_BYTES:
        raise SealBroken("a sealed text is damaged")
    return parts


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
