"""Every text of the portal, Dutch beside English: a module per area, a key per text.

``{names}`` are filled in. Texts are plain; what stands between ``*stars*`` is made strong by the
filter ``strong``.
"""

from collections.abc import Mapping

from boekbrug.portal.texts import (
    account,
    check,
    common,
    connect,
    errors,
    orders,
    overview,
    settings,
    sign_in,
    states,
    try_out,
)

type Texts = Mapping[str, tuple[str, str]]

CATALOGUE: Texts = {
    f"{area}.{key}": texts
    for area, module in (
        ("account", account.TEXTS),
        ("check", check.TEXTS),
        ("common", common.TEXTS),
        ("connect", connect.TEXTS),
        ("errors", errors.TEXTS),
        ("orders", orders.TEXTS),
        ("overview", overview.TEXTS),
        ("settings", settings.TEXTS),
        ("sign_in", sign_in.TEXTS),
        ("states", states.TEXTS),
        ("try_out", try_out.TEXTS),
    )
    for key, texts in module.items()
}


def say(language: str, key: str, **values: object) -> str:
    """A text in a language."""
    dutch, english = CATALOGUE[key]
    text = english if language == "en" else dutch
    return text.format_map(values) if values else text
