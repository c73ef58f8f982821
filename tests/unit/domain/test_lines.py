"""Order lines as invoice lines: order, units, texts, numbers, natures (R29, R61-R78)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boekbrug.domain.order import Article, ArticleOption, OrderLine, Price
from tests.unit.domain.builders import (
    book,
    codes,
    line,
    order,
    price,
    rows,
    shipping,
    warnings,
)


def products(*lines: OrderLine, **choices: object) -> list[str]:
    """The texts of the invoice lines."""
    return [one.product for one in book(order(*lines), **choices).lines]


def test_order_of_lines() -> None:
    """Goods, shipping, payment, other costs, discounts, vouchers; nothing is dropped (R61)."""
    invoice = book(
        order(
            line("-5.00", "0", kind="gift_card", text="Bon"),
            line("-1.21", kind="discount", text="Korting"),
            line("2.42", kind="surcharge", text="Toeslag"),
            line("0.50", kind="payment", text="iDEAL"),
            shipping("6.05"),
            line("12.10", text="Mok"),
            line("24.20", kind="custom", text="Gravure"),
        )
    )
    texts = [one.product for one in invoice.lines]
    assert texts == ["Mok", "Gravure", "Verzendkosten", "iDEAL", "Toeslag", "Korting", "Bon"]
    assert invoice.lines[4].unitprice == Decimal("2.0000")


def test_unknown_line_type() -> None:
    """A type nobody has seen is converted like any other, and noted (R61)."""
    invoice = book(order(line(), line("2.42", kind="fairy_dust", text="Stof")))
    assert (rows(invoice)[1], invoice.concept) == (("1", "2.0000", "21"), False)
    assert codes(invoice) == ["line_type_unknown"]


@pytest.mark.parametrize("quantity", ["1", None, "0"])
def test_per_unit(quantity: str | None) -> None:
    """Per unit from the whole line; no or zero quantity is one (R62)."""
    assert rows(book(order(line("12.10", quantity=quantity)))) == [("1", "10.0000", "21")]
    four = book(order(line("32.00", "21", "4", net="26.446281")))
    assert rows(four) == [("4", "6.6116", "21")]


def test_article_prices_do_not_count() -> None:
    """Options are missing in the price of an article: the line's own price counts (R62, F1)."""
    assert rows(book(order(line("29.90", "21", "2")))) == [("2", "12.3554", "21")]


def test_quantity_with_decimals() -> None:
    """Two decimals are kept; more would be lost, so the line is sent as one piece (R62, R64)."""
    assert rows(book(order(line("30.25", "21", "2.5")))) == [("2.5", "10.0000", "21")]
    fine = book(order(line("30.25", "21", "0.125", text="Stof")))
    assert rows(fine) == [("1", "25.0000", "21")]
    assert fine.lines[0].product == "0,125 x Stof"


def test_large_quantities() -> None:
    """500 stickers would lose a cent: sent as one piece with the number in the text (R64)."""
    invoice = book(order(line("125.00", "21", "500", text="Sticker")))
    assert rows(invoice) == [("1", "103.3058", "21")]
    assert invoice.lines[0].product == "500 x Sticker"
    assert invoice.total == 125


def test_line_over_several_rates() -> None:
    """Every rate of a line becomes a line that says so (R65, F10)."""
    parts = (price("2.00", "9", "1.834862"), price("3.00", "21", "2.479339"))
    invoice = book(order(line("10.90", "9"), line(), shipping(prices=parts)))
    assert rows(invoice)[2:] == [("1", "1.8349", "9"), ("1", "2.4793", "21")]
    texts = [one.product for one in invoice.lines[2:]]
    assert texts == ["Verzendkosten (9% btw)", "Verzendkosten (21% btw)"]


def test_list_of_one_rate() -> None:
    """One rate in a list is an ordinary line (R65, F4)."""
    assert products(line(), shipping(prices=(price("6.05"),)))[1] == "Verzendkosten"


def test_bundle_over_several_rates() -> None:
    """A bundle with a price per rate keeps its number in the text (R65, R78)."""
    parts = (price("21.80", "9"), price("24.20", "21"))
    invoice = book(order(line(quantity="2", text="Pakket", prices=parts)))
    assert rows(invoice) == [("1", "20.0000", "9"), ("1", "20.0000", "21")]
    assert invoice.lines[0].product == "2 x Pakket (9% btw)"


def test_texts() -> None:
    """The line's own text without HTML and entities, white space collapsed (R67)."""
    assert products(line(text="<b>Mok</b>&nbsp;&amp;  schotel<br>blauw")) == ["Mok & schotel blauw"]
    assert products(line(text="5 < 6 mm")) == ["5 < 6 mm"]


def test_options_in_the_text() -> None:
    """Options that the text does not name are added, those it names are not (R67)."""
    chosen = ["Maat: L", "Kleur: Blauw"]
    assert products(line(text="T-shirt", options=chosen)) == ["T-shirt (Maat: L, Kleur: Blauw)"]
    named = "T-shirt, Maat: L, Kleur: Blauw"
    assert products(line(text=named, options=chosen)) == [named]
    half = "T-shirt maat L"
    assert products(line(text=half, options=chosen)) == ["T-shirt maat L (Kleur: Blauw)"]


def test_text_from_the_article() -> None:
    """Without a text of its own a line has that of its article and options (R67)."""
    bare = replace(line(text="T-shirt", options=["Maat: L"]), description="")
    assert products(bare) == ["T-shirt (Maat: L)"]


def test_action_price_is_no_option() -> None:
    """An action price among the options was not chosen by the customer (R67)."""
    options = (ArticleOption("Maat: L", "9"), ArticleOption("Actieprijs", ""))
    article = Article("T-shirt", "TS", None, options)
    shirt = replace(line(text="T-shirt, Maat: L"), articles=(article,))
    assert products(shirt) == ["T-shirt, Maat: L"]


def test_item_numbers() -> None:
    """The SKU; of a bundle all of them; else none (R68, R78)."""
    bundle = replace(line(), articles=(Article("A", "A1"), Article("B", " B2 ")))
    invoice = book(order(line(sku="TS-L"), bundle, line(sku="P&amp;S"), line(sku=""), shipping()))
    assert [one.itemnumber for one in invoice.lines] == ["TS-L", "A1+B2", "P&S", "", ""]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("shipping", "Verzendkosten"),
        ("payment", "Betaalkosten"),
        ("discount", "Korting (ZOMER10)"),
        ("gift_card", "Cadeaubon"),
        ("surcharge", "Overige kosten"),
    ],
)
def test_default_texts(kind: str, text: str) -> None:
    """A line without a text says what it is; a discount names its code (R69)."""
    what = order(line("100.00"), line("-1.21", kind=kind, text=""), discount_code="ZOMER10")
    assert book(what).lines[1].product == text


def test_payment_costs() -> None:
    """Payment costs without a text, at their own rate (R69, R72)."""
    invoice = book(order(line("100.00"), line("0.50", kind="payment", text="")))
    assert rows(invoice)[1] == ("1", "0.4132", "21")


def test_natures() -> None:
    """By setting, by rule, or left out; side lines follow the largest amount (R29, R70)."""
    what = order(line("90.00", sku="CURSUS-1"), line("10.00", sku="MOK"), shipping("5.00"))

    def natures(**choices: object) -> list[str]:
        return [one.nature for one in book(what, **choices).lines]

    assert natures() == ["Product", "Product", "Product"]
    assert natures(sells="services") == ["Service", "Service", "Service"]
    assert natures(sells="both", service_skus=["cursus-*"]) == ["Service", "Product", "Service"]
    assert natures(sells="both") == ["", "", ""]


def test_sku_patterns() -> None:
    """A star stands for anything, case does not matter, other signs mean themselves (R29)."""
    what = order(line(sku="A[1]-9"))

    def nature(pattern: str) -> str:
        return book(what, sells="both", service_skus=[pattern]).lines[0].nature

    assert nature("a[1]-*") == "Service"
    assert nature("A[1]-9") == "Service"
    assert nature("A[1]-") == "Product"
    assert nature("*") == "Service"


def test_shipping_keeps_its_rate() -> None:
    """21% on shipping of 9% goods is the merchant's choice (R72)."""
    invoice = book(order(line("10.90", "9"), shipping("4.95")))
    assert rows(invoice) == [("1", "10.0000", "9"), ("1", "4.0909", "21")]
    assert codes(invoice) == []


def test_free_shipping() -> None:
    """Free shipping stays unless it is switched off; free articles always stay (R73)."""
    what = order(line(), line("0.00", text="Monster"), shipping("0.00"))
    assert len(book(what).lines) == 3
    assert [one.product for one in book(what, send_free_shipping=False).lines] == ["Mok", "Monster"]
    alone = order(shipping("0.00"))
    assert len(book(alone, send_free_shipping=False).lines) == 1


def test_discounts() -> None:
    """A discount is a negative line per rate (R74)."""
    parts = (price("-4.00", "9"), price("-6.00", "21"))
    lines = (line("40.00", "9"), line("60.00"), line(kind="discount", text="Korting", prices=parts))
    assert rows(book(order(*lines)))[2:] == [("1", "-3.6697", "9"), ("1", "-4.9587", "21")]


@pytest.mark.parametrize("kind", ["gift_card", "giftcard", "store_credit", "voucher", "Gift-Card"])
def test_paid_with_a_gift_card(kind: str) -> None:
    """A redeemed gift card is a payment: VAT free, the goods keep their VAT (R75)."""
    invoice = book(order(line("121.00"), line("-25.00", "0", kind=kind, text="Bon")))
    assert rows(invoice) == [("1", "100.0000", "21"), ("1", "-25.0000", "-1")]
    assert (invoice.total, invoice.concept, invoice.vattype) == (96, False, 1)


def test_gift_card_with_vat_on_it() -> None:
    """What a redeemed card was worth includes whatever VAT the shop shows (R75)."""
    invoice = book(order(line("121.00"), line("-25.00", "21", kind="gift_card")))
    assert rows(invoice)[1] == ("1", "-25.0000", "-1")


def test_gift_card_abroad() -> None:
    """A redeemed gift card goes with any type (R75, R60)."""
    card = line("-25.00", "0", kind="gift_card", text="Bon")
    german = book(order(line("119.00", "19"), card, country="DE"))
    assert (german.vattype, german.concept, rows(german)[1][2]) == (6, False, "-1")
    export = order(line("100.00", "0"), card, country="CH", tax_strategy="zero_percent")
    assert (book(export).vattype, rows(book(export))[1][2]) == (4, "-1")


def test_gift_card_sold() -> None:
    """A card for any purpose is sold VAT free, type 1, without warning (R76)."""
    card = line("50.00", "0", kind="gift_card", text="Cadeaubon")
    for country in ("NL", "DE", "CH"):
        invoice = book(order(card, country=country))
        assert (invoice.vattype, invoice.concept) == (1, False)
        assert rows(invoice) == [("1", "50.0000", "-1")]
    single = book(order(line("60.50", "21", kind="gift_card")))
    assert rows(single) == [("1", "50.0000", "21")]


def test_gift_card_sold_beside_foreign_goods() -> None:
    """A sold card does not fit beside VAT of another country (R60, R76)."""
    card = line("50.00", "0", kind="gift_card", text="Cadeaubon")
    assert warnings(book(order(line("119.00", "19"), card, country="DE"))) == ["vat_free_unfit"]


def test_deposit() -> None:
    """Deposits and custom lines are converted by amount and rate (R77)."""
    deposit = line("1.25", "0", kind="deposit", text="Statiegeld")
    invoice = book(order(line(), deposit), zero_rate_means="vat_free")
    assert (rows(invoice)[1], invoice.concept) == (("1", "1.2500", "-1"), False)


def test_line_without_price() -> None:
    """A line that has no price is kept as a free line; the total tells whether one is missing."""
    invoice = book(order(line(), line(text="Kaart", prices=())))
    assert (rows(invoice)[1], invoice.concept) == (("1", "0.0000", "21"), False)


def test_negative_quantity() -> None:
    """Amounts count, a minus on the quantity does not (R62, R110)."""
    what = order(line("121.00"), line("-12.10", quantity="-1", text="Retour"))
    assert rows(book(what))[1] == ("1", "-10.0000", "21")


def test_line_before_gross_amounts_existed() -> None:
    """Lines of before April 2019 have no amount including VAT (F1)."""
    old = replace(line(), prices=(Price(Decimal("10.00"), None, Decimal(21)),))
    assert rows(book(order(old, total="12.10"))) == [("1", "10.0000", "21")]
