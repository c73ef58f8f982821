"""The merchant's settings: names, defaults, texts, and clear refusals."""

from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.settings import (
    SettingsProblem,
    ShopSettings,
    read_settings,
    setting_texts,
)

DEFAULTS: dict[str, Any] = {
    "home_country": "NL",
    "sells": "products",
    "service_skus": (),
    "margin_skus": (),
    "margin_goods": "none",
    "eu_vat": "from_threshold",
    "eu_threshold_percentage": Decimal(95),
    "zero_rate_means": "not_sold",
    "domestic_reverse_charge": False,
    "trigger_statuses": (),
    "credit_statuses": (),
    "paid_statuses": (),
    "authorized_counts_as_paid": False,
    "paid_only": False,
    "start_date": None,
    "start_number": None,
    "send_credit_orders": True,
    "send_zero_total": True,
    "send_free_shipping": True,
    "issue_date": "order_date",
    "locked_period": "hold",
    "concept": "auto",
    "missing_amount": "warn",
    "fiscal_address": "auto",
    "send_private_customers": True,
    "generic_customer_email": "",
    "email_if_absent": "",
    "overwrite_contacts": True,
    "warehouse_country": "",
    "exchange_rates": {},
    "vies_check": False,
    "account": None,
    "cost_center": None,
    "template_due": None,
    "template_paid": None,
    "accounts_by_payment": {},
    "cost_centers_by_payment": {},
    "order_prefix": "",
}


def test_names_and_defaults() -> None:
    """The product's public vocabulary, exactly."""
    assert ShopSettings().model_dump() == DEFAULTS
    assert read_settings({}) == ShopSettings()


def test_every_setting_is_explained() -> None:
    """Title and help in both languages."""
    texts = setting_texts()
    assert list(texts) == list(DEFAULTS)
    for text in texts.values():
        assert all((text.title, text.help, text.title_en, text.help_en))
        assert text.help.endswith((".", "?"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sels": 1}, "De instelling sels bestaat niet; bedoelt u sells?"),
        ({"zzz": 1}, "De instelling zzz bestaat niet."),
        ({"sells": "x"}, "De instelling sells kan alleen products, services of both zijn."),
        ({"paid_only": "x"}, "De instelling paid_only moet ja of nee zijn (true of false)."),
        ({"account": "a"}, "De instelling account moet een geheel getal zijn."),
        ({"account": -3}, "De instelling account moet groter dan nul zijn."),
        ({"trigger_statuses": 3}, "De instelling trigger_statuses moet een lijst zijn."),
        (
            {"trigger_statuses": ["a"]},
            "De instelling trigger_statuses.0 moet een geheel getal zijn.",
        ),
        ({"start_date": "1-1-2025"}, "De instelling start_date moet een datum zijn (jjjj-mm-dd)."),
        ({"warehouse_country": "US"}, "De instelling warehouse_country is geen EU-land."),
        (
            {"home_country": "Nederland"},
            "De instelling home_country is geen landcode van twee letters, zoals NL.",
        ),
        (
            {"eu_threshold_percentage": "veel"},
            (
                "De instelling eu_threshold_percentage moet een percentage van 0 tot en met 100 "
                "zijn, of leeg."
            ),
        ),
        (
            {"exchange_rates": {"GBP": 0}},
            "De instelling exchange_rates heeft voor GBP een koers die niet groter is dan nul.",
        ),
        *(
            (
                {"exchange_rates": {"GBP": rate}},
                "De instelling exchange_rates heeft voor GBP een koers die niet kan kloppen.",
            )
            for rate in ("1e999999", "117000", "1e-30", "1." + "9" * 50)
        ),
        ({"email_if_absent": "geen"}, "De instelling email_if_absent is geen e-mailadres."),
    ],
)
def test_refusals(given: dict[str, Any], sentence: str) -> None:
    """Every wrong setting is named in one sentence."""
    with pytest.raises(SettingsProblem) as refused:
        read_settings(given)
    assert refused.value.problems == (sentence,)


def test_all_problems_at_once() -> None:
    """Everything that is wrong is told in one go."""
    with pytest.raises(SettingsProblem) as refused:
        read_settings({"sells": "x", "zzz": 1, "order_prefix": "a b"})
    assert len(refused.value.problems) == 3


def test_forms_may_leave_fields_empty() -> None:
    """An empty field and Acumulus' 0 mean that nothing is chosen (R104)."""
    given = {
        "account": "",
        "cost_center": 0,
        "start_date": "",
        "eu_threshold_percentage": "",
        "accounts_by_payment": {"paypal": "", "mollie:ideal": "12"},
    }
    read = read_settings(given)
    assert (read.account, read.cost_center, read.start_date) == (None, None, None)
    assert read.eu_threshold_percentage == ""
    assert read.accounts_by_payment == {"mollie:ideal": 12}


def test_values_are_brought_into_one_form() -> None:
    """Codes in upper case, rates as decimals."""
    given = {"home_country": "nl", "warehouse_country": "el", "exchange_rates": {"gbp": "1.17"}}
    read = read_settings(given)
    assert (read.home_country, read.warehouse_country) == ("NL", "GR")
    assert read.exchange_rates == {"GBP": Decimal("1.17")}
