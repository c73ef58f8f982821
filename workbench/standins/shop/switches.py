"""Open points of the Mijnwebwinkel API as switches; the defaults serve the order files as given."""

from dataclasses import dataclass, field
from typing import Literal

from workbench.standins.switches import Switches

Refusal = Literal[
    "401_error",
    "403_error",
    "400_error",
    "401_problem",
    "403_problem",
    "404_problem",
    "200_error",
    "401_html",
]


@dataclass
class ShopSwitches(Switches):
    """One field per open point (Mijnwebwinkel API, unknowns); each is explained in the docs."""

    # live: orders as their files give them, wrappers and [] as seen live; spec: as published
    shapes: Literal["live", "spec"] = "live"
    # the answer to a token that is unknown, expired or inactive, and to a wrong partner token
    refuse_unknown: Refusal = "401_error"
    refuse_expired: Refusal = "401_error"
    refuse_inactive: Refusal = "401_error"
    refuse_partner: Refusal = "401_error"
    default_limit: int = 10
    maximum_limit: int = 100
    limit_above_maximum: Literal["error", "cut"] = "error"
    archived_left_out: Literal["both", "hidden"] = "both"
    start_date: Literal["inclusive", "exclusive"] = "inclusive"
    end_date: Literal["inclusive", "exclusive"] = "inclusive"
    filter_zone: Literal["amsterdam", "utc"] = "amsterdam"  # of status_changed_*_date
    date_filter: Literal["date", "status_changed_date"] = "date"
    status_changed_on_new: Literal["as_given", "empty"] = "as_given"
    order_by: Literal["numeric", "text"] = "numeric"
    booleans: Literal["lenient", "php_cast"] = "lenient"
    test_order_by_number: Literal["needs_test", "served"] = "needs_test"
    hidden_statuses: list[int] = field(default_factory=list)
    credit_amounts: Literal["as_given", "negative", "positive"] = "as_given"
    zero_rated_tax_region: Literal["as_given", "home", "destination", "absent"] = "as_given"
    refund_sign: Literal["as_given", "positive", "negative"] = "as_given"
    payments_without_file: Literal["composed", "empty"] = "composed"
    format_left_out: Literal["json", "xml"] = "json"
    requests_per_second: int = 0  # 0: no limit; counted per shop
    rate_limit_retry_after: str = ""  # value of the Retry-After header, "" for none
