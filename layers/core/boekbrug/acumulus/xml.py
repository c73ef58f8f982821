"""A tree of texts -> the XML that Acumulus reads (Acumulus API, section 1.3).

Every tag name is ours, every text is made safe here: a text can never become markup.
"""

import re
from functools import lru_cache

type Tree = dict[str, str | Tree | list[Tree] | list[str]]
"""Tag -> text, node, or a list for a repeated tag; an empty list writes nothing."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

# What XML or Acumulus cannot carry as it is; C1 controls are legal XML, but of no use to anyone.
_UNSAFE = re.compile(
    "\r\n|[\x00-\x1f&<>\\\\\x7f-\x9f\u2028\u2029\ufe00-\ufe0f\ud800-\udfff\ufffe\uffff"
    "\U00010000-\U0010ffff]"
)
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "&#92;", "\t": "&#92;t"}
# Acumulus reads a backslash and an n as a line break, and loses a bare backslash on the way.
_ESCAPED |= dict.fromkeys(("\r\n", "\n", "\r", "\u2028", "\u2029"), "&#92;n")
_TAG = re.compile(r"[a-z][a-z0-9_-]*")


def xml_bytes(tree: Tree, root: str = "acumulus", *, before: str = "") -> bytes:
    """The whole document; ``before`` is markup from ``fragment`` that comes first."""
    return f"{_DECLARATION}<{root}>{before}{fragment(tree)}</{root}>".encode()


def fragment(tree: Tree) -> str:
    """The markup of a node's children, in the order of the tree."""
    texts = [value for value in tree.values() if type(value) is str]
    if len(texts) == len(tree) and _is_plain("".join(texts)):
        return _between_tags(tuple(tree), texts)
    filled = {tag: value for tag, value in tree.items() if value != []}
    return _between_tags(tuple(filled), [_markup(tag, value) for tag, value in filled.items()])


def escaped(text: str) -> str:
    """A text that is safe between two tags and arrives as Acumulus can store it.

    Line breaks and tabs become a backslash and a letter, control characters vanish. Acumulus keeps
    the basic plane only (section 9, 22): of other characters the plain form is sent when there is
    one (𝗦𝗮𝗹𝗲 -> Sale), a letter without one becomes "?", and emoji vanish.
    """
    return text if _is_plain(text) else _UNSAFE.sub(_replacement, text)


def _between_tags(tags: tuple[str, ...], values: list[str]) -> str:
    pieces = [""] * (2 * len(values) + 1)
    pieces[::2] = _frame(tags)
    pieces[1::2] = values
    return "".join(pieces)


@lru_cache(maxsize=512)
def _frame(tags: tuple[str, ...]) -> list[str]:
    """What stands before, between and after the values of these tags; shapes come back often."""
    wrong = [tag for tag in tags if not _TAG.fullmatch(tag)]
    if wrong:
        raise ValueError(f"not a tag of Acumulus: {wrong[0]!r}")
    opening = [f"<{tag}>" for tag in tags] + [""]
    closing = [""] + [f"</{tag}>" for tag in tags]
    return [closed + opened for closed, opened in zip(closing, opening, strict=True)]


def _markup(tag: str, value: str | Tree | list[Tree] | list[str]) -> str:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return fragment(value)
    return f"</{tag}><{tag}>".join([_markup(tag, item) for item in value])


def _is_plain(text: str) -> bool:
    """True for most texts, and then nothing has to be looked at character by character."""
    return (
        text.isascii()
        and text.isprintable()
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "\\" not in text
    )


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
