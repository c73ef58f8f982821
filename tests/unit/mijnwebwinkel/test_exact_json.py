"""Bytes -> JSON values: exact numbers, and the elements of a list with their own bytes."""

import json

import pytest

from boekbrug.mijnwebwinkel.exact_json import NotAList, NotJson, elements, loads


def test_numbers_with_a_fraction_keep_every_digit() -> None:
    """A number that no float can hold arrives digit by digit."""
    assert loads(b'{"a": 0.10000000000000000555, "b": 29.90, "c": 7}') == {
        "a": "0.10000000000000000555",
        "b": "29.90",
        "c": 7,
    }


@pytest.mark.parametrize("raw", [b"", b"   ", b"<html></html>", b'{"a": 1', b'{"a": 1} x', b"\xff"])
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    """Nothing, HTML, half a document, text behind it and other encodings are all no JSON."""
    with pytest.raises(NotJson):
        loads(raw)


def test_deep_nesting_is_refused() -> None:
    """A document nested too deeply for the parser is refused, not a crash."""
    with pytest.raises(NotJson, match="nested"):
        loads(b"[" * 100_000)


def test_a_number_of_many_digits_is_refused() -> None:
    """A whole number beyond Python's limit of digits is refused, not a crash."""
    with pytest.raises(NotJson):
        loads(b"9" * 5000)


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    """Some servers put a byte order mark in front."""
    assert loads(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize(
    "raw", [b"[]", b" [ ] ", b'[1, "a]b", {"c": [2.50]}]', b'\n[\n {"a": "\xc3\xab"} ,\t3 ]\n']
)
def test_elements_are_those_of_the_list(raw: bytes) -> None:
    """The elements are the list's, and the bytes of each say the same as the element."""
    found = elements(raw)

    assert [value for value, _ in found] == loads(raw)
    assert [loads(part) for _, part in found] == loads(raw)


def test_the_bytes_of_an_element_are_untouched() -> None:
    """Spacing, escapes and digits of an element stay as they were sent."""
    first, second = elements(b'[ {"a" :1.00, "b":"\\u00eb"},{"a":2}]')

    assert first[1] == b'{"a" :1.00, "b":"\\u00eb"}'
    assert second[1] == b'{"a":2}'


@pytest.mark.parametrize(
    "raw", [b"[1, 2", b"[1 2]", b"[1,]", b"[,1]", b"[1]]", b"[1] x", b"[", b"<p>", b""]
)
def test_a_broken_list_gives_no_elements(raw: bytes) -> None:
    """A list that is cut off or malformed anywhere gives nothing at all."""
    with pytest.raises(NotJson):
        elements(raw)


@pytest.mark.parametrize("value", [{}, {"message": "no"}, "text", None, 5])
def test_another_json_value_is_no_list(value: object) -> None:
    """An object where a list was expected is told apart from what is no JSON."""
    with pytest.raises(NotAList) as caught:
        elements(json.dumps(value).encode())

    assert caught.value.value == value
