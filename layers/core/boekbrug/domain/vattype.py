"""Which of Acumulus' VAT types an invoice gets (R30-R50).

    margin scheme ─▶ reverse charge ─▶ zero percent ─▶ ordinary VAT: home, EU, outside

Amounts are never changed to make a type fit: what does not fit becomes a warning.
"""

from decimal import Decimal

from boekbrug.domain.choice import (
    EU_REVERSED,
    EU_VAT,
    FOREIGN_VAT,
    NATIONAL,
    NATIONAL_REVERSED,
    OUTSIDE_EU,
    Choice,
    Zero,
    all_at_zero,
    all_fit,
    is_charged,
    positive_rates,
    taxed,
)
from boekbrug.domain.countries import has_regional_rates
from boekbrug.domain.export import export
from boekbrug.domain.lines import Draft
from boekbrug.domain.margin import is_margin_sale, margin_choice
from boekbrug.domain.reversecharge import reverse_charge
from boekbrug.domain.sale import Area, Sale
from boekbrug.domain.threshold import check_threshold, passes_threshold
from boekbrug.domain.vatnumbers import of_member_state

ORDINARY = ""
ZERO_PERCENT = "zero_percent"
REVERSE_CHARGED = "reverse_charged_vat"
STRATEGIES = (None, ORDINARY, ZERO_PERCENT, REVERSE_CHARGED)


def choose(sale: Sale, drafts: list[Draft]) -> Choice:
    """The VAT type of a sale; the first rule that applies wins (section 3)."""
    if not taxed(drafts) and any(draft.voucher for draft in drafts):
        return Choice(NATIONAL, sale.home_rates, Zero.ASK)  # only gift cards are sold (R76)
    strategy = strategy_of(sale, drafts)
    if is_margin_sale(sale, drafts):
        return margin_choice(sale, drafts, strategy)
    if strategy == REVERSE_CHARGED:
        return reverse_charge(sale, drafts)
    if strategy == ZERO_PERCENT:
        return _zero_percent(sale, drafts)
    return _ordinary(sale, drafts)


def strategy_of(sale: Sale, drafts: list[Draft]) -> str:
    """The shop's VAT treatment; orders from before 2019-09 do not tell it (R13)."""
    strategy = sale.basis.tax_strategy
    if strategy is not None:
        return strategy
    if not all_at_zero(drafts):
        return ORDINARY
    if sale.area is Area.OUTSIDE:
        return ZERO_PERCENT
    return REVERSE_CHARGED if sale.area is Area.EU and sale.business else ORDINARY


def needs_country_rates(sale: Sale) -> bool:
    """Whether ordinary VAT abroad cannot be judged because the look-up failed (R55)."""
    if sale.country_rates is not None or sale.basis.tax_strategy not in (None, ORDINARY):
        return False
    if sale.area is Area.EU:
        return True
    prices = [price for line in sale.basis.lines for price in line.prices]
    rates = {price.rate for price in prices if price.rate and price.net}
    return sale.country == "GB" and not all_fit(rates, sale.home_rates)


def _zero_percent(sale: Sale, drafts: list[Draft]) -> Choice:
    """0% for crossing the EU border (R35-R37)."""
    if sale.area is Area.OUTSIDE:
        return export(sale, drafts)
    if sale.country == sale.origin:
        sale.findings.add("goods_stay_home" if sale.pickup else "zero_percent_at_home")
        return Choice(NATIONAL)
    if sale.country == "XI" and _has_eu_number(sale):
        sale.findings.add("northern_ireland_business")
        return reverse_charge(sale, drafts)
    sale.findings.add("zero_percent_in_eu", country=sale.place.code)
    return Choice(EU_REVERSED if sale.business else EU_VAT)


def _has_eu_number(sale: Sale) -> bool:
    """A business with a VAT number of a member state other than home, XI included (R37)."""
    number = sale.number
    if number is None or not sale.business or number.country == sale.home:
        return False
    return of_member_state(number, sale.tax_date, goods=True)


def _ordinary(sale: Sale, drafts: list[Draft]) -> Choice:
    """Ordinary VAT: by the country, the shop's region and the rates (R38-R40, R44, R47-R49)."""
    at_zero = all_at_zero(drafts)
    if sale.warehouse and sale.area is not Area.OUTSIDE:
        return _from_warehouse(sale, drafts, at_zero=at_zero)
    if sale.area is Area.HOME:
        return _at_home(sale, drafts, at_zero=at_zero)
    vat_free = at_zero and sale.settings.zero_rate_means == "vat_free"
    if vat_free:
        return Choice(NATIONAL, sale.home_rates, Zero.FREE)
    if sale.area is Area.OUTSIDE:
        untaxed = at_zero or not taxed(drafts)
        return export(sale, drafts) if untaxed else _taxed_outside(sale, drafts)
    return _in_eu(sale, drafts, at_zero=at_zero)


# --------------------------------------------------------------------------- home


def _at_home(sale: Sale, drafts: list[Draft], *, at_zero: bool) -> Choice:
    """R38; a business at 0% is the domestic reverse charge, on request only (R44)."""
    ordinary = Choice(NATIONAL, sale.home_rates, Zero.ASK)
    if at_zero and _is_domestic_business(sale):
        if sale.settings.domestic_reverse_charge:
            return Choice(NATIONAL_REVERSED)
        if sale.settings.zero_rate_means == "not_sold":
            sale.findings.add("domestic_reverse_charge_off")
            return Choice(NATIONAL)
    if sale.pickup and at_zero and sale.settings.zero_rate_means == "not_sold":
        sale.findings.add("goods_stay_home")
    region = sale.region
    if region and region != sale.home and not at_zero and taxed(drafts):
        sale.findings.add("tax_region_differs", region=region, country=sale.home)
    return ordinary


def _is_domestic_business(sale: Sale) -> bool:
    return sale.business and sale.number is not None and sale.number.country == sale.home


# --------------------------------------------------------------------------- EU


def _in_eu(sale: Sale, drafts: list[Draft], *, at_zero: bool) -> Choice:
    """Home VAT (type 1) or the customer's (type 6): region first, rates decide (R39)."""
    if at_zero and sale.settings.zero_rate_means == "not_sold":
        return _zero_in_eu(sale)
    rates = positive_rates(drafts)
    vattype = _home_or_abroad(sale, drafts, rates)
    if vattype == EU_VAT:
        return _abroad(sale)
    if not is_charged(drafts):
        return Choice(NATIONAL, sale.home_rates, Zero.ASK)
    if not sale.business and not sale.credit and sale.settings.eu_vat == "always":
        sale.findings.add("eu_vat_always")
    check_threshold(sale, drafts)
    return Choice(NATIONAL, sale.home_rates, Zero.ASK)


def _home_or_abroad(sale: Sale, drafts: list[Draft], rates: list[Decimal]) -> int:
    fits_home = all_fit(rates, sale.home_rates)
    fits_country = all_fit(rates, sale.country_rates)
    region = sale.region
    if region == sale.country and not fits_country and is_regional(sale):
        return EU_VAT  # a regional rate that happens to be one of home's as well (R58)
    if fits_home and (region == sale.home or not fits_country):
        _tell_region(sale, sale.home)
        return NATIONAL
    if fits_country and (region == sale.country or not fits_home):
        _tell_region(sale, sale.country)
        return EU_VAT
    if fits_home:
        if region:
            sale.findings.add("tax_region_elsewhere", region=region, country=sale.country)
        return _by_setting(sale, drafts)
    return NATIONAL if region == sale.home else EU_VAT


def _tell_region(sale: Sale, country: str) -> None:
    """Region and rates contradict: the rates win, the merchant is told (R39)."""
    if sale.region and sale.region != country:
        sale.findings.add("tax_region_differs", region=sale.region, country=country)


def _by_setting(sale: Sale, drafts: list[Draft]) -> int:
    """Both countries have these rates and the shop does not say which it used (R39, c).

    A business with a VAT number does not belong in the OSS return (R48).
    """
    choice = sale.settings.eu_vat
    if sale.business or choice == "never":
        return NATIONAL
    if choice == "always":
        return EU_VAT
    return EU_VAT if passes_threshold(sale, drafts) else NATIONAL


def _abroad(sale: Sale) -> Choice:
    """Type 6, for consumers (R40, R48)."""
    if sale.settings.eu_vat == "never" and not sale.credit and not sale.warehouse:
        sale.findings.add("eu_vat_never")
    if sale.business:
        sale.findings.add("oss_business")
    return Choice(EU_VAT, sale.country_rates, Zero.ASK)


def _zero_in_eu(sale: Sale) -> Choice:
    """Everything at 0% without a reason: the lines are warned about (R50, R53)."""
    if sale.business:
        return Choice(EU_REVERSED, (), Zero.ASK)
    if sale.region == sale.home:
        return Choice(NATIONAL, sale.home_rates, Zero.ASK)
    return Choice(EU_VAT, sale.country_rates, Zero.ASK)


def _from_warehouse(sale: Sale, drafts: list[Draft], *, at_zero: bool) -> Choice:
    """Goods that leave from another EU country (R49)."""
    if at_zero and sale.business and sale.country != sale.warehouse:
        return reverse_charge(sale, drafts)
    _tell_region(sale, sale.country)
    return _abroad(sale)


def is_regional(sale: Sale) -> bool:
    """Whether the customer lives where rates differ from the rest of the country (R58)."""
    return has_regional_rates(sale.place.code, sale.place.address.zipcode)


# --------------------------------------------------------------------------- outside the EU


def _taxed_outside(sale: Sale, drafts: list[Draft]) -> Choice:
    """VAT was charged outside the EU: home's (R47), British (R22), or wrongly (R19)."""
    rates = positive_rates(drafts)
    if sale.territory:
        place = sale.place
        sale.findings.add("export_with_vat_charged", country=place.code)
        if all_fit(rates, sale.home_rates):
            return Choice(NATIONAL, sale.home_rates, Zero.ASK)
        return Choice(OUTSIDE_EU)
    if all_fit(rates, sale.home_rates):
        sale.findings.add("export_with_vat", country=sale.place.code)
        return Choice(NATIONAL, sale.home_rates, Zero.ASK)
    if sale.country == "GB":
        return Choice(FOREIGN_VAT, sale.country_rates, Zero.ASK)
    return Choice(OUTSIDE_EU)
