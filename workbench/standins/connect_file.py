"""The `--connect` file of the local run in, the tokens and logins to accept out."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.standins.errors import StandInError


@dataclass(frozen=True, slots=True)
class Login:
    """A contract with one user."""

    contractcode: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connect:
    """What the file names; ``repr`` shows no secret."""

    partner_token: str = field(repr=False)
    shop_tokens: list[str] = field(repr=False)
    logins: list[Login]


def read_connect(file: Path) -> Connect:
    """Raises StandInError with one sentence that names the file and the missing part."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as failure:
        raise StandInError(f"{file} cannot be read: {failure.strerror}") from None
    except ValueError as failure:
        raise StandInError(f"{file} is not valid JSON: {failure}") from None
    try:
        administrations: list[dict[str, Any]] = content["administrations"]
        return Connect(
            content["partner_token"],
            [shop["token"] for each in administrations for shop in each.get("shops", [])],
            [
                Login(each["contractcode"], each["username"], each["password"])
                for each in administrations
            ],
        )
    except (KeyError, TypeError) as failure:
        missing = failure.args[0] if isinstance(failure, KeyError) else "partner_token"
        raise StandInError(f"{file} is no connect file: it has no {missing}") from None
