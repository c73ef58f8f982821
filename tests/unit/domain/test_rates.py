"""VAT rates: where they come from, and what missing or odd ones become (R46, R52-R60, R66)."""

from datetime import date
from decimal import Decimal

import pytest

from boekbrug.domain.facts import VatPeriod, VatRate
from boekbrug.domain.invoice import Hold
from boekbrug.domain.order import Price
from boekbrug.domain.rates import countries_needed, dutch_rates, fitting, possible, rates_on
from tests.unit.domain.builders import (
    DAY,
    RATES,
    book,
    codes,
    credit_of,
    facts,
    line,
    order,
    outcome,
    rows,
    settings,
    shipping,
    warnings,
)

DUTCH = (Decimal(21), Decimal(9), Decimal(0))


def test_rate_is_leading() -> None:
    """Amount, rate and amount including VAT may disagree by a cent (R52)."""
    what = order(line("30.00", "21", net="24.793388"))
    assert (rows(book(what)), codes(book(what))) == ([("1", "24.7934", "21")], [])
    assert codes(book(order(line("12.11", "21", net="10.00")))) == []


def test_rounding_of_every_piece_is_no_contradiction() -> None:
    """A shop that rounds the price of each of seven pieces is not wrong (R52)."""
    what = order(line("84.77", "21", "7", net="70.07"))
    invoice = book(what)
    assert (codes(invoice), invoice.total) == ([], Decimal("84.77"))


@pytest.mark.parametrize(
    ("means", "rate", "warned"),
    [("not_sold", "0", ["zero_rate_not_sold"]), ("vat_free", "-1", []), ("zero_rate", "0", [])],
)
def test_what_zero_means(means: str, rate: str, warned: list[str]) -> None:
    """A line at 0% is what the merchant says that it is (R53)."""
    invoice = book(order(line("200.00", "0"), line("12.10")), zero_rate_means=means)
    assert (rows(invoice)[0][2], warnings(invoice), invoice.vattype) == (rate, warned, 1)


def test_small_business_scheme() -> None:
    """Under the small-business scheme every line is VAT free, type 1, wherever it goes (R53)."""
    for country in ("NL", "BE"):
        invoice = book(
            order(line("20.00", "0"), shipping("5.00", "0"), country=country),
            zero_rate_means="vat_free",
        )
        assert (invoice.vattype, invoice.concept) == (1, False)
        assert {row[2] for row in rows(invoice)} == {"-1"}


def test_vat_free_cannot_stand_beside_foreign_vat() -> None:
    """-1 is for types 1 and 5 only (R53, R60)."""
    what = order(line("11.90", "19"), line("5.00", "0"), country="DE")
    assert warnings(book(what, zero_rate_means="vat_free")) == ["vat_free_unfit"]


def test_zero_rate_abroad_must_exist_there() -> None:
    """Ireland has a zero rate, Germany has none (R46, R53)."""
    irish = order(line("12.30", "23"), line("5.00", "0"), country="IE")
    german = order(line("11.90", "19"), line("5.00", "0"), country="DE")
    assert warnings(book(irish, zero_rate_means="zero_rate")) == []
    assert warnings(book(german, zero_rate_means="zero_rate")) == ["rate_unfit"]


def test_possible_rates() -> None:
    """The range that rounded amounts leave holds exactly one rate (R54)."""
    assert possible(Decimal("4.13"), Decimal("0.87"), DUTCH) == [21]
    assert possible(Decimal("1.89"), Decimal("0.17"), DUTCH) == [9]
    assert possible(Decimal("-4.13"), Decimal("-0.87"), DUTCH) == [21]
    assert possible(Decimal("4.13"), Decimal("0.60"), DUTCH) == []
    assert possible(Decimal("0.02"), Decimal("0.00"), DUTCH) == [21, 9, 0]


def test_missing_rate_is_derived() -> None:
    """A missing rate follows from the amounts and is told (R54)."""
    what = order(line("5.00", None, net="4.13"))
    assert (rows(book(what)), codes(book(what))) == ([("1", "4.1300", "21")], ["rate_derived"])


def test_contradicting_rate_is_corrected() -> None:
    """The amounts say 9 where the line says 21 (R54)."""
    what = order(line("2.06", "21", net="1.89"))
    assert (rows(book(what))[0][2], codes(book(what))) == ("9", ["rate_derived"])


def test_several_possible_rates() -> None:
    """A cent fits every rate: the one on the invoice, then the one most was sold at (R54)."""
    few = order(line("12.10"), line("0.02", None, net="0.02"))
    assert rows(book(few))[1][2] == "21"
    more = order(line("109.00", "9"), line("12.10"), line("0.02", None, net="0.02"))
    assert rows(book(more))[2][2] == "9"


def test_no_rate_fits() -> None:
    """Nothing fits: the amounts stay and a person looks (R54)."""
    what = order(line("11.50", None, net="10.00"))
    assert warnings(book(what)) == ["rate_unclear"]
    kept = order(line("11.50", "21", net="10.00"))
    assert (warnings(book(kept)), rows(book(kept))[0][2]) == (["rate_unclear"], "21")


def test_failed_look_up() -> None:
    """Home goes on with the built-in table, foreign orders wait (R55)."""
    nothing = facts(vat_rates={})
    assert not book(order(), nothing).concept
    found = outcome(order(line("11.90", "19"), country="DE"), nothing)
    assert isinstance(found, Hold)
    assert (found.reason, found.waits) == ("vat_rates_missing", True)
    assert isinstance(outcome(order(line("12.00", "20"), country="GB"), nothing), Hold)


def test_no_rates_needed() -> None:
    """Reverse charge, export and Dutch VAT outside the EU need no foreign rates (R55)."""
    nothing = facts(vat_rates={})
    zero = line("100.00", "0")
    assert book(order(zero, country="CH", tax_strategy="zero_percent"), nothing).vattype == 4
    charged = order(
        zero,
        country="BE",
        company="X",
        vat_number="BE0123456749",
        tax_strategy="reverse_charged_vat",
    )
    assert book(charged, nothing).vattype == 3
    assert book(order(country="GB"), nothing).vattype == 1


def test_tax_date_decides() -> None:
    """The order's day decides about its rates, not the day of sending (R56)."""
    what = order(line("10.60", "6"), on=date(2018, 12, 31))
    invoice = book(what, issue_date="transfer_date")
    assert (invoice.concept, invoice.issuedate) == (False, None)
    assert dutch_rates(date(2019, 1, 1)) == DUTCH
    assert dutch_rates(date(2012, 9, 30))[0] == 19
    assert (dutch_rates(date.min)[0], dutch_rates(date.max)) == (19, DUTCH)


def test_built_in_table_fills_gaps() -> None:
    """Periods that do not reach the tax date leave the built-in Dutch table (R55)."""
    recent = {"NL": (VatPeriod(date(2019, 1, 1), None, 1, (VatRate(Decimal(21)),)),)}
    assert rates_on(recent, "NL", date(2018, 1, 1)) == (21, 6, 0)
    assert rates_on(recent, "NL", DAY) == (21,)
    assert rates_on(RATES, "DE", date(2014, 1, 1)) == ()
    assert rates_on(RATES, "SI", DAY) is None


def test_the_newest_of_two_periods_that_share_their_border() -> None:
    """New rates count from their start, whatever a list calls the last day of the old (R46)."""
    border = date(2019, 1, 1)
    old = VatPeriod(None, border, 1, (VatRate(Decimal(6)),))
    new = VatPeriod(border, None, 1, (VatRate(Decimal(9)),))
    for periods in ((old, new), (new, old)):
        assert rates_on({"NL": periods}, "NL", border) == (9,)
        assert rates_on({"NL": periods}, "NL", date(2018, 12, 31)) == (6,)


def test_vat_free_is_no_rate_of_a_country() -> None:
    """Acumulus lists -1 for the Netherlands: it allows no line at -1% (A4)."""
    listed = {"NL": (VatPeriod(None, None, 2, tuple(VatRate(Decimal(r)) for r in (21, -1))),)}
    assert rates_on(listed, "NL", DAY) == (21,)


@pytest.mark.parametrize(
    ("country", "rate", "gross"),
    [("FI", "25.50", "12.55"), ("FR", "5.5", "10.55"), ("FR", "2.1", "10.21")],
)
def test_rates_with_decimals(country: str, rate: str, gross: str) -> None:
    """25.5% is not rounded to whole percents (R57)."""
    invoice = book(order(line(gross, rate), country=country, tax_region=country))
    assert (invoice.vattype, invoice.concept) == (6, False)
    assert rows(invoice)[0][2] == format(Decimal(rate).normalize(), "f")


def test_rates_are_compared_as_numbers() -> None:
    """Trailing zeros and a five-thousandth do not matter (R57)."""
    assert fitting(Decimal("21.0000"), DUTCH) == 21
    assert fitting(Decimal("20.995"), DUTCH) == 21
    assert fitting(Decimal("20.99"), DUTCH) is None


@pytest.mark.parametrize(
    ("country", "postcode", "rate", "gross"),
    [
        ("PT", "9000-001", "22", "12.20"),
        ("PT", "9500-100", "9", "10.90"),
        ("AT", "6691", "19", "11.90"),
        ("AT", "6992", "19", "11.90"),
    ],
)
def test_regional_rates(country: str, postcode: str, rate: str, gross: str) -> None:
    """Madeira, the Azores, Jungholz and Mittelberg have rates of their own (R58)."""
    what = order(line(gross, rate), country=country, zipcode=postcode, tax_region=country)
    assert warnings(book(what)) == ["regional_rate"]


def test_national_rate_in_such_a_region() -> None:
    """A listed rate is fine there too (R58)."""
    what = order(line("12.30", "23"), country="PT", zipcode="9000-001", tax_region="PT")
    assert not book(what).concept


def test_free_lines() -> None:
    """A line of 0.00 gets the invoice's highest rate and is no reason to warn (R59)."""
    gift = line("0.00", "0", text="Cadeau")
    invoice = book(order(line("10.90", "9"), line("12.10"), gift))
    assert (rows(invoice)[2], invoice.concept) == (("1", "0.0000", "21"), False)
    assert rows(book(order(line("10.90", "9"), line("0.00", "21"))))[1][2] == "21"
    assert rows(book(order(line("12.10"), line("0.00", None))))[1][2] == "21"
    assert not book(order(gift)).concept


def test_free_lines_follow_the_type() -> None:
    """On an export a free line has 0, on VAT free services -1 (R59, R60)."""
    lines = (line("100.00", "0"), shipping("0.00", "21"))
    what = order(*lines, country="CH", tax_strategy="zero_percent")
    assert rows(book(what))[1][2] == "0"
    assert rows(book(what, sells="services"))[1][2] == "-1"
    german = order(line("11.90", "19"), shipping("0.00", "21"), country="DE")
    assert (rows(book(german))[1][2], book(german).concept) == ("19", False)


def test_discounts_at_zero_stay_zero() -> None:
    """Types 2, 3 and 4 carry 0 on every line, also on discounts (R60)."""
    lines = (line("100.00", "0"), line("-10.00", "0", kind="discount"))
    what = order(
        *lines,
        country="BE",
        company="X",
        vat_number="BE0123456749",
        tax_strategy="reverse_charged_vat",
    )
    assert [row[2] for row in rows(book(what))] == ["0", "0"]


# --------------------------------------------------------------------------- R66


def discount(net: str, gross: str | None, rate: str | None = None) -> object:
    """An old discount line, with one price and no rate."""
    value = None if gross is None else Decimal(gross)
    one = Price(Decimal(net), value, None if rate is None else Decimal(rate))
    return line(kind="discount", text="Korting", prices=(one,))


def test_mixed_line_is_split_exactly() -> None:
    """12.00 with 2.04 VAT over 9 and 21 is 4.00 and 8.00 (R66, 2)."""
    what = order(line("109.00", "9"), line("242.00"), discount("-12.00", "-14.04"))
    invoice = book(what)
    assert rows(invoice)[2:] == [("1", "-4.0000", "9"), ("1", "-8.0000", "21")]
    assert (invoice.concept, codes(invoice)) == (False, ["mixed_split"])


def test_mixed_line_from_the_total() -> None:
    """Without an amount including VAT the order's total tells it (R66)."""
    what = order(line("109.00", "9"), line("242.00"), discount("-12.00", None), total="336.96")
    assert rows(book(what))[2:] == [("1", "-4.0000", "9"), ("1", "-8.0000", "21")]


def test_mixed_line_with_the_rate_of_the_others() -> None:
    """One rate on the invoice: the discount has it too (R66, 1)."""
    what = order(line("121.00"), discount("-10.00", None), total="108.90")
    assert rows(book(what))[1] == ("1", "-10.0000", "21")
    assert not book(what).concept


def test_other_rate_beside_one_rate() -> None:
    """Beside goods at one rate nothing can be a blend: the rate that fits is the rate (R54)."""
    what = order(line("121.00"), shipping("10.90", None, net="10.000000"))
    assert rows(book(what))[1] == ("1", "10.0000", "9")
    assert (book(what).concept, codes(book(what))) == (False, ["rate_derived"])
    untaxed = order(line("121.00"), shipping("10.00", None, net="10.000000"))
    assert warnings(book(untaxed, zero_rate_means="vat_free")) == ["rate_unclear"]


def test_blended_rate() -> None:
    """Shipping at 15% next to 9% and 21% is a blend of the two (R66)."""
    what = order(line("109.00", "9"), line("121.00"), shipping("11.50", "15"))
    assert rows(book(what))[2:] == [("1", "5.0000", "9"), ("1", "5.0000", "21")]
    assert not book(what).concept


def test_combination_of_rates() -> None:
    """Two lines without VAT: the only rates that hit the total (R66, 3)."""
    what = order(
        line("109.00", "9"),
        line("121.00"),
        discount("-20.00", None),
        discount("-5.00", None),
        total="200.35",  # 230.00 - 24.20 (21%) - 5.45 (9%)
    )
    assert sorted(row[2] for row in rows(book(what))[2:]) == ["21", "9"]
    assert not book(what).concept


def test_mixed_line_pro_rata() -> None:
    """Nothing fits: divided like the articles, for a person to check (R66)."""
    what = order(line("109.00", "9"), line("121.00"), discount("-10.00", "-14.00"))
    invoice = book(what)
    assert warnings(invoice) == ["mixed_pro_rata"]
    assert len(invoice.lines) == 4
    assert invoice.total == Decimal("216.00")


# --------------------------------------------------------------------------- which rates to fetch


def test_countries_needed() -> None:
    """Home always; another country only when its rates may decide (R55)."""

    def needed(what: object, **choices: object) -> list[str]:
        asked = countries_needed(what, settings(**choices), facts().store)
        assert {day for _, day in asked} == {DAY}
        return [country for country, _ in asked]

    assert needed(order()) == ["NL"]
    assert needed(order(country="DE")) == ["NL", "DE"]
    assert needed(order(country="CH")) == ["NL"]
    assert needed(order(country="GB")) == ["NL", "GB"]
    assert needed(order(country="GB", zipcode="BT1 1AA")) == ["NL", "GB"]
    assert needed(order(country="MC")) == ["NL", "FR"]
    assert needed(order(country="NL"), home_country="BE") == ["BE", "NL"]


def test_countries_needed_for_a_credit() -> None:
    """A credit order is judged at its original's day (R111)."""
    original = order(line("10.60", "6"), on=date(2018, 12, 31))
    asked = countries_needed(credit_of(original), settings(), facts().store, original)
    assert asked == (("NL", date(2018, 12, 31)),)
