"""Facts about the administration and the law out: account, roles, picklists, VAT, reports."""

from datetime import date, timedelta
from decimal import Decimal

from workbench.standins.books.ask import Ask, is_date
from workbench.standins.books.contract import ROLES
from workbench.standins.books.messages import Refused
from workbench.standins.books.records import Entry
from workbench.standins.books.vat_rates import EU_COUNTRIES, is_country, rates_on
from workbench.standins.books.wire import Tree

_THRESHOLD = Decimal(10000)
_TERM = timedelta(days=14)


def my_acumulus(ask: Ask) -> Tree:
    """The administration, with how many bookings it may still make (-1: no maximum)."""
    contract = ask.contract
    made = contract.made(with_concepts=ask.switches.concepts_counted)
    limited = contract.max_entries >= 0
    left = str(max(0, contract.max_entries - made))
    return {
        "mydata": {
            "mycontractcode": contract.code,
            "mycompanyname": contract.company,
            "mycontactperson": "",
            "myaddress": "",
            "mypostalcode": "",
            "mycity": "",
            "mytelephone": "",
            "myemail": contract.email,
            "myiban": "",
            "mysepamandatenr": "",
            "mycontractenddate": contract.end_date,
            "mysalutation": "",
            "myemailstatusid": contract.email_status,
            "myemailstatusreferenceid": "",
            "myvatnumber": contract.vat_number,
            "mystatusid": "1",
            "myentries": str(made),
            "mymaxentries": str(contract.max_entries),
            "myentriesleft": left if limited else ask.switches.entries_left_unlimited,
            "mydebt": "0.00",
            "mysupport": {},
        }
    }


def general_about(ask: Ask) -> Tree:
    """Who is logged in, and with which role."""
    role = ask.user.role if ask.user else 5
    name, name_nl = ROLES[role]
    return {
        "general": {
            "about": "Acumulus (stand-in)",
            "tree": "stable",
            "role": name,
            "roleid": str(role),
            "roleapi": name,
            "rolenl": name_nl,
        }
    }


def picklist_accounts(ask: Ask) -> Tree:
    status = ask.text("accountstatus") or "1"
    rows = [row for row in ask.contract.accounts if row["accountstatus"] == status]
    return {"accounts": {"account": rows}}


def picklist_costcenters(ask: Ask) -> Tree:
    return {"costcenters": {"costcenter": ask.contract.costcenters}}


def picklist_invoicetemplates(ask: Ask) -> Tree:
    return {"invoicetemplates": {"invoicetemplate": ask.contract.templates}}


def picklist_contacttypes(_: Ask) -> Tree:
    names = {
        "1": ("Debtor", "Debiteur"),
        "2": ("Creditor", "Crediteur"),
        "3": ("Relation", "Relatie"),
    }
    return {"contacttypes": {"contacttype": _named("contacttype", names)}}


def picklist_companytypes(_: Ask) -> Tree:
    names = {
        "1": ("Sole proprietorship", "Eenmanszaak"),
        "2": ("General partnership", "Vennootschap onder firma"),
        "3": ("Private limited company", "Besloten vennootschap"),
        "4": ("Foundation", "Stichting"),
        "5": ("Association", "Vereniging"),
    }
    return {"companytypes": {"companytype": _named("companytype", names)}}


def _named(kind: str, names: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {f"{kind}id": id_, f"{kind}name": name, f"{kind}namenl": name_nl}
        for id_, (name, name_nl) in names.items()
    ]


def lookup_vatinfo(ask: Ask) -> Tree:
    """The rates of a country on a day; an empty list where Acumulus has none."""
    country = (ask.text("vatcountry") or "NL").upper()
    day = ask.text("vatdate") or ask.today
    if not is_country(country):
        raise Refused("AA6A45AA")
    if not is_date(day):
        raise Refused("SIMDATE")
    both = ask.switches.nl_rates_of_region_2 == "listed"
    return {"vatinfo": {"vat": rates_on(country, day, with_region_2=both)}}


def report_unpaid_debtors(ask: Ask) -> Tree:
    """Unpaid invoices of a year over all contacts; ``due`` 1 leaves out those not due yet."""
    year, only_due = ask.text("year") or ask.today[:4], ask.text("due") == "1"
    rows = [
        _unpaid(ask, entry)
        for entry in ask.listed(list(ask.contract.entries.values()))
        if entry.paymentstatus == "1"
        and not entry.deleted
        and entry.invoice.issuedate.startswith(year)
    ]
    shown = [row for row in rows if not only_due or int(row["daysdue"]) > 0]
    return {"unpaiddebtorinvoices": {"entry": shown}}


def _unpaid(ask: Ask, entry: Entry) -> dict[str, str]:
    issued = date.fromisoformat(entry.invoice.issuedate)
    expires = issued + _TERM
    contact = ask.contract.contacts.get(entry.contactid)
    accounts = {row["accountid"]: row["accountnumber"] for row in ask.contract.accounts}
    return {
        "entryid": entry.entryid,
        "token": entry.token,
        "number": entry.invoicenumber,
        "issuedate": f"{issued}",
        "expirationdate": f"{expires}",
        "daysdue": str((ask.now().date() - expires).days),
        "invoicedaylimit": str(_TERM.days),
        "contactname": contact.name if contact else "",
        "accountid": entry.invoice.accountnumber,
        "accountnumber": accounts.get(entry.invoice.accountnumber, ""),
        "amount": f"{entry.total}",
    }


def report_threshold_eu_ecommerce(ask: Ask) -> Tree:
    """How much was sold with Dutch VAT to consumers elsewhere in the EU in a year."""
    year = ask.text("year") or ask.today[:4]
    if not year.isdecimal() or int(year) < 2021:
        raise Refused("AAC37EAA")
    elsewhere = EU_COUNTRIES - {"NL"}
    sold = sum(
        (
            entry.invoice.total_excluding_vat
            for entry in ask.contract.entries.values()
            if entry.invoice.vattype == 1
            and entry.invoice.countrycode in elsewhere
            and entry.invoice.issuedate.startswith(year)
            and not entry.deleted
        ),
        Decimal(ask.contract.nltaxed),
    )
    reached = "1" if sold >= _THRESHOLD else "0"
    return {
        "year": year,
        "threshold": f"{_THRESHOLD}",
        "nltaxed": f"{sold:.2f}",
        "reached": reached,
    }
