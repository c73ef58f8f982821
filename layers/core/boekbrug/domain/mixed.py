"""Lines whose rate is missing or contradicts the amounts -> a rate that fits (R54, R66)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

from boekbrug.domain.amounts import CENT, HUNDRED, ZERO, plain
from boekbrug.domain.lines import Draft, Kind
from boekbrug.domain.linetexts import short_text
from boekbrug.domain.rates import Rates, fitting, possible
from boekbrug.domain.sale import Sale

_MOST_COMBINATIONS = 1000


def settle_rates(sale: Sale, drafts: list[Draft]) -> list[Draft]:
    """The drafts with a rate each; lines spread over rates are split (R66)."""
    if _all_alike(drafts):
        return drafts
    _mark_blends(sale, drafts)
    if not any(draft.suspect for draft in drafts):
        return drafts
    _complete_last_gross(sale, drafts)
    for draft in drafts:
        if draft.suspect:
            _from_range(sale, draft, drafts)
    left = [draft for draft in drafts if draft.suspect]
    _by_combination(sale, left, drafts)
    return [part for draft in drafts for part in _split(sale, draft, drafts)]


def _all_alike(drafts: list[Draft]) -> bool:
    """Most orders: one rate, nothing odd."""
    first = drafts[0].rate if drafts else None
    return not [draft for draft in drafts if draft.suspect or draft.rate != first]


def _mark_blends(sale: Sale, drafts: list[Draft]) -> None:
    """Shipping at 15.3% next to 9% and 21% goods is a blend, not a rate (R66)."""
    occurring = {draft.rate for draft in drafts if draft.kind is Kind.GOODS}
    for draft in drafts:
        if draft.side and draft.rate and not draft.suspect and draft.rate not in occurring:
            draft.suspect = fitting(draft.rate, _allowed(sale)) is None and bool(occurring)


def _allowed(sale: Sale) -> Rates:
    """Every rate that may occur: of the home country and of the customer's."""
    return tuple({*(sale.home_rates or ()), *(sale.country_rates or ()), ZERO})


def _occurring(drafts: list[Draft]) -> dict[Decimal, Decimal]:
    """The rates on the invoice that are certain, with how much was sold at them."""
    amounts: dict[Decimal, Decimal] = {}
    for draft in drafts:
        if not (draft.suspect or draft.voucher or draft.free) and draft.rate is not None:
            amounts[draft.rate] = amounts.get(draft.rate, ZERO) + abs(draft.net)
    return amounts


def _complete_last_gross(sale: Sale, drafts: list[Draft]) -> None:
    """One line without any VAT: it holds what the others leave of the order's total (R66)."""
    bare = [draft for draft in drafts if draft.suspect and draft.gross is None]
    if len(bare) != 1 or bare[0].rate is not None:
        return
    others = sum((draft.known_gross for draft in drafts if draft is not bare[0]), ZERO)
    gross = sale.order.total * sale.factor - others
    if ZERO <= (gross - bare[0].net) * bare[0].net <= bare[0].net * bare[0].net:
        bare[0].gross = gross


def _from_range(sale: Sale, draft: Draft, drafts: list[Draft]) -> None:
    """The one rate that the amounts allow; rates that are on the invoice go first (R54)."""
    if draft.gross is None:
        return
    occurring = _occurring(drafts)
    allowed = _allowed_beside(sale, occurring) if draft.side and occurring else _allowed(sale)
    found = possible(draft.net, draft.gross - draft.net, allowed)
    if len(found) > 1:
        found = [rate for rate in found if rate in occurring] or found
        found = [max(found, key=lambda rate: occurring.get(rate, ZERO))]
    if found:
        _settle(sale, draft, found[0])


def _allowed_beside(sale: Sale, occurring: dict[Decimal, Decimal]) -> Rates:
    """For a side line: beside several rates another one that happens to fit is a blend (R66).

    Beside one rate nothing can be a blend; but 0% is no rate of costs on taxed goods.
    """
    if len(occurring) > 1:
        return tuple(occurring)
    return tuple(rate for rate in _allowed(sale) if rate or rate in occurring)


def _settle(sale: Sale, draft: Draft, rate: Decimal) -> None:
    draft.rate, draft.suspect = rate, False
    sale.findings.add("rate_derived", line=short_text(draft), rate=plain(rate))


def _by_combination(sale: Sale, left: list[Draft], drafts: list[Draft]) -> None:
    """Several lines without VAT: the only rates whose sum hits the order's total (R66, 3)."""
    bare = [draft for draft in left if draft.gross is None]
    rates = tuple(_occurring(drafts))
    if not bare or len(rates) ** len(bare) > _MOST_COMBINATIONS:
        return
    settled = sum((draft.known_gross for draft in drafts if draft not in bare), ZERO)
    wanted = sale.order.total * sale.factor - settled
    hits = [
        chosen
        for chosen in product(rates, repeat=len(bare))
        if abs(_gross_at(bare, chosen) - wanted) <= CENT / 2
    ]
    if len(hits) == 1:
        for draft, rate in zip(bare, hits[0], strict=True):
            _settle(sale, draft, rate)


def _gross_at(drafts: list[Draft], rates: tuple[Decimal, ...]) -> Decimal:
    pairs = zip(drafts, rates, strict=True)
    return sum((draft.net * (HUNDRED + rate) / HUNDRED for draft, rate in pairs), ZERO)


def _split(sale: Sale, draft: Draft, drafts: list[Draft]) -> Iterator[Draft]:
    """A line that is still not settled: over two rates, pro rata, or as it is with a warning."""
    if not draft.suspect:
        yield draft
        return
    occurring = _occurring(drafts)
    if draft.side and len(occurring) == 2 and draft.gross is not None:
        parts = _over_two(draft, min(occurring), max(occurring))
        if parts:
            sale.findings.add("mixed_split", line=short_text(draft))
            yield from parts
            return
    if draft.side and len(occurring) > 1:
        sale.findings.add("mixed_pro_rata", line=short_text(draft))
        yield from _pro_rata(draft, drafts)
        return
    yield _unclear(sale, draft, occurring)


def _over_two(draft: Draft, low: Decimal, high: Decimal) -> list[Draft]:
    """The only division over two rates that gives the line's VAT, in its sign (R66)."""
    vat = (draft.gross or ZERO) - draft.net
    at_high = (vat * HUNDRED - draft.net * low) / (high - low)
    at_low = draft.net - at_high
    if at_high * draft.net < 0 or at_low * draft.net < 0:
        return []
    return [_part(draft, at_low, low), _part(draft, at_high, high)]


def _pro_rata(draft: Draft, drafts: list[Draft]) -> list[Draft]:
    """Divided like the articles, so that the amount including VAT stays what it was."""
    articles = [other for other in drafts if other.kind is Kind.GOODS] or drafts
    weights = _occurring(articles) or _occurring(drafts)
    whole = sum((net * (HUNDRED + rate) for rate, net in weights.items()), ZERO)
    gross = draft.known_gross
    return [_part(draft, gross * net * HUNDRED / whole, rate) for rate, net in weights.items()]


def _part(draft: Draft, net: Decimal, rate: Decimal) -> Draft:
    gross = net * (HUNDRED + rate) / HUNDRED
    return replace(draft, net=net, gross=gross, rate=rate, part=True, suspect=False)


def _unclear(sale: Sale, draft: Draft, occurring: dict[Decimal, Decimal]) -> Draft:
    """Nothing fits: as the shop gave it, to be looked at by a person (R54)."""
    sale.findings.add("rate_unclear", line=short_text(draft))
    if draft.rate is None:
        most = max(occurring, key=lambda rate: occurring[rate], default=None)
        standard = max(sale.home_rates or (ZERO,))
        draft.rate = standard if most is None else most
    draft.suspect = False
    return draft
