"""The threshold for distance sales in the EU: 10,000 euro a calendar year without VAT (R45)."""

from datetime import date
from decimal import Decimal

from boekbrug.domain.amounts import HUNDRED, ZERO, dutch, dutch_number, to_cents
from boekbrug.domain.choice import taxed
from boekbrug.domain.lines import Draft
from boekbrug.domain.sale import Sale

_SINCE = date(2021, 7, 1)


def check_threshold(sale: Sale, drafts: list[Draft]) -> None:
    """Tell how near the threshold an order with home VAT to another EU country comes (R45).

    Not for credits (R116), businesses with a VAT number, pick-up, or goods from a warehouse.
    """
    if sale.credit or sale.business or sale.pickup or sale.tax_date < _SINCE:
        return
    report = sale.facts.eu_threshold
    share = _share(sale, drafts)
    if report is None or share is None or sale.findings.has("threshold_unknown"):
        return
    told = {"percentage": dutch_number(to_cents(share)), "threshold": dutch(report.threshold)}
    near = sale.settings.eu_threshold_percentage
    if report.reached:
        sale.findings.add("threshold_reached", threshold=told["threshold"])
    elif share > HUNDRED:
        sale.findings.add("threshold_passed", **told)
    elif near != "" and share >= near:
        sale.findings.add("threshold_near", **told)


def passes_threshold(sale: Sale, drafts: list[Draft]) -> bool:
    """Whether the threshold is reached or passed by this order (R45).

    No report means no. So does one of an earlier year: it tells where the year ended, not whether
    this order came before or after the threshold.
    """
    usable = sale.tax_date >= _SINCE and sale.tax_date.year >= sale.facts.now.year
    share = _share(sale, drafts) if usable else None
    if share is None:
        if not sale.business:
            sale.findings.add("threshold_unknown")
        return False
    report = sale.facts.eu_threshold
    return report is not None and (report.reached or share > HUNDRED)


def _share(sale: Sale, drafts: list[Draft]) -> Decimal | None:
    """Percent of the threshold that is used with this order; ``None`` without a report."""
    report = sale.facts.eu_threshold
    if report is None or report.year != sale.tax_date.year or report.threshold <= 0:
        return None
    order = sum((draft.net for draft in taxed(drafts)), ZERO)
    return (report.nltaxed + order) / report.threshold * HUNDRED
