"""The rate that each line is sent with, and whether it fits the VAT type (R46, R53, R57-R60)."""

from decimal import Decimal

from boekbrug.domain.amounts import ZERO, dutch, dutch_number
from boekbrug.domain.choice import (
    EU_VAT,
    FOREIGN_VAT,
    MARGIN,
    NATIONAL,
    Choice,
    Zero,
    positive_rates,
    taxed,
)
from boekbrug.domain.lines import Draft, Kind, is_sold
from boekbrug.domain.linetexts import short_text
from boekbrug.domain.margin import margin_rate
from boekbrug.domain.rates import VAT_FREE, Rates, fitting
from boekbrug.domain.sale import Area, Sale
from boekbrug.domain.vattype import is_regional


def fix_rates(sale: Sale, choice: Choice, drafts: list[Draft]) -> None:
    """Give every draft the rate it is sent with; what does not fit is told, never changed (R50)."""
    unfit: list[Draft] = []
    for draft in drafts:
        rate = draft.rate
        if draft.voucher:
            _fix_voucher(sale, choice, draft)
        elif draft.free:
            continue
        elif not rate:
            _fix_zero(sale, choice, draft)
        elif rate > ZERO and choice.allowed is not None:
            fits = fitting(rate, choice.allowed)
            if fits is None:
                unfit.append(draft)
            else:
                draft.rate = fits
    if unfit:
        _tell_unfit(sale, choice, unfit, drafts)
    _fix_free(choice, drafts)


def _fix_voucher(sale: Sale, choice: Choice, draft: Draft) -> None:
    """VAT free: to pay with one goes with any type (R75), to sell one with types 1 and 5 (R60)."""
    draft.rate = VAT_FREE
    if choice.vattype not in (NATIONAL, MARGIN) and is_sold(draft, sale):
        line = short_text(draft)
        sale.findings.add("vat_free_unfit", line=line, type=choice.vattype)


def _fix_zero(sale: Sale, choice: Choice, draft: Draft) -> None:
    """0% on a line with an amount (R42, R53, R60)."""
    if choice.vattype == MARGIN and (draft.margin or draft.kind is not Kind.GOODS):
        draft.rate = margin_rate(sale)
        return
    draft.rate = VAT_FREE if choice.zero is Zero.FREE else ZERO
    if choice.zero is Zero.ASK:
        _ask(sale, choice, draft)


def _ask(sale: Sale, choice: Choice, draft: Draft) -> None:
    """What 0% means is the merchant's choice; the shop does not know (R53)."""
    means = sale.settings.zero_rate_means
    line = short_text(draft)
    if means == "not_sold":
        amount = dutch(draft.known_gross)
        sale.findings.add("zero_rate_not_sold", line=line, amount=amount)
    elif means == "vat_free":
        if choice.vattype in (NATIONAL, MARGIN):
            draft.rate = VAT_FREE
        else:
            sale.findings.add("vat_free_unfit", line=line, type=choice.vattype)
    elif choice.vattype == MARGIN or not _sells_at_zero(choice.allowed):
        _tell_line(sale, choice, draft)


def _sells_at_zero(allowed: Rates | None) -> bool:
    return allowed is None or ZERO in allowed


def _fix_free(choice: Choice, drafts: list[Draft]) -> None:
    """Lines of 0.00: a positive rate stays when it fits, else the invoice's highest (R59)."""
    free = [draft for draft in drafts if draft.free and not draft.voucher]
    if not free:
        return
    highest = max(positive_rates(drafts), default=None)
    nothing = VAT_FREE if _all_vat_free(drafts, choice) else ZERO
    for draft in free:
        draft.rate = _rate_of_free(draft.rate, choice.allowed, highest, nothing)


def _rate_of_free(
    rate: Decimal | None, allowed: Rates | None, highest: Decimal | None, nothing: Decimal
) -> Decimal:
    if allowed is None:
        return rate or highest or nothing
    if not allowed:
        return nothing
    fits = fitting(rate, allowed) if rate else None
    return fits or highest or nothing


def _all_vat_free(drafts: list[Draft], choice: Choice) -> bool:
    return choice.zero is Zero.FREE or any(draft.rate == VAT_FREE for draft in taxed(drafts))


def _tell_unfit(sale: Sale, choice: Choice, unfit: list[Draft], drafts: list[Draft]) -> None:
    if _is_split(sale, choice, drafts):
        sale.findings.add("split_needed", one=sale.home, other=sale.country)
        return
    for draft in unfit:
        _tell_line(sale, choice, draft)


def _is_split(sale: Sale, choice: Choice, drafts: list[Draft]) -> bool:
    """Some rates are of home only, the others of the customer's country (R46)."""
    if sale.area is Area.HOME or choice.vattype not in (NATIONAL, EU_VAT, FOREIGN_VAT):
        return False
    home, country = sale.home_rates or (), sale.country_rates or ()
    rates = positive_rates(drafts)
    of_home = {rate for rate in rates if fitting(rate, home) is not None}
    of_country = {rate for rate in rates if fitting(rate, country) is not None}
    return bool(of_home - of_country and of_country - of_home) and {*rates} <= of_home | of_country


def _tell_line(sale: Sale, choice: Choice, draft: Draft) -> None:
    rate = dutch_number(draft.rate or Decimal(0))
    line = short_text(draft)
    if choice.vattype in (EU_VAT, NATIONAL) and sale.area is Area.EU and is_regional(sale):
        sale.findings.add("regional_rate", line=line, rate=rate)
        return
    where = f" ({sale.country})" if choice.vattype == EU_VAT else ""
    sale.findings.add("rate_unfit", line=line, rate=rate, type=choice.vattype, where=where)
