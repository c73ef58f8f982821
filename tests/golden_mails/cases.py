"""Every mail in both languages; `python -m tests.golden_mails.cases` rewrites the files.

The shops are invented. The files are what an owner gets: read the difference before committing it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from boekbrug.domain.order import Store
from boekbrug.journey.ports import Account, Administration, ConnectedShop
from boekbrug.notices.mail import Mail
from boekbrug.notices.memory import MemoryNotices

HERE = Path(__file__).parent
PORTAL = "https://boekbrug.example.nl/"
STOPPED_AT = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)

SHOP = ConnectedShop(
    shop_id="5b1f0c8e-0000-4000-8000-000000000001",
    account_id="acc-1",
    administration_id="adm-1",
    sealed_token="",
    store=Store(
        id="5b1f0c8e-0000-4000-8000-000000000001",
        name="Keramiekatelier De Vroege Vogel",
        domain="www.keramiekatelier-de-vroege-vogel.example",
    ),
    paused="token_refused",
    paused_at=STOPPED_AT,
)
OTHER_SHOP = replace(SHOP, shop_id="2", store=Store("2", "Mokken & Meer", "mokken.example"))
ADMINISTRATION = Administration(
    administration_id="adm-1",
    account_id="acc-1",
    contractcode="123456",
    username="api-boekbrug",
    sealed_password="",
    company_name="De Vroege Vogel B.V.",
    paused="credentials_refused",
    paused_at=STOPPED_AT,
)


def mails() -> Iterator[tuple[str, Mail]]:
    """Every mail with the name of its files."""
    for language in ("nl", "en"):
        account = Account(account_id="acc-1", emails=("eigenaar@example.nl",), language=language)
        for portal in (PORTAL, ""):
            ending = f"{language}" if portal else f"{language}-without-portal"
            for name, mail in _of(account, portal):
                yield f"{name}.{ending}", mail


def _of(account: Account, portal: str) -> Iterator[tuple[str, Mail]]:
    notices = MemoryNotices(portal)
    both = (SHOP, OTHER_SHOP)
    notices.shop_paused(account, SHOP, "token_refused")
    notices.shop_resumed(account, replace(SHOP, paused="", paused_at=None))
    notices.administration_paused(account, ADMINISTRATION, "credentials_refused", both)
    notices.administration_paused(account, ADMINISTRATION, "role_refused", both)
    going_on = replace(ADMINISTRATION, paused="", paused_at=None)
    notices.administration_resumed(account, going_on, both)
    names = (
        "shop-paused",
        "shop-resumed",
        "administration-paused",
        "administration-role",
        "administration-resumed",
    )
    yield from zip(names, notices.sent, strict=True)


def as_text(mail: Mail) -> str:
    """A mail as a person sees it in an old mail program."""
    return f"To: {', '.join(mail.to)}\nSubject: {mail.subject}\n\n{mail.text}"


def rewrite() -> None:
    """Write every file anew."""
    for name, mail in mails():
        (HERE / f"{name}.txt").write_text(as_text(mail), encoding="utf-8")
        (HERE / f"{name}.html").write_text(mail.html, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
