"""Our style, script and pictures, under names that change with what they hold."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file and how long a browser may keep it."""

    content_type: str
    body: str
    for_ever: bool


@cache
def asset(name: str) -> str:
    """The address of a file: ``portal.css`` -> ``/static/portal.1a2b3c4d.css``."""
    path = STATIC / name
    mark = sha256(path.read_bytes()).hexdigest()[:8]
    return f"/static/{path.stem}.{mark}{path.suffix}"


def static_file(marked: str) -> StaticFile | None:
    """The file behind an address; one of an older version of ours is answered, but not kept."""
    stem, _, rest = marked.partition(".")
    name = f"{stem}.{rest.rpartition('.')[2]}"
    if name not in _names():
        return None
    path = STATIC / name
    return StaticFile(TYPES[path.suffix], path.read_text(), asset(name) == f"/static/{marked}")


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in STATIC.iterdir() if path.suffix in TYPES)
