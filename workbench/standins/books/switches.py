"""Open points of the Acumulus API as switches; the defaults are what the reference calls likely."""

from dataclasses import dataclass
from typing import Literal

from workbench.standins.switches import Switches


@dataclass
class BooksSwitches(Switches):
    """One field per open point (Acumulus API, what is unknown); each is explained in the docs."""

    # the form of answers
    empty_element: Literal["list", "object", "text"] = "list"  # [], {} or ""
    status_type: Literal["text", "number"] = "text"
    empty_lists: Literal["container", "absent"] = "container"
    errors: Literal["one", "several"] = "one"  # several: a general one comes with it
    http_status: Literal["as_documented", "always_200"] = "as_documented"
    # who may come in
    unknown_contract: Literal["refuse", "create"] = "refuse"
    bad_credentials: Literal["403", "401", "200"] = "403"
    lock_out_after: int = 0  # refused logins before a contract refuses everybody; 0: never
    outgoing_invoices_role: Literal["user", "creator"] = "user"
    requests_per_second: int = 0  # 0: no limit; counted per contract
    rate_limit_retry_after: str = ""  # value of the Retry-After header, "" for none
    # what invoice_add checks
    duplicate_number: Literal["accept", "warn", "refuse"] = "accept"
    unknown_ids: Literal["silent", "warn"] = "silent"
    vattype_rules: Literal["off", "warn", "refuse"] = "off"
    missing_vatrate: Literal["refuse", "21"] = "refuse"
    unknown_contactid: Literal["create", "by_email", "refuse"] = "create"
    contact_on_refusal: Literal["unchanged", "changed"] = "unchanged"
    locked_period: Literal["contractcode", "plain"] = "contractcode"
    quota_refusal: Literal["400", "403"] = "400"
    concepts_counted: bool = False
    testmode_ids: Literal["empty", "invented"] = "empty"
    # what can be read back
    description_length: int = 0  # longest description that is kept; 0: all of it
    entry_description: Literal["description", "empty"] = "description"
    listed_after_calls: int = 0  # list calls that do not show a new booking yet
    listed_after_seconds: float = 0.0
    recent_by: Literal["creation", "entrydate"] = "creation"
    outgoing_order: Literal["oldest_first", "newest_first"] = "oldest_first"
    outgoing_maximum: int = 0  # 0: all
    outgoing_concepts: Literal["hidden", "listed"] = "hidden"
    deleted_entries: Literal["listed", "hidden"] = "listed"
    amount: Literal["including_vat", "excluding_vat"] = "including_vat"
    not_deleted: Literal["zeros", "empty"] = "zeros"
    entries_left_unlimited: Literal["-1", "0", ""] = "-1"
    nl_rates_of_region_2: Literal["listed", "hidden"] = "listed"
