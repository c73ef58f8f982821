"""The bytes of an answer -> status, remarks and a tree of texts (Acumulus API, section 2).

JSON is Acumulus' XML turned into JSON naively: every scalar a text, an empty element ``[]`` or
``{}``, a list of one item no list. XML arrives when our own XML could not be read. Both become the
same tree here, read with ``text``, ``node``, ``nodes`` and ``texts``, which never fail.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

type Node = dict[str, Any]
"""Tag -> text, node or list, as it came; only the functions below look inside."""

OK, FAILED, OK_WITH_WARNINGS, EXCEPTION = 0, 1, 2, 3

_STATUS = {"0": OK, "1": FAILED, "2": OK_WITH_WARNINGS, "3": EXCEPTION}
_LEADING_NUMBER = re.compile(r"[0-9]{1,4}")
_CODETAG = re.compile(r"[A-Z0-9]{4,16}")


@dataclass(frozen=True, slots=True)
class Remark:
    """An error or a warning. ``text`` may repeat what we sent, so it never shows by itself."""

    code: int | None
    codetag: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.code or ''} {self.codetag}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API itself; ``status`` decides, whatever the HTTP code says (2.3)."""

    http: int
    status: int
    node: Node = field(repr=False)
    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    as_xml: bool

    @property
    def succeeded(self) -> bool:
        """True when it was done, with warnings or without."""
        return self.status in (OK, OK_WITH_WARNINGS)

    def mentions(self, *codes: int) -> bool:
        """True when HTTP or an error carries one of these codes."""
        return self.http in codes or any(error.code in codes for error in self.errors)

    def tagged(self, tags: frozenset[str]) -> bool:
        """True when an error carries one of these codetags."""
        return any(error.codetag in tags for error in self.errors)


def read_answer(http: int, content_type: str, body: bytes) -> Answer | None:
    """The answer, or ``None`` when it is not one of the API (2.3): HTML, half an answer, anything.

    Never raises, whatever the bytes.
    """
    as_xml = _is_xml(content_type, body)
    tree = _from_xml(body) if as_xml else _from_json(body)
    status = _STATUS.get(text(tree, "status"))
    if status is None or not ("errors" in tree or "warnings" in tree):
        return None
    errors = _remarks(node(tree, "errors"), "error")
    warnings = _remarks(node(tree, "warnings"), "warning")
    return Answer(http, status, tree, errors, warnings, as_xml)


# --------------------------------------------------------------------------- looking inside


def text(parent: Node, tag: str) -> str:
    """The text of a tag, without the space around it; empty, absent or no scalar: ``""``."""
    value = parent.get(tag)
    return _tidy(value) if isinstance(value, str) else ""


def node(parent: Node, tag: str) -> Node:
    """The child node; empty, absent or no node: an empty one."""
    value = parent.get(tag)
    return value if isinstance(value, dict) else {}


def nodes(parent: Node, tag: str) -> tuple[Node, ...]:
    """All child nodes of that tag, whether it came once or more often; empty ones are left out."""
    return tuple(item for item in _listed(parent.get(tag)) if isinstance(item, dict) and item)


def texts(parent: Node, tag: str) -> tuple[str, ...]:
    """All texts of that tag, whether it came once or more often; empty ones are left out."""
    tidy = (_tidy(item) for item in _listed(parent.get(tag)) if isinstance(item, str))
    return tuple(item for item in tidy if item)


def _tidy(value: str) -> str:
    """Without half characters, which JSON can write and nothing can print."""
    value = value.strip()
    return value if value.isascii() else value.encode(errors="replace").decode()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _remarks(parent: Node, tag: str) -> tuple[Remark, ...]:
    return tuple(_remark(item) for item in nodes(parent, tag))


def _remark(item: Node) -> Remark:
    """Only the leading number of a code and a proper codetag are kept: the rest may be anything."""
    number = _LEADING_NUMBER.match(text(item, "code"))
    codetag = text(item, "codetag")
    return Remark(
        code=int(number[0]) if number else None,
        codetag=codetag if _CODETAG.fullmatch(codetag) else "",
        text=text(item, "message"),
    )


# --------------------------------------------------------------------------- the two forms


def _is_xml(content_type: str, body: bytes) -> bool:
    """What the server says it is decides; only when it names neither, the first character does."""
    kind = content_type.partition(";")[0].lower()
    return "xml" in kind or ("json" not in kind and body.lstrip()[:1] == b"<")


def _from_json(body: bytes) -> Node:
    """Numbers stay the texts they were sent as: no amount ever becomes a float."""
    try:
        tree = json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _from_xml(body: bytes) -> Node:
    """The children of the root element, whatever the root is called."""
    reader = _XmlReader()
    try:
        return reader.read(body)
    except (expat.ExpatError, ValueError):
        return {}


class _XmlReader:
    """XML -> the same tree as JSON gives. No recursion, and a document type is refused."""

    def __init__(self) -> None:
        self._open: list[Node] = [{}]
        self._data: list[list[str]] = [[]]

    def read(self, body: bytes) -> Node:
        """Raises ``ExpatError`` or ``ValueError`` for what is no plain XML."""
        parser = expat.ParserCreate("utf-8")  # whatever it declares: other codecs may do anything
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(body, True)
        (root,) = self._open[0].values()
        return root if isinstance(root, dict) else {}

    def _start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self._open.append({})
        self._data.append([])

    def _text(self, data: str) -> None:
        self._data[-1].append(data)

    def _end(self, tag: str) -> None:
        children, data = self._open.pop(), "".join(self._data.pop())
        parent, value = self._open[-1], children or data
        if tag not in parent:
            parent[tag] = value
        elif isinstance(parent[tag], list):
            parent[tag].append(value)
        else:
            parent[tag] = [parent[tag], value]


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type can hide entities that grow without end")
