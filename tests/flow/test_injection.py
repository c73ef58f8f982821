"""Whatever a customer types stays text: in Acumulus' XML, in tables, and in mails."""

import json
import urllib.request
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from boekbrug.bootstrap import services
from boekbrug.journey.ports.ledger import BOOKED
from tests.flow.flow_world import running_flow
from tests.support.embedded import Aws
from tests.support.orders import line_json, order_json

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

HOSTILE = (
    "</product><unitprice>0.01</unitprice><product>",
    "]]></fullname></customer><customer><invoice><concept>1</concept>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &copy;",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><emailaspdf><emailto>dief@example.com</emailto></emailaspdf>",
    "C:\\nieuw\\tabel \\n \\\\ \x07 \x00 \ufffe einde",
    "{{ 7*7 }} {% debug %} ${jndi:ldap://x} %s %n",
    "smiley \U0001f600 \u202e omgekeerd",
)


def hostile_order(number: int, text: str) -> dict[str, Any]:
    """The text in every place where a customer or a merchant can type one."""
    order = order_json(str(number))
    order["debtor"] |= {"name": text, "email": f"klant{number}@example.com"}
    order["debtor"]["address"]["invoice"] |= {"name": text, "street": text, "city": text}
    order["comments"] = {"customer": text, "internal": text}
    order["orderlines"] = [
        line_json("article", text, "24.710742", "29.90", sku=text),
        line_json("shipping", text, "4.917355", "5.95"),
    ]
    return order


def visible(text: str) -> str:
    """What is left of a text without spaces, line breaks, and signs that are not sent."""
    return "".join(sign for sign in text if "!" <= sign < "\U00010000" and sign.isprintable())


def test_texts_of_customers_stay_texts(embedded: Aws) -> None:
    """Each order is one invoice of its own two lines, total and customer; nothing else happened."""
    with running_flow(embedded, 1) as flow:
        first = flow.shops[0]
        for number, text in enumerate(HOSTILE, start=3001):
            flow.shop.add_order(hostile_order(number, text), first.shop_id)
        flow.hour()
        rows = flow.rows(first)
        entries = {entry.description: entry for entry in flow.books.entries(first.contract)}
        contacts = flow.books.contract(first.contract).contacts

        for number, text in enumerate(HOSTILE, start=3001):
            entry = entries[f"Bestelling WA{number}"]
            assert rows[str(number)].state == BOOKED
            assert str(entry.total) == "35.85"
            assert [str(line.unitprice) for line in entry.invoice.lines] == ["24.7107", "4.9174"]
            assert visible(unescape(text)) == visible(entry.invoice.lines[0].itemnumber)
            assert contacts[entry.contactid].email == f"klant{number}@example.com"
        assert flow.books.contract(first.contract).concepts == {}
        assert flow.books.contract(first.contract).mails == {}


def test_the_name_of_a_shop_is_no_markup_in_a_mail(embedded: Aws) -> None:
    """A mail shows the name as it is written; it runs nothing."""
    mails = embedded.client("sesv2")
    mails.create_email_identity(EmailIdentity="injection@example.com")
    mails.put_account_details(
        MailType="TRANSACTIONAL",
        WebsiteURL="https://boekbrug.example",
        ProductionAccessEnabled=True,
    )
    with running_flow(embedded, 1, MAIL_FROM="injection@example.com") as flow:
        first = flow.shops[0]
        tenants = services().tenants
        shop = tenants.shop(first.shop_id)
        assert shop is not None
        tenants.put_shop(replace(shop, store=replace(shop.store, name=HOSTILE[4])))
        flow.shop.set_token("inactive", first.shop_id)
        flow.hour()
    with urllib.request.urlopen(f"{embedded.endpoint}/_ministack/ses/messages") as answer:
        accounts = json.load(answer)["messages"]
    sent = [mail for of_one in accounts.values() for mail in of_one]
    (mine,) = (mail for mail in sent if mail["Source"] == "injection@example.com")

    assert "<script" not in mine["BodyHtml"]
    assert "<img src=x" not in mine["BodyHtml"]
    assert "&lt;script&gt;alert(1)" in mine["BodyHtml"]
    assert "<script>alert(1)" in mine["BodyText"]
