"""Sales at 0% to outside the EU VAT area: goods type 4, services VAT free (R22, R35, R36)."""

from decimal import Decimal

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.choice import NATIONAL, OUTSIDE_EU, Choice, Zero
from boekbrug.domain.countries import UK_LEFT, in_eu, outside_the_map
from boekbrug.domain.lines import Draft, Kind
from boekbrug.domain.nature import PRODUCT, SERVICE, UNKNOWN, article_natures
from boekbrug.domain.place import country_of
from boekbrug.domain.sale import Sale

_GOODS_VALUE = (Kind.GOODS, Kind.DISCOUNT)
_PARCEL_LIMIT = Decimal(135)
"""GBP: up to this value the seller owes the VAT (R22)."""
_POUND = Decimal("1.17")
"""Euro per pound when the merchant gave no rate: near enough for a hint."""


def export(sale: Sale, drafts: list[Draft]) -> Choice:
    """Type 4 for goods, type 1 with -1 for services; both together is for a person (R36)."""
    natures = article_natures(sale.basis, sale.settings)
    if {PRODUCT, SERVICE} <= natures:
        sale.findings.add("goods_and_services")
    elif UNKNOWN in natures:
        sale.findings.add("nature_unknown")
    if not sale.goods:
        if not sale.company:
            sale.findings.add("services_outside_eu_private")
        return Choice(NATIONAL, (), Zero.FREE)
    if sale.delivered_home:
        sale.findings.add("goods_stay_home")
    elif _delivered_in_eu(sale):
        sale.findings.add("zero_percent_in_eu", country=_delivery_country(sale))
    if _is_small_uk_parcel(sale, drafts):
        sale.findings.add("uk_parcel")
    return Choice(OUTSIDE_EU)


def _delivered_in_eu(sale: Sale) -> bool:
    """The invoice address was made to decide, but the goods go to another EU country (R37)."""
    delivery = sale.basis.debtor.delivery
    country = _delivery_country(sale)
    if delivery is None or outside_the_map(country, delivery.zipcode, delivery.city):
        return False
    return in_eu(country, sale.tax_date)


def _delivery_country(sale: Sale) -> str:
    delivery = sale.basis.debtor.delivery
    return country_of(delivery) if delivery is not None else ""


def _is_small_uk_parcel(sale: Sale, drafts: list[Draft]) -> bool:
    """Goods for a private customer in the United Kingdom, worth GBP 135 at most (R22).

    A company without a VAT number counts as private (R24); discounts lower the value.
    """
    if sale.country != "GB" or sale.business or sale.credit or sale.tax_date < UK_LEFT:
        return False
    goods = sum((draft.net for draft in drafts if draft.kind in _GOODS_VALUE), ZERO)
    return goods <= _PARCEL_LIMIT * sale.settings.exchange_rates.get("GBP", _POUND)
