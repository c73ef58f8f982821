"""Builders: a test states only what matters to it."""

import json
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

STORE_ID = "efa97179-9a07-5079-8513-7db74e67501b"


def order_json(number: str = "1042", **changes: Any) -> dict[str, Any]:
    """A plain Dutch consumer order of 35.85 euro at 21 %, paid by iDEAL, in the live shape."""
    order: dict[str, Any] = {
        "number": number,
        "uuid": str(uuid5(NAMESPACE_DNS, f"order-{number}")),
        "date": "2026-03-02",
        "time": "09:14:55",
        "status": 3,
        "status_changed_date": "2026-03-02",
        "status_changed_time": "09:20:00",
        "archived": False,
        "finished": True,
        "taxed": "include",
        "locale": "nl_NL",
        "discountcode": "",
        "currency": "EUR",
        "credited_order_number": None,
        "credit_order_numbers": [],
        "comments": {"customer": "", "internal": ""},
        "business_model": "B2C",
        "tax_region": "NL",
        "tax_strategy": "",
        "payment": {
            "gateway_name": "mollie",
            "method_name": "ideal",
            "status": {"id": 1, "text": "Betaling geslaagd"},
        },
        "payment_status": "captured",
        "debtor": {
            "id": "5e18f195-f618-50f9-94c4-6871c0d50c88",
            "name": "Quirijn Testklant",
            "email": "quirijn.testklant@example.com",
            "address": {
                "invoice": {
                    "name": "Quirijn Testklant",
                    "street": "Lindelaan",
                    "number": "14",
                    "zipcode": "3512 AB",
                    "city": "Utrecht",
                    "country": "Nederland",
                    "country_code": "NL",
                }
            },
        },
        "price": {"tax": {"amount": "6.22", "rate": "21.00"}, "total": "35.85"},
        "orderlines": [
            line_json("article", "Keramische mok", "24.710742", "29.90", quantity=2, sku="MOK-BL"),
            line_json("shipping", "Verzendkosten", "4.917355", "5.95"),
        ],
        "shipping": [{"country": {"description": "Nederland", "isocode": "NL"}}],
    }
    return order | changes


def reverse_charged_json(number: str = "1042", **changes: Any) -> dict[str, Any]:
    """A Belgian business that was charged 100.00 euro and no VAT."""
    order = order_json(
        number,
        tax_strategy="reverse_charged_vat",
        tax_region="BE",
        business_model="B2B",
        price={"tax": [], "total": "100.00"},
        orderlines=[line_json("article", "Mok", "100.000000", "100.00", rate="0.00")],
        **changes,
    )
    invoice = order["debtor"]["address"]["invoice"]
    invoice |= {"company": "Atelier BV", "taxnumber": "BE0123456749", "country_code": "BE"}
    return order


def line_json(
    kind: str,
    description: str,
    net: str,
    gross: str,
    *,
    rate: str = "21.00",
    quantity: int = 1,
    sku: str = "",
) -> dict[str, Any]:
    """One order line; an article gets its article with the SKU."""
    line: dict[str, Any] = {
        "id": str(uuid5(NAMESPACE_DNS, description)),
        "type": kind,
        "quantity": quantity,
        "description": description,
        "price": {"amount": net, "amount_including_tax": gross, "rate": rate},
    }
    if kind == "article":
        line["articles"] = [
            {
                "id": 77,
                "description": description,
                "sku": sku,
                "price": {"amount": net},
                "options": [],
            }
        ]
    return line


def order_bytes(number: str = "1042", **changes: Any) -> bytes:
    """The same as the bytes that the shop sends."""
    return json.dumps(order_json(number, **changes)).encode()
