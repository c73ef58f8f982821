"""Settings as typed on a command line, or in a file -> names and values."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from boekbrug.domain.settings import ShopSettings
from workbench.plain import WrongUseError, read_text


def settings_from(file: Path | None, pairs: Sequence[str] | None) -> dict[str, Any]:
    """A file first, then each name=value over it."""
    settings = _from_file(file) if file is not None else {}
    return settings | dict(_pair(pair) for pair in pairs or ())


def _from_file(file: Path) -> dict[str, Any]:
    try:
        settings = json.loads(read_text(file), parse_float=Decimal)
    except json.JSONDecodeError as wrong:
        raise WrongUseError(
            f"{file} is not JSON: line {wrong.lineno}, column {wrong.colno}: {wrong.msg}."
        ) from None
    if not isinstance(settings, dict):
        raise WrongUseError(f"{file} must hold a JSON object with settings.")
    return settings


def _pair(pair: str) -> tuple[str, Any]:
    """``trigger_statuses=2,3``, ``order_prefix=WA``, ``exchange_rates={"GBP": "1.17"}``."""
    name, equals, text = pair.partition("=")
    if not equals:
        raise WrongUseError(f"{pair} is not a setting with a value: write name=value.")
    return name.strip(), _value(name.strip(), text.strip())


def _value(name: str, text: str) -> Any:
    default = ShopSettings.model_fields[name].default if name in ShopSettings.model_fields else ""
    if isinstance(default, dict):
        try:
            return json.loads(text or "{}", parse_float=Decimal)
        except json.JSONDecodeError:
            raise WrongUseError(f'{name} is written as JSON, such as {{"paypal": 7}}.') from None
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
