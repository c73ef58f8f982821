"""Shop beside books: the accountant's page and its files."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest

from boekbrug.journey import period_rows as reading
from boekbrug.journey.after_booking import CHANGED
from boekbrug.journey.ports.findings import Finding, FollowMemory
from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, LedgerRow
from boekbrug.portal.control_csv import cell
from tests.support.ledger_rows import a_row
from tests.support.orders import STORE_ID, order_json
from tests.support.portal_world import PortalWorld, Seen

EVIL = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
EURO = "€\N{NO-BREAK SPACE}"
QUARTER = "/controle?periode=dit-kwartaal"


@pytest.fixture
def world() -> PortalWorld:
    return PortalWorld()


def kept(world: PortalWorld, *rows: LedgerRow) -> None:
    world.ledger.record([(row, None) for row in rows])


def booked(number: str = "1042", **changes: Any) -> LedgerRow:
    """A final invoice of 35.85 euro."""
    about: dict[str, Any] = {
        "order_vat": {"21": Decimal("6.22")},
        "vat": {"21": Decimal("6.22")},
        "posted_total": Decimal("35.85"),
        "entryid": "61000001",
        "invoicenumber": "20260001",
    }
    return a_row(number, BOOKED, **(about | changes))


def held(number: str = "1043", **changes: Any) -> LedgerRow:
    return a_row(number, HELD, **({"reason": "no_lines"} | changes))


def says(page: Seen) -> str:
    """The sentence at the top."""
    found = re.search(r'id="oordeel"[^>]*>(.*?)</h2>', page.text)
    assert found
    return unescape(found[1])


def lit(page: Seen) -> str:
    found = re.search(r'id="oordeel" class="light light-(\w+)"', page.text)
    assert found
    return found[1]


def errors(page: Seen) -> list[tuple[str, str]]:
    """Field and sentence."""
    assert page.status == 422
    return re.findall(r'id="(\w+)-error">([^<]+)<', page.text)


def table(page: Seen) -> list[list[str]]:
    """A file as a spreadsheet would have it."""
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.reader(StringIO(page.text[1:]), delimiter=";"))


# --------------------------------------------------------------------------- one sentence


def test_everything_is_in_the_books(world: PortalWorld) -> None:
    """Fetched and booked as every hour; the reader reads it as well."""
    shop = world.shops.by_token[f"token-of-{STORE_ID}"]
    shop.add(order_json("1042"), order_json("1043"))
    world.hour()

    for browser in (world.owner, world.reader):
        page = browser.get(QUARTER)

        assert says(page) == "Alles van dit kwartaal staat tot nu toe in de boeken."
        assert lit(page) == "good"
        assert page.text.count(">71,70<") == 4  # of the whole and of March, shop and books
        assert "Btw 21%" in page


def test_what_is_not_in_the_books_is_told_with_the_reason(world: PortalWorld) -> None:
    """How many, how much, why, and a link to each order."""
    kept(world, booked(), held(), held("1044"), a_row("1045", SKIPPED, reason="status"))

    page = world.reader.get(QUARTER)

    assert says(page) == (
        f"2 bestellingen ({EURO}71,70) van dit kwartaal staan nog niet in de boeken."
    )
    assert lit(page) == "attention"
    assert f"2 wachten op een keuze ({EURO}71,70)" in page
    assert f"1 is niet te boeken ({EURO}35,85)" in page
    assert "De status van deze bestelling is niet gekozen om te boeken." in page
    assert re.findall(r'class="order-row" href="/bestellingen/(\w+)', page.text) == [
        *("1043", "1044", "1045")
    ]


def test_one_order_is_told_as_one(world: PortalWorld) -> None:
    """With the amount in the currency that nobody turned into euro."""
    kept(world, held(currency="SEK", total=Decimal(1747), reason="no_exchange_rate"))

    page = world.owner.get(QUARTER)

    assert says(page) == (
        "1 bestelling (SEK\N{NO-BREAK SPACE}1.747,00) van dit kwartaal staat nog niet in de boeken."
    )


def test_an_order_that_cannot_be_read_has_no_amount(world: PortalWorld) -> None:
    """It is counted, and said to be unknown."""
    kept(world, a_row("1042", HELD, reason="unreadable_order", total=None), held())

    assert f"({EURO}35,85 + een onbekend bedrag)" in says(world.owner.get(QUARTER))


def test_a_booking_that_differs_is_told_with_its_amounts(world: PortalWorld) -> None:
    """Total and VAT per rate, beside each other."""
    kept(world, booked(), booked("1043", posted_total=Decimal("35.80"), vat={"9": Decimal("2.96")}))

    page = world.owner.get(QUARTER)

    assert says(page) == (
        "Alles van dit kwartaal is geboekt, maar bij 1 bestelling is er iets om na te kijken."
    )
    assert f"Totaal: winkel {EURO}35,85, geboekt {EURO}35,80." in page
    assert f"Btw 21%: winkel {EURO}6,22, geboekt {EURO}0,00." in page
    assert f"Btw 9%: winkel {EURO}0,00, geboekt {EURO}2,96." in page
    assert "af: anders geboekt dan verkocht" in page


def test_what_was_found_after_booking_is_told_here_too(world: PortalWorld) -> None:
    """Of the orders of this period, and of no other."""
    kept(world, booked(), booked("900", order_date=date(2025, 12, 31)))
    for number in ("1042", "900"):
        detail = f"Bestelling {number} is na het boeken gewijzigd."
        world.findings.record(
            Finding(
                code=CHANGED, shop_id=STORE_ID, number=number, detail=detail, at=world.clock.now()
            )
        )

    page = world.owner.get(QUARTER)

    assert lit(page) == "attention"
    assert "Bestelling 1042 is na het boeken gewijzigd." in page
    assert "Bestelling 900" not in page


def test_what_else_there_is_to_look_at_is_counted(world: PortalWorld) -> None:
    """Below the sentence about what is not booked: what differs, and missing numbers."""
    deleted = booked("1003", reason="deleted_in_books")
    kept(world, booked("1001", posted_total=Decimal("35.80")), deleted)

    page = world.owner.get("/controle?van=2026-01-01&tot=2026-03-31")

    assert "van het 1e kwartaal van 2026 staat nog niet in de boeken" in says(page)
    for bullet in (
        f"1 is in Acumulus verwijderd ({EURO}35,85)",
        "bij 1 is er iets om na te kijken",
        "1 nummer ontbreekt",
    ):
        assert f"<li>{bullet}</li>" in page
    assert "De boeking is in Acumulus verwijderd en telt niet meer mee." in page
    assert "Geboekt in Acumulus als factuur" not in page


def test_an_empty_period_leads_to_the_newest_orders(world: PortalWorld) -> None:
    """Nobody has to guess where they are."""
    kept(world, booked(order_date=date(2025, 11, 30)))

    page = world.owner.get(QUARTER)

    assert "De nieuwste bestelling is van 30 november 2025." in page
    assert "/controle?van=2025-10-01&amp;tot=2025-12-31" in page.text
    there = world.owner.get("/controle?van=2025-10-01&tot=2025-12-31")
    assert lit(there) == "good"
    assert "De nieuwste bestelling" not in there


def test_a_shop_without_orders_says_so(world: PortalWorld) -> None:
    """And shows no empty tables."""
    page = world.owner.get(QUARTER)

    assert says(page) == "Van dit kwartaal zijn hier geen bestellingen."
    assert "<table" not in page.text


def test_without_a_shop_there_is_one_to_connect(world: PortalWorld) -> None:
    """Another account sees nothing of this shop, and cannot ask for it."""
    kept(world, booked())

    assert world.stranger.get("/controle").location == "/koppelen"
    for path in ("/controle", "/controle.csv", "/controle/bestellingen.csv"):
        assert world.stranger.get(f"{path}?winkel={STORE_ID}").status == 404
        assert world.guest.get(path).location.startswith("/inloggen")


def test_texts_of_a_row_stay_text(world: PortalWorld) -> None:
    """Numbers, details and reasons may come from outside."""
    kept(world, held(EVIL, detail=EVIL), held("1044", reason=EVIL, detail=EVIL))

    page = world.owner.get(QUARTER)

    assert "<img src=x" not in page.text
    assert "{{ 7*7 }}" in page
    assert 'href="/bestellingen/%22%3E%3Cimg' in page.text


def test_it_is_complete_in_english(world: PortalWorld) -> None:
    """Sentences, tables, files."""
    kept(world, booked(), held(), a_row("1046", SKIPPED, reason="by_owner"))
    world.owner.post("/taal", {"taal": "en", "naar": "/controle"})

    page = world.owner.get(QUARTER)

    assert says(page) == f"1 order ({EURO}35.85) of this quarter is not in the books yet."
    words = re.sub(r"<[^>]+>|Mijnwebwinkel", "", page.text)
    for dutch in ("bestelling", "winkel", "boeken", "ontbre", "maart"):
        assert dutch not in words.lower()
    assert table(world.owner.get("/controle.csv?periode=dit-kwartaal"))[0][0] == "Period"


# --------------------------------------------------------------------------- the period


def chosen(page: Seen) -> tuple[str, str, str]:
    """First day, last day and step, as the fields have them."""
    days = re.findall(r'id="(?:van|tot)"[^>]*value="([^"]*)"', page.text)
    step = re.findall(r'<option value="(\w+)" selected', page.text)
    return (*days, *step)  # type: ignore[return-value]  # as many as there are


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("periode=dit-kwartaal", ("2026-01-01", "2026-03-31", "maand")),
        ("periode=vorig-kwartaal", ("2025-10-01", "2025-12-31", "maand")),
        ("periode=deze-maand", ("2026-03-01", "2026-03-31", "dag")),
        ("periode=vorige-maand", ("2026-02-01", "2026-02-28", "dag")),
        ("periode=dit-kwartaal&per=dag", ("2026-01-01", "2026-03-31", "dag")),
        ("periode=ooit", ("2026-01-01", "2026-03-31", "maand")),
        ("van=2025-01-01&tot=2025-12-31&per=kwartaal", ("2025-01-01", "2025-12-31", "kwartaal")),
        ("van=5-3-2026&tot=05-03-2026", ("2026-03-05", "2026-03-05", "dag")),
    ],
)
def test_a_period_has_a_name_or_two_days(
    world: PortalWorld, query: str, expected: tuple[str, str, str]
) -> None:
    """The step follows from its length, unless it is chosen."""
    assert chosen(world.owner.get(f"/controle?{query}")) == expected


@pytest.mark.parametrize(
    ("today", "begin", "first"),
    [
        ("2026-04-15", "", "2026-01-01"),
        ("2026-04-15", "2026-04-02", "2026-04-01"),
        ("2026-05-01", "", "2026-04-01"),
        ("2026-01-31", "2025-06-01", "2025-10-01"),
    ],
)
def test_at_first_it_is_the_quarter_whose_return_is_due(
    world: PortalWorld, today: str, begin: str, first: str
) -> None:
    """In the month after a quarter that quarter; not for a shop that began after it."""
    world.clock.at = datetime.fromisoformat(f"{today}T12:00:00Z")
    world.choose(start_date=begin)

    assert chosen(world.owner.get("/controle"))[0] == first


def test_the_quarter_ends_at_midnight_in_amsterdam(world: PortalWorld) -> None:
    """Two hours before it does in Greenwich."""
    world.clock.at = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)
    assert chosen(world.owner.get(QUARTER))[1] == "2026-06-30"
    world.clock.at = datetime(2026, 6, 30, 22, 1, tzinfo=UTC)
    assert chosen(world.owner.get(QUARTER))[0] == "2026-07-01"


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("van=31-31-2026&tot=2026-03-31", "van", "Dit is geen dag. Schrijf die als 31-12-2026."),
        ("van=&tot=2026-03-31", "van", "Kies een dag."),
        ("van=2026-03-31", "tot", "Kies een dag."),
        ("van=2026-03-31&tot=2026-03-30", "tot", "Deze dag ligt voor de eerste."),
        ("van=2024-01-01&tot=2026-03-30", "tot", "Kies hoogstens een jaar."),
        ("van=0001-01-01&tot=9999-12-31", "van", "Dit is geen dag. Schrijf die als 31-12-2026."),
        ("periode=dit-kwartaal&per=week", "per", "Kies dag, maand of kwartaal."),
        (
            "van=2025-10-01&tot=2026-03-31&per=dag",
            "per",
            "Per dag kan over hoogstens 92 dagen. Kies maand, of een kortere periode.",
        ),
    ],
)
def test_a_wrong_choice_is_said_at_its_field(
    world: PortalWorld, query: str, field: str, sentence: str
) -> None:
    """For the page and for both files."""
    for path in ("/controle", "/controle.csv", "/controle/bestellingen.csv"):
        assert (field, sentence) in errors(world.owner.get(f"{path}?{query}"))


def test_what_was_typed_stays(world: PortalWorld) -> None:
    """Also what is no day."""
    page = world.owner.get(f"/controle?{urlencode({'van': 'morgen', 'tot': EVIL})}")

    assert re.findall(r'id="van"[^>]*value="([^"]*)"', page.text) == ["morgen"]
    assert "<img src=x" not in page.text
    assert EVIL in page


def test_too_many_orders_are_not_added_up_in_part(
    world: PortalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks for a shorter period."""
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    monkeypatch.setattr(reading, "A_READ", 2)
    kept(world, *(booked(str(number)) for number in range(1001, 1009)))

    ((field, sentence),) = errors(world.owner.get(QUARTER))

    assert field == "van"
    assert sentence.endswith("Kies een kortere.")


def test_a_step_leads_closer(world: PortalWorld) -> None:
    """From a year by quarter to a month by day to one day; the shop stays chosen."""
    kept(world, booked())
    page = world.owner.get("/controle?van=2026-01-01&tot=2026-12-31&per=kwartaal")
    for inside in ("van=2026-01-01", "van=2026-03-01", "van=2026-03-02"):
        rows = re.findall(r'<th scope="rowgroup"><a href="([^"]+)"', page.text)
        (path,) = (unescape(row) for row in rows)
        assert inside in path
        page = world.owner.get(path)

    assert says(page) == "Alles van 2 maart 2026 staat in de boeken."
    assert '<th scope="rowgroup">02-03-2026</th>' in page.text


def test_before_the_start_and_while_it_stands_still_not_everything_is_there(
    world: PortalWorld,
) -> None:
    """That is said, so that nobody adds it up for the whole."""
    world.choose(start_date="2026-02-01")
    world.tenants.pause_shop(STORE_ID, "by_hand", token_version=None, at=world.clock.now())

    page = world.owner.get(QUARTER)

    assert "Boekbrug boekt deze winkel vanaf 1 februari 2026" in page
    assert "De winkel staat stil" in page


# --------------------------------------------------------------------------- missing numbers


def test_missing_numbers_lead_to_the_order(world: PortalWorld) -> None:
    """As numbers and ranges, with what the shop said when it was asked."""
    kept(world, *(booked(number) for number in ("1001", "1003", "1008", "5000")))

    page = world.owner.get(QUARTER)
    assert "5 nummers ontbreken" in page
    assert "'s Nachts wordt Mijnwebwinkel ernaar gevraagd." in page
    missing = re.findall(r'<a href="/bestellingen/(\d+)">\1</a>', page.text)
    assert missing == ["1002", "1004", "1007"]
    assert "De nummering springt van 1008 naar 5000." in page

    world.follow_memories.keep(STORE_ID, FollowMemory(holes=frozenset({"1002"})))
    assert "Mijnwebwinkel is naar 1 ervan gevraagd" in world.owner.get(QUARTER)
    every = frozenset({"1002", "1004", "1005", "1006", "1007"})
    world.follow_memories.keep(STORE_ID, FollowMemory(holes=every))
    assert "Mijnwebwinkel is ernaar gevraagd en kent ze niet" in world.owner.get(QUARTER)


def test_numbers_that_follow_on_each_other_are_said_to(world: PortalWorld) -> None:
    """An order of another period is there too."""
    kept(world, booked("1001"), booked("1002", order_date=date(2025, 1, 1)), booked("1003"))

    assert "sluiten op elkaar aan" in world.owner.get(QUARTER)


# --------------------------------------------------------------------------- a small page


def test_a_quarter_by_day_with_every_rate_of_europe_stays_small(world: PortalWorld) -> None:
    """Then a line per rate does not fit, and the page says where it is."""
    rates = {str(rate): Decimal("1.00") for rate in range(15, 28)}
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(90)]
    kept(
        world,
        *(
            booked(str(1001 + at), order_date=day, order_vat=rates, vat=rates)
            for at, day in enumerate(days)
        ),
        *(
            a_row(str(2000 + 2 * at), HELD, reason=f"reason_{at % 40}", order_date=days[at % 90])
            for at in range(300)
        ),
    )

    page = world.owner.get("/controle?periode=dit-kwartaal&per=dag")  # at most 100 KB, or it fails

    assert "per btw-tarief staat het in het bestand" in page
    assert page.text.count('<tr class="group">') == 90
    assert page.text.count("Btw 27%") == 1


# --------------------------------------------------------------------------- files


def test_the_summary_adds_up_from_left_to_right(world: PortalWorld) -> None:
    """Each line: shop = booked + what is in no book by kind + what was booked differently."""
    kept(
        world,
        booked("1001", posted_total=Decimal("35.80")),
        booked("1002", order_date=date(2026, 1, 5)),
        booked("1003", entryid="", conceptid="9"),
        booked("1004", reason="by_hand"),
        held("1005", order_vat={"9": Decimal("2.96")}),
        a_row("1006", SKIPPED, credit=True, order_vat={"21": Decimal("6.22")}),
    )

    head, *lines = table(world.reader.get("/controle.csv?periode=dit-kwartaal"))

    assert head[:7] == [
        *("Periode", "Van", "Tot en met", "Regel"),
        *("Winkel (euro)", "Geboekt (euro)", "Verschil (euro)"),
    ]
    assert [line[3] for line in lines if line[0] == "Hele periode"] == [
        *("Aantal bestellingen", "Zonder btw", "Btw 21%", "Btw 9%", "Totaal")
    ]
    for line in lines:
        shop, in_books, difference, *between = (
            Decimal(value.replace(",", ".") or "0") for value in line[4:]
        )
        assert shop == in_books + difference == in_books + sum(between)
    total = next(line for line in lines if line[0] == "Hele periode" and line[3] == "Totaal")
    assert total[1:7] == ["01-01-2026", "31-03-2026", "Totaal", "143,40", "71,65", "71,75"]


def test_every_order_and_every_missing_number_is_a_line(world: PortalWorld) -> None:
    """With both sides per rate, and why; the name of the file tells the period."""
    kept(world, booked("1001"), held("1003", currency="SEK", total=Decimal(400)))

    page = world.owner.get("/controle/bestellingen.csv?van=2026-03-01&tot=2026-03-31")
    head, first, second, hole = table(page)

    assert "bestellingen-2026-03-01-2026-03-31.csv" in page.headers["Content-Disposition"]
    told = dict(zip(head, first, strict=True))
    assert told["Toelichting"].startswith("Geboekt in Acumulus als factuur 20260001")
    assert first[:12] == [
        *("1001", "02-03-2026", "geboekt", "20260001", "61000001", "EUR", "35,85"),
        *("35,85", "35,85", "0,00", "6,22", "6,22"),
    ]
    assert second[:10] == [
        *("1003", "02-03-2026", "wacht op een keuze", "", "", "SEK", "400,00", "", "0,00", "")
    ]
    assert hole[:3] == ["1002", "", "ontbreekt"]
    assert len({len(line) for line in (head, first, second, hole)}) == 1


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_text_becomes_a_formula(begin: str) -> None:
    """It gets an apostrophe in front."""
    assert cell(f"{begin}1+HYPERLINK(A1)") == f"'{begin}1+HYPERLINK(A1)"


def test_an_amount_below_nothing_stays_a_number(world: PortalWorld) -> None:
    """Beside a number of an order that would be a formula."""
    kept(
        world,
        booked("1001", total=Decimal("-35.85"), posted_total=Decimal("-35.85")),
        held("=1+1", detail="=2+2"),
    )

    lines = table(world.owner.get("/controle/bestellingen.csv?periode=dit-kwartaal"))

    assert {line[0] for line in lines[1:]} == {"1001", "'=1+1"}
    assert "-35,85" in next(line for line in lines if line[0] == "1001")
    assert cell(Decimal("-1234.5")) == "-1234,50"
    assert not [one for line in lines for one in line if one.startswith(("=", "+", "@"))]
