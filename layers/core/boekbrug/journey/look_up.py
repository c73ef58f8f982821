"""An unclear post -> booked, queued again, or held: what Acumulus shows decides (its API, 4.9).

    unclear ─▶ pause ─▶ found once ─────────────────▶ booked
                        found twice ────────────────▶ held(posted_twice), nothing is deleted
                        only in the bin ────────────▶ held(found_in_bin)
                        nowhere ─▶ pause ─▶ nowhere ▶ waiting(absent) ─▶ fetched again ─▶ queued
                        a list cannot be read ──────▶ unclear; after three days held

Absence counts only when every list was read: the newest entries, the whole list of contacts
(disabled ones too, compared by e-mail, since a later order may have overwritten names), all
invoices of every contact that fits, and what is unpaid. A concept is in no list, so its absence
proves nothing and a person looks.

Nobody can rule out that Acumulus books a post after both looks. So an order that was sent again is
looked for three nights more, and a person hears of it when it is there twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from boekbrug.domain.reasons import message
from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.ports.books import Books, Contact, Entry
from boekbrug.journey.ports.ledger import BOOKED, HELD, WAITING, LedgerRow
from boekbrug.journey.triage import IN_THE_BIN, LOOK_UP_FAILED, POSTED_TWICE, UNCLEAR_CONCEPT

FOUND_AGAIN = "found_again"
ABSENT_ONCE, ABSENT = "absent_once", "absent"
REFUSALS = ("books_refused", "books_not_found")
MOST_HINTS = 25  # unpaid invoices of the same amount that are read one by one
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long to wait: before the first look, before the second, and until a person is asked."""

    first: timedelta = timedelta(minutes=3)
    again: timedelta = timedelta(minutes=10)
    patience: timedelta = timedelta(days=3)

    def due(self, row: LedgerRow, now: datetime) -> bool:
        """Whether an unclear post may be looked for now."""
        if row.absent_at is not None:
            return now - row.absent_at >= self.again
        return now - max(row.posting_at or _NEVER, row.changed_at or _NEVER) >= self.first

    def over(self, row: LedgerRow, now: datetime) -> bool:
        """Whether looking took so long that a person is asked."""
        return now - (row.posting_at or row.changed_at or _NEVER) >= self.patience


@dataclass(frozen=True, slots=True)
class Customer:
    """Who an invoice may be booked under: ids of the shop, e-mail addresses in lower case."""

    ids: frozenset[str]
    emails: frozenset[str]

    def fits(self, contact: Contact) -> bool:
        """Whether an invoice of this customer may stand under this contact."""
        known = {email.casefold() for email in contact.emails}
        return contact.contactyourid in self.ids or not known.isdisjoint(self.emails)


NOBODY = Customer(frozenset(), frozenset())
"""Of whom nothing is known: only lists of everybody count."""


class Lists:
    """The lists of one administration; each is read once for all orders that are looked for.

    Made after the pauses of those orders, and thrown away with the run: it holds customer data.
    """

    def __init__(self, books: Books) -> None:
        self.books = books
        self.away = False  # one that did not answer: the next would not either
        self._recent: tuple[Entry, ...] | None = None
        self._contacts: tuple[Contact, ...] | None = None
        self._invoices: dict[str, tuple[Entry, ...]] = {}
        self._unpaid: dict[int, tuple[Entry, ...]] = {}

    def recent(self) -> tuple[Entry, ...]:
        """The ten latest entries."""
        if self._recent is None:
            self._recent = self.books.recent_entries()
        return self._recent

    def contacts(self) -> tuple[Contact, ...]:
        """All of them, whatever their state."""
        if self._contacts is None:
            self._contacts = self.books.contacts()
        return self._contacts

    def invoices(self, contactid: str) -> tuple[Entry, ...]:
        """All invoices of a contact."""
        if contactid not in self._invoices:
            self._invoices[contactid] = self.books.contact_invoices(contactid)
        return self._invoices[contactid]

    def unpaid(self, year: int) -> tuple[Entry, ...]:
        """What is due of a year; a hint only, so nothing when Acumulus has no such report."""
        if year not in self._unpaid:
            try:
                self._unpaid[year] = self.books.unpaid_invoices(year)
            except NeedsOperator:
                self._unpaid[year] = ()
            except RetryLater as failed:
                if failed.code not in REFUSALS:
                    raise
                self._unpaid[year] = ()
        return self._unpaid[year]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The entries with an order's reference: those that count, and those in the bin."""

    live: tuple[Entry, ...] = ()
    binned: tuple[Entry, ...] = ()


def sight(lists: Lists, row: LedgerRow, customer: Customer) -> Sighting:
    """Every entry whose description is the order's whole reference; read in every list.

    One list that shows the reference is enough: whether the entry itself does is not documented.
    Raises ``RetryLater`` when one of them cannot be read: then nothing is proven.
    """
    listed = list(_listed(lists, row, customer))
    ours = [one for one in listed if one.description.strip() == row.reference]
    if not (row.concept or _was_concept(row)) and any(not one.entryid for one in ours):
        raise RetryLater("the reference is there, without an id", code="books_unreadable")
    named = {one.entryid: one for one in ours if one.entryid}
    hints = {one.entryid: one for one in _hints(lists, row) if one.entryid not in named}
    live: list[Entry] = []
    binned: list[Entry] = []
    for entryid, shown in (named | hints).items():
        entry = lists.books.entry(entryid)
        if entry is None:  # in a list, but gone: as good as in the bin
            binned += [shown] if entryid in named else []
        elif entryid in named or entry.description.strip() == row.reference:
            (binned if entry.deleted else live).append(entry)
    return Sighting(tuple(live), tuple(binned))


def _listed(lists: Lists, row: LedgerRow, customer: Customer) -> Iterator[Entry]:
    yield from lists.recent()
    for contactid in _contacts(lists, row, customer):
        yield from lists.invoices(contactid)


def _contacts(lists: Lists, row: LedgerRow, customer: Customer) -> list[str]:
    """Under which contacts it can be, the newest first."""
    fitting = [one.contactid for one in lists.contacts() if customer.fits(one)]
    known = [row.contactid] if row.contactid else []
    return list(dict.fromkeys((*known, *sorted(fitting, key=_age, reverse=True))))


def whole(lists: Lists, row: LedgerRow, customer: Customer, since: Iterable[LedgerRow]) -> bool:
    """Whether its contacts' lists show what was booked under them ``since`` it was posted.

    Nobody knows whether such a list ends somewhere; one that is cut off before the newest invoices
    proves nothing about this one.
    """
    contacts = _contacts(lists, row, customer)
    shown = {entry.entryid for contactid in contacts for entry in lists.invoices(contactid)}
    booked = (one for one in since if one.contactid in contacts)
    return all(one.entryid in shown for one in booked)


def _was_concept(row: LedgerRow) -> bool:
    """Whether it takes the place of a concept, which then has the same reference and no id."""
    return row.replaces is not None and not row.replaces.entryid


def _age(contactid: str) -> tuple[int, str]:
    """The newest contact has the highest number."""
    return (int(contactid) if contactid.isdecimal() else 0, contactid)


def _hints(lists: Lists, row: LedgerRow) -> Sequence[Entry]:
    """Unpaid invoices of the same amount: they have no description, so each is read."""
    if not row.due or row.posted_total is None:
        return ()
    amounts = {row.posted_total, row.posted_total - sum(row.vat.values(), Decimal(0))}
    years = {row.order_date.year, (row.posting_at or _NEVER).year} - {_NEVER.year}
    fitting = [one for year in sorted(years) for one in lists.unpaid(year) if one.total in amounts]
    return sorted(fitting, key=lambda one: _age(one.entryid))[-MOST_HINTS:]


# --------------------------------------------------------------------------- what follows from it


def decided(row: LedgerRow, seen: Sighting, others: Iterable[str], now: datetime) -> LedgerRow:
    """The row once every list was read.

    ``others`` are entries of other orders under this number. Like the entry that this post was to
    take the place of (R124), finding one of them says nothing about the post.
    """
    old = {*others, row.replaces.entryid if row.replaces else ""}
    live = [entry for entry in seen.live if entry.entryid not in old]
    binned = [entry for entry in seen.binned if entry.entryid not in old]
    if len(live) > 1:
        return held(row, POSTED_TWICE, now, entries=_named(live))
    if live:
        return _booked(row, live[0], FOUND_AGAIN, now)
    if binned:
        return held(row, IN_THE_BIN, now, entries=_named(binned))
    if row.concept:
        return held(row, UNCLEAR_CONCEPT, now, **what_to_look_for(row))
    return _nowhere(row, now)


def _nowhere(row: LedgerRow, now: datetime) -> LedgerRow:
    """In no list: the second time, after a pause, that is the proof."""
    if row.absent_at is None:
        return replace(row, reason=ABSENT_ONCE, detail="", absent_at=now, changed_at=now)
    return replace(
        row,
        state=WAITING,
        reason=ABSENT,
        detail="",
        absent_at=None,
        given_up_at=now,
        owner="",
        changed_at=now,
    )


def double(
    row: LedgerRow, seen: Sighting, others: Iterable[str], now: datetime
) -> LedgerRow | None:
    """A booked row that is held because a post that was given up came in after all."""
    known = {row.entryid, *others, row.replaces.entryid if row.replaces else ""}
    late = [entry for entry in seen.live if entry.entryid not in known]
    ours = [entry for entry in seen.live if entry.entryid == row.entryid]
    if not late or (row.entryid and not ours):  # its own is gone: another finding tells that
        return None
    concept = "" if ours else f" + concept {row.conceptid}"
    return held(row, POSTED_TWICE, now, entries=_named([*ours, *late]) + concept)


def unread(row: LedgerRow, pauses: Pauses, now: datetime) -> LedgerRow | None:
    """The row when a list could not be read: as it is, until a person must look."""
    if not pauses.over(row, now):
        return None
    return held(row, LOOK_UP_FAILED, now, **what_to_look_for(row))


def held(row: LedgerRow, reason: str, now: datetime, **values: str) -> LedgerRow:
    """A person must look; what was found of the post is told."""
    detail = message(reason, **values).text
    return replace(row, state=HELD, reason=reason, detail=detail, changed_at=now)


def what_to_look_for(row: LedgerRow) -> dict[str, str]:
    """For whoever looks in Acumulus."""
    amount = euro(row.posted_total) if row.posted_total is not None else "€ ?"
    return {"amount": amount, "reference": row.reference}


def euro(amount: Decimal) -> str:
    """An amount as it is written in Dutch."""
    return "€ " + f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _booked(row: LedgerRow, entry: Entry, reason: str, now: datetime) -> LedgerRow:
    return replace(
        row,
        state=BOOKED,
        reason=reason,
        entryid=entry.entryid,
        invoicenumber=entry.invoicenumber,
        contactid=entry.contactid or row.contactid,
        conceptid="",
        absent_at=None,
        changed_at=now,
    )


def _named(entries: Iterable[Entry]) -> str:
    ordered = sorted(entries, key=lambda entry: _age(entry.entryid))
    names = [f"{one.invoicenumber or '?'} ({one.entryid})" for one in ordered]
    return " + ".join(names)
