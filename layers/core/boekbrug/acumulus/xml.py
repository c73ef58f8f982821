"""A tree of texts -> the XML that Acumulus reads (Acumulus API, section 1.3).

Tag names come from our code only; every text is made safe here and can never become markup.
"""

import re

type Tree = dict[str, str | Tree | list[Tree] | list[str]]
"""Tag -> text, node, or a list for a repeated tag; an empty list writes nothing."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

# What XML or Acumulus cannot carry as it is; C1 controls are legal XML, but of no use to anyone.
_UNSAFE = re.compile(
    "\r\n|[\x00-\x1f&<>\\\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]"
)
_PLAIN_ASCII = bytes(code for code in range(0x20, 0x7F) if chr(code) not in "&<>\\")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "\t": "&#92;t"}
# Acumulus reads a backslash and an n as a line break, and loses a bare backslash on the way.
_ESCAPED |= dict.fromkeys(("\r\n", "\n", "\r", "\u2028", "\u2029"), "&#92;n")


def xml_bytes(tree: Tree, root: str = "acumulus", *, first: str = "") -> bytes:
    """The whole document; ``first`` is markup (made by ``fragment``) to stand before the tree."""
    return f"{_DECLARATION}<{root}>{first}{fragment(tree)}</{root}>".encode()


def fragment(tree: Tree) -> str:
    """The markup of a node's children, in the order of the tree.

    Most trees hold nothing to escape: they are written as they are and checked all at once, and
    only when that check fails written again text by text. That halves the cost of an order.
    """
    markup: list[str] = []
    texts: list[str] = []
    _write(tree, markup, texts, escape=False)
    if not is_plain("".join(texts)):
        markup.clear()
        _write(tree, markup, texts, escape=True)
    return "".join(markup)


def escaped(text: str) -> str:
    """A text that is safe between two tags and arrives as Acumulus can store it.

    Line breaks and tabs become a backslash and a letter, control characters vanish. Acumulus keeps
    the basic plane only (section 9, 22): of other characters the plain form is sent when there is
    one (𝗦𝗮𝗹𝗲 -> Sale), a letter without one becomes "?", and emoji vanish.
    """
    return text if is_plain(text) else _UNSAFE.sub(_replacement, text)


def is_plain(text: str) -> bool:
    """True when nothing in the text needs escaping, as for most texts."""
    if text.isascii():
        return not text.encode().translate(None, _PLAIN_ASCII)
    return (
        text.isprintable()
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "\\" not in text
        and len(text.encode("utf-16-le")) == 2 * len(text)
    )


def _write(tree: Tree, markup: list[str], texts: list[str], *, escape: bool) -> None:
    for tag, value in tree.items():
        if type(value) is str:
            texts.append(value)
            markup.append(f"<{tag}>{escaped(value) if escape else value}</{tag}>")
        elif type(value) is dict:
            _write_node(tag, value, markup, texts, escape=escape)
        else:
            for item in value:
                if type(item) is dict:
                    _write_node(tag, item, markup, texts, escape=escape)
                else:
                    _write({tag: item}, markup, texts, escape=escape)


def _write_node(tag: str, node: Tree, markup: list[str], texts: list[str], *, escape: bool) -> None:
    markup.append(f"<{tag}>")
    _write(node, markup, texts, escape=escape)
    markup.append(f"</{tag}>")


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    known = _ESCAPED.get(found)
    return _on_basic_plane(found) if known is None else known


def _on_basic_plane(character: str) -> str:
    if character <= "\uffff":
        return ""
    import unicodedata  # noqa: PLC0415  # only for the rare text with emoji; costs start-up time

    plain = unicodedata.normalize("NFKC", character)
    if plain.isprintable() and max(plain) <= "\uffff":
        return escaped(plain)
    return "?" if unicodedata.category(character).startswith("L") else ""
