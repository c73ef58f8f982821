"""Mails: one cause, what to do, in the owner's language, and nothing that could do harm."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from boekbrug.domain.order import Store
from boekbrug.journey.ports.tenants import Account
from boekbrug.notices import words
from boekbrug.notices.mail import about_administration, about_shop
from boekbrug.notices.words import FRAMES, MAILS
from tests.golden_mails.cases import ADMINISTRATION, OTHER_SHOP, SHOP

OWNER = Account(account_id="acc-1", emails=("a@example.nl", "b@example.nl"))
ENGLISH = replace(OWNER, language="en")
SHOP_MAILS = (words.SHOP_PAUSED, words.SHOP_RESUMED)


class Elements(HTMLParser):
    """The elements of a page, and whether each one is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def elements(html: str) -> list[str]:
    """Every element in order; fails when one is not closed."""
    page = Elements()
    page.feed(html)
    assert page.open == []
    return page.seen


@pytest.mark.parametrize("account", [OWNER, ENGLISH])
@pytest.mark.parametrize("name", SHOP_MAILS)
def test_both_forms_say_the_same(name: str, account: Account) -> None:
    """What the HTML says is in the plain text too, to the word."""
    mail = about_shop(name, account, SHOP, portal_url="https://portal.example/")
    body = mail.html.split("</h1>")[1]
    said = re.findall(r"\w+", re.sub(r"<[^>]+>|&\w+;|&#\d+;", " ", body))

    assert set(said) <= set(re.findall(r"\w+", mail.text))


def test_all_owners_of_the_account_are_addressed() -> None:
    """One mail, to each of them."""
    assert about_shop(words.SHOP_PAUSED, OWNER, SHOP).to == ("a@example.nl", "b@example.nl")


def test_a_shop_name_is_text_and_never_markup() -> None:
    """A name with HTML, stars or braces in it arrives as it is written."""
    odd = replace(SHOP, store=Store("1", "<img src=x onerror=alert(1)> *{what}* & Zn"))

    mail = about_shop(words.SHOP_PAUSED, OWNER, odd)

    assert "img" not in elements(mail.html)
    assert "<img src=x onerror=alert(1)>" in mail.text
    assert "{what}" in mail.subject


def test_a_shop_name_cannot_add_headers() -> None:
    """Line breaks never reach the subject."""
    odd = replace(SHOP, store=Store("1", "Winkel\r\nBcc: iemand@example.nl"))

    subject = about_shop(words.SHOP_PAUSED, OWNER, odd).subject

    assert subject.splitlines() == [subject]


def test_the_time_is_the_owners() -> None:
    """Stopped at 13:05 UTC in March is 14:05 in Amsterdam."""
    assert "Sinds: 3 maart 2026 om 14:05 uur" in about_shop(words.SHOP_PAUSED, OWNER, SHOP).text
    assert "Since: 3 March 2026, 14:05" in about_shop(words.SHOP_PAUSED, ENGLISH, SHOP).text


def test_a_shop_without_a_name_goes_by_its_domain() -> None:
    """And is not named twice."""
    nameless = replace(SHOP, store=Store("1", "", "winkel.example"))

    mail = about_shop(words.SHOP_RESUMED, OWNER, nameless)

    assert "Winkel: winkel.example\n" in mail.text


def test_the_contract_is_known_by_its_last_digits() -> None:
    """Enough to recognise, not enough to use; neither user nor password is told."""
    nameless = replace(ADMINISTRATION, company_name="", sealed_password="verzegeld")

    mail = about_administration(words.ADMINISTRATION_PAUSED, OWNER, nameless, [SHOP, OTHER_SHOP])

    assert "contract eindigend op 56" in mail.subject
    for hidden in ("123456", "api-boekbrug", "verzegeld"):
        assert hidden not in mail.text + mail.html + mail.subject


def test_the_portal_is_linked_only_when_there_is_one() -> None:
    """Without a portal the last step says whom to give the token to."""
    linked = about_shop(words.SHOP_PAUSED, OWNER, SHOP, portal_url="https://portal.example/")
    bare = about_shop(words.SHOP_PAUSED, OWNER, SHOP)

    assert f'href="https://portal.example/instellingen/token?winkel={SHOP.shop_id}"' in linked.html
    assert "a" not in elements(bare.html)
    assert "Geef de token aan wie Boekbrug voor u beheert" in " ".join(bare.text.split())


def test_every_mail_exists_in_every_language() -> None:
    """English is complete, and has as many steps as the Dutch."""
    for name, languages in MAILS.items():
        assert set(languages) == set(FRAMES), name
        assert len(languages["nl"].steps) == len(languages["en"].steps), name


def test_subjects_say_at_once_whether_to_act() -> None:
    """A mail that asks something begins with it; one that asks nothing has no steps."""
    for languages in MAILS.values():
        dutch = languages["nl"]
        assert dutch.subject.startswith("Actie nodig: " if dutch.steps else "Opgelost: ")
