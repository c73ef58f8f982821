"""A folder of files in, one shop out: flat order files, or our sample layout with its lists."""

from datetime import date
from pathlib import Path
from typing import Any

from workbench.standins import raw_json
from workbench.standins.errors import StandInError
from workbench.standins.shop.dates import days_to, moved
from workbench.standins.shop.shop_data import Shop, shop_of


def read_shop(
    folder: Path, token: str, store: dict[str, Any], *, newest: date | None = None
) -> Shop:
    """Read ``folder``: its ``orders/*.json`` when there are, else its own ``*.json`` as orders.

    In the sample layout the other files are optional: store.json, orderstatuses.json,
    gateways.json, store-gateways.json, tax-policy-regions.json, shipping-methods.json and
    payments/<order number>.json. An order file holds one order or a list of orders.
    Without a store.json the shop is ``store``. With ``newest`` all dates are moved until the newest
    order is of that day.
    Raises StandInError with one sentence that names the file.
    """
    if not folder.is_dir():
        raise StandInError(f"{folder} is not a folder")
    layout = (folder / "orders").is_dir()
    orders = _orders(folder / "orders" if layout else folder)
    payments = _payments(folder / "payments") if layout else {}
    if newest:
        by = days_to(newest, orders)
        orders, payments = moved(orders, by), moved(payments, by)
    shop = shop_of(token, orders, store=store, payments=payments)
    if layout:
        _read_lists(shop, folder)
    return shop


def _orders(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*.json"))
    if not files:
        raise StandInError(f"{folder} holds no order files (*.json)")
    first_file: dict[str, Path] = {}
    orders: list[dict[str, Any]] = []
    for file in files:
        for order in _orders_in(file):
            number = str(order["number"])
            if number in first_file:
                raise StandInError(f"order {number} is in {first_file[number]} and again in {file}")
            first_file[number] = file
            orders.append(order)
    return orders


def _orders_in(file: Path) -> list[dict[str, Any]]:
    content = _read(file)
    orders = content if isinstance(content, list) else [content]
    for order in orders:
        if not isinstance(order, dict) or order.get("number") in {None, ""}:
            raise StandInError(f"{file} is not an order: it has no order number")
    return orders


def _payments(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {file.stem: _list_in(file, "payments") for file in sorted(folder.glob("*.json"))}


def _read_lists(shop: Shop, folder: Path) -> None:
    store = folder / "store.json"
    if store.exists():
        shop.store = _read(store)
        if not isinstance(shop.store, dict) or not shop.store.get("id"):
            raise StandInError(f"{store} is not a store: it has no id")
    for name, attribute, wrapper in (
        ("orderstatuses", "statuses", "orderstatuses"),
        ("gateways", "gateways", "gateways"),
        ("store-gateways", "store_gateways", "gateways"),
        ("tax-policy-regions", "tax_regions", "regions"),
        ("shipping-methods", "shipping_methods", "shipping_methods"),
    ):
        file = folder / f"{name}.json"
        if file.exists():
            setattr(shop, attribute, _list_in(file, wrapper))


def _list_in(file: Path, wrapper: str) -> list[dict[str, Any]]:
    """The list of a file, bare or under the wrapper that the API puts around it."""
    content = _read(file)
    items = content.get(wrapper) if isinstance(content, dict) else content
    if not isinstance(items, list):
        raise StandInError(f"{file} holds no list of {wrapper}")
    return items


def _read(file: Path) -> Any:
    try:
        return raw_json.loads(file.read_text("utf-8"))
    except OSError as failure:
        raise StandInError(f"{file} cannot be read: {failure.strerror}") from None
    except UnicodeDecodeError:
        raise StandInError(f"{file} is not UTF-8 text") from None
    except ValueError as failure:
        raise StandInError(f"{file} is not valid JSON: {failure}") from None
