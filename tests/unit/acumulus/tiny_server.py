"""A small Acumulus on a free port of 127.0.0.1, with the quirks of its API and faults on request.

It is written from the description of the API alone and shares no code with the client.
"""

import json
import threading
import time
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

OK = {"errors": {"count_errors": "0"}, "warnings": {"count_warnings": "0"}, "status": "0"}
HTML = b"<!DOCTYPE html><html><body><h1>Oops</h1></body></html>"

type Fields = dict[str, Any]


@dataclass(slots=True)
class Reply:
    """An HTTP answer; ``drop`` closes the connection instead, ``late`` waits (seconds) first."""

    http: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    late: float = 0.0


@dataclass(slots=True)
class Fault:
    """What happens to one post: committed or not, and what the caller gets to see."""

    commit: bool
    reply: Reply


@dataclass(slots=True)
class Request:
    """One request as it came in."""

    path: str
    content_type: str
    headers: dict[str, str]
    raw: bytes
    xml: bytes


class TinyAcumulus:
    """State, knobs and memory; use as a context manager."""

    def __init__(self) -> None:
        self.password = "secret & <word>"
        self.role_id = "5"
        self.left = -1
        self.locked_until = ""
        self.refuse_with: Fields | None = None
        self.empty: Any = []
        self.faults: deque[Fault | None] = deque()
        self.read_faults: deque[Reply] = deque()
        self.requests: list[Request] = []
        self.invoices: list[Fields] = []
        self.contacts: list[Fields] = []
        self.mails: list[Fields] = []
        self.became: dict[str, list[str]] = {}
        self.overrides: dict[str, Callable[[Fields], Fields | Reply]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        tiny = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                reply = tiny.answer(self.path, dict(self.headers.items()), raw)
                if reply.late:
                    time.sleep(reply.late)
                if reply.drop:
                    self.close_connection = True
                    return
                self.send_response(reply.http)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", reply.kind)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # ------------------------------------------------------------------ one request

    def answer(self, path: str, headers: dict[str, str], raw: bytes) -> Reply:
        headers = {name.lower(): value for name, value in headers.items()}
        kind = headers.get("content-type", "")
        document = _xmlstring(kind, raw)
        with self._lock:
            self.requests.append(Request(path, kind, headers, raw, document))
            if not (path.startswith("/acumulus/stable/") and path.endswith(".php")):
                return Reply(404, HTML, "text/html")
            call = path.removeprefix("/acumulus/stable/").removesuffix(".php")
            handler = self.overrides.get(call) or _CALLS.get(call)
            if handler is None:
                return Reply(404, HTML, "text/html")
            try:
                fields = _fields(ET.fromstring(document))
            except ET.ParseError:
                return Reply(400, _XML_REFUSED, "text/xml")
            if not call.startswith("lookups/") and (refused := self._refused(fields)):
                return refused
            return self._handled(call, handler, fields)

    def _handled(self, call: str, handler: Callable[..., Any], fields: Fields) -> Reply:
        fault = None
        if call == "invoices/invoice_add":
            fault = self.faults.popleft() if self.faults else None
            if fault and not fault.commit:
                return fault.reply
        elif self.read_faults:
            return self.read_faults.popleft()
        done = handler(fields) if call in self.overrides else handler(self, fields)
        if fault:
            return fault.reply
        return done if isinstance(done, Reply) else self._json(done)

    def _refused(self, fields: Fields) -> Reply | None:
        contract = fields.get("contract")
        if not contract:
            return self.error(403, "403 Forbidden", "AF1001MCS", "contract ontbreekt")
        if contract.get("password") != self.password:
            return self.error(403, "403 Forbidden", "SIM403LOGIN", "verkeerde gegevens")
        return None

    def error(self, http: int, code: str, tag: str, message: str, **extra: Any) -> Reply:
        errors = {"error": {"code": code, "codetag": tag, "message": message}, "count_errors": "1"}
        found = {**extra, **OK, "errors": errors, "status": "1"}
        return Reply(http, self._json(found).body)

    def _json(self, tree: Fields) -> Reply:
        return Reply(200, json.dumps(self._quirks({**OK, **tree})).encode())

    def _quirks(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: self._quirks(v) for k, v in value.items()}
        if isinstance(value, list) and value:
            items = [self._quirks(item) for item in value]
            return items[0] if len(items) == 1 else items
        return self.empty if value in ("", None, []) else value

    # ------------------------------------------------------------------ the calls

    def invoice_add(self, fields: Fields) -> Fields | Reply:
        customer = fields["customer"]
        invoice = customer["invoice"]
        if self.refuse_with:
            return self.error(**self.refuse_with)
        if not invoice.get("line"):
            return self.error(400, "400 Bad Request", "SIMNOLINE", "geen regels")
        if self.locked_until and invoice["issuedate"] <= self.locked_until:
            code = fields["contract"]["contractcode"]
            return self.error(400, "400 Bad Request", "SIMLOCKED", "dicht", contractcode=code)
        if self.left == 0:
            return self.error(400, "400 Bad Request", "SIMQUOTA", "op")
        if fields.get("testmode") == "1":
            return {"invoice": {"entryid": "999", "token": "x" * 32}}
        return {"invoice": self._kept(customer, invoice)}

    def _kept(self, customer: Fields, invoice: Fields) -> Fields:
        serial, concept = len(self.invoices) + 1, invoice["concept"] == "1"
        kept = {
            "invoicenumber": f"2026{serial:04}",
            "token": "" if concept else f"{serial:032}",
            "entryid": "" if concept else str(6_000_000 + serial),
            "contactid": self._contact(customer),
            "conceptid": str(200_000 + serial) if concept else "",
        }
        self.invoices.append(
            {**kept, "invoice": invoice, "deleted": "", "paid": invoice["paymentstatus"]}
        )
        return kept

    def _contact(self, customer: Fields) -> str:
        email = customer.get("email")
        for known in reversed(self.contacts):
            if email and known["customer"].get("email") == email:
                if customer.get("overwriteifexists") == "1":
                    known["customer"] = customer
                return str(known["contactid"])
        self.contacts.append({"contactid": str(1000 + len(self.contacts)), "customer": customer})
        return str(self.contacts[-1]["contactid"])

    def _final(self) -> list[Fields]:
        return [kept for kept in self.invoices if kept["entryid"]]

    def _by(self, **wanted: str) -> Fields | None:
        ((name, value),) = wanted.items()
        return next((kept for kept in self._final() if kept[name] == value), None)

    def general_about(self, _: Fields) -> Fields:
        return {
            "general": {
                "about": "x",
                "role": "API user",
                "rolenl": "API-gebruiker",
                "roleid": self.role_id,
            }
        }

    def my_acumulus(self, _: Fields) -> Fields:
        used = len(self.invoices)
        limit = -1 if self.left < 0 else used + self.left
        return {
            "mydata": {
                "mycontractcode": "123456",
                "mycompanyname": "Voorbeeld BV",
                "myvatnumber": "NL123456789B01",
                "myentries": str(used),
                "mymaxentries": str(limit),
                "myentriesleft": str(self.left),
            }
        }

    def accounts(self, _: Fields) -> Fields:
        return {
            "accounts": {
                "account": [
                    {
                        "accountid": "70001",
                        "accountnumber": "NL00BANK0123456789",
                        "accountdescription": "Bank",
                    },
                    {"accountid": "70002", "accountnumber": "", "accountdescription": "Kas"},
                ]
            }
        }

    def costcenters(self, _: Fields) -> Fields:
        return {
            "costcenters": {
                "costcenter": [{"costcenterid": "48001", "costcentername": "Webwinkel"}]
            }
        }

    def templates(self, _: Fields) -> Fields:
        return {
            "invoicetemplates": {
                "invoicetemplate": [
                    {"invoicetemplateid": "39001", "invoicetemplatename": "Standaard"},
                    {"invoicetemplateid": "39002", "invoicetemplatename": "Betaald"},
                ]
            }
        }

    def entry_info(self, fields: Fields) -> Fields | Reply:
        found = self._by(entryid=fields["entryid"])
        if found is None:
            return self.error(404, "404 Not Found", "BK07TG65N", "onbekend boekstuk")
        return {
            "entry": {
                **_listed(found),
                "token": found["token"],
                "totalvalueexclvat": "10.00",
                "deleted": found["deleted"],
            }
        }

    def recent(self, _: Fields) -> Fields:
        newest = self._final()[-1:-11:-1]
        return {"entries": {"entry": [_listed(kept) for kept in newest]}}

    def contacts_list(self, fields: Fields) -> Fields:
        wanted = fields.get("filter", "").lower()
        names = ("companyname1", "companyname2", "fullname", "address1", "postalcode", "city")
        shown = [
            known
            for known in self.contacts
            if any(wanted in known["customer"].get(name, "").lower() for name in names)
        ]
        return {
            "contacts": {
                "contact": [
                    {
                        "contactid": known["contactid"],
                        "contactyourid": known["customer"].get("contactyourid", ""),
                        "contactemail": known["customer"].get("email", ""),
                        "contactstatus": known["customer"].get("contactstatus", "1"),
                    }
                    for known in shown
                ]
            }
        }

    def outgoing(self, fields: Fields) -> Fields:
        own = [kept for kept in self._final() if kept["contactid"] == fields["contactid"]]
        return {
            "contact": {
                "invoice": [
                    {
                        "token": kept["token"],
                        "entryid": kept["entryid"],
                        "entrydate": kept["invoice"]["issuedate"],
                        "invoicenumber": kept["invoicenumber"],
                        "invoicedescription": kept["invoice"]["description"],
                        "paymentstatus": kept["paid"],
                        "amount": "12.10",
                    }
                    for kept in own
                ]
            }
        }

    def unpaid(self, fields: Fields) -> Fields:
        due = [k for k in self._final() if k["paid"] == "1" and not k["deleted"]]
        of_year = [k for k in due if k["invoice"]["issuedate"].startswith(fields["year"])]
        return {
            "unpaiddebtorinvoices": {
                "entry": [
                    {
                        "entryid": k["entryid"],
                        "token": k["token"],
                        "number": k["invoicenumber"],
                        "issuedate": k["invoice"]["issuedate"],
                        "amount": "12.10",
                    }
                    for k in of_year
                ]
            }
        }

    def concept_info(self, fields: Fields) -> Fields | Reply:
        if not any(kept["conceptid"] == fields["conceptid"] for kept in self.invoices):
            return self.error(400, "400 Bad Request", "FGY040XX", "onbekend concept")
        return {
            "concept": {
                "conceptid": fields["conceptid"],
                "entryid": self.became.get(fields["conceptid"], []),
            }
        }

    def payment_get(self, fields: Fields) -> Fields | Reply:
        found = self._by(token=fields["token"])
        if found is None:
            return self.error(400, "400 Bad Request", "7CFBA8K", "onbekend token")
        return {
            "invoice": {"token": found["token"], "paymentstatus": found["paid"], "paymentdate": ""}
        }

    def payment_set(self, fields: Fields) -> Fields | Reply:
        found = self._by(token=fields["token"])
        if found is None:
            return self.error(400, "400 Bad Request", "7CFBA8K", "onbekend token")
        if not fields.get("paymentdate"):
            return self.error(400, "400 Bad Request", "DATE590ZW", "datum ontbreekt")
        found["paid"] = fields["paymentstatus"]
        return {"invoice": {"token": found["token"], "paymentstatus": found["paid"]}}

    def delete(self, fields: Fields) -> Fields | Reply:
        found = self._by(entryid=fields["entryid"])
        if found is None:
            return self.error(404, "404 Not Found", "P2XFELO12", "niet gevonden")
        found["deleted"] = "2026-03-11 10:00:00"
        return {"entry": {"entryid": found["entryid"], "entryproc": "removed"}}

    def mail(self, fields: Fields) -> Fields | Reply:
        if self._by(token=fields["token"]) is None:
            return self.error(400, "400 Bad Request", "AAB6C3AA", "onbekend token")
        self.mails.append(fields["emailaspdf"])
        return {"invoice": {"token": fields["token"], "invoicetype": "0"}}

    def threshold(self, fields: Fields) -> Fields:
        return {"year": fields["year"], "threshold": "10000", "nltaxed": "0", "reached": "0"}

    def vatinfo(self, fields: Fields) -> Fields | Reply:
        country = fields["vatcountry"].upper()
        if country == "XX":
            return self.error(400, "400 Bad Request", "AA6A45AA", "onbekend land")
        rates = {"NL": ["21.0000", "9.0000", "0.0000"], "DE": ["19.0000", "7.0000"]}.get(
            country, []
        )
        rows = [
            {"vattype": "normal", "vatrate": rate, "countryregion": "1" if country == "NL" else "2"}
            for rate in rates
        ]
        if country == "NL":
            rows += [{**row, "countryregion": "2"} for row in rows] + [
                {"vattype": "free", "vatrate": "-1", "countryregion": "2"}
            ]
        return {"vatinfo": {"vat": rows} if rows else {}}


_CALLS: dict[str, Callable[..., Any]] = {
    "invoices/invoice_add": TinyAcumulus.invoice_add,
    "invoices/invoice_concept_info": TinyAcumulus.concept_info,
    "invoices/invoice_paymentstatus_get": TinyAcumulus.payment_get,
    "invoices/invoice_paymentstatus_set": TinyAcumulus.payment_set,
    "invoices/invoice_mail": TinyAcumulus.mail,
    "general/general_about": TinyAcumulus.general_about,
    "general/my_acumulus": TinyAcumulus.my_acumulus,
    "picklists/picklist_accounts": TinyAcumulus.accounts,
    "picklists/picklist_costcenters": TinyAcumulus.costcenters,
    "picklists/picklist_invoicetemplates": TinyAcumulus.templates,
    "entry/entry_info": TinyAcumulus.entry_info,
    "entry/entries_list_recent": TinyAcumulus.recent,
    "entry/entry_deletestatus_set": TinyAcumulus.delete,
    "contacts/contacts_list": TinyAcumulus.contacts_list,
    "contacts/contact_invoices_outgoing": TinyAcumulus.outgoing,
    "reports/report_unpaid_debtors": TinyAcumulus.unpaid,
    "reports/report_threshold_eu_ecommerce": TinyAcumulus.threshold,
    "lookups/lookup_vatinfo": TinyAcumulus.vatinfo,
}

_XML_REFUSED = (
    b'<?xml version="1.0" encoding="UTF-8"?><response><errors><error><code>400 Bad Request</code>'
    b"<codetag>SIMXML</codetag><message>XML</message></error><count_errors>1</count_errors></errors>"
    b"<warnings><count_warnings>0</count_warnings></warnings><status>1</status></response>"
)


def _xmlstring(content_type: str, raw: bytes) -> bytes:
    """The field of either encoding."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return parse_qs(raw.decode())["xmlstring"][0].encode()
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw
    )
    (part,) = message.iter_parts()
    assert part.get_param("name", header="content-disposition") == "xmlstring"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def _fields(element: ET.Element) -> Any:
    """Tags as a dict; ``line`` is always a list; a leaf is its text, backslash-n a line break."""
    if not len(element):
        return (element.text or "").replace("\\n", "\n").replace("\\t", "\t")
    found: Fields = {}
    for child in element:
        if child.tag == "line":
            found.setdefault("line", []).append(_fields(child))
        else:
            found[child.tag] = _fields(child)
    return found


def _listed(kept: Fields) -> Fields:
    return {
        "entryid": kept["entryid"],
        "contactid": kept["contactid"],
        "contactname": "",
        "entrydate": kept["invoice"]["issuedate"],
        "entrydescription": kept["invoice"]["description"],
        "invoicenumber": kept["invoicenumber"],
        "paymentstatus": kept["paid"],
        "totalvalue": "12.10",
    }
