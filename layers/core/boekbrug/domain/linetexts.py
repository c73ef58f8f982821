"""What a line says: product text, article number, nature (R64, R65, R67-R70)."""

from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

from boekbrug.domain.amounts import dutch_number
from boekbrug.domain.lines import Draft, Kind
from boekbrug.domain.nature import nature_of
from boekbrug.domain.order import Article, OrderLine
from boekbrug.domain.sale import Sale

_MARK = "|"
_UNTIDY = ("<", "&", "  ", f" {_MARK}", f"{_MARK} ")
"""Markup, entities, and spaces that are not one between two words."""

_DEFAULTS = {
    Kind.GOODS: "Artikel",
    Kind.SHIPPING: "Verzendkosten",
    Kind.PAYMENT: "Betaalkosten",
    Kind.OTHER: "Overige kosten",
    Kind.DISCOUNT: "Korting",
    Kind.VOUCHER: "Cadeaubon",
}


def product_text(draft: Draft, sale: Sale, quantity: Decimal | None) -> str:
    """The text of a line; ``quantity`` is put before it when the line is sent as one piece (R64).

    One of several rates says which (R65).
    """
    text = described(draft, sale)
    if quantity is not None:
        text = f"{dutch_number(quantity)} x {text}"
    if draft.part and draft.rate is not None:
        text = f"{text} ({dutch_number(max(draft.rate, Decimal(0)))}% btw)"
    return text


def item_number(line: OrderLine) -> str:
    """The SKUs of the articles, joined with a plus (R68): entities decoded, signs left alone."""
    return "+".join([sku for article in line.articles if (sku := _decoded(article.sku))])


def _decoded(sku: str) -> str:
    """An article number is no text of a page: what looks like markup in it belongs to it."""
    return " ".join((unescape(sku) if "&" in sku else sku).split())


def line_nature(draft: Draft, sale: Sale) -> str:
    """Side lines follow the nature of most of the order (R29, R70)."""
    if sale.settings.sells != "both" or not draft.line.articles:
        return sale.nature
    return nature_of(draft.line, sale.settings)


def short_text(draft: Draft) -> str:
    """A line as messages name it: by the shop's own articles only.

    Messages are kept and mailed; a line's description and options may hold what a customer typed.
    """
    articles = (clean(article.description) for article in draft.line.articles)
    text = " + ".join(filter(None, articles)) or _DEFAULTS[draft.kind]
    return text if len(text) <= 40 else f"{text[:39]}…"


def described(draft: Draft, sale: Sale) -> str:
    """The text of a line by itself (R67, R69)."""
    line = draft.line
    text = clean(line.description)
    if not text and line.articles:
        text = " + ".join(filter(None, (clean(article.description) for article in line.articles)))
    if not text:
        return _default(draft, sale)
    for article in line.articles:
        if article.options:
            return _with_options(line, text)
    return text


def _with_options(line: OrderLine, text: str) -> str:
    """The options that the description does not name yet, in brackets (R67)."""
    missing = [o for article in line.articles for o in _options(article) if not _in(o, text)]
    return f"{text} ({', '.join(missing)})" if missing else text


def _default(draft: Draft, sale: Sale) -> str:
    """R69; a discount names its code."""
    code = clean(sale.order.discount_code)
    if draft.kind is Kind.DISCOUNT and code:
        return f"{_DEFAULTS[Kind.DISCOUNT]} ({code})"
    return _DEFAULTS[draft.kind]


def _options(article: Article) -> list[str]:
    """The chosen options; an action price is listed among them but was not chosen."""
    options = article.options
    chosen = [option for option in options if option.list_option_id] or options
    return [text for option in chosen if (text := clean(option.description))]


def _in(option: str, text: str) -> bool:
    """Whether the description says it already, as "Maat: L" or as "Maat L"."""
    folded = text.casefold().replace(":", "")
    return option.casefold().replace(":", "") in folded


def clean_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    """``clean`` for several texts; most need nothing, and that shows at one look."""
    joined = f"{_MARK}{_MARK.join(texts)}{_MARK}"
    if joined.isprintable() and not [sign for sign in _UNTIDY if sign in joined]:
        return texts
    return tuple(map(clean, texts))


def clean(text: str) -> str:
    """Without HTML, entities decoded, white space collapsed (R67, R88)."""
    if "<" in text or "&" in text:
        text = _without_markup(text)
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    reader = _TextOnly()
    reader.feed(text)
    reader.close()
    return unescape("".join(reader.texts)) if reader.texts else ""


class _TextOnly(HTMLParser):
    """Keeps what a browser would show; a bare "<" is text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in ("br", "p", "li", "div"):
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
