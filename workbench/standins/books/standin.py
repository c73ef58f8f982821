"""Posted XML for /acumulus/... in, Acumulus' answers out; what it booked is remembered."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from workbench.standins.base import HTML_FAULTS, StandIn, transport_fault
from workbench.standins.books.ask import Ask, Ids, Record
from workbench.standins.books.calls import CALLS, Call
from workbench.standins.books.contract import DEPRECATED_ROLES, ROLES, Contract, User
from workbench.standins.books.invoice_add import booked
from workbench.standins.books.login import check_role, logged_in, refused_login
from workbench.standins.books.messages import MESSAGES, Message, Refused
from workbench.standins.books.records import Concept, Contact, Entry, Mail
from workbench.standins.books.state_file import StateFile
from workbench.standins.books.switches import BooksSwitches
from workbench.standins.books.wire import (
    UnreadableXml,
    answer,
    as_dict,
    parse,
    posted_fields,
    text_of,
    unreadable,
)
from workbench.standins.errors import StandInError
from workbench.standins.faults import CHANGE, Fault
from workbench.standins.http_server import Answer, Delivery, Request, html
from workbench.standins.journal import Recorded
from workbench.standins.rate_limit import RateLimit

_PATH = re.compile(r"/acumulus/(?:stable|current|dev|[0-9.]+)/([a-z]+/[a-z_]+)\.php")
_KINDS: dict[str, Callable[[dict[str, Any]], Record]] = {
    "contact": Contact.from_dict,
    "entry": Entry.from_dict,
    "concept": Concept.from_dict,
    "mail": Mail.from_dict,
}
USERNAME = "standin-user"
PASSWORD = "standin-password"  # noqa: S105 -- a documented default of a test server
CONTRACTCODE = "123456"

FAULTS = {
    "404": "404 with an HTML page; nothing is done",
    "429": "429 with an HTML page; nothing is done; retry_after adds the header",
    "500": "500 with an HTML page; nothing is done",
    "502": "502 with an HTML page; nothing is done",
    "503": "503 with an HTML page; nothing is done",
    "html_200": "200 with an HTML page; nothing is done",
    "drop": "the connection closes without an answer; nothing is done",
    "status_3": "status 3 (exception); nothing is done",
    "refuse_credentials": "the answer to a wrong password; nothing is done",
    "delay_then_commit": "waits for `seconds`, then does it and answers",
    "commit_then_delay": "does it, waits for `seconds`, then answers",
    "commit_then_drop": "does it, then the connection closes without an answer",
    "commit_then_cut": "does it, then the connection closes in the middle of the answer",
    "commit_then_500": "does it, then 500 with an HTML page",
    "commit_then_502": "does it, then 502 with an HTML page",
    "commit_then_503": "does it, then 503 with an HTML page",
    "commit_then_status_3": "does it, then status 3 (exception)",
    "commit_then_html_200": "does it, then 200 with an HTML page",
    "commit_then_empty": "does it, then 200 with an empty body",
    "commit_then_truncated": "does it, then 200 with half an answer",
    CHANGE: "the data changes before or after this request",
}


@dataclass(frozen=True, slots=True)
class _Post:
    """A request as far as it could be read; ``root`` is None when its XML could not."""

    name: str
    call: Call | None
    root: ET.Element | None
    form: str

    @property
    def language(self) -> str:
        return text_of(self.root, "lang") or "en"

    @property
    def contractcode(self) -> str:
        section = self.root.find("contract") if self.root is not None else None
        return text_of(section, "contractcode") or ""

    @property
    def references(self) -> str:
        """What a fault's reference is compared with."""
        if self.root is None:
            return ""
        tags = ("entryid", "contactid", "conceptid", "token")
        description = self.root.findtext("customer/invoice/description") or ""
        return " ".join([description, *(text_of(self.root, tag) or "" for tag in tags)])


class BooksStandIn(StandIn):
    """Acumulus on 127.0.0.1 with any number of contracts, each with its users."""

    name = "books"
    switches: BooksSwitches

    def __init__(self, *, state: Path | str | None = None, **options: Any) -> None:
        """``state`` is a file that keeps bookings over a restart, also when the process is killed.

        ``options`` are those of ``StandIn``: port, latency, remember, now.
        """
        super().__init__(FAULTS, **options)
        self.switches = BooksSwitches()
        self.contracts: dict[str, Contract] = {}
        self._ids = Ids()
        self._rate_limit = RateLimit()
        self._state = StateFile(Path(state)) if state else None
        if self._state:
            self._continue_ids(self._state)

    def _continue_ids(self, state: StateFile) -> None:
        for kind in _KINDS:
            used = [int(id_) for _, each, id_ in state.newest if each == kind]
            if used:
                setattr(self._ids, kind, itertools.count(max(used) + 1))

    def stop(self) -> None:
        super().stop()
        if self._state:
            self._state.close()

    # ------------------------------------------------------------ data, for people and tests

    def add_contract(
        self,
        contractcode: str = CONTRACTCODE,
        username: str = USERNAME,
        password: str = PASSWORD,
        role: int = 5,
        **fields: Any,
    ) -> Contract:
        """A contract with one user, or one more user of a contract; ``fields`` of ``Contract``.

        A user that the contract has already gets the new password and role.
        """
        if role not in ROLES:
            raise StandInError(f"a role is a number from 1 to {max(ROLES)}, not {role!r}")
        with self.lock:
            contract = self.contracts.get(contractcode)
            if contract is None:
                contract = self.contracts[contractcode] = Contract(contractcode)
                self._restore(contract)
            for name, value in fields.items():
                if name not in Contract.__dataclass_fields__:
                    raise StandInError(f"a contract has no {name!r}")
                setattr(contract, name, value)
            others = [user for user in contract.users if user.username != username]
            contract.users = [*others, User(username, password, role)]
        return contract

    def _restore(self, contract: Contract) -> None:
        for kind, value in self._state.of_contract(contract.code) if self._state else ():
            contract.put(_KINDS[kind](value))

    def contract(self, contractcode: str | None = None) -> Contract:
        """The contract with this code; without one the only (or first) contract."""
        if contractcode is None and self.contracts:
            return next(iter(self.contracts.values()))
        if contractcode not in self.contracts:
            raise StandInError(f"there is no contract {contractcode}")
        return self.contracts[contractcode]

    def entries(self, contractcode: str | None = None) -> list[Entry]:
        """Everything booked, in the order of booking; of all contracts without a code."""
        codes = self.contracts if contractcode is None else [contractcode]
        with self.lock:
            return [entry for code in codes for entry in self.contract(code).entries.values()]

    def entries_per_description(self, contractcode: str | None = None) -> Counter[str]:
        """How often each description was booked: more than 1 is a double booking."""
        return Counter(entry.description for entry in self.entries(contractcode))

    @property
    def most_posts_in_flight(self) -> dict[str, int]:
        """Per contract the most invoice_add requests that were being worked on at once."""
        end = " invoice_add"
        most = self.journal.most_in_flight
        return {key.removesuffix(end): most[key] for key in most if key.endswith(end)}

    def make_definitive(self, conceptid: str, contract: str | None = None) -> str:
        """The bookkeeper turns a concept into an invoice (again); the entryid."""
        with self.lock:
            holder = self.contract(contract)
            concept = holder.concepts.get(conceptid)
            if concept is None:
                raise StandInError(f"there is no concept {conceptid}")
            entry = booked(self._ask(ET.Element("control"), holder), concept.invoice, conceptid)
            concept.entryids.append(entry.entryid)
            self._keep(holder, concept)
        return entry.entryid

    def delete_entry(self, entryid: str, contract: str | None = None) -> None:
        """The bookkeeper puts a booking in the recycle bin."""
        with self.lock:
            entry = self._entry(entryid, contract)
            entry.deleted = f"{self.now():%Y-%m-%d %H:%M:%S}"
            self._keep(self.contract(contract), entry)

    def set_payment(
        self, entryid: str, status: str, day: str = "", contract: str | None = None
    ) -> None:
        """The bookkeeper marks a booking as due ("1") or paid ("2")."""
        with self.lock:
            entry = self._entry(entryid, contract)
            entry.paymentstatus, entry.paymentdate = status, day
            self._keep(self.contract(contract), entry)

    def _entry(self, entryid: str, contract: str | None) -> Entry:
        entry = self.contract(contract).entries.get(entryid)
        if entry is None:
            raise StandInError(f"there is no entry {entryid}")
        return entry

    def lock_period(self, until: str, contract: str | None = None) -> None:
        """Bookings on or before this date (yyyy-mm-dd) are refused; "" unlocks."""
        self.contract(contract).locked_until = until

    def set_password(
        self, password: str, contract: str | None = None, username: str | None = None
    ) -> None:
        """The tenant changes a password: of one user, or of all."""
        for user in self.contract(contract).users:
            if username in {None, user.username}:
                user.password = password

    def set_limit(self, max_entries: int, contract: str | None = None) -> None:
        """A trial ends at this number of bookings; -1 is a paid contract."""
        self.contract(contract).max_entries = max_entries

    def set_account_status(self, accountid: str, status: str, contract: str | None = None) -> None:
        """The tenant disables ("0") or enables ("1") a bank account."""
        for account in self.contract(contract).accounts:
            if account["accountid"] == accountid:
                account["accountstatus"] = status

    def change(self, **change: Any) -> Any:
        """One of the methods above by name, ``do="lock_period", until="2026-01-31"``."""
        verbs: Mapping[str, Callable[..., Any]] = {
            "add_contract": lambda **parts: self.add_contract(**parts).code,
            "make_definitive": self.make_definitive,
            "delete_entry": self.delete_entry,
            "set_payment": self.set_payment,
            "lock_period": self.lock_period,
            "set_password": self.set_password,
            "set_limit": self.set_limit,
            "set_account_status": self.set_account_status,
        }
        do = change.pop("do", None)
        if do not in verbs:
            raise StandInError(f"unknown change {do!r}; there are: {', '.join(verbs)}")
        try:
            return verbs[do](**change) or do
        except TypeError as failure:
            raise StandInError(f"{do}: {failure}") from None

    def state(self) -> dict[str, Any]:
        return {"contracts": [contract.as_dict() for contract in self.contracts.values()]}

    def statistics(self) -> dict[str, Any]:
        return super().statistics() | {
            "most_posts_in_flight": self.most_posts_in_flight,
            "entries": {code: len(each.entries) for code, each in self.contracts.items()},
            "entries_per_description": {
                code: dict(self.entries_per_description(code)) for code in self.contracts
            },
        }

    def contents(self) -> str:
        booked_before = len(self.entries())
        return f"{_counted(len(self.contracts), 'contract')}, {booked_before} booked so far"

    def clear_data(self) -> None:
        """Forget everything booked; contracts and users stay."""
        with self.lock:
            for contract in self.contracts.values():
                contract.clear()
            if self._state:
                self._state.forget()

    # ------------------------------------------------------------ the API

    def respond(self, request: Request) -> Answer:
        post = _read(request)
        decoded = as_dict(post.root) if post.root is not None else None
        seen = self.journal.record(request, post.name, post.contractcode, decoded)
        with self.journal.in_flight(f"{seen.scope} {post.name}"):
            answered = self._struck(post, seen)
        seen.status = 0 if answered.delivery is Delivery.NOTHING else answered.status
        return answered

    def _struck(self, post: _Post, seen: Recorded) -> Answer:
        """The answer, with the faults that strike before the system and those that strike after."""
        struck = self.faults.striking(post.name, post.references, seen.scope)
        seen.fault = ", ".join(fault.kind for fault in struck)
        self.pause(self.latency + _seconds(struck, "delay_then_commit"))
        with self.lock:
            self.play_changes(struck, "before")
            answered = self._instead(struck, post) or self._answered(post)
            self.play_changes(struck, "after")
        self.pause(_seconds(struck, "commit_then_delay"))
        for fault in struck:
            answered = self._spoilt(answered, fault.kind, post)
        return answered

    def _instead(self, struck: list[Fault], post: _Post) -> Answer | None:
        """The answer of the first fault before which nothing is done."""
        for fault in struck:
            if fault.kind in HTML_FAULTS or fault.kind == "drop":
                return transport_fault(fault)
            if fault.kind == "status_3":
                return self._exception(post)
            if fault.kind == "refuse_credentials":
                return self._refused(refused_login(self.switches), post, [])
        return None

    def _answered(self, post: _Post) -> Answer:
        if post.call is None:
            return html(404, "404 Not Found")
        if self._rate_limit.exceeded(post.contractcode, self.switches.requests_per_second):
            wait = self.switches.rate_limit_retry_after
            return html(429, "429 Too Many Requests", (("Retry-After", wait),) if wait else ())
        if post.root is None:
            return unreadable(self.switches)
        ask = self._ask(post.root)
        try:
            self._let_in(ask, post, post.call)
            tree = post.call.play(ask)
        except Refused as refusal:
            return self._refused(refusal, post, ask.warnings)
        return answer(
            tree,
            [],
            ask.warnings,
            switches=self.switches,
            form=post.form,
            language=post.language,
        )

    def _ask(self, root: ET.Element, contract: Contract | None = None) -> Ask:
        return Ask(root, self.switches, self.now, self._ids, self._keep, contract)

    def _let_in(self, ask: Ask, post: _Post, call: Call) -> None:
        if call.is_open and ask.root.find("contract") is None:
            return
        ask.contract_or_none, ask.user = logged_in(
            ask.root, self.contracts, self.switches, self._created
        )
        check_role(ask.user, call, post.name, self.switches)
        if ask.user.role in DEPRECATED_ROLES:
            ask.warn("XUPR7NEC8")

    def _created(self, contractcode: str, username: str, password: str) -> Contract:
        return self.add_contract(contractcode, username, password)

    def _keep(self, contract: Contract, record: Record) -> None:
        """On disk first: what was answered as booked must survive."""
        if self._state:
            kind = type(record).__name__.lower()
            value = record.as_dict()
            self._state.append((contract.code, kind, value[f"{kind}id"]), value)
        contract.put(record)

    def _refused(self, refusal: Refused, post: _Post, warnings: list[Message]) -> Answer:
        errors = [refusal.message]
        if self.switches.errors == "several":
            errors.append(MESSAGES["SIMREFUSED"])
        return answer(
            dict(refusal.extra),
            errors,
            warnings,
            switches=self.switches,
            form=post.form,
            language=post.language,
            http=refusal.http,
        )

    def _exception(self, post: _Post) -> Answer:
        return answer(
            {},
            [MESSAGES["SIMEXCEPTION"]],
            [],
            switches=self.switches,
            form=post.form,
            language=post.language,
            status=3,
            http=200,
        )

    def _spoilt(self, answered: Answer, kind: str, post: _Post) -> Answer:
        how = kind.removeprefix("commit_then_")
        if how == kind:
            return answered
        if how in HTML_FAULTS:
            return html(*HTML_FAULTS[how])
        spoilt = {
            "drop": lambda: replace(answered, delivery=Delivery.NOTHING),
            "cut": lambda: replace(answered, delivery=Delivery.CUT),
            "status_3": lambda: self._exception(post),
            "empty": lambda: replace(answered, body=b""),
            "truncated": lambda: replace(answered, body=answered.body[: len(answered.body) // 2]),
        }
        return spoilt[how]() if how in spoilt else answered


def _read(request: Request) -> _Post:
    match = _PATH.fullmatch(request.path)
    path = match[1] if match else ""
    fields = posted_fields(request)
    try:
        root = parse(fields.get("xmlstring"))
    except UnreadableXml:
        root = None
    form = text_of(root, "format") or fields.get("format", "xml")
    name = path.rpartition("/")[2] if path in CALLS else "unknown"
    return _Post(name, CALLS.get(path), root, form.lower())


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _seconds(struck: list[Fault], kind: str) -> float:
    return sum(fault.seconds for fault in struck if fault.kind == kind)
