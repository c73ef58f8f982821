"""Every test: a clean environment, no network outside this machine, no AWS account."""

import os
import socket
import sys
from typing import Any

import pytest
from hypothesis import settings

from tests.support.embedded import (  # noqa: F401  # fixtures for every test
    CREDENTIALS,
    REGION,
    cloud,
    embedded,
    embedded_endpoint,
)

settings.register_profile("ours", deadline=None)  # how busy the machine is proves nothing
settings.load_profile("ours")

_FOREIGN = ("AWS_", "POWERTOOLS_", "BOEKBRUG_", "SAM_", "LAMBDA_", "_X_AMZN")
_OURS = (
    "LEDGER_TABLE",
    "SETTINGS_TABLE",
    "SECRETS_KEY_ID",
    "SHOPS_QUEUE_URL",
    "ORDERS_QUEUE_URL",
    "SHOP_API_URL",
    "BOOKS_API_URL",
    "PARTNER_TOKEN",
    "BOOKS_TIMEOUT_SECONDS",
    "MAIL_FROM",
    "PORTAL_URL",
    "SIGN_UP",
    "FOLLOW_UP_QUEUE_URL",
    "BOOKS_REST_SECONDS",
    "BOOKS_REST_MOST_SECONDS",
    "LOOK_UP_PAUSE_SECONDS",
    "LOOK_UP_AGAIN_SECONDS",
    "TRIAL_IMPORTS",
    "VIES_URL",
    "HOOK_URL",
)
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost", "", None})


class NetworkError(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the person's own set-up reaches a test; dummies make sure of it."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name in _OURS or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    dummies = CREDENTIALS | {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in dummies.items():
        monkeypatch.setenv(name, value)
    if "boekbrug.aws" in sys.modules:
        monkeypatch.setattr("boekbrug.aws._clients", {})
    if "boto3" in sys.modules:  # its default session keeps the credentials of an earlier test
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Any:
    """Connections and look-ups outside 127.0.0.1 fail at once, with the place in the message."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    real_lookup = socket.getaddrinfo

    def lookup(host: Any, *rest: Any, **options: Any) -> Any:
        _refuse_foreign(host.decode() if isinstance(host, bytes) else host)
        return real_lookup(host, *rest, **options)

    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX:
            _refuse_foreign(address[0])
        return real(self, address)

    return connect


def _refuse_foreign(host: str | None) -> None:
    if host not in _LOCAL:
        raise NetworkError(f"a test reached for {host}: only 127.0.0.1 is allowed")
