"""A --connect document -> what to connect, with every unknown key and wrong value named."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from boekbrug.domain.settings import LONGEST_PREFIX, ShopSettings, problems
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import Secret

_STRICT = ConfigDict(
    extra="forbid",
    frozen=True,
    hide_input_in_errors=True,
    coerce_numbers_to_str=True,
    str_strip_whitespace=True,
)


class ShopEntry(BaseModel):
    """One shop of the document."""

    model_config = _STRICT

    token: SecretStr = Field(min_length=1)
    settings: ShopSettings = ShopSettings()


class AdministrationEntry(BaseModel):
    """One Acumulus contract of the document and the shops that are booked into it."""

    model_config = _STRICT

    contractcode: str = Field(min_length=1)
    username: str = Field(min_length=1)
    password: SecretStr = Field(min_length=1)
    shops: tuple[ShopEntry, ...] = Field(min_length=1)


class ConnectDocument(BaseModel):
    """The whole document; ``partner_token`` is the application's own."""

    model_config = _STRICT

    partner_token: SecretStr
    administrations: tuple[AdministrationEntry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopToConnect:
    """A shop to connect; ``where`` says which one in sentences about it."""

    token: Secret
    settings: ShopSettings = field(default_factory=ShopSettings)
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationToConnect:
    """A contract to connect with its shops.

    ``account_id`` is left empty to keep the account it has, or to make one for a new contract.
    """

    credentials: Credentials
    shops: tuple[ShopToConnect, ...] = ()
    account_id: str = ""
    emails: tuple[str, ...] = ()
    language: str = "nl"
    where: str = ""


def read_document(document: str | bytes | Mapping[str, Any]) -> ConnectDocument:
    """Read a document: its text (JSON) or what was parsed from it.

    Raises ``ConnectRefused`` with one sentence that names each wrong place, and no value.
    """
    try:
        return ConnectDocument.model_validate(_parsed(document))
    except ValidationError as refused:
        raise ConnectRefused("not_understood", problem=in_words(refused, ConnectDocument)) from None


def read_settings(given: Mapping[str, Any], *, where: str = "") -> ShopSettings:
    """The settings of one shop from names and values; every wrong one is named."""
    try:
        return ShopSettings.model_validate(dict(given))
    except ValidationError as refused:
        raise ConnectRefused(
            "settings_not_understood",
            where=where,
            problem_nl=" ".join(problems(refused)),
            problem_en=in_words(refused, ShopSettings),
        ) from None


def to_connect(
    document: ConnectDocument, *, emails: Sequence[str] = ()
) -> tuple[AdministrationToConnect, ...]:
    """What the document asks for; ``emails`` receive the mails about each new account."""
    return tuple(
        AdministrationToConnect(
            credentials=Credentials(
                entry.contractcode, entry.username, Secret(entry.password.get_secret_value())
            ),
            shops=tuple(
                ShopToConnect(
                    token=Secret(shop.token.get_secret_value()),
                    settings=shop.settings,
                    where=f"administrations[{row}].shops[{column}]",
                )
                for column, shop in enumerate(entry.shops)
            ),
            emails=tuple(emails),
            where=f"administrations[{row}]",
        )
        for row, entry in enumerate(document.administrations)
    )


def _parsed(document: str | bytes | Mapping[str, Any]) -> Any:
    if isinstance(document, Mapping):
        return dict(document)
    # The error itself holds the document, secrets and all: it is not chained.
    try:
        return json.loads(document, parse_float=Decimal)
    except json.JSONDecodeError as wrong:
        problem = f"line {wrong.lineno}, column {wrong.colno}: {wrong.msg}"
    except UnicodeDecodeError:
        problem = "it is not UTF-8"
    except (ValueError, RecursionError):
        problem = "a number in it is too long, or it is nested too deep"
    raise ConnectRefused("not_json", problem=problem)


def in_words(refused: ValidationError, model: type[BaseModel]) -> str:
    """Every wrong place by its path, with the nearest name for an unknown one; values are not told.

    At most five places, then how many more.
    """
    errors = refused.errors(include_input=False)
    places = [error["loc"] for error in errors]
    # A list with a wrong member also counts as too short: that says nothing new.
    telling = [e for e in errors if e["type"] != "too_short" or not _has_part(e["loc"], places)]
    found = list(dict.fromkeys(_one(error, model) for error in telling))
    more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(found[:5]) + more


def problem_of_each(refused: ValidationError) -> dict[str, str]:
    """What is wrong with each setting, by name; English, as its Dutch twin beside the settings."""
    found = {}
    for error in reversed(refused.errors(include_input=False)):
        if error["loc"]:
            name = str(error["loc"][0])
            expected = f"This {_EXPECTED.get(name, 'has a value that does not fit')}"
            found[name] = (
                f"{expected if error['type'] == 'value_error' else f'value {_words(error)}'}."
            )
    return found


def _has_part(place: tuple[int | str, ...], places: Sequence[tuple[int | str, ...]]) -> bool:
    return any(len(other) > len(place) and other[: len(place)] == place for other in places)


def _one(error: ErrorDetails, model: type[BaseModel]) -> str:
    steps = error["loc"]
    place = _path(steps) or "the document"
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(steps[-1]), _names(steps, model), n=1)
            return f"{place} is not known" + (f" (did you mean {near[0]}?)" if near else "")
        case "missing":
            return f"{place} is missing"
        case "value_error":
            return f"{place} {_EXPECTED.get(_setting(steps), 'has a value that does not fit')}"
        case _:
            return f"{place} {_words(error)}"


def _words(error: ErrorDetails) -> str:
    if error["type"] == "literal_error":
        return f"must be one of {str(error['ctx']['expected']).replace(' or ', ', ')}"
    return _WORDS.get(error["type"], "has a value that does not fit")


_LIST, _WHOLE = "must be a list, in square brackets", "must be a whole number"
_DAY, _NUMBER = "must be a date, such as 2026-01-31", "must be a number, such as 1.17"
_NAMES, _YES = "must be names with values, in braces", "must be true or false"
_WORDS = {
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_type": "must be a text",
    "dict_type": _NAMES,
    "model_type": _NAMES,
    "model_attributes_type": _NAMES,
    "bool_type": _YES,
    "bool_parsing": _YES,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than": "must be above zero",
    "greater_than_equal": "must not be below zero",
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
}
"""What pydantic found, as a shop owner or an operator says it."""

_COUNTRY = "is not a country code of two letters, such as NL"
_EMAIL = "is not an e-mail address"
_EXPECTED = {
    "home_country": _COUNTRY,
    "warehouse_country": "is not the country code of an EU country, such as DE",
    "generic_customer_email": _EMAIL,
    "email_if_absent": _EMAIL,
    "exchange_rates": "needs currencies such as GBP, each with a rate above zero",
    "eu_threshold_percentage": "must be a percentage from 0 to 100, or empty",
    "order_prefix": (
        f"may have at most {LONGEST_PREFIX} letters, digits, dots, dashes and slashes, no spaces"
    ),
}
"""What the settings' own checks expect, in English; their Dutch is in ``domain.settings``."""


def _setting(steps: Sequence[int | str]) -> str:
    """The setting that a place belongs to, or nothing."""
    return next((str(step) for step in steps if step in _EXPECTED), "")


def _path(steps: Sequence[int | str]) -> str:
    """``administrations[0].shops[1].settings.order_prefix``."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _names(steps: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    """The names that are known where an unknown one was found."""
    names: dict[str, type[BaseModel]] = {
        "shops": ShopEntry,
        "administrations": AdministrationEntry,
        "settings": ShopSettings,
    }
    parents = [str(step) for step in steps[:-1] if not isinstance(step, int)]
    at = next((names[name] for name in reversed(parents) if name in names), model)
    return list(at.model_fields)
