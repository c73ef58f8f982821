"""A preview document (JSON) -> settings, order and facts; anything wrong named by its field."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from boekbrug.domain.facts import EuThreshold, Facts, SentInvoice, VatCheck, VatPeriod, VatRate
from boekbrug.domain.order import Order, OrderStatus, Payment, Store
from boekbrug.domain.settings import ShopSettings, problems
from boekbrug.domain.vatnumbers import read_vat_number
from boekbrug.mijnwebwinkel.to_order import (
    order_from_json,
    payments_from_json,
    statuses_from_json,
    store_from_json,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ALIASES = {"EL": "GR", "UK": "GB"}
ENVIRONMENT_KEYS = frozenset(
    {"now", "order_statuses", "vat_rates", "eu_threshold", "payments", "already_sent"}
    | {"related_orders", "vies"}
)


class DocumentError(Exception):
    """A document that is not understood: which field, and what is wrong with it (Dutch)."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Case:
    """One order with everything its decision may look at."""

    order: Order
    settings: ShopSettings
    facts: Facts
    unknown_keys: tuple[str, ...] = ()


def read_json(text: str) -> Any:
    """One JSON document; numbers with a fraction stay the exact text they were written as."""
    try:
        return json.loads(text, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise DocumentError(
            "document", f"is geen geldige JSON (regel {error.lineno}, teken {error.colno})"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 10,000 brackets
        raise DocumentError("document", "is te diep of bevat een te groot getal") from error


def read_case(document: Any) -> Case:
    """The document as typed values (interfaces: settings, store, environment, order).

    Raises ``DocumentError`` naming the first field that is not understood.
    """
    root = _mapping(document, "document")
    if not root.get("order"):
        raise DocumentError("order", "ontbreekt")
    order = _parsed("order", order_from_json, _mapping(root["order"], "order"))
    environment = _mapping(root.get("environment"), "environment")
    settings = _settings(_mapping(root.get("settings"), "settings"))
    return Case(
        order=order,
        settings=settings,
        facts=_facts(order, _store(root.get("store")), environment, settings),
        unknown_keys=tuple(sorted(set(environment) - ENVIRONMENT_KEYS)),
    )


# ------------------------------------------------------------------------------- the parts


def _settings(given: Mapping[str, Any]) -> ShopSettings:
    try:
        return ShopSettings.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(["settings", *map(str, first["loc"])])
        value = "" if first["type"] == "extra_forbidden" else f"{_shown(first['input'])} kan niet. "
        raise DocumentError(name, value + " ".join(problems(error)).rstrip(".")) from error


def _store(given: Any) -> Store:
    # An order can be judged without its shop: then nothing is known about the shop.
    fields = _mapping(given, "store")
    return _parsed("store", store_from_json, fields) if fields else Store(id="")


def _facts(
    order: Order, store: Store, environment: Mapping[str, Any], settings: ShopSettings
) -> Facts:
    payments = environment.get("payments")
    now = _now(environment.get("now"), order)
    vies = _vies(_mapping(environment.get("vies"), "environment.vies"), now)
    return Facts(
        now=now,
        store=store,
        statuses={row.id: row for row in _statuses(environment.get("order_statuses"))},
        vat_rates=_vat_rates(_mapping(environment.get("vat_rates"), "environment.vat_rates")),
        eu_threshold=_threshold(environment.get("eu_threshold"), order),
        payments=None if payments is None else _payments(payments),
        already_sent=_sent(_mapping(environment.get("already_sent"), "environment.already_sent")),
        originals={original.number: original for original in _related(environment)},
        vies=vies if settings.vies_check else {},
    )


def _now(given: Any, order: Order) -> datetime:
    # Preview has no clock: without `now` the order is looked at on the moment it was placed.
    if given is None or given == "":
        return order.placed_at.replace(tzinfo=AMSTERDAM)
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError as error:
        problem = f"{_shown(given)} is geen tijdstip (ISO 8601)"
        raise DocumentError("environment.now", problem) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _statuses(given: Any) -> tuple[OrderStatus, ...]:
    if not given:
        return ()
    return tuple(_parsed("environment.order_statuses", statuses_from_json, given))


def _payments(given: Any) -> tuple[Payment, ...]:
    return tuple(_parsed("environment.payments", payments_from_json, given))


def _related(environment: Mapping[str, Any]) -> Iterable[Order]:
    field = "environment.related_orders"
    given = environment.get("related_orders") or []
    rows = list(given.values()) if isinstance(given, Mapping) else _list(given, field)
    for index, row in enumerate(rows):
        here = f"{field}[{index}]"
        yield _parsed(here, order_from_json, _mapping(row, here))


def _vat_rates(given: Mapping[str, Any]) -> dict[str, tuple[VatPeriod, ...]]:
    """R55, A4: a country without data is an empty list; a failed look-up is no key (or null)."""
    rates: dict[str, tuple[VatPeriod, ...]] = {}
    for country, periods in given.items():
        if periods is None:
            continue
        field = f"environment.vat_rates.{country}"
        code = country.strip().upper()
        rates[ALIASES.get(code, code)] = tuple(
            _period(_mapping(row, f"{field}[{index}]"), f"{field}[{index}]")
            for index, row in enumerate(_list(periods, field))
        )
    return rates


def _period(given: Mapping[str, Any], field: str) -> VatPeriod:
    region = given.get("countryregion")
    return VatPeriod(
        start=_date(given.get("from"), f"{field}.from"),
        until=_date(given.get("until"), f"{field}.until"),
        region=int(_number(region, f"{field}.countryregion")) if region not in (None, "") else None,
        rates=tuple(
            _rate(row, f"{field}.rates[{index}]")
            for index, row in enumerate(_list(given.get("rates") or [], f"{field}.rates"))
        ),
    )


def _rate(given: Any, field: str) -> VatRate:
    row = _mapping(given, field)
    return VatRate(_number(row.get("vatrate"), f"{field}.vatrate"), str(row.get("vattype") or ""))


def _threshold(given: Any, order: Order) -> EuThreshold | None:
    """A9, R45: without an answer, or with an error, the report counts as not read.

    Acumulus is asked for the year of the order, so a report that names no year is of that one.
    """
    field = "environment.eu_threshold"
    report = _mapping(given, field)
    if not report or report.get("error"):
        return None
    return EuThreshold(
        year=int(_number(report.get("year", order.date.year), f"{field}.year")),
        threshold=_number(report.get("threshold"), f"{field}.threshold"),
        nltaxed=_number(report.get("nltaxed"), f"{field}.nltaxed"),
        reached=_yes(report.get("reached"), f"{field}.reached"),
    )


def _sent(given: Mapping[str, Any]) -> dict[str, SentInvoice]:
    return {
        number: SentInvoice(*(_sent_ids(_mapping(row, f"environment.already_sent.{number}"))))
        for number, row in given.items()
        if row is not None
    }


def _sent_ids(row: Mapping[str, Any]) -> Iterable[str]:
    return (str(row.get(name) or "") for name in ("entryid", "invoicenumber", "conceptid"))


def _vies(given: Mapping[str, Any], now: datetime) -> dict[str, VatCheck]:
    """R26: per VAT number whether it is valid; VIES did not answer when it is missing or null."""
    return {
        _squeezed(number): VatCheck(_yes(valid, f"environment.vies.{number}"), now)
        for number, valid in given.items()
        if valid is not None
    }


def _squeezed(number: str) -> str:
    read = read_vat_number(number, "")
    return read.text if read else ""


# ------------------------------------------------------------------------------- small values


def _parsed[Given, Value](field: str, parse: Callable[[Given], Value], given: Given) -> Value:
    try:
        return parse(given)
    except ValueError as error:
        where = getattr(error, "field", "")
        problem = getattr(error, "problem", "") or str(error)
        raise DocumentError(f"{field}.{where}" if where else field, str(problem)) from error


def _mapping(given: Any, field: str) -> Mapping[str, Any]:
    if given is None or given in ([], ""):
        return {}
    if not isinstance(given, Mapping):
        raise DocumentError(field, f"moet een object zijn, niet {_shown(given)}")
    return given


def _list(given: Any, field: str) -> list[Any]:
    if not isinstance(given, list):
        raise DocumentError(field, f"moet een lijst zijn, niet {_shown(given)}")
    return given


def _number(given: Any, field: str) -> Decimal:
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise DocumentError(field, f"{_shown(given)} is geen getal")
    return number


def _date(given: Any, field: str) -> date | None:
    if given is None or given == "":
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise DocumentError(field, f"{_shown(given)} is geen datum (jjjj-mm-dd)") from error


def _yes(given: Any, field: str) -> bool:
    words = {"0": False, "1": True, "false": False, "true": True, "": False, "none": False}
    word = str(given).strip().lower()
    if word not in words:
        raise DocumentError(field, f"{_shown(given)} is geen 0 of 1")
    return words[word]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
