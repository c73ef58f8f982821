"""The order as VAT law sees it: who sold what to whom, where, on which day (R14-R29).

Everything that later steps ask again and again is worked out here once.
"""

from datetime import date
from decimal import Decimal
from enum import Enum

from boekbrug.domain.countries import in_eu, normalised, outside_the_map
from boekbrug.domain.credit import is_credit, original_of, turns_sign
from boekbrug.domain.facts import Facts
from boekbrug.domain.findings import Findings
from boekbrug.domain.nature import SERVICE, main_nature
from boekbrug.domain.order import Debtor, Order
from boekbrug.domain.place import Place, country_of, is_pickup, place_of
from boekbrug.domain.rates import Rates, rates_on, region_on
from boekbrug.domain.settings import ShopSettings
from boekbrug.domain.vatnumbers import VatNumber, read_vat_number


class Area(Enum):
    """How the fiscal country relates to the administration."""

    HOME = "home"
    EU = "eu"
    OUTSIDE = "outside"


class Sale:
    """One order on its way to an invoice.

    ``exchange`` is euro per unit of the order's currency. ``basis`` is the order whose fiscal
    treatment counts: the original of a credit order when it is known, else the order itself
    (R111); ``tax_date`` is its day, which decides about rates and borders (R56). ``home`` is the
    country of the administration, ``country`` the fiscal one. ``factor`` turns amounts of the
    order into amounts of the invoice: the exchange rate (R117) and the sign of a credit (R110).
    ``home_rates`` and ``country_rates`` are those of the tax date; ``None`` = not known.
    """

    __slots__ = (
        *("area", "basis", "company", "country", "country_rates", "credit", "facts", "factor"),
        *("findings", "home", "home_rates", "nature", "number", "order", "original", "pickup"),
        *("place", "settings", "tax_date", "territory"),
    )

    def __init__(
        self, order: Order, settings: ShopSettings, facts: Facts, exchange: Decimal
    ) -> None:
        credit = is_credit(order, facts)
        self.order, self.settings, self.facts = order, settings, facts
        self.findings = Findings()
        self.credit = credit
        self.original = original_of(order, facts) if credit else None
        self.factor = -exchange if credit and turns_sign(order) else exchange
        self.basis = basis = self.original or order
        self.tax_date = day = basis.date
        self.home = home = settings.home_country
        self.nature = main_nature(basis, settings)
        self.place = place = place_of(basis, settings, self.nature)
        self.pickup = is_pickup(basis)
        self.country = country = home if self.pickup else place.country
        self.territory = not self.pickup and _is_territory(place)
        self.area = _area(country, self.territory, home, day, facts)
        self.home_rates = rates_on(facts.vat_rates, home, day)
        self.country_rates = self.home_rates if country == home else _rates_of(country, day, facts)
        self.company = _company(basis.debtor, place)
        self.number = _number(basis.debtor, place)

    @property
    def goods(self) -> bool:
        """Goods, or not known to be services (R14)."""
        return self.nature != SERVICE

    @property
    def business(self) -> bool:
        """A company with a plausible VAT number that VIES did not reject (R24, R26)."""
        number = self.number
        if number is None or not (self.company and number.plausible):
            return False
        check = self.facts.vies.get(number.text)
        return check is None or check.valid

    @property
    def warehouse(self) -> str:
        """The country the goods leave from when that is not the home country (R49)."""
        country = self.settings.warehouse_country
        if not country or country == self.home or self.pickup or not self.goods:
            return ""
        return country

    @property
    def origin(self) -> str:
        """The country the goods leave from."""
        return self.warehouse or self.home

    @property
    def region(self) -> str:
        """The region whose VAT the shop used, as a country for VAT; "" when unknown (F8)."""
        region = normalised(self.basis.tax_region)
        if region in ("GB", "XI") and self.country in ("GB", "XI"):
            return self.country
        return "FR" if region == "MC" else region

    @property
    def delivered_home(self) -> bool:
        """Whether the goods stay in the country they are sold from (R33)."""
        delivery = self.basis.debtor.delivery
        if self.pickup or delivery is None or not self.goods:
            return self.pickup
        country = country_of(delivery)
        return country == self.origin and not outside_the_map(
            country, delivery.zipcode, delivery.city
        )


def _is_territory(place: Place) -> bool:
    return outside_the_map(place.code, place.address.zipcode, place.address.city)


def _area(country: str, territory: bool, home: str, on: date, facts: Facts) -> Area:
    """R18, R19: Acumulus' own answer first, our list of member states when there is none."""
    if territory:
        return Area.OUTSIDE
    if country == home:
        return Area.HOME
    region = None if country in ("XI", "GB") else region_on(facts.vat_rates, country, on)
    inside = in_eu(country, on) if region is None else region in (1, 2)
    return Area.EU if inside else Area.OUTSIDE


def _rates_of(country: str, on: date, facts: Facts) -> Rates | None:
    """Northern Ireland has the rates of the United Kingdom (R21)."""
    if country == "XI" and not facts.vat_rates.get("XI"):
        country = "GB"
    return rates_on(facts.vat_rates, country, on)


def _company(debtor: Debtor, place: Place) -> str:
    """The first name that is one: customers fill in a dash where they have no company."""
    names = (place.address.company, debtor.invoice.company, debtor.company)
    return next((name.strip() for name in names if any(map(str.isalnum, name))), "")


def _number(debtor: Debtor, place: Place) -> VatNumber | None:
    typed = debtor.invoice.vat_number or place.address.vat_number
    if not typed:
        return None
    country = normalised(debtor.invoice.country_code) or place.code
    if place.country == "XI" and country == "GB":
        country = "XI"
    return read_vat_number(typed, country)
