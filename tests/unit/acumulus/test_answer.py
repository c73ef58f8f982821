"""The bytes of an answer -> status, remarks, tree: every quirk of section 2, and any bytes."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boekbrug.acumulus import rows
from boekbrug.acumulus.answer import Answer, node, nodes, read_answer, text, texts

JSON = "application/json; charset=utf-8"
XML = "text/xml; charset=utf-8"

TAGS = (
    *("status", "errors", "error", "warnings", "warning", "code", "codetag", "message"),
    *("invoice", "entryid", "conceptid", "token", "entry", "vatinfo", "vat", "vatrate"),
    *("countryregion", "contact", "contactid", "contactemail"),
)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(TAGS),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=15,
)


def answer(body: object, *, http: int = 200) -> Answer:
    """A JSON body that is an answer of the API."""
    found = read_answer(http, JSON, json.dumps(body).encode())
    assert found is not None
    return found


def api(status: object = "0", **more: object) -> dict[str, object]:
    return (
        {"errors": {"count_errors": "0"}, "warnings": {"count_warnings": "0"}}
        | {"status": status}
        | more
    )


@pytest.mark.parametrize("status", ["2", 2])
def test_status_is_a_text_or_a_number(status: object) -> None:
    """Before 2024 it was a number (section 2.1)."""
    assert answer(api(status)).status == 2
    assert answer(api(status)).succeeded


@pytest.mark.parametrize("status", ["", "4", "-1", "0.0", 0.5, True, None, [], {}, "ok"])
def test_any_other_status_is_no_answer(status: object) -> None:
    """A status nobody knows is never taken for success or failure."""
    assert read_answer(200, JSON, json.dumps(api(status)).encode()) is None


@pytest.mark.parametrize("empty", [[], {}, "", None, "   "])
def test_empty_has_many_faces(empty: object) -> None:
    """``[]``, ``{}``, ``""``, null and absent all mean empty (section 2.1)."""
    tree: dict[str, Any] = {"invoice": {"conceptid": empty}, "vatinfo": empty}

    assert text(tree["invoice"], "conceptid") == ""
    assert text({}, "conceptid") == ""
    assert node(tree, "vatinfo") == {}
    assert nodes(tree, "vatinfo") == ()
    assert texts(tree["invoice"], "conceptid") == ()


def test_a_single_item_is_not_a_list() -> None:
    """One cost centre is an object, two are a list, none is nothing."""
    one, two = {"costcenterid": "1"}, {"costcenterid": "2"}

    assert nodes({"costcenter": one}, "costcenter") == (one,)
    assert nodes({"costcenter": [one, two]}, "costcenter") == (one, two)
    assert nodes({"costcenter": []}, "costcenter") == ()
    assert texts({"entryid": "55"}, "entryid") == ("55",)
    assert texts({"entryid": ["55", [], "56"]}, "entryid") == ("55", "56")


def test_numbers_are_kept_as_written() -> None:
    """A bare number is read as the text it was: no float in between."""
    found = answer(api(0, amount=12.10, many=10**30))

    assert text(found.node, "amount") == "12.1"
    assert text(found.node, "many") == "1" + "0" * 30


def test_one_error_and_several_warnings() -> None:
    """Remarks are read from one item and from many; only the leading number of a code counts."""
    body = api(
        "1",
        errors={"error": {"code": "403 Verboden", "codetag": "AF1001MCS", "message": "x"}},
        warnings={"warning": [{"code": "511 a", "codetag": "CE005BVTC"}, {"code": "b"}]},
    )

    found = answer(body, http=403)

    assert [str(remark) for remark in found.errors] == ["403 AF1001MCS"]
    assert [str(remark) for remark in found.warnings] == ["511 CE005BVTC", ""]
    assert "x" not in repr(found.errors)


def test_xml_gives_the_same_tree_as_json() -> None:
    """The content type decides the parser, and both forms are read alike."""
    xml = b"""<?xml version="1.0" encoding="UTF-8"?>
    <response><invoice><entryid>61234567</entryid><conceptid/><note>a &amp; b</note></invoice>
      <errors><error><code>400</code></error><error><code>404 Not Found</code></error></errors>
      <warnings><count_warnings>0</count_warnings></warnings><status>1</status></response>"""

    found = read_answer(400, XML, xml)

    assert found is not None
    assert found.as_xml
    assert [error.code for error in found.errors] == [400, 404]
    assert text(node(found.node, "invoice"), "entryid") == "61234567"
    assert text(node(found.node, "invoice"), "conceptid") == ""
    assert text(node(found.node, "invoice"), "note") == "a & b"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<!DOCTYPE html><html><body>Too many requests</body></html>"),
        ("text/html", b"<html><status>0</status></html>"),
        (JSON, b""),
        (JSON, b'{"status":"0"'),
        (JSON, b'{"status":"0"}'),
        (JSON, b'{"invoice":{"entryid":"1"}}'),
        (JSON, b'[{"status":"0","errors":[]}]'),
        (JSON, b"<response><status>0</status><errors/></response>"),
        (XML, b'{"status":"0","errors":[],"warnings":[]}'),
        (XML, b"<response><status>0</status><errors></response>"),
        (XML, b"<!DOCTYPE r [<!ENTITY a 'b'>]><r><status>0</status><errors>&a;</errors></r>"),
        ("", b"\x00\x01\x02"),
        (JSON, b"[" * 100_000),
    ],
)
def test_what_is_no_answer_of_the_api(content_type: str, body: bytes) -> None:
    """HTML, half a body, a body without status or remarks, entities: none is an answer."""
    assert read_answer(200, content_type, body) is None


def test_json_with_a_careless_content_type_is_read() -> None:
    """When the content type names neither form, the body does."""
    found = read_answer(200, "text/html", json.dumps(api()).encode())

    assert found is not None
    assert found.succeeded
    xml = b"\n<response><errors/><status>2</status></response>"
    assert read_answer(200, "text/plain", xml) is not None


@given(st.integers(100, 599), st.sampled_from([JSON, XML, "text/html", ""]), st.binary())
@example(200, XML, b'<?xml version="1.0" encoding="rot13"?><a/>')
@example(200, XML, b'<?xml version="1.0" encoding="utf-7"?><a/>')
@example(200, JSON, b'\xff\xfe{"')
def test_any_bytes_are_read_or_are_no_answer(http: int, content_type: str, body: bytes) -> None:
    """Whatever comes back, reading it never fails."""
    found = read_answer(http, content_type, body)

    assert found is None or found.status in range(4)


@given(JSON_VALUES)
def test_any_tree_is_read(tree: Any) -> None:
    """Whatever the JSON holds, its rows are values or absent, never a failure."""
    body = tree if isinstance(tree, dict) else {}
    found = read_answer(200, JSON, json.dumps(api() | {"invoice": tree} | body).encode())
    if found is None:
        return

    rows.posted(node(found.node, "invoice"), found.warnings)
    rows.contract(node(found.node, "invoice"), found.node, "1")
    rows.eu_threshold(found.node, 2026)
    rows.vat_period(found.node, date(2026, 1, 1))
    for parent in (found.node, node(found.node, "invoice")):
        for reader in (rows.entry, rows.contact_invoice, rows.unpaid_invoice):
            reader(parent)
        rows.contact(parent)
        rows.ids(parent, "entryid")
        rows.choices(parent, "entry", "entryid", "token")


def test_half_a_character_can_still_be_printed() -> None:
    """JSON can hold half an emoji; a log or a table cannot."""
    found = read_answer(200, JSON, rb'{"status":"0","errors":[],"mycompanyname":"Ko\ud83d"}')

    assert found is not None
    assert text(found.node, "mycompanyname").encode() == b"Ko?"
