"""Which VAT number a 0% leans on, and what VIES says of it (R26).

Only that number is asked: a customer who paid VAT, or whose number has no right form anyway, gives
no reason to. Credit orders follow their original, which was checked when it was booked.
"""

from boekbrug.domain.amounts import ONE
from boekbrug.domain.credit import is_credit
from boekbrug.domain.facts import Facts
from boekbrug.domain.order import Order
from boekbrug.domain.sale import Area, Sale
from boekbrug.domain.settings import ShopSettings
from boekbrug.domain.vatnumbers import VatNumber, of_member_state


def number_to_check(order: Order, settings: ShopSettings, facts: Facts) -> str:
    """The number to ask VIES about before ``convert``; "" when there is nothing to ask."""
    if not settings.vies_check or is_credit(order, facts) or _has_vat(order):
        return ""
    return _leans_on(Sale(order, settings, facts, ONE))


def check_vies(sale: Sale) -> None:
    """A warning when VIES does not know the number, a notice when it could not be asked."""
    if not sale.settings.vies_check or sale.credit or _has_vat(sale.order):
        return
    number = _leans_on(sale)
    check = sale.facts.vies.get(number)
    if check is None and number:
        sale.findings.add("vies_not_checked")
    elif check is not None and not check.valid:
        sale.findings.add("vies_invalid")


def _has_vat(order: Order) -> bool:
    return any(price.rate for line in order.lines for price in line.prices)


def _leans_on(sale: Sale) -> str:
    """A well-formed number that makes a reverse charge, abroad or at home (R31, R44)."""
    number = sale.number
    if number is None or not (sale.company and number.plausible and _is_in_vies(sale, number)):
        return ""
    abroad = sale.area is not Area.OUTSIDE and sale.country != sale.origin != number.country
    at_home = sale.settings.domestic_reverse_charge and sale.country == sale.home == number.country
    return number.text if abroad or at_home else ""


def _is_in_vies(sale: Sale, number: VatNumber) -> bool:
    """Of a member state of now: VIES forgot the British numbers of before 2021."""
    return number.country != "GB" and of_member_state(number, sale.tax_date, goods=sale.goods)
