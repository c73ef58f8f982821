"""A person's decision about one order -> the use case, and a sentence of what came of it."""

from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    Said,
    book_anyway,
    booked_by_hand,
    do_not_book,
    resolve_absent,
    resolve_there,
    retry,
)
from boekbrug.journey.ports.ledger import HELD, SKIPPED, LedgerRow
from boekbrug.journey.possible import Decision
from boekbrug.journey.resend import Resent, resend
from boekbrug.journey.sentences import said as told_in
from boekbrug.portal.visit import Flash, Visit


def decided(visit: Visit, number: str, decision: Decision, what: str) -> Flash:
    """Do it; ``what`` ends the names of the fields. Raises ``DecisionRefused``, or as the ports."""
    services, shop = visit.services.deciding, visit.shop
    said = Said(visit.form.text(f"waarom-{what}"), visit.by)
    typed = visit.form.text(f"nummer-{what}")
    match decision:
        case Decision.BOOK:
            return _retried(visit, book_anyway(services, shop, number, said), decision)
        case Decision.RETRY:
            return _retried(visit, retry(services, shop, number, said), decision)
        case Decision.SKIP:
            do_not_book(services, shop, number, said)
        case Decision.BY_HAND:
            booked_by_hand(services, shop, number, said, invoicenumber=typed)
        case Decision.RESEND:
            return _resent(visit, number, resend(services, shop, number, said))
        case Decision.ABSENT:
            resolve_absent(services, shop, number, said)
        case Decision.THERE:
            _resolve_there(visit, number, said, typed)
    return Flash.good(visit.say(f"orders.done_{decision.value}", number=number))


def _resolve_there(visit: Visit, number: str, said: Said, typed: str) -> None:
    """What Acumulus shows is an invoice number or the number of a booking: both are tried."""
    services, shop = visit.services.deciding, visit.shop
    try:
        resolve_there(services, shop, number, said, invoicenumber=typed)
    except DecisionRefused as refused:
        if refused.code != "entry_unknown":
            raise
        resolve_there(services, shop, number, said, entryid=typed)


def _retried(visit: Visit, row: LedgerRow, decision: Decision) -> Flash:
    """The flash promises nothing that did not come of it."""
    if row.state in (HELD, SKIPPED):
        return Flash("attention", visit.say(f"orders.still_{row.state}", number=row.key.number))
    return Flash.good(visit.say(f"orders.done_{decision.value}", number=row.key.number))


def _resent(visit: Visit, number: str, done: Resent) -> Flash:
    if done.why_not:
        return Flash.bad(visit.say("orders.resend_not", why=told_in(done.why_not, visit.language)))
    if done.binned:
        return Flash.good(visit.say("orders.resend_binned", old=done.binned))
    if done.stays:
        return Flash("attention", visit.say("orders.resend_stays", number=number, old=done.stays))
    return Flash.good(visit.say("orders.done_resend", number=number))
