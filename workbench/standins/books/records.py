"""What Acumulus keeps: contacts, invoices, bookings, concepts and mails, as values with totals."""

import hashlib
import string
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

_LETTERS = string.ascii_letters + string.digits
VAT_FREE = Decimal(-1)


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """Half up, away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line; ``unitprice`` is rounded to 4 decimals as the API does.

    ``unitprice`` excludes VAT, but includes it for the margin scheme (vattype 5).
    """

    product: str
    unitprice: Decimal
    vatrate: Decimal
    quantity: Decimal
    itemnumber: str = ""
    nature: str = "Product"
    costprice: Decimal | None = None

    @property
    def rate(self) -> Decimal:
        """The percentage; VAT free counts as 0."""
        return Decimal(0) if self.vatrate == VAT_FREE else self.vatrate

    def vat(self, *, margin: bool) -> Decimal:
        """VAT of the whole line, not rounded; on the margin only for the margin scheme."""
        if not margin:
            return self.unitprice * self.quantity * self.rate / 100
        profit = self.unitprice - (self.costprice or 0)
        if profit * self.unitprice <= 0:  # sold at a loss: no VAT
            return Decimal(0)
        return profit * self.quantity * self.rate / (100 + self.rate)

    def as_dict(self) -> dict[str, Any]:
        numbers = ("unitprice", "vatrate", "quantity")
        texts = {name: f"{getattr(self, name):f}" for name in numbers}
        cost = None if self.costprice is None else f"{self.costprice:f}"
        rest = {"product": self.product, "itemnumber": self.itemnumber, "nature": self.nature}
        return {**rest, **texts, "costprice": cost}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        numbers = {name: Decimal(data[name]) for name in ("unitprice", "vatrate", "quantity")}
        cost = None if data["costprice"] is None else Decimal(data["costprice"])
        return cls(**{**data, **numbers, "costprice": cost})


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was posted, after defaults and fallbacks; dates are texts, yyyy-mm-dd."""

    contactid: str
    countrycode: str
    number: str
    vattype: int
    issuedate: str
    costcenter: str
    accountnumber: str
    template: str
    paymentstatus: str
    paymentdate: str
    description: str
    descriptiontext: str
    invoicenotes: str
    warehousecountry: str
    lines: tuple[Line, ...] = ()

    @property
    def is_margin(self) -> bool:
        return self.vattype == 5

    @property
    def total(self) -> Decimal:
        """Including VAT, to the cent: the sum over lines is rounded once."""
        amount = sum((line.unitprice * line.quantity for line in self.lines), Decimal())
        if self.is_margin:
            return rounded(amount, 2)
        return rounded(amount + sum((line.vat(margin=False) for line in self.lines), Decimal()), 2)

    @property
    def total_excluding_vat(self) -> Decimal:
        amount = sum((line.unitprice * line.quantity for line in self.lines), Decimal())
        if self.is_margin:
            amount -= sum((line.vat(margin=True) for line in self.lines), Decimal())
        return rounded(amount, 2)

    @property
    def vat_per_rate(self) -> dict[str, Decimal]:
        """VAT to the cent per rate as it was posted, such as {"21": ..., "-1": 0}."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            key = f"{line.vatrate.normalize():f}"
            sums[key] = sums.get(key, Decimal()) + line.vat(margin=self.is_margin)
        return {key: rounded(amount, 2) for key, amount in sums.items()}

    def as_dict(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in self.__slots__ if name != "lines"}
        return {**data, "lines": [line.as_dict() for line in self.lines]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "lines": tuple(Line.from_dict(line) for line in data["lines"])})


@dataclass(slots=True)
class Entry:
    """A booking. ``created`` and ``deleted`` are local times, ``deleted`` is "" when it is not."""

    entryid: str
    token: str = field(repr=False)
    invoicenumber: str = ""
    invoice: Invoice = field(kw_only=True)
    created: str = ""
    deleted: str = ""
    paymentstatus: str = "1"
    paymentdate: str = ""
    conceptid: str = ""
    listed_at_call: int = 0  # not kept over a restart: by then it shows in every list
    listed_at_time: float = 0.0

    @property
    def contactid(self) -> str:
        return self.invoice.contactid

    @property
    def description(self) -> str:
        return self.invoice.description

    @property
    def total(self) -> Decimal:
        return self.invoice.total

    def as_dict(self) -> dict[str, Any]:
        names = ("entryid", "token", "invoicenumber", "created", "deleted")
        paid = ("paymentstatus", "paymentdate", "conceptid")
        values = {name: getattr(self, name) for name in (*names, *paid)}
        return values | {"invoice": self.invoice.as_dict()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "invoice": Invoice.from_dict(data["invoice"])})


@dataclass(slots=True)
class Concept:
    """An invoice that is not booked yet; the bookkeeper can make it definitive, even twice."""

    conceptid: str
    invoice: Invoice
    entryids: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        invoice = self.invoice.as_dict()
        return {"conceptid": self.conceptid, "entryids": self.entryids, "invoice": invoice}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**{**data, "invoice": Invoice.from_dict(data["invoice"])})


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer, replaced when it changes; ``details`` are the customer tags of invoice_add."""

    contactid: str
    details: dict[str, str] = field(repr=False)

    @property
    def email(self) -> str:
        return self.details.get("email", "")

    @property
    def name(self) -> str:
        return self.details.get("companyname1") or self.details.get("fullname", "")

    def as_dict(self) -> dict[str, Any]:
        return {"contactid": self.contactid, "details": self.details}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with an invoice that went to a customer; each one is a copy in a mailbox."""

    mailid: str
    entryid: str
    to: str = field(repr=False)
    reminder: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


def token_of(contractcode: str, entryid: str) -> str:
    """A token of 32 letters and digits, the same for the same booking."""
    digest = hashlib.sha256(f"{contractcode} {entryid}".encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)
