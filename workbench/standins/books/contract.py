"""One administration of Acumulus: its users, lists, limits and everything booked in it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from workbench.standins.books.records import Concept, Contact, Entry, Mail

Rows = list[dict[str, str]]

#: Roles of section general_about: 1 manager, 2 user, 3 creator (deprecated), 4 to 6 for the API.
ROLES = {
    1: ("Manager", "Beheerder"),
    2: ("User", "Gebruiker"),
    3: ("Creator", "Invoerder"),
    4: ("API manager", "API beheerder"),
    5: ("API user", "API gebruiker"),
    6: ("API creator", "API invoerder"),
}
DEPRECATED_ROLES = {1, 2, 3}


@dataclass
class User:
    """A login of a contract; ``role`` is a number of ``ROLES``."""

    username: str
    password: str = field(repr=False)
    role: int = 5


def _accounts() -> Rows:
    return [
        _account("70001", "NL00STND0123456789", "Zakelijke rekening", "1", "1"),
        _account("70002", "Kas", "Kas", "2", "1"),
        _account("70003", "PayPal", "PayPal", "3", "1"),
        _account("70009", "NL00STND0000000009", "Oude rekening", "9", "0"),
    ]


def _account(id_: str, number: str, description: str, order: str, status: str) -> dict[str, str]:
    return {
        "accountid": id_,
        "accountnumber": number,
        "accountdescription": description,
        "accountorderid": order,
        "accountstatus": status,
        "accounttypeid": "1",
    }


def _costcenters() -> Rows:
    return [
        {"costcenterid": "48001", "costcentername": "Algemeen"},
        {"costcenterid": "48002", "costcentername": "Webwinkel"},
    ]


def _templates() -> Rows:
    return [
        {"invoicetemplateid": "39001", "invoicetemplatename": "Standaard"},
        {"invoicetemplateid": "39002", "invoicetemplatename": "Betaald"},
    ]


@dataclass
class Contract:
    """One contract. ``max_entries`` -1 is unlimited, a trial has a number; dates are yyyy-mm-dd.

    ``locked_until``: bookings on or before this date are refused. ``opening_entries`` were made
    before the stand-in began. ``nltaxed`` is added to what report_threshold_eu_ecommerce finds.
    """

    code: str
    users: list[User] = field(default_factory=list)
    company: str = "Voorbeeldbedrijf"
    vat_number: str = "NL123456789B01"
    email: str = "administratie@voorbeeldbedrijf.example"
    email_status: str = "0"
    end_date: str = ""
    accounts: Rows = field(default_factory=_accounts, repr=False)
    costcenters: Rows = field(default_factory=_costcenters, repr=False)
    templates: Rows = field(default_factory=_templates, repr=False)
    max_entries: int = -1
    opening_entries: int = 0
    locked_until: str = ""
    nltaxed: str = "0"
    contacts: dict[str, Contact] = field(default_factory=dict, repr=False)
    entries: dict[str, Entry] = field(default_factory=dict, repr=False)
    concepts: dict[str, Concept] = field(default_factory=dict, repr=False)
    mails: dict[str, Mail] = field(default_factory=dict, repr=False)
    refused_logins: int = 0
    list_calls: int = 0
    _numbers: Counter[str] = field(default_factory=Counter, repr=False)
    _by_email: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _by_token: dict[str, str] = field(default_factory=dict, repr=False)
    _by_contact: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _used_numbers: set[str] = field(default_factory=set, repr=False)

    def user(self, username: str | None, password: str | None) -> User | None:
        for user in self.users:
            if user.username == username and user.password == password:
                return user
        return None

    def made(self, *, with_concepts: bool) -> int:
        """The bookings that count against the contract's maximum."""
        concepts = len(self.concepts) if with_concepts else 0
        return self.opening_entries + len(self.entries) + concepts

    def next_number(self, issuedate: str) -> str:
        """The next invoice number, YYYYNNNN with the year of the invoice; not taken yet."""
        year = issuedate[:4]
        return f"{year}{self._numbers[year] + 1:04d}"

    def number_is_used(self, number: str) -> bool:
        return number in self._used_numbers

    def contact_with(self, email: str) -> Contact | None:
        """The most recently added contact with exactly this e-mail address."""
        found = self._by_email.get(email)
        return self.contacts[found[-1]] if found else None

    def contacts_with(self, email: str) -> list[Contact]:
        return [self.contacts[id_] for id_ in self._by_email.get(email, [])]

    def entry_with(self, token: str | None) -> Entry | None:
        return self.entries.get(self._by_token.get(token or "", ""))

    def entries_of(self, contactid: str) -> list[Entry]:
        return [self.entries[id_] for id_ in self._by_contact.get(contactid, [])]

    def put(self, record: Contact | Entry | Concept | Mail) -> None:
        """Keep a new or changed record."""
        match record:
            case Contact():
                self._put_contact(record)
            case Entry():
                self._put_entry(record)
            case Concept():
                self.concepts[record.conceptid] = record
            case Mail():
                self.mails[record.mailid] = record

    def _put_contact(self, contact: Contact) -> None:
        old = self.contacts.get(contact.contactid)
        self.contacts[contact.contactid] = contact
        if old is not None and old.email == contact.email:
            return
        if old is not None and old.email:
            self._by_email[old.email].remove(old.contactid)
        if contact.email:
            self._by_email.setdefault(contact.email, []).append(contact.contactid)

    def _put_entry(self, entry: Entry) -> None:
        if entry.entryid not in self.entries:
            self._by_contact.setdefault(entry.contactid, []).append(entry.entryid)
            self._by_token[entry.token] = entry.entryid
            self._take_number(entry.invoicenumber)
        self.entries[entry.entryid] = entry

    def _take_number(self, number: str) -> None:
        self._used_numbers.add(number)
        year, rest = number[:4], number[4:]
        if len(number) >= 8 and rest.isdecimal():
            self._numbers[year] = max(self._numbers[year], int(rest))

    def clear(self) -> None:
        """Forget everything booked."""
        for held in (self.contacts, self.entries, self.concepts, self.mails, self._by_email):
            held.clear()
        for index in (self._by_token, self._by_contact, self._numbers):
            index.clear()
        self._used_numbers.clear()
        self.refused_logins = 0

    def as_dict(self) -> dict[str, Any]:
        """The contract without passwords."""
        return {
            "contractcode": self.code,
            "users": [{"username": user.username, "role": user.role} for user in self.users],
            "max_entries": self.max_entries,
            "locked_until": self.locked_until,
            "entries": [entry_view(entry) for entry in self.entries.values()],
            "concepts": [concept.as_dict() for concept in self.concepts.values()],
            "contacts": [contact.as_dict() for contact in self.contacts.values()],
            "mails": [mail.as_dict() for mail in self.mails.values()],
        }


def entry_view(entry: Entry) -> dict[str, Any]:
    """An entry with its totals, as the control API shows it."""
    invoice = entry.invoice
    return entry.as_dict() | {
        "total": f"{invoice.total}",
        "total_excluding_vat": f"{invoice.total_excluding_vat}",
        "vat_per_rate": {rate: f"{vat}" for rate, vat in invoice.vat_per_rate.items()},
    }
