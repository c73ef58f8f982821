"""A tree of texts -> XML: whatever the texts hold, it arrives as text."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.acumulus.xml import Tree, escaped, fragment, is_plain, xml_bytes

TAGS = st.sampled_from(["customer", "invoice", "line", "fullname", "description", "altcity2"])
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="<>&\\]\"'/= \t\r\n\x00\x07\x7f\x85\u2028\ufffe\ud800é€漢😀𝗦𠮷;#92nab"),
    st.sampled_from(["]]>", "<![CDATA[", "<!--", "&amp;", "&#60;", "\\n", "</line><line>", "%s{}"]),
)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.dictionaries(TAGS, st.one_of(TEXTS, st.lists(TEXTS, max_size=3)), max_size=4),
    lambda inner: st.dictionaries(
        TAGS, st.one_of(TEXTS, inner, st.lists(inner, max_size=3)), max_size=4
    ),
    max_leaves=12,
)


def arrived(text: str) -> str:
    """What Acumulus stores for a text, said in another way than the code does."""
    for found, becomes in (("\r\n", "\n"), ("\r", "\n"), ("\u2028", "\n"), ("\u2029", "\n")):
        text = text.replace(found, becomes)
    text = text.replace("\n", "\\n").replace("\t", "\\t")
    return "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f" and c < "\ufffe")


def read(element: ET.Element) -> object:
    """An element as what it was written from: a text, or its children as (tag, value) pairs."""
    return [(child.tag, read(child)) for child in element] if len(element) else element.text or ""


def expected(tree: Tree) -> object:
    """The children that a tree is written as."""
    pairs = [
        (tag, expected(item) if isinstance(item, dict) else basic(item))
        for tag, value in tree.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return pairs or ""


def basic(text: str) -> str:
    """A text without half and astral characters, as the tests on those look elsewhere."""
    return arrived("".join(c for c in text if not "\ud800" <= c <= "\udfff"))


def parsed(tree: Tree) -> ET.Element:
    """The document, read by another XML parser than ours."""
    return ET.fromstring(xml_bytes(tree))


def without_astral(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {tag: without_astral(value) for tag, value in tree.items()}
    if isinstance(tree, list):
        return [without_astral(item) for item in tree]
    return re.sub("[\U00010000-\U0010ffff]", "", tree)


@given(TREES)
def test_every_tree_arrives_as_it_was_meant(tree: Any) -> None:
    """Another parser reads the same tags and texts: no text ever becomes markup."""
    tree = without_astral(tree)

    assert read(parsed(tree)) == expected(tree)


@given(TREES)
def test_the_wire_holds_no_bare_backslash_or_control_character(tree: Any) -> None:
    """Backslashes travel as a reference, control characters and astral ones not at all."""
    wire = xml_bytes(tree).decode()

    assert "\\" not in wire
    assert not re.search("[\x00-\x1f\x7f-\x9f\U00010000-\U0010ffff]", wire)


@given(st.text())
def test_a_plain_text_is_left_alone(text: str) -> None:
    """What counts as plain holds nothing that XML or Acumulus would stumble over."""
    if is_plain(text):
        assert escaped(text) == text
        assert not re.search(r"[&<>\\\x00-\x1f\x7f-\x9f\U00010000-\U0010ffff\ud800-\udfff]", text)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("Jansen & Zn. <b>", "Jansen &amp; Zn. &lt;b&gt;"),
        ("]]>", "]]&gt;"),
        ("C:\\temp", "C:&#92;temp"),
        ("Graag\nsnel", "Graag&#92;nsnel"),
        ("Graag\r\nsnel", "Graag&#92;nsnel"),
        ("a\tb", "a&#92;tb"),
        ("\\n", "&#92;n"),
        ("a\x00\x08\x7f\x85b", "ab"),
        ("\ud83d", ""),
        ("Mok 😀", "Mok "),
        ("𝗦𝗮𝗹𝗲", "Sale"),
        ("𠮷田", "?田"),
        ("België € “Ø”", "België € “Ø”"),
    ],
)
def test_how_a_text_is_sent(text: str, wire: str) -> None:
    """Section 1.3 of the API, and the characters it cannot store (section 9, 22)."""
    assert escaped(text) == wire


def test_one_odd_text_does_not_change_its_neighbours() -> None:
    """The second look escapes what needs it, and only that."""
    tree: Tree = {"a": "x", "b": {"c": "1 < 2", "d": ["y", "z & z"]}, "e": ""}

    assert fragment(tree) == ("<a>x</a><b><c>1 &lt; 2</c><d>y</d><d>z &amp; z</d></b><e></e>")


def test_lists_are_repeated_tags_and_an_empty_one_is_nothing() -> None:
    """Lists have no wrapper (section 1.3); absent and empty differ."""
    lines: list[Tree] = [{"product": "a"}, {"product": "b"}]
    tree: Tree = {"line": lines, "note": [], "mark": ""}

    assert fragment(tree) == (
        "<line><product>a</product></line><line><product>b</product></line><mark></mark>"
    )


def test_a_document_begins_with_its_declaration_and_the_first_part() -> None:
    """UTF-8 with declaration; what is the same for every message comes first."""
    document = xml_bytes({"city": "Curaçao"}, "myxml", first=fragment({"format": "json"}))

    assert (
        document
        == (
            '<?xml version="1.0" encoding="UTF-8"?><myxml><format>json</format>'
            "<city>Curaçao</city></myxml>"
        ).encode()
    )
