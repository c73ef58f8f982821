"""The invoice as it will be posted, in the field names of Acumulus (acumulus reference, section 3).

Amounts are euro: ``unitprice`` excluding VAT with four decimals (including VAT for the margin
scheme), ``vatrate`` a percentage or -1 for VAT free, ``costprice`` two decimals.

The three classes of an invoice are values like all others, but not ``frozen``: filling the sixty
fields of frozen objects took a fifth of a whole conversion (benchmarks/conversion.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from boekbrug.domain.messages import Message


@dataclass(slots=True, kw_only=True)
class InvoiceLine:
    """One line; ``None`` and empty texts are left out of the message."""

    product: str
    unitprice: Decimal
    vatrate: Decimal
    quantity: Decimal
    itemnumber: str = ""
    nature: str = ""
    costprice: Decimal | None = None


@dataclass(slots=True, kw_only=True)
class Customer:
    """The contact; the ``alt`` fields are the other address.

    ``None`` is left out of the message, an empty text is sent as an empty tag (which clears the
    value of an existing contact when ``overwriteifexists`` is on).
    """

    type: str
    vattypeid: str
    contactyourid: str | None = None
    contactstatus: str = "1"
    companyname1: str | None = None
    companyname2: str | None = None
    fullname: str | None = None
    salutation: str | None = None
    address1: str | None = None
    address2: str | None = None
    postalcode: str | None = None
    city: str | None = None
    countrycode: str = ""
    country: str | None = None
    countryautoname: str | None = None
    altcompanyname1: str | None = None
    altcompanyname2: str | None = None
    altfullname: str | None = None
    altaddress1: str | None = None
    altaddress2: str | None = None
    altpostalcode: str | None = None
    altcity: str | None = None
    altcountrycode: str | None = None
    altcountry: str | None = None
    altcountryautoname: str | None = None
    telephone: str | None = None
    mark: str | None = None
    vatnumber: str | None = None
    email: str | None = None
    overwriteifexists: str = "1"
    bankaccountnumber: str | None = None
    disableduplicates: str = "0"


@dataclass(slots=True, kw_only=True)
class Invoice:
    """One invoice (or concept) with everything that was found while making it.

    ``description`` holds the order reference and nothing else identifies the order in Acumulus:
    ASCII, at most 40 characters, unique in the administration (R100).
    ``total`` is what Acumulus will compute, in euro; ``vat`` is the VAT in euro per rate, keyed by
    the rate as text ("21", "9", "0", "-1").
    """

    order_number: str
    customer: Customer
    concept: bool
    vattype: int
    description: str
    lines: tuple[InvoiceLine, ...]
    total: Decimal
    vat: Mapping[str, Decimal]
    issuedate: date | None = None
    paymentstatus: int = 1
    paymentdate: date | None = None
    costcenter: int | None = None
    accountnumber: int | None = None
    template: int | None = None
    warehousecountry: str | None = None
    descriptiontext: str | None = None
    invoicenotes: str | None = None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing to do now; ``reason`` is a stable lower-case code with a Dutch sentence."""

    reason: str
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """A person, or an outside answer, is needed first; nothing is sent.

    ``waits`` is true when time or an outside answer solves it (rates that could not be read):
    such an order is tried again by itself.
    """

    reason: str
    messages: tuple[Message, ...] = ()
    waits: bool = field(default=False)
