"""The typed model of a shop's choices -> docs/settings.md.

`python -m workbench.settings_page` rewrites the page; a test fails when it is stale.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from boekbrug.domain.settings import ShopSettings, setting_texts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"


def settings_page() -> str:
    """The page as it should be now, in the order of the model."""
    lines = [
        "# The choices of a shop",
        "",
        "Made by `python -m workbench.settings_page` from `boekbrug.domain.settings`; do not edit.",
        "The names are the same everywhere: portal, `boekbrug shop set`, connect files, preview.",
        "",
        "| setting | values | default | for the owner | in English |",
        "| --- | --- | --- | --- | --- |",
    ]
    texts = setting_texts()
    for name, field in ShopSettings.model_fields.items():
        text = texts[name]
        dutch = f"**{text.title}.** {text.help}"
        english = f"**{text.title_en}.** {text.help_en}"
        lines.append(f"| `{name}` | {_values(field)} | {_default(field)} | {dutch} | {english} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page."""
    PAGE.write_text(settings_page(), "utf-8")
    return 0


def _values(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    shown = {bool: "true, false", str: "text"}
    if kind in shown:
        return shown[kind]
    origin = get_origin(kind)
    return {tuple: "list", dict: "table"}.get(origin, _one(kind)) if origin else _one(kind)


def _one(kind: Any) -> str:
    named = {int: "number", Decimal: "number"}
    kinds = [named.get(part, "") for part in get_args(kind)]
    return next(filter(None, kinds), "date")


def _default(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, Decimal):
        return f"`{default}`"
    return f"`{json.dumps(default)}`"


if __name__ == "__main__":
    sys.exit(main())
