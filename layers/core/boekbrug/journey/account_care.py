"""An account -> its people, everything that is kept of it as one document, and its end."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.ledger import Ledger, LedgerRow
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.tenants import OWNER, ROLES, Account, ConnectedShop, Tenants, User
from boekbrug.journey.sign_in import is_address

MOST_PEOPLE = 20
MOST_VERSIONS = 1000  # of a shop's settings in an export
NO_ADDRESS, KNOWN_ALREADY, TOO_MANY_PEOPLE, LAST_OWNER, NOBODY_MAILED, NO_ROLE = (
    "no_address",
    "known_already",
    "too_many_people",
    "last_owner",
    "nobody_mailed",
    "no_role",
)


class AccountRefused(BoekbrugError):
    """When a change of an account is not made; ``code`` says why, nothing was stored."""

    code = "account_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareServices:
    """What taking care of an account needs."""

    tenants: Tenants
    ledger: Ledger
    notices: Notices
    clock: Clock


# --------------------------------------------------------------------------- people


def add_person(
    services: CareServices, account: Account, email: str, role: str, *, mailed: bool
) -> Account:
    """Let somebody sign in, and perhaps be mailed. Raises ``AccountRefused``."""
    address = email.strip()
    if not is_address(address):
        raise AccountRefused(code=NO_ADDRESS)
    if role not in ROLES:
        raise AccountRefused(code=NO_ROLE)
    if account.role_of(address):
        raise AccountRefused(code=KNOWN_ALREADY)
    if len(account.people) >= MOST_PEOPLE:
        raise AccountRefused(code=TOO_MANY_PEOPLE)
    emails = (*account.emails, address) if mailed else account.emails
    return _kept(services, account, (*account.people, User(address, role)), emails)


def change_person(
    services: CareServices, account: Account, email: str, role: str, *, mailed: bool
) -> Account:
    """Give somebody another role, or the mails or no mails. Raises ``AccountRefused``."""
    if role not in ROLES or not account.role_of(email):
        raise AccountRefused(code=NO_ROLE)
    people = tuple(
        replace(one, role=role) if _same(one.email, email) else one for one in account.people
    )
    others = tuple(one for one in account.emails if not _same(one, email))
    return _kept(services, account, people, (*others, email) if mailed else others)


def remove_person(services: CareServices, account: Account, email: str) -> Account:
    """Somebody signs in no more, from the next page on, and is not mailed any more."""
    people = tuple(one for one in account.people if not _same(one.email, email))
    emails = tuple(one for one in account.emails if not _same(one, email))
    return _kept(services, account, people, emails)


def _kept(
    services: CareServices, account: Account, people: tuple[User, ...], emails: tuple[str, ...]
) -> Account:
    """An account always has an owner, and somebody who hears when something stops."""
    if not any(one.role == OWNER for one in people):
        raise AccountRefused(code=LAST_OWNER)
    if not emails:
        raise AccountRefused(code=NOBODY_MAILED)
    changed = replace(account, users=people, emails=emails)
    services.tenants.put_account(changed)
    return changed


def _same(one: str, other: str) -> bool:
    return one.lower() == other.strip().lower()


# --------------------------------------------------------------------------- what is kept


def everything_kept(services: CareServices, account: Account) -> dict[str, Any]:
    """The account, its administrations and shops with every version of their settings.

    Secrets are left out: they are the owner's own, and nobody needs a second copy of them.
    """
    tenants = services.tenants
    shops = tenants.account_shops(account.account_id)
    return {
        "account": {
            "id": account.account_id,
            "people": [{"email": one.email, "role": one.role} for one in account.people],
            "mailed": list(account.emails),
            "language": account.language,
            "mails": account.notify,
        },
        "administrations": [
            {
                "id": one.administration_id,
                "contractcode": one.contractcode,
                "username": one.username,
                "company": one.company_name,
            }
            for one in tenants.account_administrations(account.account_id)
        ],
        "shops": [_shop(services, shop) for shop in shops],
        "made_at": _text(services.clock.now()),
    }


def orders_kept(
    services: CareServices, shop: ConnectedShop, year: int
) -> Iterator[Mapping[str, Any]]:
    """Every order of a year as the ledger knows it; amounts as text, in euro or as named."""
    for row in services.ledger.shop_rows(shop.shop_id):
        if row.order_date.year == year:
            yield _order(row)


def _shop(services: CareServices, shop: ConnectedShop) -> dict[str, Any]:
    versions = services.tenants.settings_versions(shop.shop_id, MOST_VERSIONS)
    return {
        "id": shop.shop_id,
        "name": shop.store.name,
        "domain": shop.store.domain,
        "administration": shop.administration_id,
        "stopped": shop.paused or None,
        "settings": [
            {
                "version": one.version,
                "by": one.by,
                "at": _text(one.at),
                "choices": _chosen(one.settings),
            }
            for one in versions
        ],
    }


def _chosen(settings: ShopSettings) -> dict[str, Any]:
    chosen: dict[str, Any] = settings.model_dump(mode="json")
    return chosen


def _order(row: LedgerRow) -> dict[str, Any]:
    return {
        "number": row.key.number,
        "uuid": row.key.uuid,
        "date": row.order_date.isoformat(),
        "total": str(row.total),
        "currency": row.currency,
        "state": row.state,
        "reason": row.reason or None,
        "detail": row.detail or None,
        "remarks": list(row.messages),
        "invoicenumber": row.invoicenumber or None,
        "entryid": row.entryid or None,
        "conceptid": row.conceptid or None,
        "contactid": row.contactid or None,
        "booked_total": str(row.posted_total) if row.posted_total is not None else None,
        "booked_vat": {rate: str(vat) for rate, vat in row.vat.items()},
        "settings_version": row.settings_version,
        "seen_at": _text(row.seen_at),
        "changed_at": _text(row.changed_at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


# --------------------------------------------------------------------------- the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was removed when an account was closed; ``number`` is to refer to it."""

    number: str
    on: date
    shops: tuple[str, ...]
    administrations: tuple[str, ...]
    people: tuple[str, ...]


def close_account(services: CareServices, account: Account) -> Receipt:
    """Stop everything and remove what is kept of the account, but for the ledger.

    The ledger holds no customer data; it stays so that a shop that comes back is not booked twice.
    Fetching stops first. Interrupted, it can be called again; the mail goes out before the people
    are forgotten. Raises ``RetryLater``.
    """
    tenants = services.tenants
    shops = tenants.account_shops(account.account_id)
    mine = tenants.account_administrations(account.account_id)  # also those without a shop now
    receipt = Receipt(
        number=f"BB-{secrets.token_hex(4).upper()}",
        on=services.clock.now().date(),
        shops=tuple(shop.store.name or shop.store.domain or shop.shop_id for shop in shops),
        administrations=tuple(one.company_name or f"…{one.contractcode[-2:]}" for one in mine),
        people=tuple(one.email for one in account.people),
    )
    for shop in shops:
        tenants.remove_shop(shop.shop_id)
    services.notices.account_closed(account, receipt)
    for one in mine:
        tenants.remove_administration(one.administration_id)
    tenants.remove_account(account.account_id)
    return receipt
