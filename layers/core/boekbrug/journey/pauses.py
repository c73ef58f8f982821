"""Refused credentials -> the shop or administration stops, and its owner gets exactly one mail.

The pause is one conditional write, and that write also remembers the mail it owes: only the worker
whose write won sends it, and a mail that could not go out stays owed until it does.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.mails import NOTICE_PAUSED, NOTICE_RESOLVED, Notices
from boekbrug.journey.ports.tenants import (
    CHOSEN_PAUSES,
    Account,
    Administration,
    ConnectedShop,
    Tenants,
)

NOTICE_GRACE = timedelta(minutes=5)
"""Longer than a function that won the pause can still be busy sending its mail."""


@dataclass(frozen=True, slots=True)
class PauseServices:
    """What pausing and telling needs."""

    tenants: Tenants
    notices: Notices
    clock: Clock


def stop_shop(services: PauseServices, shop: ConnectedShop, reason: str) -> None:
    """Stop fetching a shop whose token was refused; once, and told once.

    ``shop`` is as it was read when the refused token was used: a token that was replaced since
    is left alone. A mail that fails never fails the pause.
    """
    now = services.clock.now()
    won = services.tenants.pause_shop(
        shop.shop_id, reason, token_version=shop.token_version, at=now
    )
    if won:
        paused = replace(shop, paused=reason, paused_at=now, notice_owed=NOTICE_PAUSED)
        tell_about_shop(services, paused)
        return
    stored = services.tenants.shop(shop.shop_id)
    if stored is not None and _overdue(services, stored):
        tell_about_shop(services, stored)


def stop_administration(
    services: PauseServices, administration: Administration, reason: str
) -> None:
    """Stop posting to an administration whose contract was refused; as ``stop_shop``."""
    now = services.clock.now()
    won = services.tenants.pause_administration(
        administration.administration_id,
        reason,
        credentials_version=administration.credentials_version,
        at=now,
    )
    if won:
        paused = replace(administration, paused=reason, paused_at=now, notice_owed=NOTICE_PAUSED)
        tell_about_administration(services, paused)
        return
    stored = services.tenants.administration(administration.administration_id)
    if stored is not None and _overdue(services, stored):
        tell_about_administration(services, stored)


def send_owed_notices(services: PauseServices) -> int:
    """Send every mail that is still owed; returns how many went out. For a nightly run."""
    shops = [shop for shop in services.tenants.all_shops() if _overdue(services, shop)]
    administrations = [
        administration
        for administration in services.tenants.all_administrations()
        if _overdue(services, administration)
    ]
    told = [tell_about_shop(services, shop) for shop in shops]
    told += [tell_about_administration(services, one) for one in administrations]
    return sum(told)


def owed_after_resume(row: ConnectedShop | Administration) -> str:
    """Which mail a resumed row owes: "Opgelost" only to an owner who was told of the stop."""
    told = row.paused not in {"", *CHOSEN_PAUSES} and row.notice_owed != NOTICE_PAUSED
    return NOTICE_RESOLVED if told else ""


def tell_about_shop(services: PauseServices, shop: ConnectedShop) -> bool:
    """Send the mail a shop owes; true when it went out, false when it stays owed."""
    notices, owed = services.notices, shop.notice_owed

    def send(account: Account) -> None:
        if owed == NOTICE_RESOLVED:
            notices.shop_resumed(account, shop)
        else:
            notices.shop_paused(account, shop, shop.paused)

    return _tell(
        services, shop, send, lambda: services.tenants.settle_shop_notice(shop.shop_id, owed)
    )


def tell_about_administration(services: PauseServices, administration: Administration) -> bool:
    """Send the mail an administration owes, naming the shops that wait for it."""
    notices, owed = services.notices, administration.notice_owed
    administration_id = administration.administration_id

    def send(account: Account) -> None:
        shops = [
            shop
            for shop in services.tenants.account_shops(administration.account_id)
            if shop.administration_id == administration_id
        ]
        if owed == NOTICE_RESOLVED:
            notices.administration_resumed(account, administration, shops)
        else:
            notices.administration_paused(account, administration, administration.paused, shops)

    return _tell(
        services,
        administration,
        send,
        lambda: services.tenants.settle_administration_notice(administration_id, owed),
    )


def _tell(
    services: PauseServices,
    row: ConnectedShop | Administration,
    send: Callable[[Account], None],
    settle: Callable[[], None],
) -> bool:
    """Mail, then note that it went out: a crash between the two mails again rather than never."""
    account = services.tenants.account(row.account_id)
    silent = account is None or not account.emails or row.paused in CHOSEN_PAUSES
    try:
        if account is not None and not silent:
            send(account)
        settle()
    except RetryLater:
        return False
    return not silent


def _overdue(services: PauseServices, row: ConnectedShop | Administration) -> bool:
    """Whether a mail is owed that no worker can still be busy sending."""
    if not row.notice_owed:
        return False
    return row.paused_at is None or services.clock.now() - row.paused_at > NOTICE_GRACE
