"""The margin scheme: which goods, which invoices, which rate (R41-R43)."""

from decimal import Decimal

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.choice import MARGIN, Choice, Zero, all_fit, positive_rates, taxed
from boekbrug.domain.lines import Draft, Kind
from boekbrug.domain.linetexts import short_text
from boekbrug.domain.nature import purchase_price
from boekbrug.domain.sale import Area, Sale


def is_margin_sale(sale: Sale, drafts: list[Draft]) -> bool:
    """Margin goods, unless they leave the EU at 0%: then type 4 wins (R30, R43)."""
    if sale.settings.margin_goods == "none" or not any(draft.margin for draft in drafts):
        return False
    return sale.area is not Area.OUTSIDE or bool(positive_rates(drafts))


def margin_choice(sale: Sale, drafts: list[Draft], strategy: str) -> Choice:
    """Type 5 with the rates of home; all lines are margin lines (R42, R43)."""
    if sale.company and _has_normal_goods(drafts):
        sale.findings.add("margin_for_business")
    if strategy == "reverse_charged_vat":
        sale.findings.add("margin_reverse_charged")
    if sale.area is Area.OUTSIDE:
        code = "export_with_vat_charged" if sale.territory else "export_with_vat"
        sale.findings.add(code, country=sale.place.code)
    if _sells_normal_goods_abroad(sale, drafts):
        sale.findings.add("split_needed", one=sale.home, other=sale.country)
    for draft in drafts:
        if draft.margin and not draft.free and purchase_price(draft.line) <= 0:
            sale.findings.add("margin_cost_missing", line=short_text(draft))
    return Choice(MARGIN, sale.home_rates, Zero.ASK)


def margin_rate(sale: Sale) -> Decimal:
    """The standard rate of home, for margin goods that the shop sells at 0% (R42)."""
    return max(sale.home_rates or (ZERO,))


def _has_normal_goods(drafts: list[Draft]) -> bool:
    return bool(_normal_goods(drafts))


def _normal_goods(drafts: list[Draft]) -> list[Draft]:
    return [d for d in taxed(drafts) if d.kind is Kind.GOODS and not d.margin]


def _sells_normal_goods_abroad(sale: Sale, drafts: list[Draft]) -> bool:
    """Normal goods with the customer's VAT: that is no Dutch VAT, even when the rate is (R46)."""
    if sale.area is not Area.EU or sale.region != sale.country:
        return False
    rates = positive_rates(_normal_goods(drafts))
    return bool(rates) and all_fit(rates, sale.country_rates)
