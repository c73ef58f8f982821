"""An e-mail address -> a one-time link in a mail -> a browser that is signed in.

    asked ─▶ mailed (15 minutes, once) ─▶ confirmed by hand ─▶ session, until it rests or ends

Whether an address is known is told to its owner only: both get the same answer, the same writes
and a mail, with other words. Only hashes of tokens are stored.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.access import Access, Session, SignInLink
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.tenants import OWNER, Account, Tenants, User

LINK_LIVES = timedelta(minutes=15)
SESSION_RESTS = timedelta(hours=2)
"""A session ends after so long without a page."""
SESSION_LIVES = timedelta(hours=12)
"""And after so long in any case."""
MOVED_EVERY = timedelta(minutes=5)
"""How exactly the rest is kept: not every page is a write."""

LIMIT_SPAN = 3600  # seconds
LINKS_PER_ADDRESS = 5
LINKS_PER_SOURCE = 60
"""An office, or a distribution in front of the portal, may be one source for many."""
TOKEN_BYTES = 32
LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s\"<>,;:\\()\[\]]+@[^@\s\"<>,;:\\()\[\]]+\.[^@\s\"<>,;:\\()\[\].]{2,}")


class SignInRefused(BoekbrugError):
    """When somebody does not get in; ``code`` says why, in terms of what he did."""

    code = "sign_in_refused"


NO_ADDRESS, TOO_MANY, LINK_UNKNOWN, LINK_USED, LINK_OLD = (
    "no_address",
    "too_many_links",
    "link_unknown",
    "link_used",
    "link_old",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInServices:
    """What signing in needs; ``open_to_all``: an address without an account may begin one."""

    tenants: Tenants
    access: Access
    notices: Notices
    clock: Clock
    open_to_all: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who this is, and for which account."""

    session: Session
    account: Account
    role: str


def is_address(text: str) -> bool:
    """Whether one plain e-mail address stands there, and nothing else."""
    return len(text) <= LONGEST_ADDRESS and text.isascii() and bool(_ADDRESS.fullmatch(text))


def ask_link(
    services: SignInServices,
    typed: str,
    *,
    source: str,
    portal_url: str,
    language: str,
    leads_to: str = "/",
) -> str:
    """Mail a link to the address, or that there is no account; returns the address.

    ``source`` is where the request came from; ``leads_to`` a path of ours. Raises
    ``SignInRefused`` for what is no address and after too many links, and ``RetryLater`` when the
    mail did not go out.
    """
    email = typed.strip()
    if not is_address(email):
        raise SignInRefused(code=NO_ADDRESS)
    _count_links(services, email, source)
    send_link(services, email, portal_url=portal_url, language=language, leads_to=leads_to)
    return email


def send_link(
    services: SignInServices,
    email: str,
    *,
    portal_url: str,
    language: str,
    leads_to: str = "/",
) -> None:
    """The mail itself; whether there were too many is asked before."""
    known = bool(services.tenants.accounts_of(email))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = services.clock.now() + LINK_LIVES
    link = SignInLink(email=email, language=language, leads_to=leads_to, until=until)
    services.access.put_link(_hashed(token), link)
    if known or services.open_to_all:
        services.notices.sign_in(email, f"{portal_url}/inloggen/{token}", language=language)
    else:
        services.notices.no_account(email, language=language)


def invite(services: SignInServices, email: str, *, account: Account, portal_url: str) -> None:
    """A first link for somebody whom an owner added, within the limits of any link.

    Raises ``SignInRefused`` when this address, or everybody of this account, got too many.
    """
    _count_links(services, email, f"account {account.account_id}")
    send_link(services, email, portal_url=portal_url, language=account.language)


def _count_links(services: SignInServices, email: str, source: str) -> None:
    """Both are counted, so that neither limit tells anything about the other."""
    span = int(services.clock.now().timestamp()) // LIMIT_SPAN + 1
    until = datetime.fromtimestamp(span * LIMIT_SPAN, UTC)
    for_address = services.access.count(f"links to {email.lower()}", until)
    from_source = services.access.count(f"links from {source}", until)
    if for_address > LINKS_PER_ADDRESS or from_source > LINKS_PER_SOURCE:
        raise SignInRefused(code=TOO_MANY)


def look_at_link(services: SignInServices, token: str) -> SignInLink:
    """The link of a token, which stays unused; raises ``SignInRefused`` when it opens nothing."""
    link = services.access.link(_hashed(token))
    if link is None:
        raise SignInRefused(code=LINK_UNKNOWN)
    if link.used:
        raise SignInRefused(code=LINK_USED)
    if services.clock.now() >= link.until:
        raise SignInRefused(code=LINK_OLD)
    return link


def confirm(services: SignInServices, token: str) -> tuple[str, SignInLink]:
    """Use the link; returns the token of a new session, and the link that was used.

    An address without an account gets one here, when everybody may begin. Raises
    ``SignInRefused`` as ``look_at_link``.
    """
    link = look_at_link(services, token)
    if not services.access.use_link(_hashed(token)):
        raise SignInRefused(code=LINK_USED)
    accounts = services.tenants.accounts_of(link.email)
    if not accounts and not services.open_to_all:
        raise SignInRefused(code=LINK_UNKNOWN)
    account = accounts[0] if accounts else _new_account(services, link)
    now = services.clock.now()
    session = Session(
        email=link.email, account_id=account.account_id, started=now, until=now + SESSION_RESTS
    )
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    services.access.put_session(_hashed(fresh), session)
    return fresh, link


def _new_account(services: SignInServices, link: SignInLink) -> Account:
    account = Account(
        account_id=f"acc-{secrets.token_hex(8)}",
        emails=(link.email,),
        language=link.language,
        users=(User(link.email, OWNER),),
    )
    services.tenants.put_account(account)
    return account


def signed_in(services: SignInServices, token: str) -> SignedIn | None:
    """Whose session this is; ``None`` when it ended or the account knows the address no more."""
    session = services.access.session(_hashed(token))
    now = services.clock.now()
    if session is None or now >= session.until:
        return None
    account = services.tenants.account(session.account_id)
    role = account.role_of(session.email) if account else ""
    if account is None or not role:
        return None
    moved = min(now + SESSION_RESTS, session.started + SESSION_LIVES)
    if moved - session.until >= MOVED_EVERY:
        session = replace(session, until=moved)
        services.access.put_session(_hashed(token), session)
    return SignedIn(session, account, role)


def choose_account(services: SignInServices, token: str, account_id: str) -> bool:
    """Go on in another account of the same address; false when it is none."""
    session = services.access.session(_hashed(token))
    mine = (
        {account.account_id for account in services.tenants.accounts_of(session.email)}
        if session
        else set()
    )
    if session is None or account_id not in mine:
        return False
    services.access.put_session(_hashed(token), replace(session, account_id=account_id))
    return True


def sign_out(services: SignInServices, token: str) -> None:
    """The session ends on our side too."""
    services.access.end_session(_hashed(token))


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
