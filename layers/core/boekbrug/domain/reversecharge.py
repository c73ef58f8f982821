"""VAT reverse-charged to a business in another EU country: type 3, or why not (R31-R34, R37)."""

from boekbrug.domain.choice import EU_REVERSED, NATIONAL, Choice
from boekbrug.domain.export import export
from boekbrug.domain.lines import Draft
from boekbrug.domain.sale import Area, Sale
from boekbrug.domain.vatnumbers import VatNumber, has_right_check_digits, of_member_state


def reverse_charge(sale: Sale, drafts: list[Draft]) -> Choice:
    """Type 3 when everything the law asks for is there; every reason against it is told (R51)."""
    if sale.area is Area.OUTSIDE:
        sale.findings.add("reverse_charge_outside_eu", country=sale.place.code)
        return export(sale, drafts)
    if sale.country == sale.origin:
        foreign = sale.place.code != sale.origin
        left = sale.pickup and foreign
        sale.findings.add(
            "goods_stay_home" if left or _sent_home(sale) else "reverse_charge_at_home"
        )
        return Choice(NATIONAL if sale.country == sale.home else EU_REVERSED)
    if sale.delivered_home:
        sale.findings.add("goods_stay_home")
    if not sale.company:
        sale.findings.add("company_name_missing")
    _check_number(sale)
    return Choice(EU_REVERSED)


def _sent_home(sale: Sale) -> bool:
    """A customer from abroad whose goods stay in the country they are sold from (R33)."""
    invoice = sale.basis.debtor.invoice.country_code.strip().upper()
    return sale.delivered_home and bool(invoice) and invoice != sale.origin


def _check_number(sale: Sale) -> None:
    """A VAT number of another member state is a condition for 0% (R32, R34)."""
    number = sale.number
    if number is None:
        sale.findings.add("vat_number_missing")
    elif not number.plausible:
        sale.findings.add("vat_number_invalid")
    elif number.country == sale.origin:
        sale.findings.add("vat_number_home")
    elif not of_member_state(number, sale.tax_date, goods=sale.goods):
        sale.findings.add("vat_number_outside_eu")
    else:
        _check_evidence(sale, number)


def _check_evidence(sale: Sale, number: VatNumber) -> None:
    """Told, not a reason for a concept (R26, R34)."""
    if number.country != sale.country:
        sale.findings.add(
            "vat_number_other_country", number=number.country, country=sale.place.code
        )
    check = sale.facts.vies.get(number.text)
    if check is None and not has_right_check_digits(number):
        sale.findings.add("vat_number_check_digits")
