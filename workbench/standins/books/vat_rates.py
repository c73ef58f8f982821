"""A country and a date in, its VAT rates out, as lookups/lookup_vatinfo gives them.

The rates are public law: the Netherlands from 2012, the other EU countries from 2015 on, the
United Kingdom in the EU until the end of 2020. Temporary rates of a few months are included where
they were general; rates of islands and for single goods are not.
"""

from bisect import bisect_right
from decimal import Decimal

# country, first day, normal rate, then the others; p = parked rate
_PERIODS = """
NL 2012-01-01 19 6 0
NL 2012-10-01 21 6 0
NL 2019-01-01 21 9 0
AT 2015-01-01 20 12p 10 0
AT 2016-01-01 20 13 13p 10 0
AT 2020-07-01 20 13 13p 10 5 0
AT 2022-01-01 20 13 13p 10 0
BE 2015-01-01 21 12 12p 6 0
BG 2015-01-01 20 9 0
CY 2015-01-01 19 9 5 0
CY 2023-07-01 19 9 5 3 0
CZ 2015-01-01 21 15 10 0
CZ 2024-01-01 21 12 0
DE 2015-01-01 19 7 0
DE 2020-07-01 16 5 0
DE 2021-01-01 19 7 0
DK 2015-01-01 25 0
EE 2015-01-01 20 9 0
EE 2022-08-01 20 9 5 0
EE 2024-01-01 22 9 5 0
EE 2025-01-01 22 13 9 5 0
EE 2025-07-01 24 13 9 5 0
ES 2015-01-01 21 10 4 0
ES 2023-01-01 21 10 5 4 0
ES 2025-01-01 21 10 4 0
FI 2015-01-01 24 14 10 0
FI 2024-09-01 25.5 14 10 0
FI 2026-01-01 25.5 13.5 10 0
FR 2015-01-01 20 10 5.5 2.1 0
GR 2015-01-01 23 13 6.5 0
GR 2015-07-20 23 13 6 0
GR 2016-06-01 24 13 6 0
HR 2015-01-01 25 13 5 0
HU 2015-01-01 27 18 5 0
IE 2015-01-01 23 13.5 13.5p 9 4.8 0
IE 2020-09-01 21 13.5 13.5p 9 4.8 0
IE 2021-03-01 23 13.5 13.5p 9 4.8 0
IT 2015-01-01 22 10 4 0
IT 2016-01-01 22 10 5 4 0
LT 2015-01-01 21 9 5 0
LT 2026-01-01 21 12 5 0
LU 2015-01-01 17 14 14p 8 3 0
LU 2023-01-01 16 13 13p 7 3 0
LU 2024-01-01 17 14 14p 8 3 0
LV 2015-01-01 21 12 0
LV 2018-01-01 21 12 5 0
MT 2015-01-01 18 7 5 0
MT 2024-01-01 18 12 7 5 0
PL 2015-01-01 23 8 5 0
PT 2015-01-01 23 13 13p 6 0
RO 2015-01-01 24 9 5 0
RO 2016-01-01 20 9 5 0
RO 2017-01-01 19 9 5 0
RO 2025-08-01 21 11 0
SE 2015-01-01 25 12 6 0
SI 2015-01-01 22 9.5 0
SI 2020-01-01 22 9.5 5 0
SK 2015-01-01 20 10 0
SK 2023-01-01 20 10 5 0
SK 2025-01-01 23 19 5 0
GB 2015-01-01 20 5 0
XI 2021-01-01 20 5 0
"""

# ISO 3166-1 alpha-2, and XI for goods of Northern Ireland
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW
"""
_ISO_CODES = frozenset(_COUNTRIES.split())
_NL, _EU, _WORLD = "1", "2", "3"
_BREXIT, _OSS = "2021-01-01", "2021-07-01"


def _periods() -> dict[str, list[tuple[str, list[str]]]]:
    periods: dict[str, list[tuple[str, list[str]]]] = {}
    for row in _PERIODS.split("\n"):
        if row:
            country, first_day, *rates = row.split()
            periods.setdefault(country, []).append((first_day, rates))
    return periods


_RATES = _periods()
EU_COUNTRIES = frozenset(_RATES) - {"GB", "XI"}


def is_country(code: str) -> bool:
    return code in _ISO_CODES


def rates_on(country: str, day: str, *, with_region_2: bool = False) -> list[dict[str, str]]:
    """The rates of a country (upper case) on a day (yyyy-mm-dd); empty when there is no data.

    ``with_region_2`` adds what the live API lists for the Netherlands as well: the same rates
    for region 2 and, since the one-stop shop, VAT free.
    """
    periods = _RATES.get(country, [])
    index = bisect_right(periods, day, key=lambda period: period[0])
    if index == 0:
        return []
    rates = periods[index - 1][1]
    shown = _rows(rates, _region(country, day))
    if country == "NL" and with_region_2:
        free = ["-1"] if day >= _OSS else []
        shown += _rows([*rates, *free], _EU)
    return shown


def _region(country: str, day: str) -> str:
    if country == "NL":
        return _NL
    return _WORLD if country == "GB" and day >= _BREXIT else _EU


def _rows(rates: list[str], region: str) -> list[dict[str, str]]:
    return [
        {
            "vattype": _kind(index, rate),
            "vatrate": f"{Decimal(rate.rstrip('p')):.4f}",
            "countryregion": region,
        }
        for index, rate in enumerate(rates)
    ]


def _kind(index: int, rate: str) -> str:
    if index == 0:
        return "normal"
    if rate.endswith("p"):
        return "parked"
    return "superreduced" if Decimal(0) < Decimal(rate) < 5 else "reduced"
