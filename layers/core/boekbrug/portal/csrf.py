"""Proof that a form came from a page of ours: made of a cookie that only that browser has.

Every page shows it in another form, so that compressing pages tells nothing about it.
"""

import secrets
from hashlib import sha256
from hmac import compare_digest, new

FIELD = "csrf"
BYTES = 32


def token_for(cookie: str) -> str:
    """What a form carries."""
    mask = secrets.token_bytes(BYTES)
    return (mask + _xor(mask, _proof(cookie))).hex()


def is_token_for(cookie: str, token: str) -> bool:
    """Whether a form carried what this browser was given."""
    try:
        given = bytes.fromhex(token)
    except ValueError:
        return False
    mask, masked = given[:BYTES], given[BYTES:]
    return (
        bool(cookie) and len(masked) == BYTES and compare_digest(_xor(mask, masked), _proof(cookie))
    )


def _proof(cookie: str) -> bytes:
    return new(cookie.encode(), b"csrf", sha256).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
