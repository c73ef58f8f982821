"""The merchant's choices: one typed model with title, help and default per setting.

Names, values and defaults are the product's public vocabulary: settings store, portal, docs and
``boekbrug preview`` all use this model. Unknown keys are refused by name.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ShopSettings(BaseModel):
    """The choices for one shop; a key that is left out has its default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home_country: str = "NL"
    sells: Literal["products", "services", "both"] = "products"
    service_skus: tuple[str, ...] = ()
    margin_skus: tuple[str, ...] = ()
    margin_goods: Literal["none", "some", "only"] = "none"
    eu_vat: Literal["always", "from_threshold", "never"] = "from_threshold"
    eu_threshold_percentage: Decimal | Literal[""] = Decimal(95)
    zero_rate_means: Literal["not_sold", "vat_free", "zero_rate"] = "not_sold"
    domestic_reverse_charge: bool = False
    trigger_statuses: tuple[int, ...] = ()
    credit_statuses: tuple[int, ...] = ()
    paid_statuses: tuple[int, ...] = ()
    authorized_counts_as_paid: bool = False
    paid_only: bool = False
    start_date: date | None = None
    send_credit_orders: bool = True
    send_zero_total: bool = True
    send_free_shipping: bool = True
    issue_date: Literal["order_date", "payment_date", "transfer_date"] = "order_date"
    concept: Literal["auto", "always", "never"] = "auto"
    missing_amount: Literal["warn", "add_line", "ignore"] = "warn"
    fiscal_address: Literal["auto", "invoice", "delivery"] = "auto"
    send_private_customers: bool = True
    generic_customer_email: str = ""
    email_if_absent: str = ""
    overwrite_contacts: bool = True
    warehouse_country: str = ""
    exchange_rates: dict[str, Decimal] = {}
    vies_check: bool = False
    account: int | None = None
    cost_center: int | None = None
    template_due: int | None = None
    template_paid: int | None = None
    accounts_by_payment: dict[str, int] = {}
    cost_centers_by_payment: dict[str, int] = {}
    order_prefix: str = ""
