"""An HTTP request in, its XML out; a tree in, the answer's XML or PHP-like JSON out."""

import json
import re
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from workbench.standins.books.messages import MESSAGES, Message
from workbench.standins.books.switches import BooksSwitches
from workbench.standins.http_server import Answer, Request

Tree = dict[str, Any]
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(rb'content-disposition:[^\r\n]*\bname="([a-z]+)"', re.IGNORECASE)


class UnreadableXml(Exception):
    """When the posted XML is missing or cannot be parsed; answered in XML, always."""


def posted_fields(request: Request) -> dict[str, str]:
    """The form fields of a request, from either encoding and from the query."""
    kind = request.headers.get("Content-Type", "")
    fields = dict(request.query)
    if kind.startswith("multipart/form-data"):
        fields |= _multipart(kind, request.body)
    elif request.body:
        texts = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        fields |= {name: values[-1] for name, values in texts.items()}
    return fields


def _multipart(kind: str, body: bytes) -> dict[str, str]:
    boundary = _BOUNDARY.search(kind)
    fields = {}
    for part in body.split(b"--" + boundary[1].encode()) if boundary else []:
        head, _, content = part.partition(b"\r\n\r\n")
        if name := _NAME.search(head):
            fields[name[1].decode()] = content.removesuffix(b"\r\n").decode("utf-8", "replace")
    return fields


def parse(xmlstring: str | None) -> ET.Element:
    """The root of the posted document, whatever its name; raises UnreadableXml.

    A bare backslash gets lost on its way to Acumulus; written as &#92; it arrives.
    """
    if not xmlstring or "<!ENTITY" in xmlstring:
        raise UnreadableXml
    try:
        return ET.fromstring(xmlstring.replace("\\", "").encode())  # noqa: S314 -- entities are refused above
    except ET.ParseError:
        raise UnreadableXml from None


def as_dict(element: ET.Element) -> Any:
    """An element as text, or as an object of its children; repeated tags become a list."""
    if len(element) == 0:
        return (element.text or "").strip()
    result: Tree = {}
    for child in element:
        value = as_dict(child)
        if child.tag not in result:
            result[child.tag] = value
        elif isinstance(result[child.tag], list):
            result[child.tag].append(value)
        else:
            result[child.tag] = [result[child.tag], value]
    return result


def text_of(element: ET.Element | None, tag: str) -> str | None:
    """The text of a child: None when it is absent, "" when it is empty."""
    child = element.find(tag) if element is not None else None
    return None if child is None else (child.text or "").strip()


def lines_of(text: str) -> str:
    r"""A multi-line text: the two characters \n and \t stand for a newline and a tab."""
    return text.replace("\\n", "\n").replace("\\t", "\t")


def answer(
    tree: Tree,
    errors: list[Message],
    warnings: list[Message],
    *,
    switches: BooksSwitches,
    form: str = "xml",
    language: str = "en",
    status: int | None = None,
    http: int | None = None,
) -> Answer:
    """The basic response: the call's own nodes, errors, warnings and status 0, 1, 2 (or 3)."""
    number = status if status is not None else 1 if errors else 2 if warnings else 0
    whole = {
        **tree,
        "errors": _counted("error", errors, language),
        "warnings": _counted("warning", warnings, language),
        "status": str(number),
    }
    if http is None:
        http = errors[0].http if errors and switches.http_status == "as_documented" else 200
    if form == "json":
        return Answer(http, _json(whole, switches), "application/json; charset=utf-8")
    return Answer(http, _xml(whole), "text/xml; charset=utf-8")


def _counted(kind: str, messages: list[Message], language: str) -> Tree:
    shown = [
        {"code": each.code, "codetag": each.codetag, "message": each.text(language)}
        for each in messages
    ]
    return ({kind: shown} if shown else {}) | {f"count_{kind}s": str(len(shown))}


_EMPTY: dict[str, Any] = {"list": [], "object": {}, "text": ""}


def _json(tree: Tree, switches: BooksSwitches) -> bytes:
    value = _php(tree, _EMPTY[switches.empty_element], switches)
    if switches.status_type == "number":
        value["status"] = int(value["status"])
    return json.dumps(value).encode()


def _php(value: Any, empty: Any, switches: BooksSwitches) -> Any:
    """The tree as PHP turns XML into JSON: texts only, one item is no list, [] for empty."""
    if isinstance(value, dict):
        kept = list(value.items())
        if switches.empty_lists == "absent":
            kept = [(name, each) for name, each in kept if not _holds_empty_list(each)]
        return {name: _php(each, empty, switches) for name, each in kept if each != []} or empty
    if isinstance(value, list):
        items = [_php(each, empty, switches) for each in value]
        return items[0] if len(items) == 1 else items
    return empty if value in {None, ""} else str(value)


def _holds_empty_list(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(each == [] for each in value.values())


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _xml(tree: Tree) -> bytes:
    root = ET.Element("response")
    _fill(root, tree)
    text: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text


def _fill(element: ET.Element, tree: Tree) -> None:
    for name, value in tree.items():
        for each in value if isinstance(value, list) else [value]:
            child = ET.SubElement(element, name)
            if isinstance(each, dict):
                _fill(child, each)
            elif each not in {None, ""}:
                child.text = _CONTROL.sub("", str(each))


def unreadable(switches: BooksSwitches) -> Answer:
    """The answer to a request that could not be parsed: XML, since its format was never seen."""
    return answer({}, [MESSAGES["SIMXML"]], [], switches=switches)
