"""One suite for every way to tell owners: kept in memory, through SES on moto and embedded."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.tenants import Account
from boekbrug.notices.memory import MemoryNotices
from boekbrug.notices.ses import SesNotices
from tests.golden_mails.cases import ADMINISTRATION, OTHER_SHOP, SHOP
from tests.support.embedded import EMBEDDED, MOTO, REGION, Aws, an_aws

PORTAL = "https://portal.example/"
OWNER = Account(account_id="acc-1", emails=("a@example.nl", "b@example.nl"))


@dataclass(frozen=True)
class Post:
    """A way to tell owners; ``sent`` gives (addresses, subject, HTML) of each mail."""

    notices: Notices
    sent: Callable[[], list[tuple[tuple[str, ...], str, str]]]
    break_down: Callable[[], None]


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    if request.param == "memory":
        yield _in_memory()
        return
    with an_aws(request, request.param) as aws:
        yield _through_ses(aws)


def _in_memory() -> Post:
    notices = MemoryNotices(PORTAL)

    def break_down() -> None:
        notices.unreachable = True

    return Post(notices, lambda: [(m.to, m.subject, m.html) for m in notices.sent], break_down)


def _through_ses(aws: Aws) -> Post:
    sender = f"boekbrug-{uuid4().hex}@example.com"
    client = aws.client("sesv2")
    client.create_email_identity(EmailIdentity=sender)
    if aws.name == EMBEDDED:  # out of the sandbox, where only verified addresses get mail
        client.put_account_details(
            MailType="TRANSACTIONAL", WebsiteURL=PORTAL, ProductionAccessEnabled=True
        )
    return Post(
        SesNotices(sender, portal_url=PORTAL, client=client),
        lambda: _kept(aws, sender),
        lambda: client.delete_email_identity(EmailIdentity=sender),  # then SES refuses its mail
    )


def _kept(aws: Aws, sender: str) -> list[tuple[tuple[str, ...], str, str]]:
    if aws.name == MOTO:
        kept = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [(tuple(m.destinations["ToAddresses"]), m.subject, m.body) for m in kept]
    return [
        (tuple(record["To"]), record["Subject"], record["BodyHtml"])
        for record in _records(aws)
        if record["Source"] == sender
    ]


def _records(aws: Aws) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{aws.endpoint}/_ministack/ses/messages", timeout=10) as answer:
        accounts = json.load(answer)["messages"]
    return [record for records in accounts.values() for record in records]


TELLING: dict[str, Callable[[Notices], None]] = {
    "de token van": lambda notices: notices.shop_paused(OWNER, SHOP, "token_refused"),
    "is weer verbonden": lambda notices: notices.shop_resumed(OWNER, SHOP),
    "weigert de toegang": lambda notices: notices.administration_paused(
        OWNER, ADMINISTRATION, "credentials_refused", [SHOP, OTHER_SHOP]
    ),
    "mag te weinig": lambda notices: notices.administration_paused(
        OWNER, ADMINISTRATION, "role_refused"
    ),
    "geeft weer toegang": lambda notices: notices.administration_resumed(
        OWNER, ADMINISTRATION, [SHOP]
    ),
}


@pytest.mark.parametrize(("says", "tell"), TELLING.items(), ids=TELLING.keys())
def test_one_thing_to_tell_is_one_mail(
    post: Post, says: str, tell: Callable[[Notices], None]
) -> None:
    """To all owners of the account, in one mail, with the portal's address."""
    tell(post.notices)

    ((to, subject, html),) = post.sent()
    assert to == OWNER.emails
    assert says in subject
    assert PORTAL in html


@pytest.mark.parametrize("tell", TELLING.values(), ids=TELLING.keys())
def test_a_mail_that_does_not_go_out_is_for_later(
    post: Post, tell: Callable[[Notices], None]
) -> None:
    """Whatever the reason: it stays owed, and no address is in the error."""
    post.break_down()

    with pytest.raises(RetryLater) as caught:
        tell(post.notices)

    assert caught.value.code == "mail_failed"
    assert "@" not in str(caught.value)
    assert post.sent() == []


def test_the_owners_language_is_used(post: Post) -> None:
    """English for whoever chose it."""
    post.notices.shop_resumed(replace(OWNER, language="en"), SHOP)

    assert post.sent()[0][1].endswith("is connected again")


@pytest.mark.embedded
def test_a_mail_has_text_beside_html(embedded: Aws) -> None:
    """For readers without HTML, and for spam filters."""
    post = _through_ses(embedded)
    post.notices.shop_paused(OWNER, SHOP, "token_refused")

    record = _records(embedded)[-1]
    assert "Er gaat niets verloren." in record["BodyText"]
    assert "<strong>Er gaat niets verloren.</strong>" in record["BodyHtml"]
