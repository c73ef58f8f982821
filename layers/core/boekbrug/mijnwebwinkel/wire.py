"""The remote shapes: per value of ours, which remote field it comes from and how it may arrive.

The tables below are validators of pydantic's engine (pydantic-core) that build our frozen values
straight from the JSON: live and spec shapes alike (shop API, sections 5 and 10), unknown fields
ignored. A pydantic model per remote object, and a translation of those models, was tried: an order
took 3.5 instead of 2.4 times its ``json.loads``, and the import 35 instead of 2 milliseconds.

A quirk costs nothing until it occurs: each kind tries the usual shape first. The engine can read
the bytes of an order by itself: 2.0 instead of 2.8 times ``json.loads``. Its parser turns numbers
with a fraction into floats, so in bytes such a number fits nowhere; nor do the rarest shapes. An
order that does not fit that way is read from the values that ``exact_json`` makes.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic_core import SchemaValidator
from pydantic_core import core_schema as cs

from boekbrug.domain.days import AMSTERDAM
from boekbrug.domain.order import (
    Address,
    Article,
    ArticleOption,
    Debtor,
    Order,
    OrderLine,
    OrderPayment,
    OrderStatus,
    Payment,
    PaymentMutation,
    Price,
    Store,
    TaxTotal,
)

type Schema = cs.CoreSchema
type Path = str | list[str | int]

CHOICE = "~"
"""Starts the names of alternatives in an error's location; they are no field names."""

PROBLEM = "problem"
"""The type of errors whose message is a Dutch problem of ours."""


# --------------------------------------------------------------------------- how values may arrive


def _first_of(*shapes: Schema) -> Schema:
    """The first shape that fits; alternatives within a shape are laid side by side with the others.

    Every layer of alternatives would cost every field, and an order has a hundred of them.
    """
    if any(shape["type"] == "json-or-python" for shape in shapes):
        return cs.json_or_python_schema(
            _first_of(*(_side(shape, "json_schema") for shape in shapes)),
            _first_of(*(_side(shape, "python_schema") for shape in shapes)),
        )
    flat = [one for shape in shapes for one in _alternatives(shape)]
    named = [(shape, f"{CHOICE}{n}") for n, shape in enumerate(flat)]
    return cs.union_schema(named, mode="left_to_right")  # type: ignore[arg-type]  # list is invariant


def _side(shape: Any, side: str) -> Any:
    return shape[side] if shape["type"] == "json-or-python" else shape


def _alternatives(shape: Any) -> list[Any]:
    if shape["type"] != "union":
        return [shape]
    return [choice for choice, _ in shape["choices"]]


def _called(problem: str, shape: Schema) -> Schema:
    """The shape; whatever is wrong with a value, it is told as ``problem`` (Dutch)."""
    return cs.custom_error_schema(shape, PROBLEM, custom_error_message=problem)


def _then(function: Callable[[Any], object], shape: Schema) -> Schema:
    return cs.no_info_after_validator_function(function, shape)


def _absent(value: object, *also: object) -> Schema:
    """Null, empty text, ``[]`` and ``{}`` are PHP's ways to say nothing (rules 3, 4 and 6)."""

    def nothing(given: object) -> object:
        # A float is 0 here only when it comes from bytes, where no float fits.
        if not isinstance(given, float) and (given is None or given in ("", [], {}, *also)):
            return value
        raise ValueError

    return cs.no_info_plain_validator_function(nothing)


def _optional(shape: Schema, value: object) -> Schema:
    """The shape, else ``value`` when the field is empty or missing."""
    return cs.with_default_schema(_first_of(shape, _absent(value)), default=value)


def _optional_object(shape: Schema, empty: object) -> Schema:
    """The object, else ``None``; one without any value, such as ``{}``, says nothing either."""
    told = _then(lambda one: None if one == empty else one, shape)
    return cs.with_default_schema(_first_of(told, _absent(None)), default=None)


def _field(problem: str, shape: Schema, value: object) -> Schema:
    """As ``_optional``, for a single value."""
    given = _called(problem, _first_of(shape, _absent(value)))
    return cs.with_default_schema(given, default=value)


def _text(**rules: Any) -> Schema:
    """A text, or a number as the text it was sent as; in bytes only a whole number."""
    text = cs.str_schema(coerce_numbers_to_str=True, **rules)
    whole = cs.chain_schema([cs.int_schema(strict=True), text])
    return cs.json_or_python_schema(_first_of(cs.str_schema(**rules), whole), text)


def _stripped(pattern: str | None = None, **more: Any) -> Schema:
    return _text(strip_whitespace=True, pattern=pattern, **more)


_NO_TEXT = "is geen tekst"
_NO_AMOUNT = "is geen bedrag (cijfers met een punt, geen komma of exponent)"
_NO_INTEGER = "is geen geheel getal"
_NO_FLAG = "is geen ja of nee"


def _mended(given: object) -> str:
    """Half an emoji (a lone surrogate) can be stored and sent nowhere: it becomes "?"."""
    if not isinstance(given, str):
        raise ValueError  # noqa: TRY004  # what the engine takes for "does not fit"
    return given.encode("utf-8", "replace").decode()


_SINGLE = cs.nullable_schema(
    _first_of(cs.str_schema(strict=True), cs.int_schema(strict=True), cs.bool_schema(strict=True))
)
ANY = cs.with_default_schema(cs.json_or_python_schema(_SINGLE, cs.any_schema()), default=None)
# A limit, any limit, makes the engine look whether the text is proper Unicode.
_TEXT = _text(max_length=1_000_000)
TEXT = _field(_NO_TEXT, _first_of(_TEXT, cs.no_info_plain_validator_function(_mended)), "")
WORD = _field(_NO_TEXT, _stripped(), "")
WORD_OR_NONE = _field(_NO_TEXT, _stripped(), None)
CODE = _field(_NO_TEXT, _stripped(to_upper=True), "")
# These end up in the ledger: no sentence, name or address can hide in them, and a key stays short.
_NO_CODE = "is geen code (letters, cijfers, - en _, hooguit 64)"
STORED = _field(_NO_CODE, _stripped("^[A-Za-z0-9_-]*$", max_length=64), "")
_CURRENCY = _stripped("^[A-Za-z]+$", max_length=8, to_upper=True)
CURRENCY = _field(_NO_CODE, _CURRENCY, "EUR")
CURRENCY_OR_SHOPS = _field(_NO_CODE, _CURRENCY, "")
NUMBER = _called("is geen ordernummer", _stripped(min_length=1, max_length=64))

_WHOLE = cs.int_schema(strict=True, ge=0, lt=10**9)
_DIGITS = _stripped(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,20})?$")
_AMOUNT = _then(Decimal, _DIGITS)
AMOUNT = _called(_NO_AMOUNT, _AMOUNT)
AMOUNT_OR_NONE = _field(_NO_AMOUNT, _AMOUNT, None)
# Rates and quantities are few: one and the same object each makes every look-up by them cheap.
_few = lru_cache(maxsize=1024)(Decimal)
RATE_OR_NONE = _field(_NO_AMOUNT, _then(_few, _DIGITS), None)
QUANTITY_OR_NONE = _field(_NO_AMOUNT, _then(_few, _first_of(_WHOLE, _DIGITS)), None)

_INTEGER = _first_of(_WHOLE, _then(int, _stripped(r"^[0-9]{1,9}$")))
INTEGER = _called(_NO_INTEGER, _INTEGER)
INTEGER_OR_NONE = _field(_NO_INTEGER, _INTEGER, None)

CENTS = _field(
    "is geen bedrag in centen",
    _then(lambda cents: Decimal(cents).scaleb(-2), _stripped(r"^-?[0-9]{1,12}$")),
    Decimal(0),
)
FLAG = _field(_NO_FLAG, cs.bool_schema(), value=False)
FLAG_OR_NONE = _field(_NO_FLAG, cs.bool_schema(), None)


def _moment(text: str) -> datetime:
    """ISO 8601; without an offset the shop's own time is meant."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


MOMENT_OR_NONE = _field("is geen tijdstip", _then(_moment, cs.str_schema()), None)

# An issuer may follow the method ("ideal:ideal_RABONL2U"): it says nothing about the booking.
METHOD = _field(_NO_TEXT, _then(lambda text: text.partition(":")[0], _stripped()), "")

# An ordinary order may carry 0 or "" where a credit order names its original.
_OTHER_ORDER = _stripped("[^0]", max_length=64)
OTHER_ORDER = _called("is geen ordernummer", _first_of(_OTHER_ORDER, _absent("", 0, "0")))


def _in_key_order(given: object) -> list[object]:
    """A PHP array with gaps arrives as an object with digit keys (rule 5)."""
    if not isinstance(given, dict) or not given:
        raise ValueError
    return [given[key] for key in sorted(given, key=int)]


def _list(item: Schema) -> Schema:
    """A list, or an object with digit keys -> a tuple."""
    shape = cs.tuple_schema([item], variadic_item_index=0)
    by_key = cs.no_info_before_validator_function(_in_key_order, shape)
    return cs.json_or_python_schema(shape, _first_of(shape, by_key))


def _many(item: Schema) -> Schema:
    return _optional(_list(item), ())


def _one_or_many(item: Schema) -> Schema:
    """One object where there is one VAT rate, a list where there are several (rule 3)."""
    return _first_of(_then(lambda one: (one,), item), _list(item))


def _record(cls: type, **columns: tuple[Path, Schema]) -> Schema:
    """A value of ours, built from a JSON object: field of ours = (remote field, kind)."""
    names = [field.name for field in fields(cls)]
    if set(names) != set(columns):
        raise TypeError(f"{cls.__name__}: fields differ: {sorted(set(names) ^ set(columns))}")
    parts = [
        cs.dataclass_field(name, schema, kw_only=True, validation_alias=path)
        for name, (path, schema) in columns.items()
    ]
    arguments = cs.dataclass_args_schema(cls.__name__, parts)
    return cs.dataclass_schema(cls, arguments, names, slots=True, frozen=True)


def _values(cls: type, **columns: tuple[Path, Schema]) -> Schema:
    """As ``_record``, but the values by name, with those that the others are made of."""
    made = {field.name for field in fields(cls)} ^ {*columns}
    if made != {*MADE_OF}:
        raise TypeError(f"{cls.__name__}: fields differ: {sorted(made ^ {*MADE_OF})}")
    parts = {
        name: cs.typed_dict_field(schema, validation_alias=path)
        for name, (path, schema) in columns.items()
    }
    raw = {name: cs.typed_dict_field(ANY) for names in MADE_OF.values() for name in names}
    return cs.typed_dict_schema(parts | raw)


# --------------------------------------------------------------------------- the order (section 5)

_PRICE = _record(
    Price,
    net=("amount", AMOUNT),
    gross=("amount_including_tax", AMOUNT_OR_NONE),
    rate=("rate", RATE_OR_NONE),
)
_OPTION = _record(
    ArticleOption,
    description=("description", TEXT),
    list_option_id=("list_option_id", WORD),
)
_ARTICLE = _record(
    Article,
    description=("description", TEXT),
    sku=("sku", TEXT),
    purchase_price=(["price", "purchase_price"], AMOUNT_OR_NONE),
    options=("options", _many(_OPTION)),
)
_LINE = _record(
    OrderLine,
    type=("type", WORD),
    description=("description", TEXT),
    quantity=("quantity", QUANTITY_OR_NONE),
    prices=("price", _optional(_one_or_many(_PRICE), ())),
    articles=("articles", _many(_ARTICLE)),
)
_ADDRESS = _record(
    Address,
    name=("name", TEXT),
    company=("company", TEXT),
    street=("street", TEXT),
    number=("number", TEXT),
    zipcode=("zipcode", TEXT),
    city=("city", TEXT),
    country_code=("country_code", CODE),
    country=("country", TEXT),
    phone=("phone", TEXT),
    vat_number=("taxnumber", TEXT),
    bank_account=("bankaccount", TEXT),
)
_DEBTOR = _record(
    Debtor,
    id=("id", WORD),
    email=("email", TEXT),
    name=("name", TEXT),
    company=("company", TEXT),
    phone=("phone", TEXT),
    bank_account=("bankaccount", TEXT),
    invoice=(["address", "invoice"], _optional(_ADDRESS, Address())),
    delivery=(["address", "delivery"], _optional_object(_ADDRESS, Address())),
)
_PAYMENT_OF_ORDER = _record(
    OrderPayment,
    gateway=("gateway_name", WORD),
    method=("method_name", METHOD),
    status_id=(["status", "id"], INTEGER_OR_NONE),
)
_TAX = _record(TaxTotal, amount=("amount", AMOUNT), rate=("rate", RATE_OR_NONE))
_NO_AMOUNT_STATED = cs.typed_dict_field(_absent(None), required=False)
_NO_TAX = _first_of(_absent(None), cs.typed_dict_schema({"amount": _NO_AMOUNT_STATED}))


def _stated(taxes: tuple[object, ...]) -> tuple[object, ...]:
    """Without entries that state no amount: they inform about nothing (F6)."""
    return tuple(tax for tax in taxes if isinstance(tax, TaxTotal))


def _countries(rows: tuple[dict[str, str], ...]) -> tuple[str, ...]:
    return tuple(row["code"] for row in rows if row["code"])


# The plain shape first: the second is only tried for lists with empty entries.
_TAXES = _first_of(_one_or_many(_TAX), _then(_stated, _one_or_many(_first_of(_TAX, _NO_TAX))))
_NUMBERS = _first_of(
    _list(_OTHER_ORDER), _then(lambda all_: tuple(filter(None, all_)), _list(OTHER_ORDER))
)
_ISOCODE: Path = ["country", "isocode"]
_COUNTRY = cs.typed_dict_field(CODE, validation_alias=_ISOCODE)
_DESTINATION = _first_of(cs.typed_dict_schema({"code": _COUNTRY}), _absent({"code": ""}))
_SHIPPING = _then(_countries, _list(_DESTINATION))

MADE_OF = {
    "placed_at": ("date", "time"),
    "status_changed_at": ("status_changed_date", "status_changed_time"),
    "is_test": ("test", "is_test", "isTest"),
}
"""Fields of an order that no single remote field holds; to_order.py makes them of these."""

ORDER = SchemaValidator(
    _values(
        Order,
        uuid=("uuid", STORED),
        number=("number", NUMBER),
        status=("status", INTEGER_OR_NONE),
        currency=("currency", CURRENCY_OR_SHOPS),
        total=(["price", "total"], AMOUNT),
        taxes=(["price", "tax"], _optional(_TAXES, ())),
        lines=("orderlines", _many(_LINE)),
        debtor=("debtor", _optional(_DEBTOR, Debtor())),
        tax_region=("tax_region", CODE),
        tax_strategy=("tax_strategy", WORD_OR_NONE),
        business_model=("business_model", CODE),
        discount_code=("discountcode", TEXT),
        credited_order_number=(
            "credited_order_number",
            cs.with_default_schema(OTHER_ORDER, default=""),
        ),
        credit_order_numbers=("credit_order_numbers", _optional(_NUMBERS, ())),
        payment_status=("payment_status", STORED),
        payment=("payment", _optional_object(_PAYMENT_OF_ORDER, OrderPayment())),
        shipping_countries=("shipping", _optional(_SHIPPING, ())),
        delivery_type=("delivery_type", WORD),
        offline_location_id=("offline_location_id", WORD),
    )
)

# --------------------------------------------------------------------------- the rest (6, 7, 8)

STORE = SchemaValidator(
    _record(
        Store,
        id=("id", WORD),
        name=("name", TEXT),
        domain=("primary_domain", WORD),
        region_code=("region_code", CODE),
        currency=("currency", CURRENCY),
        prices_include_tax=("prices_include_tax", FLAG_OR_NONE),
    )
)
STATUSES = SchemaValidator(
    _many(
        _record(
            OrderStatus,
            id=("status", INTEGER),
            description=("description", TEXT),
            credit_order=("credit_order", FLAG),
        )
    )
)
_MUTATION = _record(
    PaymentMutation,
    type=("type", WORD),
    amount=("price", CENTS),
    created_at=("createdAt", MOMENT_OR_NONE),
)
PAYMENTS = SchemaValidator(
    _many(
        _record(
            Payment,
            gateway=("gateway", WORD),
            method=("method", METHOD),
            amount=("price", CENTS),
            currency=("currency", CURRENCY),
            is_test=("isTest", FLAG),
            mutations=("mutations", _many(_MUTATION)),
        )
    )
)
_METHOD_ROW = cs.typed_dict_schema(
    {
        "name": cs.typed_dict_field(METHOD),
        "title": cs.typed_dict_field(TEXT, validation_alias="displayName"),
    }
)
GATEWAYS = SchemaValidator(
    _many(
        cs.typed_dict_schema(
            {
                "name": cs.typed_dict_field(WORD),
                "methods": cs.typed_dict_field(_many(_METHOD_ROW)),
            }
        )
    )
)
