"""The name of a call in, the function that plays it out, with the roles that may use it."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.standins.books import contacts, entries, invoice_add, lookups
from workbench.standins.books.ask import Ask
from workbench.standins.books.wire import Tree

MANAGER, USER, CREATOR = 4, 5, 6
#: The deprecated roles may do what the API role of the same rank may.
SAME_RANK = {1: MANAGER, 2: USER, 3: CREATOR}

_ALL = frozenset({MANAGER, USER, CREATOR})
_READERS = frozenset({MANAGER, USER})


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API. An open one needs no contract."""

    play: Callable[[Ask], Tree]
    roles: frozenset[int] = _ALL
    is_open: bool = False


CALLS = {
    "general/my_acumulus": Call(lookups.my_acumulus),
    "general/general_about": Call(lookups.general_about),
    "picklists/picklist_accounts": Call(lookups.picklist_accounts),
    "picklists/picklist_costcenters": Call(lookups.picklist_costcenters),
    "picklists/picklist_invoicetemplates": Call(lookups.picklist_invoicetemplates),
    "picklists/picklist_contacttypes": Call(lookups.picklist_contacttypes),
    "picklists/picklist_companytypes": Call(lookups.picklist_companytypes, is_open=True),
    "lookups/lookup_vatinfo": Call(lookups.lookup_vatinfo, is_open=True),
    "invoices/invoice_add": Call(invoice_add.invoice_add),
    "invoices/invoice_paymentstatus_get": Call(entries.invoice_paymentstatus_get),
    "invoices/invoice_paymentstatus_set": Call(entries.invoice_paymentstatus_set),
    "invoices/invoice_concept_info": Call(entries.invoice_concept_info, _READERS),
    "invoices/invoice_mail": Call(entries.invoice_mail),
    "entry/entry_info": Call(entries.entry_info, _READERS),
    "entry/entries_list_recent": Call(entries.entries_list_recent, _READERS),
    "entry/entry_deletestatus_set": Call(entries.entry_deletestatus_set, _READERS),
    "contacts/contacts_list": Call(contacts.contacts_list, _READERS),
    "contacts/contact_get": Call(contacts.contact_get, _READERS),
    "contacts/contact_invoices_outgoing": Call(contacts.contact_invoices_outgoing, _READERS),
    "reports/report_unpaid_debtors": Call(lookups.report_unpaid_debtors, _READERS),
    "reports/report_threshold_eu_ecommerce": Call(lookups.report_threshold_eu_ecommerce, _READERS),
}
