"""Order records in, the documents that go over the line out: live or spec shapes, JSON or XML."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree as ET

from workbench.standins import raw_json
from workbench.standins.shop.filters import changed
from workbench.standins.shop.order_records import OrderRecord
from workbench.standins.shop.shop_data import Shop
from workbench.standins.shop.switches import ShopSwitches

Document = dict[str, Any]
_AMOUNTS = {"amount", "amount_including_tax", "rate", "total"}
_SIGNED = {"amount", "amount_including_tax", "total"}


def order_json(order: OrderRecord, shop: Shop, switches: ShopSwitches) -> bytes:
    """The order's JSON, kept until the order or a switch that shapes it changes."""
    key = (
        switches.shapes,
        switches.credit_amounts,
        switches.zero_rated_tax_region,
        switches.status_changed_on_new,
    )
    text = order.rendered.get(key)
    if text is None:
        text = order.rendered[key] = raw_json.dumps(order_document(order, shop, switches))
    return text


def order_document(order: OrderRecord, shop: Shop, switches: ShopSwitches) -> Document:
    """The order as the API would show it under these switches."""
    document = dict(order.data)
    _empty_countries(document, switches)
    if order.is_credit and switches.credit_amounts != "as_given":
        document = _with_sign(document, negative=switches.credit_amounts == "negative")
    if document.get("tax_strategy"):
        _set_tax_region(document, shop, switches)
    if not changed(order, switches):
        for name in ("status_changed_date", "status_changed_time"):
            if name in document:
                document[name] = ""
    return _spec_shaped(document) if switches.shapes == "spec" else document


def _empty_countries(document: Document, switches: ShopSwitches) -> None:
    """Live, a shipping entry without a country has [] for it (an empty PHP array)."""
    shipping = document.get("shipping")
    if not isinstance(shipping, list):
        return
    empty: Any = [] if switches.shapes == "live" else {}
    document["shipping"] = [
        {**each, "country": each.get("country") or empty} if isinstance(each, dict) else each
        for each in shipping
    ]


def _with_sign(document: Document, *, negative: bool) -> Document:
    price = document.get("price")
    total = _decimal(price.get("total")) if isinstance(price, dict) else None
    if not total or (total < 0) is negative:
        return document
    lines = document.get("orderlines")
    if isinstance(lines, list):
        document["orderlines"] = [
            {**line, "price": _mapped(line.get("price"), _SIGNED, _negated)} for line in lines
        ]
    return {**document, "price": _mapped(price, _SIGNED, _negated)}


def _set_tax_region(document: Document, shop: Shop, switches: ShopSwitches) -> None:
    if switches.zero_rated_tax_region == "home":
        document["tax_region"] = shop.home_country
    elif switches.zero_rated_tax_region == "destination":
        document["tax_region"] = _destination(document) or document.get("tax_region")
    elif switches.zero_rated_tax_region == "absent":
        document.pop("tax_region", None)


def _destination(document: Document) -> str | None:
    address = (document.get("debtor") or {}).get("address") or {}
    for kind in ("delivery", "invoice"):
        one = address.get(kind)
        if isinstance(one, dict) and one.get("country_code"):
            return str(one["country_code"])
    return None


def _spec_shaped(document: Document) -> Document:
    """Numbers as JSON numbers, as the published examples write them."""
    document = _mapped(document, _AMOUNTS, lambda value: _decimal(value, value))
    for name in ("number", "credited_order_number"):
        document[name] = _whole(document.get(name))
    credits_ = document.get("credit_order_numbers")
    if isinstance(credits_, list):
        document["credit_order_numbers"] = [_whole(number) for number in credits_]
    return document


def _mapped(value: Any, names: set[str], change: Callable[[Any], Any]) -> Any:
    """A copy with ``change`` done to every scalar under one of the names."""
    if isinstance(value, dict):
        return {
            name: change(each)
            if name in names and not isinstance(each, dict | list)
            else _mapped(each, names, change)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_mapped(each, names, change) for each in value]
    return value


def _negated(value: Any) -> Any:
    number = _decimal(value)
    if number is None:
        return value
    return f"{-number:f}" if isinstance(value, str) else -number


def _decimal(value: Any, otherwise: Any = None) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return otherwise


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def xml(value: Any, root: str) -> bytes:
    """A plain XML tree of a document; the real form of format=xml is not published."""
    element = ET.Element(root)
    _fill(element, value)
    text: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return text


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, dict):
        items: Iterable[tuple[str, Any]] = value.items()
    elif isinstance(value, list):
        items = (("item", each) for each in value)
    else:
        element.text = "" if value is None else _scalar(value)
        return
    for name, each in items:
        tag = name if re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", name) else "item"
        _fill(ET.SubElement(element, tag), each)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
