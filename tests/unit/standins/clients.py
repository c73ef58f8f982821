"""What a client of each stand-in does, in as few words as the tests need."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import httpx

from workbench.standins import BooksStandIn, ShopStandIn
from workbench.standins.books.standin import CONTRACTCODE, PASSWORD, USERNAME
from workbench.standins.shop.standin import PARTNER_TOKEN, SHOP_TOKEN

TOKENS = {"token": SHOP_TOKEN, "partner_token": PARTNER_TOKEN}
LOGIN = {"contractcode": CONTRACTCODE, "username": USERNAME, "password": PASSWORD}
PATIENCE = 60  # seconds, for a machine that is busy with other things


def order(number: str, **fields: Any) -> dict[str, Any]:
    """The least of an order, placed on 2 March 2026 at 10:00 and in status 3 since."""
    day = fields.get("date", "2026-03-02")
    return {
        "number": number,
        "uuid": f"00000000-0000-4000-8000-{int(''.join(filter(str.isdigit, number))):012d}",
        "date": day,
        "time": "10:00:00",
        "status": 3,
        "status_changed_date": day,
        "status_changed_time": "10:00:00",
        "archived": False,
        "currency": "EUR",
        "credited_order_number": None,
        "payment": {"gateway_name": "mollie", "method_name": "ideal"},
        "payment_status": "captured",
        "debtor": {"id": "d-1", "email": "koper@example.com"},
        "price": {"tax": {"amount": "2.10", "rate": "21.00"}, "total": "12.10"},
        "orderlines": [],
        **fields,
    }


class ShopClient:
    """GET with both tokens, on one kept connection."""

    def __init__(self, standin: ShopStandIn) -> None:
        self.http = httpx.Client(base_url=standin.url, verify=False)

    def get(self, path: str, *, tokens: dict[str, str] = TOKENS, **query: Any) -> httpx.Response:
        return self.http.get(path, params={**tokens, **query})

    def numbers(self, **query: Any) -> list[str]:
        return [each["number"] for each in self.get("/v1/orders", **query).json()]


class BooksClient:
    """POST of XML with credentials, as multipart or urlencoded."""

    def __init__(self, standin: BooksStandIn) -> None:
        self.http = httpx.Client(
            base_url=f"{standin.url}/acumulus/stable/", verify=False, timeout=PATIENCE
        )

    def post(
        self,
        call: str,
        body: str = "",
        *,
        login: dict[str, str] | None = LOGIN,
        form: str = "json",
        urlencoded: bool = False,
        root: str = "myxml",
    ) -> httpx.Response:
        contract = f"<contract>{tags(login)}</contract>" if login is not None else ""
        xml = f"<{root}>{contract}<format>{form}</format>{body}</{root}>"
        return self.raw(call, xml, urlencoded=urlencoded)

    def raw(self, call: str, xml: str, *, urlencoded: bool = False) -> httpx.Response:
        if urlencoded:
            return self.http.post(f"{call}.php", data={"xmlstring": xml})
        return self.http.post(f"{call}.php", files={"xmlstring": (None, xml)})

    def ask(self, call: str, body: str = "", **options: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.post(call, body, **options).json()
        return answer

    def book(self, description: str = "Bestelling WA1", **parts: Any) -> dict[str, Any]:
        return self.ask("invoices/invoice_add", invoice(description, **parts))


def tags(values: dict[str, Any]) -> str:
    """Values as XML tags."""
    return "".join(f"<{tag}>{escape(str(value))}</{tag}>" for tag, value in values.items())


def line(**values: Any) -> str:
    plain = {"product": "Mok", "unitprice": "10", "vatrate": "21", "quantity": "1"}
    return f"<line>{tags(plain | values)}</line>"


def invoice(
    description: str = "Bestelling WA1",
    *,
    customer: dict[str, Any] | None = None,
    lines: str | None = None,
    more: str = "",
    **fields: Any,
) -> str:
    """A <customer> with an <invoice>: one mug of 10 euro, or ``lines``."""
    who = {"fullname": "R. Koper", "email": "koper@example.com", "city": "Almere"}
    head = {"vattype": "1", "issuedate": "2026-03-10", "description": description}
    content = tags(head | fields) + (line() if lines is None else lines) + more
    return f"<customer>{tags(who | (customer or {}))}<invoice>{content}</invoice></customer>"


def tags_of(answer: dict[str, Any], kind: str) -> list[str]:
    """The codetags of the errors or warnings, one or several."""
    found = answer[f"{kind}s"].get(kind, [])
    return [each["codetag"] for each in (found if isinstance(found, list) else [found])]


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does; fails when that is past all patience."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.005)


@contextmanager
def shop_client(standin: ShopStandIn) -> Iterator[ShopClient]:
    client = ShopClient(standin)
    with client.http:
        yield client


@contextmanager
def books_client(standin: BooksStandIn) -> Iterator[BooksClient]:
    client = BooksClient(standin)
    with client.http:
        yield client
