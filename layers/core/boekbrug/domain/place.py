"""Order -> the address that decides about VAT and the fiscal country (R14-R17, R20, R21)."""

from typing import NamedTuple

from boekbrug.domain.countries import (
    VAT_COUNTRY,
    code_of_name,
    is_northern_irish,
    normalised,
    with_islands,
)
from boekbrug.domain.nature import SERVICE, main_nature
from boekbrug.domain.order import Address, Order
from boekbrug.domain.settings import ShopSettings

_PICKUP = {
    "pickup",
    "afhalen",
    "ophalen",
    "storepickup",
    "instorepickup",
    "pickupinstore",
    "localpickup",
    "collect",
    "clickandcollect",
}


class Place(NamedTuple):
    """Where the sale is taxed.

    ``code`` is the country of the address, ``country`` the one that counts for VAT (Monaco is FR,
    the Isle of Man GB, Northern Ireland XI for goods). ``source`` tells where the code was found:
    "" for the address itself, else "order" or "home" (R16).
    """

    address: Address
    other: Address
    code: str
    country: str
    source: str


def place_of(order: Order, settings: ShopSettings, nature: str) -> Place:
    """The fiscal place of an order; ``nature`` is the order's main nature (R14)."""
    invoice, delivery = order.debtor.invoice, order.debtor.delivery
    address, other = invoice, delivery or invoice
    if delivery is not None and _follows_delivery(delivery, settings, nature):
        address, other = delivery, invoice
    code, source = _country_code(address, order, settings)
    country = vat_country(code, address, order, nature)
    return Place(address, other, code, country, source)


def fiscal_country(order: Order, settings: ShopSettings) -> str:
    """The country whose VAT rates may apply (R18)."""
    return place_of(order, settings, main_nature(order, settings)).country


def is_pickup(order: Order) -> bool:
    """Whether the customer collects the goods in the shop: a supply in the home country (R15)."""
    if order.offline_location_id:
        return True
    if order.payment is not None and order.payment.method.lower() == "pickup":
        return True
    kind = order.delivery_type
    return bool(kind) and "".join(c for c in kind.lower() if c.isalpha()) in _PICKUP


def vat_country(code: str, address: Address, order: Order, nature: str) -> str:
    """Monaco -> FR, Isle of Man -> GB, goods to Northern Ireland -> XI (R20, R21)."""
    if code in ("GB", "XI"):
        northern = is_northern_irish(code, address.zipcode, order.date)
        return "XI" if northern and nature != SERVICE else "GB"
    return VAT_COUNTRY.get(code, code)


def country_of(address: Address) -> str:
    """The code of an address' country, from its name when there is no code; "" without either."""
    return normalised(address.country_code) or code_of_name(address.country)


def sent_code(address: Address, order: Order, nature: str, fallback: str) -> str:
    """The country code that is sent for an address: the address' own, XI for Northern Ireland."""
    code = country_of(address) or fallback
    return vat_country(code, address, order, nature) if code in ("GB", "XI") else code


def _follows_delivery(delivery: Address, settings: ShopSettings, nature: str) -> bool:
    if settings.fiscal_address == "invoice" or not _is_filled(delivery):
        return False
    if settings.fiscal_address == "delivery":
        return True
    return nature != SERVICE and bool(country_of(delivery))


def _is_filled(address: Address) -> bool:
    return bool(address.country_code or address.street or address.zipcode or address.city)


def _country_code(address: Address, order: Order, settings: ShopSettings) -> tuple[str, str]:
    """The first country that is known, and where it was found (R16)."""
    code = normalised(address.country_code)
    if code:
        return with_islands(code, address.zipcode), ""
    found = (*order.shipping_countries[:1], order.tax_region)
    code = next(filter(None, map(normalised, found)), "") or code_of_name(address.country)
    return (code, "order") if code else (settings.home_country, "home")
