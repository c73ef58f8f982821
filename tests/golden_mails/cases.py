"""Every mail in both languages; `python -m tests.golden_mails.cases` rewrites the files.

The shops are invented. The files are what an owner gets: read the difference before committing it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from boekbrug.domain.order import Store
from boekbrug.domain.reasons import message
from boekbrug.journey.account_care import Receipt
from boekbrug.journey.digests import Digest, Item, Section, Summary
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import Account, Administration, ConnectedShop
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
            for name, mail in (*_of(account, portal), *_digests(account, portal)):
                yield f"{name}.{ending}", mail
        yield from _closing(account)
        for name, mail in _signing_in(language):
            yield f"{name}.{language}", mail


def _signing_in(language: str) -> Iterator[tuple[str, Mail]]:
    notices = MemoryNotices(PORTAL)
    notices.sign_in("eigenaar@example.nl", f"{PORTAL}inloggen/{'t' * 43}", language=language)
    notices.no_account("iemand@example.nl", language=language)
    yield from zip(("sign-in", "sign-in-no-account"), notices.sent, strict=True)


def _closing(account: Account) -> Iterator[tuple[str, Mail]]:
    notices = MemoryNotices(PORTAL)
    receipt = Receipt(
        number="BB-1A2B3C4D",
        on=STOPPED_AT.date(),
        shops=(SHOP.store.name, OTHER_SHOP.store.name),
        administrations=(ADMINISTRATION.company_name,),
        people=("eigenaar@example.nl", "boekhouder@example.nl"),
    )
    notices.account_closed(account, receipt)
    yield f"account-closed.{account.language}", notices.sent[0]


def _of(account: Account, portal: str) -> Iterator[tuple[str, Mail]]:
    notices = MemoryNotices(portal)
    both = (SHOP, OTHER_SHOP)
    notices.shop_paused(account, SHOP, "token_refused")
    notices.shop_resumed(account, replace(SHOP, paused="", paused_at=None))
    notices.administration_paused(account, ADMINISTRATION, "credentials_refused", both)
    notices.administration_paused(account, ADMINISTRATION, "role_refused", both)
    notices.administration_paused(account, ADMINISTRATION, "trial_limit", both)
    going_on = replace(ADMINISTRATION, paused="", paused_at=None)
    notices.administration_resumed(account, going_on, both)
    names = (
        "shop-paused",
        "shop-resumed",
        "administration-paused",
        "administration-role",
        "administration-trial",
        "administration-resumed",
    )
    yield from zip(names, notices.sent, strict=True)


NAMES = {SHOP.shop_id: SHOP.store.name, "2": OTHER_SHOP.store.name}


def _item(code: str, number: str, shop_id: str = SHOP.shop_id, detail: str = "") -> Item:
    return Item(code=code, shop_id=shop_id, number=number, detail=detail)


def _remark(number: str, *codes: str, detail: str = "", **ids: str) -> LedgerRow:
    return LedgerRow(
        key=OrderKey(SHOP.shop_id, number, "u"),
        state="booked",
        order_date=STOPPED_AT.date(),
        total=Decimal("38.50"),
        fingerprint="f",
        messages=codes,
        detail=detail,
        changed_at=STOPPED_AT,
        **ids,  # type: ignore[arg-type]  # texts only
    )


LOCKED = Section(
    code="period_locked", items=tuple(_item("period_locked", n) for n in ("1042", "1043", "1051"))
)
REFUSED = Section(
    code="books_refused",
    items=(
        _item("books_refused", "1044", detail="400 AA1B2C3D"),
        _item("books_refused", "77", "2", "400 AA1B2C3D"),
    ),
)
MANY = Section(code="no_lines", items=tuple(_item("no_lines", str(n)) for n in range(2000, 2023)))
FAULT = Section(code="fault", items=(_item("fault", "1060"),))
CHANGED = Section(
    code="changed_after_booking",
    items=tuple(
        _item(
            "changed_after_booking",
            number,
            shop,
            message("changed_after_booking", was=was, now=now, difference=difference).text,
        )
        for number, shop, was, now, difference in (
            ("1039", SHOP.shop_id, "€ 50,00", "€ 45,00", "€ 5,00"),
            ("78", "2", "€ 12,10", "€ 12,60", "€ 0,50"),
        )
    ),
)
GONE = Section(
    code="account_gone",
    items=(_item("account_gone", "", "2", message("account_gone", ids="7").text),),
)
AWAY = Section(
    code="books_away",
    items=tuple(_item("books_away", "", shop, message("books_away").text) for shop in NAMES),
)
SHOP_GONE = Section(
    code="shop_away",
    items=(_item("shop_away", "", "2", message("shop_away").text),),
)
TWICE = Section(
    code="posted_twice",
    items=(
        _item(
            "posted_twice",
            "1047",
            detail=message("posted_twice", entries="20260047 (61) en 20260048 (62)").text,
        ),
    ),
)
REMARKS = (
    _remark(
        "1045",
        "rate_unclear",
        detail='Het btw-tarief van de regel "Mok <blauw>" ontbreekt '
        "of klopt niet met de bedragen. Controleer het tarief van deze regel in het concept.",
        conceptid="8123",
    ),
    _remark("1046", "email_missing_private", "W:PAYMENT", entryid="61", invoicenumber="20260046"),
)
SUMMARY = Summary(since=STOPPED_AT, counts={"booked": 18, "concept": 2, "skipped": 4, "held": 1})


def _digests(account: Account, portal: str) -> Iterator[tuple[str, Mail]]:
    notices = MemoryNotices(portal)
    notices.digest(account, Digest(problems=(LOCKED,), shops=NAMES))
    several = (LOCKED, REFUSED, MANY, CHANGED, GONE, FAULT)
    notices.digest(account, Digest(problems=several, remarks=REMARKS, shops=NAMES))
    one = Section(code="unclear", items=(_item("unclear", "1042"),))
    notices.digest(account, Digest(problems=(one,), shops=NAMES))
    notices.digest(account, Digest(problems=(FAULT,), shops=NAMES))
    notices.digest(account, Digest(problems=(TWICE,), shops=NAMES))
    notices.digest(account, Digest(problems=(CHANGED, GONE), shops=NAMES))
    notices.digest(account, Digest(problems=(AWAY,), shops=NAMES))
    notices.digest(account, Digest(problems=(SHOP_GONE,), shops=NAMES))
    notices.digest(account, Digest(remarks=REMARKS, shops={SHOP.shop_id: SHOP.store.name}))
    notices.digest(account, Digest(summary=SUMMARY, shops=NAMES))
    notices.solved(account, (replace(LOCKED, outcomes={"booked": 2, "skipped": 1}),), NAMES)
    notices.solved(account, (CHANGED,), NAMES)
    notices.solved(account, (AWAY,), NAMES)
    notices.solved(account, (SHOP_GONE,), NAMES)
    notices.crashed("beheer@example.nl", replace(FAULT, code="fault: KeyError at lines.py:81"))
    names = (
        "digest-one-cause",
        "digest-several-causes",
        "digest-unclear",
        "digest-our-fault",
        "digest-posted-twice",
        "digest-findings",
        "digest-books-away",
        "digest-shop-away",
        "digest-remarks",
        "digest-summary",
        "digest-solved",
        "digest-solved-findings",
        "digest-solved-books-away",
        "digest-solved-shop-away",
        "crash",
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
